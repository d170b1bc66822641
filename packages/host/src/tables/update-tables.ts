// Newer tables of installed providers, from the registry: the manifest alone is taken out of a package, nothing is installed, and none of
// its code is run. Of the manifest count `models` and `unlisted` alone: where keys and pictures go is what was installed.

import { mkdir, mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  contractVersion,
  didYouMean,
  ImageError,
  isRecord,
  type LazyProvider,
  nearest,
  type ProviderDefinition,
  quotedWord,
} from '@anyimage/core';
import rcompare from 'semver/functions/rcompare.js';
import valid from 'semver/functions/valid.js';
import type { Environment } from '../files/home.ts';
import { errorCode, storageError } from '../files/storage-error.ts';
import { checkManifest } from '../plugins/check-manifest.ts';
import { shippedServices } from '../plugins/known-services.ts';
import { runNpm } from '../plugins/npm.ts';
import { openTarball } from '../plugins/package-files.ts';
import type { PluginEntry } from '../plugins/plugin-list.ts';
import { packedManifest } from '../plugins/read-package.ts';
import { packages } from '../services/providers.generated.ts';
import { parseJSON } from '../text/json.ts';
import type { Tables } from './compare-tables.ts';
import { isNewer, registryName } from './update-counts.ts';

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

/** What the registry has for a provider. */
export interface FoundTables {
  /** The newest that the installed code understands; absent: none is newer than the code. */
  readonly newer?: NewerTables;
  /** Versions newer than that, which speak another contract. */
  readonly passed: readonly { readonly version: string; readonly contract: number }[];
}

export interface FetchOptions {
  /** What npm gets of it: all but the keys of services. */
  readonly env: Environment;
  /** Variables that npm must not see. */
  readonly secrets: readonly string[];
  /** How often a request that failed is repeated; default as npm is set up. */
  readonly retries?: number;
  readonly signal?: AbortSignal | undefined;
}

/** The providers that come with anyimage, and those of plugins. Looks at no table yet. */
export function installedTables(plugins: readonly PluginEntry[]): readonly InstalledTables[] {
  const shipped = shippedServices.providers.flatMap(({ definition }) => {
    const from = packages[definition.id];
    return from ? [{ provider: definition.id, ...from, tables: tablesOf(definition) }] : [];
  });
  const added = plugins.map(({ package: name, version, from, manifest: { provider } }) => {
    const known = registryName(from);
    const facts = { provider: provider.id, package: known ?? name, version, tables: tablesOf(provider) };
    return known === undefined ? { ...facts, addedFrom: from } : facts;
  });
  return [...shipped, ...added];
}

function tablesOf(definition: ProviderDefinition): () => Tables {
  return () => ({ models: definition.models, unlisted: definition.unlisted });
}

/** The variables that may hold keys, which npm must not see. */
export function secretsOf(providers: readonly Pick<LazyProvider, 'definition'>[]): readonly string[] {
  return providers.flatMap(({ definition }) => definition.keys.map(({ env }) => env));
}

/** The one of this id. Throws `not-found`. */
export function findInstalled(id: string, installed: readonly InstalledTables[]): InstalledTables {
  const found = installed.find(({ provider }) => provider === id);
  if (found) return found;
  const ids = installed.map(({ provider }) => provider);
  throw new ImageError('not-found', `no provider ${JSON.stringify(id)} is installed`, {
    hint: didYouMean(nearest(id, ids, 1), `Installed: ${ids.join(', ')}.`),
  });
}

/** More versions of another contract than this are not looked through. */
const mostTries = 8;

/**
 * Fetches the newest table that is newer than the installed code and that it understands. Throws `not-found`, `permission`, `network`,
 * `server`, `bad-response` for what came and is not what was published, `config` for a manifest that is not right or a missing npm,
 * `invalid-request` for what is no package of a provider, `storage`, `aborted`.
 */
export async function fetchTables(installed: InstalledTables, options: FetchOptions): Promise<FoundTables> {
  const { package: name } = installed;
  const { signal } = options;
  let folder: string | undefined;
  try {
    folder = await mkdtemp(join(tmpdir(), 'anyimage-tables-'));
    await writeFile(join(folder, 'package.json'), '{"private": true}');
    const askNpm = npmIn(folder, options);
    const passed: { version: string; contract: number }[] = [];
    for (const published of await newerVersions(installed, askNpm)) {
      const packed = await fetchPackage(installed, published, folder, askNpm);
      const contract = isRecord(packed.manifest) ? packed.manifest.contract : undefined;
      if (typeof contract === 'number' && Number.isInteger(contract) && contract !== contractVersion) {
        passed.push({ version: published.version, contract });
        continue;
      }
      const { integrity, manifest } = packed;
      return { newer: { version: published.version, integrity, tables: tablesIn(manifest, installed) }, passed };
    }
    return { passed };
  } catch (error) {
    if (signal?.aborted) throw new ImageError('aborted', 'no table was changed', { cause: error });
    throw errorCode(error) === '' ? error : storageError(error, `get the table of ${name}`, folder ?? tmpdir());
  } finally {
    if (folder !== undefined) await rm(folder, { recursive: true, force: true, maxRetries: 3 }).catch(() => {});
  }
}

/** Runs npm; `about`: what it gets, for messages. */
type AskNpm = (words: readonly string[], about: string) => ReturnType<typeof runNpm>;

function npmIn(folder: string, { retries, ...options }: FetchOptions): AskNpm {
  const patience = retries === undefined ? [] : [`--fetch-retries=${retries}`];
  return (words, about) => runNpm([...words, '--json', ...patience], { ...options, folder, about });
}

interface Published {
  readonly version: string;
  readonly integrity: string;
}

/** The versions newer than the code, newest first: none before its release, none that was taken back. */
async function newerVersions(
  { package: name, version }: InstalledTables,
  askNpm: AskNpm,
): Promise<readonly Published[]> {
  const fields = ['version', 'dist.integrity', 'dist-tags', 'deprecated'];
  const { stdout } = await askNpm(['view', `${name}@>=0.0.0`, ...fields], name);
  const answer = parseJSON(stdout);
  const published = [answer].flat().flatMap((one) => {
    if (!isRecord(one) || typeof one.version !== 'string' || valid(one.version) === null || one.deprecated) return [];
    const latest = isRecord(one['dist-tags']) ? one['dist-tags'].latest : undefined;
    const isOut = typeof latest !== 'string' || valid(latest) === null || !isNewer(one.version, latest);
    if (!isOut || !isNewer(one.version, version)) return [];
    return [{ version: one.version, integrity: String(one['dist.integrity'] ?? '') }];
  });
  return published.sort((one, other) => rcompare(one.version, other.version)).slice(0, mostTries);
}

/** Gets a package, and reads of it what it says. npm holds it against its integrity; so does this. */
async function fetchPackage(
  { package: name }: InstalledTables,
  { version, integrity }: Published,
  folder: string,
  askNpm: AskNpm,
): Promise<{ readonly integrity: string; readonly manifest: unknown }> {
  const spec = `${name}@${version}`;
  const into = join(folder, version);
  await mkdir(into);
  await askNpm(['pack', spec, '--pack-destination', into], spec);
  const [tarball = ''] = await readdir(into);
  const packed = await openTarball(join(into, tarball));
  if (packed.integrity !== integrity) throw notAsPublished(spec, integrity);
  const said = packedManifest(packed, spec);
  if (said.name !== name || said.version !== version) {
    throw new ImageError('bad-response', `${spec} holds ${quotedWord(said.name)} ${quotedWord(said.version)}`, {
      hint: 'Do not use it. What is here stays as it is.',
    });
  }
  return { integrity, manifest: said.manifest };
}

function notAsPublished(spec: string, integrity: string): ImageError {
  const hint = 'Do not use it, and try again: a part may have been lost on the way.';
  const because = /^sha512-/.test(integrity)
    ? 'what came is not what was published'
    : 'the registry does not say what was published';
  return new ImageError('bad-response', `${spec} is not used: ${because}`, { hint });
}

function tablesIn(manifest: unknown, { provider, package: name }: InstalledTables): Tables {
  const { id, models, unlisted } = checkManifest(manifest, name).provider;
  if (id === provider) return { models, ...(unlisted && { unlisted }) };
  throw new ImageError('config', `${name} is the package of ${quotedWord(id)} now, not of ${provider}`, {
    hint: 'Its table stays as it is.',
  });
}
