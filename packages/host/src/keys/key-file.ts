// The file of stored keys: which there are, where each of them is, and those that no keychain holds.

import { ImageError, isRecord, omit } from '@anyimage/core';
import { withLock } from '../files/lock-file.ts';
import { readIfThere } from '../files/read-file.ts';
import { storageError } from '../files/storage-error.ts';
import { placeBehindLinks, writeFileAtomically } from '../files/write-file.ts';
import { parseRecord } from '../text/json.ts';

/** `removed`: not used any more, but the keychain did not delete it yet. `older`: the keychain still holds an older key, too. */
export type KeyEntry =
  | { readonly in: 'keychain'; readonly removed?: true }
  | { readonly in: 'file'; readonly key: string; readonly older?: true };

/** By the environment variable that a key stands in for. */
export type KeyEntries = { readonly [name: string]: KeyEntry };

/** The entries of a file; none where there is no file. Throws `storage` for one that cannot be read or is damaged. */
export function readKeyFile(path: string): KeyEntries {
  const text = readIfThere(path, `read the keys in ${path}`);
  if (text === undefined) return {};
  const { keys } = parseRecord(text);
  if (isRecord(keys) && Object.values(keys).every(isEntry)) return keys as KeyEntries;
  // What the parser says would quote the file.
  throw new ImageError('storage', `${path} is damaged: it holds no keys that can be read`, {
    details: { path },
    hint: 'Correct it or move it away, and store the keys again.',
  });
}

/**
 * Writes what `decide` makes of an entry as it is in the file now, which another process may have changed since it was read.
 * Resolves to all entries, and to what `decide` says. Waits while another process changes the file. Throws `storage`.
 */
export async function changeKeyFile<T>(
  path: string,
  name: string,
  decide: (before: KeyEntry | undefined) => readonly [after: KeyEntry | undefined, said: T],
): Promise<{ readonly entries: KeyEntries; readonly said: T }> {
  try {
    return await withLock(path, async () => {
      const before = readKeyFile(path);
      const [after, said] = decide(entryOf(before, name));
      const entries = after ? { ...before, [name]: after } : omit(before, name);
      const text = `${JSON.stringify({ anyimage: 1, keys: entries }, null, 2)}\n`;
      // A link stays one, but whatever the mode was, nobody else may read it now.
      await writeFileAtomically(await placeBehindLinks(path), text, { mode: 0o600 });
      return { entries, said };
    });
  } catch (error) {
    throw storageError(error, `keep the key in ${path}`, path);
  }
}

/** The entry of a key, used or not. */
export function entryOf(entries: KeyEntries, name: string): KeyEntry | undefined {
  return Object.hasOwn(entries, name) ? entries[name] : undefined;
}

/** The entry of a key that is used. */
export function usedEntryOf(entries: KeyEntries, name: string): KeyEntry | undefined {
  const entry = entryOf(entries, name);
  return entry && !isRemoved(entry) ? entry : undefined;
}

export function isRemoved(entry: KeyEntry): boolean {
  return entry.in === 'keychain' && entry.removed === true;
}

export function isInKeychain(entry: KeyEntry | undefined): boolean {
  return entry?.in === 'keychain' || entry?.older === true;
}

function isEntry(entry: unknown): entry is KeyEntry {
  return isRecord(entry) && (entry.in === 'keychain' || (entry.in === 'file' && typeof entry.key === 'string'));
}
