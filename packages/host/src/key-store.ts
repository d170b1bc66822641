// Keys that a person stored: in the keychain, or where there is none in a file that only they can read.

import { mkdir, readFile, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { ImageError, type ProviderDefinition } from '@anyimage/core';
import type { Environment } from './home.ts';
import { type Keychain, systemKeychain } from './keychain.ts';
import { errorCode, storageError } from './storage-error.ts';
import { writeFileAtomically } from './write-file.ts';

/** A stored key, without the key. */
export interface StoredKey {
  /** The environment variable that it stands in for. */
  readonly name: string;
  readonly in: 'keychain' | 'file';
}

export interface KeyStore {
  /** Where the file is, whether or not it exists. */
  readonly path: string;
  readonly stored: readonly StoredKey[];
  /** Others than this person may read the file. */
  readonly exposed: boolean;
  /**
   * Keeps a key: in the keychain, or in the file if asked to or if the keychain refuses; `refusal` says why then. Throws
   * `storage`.
   */
  set(
    name: string,
    key: string,
    inFile?: boolean,
  ): Promise<{ readonly in: StoredKey['in']; readonly refusal?: string }>;
  /** Forgets a key; whether there was one. Throws `storage`. */
  remove(name: string): Promise<boolean>;
  /** The key, for a check of its shape. */
  reveal(name: string): string | undefined;
  /**
   * The environment with the stored keys of those providers that have none in it: what a person set for this run wins. Read
   * when they are used, and not enumerable. `show` stands in for the key.
   */
  addTo(env: Environment, definitions: readonly ProviderDefinition[], show?: (name: string) => string): Environment;
}

export interface KeyStoreOptions {
  /** `ANYIMAGE_KEYCHAIN=off` keeps all keys in the file. */
  readonly env?: Environment;
  /** Default the machine's. */
  readonly keychain?: Keychain;
  /** Called, once for each key, when the keychain does not give it. */
  readonly onRefused?: (name: string, reason: string) => void;
}

type Entries = { readonly [name: string]: { readonly in: 'keychain' } | { readonly in: 'file'; readonly key: string } };

/** The stored keys. Asks no keychain before a key is used. Throws `storage` for a file that cannot be read or is damaged. */
export async function openKeys(home: string, options: KeyStoreOptions = {}): Promise<KeyStore> {
  const { env = process.env, onRefused = () => {} } = options;
  const keychain = isOff(env) ? undefined : (options.keychain ?? systemKeychain());
  const path = join(home, 'keys.json');
  let entries = await read(path);
  const mode = await stat(path).then(
    (found) => found.mode,
    () => 0,
  );
  const revealed = new Map<string, string | undefined>();

  /** Changes what is there now, which another process may have written since. */
  async function write(change: (before: Entries) => Entries): Promise<void> {
    const next = change(await read(path));
    try {
      await mkdir(home, { recursive: true, mode: 0o700 });
      await writeFileAtomically(path, `${JSON.stringify({ anyimage: 1, keys: next }, null, 2)}\n`, { mode: 0o600 });
      entries = next;
    } catch (error) {
      throw storageError(error, `keep the key in ${path}`, path);
    }
  }

  function reveal(name: string): string | undefined {
    const entry = entries[name];
    if (!entry) return undefined;
    if (entry.in === 'file') return entry.key;
    if (!revealed.has(name)) revealed.set(name, ask(name));
    return revealed.get(name);
  }

  function ask(name: string): string | undefined {
    try {
      const key = keychain?.get(name);
      if (key === undefined) onRefused(name, keychain ? 'it is not there any more' : 'ANYIMAGE_KEYCHAIN is off');
      return key;
    } catch (error) {
      onRefused(name, reasonOf(error));
      return undefined;
    }
  }

  return {
    path,
    get stored() {
      return Object.entries(entries).map(([name, entry]) => ({ name, in: entry.in }));
    },
    exposed: process.platform !== 'win32' && (mode & 0o077) !== 0,
    async set(name, key, inFile = false) {
      revealed.delete(name);
      let refusal: string | undefined;
      if (keychain && !inFile) {
        try {
          keychain.set(name, key);
          await write((before) => ({ ...before, [name]: { in: 'keychain' } }));
          return { in: 'keychain' };
        } catch (error) {
          if (ImageError.isInstance(error)) throw error;
          refusal = reasonOf(error);
        }
      }
      await write((before) => ({ ...before, [name]: { in: 'file', key } }));
      return { in: 'file', ...(refusal !== undefined && { refusal }) };
    },
    async remove(name) {
      const entry = entries[name];
      if (!entry) return false;
      revealed.delete(name);
      if (entry.in === 'keychain') deleteFrom(keychain, name);
      await write(({ [name]: _, ...others }) => others);
      return true;
    },
    reveal,
    addTo(environment, definitions, show = (name) => reveal(name) ?? '') {
      const missing = definitions.filter(({ keys }) => !keys.some((key) => environment[key.env]?.trim()));
      const names = new Set(
        missing.flatMap(({ keys }) => keys.map((key) => key.env)).filter((name) => name in entries),
      );
      const getters = [...names].map(
        (name) => [name, { get: () => show(name), enumerable: false, configurable: true }] as const,
      );
      return Object.defineProperties({ ...environment }, Object.fromEntries(getters));
    },
  };
}

async function read(path: string): Promise<Entries> {
  let text: string;
  try {
    text = await readFile(path, 'utf8');
  } catch (error) {
    if (['ENOENT', 'ENOTDIR'].includes(errorCode(error))) return {};
    throw storageError(error, `read the keys in ${path}`, path);
  }
  try {
    const { keys } = JSON.parse(text);
    const isEntry = (entry: Entries[string]) =>
      entry?.in === 'keychain' || (entry?.in === 'file' && typeof entry.key === 'string');
    if (Object.values<Entries[string]>(keys).every(isEntry)) return keys;
  } catch {
    // Falls through: the parser's message would quote the file.
  }
  throw new ImageError('storage', `${path} is damaged: it holds no keys that can be read`, {
    details: { path },
    hint: 'Correct it or move it away, and store the keys again.',
  });
}

function deleteFrom(keychain: Keychain | undefined, name: string): void {
  try {
    if (!keychain) throw new Error('ANYIMAGE_KEYCHAIN is off');
    keychain.delete(name);
  } catch (error) {
    throw new ImageError('storage', `the keychain did not delete ${name}: ${reasonOf(error)}`, {
      cause: error,
      hint: 'Unlock the keychain and try again, or delete the entry of the service "anyimage" there.',
    });
  }
}

function isOff({ ANYIMAGE_KEYCHAIN: value }: Environment): boolean {
  return /^(off|0|no|false)$/i.test(value?.trim() ?? '');
}

/** One line. */
function reasonOf(error: unknown): string {
  return (error instanceof Error ? error.message : String(error)).split('\n')[0]!;
}
