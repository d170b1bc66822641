// Newer tables of installed providers, from the registry: the manifest alone is taken out of a package, nothing is installed, and none of
// its code is run. Of the manifest count `models` and `unlisted` alone: where keys and pictures go is what was installed.

import { mkdir, mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { didYouMean, ImageError, type LazyProvider, nearest, type ProviderDefinition } from '@anyimage/core';
import type { Environment } from '../files/home.ts';
import { errorCode, storageError } from '../files/storage-error.ts';
import { shippedServices } from '../plugins/known-services.ts';
import { runNpm } from '../plugins/npm.ts';
import type { PluginEntry } from '../plugins/plugin-list.ts';
import { packages } from '../services/providers.generated.ts';
import { parseJSON } from '../text/json.ts';
import type { Tables } from './compare-tables.ts';
import {
  type InstalledTables,
  type NewerTables,
  newerVersions,
  type PassedVersion,
  type Published,
  readTables,
} from './published-tables.ts';
import { registryName } from './update-counts.ts';

/** What the registry has for a provider. */
export interface FoundTables {
  /** The newest that the installed code understands; absent: none is newer than the code. */
  readonly newer?: NewerTables;
  /** Versions newer than that, which speak another contract. */
  readonly passed: readonly PassedVersion[];
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
    const passed: PassedVersion[] = [];
    for (const published of await askForNewer(installed, askNpm)) {
      const path = await fetchPackage(`${name}@${published.version}`, join(folder, published.version), askNpm);
      const found = await readTables(path, published, installed);
      if ('tables' in found) return { newer: found, passed };
      passed.push(found);
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

async function askForNewer({ package: name, version }: InstalledTables, askNpm: AskNpm): Promise<readonly Published[]> {
  const fields = ['version', 'dist.integrity', 'dist-tags', 'deprecated'];
  const { stdout } = await askNpm(['view', `${name}@>=0.0.0`, ...fields], name);
  return newerVersions(parseJSON(stdout), version);
}

/** Gets a package into a folder that is not there yet, and gives the path of the tarball. */
async function fetchPackage(spec: string, into: string, askNpm: AskNpm): Promise<string> {
  await mkdir(into);
  await askNpm(['pack', spec, '--pack-destination', into], spec);
  const [tarball = ''] = await readdir(into);
  return join(into, tarball);
}
