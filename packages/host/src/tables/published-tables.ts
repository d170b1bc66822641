// What a registry says of the versions of a provider's package, and the table in one of them: read, with nothing fetched and nothing run.

import { contractVersion, ImageError, isRecord, quotedWord } from '@anyimage/core';
import prerelease from 'semver/functions/prerelease.js';
import rcompare from 'semver/functions/rcompare.js';
import valid from 'semver/functions/valid.js';
import { checkManifest } from '../plugins/check-manifest.ts';
import { openTarball } from '../plugins/package-files.ts';
import { packedManifest } from '../plugins/read-package.ts';
import type { Tables } from './compare-tables.ts';
import { isNewer } from './update-counts.ts';

/** A provider that is installed: the package that it is in, and its tables as they came with the code. */
export interface InstalledTables {
  readonly provider: string;
  readonly package: string;
  readonly version: string;
  readonly tables: () => Tables;
  /** Where else it is from: the registry knows nothing of it, and may know another of its name. */
  readonly addedFrom?: string;
}

/** A table that the registry has and this machine has not. */
export interface NewerTables {
  readonly version: string;
  /** `sha512-…` of the package. */
  readonly integrity: string;
  readonly tables: Tables;
}

/** A version that speaks another contract than this program. */
export interface PassedVersion {
  readonly version: string;
  readonly contract: number;
}

/** A version as the registry tells of it. */
export interface Published {
  readonly version: string;
  /** '' if it does not say. */
  readonly integrity: string;
}

/** More versions of another contract than this are not looked through. */
const mostTries = 8;

/** The versions newer than the code, newest first: none before its release, none that was taken back. `answer`: of npm view. */
export function newerVersions(answer: unknown, version: string): readonly Published[] {
  const published = [answer].flat().flatMap((one) => {
    if (!isRecord(one) || typeof one.version !== 'string' || valid(one.version) === null || one.deprecated) return [];
    const latest = isRecord(one['dist-tags']) ? one['dist-tags'].latest : undefined;
    const isNone = typeof latest !== 'string' || valid(latest) === null;
    const isOut = one.version === latest || (!prerelease(one.version) && (isNone || !isNewer(one.version, latest)));
    if (!isOut || !isNewer(one.version, version)) return [];
    return [{ version: one.version, integrity: String(one['dist.integrity'] ?? '') }];
  });
  return published.sort((one, other) => rcompare(one.version, other.version)).slice(0, mostTries);
}

/**
 * Reads the table in a tarball that was fetched as this version. npm holds it against its integrity; so does this. Throws `bad-response` for
 * what is not what was published, `config` for a manifest that is not right, `invalid-request` for what is no package of a provider,
 * and `storage`.
 */
export async function readTables(
  path: string,
  { version, integrity }: Published,
  { provider, package: name }: InstalledTables,
): Promise<NewerTables | PassedVersion> {
  const spec = `${name}@${version}`;
  const packed = await openTarball(path);
  if (packed.integrity !== integrity) throw notAsPublished(spec, integrity);
  const { manifest, ...said } = packedManifest(packed, spec);
  if (said.name !== name || said.version !== version) {
    throw new ImageError('bad-response', `${spec} holds ${quotedWord(said.name)} ${quotedWord(said.version)}`, {
      hint: 'Do not use it. What is here stays as it is.',
    });
  }
  const contract = isRecord(manifest) ? manifest.contract : undefined;
  if (typeof contract === 'number' && Number.isInteger(contract) && contract !== contractVersion) {
    return { version, contract };
  }
  return { version, integrity, tables: tablesIn(manifest, provider, name) };
}

function notAsPublished(spec: string, integrity: string): ImageError {
  const hint = 'Do not use it, and try again: a part may have been lost on the way.';
  const because = /^sha512-/.test(integrity)
    ? 'what came is not what was published'
    : 'the registry does not say what was published';
  return new ImageError('bad-response', `${spec} is not used: ${because}`, { hint });
}

function tablesIn(manifest: unknown, provider: string, name: string): Tables {
  const { id, models, unlisted } = checkManifest(manifest, name).provider;
  if (id === provider) return { models, ...(unlisted && { unlisted }) };
  throw new ImageError('config', `${name} is the package of ${quotedWord(id)} now, not of ${provider}`, {
    hint: 'Its table stays as it is.',
  });
}
