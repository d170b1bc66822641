// Changing one key of a config file, leaving the rest as it is.

import type { Json } from '@anyimage/core';
import { withLock } from '../files/lock-file.ts';
import { readIfThere } from '../files/read-file.ts';
import { storageError } from '../files/storage-error.ts';
import { rewriteFile } from '../files/write-file.ts';
import { parseJSON } from '../text/json.ts';
import { checkConfig, keysAt, type ProviderCheck, parseConfig } from './config-check.ts';
import { partsOfKey, valueAt, withKey } from './config-keys.ts';
import { howToAddPlugins, meant, refused } from './config-refusal.ts';
import { parseWritten } from './written-json.ts';

/**
 * Sets `key` (`budget.perDay`) to `value`, or removes it (`undefined`); the file and its folder are made if needed. A file that is there
 * keeps its mode, and a link to it stays one. Without
 * `checkProviders`, as for a project's config, providers and models are checked by their form alone. Throws `config` for a key or value that
 * no config may have, and for a file with a mistake that is not removed; `storage`. Waits while another process changes the file.
 */
export function editConfig(
  path: string,
  key: string,
  value: Json | undefined,
  checkProviders?: ProviderCheck,
): Promise<void> {
  return changeConfig(path, key, () => value, checkProviders);
}

/** Sets `key` to what `change` makes of its value, or removes it. Throws what `change` throws, and else as `editConfig`. */
export async function changeConfig(
  path: string,
  key: string,
  change: (value: Json | undefined) => Json | undefined,
  checkProviders?: ProviderCheck,
): Promise<void> {
  const parts = partsOf(key);
  try {
    await withLock(path, async () => {
      const before = await readWritten(path);
      const value = change(valueAt(before, parts));
      // What is taken out may be the mistake: only what stays has to be right.
      if (value !== undefined) {
        settableParts(key);
        await readValue(path, checkProviders);
      }
      const next = withKey(before, parts, value);
      await checkConfig(next, checkProviders);
      await rewriteFile(path, `${JSON.stringify(next, null, 2)}\n`, 0o600);
    });
  } catch (error) {
    throw storageError(error, `write ${path}`, path);
  }
}

/**
 * Reads typed text as a value for `key` in the config at `path`. A JSON list or object is taken as one. Other JSON is taken as JSON
 * where the key allows that, and as text where it does not. Throws as `editConfig`.
 */
export async function configValue(
  path: string,
  key: string,
  text: string,
  checkProviders?: ProviderCheck,
): Promise<Json> {
  const parts = settableParts(key);
  const before = await readValue(path, checkProviders);
  const fit = async (value: Json) => {
    await checkConfig(withKey(before, parts, value), checkProviders);
    return value;
  };
  const parsed = parseJSON(text) as Json | undefined;
  if (parsed === undefined) return fit(text);
  // Who types a list or an object means one.
  if (typeof parsed === 'object' && parsed !== null) return fit(parsed);
  return fit(parsed).catch((error: unknown) =>
    fit(text).catch(() => {
      throw error;
    }),
  );
}

/** The value of a config file, checked; an empty config where there is no file. */
async function readValue(path: string, checkProviders?: ProviderCheck): Promise<unknown> {
  const text = (await readIfThere(path)) ?? '{}';
  await parseConfig(text, path, checkProviders);
  return parseWritten(text, path);
}

async function readWritten(path: string): Promise<unknown> {
  return parseWritten((await readIfThere(path)) ?? '{}', path);
}

function partsOf(key: string): readonly string[] {
  const parts = partsOfKey(key);
  // zod passes over "__proto__" without a word.
  if (!parts.includes('') && !parts.includes('__proto__')) return parts;
  throw refused(`${JSON.stringify(key)} is no key of a config`, undefined, meant(key, keysAt([])));
}

/** Of a key that is to get a value. */
function settableParts(key: string): readonly string[] {
  const parts = partsOf(key);
  if (parts[0] !== 'plugins') return parts;
  throw refused(`${JSON.stringify(key)} is no key of a config any more`, undefined, howToAddPlugins);
}
