// The differences that are known, each with its reason: known.json.

import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import * as z from 'zod';
import type { Drift, Finding } from './drift.ts';

const entry = z.strictObject({
  sdk: z.string(),
  /** What is compared, as the table of SDKs calls it. */
  what: z.string(),
  lacks: z.enum(['table', 'sdk']),
  values: z.array(z.string()).min(1),
  reason: z.string().min(10),
  /** The day when it was looked into. */
  date: z.iso.date(),
});

/** Differences of one kind with one reason. */
export type Known = z.infer<typeof entry>;

/** Reads the differences that are known. Throws what is wrong in the file. */
export function readKnown(path = join(import.meta.dirname, '..', 'known.json')): readonly Known[] {
  const { data, error } = z.array(entry).safeParse(JSON.parse(readFileSync(path, 'utf8')));
  if (error) throw new Error(`${path}: ${z.prettifyError(error)}`);
  return data;
}

/** Findings that are explained, those that are not, and what is explained and not found any more. */
export interface Sorted {
  readonly unknown: readonly Finding[];
  readonly explained: readonly Known[];
  readonly stale: readonly Finding[];
}

/** Sorts findings by whether they are known. What could not be compared is not stale. */
export function sortByKnown({ findings, failures }: Drift, known: readonly Known[]): Sorted {
  const found = new Set(findings.map(keyOf));
  const each = known.flatMap(({ values, sdk, what, lacks }) => values.map((value) => ({ sdk, what, lacks, value })));
  const expected = new Set(each.map(keyOf));
  const isUnread = (of: Finding) => failures.some(({ sdk, what = of.what }) => sdk === of.sdk && what === of.what);
  return {
    unknown: findings.filter((finding) => !expected.has(keyOf(finding))),
    explained: known.filter(({ values, ...of }) => values.some((value) => found.has(keyOf({ ...of, value })))),
    stale: each.filter((of) => !found.has(keyOf(of)) && !isUnread(of)),
  };
}

function keyOf({ sdk, what, lacks, value }: Finding): string {
  return JSON.stringify([sdk, what, lacks, value]);
}
