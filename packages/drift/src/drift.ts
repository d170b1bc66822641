// Every SDK compared with our tables.

import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { messageOf } from '@anyimage/core';
import { compare, type Difference } from './compare.ts';
import { packageReader } from './declarations/read.ts';
import { Unread } from './declarations/unread.ts';
import type { Sdk } from './sdks.ts';
import { type Table, tables } from './tables.ts';

/** A difference, and where it was found. */
export interface Finding extends Difference {
  /** The package. */
  readonly sdk: string;
  /** What was compared. */
  readonly what: string;
}

/** What could not be read, and why, in one line. */
export interface Failure {
  /** The package. */
  readonly sdk: string;
  /** What was to be compared; absent = all of it. */
  readonly what?: string;
  readonly line: string;
}

/** What came of it. */
export interface Drift {
  readonly findings: readonly Finding[];
  readonly failures: readonly Failure[];
  /** The SDKs that were read, with their versions. */
  readonly versions: readonly string[];
}

/**
 * Compares SDKs, one after another. `folderOf` gives the folder of a package, or rejects, which is a failure of that package. What
 * cannot be read is a failure, too, never silence.
 */
export async function findDrift(
  sdks: readonly Sdk[],
  folderOf: (name: string) => Promise<string>,
  among: { readonly [name: string]: Table } = tables,
): Promise<Drift> {
  const all: Drift[] = [];
  for (const sdk of sdks) {
    try {
      all.push(compareSdk(sdk, await folderOf(sdk.name), among));
    } catch (error) {
      const line = `${sdk.name} could not be read: ${messageOf(error)}`;
      all.push({ findings: [], failures: [{ sdk: sdk.name, line }], versions: [] });
    }
  }
  return {
    findings: all.flatMap(({ findings }) => findings),
    failures: all.flatMap(({ failures }) => failures),
    versions: all.flatMap(({ versions }) => versions),
  };
}

function compareSdk({ name, lags, checks }: Sdk, folder: string, among: { readonly [name: string]: Table }): Drift {
  const read = packageReader(folder);
  const { version } = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8'));
  const findings: Finding[] = [];
  const failures: Failure[] = [];
  for (const check of checks) {
    try {
      const differences = compare(check, read(check.file, check.type), among[check.table]!, lags);
      findings.push(...differences.map((difference) => ({ sdk: name, what: check.what, ...difference })));
    } catch (error) {
      if (!(error instanceof Unread)) throw error;
      const line = `${name} ${version}, ${check.what}: ${error.message}. What is read, packages/drift/src/sdks.ts says.`;
      failures.push({ sdk: name, what: check.what, line });
    }
  }
  return { findings, failures, versions: [`${name} ${version}`] };
}
