// Changing one key of a config file, leaving the rest as it is.

import { readFile } from 'node:fs/promises';
import { ImageError, type Json, nearest, type ProviderDefinition } from '@anyimage/core';
import { checkConfig, keysAt, parseConfig } from './config-check.ts';
import { withKey } from './config-keys.ts';
import { errorCode, storageError } from './storage-error.ts';
import { writeFileAtomically } from './write-file.ts';

/**
 * Sets `key` (`budget.perDay`) to `value`, or removes it (`undefined`); the file and its folder are made if needed. Throws
 * `config` for a key or value that no config may have, and for a file that has a mistake already; `storage`.
 */
export async function editConfig(
  path: string,
  key: string,
  value: Json | undefined,
  definitions: readonly ProviderDefinition[],
): Promise<void> {
  const text = await readFile(path, 'utf8').catch((error) => {
    if (errorCode(error) === 'ENOENT') return '{}';
    throw storageError(error, `read ${path}`, path);
  });
  parseConfig(text, path, definitions);
  const parts = key.split('.');
  if (parts.some((part) => part === '')) throw noKey(key);
  const next = withKey(JSON.parse(text.replace(/^\ufeff/, '')), parts, value);
  checkConfig(next, definitions);
  try {
    await writeFileAtomically(path, `${JSON.stringify(next, null, 2)}\n`, { mode: 0o600, folderMode: 0o700 });
  } catch (error) {
    throw storageError(error, `write ${path}`, path);
  }
}

/** Typed text as the value that a config has there: JSON if that fits, else the text. Throws `config`. */
export function configValue(key: string, text: string, definitions: readonly ProviderDefinition[]): Json {
  const fits = (value: Json) => checkConfig(withKey(surroundings(key), key.split('.'), value), definitions);
  let parsed: Json | undefined;
  try {
    parsed = JSON.parse(text);
  } catch {
    // It is text.
  }
  if (parsed === undefined) {
    fits(text);
    return text;
  }
  try {
    fits(parsed);
    return parsed;
  } catch (error) {
    try {
      fits(text);
      return text;
    } catch {
      throw error;
    }
  }
}

/** What a budget cannot be without, so that its other keys can be judged alone. */
function surroundings(key: string): unknown {
  return key.startsWith('budget.') ? { budget: { currency: 'USD' } } : {};
}

function noKey(key: string): ImageError {
  const keys = keysAt([]);
  const [near] = nearest(key, keys, 1);
  return new ImageError('config', `${JSON.stringify(key)} is no key of a config`, {
    hint: `${near ? `Did you mean ${near}? ` : ''}There are: ${keys.join(', ')}.`,
  });
}
