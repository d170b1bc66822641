// Which configs of projects a person trusts, pinned by what was in them.

import { realpath } from 'node:fs/promises';
import { dirname, join, relative, resolve, sep } from 'node:path';
import { isRecord, omit, type ProviderDefinition } from '@anyimage/core';
import { expandHome } from '../files/home.ts';
import { isInside } from '../files/inside.ts';
import { withLock } from '../files/lock-file.ts';
import { readText } from '../files/read-file.ts';
import { errorCode, storageError } from '../files/storage-error.ts';
import { rewriteFile } from '../files/write-file.ts';
import { parseRecord } from '../text/json.ts';
import type { ConfigFile } from './config-files.ts';
import { type FlatConfig, flatten } from './config-keys.ts';

/** `changed`: it was trusted, and is another file now. */
export type TrustState = 'trusted' | 'changed' | 'untrusted';

/** The hash of each config that is trusted, by its path. */
type TrustList = Readonly<Record<string, unknown>>;

const trustPath = (home: string) => join(home, 'trust.json');

/** Whether the person trusts a config as it is now. Where the list cannot be read, nothing is trusted. */
export async function trustOf(home: string, { path, hash }: Pick<ConfigFile, 'path' | 'hash'>): Promise<TrustState> {
  const trusted = (await readTrust(home))[path];
  if (trusted === undefined) return 'untrusted';
  return trusted === hash ? 'trusted' : 'changed';
}

/**
 * Notes the hash of a config that is trusted; `undefined` takes the trust away. Waits while another process changes the list.
 * Throws `storage`.
 */
export async function setTrust(home: string, path: string, hash: string | undefined): Promise<void> {
  try {
    await withLock(trustPath(home), async () => {
      const before = await readTrust(home);
      const trusted = hash === undefined ? omit(before, path) : { ...before, [path]: hash };
      const text = `${JSON.stringify({ anyimage: 1, trusted }, null, 2)}\n`;
      await rewriteFile(trustPath(home), text, 0o600);
    });
  } catch (error) {
    throw storageError(error, `write ${trustPath(home)}`, trustPath(home));
  }
}

async function readTrust(home: string): Promise<TrustList> {
  const { trusted } = parseRecord(await readText(trustPath(home)).catch(() => ''));
  return isRecord(trusted) ? trusted : {};
}

const always: ReadonlySet<string> = new Set(['model', 'aliases', 'styles']);

/** The names of models that mean something without the project: providers, `auto`, the aliases of the person. */
export function namesInUse(
  definitions: readonly ProviderDefinition[],
  user: ConfigFile | undefined,
): readonly string[] {
  const { providers = {}, aliases = {} } = user?.config ?? {};
  return ['auto', ...definitions.map(({ id }) => id), ...Object.keys(providers), ...Object.keys(aliases)];
}

/**
 * Splits a project's config: `allowed` is what it may set without trust, `refused` are the keys that need trust. Allowed are:
 * - models, and styles; which models, the settings judge, who know their prices;
 * - aliases, unless one takes a name of `names`;
 * - an output folder inside the project.
 * Everything else could send a key or a picture elsewhere, spend money, or run code.
 */
export async function withoutTrust(
  file: ConfigFile,
  names: readonly string[],
): Promise<{ allowed: FlatConfig; refused: readonly string[] }> {
  const taken = new Set(names.map((name) => `aliases.${name}`.toLowerCase()));
  const allowed = new Map(flatten(file.config));
  const refused: string[] = [];
  for (const [key, value] of allowed) {
    const isAllowed =
      (always.has(key.split('.')[0]!) && !taken.has(key.toLowerCase())) ||
      (key === 'output' && (await isOfProject(dirname(file.path), expandHome(String(value)))));
    if (isAllowed) continue;
    allowed.delete(key);
    refused.push(key);
  }
  return { allowed, refused };
}

/** Whether a folder lies in a project. Links are followed in the part of the path that exists. */
async function isOfProject(project: string, folder: string): Promise<boolean> {
  const [root, place] = await Promise.all([real(project), real(resolve(project, folder))]);
  return place === root || isInside(place, root);
}

async function real(path: string): Promise<string> {
  try {
    return await realpath(path);
  } catch (error) {
    // A part that does not exist yet has no links. A link that leads nowhere, or in a circle, counts as outside.
    if (errorCode(error) !== 'ENOENT' || dirname(path) === path) return join(sep, '..unreadable', path);
    return join(await real(dirname(path)), relative(dirname(path), path));
  }
}
