// Keys that a person stored: in the keychain, or where there is none in a file that only they can read.

import { statSync } from 'node:fs';
import { join } from 'node:path';
import { ImageError, messageOf, type ProviderDefinition } from '@anyimage/core';
import type { Environment } from '../files/home.ts';
import { listening, type OnNotice } from '../text/notice.ts';
import {
  changeKeyFile,
  entryOf,
  isInKeychain,
  isRemoved,
  type KeyEntry,
  readKeyFile,
  usedEntryOf,
} from './key-file.ts';
import { type Keychain, systemKeychain } from './keychain.ts';
import { holdsKey } from './keys.ts';

/** A stored key, without the key. */
export interface StoredKey {
  /** The environment variable that it stands in for. */
  readonly name: string;
  readonly in: 'keychain' | 'file';
}

/** What became of a key that was to be kept. */
export interface KeptKey {
  readonly in: StoredKey['in'];
  /** Why the keychain did not take it. */
  readonly refusal?: string;
  /** Why an older key of that name is still in the keychain, too. */
  readonly older?: string;
}

export interface KeyStore {
  /** Where the file is, whether or not it exists. */
  readonly path: string;
  readonly stored: readonly StoredKey[];
  /** The keys that were removed and that the keychain did not delete. They are not used. */
  readonly undeleted: readonly string[];
  /** Others than this person may read the file. */
  readonly exposed: boolean;
  /**
   * Keeps a key: in the keychain, or in the file if asked to or if the keychain refuses. Waits while another process changes the
   * file. Throws `storage`.
   */
  set(name: string, key: string, inFile?: boolean): Promise<KeptKey>;
  /**
   * Forgets a key, wherever it is. Resolves to whether there was one. Throws `storage`, also if the keychain does not delete it:
   * the key is not used any more, and can be removed again.
   */
  remove(name: string): Promise<boolean>;
  /** The key, for a check of its shape. */
  reveal(name: string): string | undefined;
  /**
   * Adds the stored keys to an environment. A provider that has a key in the environment gets no other: what a person set for
   * this run wins. A key is read from its store when it is used; it is not enumerable. `show` gives what stands in for a key.
   */
  addTo(env: Environment, definitions: readonly ProviderDefinition[], show?: (name: string) => string): Environment;
}

export interface KeyStoreOptions {
  /** `ANYIMAGE_KEYCHAIN=off` keeps all keys in the file. */
  readonly env?: Environment;
  /** Default the machine's. */
  readonly keychain?: Keychain;
  /** Called, once for each key, when the keychain does not give it. */
  readonly onNotice?: OnNotice | undefined;
}

/** The stored keys. Asks no keychain before a key is used. Throws `storage` for a file that cannot be read or is damaged. */
export async function openKeys(home: string, options: KeyStoreOptions = {}): Promise<KeyStore> {
  const { env = process.env } = options;
  const onNotice = listening(options.onNotice);
  const keychain = isOff(env) ? undefined : (options.keychain ?? systemKeychain());
  const path = join(home, 'keys.json');
  let entries = readKeyFile(path);
  const mode = modeOf(path);
  const revealed = new Map<string, string | undefined>();

  async function change<T>(
    name: string,
    decide: (before: KeyEntry | undefined) => readonly [after: KeyEntry | undefined, said: T],
  ): Promise<T> {
    revealed.delete(name);
    const changed = await changeKeyFile(path, name, decide);
    entries = changed.entries;
    return changed.said;
  }

  /** Why the keychain did not delete a key. */
  function deletionRefusal(name: string): string | undefined {
    return keychain ? refusalOf(() => keychain.delete(name)) : isOffText;
  }

  function reveal(name: string): string | undefined {
    const entry = usedEntryOf(entries, name);
    if (!entry || entry.in === 'file') return entry?.key;
    if (!revealed.has(name)) revealed.set(name, ask(name));
    return revealed.get(name);
  }

  function tellRefused(name: string, reason: string): void {
    onNotice({ kind: 'key-refused', name, reason });
  }

  function ask(name: string): string | undefined {
    try {
      const key = keychain?.get(name);
      if (key === undefined) tellRefused(name, keychain ? 'it is not there any more' : isOffText);
      return key;
    } catch (error) {
      tellRefused(name, reasonOf(error));
      return undefined;
    }
  }

  return {
    path,
    get stored() {
      const used = Object.entries(entries).filter(([, entry]) => !isRemoved(entry));
      return used.map(([name, entry]) => ({ name, in: entry.in }));
    },
    get undeleted() {
      return Object.keys(entries).filter((name) => isRemoved(entries[name]!));
    },
    exposed: process.platform !== 'win32' && (mode & 0o077) !== 0,
    set: (name, key, inFile = false) =>
      change<KeptKey>(name, (before) => {
        const isTried = keychain !== undefined && !inFile;
        const refusal = isTried ? refusalOf(() => keychain.set(name, key)) : undefined;
        if (isTried && refusal === undefined) return [{ in: 'keychain' }, { in: 'keychain' }];
        const older = isInKeychain(before) ? deletionRefusal(name) : undefined;
        return [
          { in: 'file', key, ...(older !== undefined && { older: true }) },
          { in: 'file', ...(refusal !== undefined && { refusal }), ...(older !== undefined && { older }) },
        ];
      }),
    async remove(name) {
      if (!entryOf(entries, name)) return false;
      const refusal = await change(name, (before) => {
        // Asked also where the file names no older key: earlier versions did not write it down.
        const reason = deletionRefusal(name);
        if (reason === undefined || !isInKeychain(before)) return [undefined, undefined];
        return [{ in: 'keychain', removed: true }, reason];
      });
      if (refusal !== undefined) throw undeleted(name, refusal);
      return true;
    },
    reveal,
    addTo(environment, definitions, show = (name) => reveal(name) ?? '') {
      const missing = definitions.filter(({ keys }) => !keys.some((key) => holdsKey(environment[key.env])));
      const names = new Set(
        missing.flatMap(({ keys }) => keys.map((key) => key.env)).filter((name) => usedEntryOf(entries, name)),
      );
      const getters = [...names].map(
        (name) => [name, { get: () => show(name), enumerable: false, configurable: true }] as const,
      );
      return Object.defineProperties({ ...environment }, Object.fromEntries(getters));
    },
  };
}

function undeleted(name: string, refusal: string): ImageError {
  return new ImageError('storage', `${name} is not used any more, but the keychain did not delete it: ${refusal}`, {
    hint: `${refusal === isOffText ? 'Turn it on' : 'Unlock it'} and remove the key again, or delete the entry of the service "anyimage" there.`,
  });
}

const isOffText = 'ANYIMAGE_KEYCHAIN is off';

function isOff({ ANYIMAGE_KEYCHAIN: value }: Environment): boolean {
  return /^(off|0|no|false)$/i.test(value?.trim() ?? '');
}

/** Why the keychain does not do something; `undefined` once it is done. */
function refusalOf(act: () => void): string | undefined {
  try {
    act();
    return undefined;
  } catch (error) {
    return reasonOf(error);
  }
}

/** One line. */
function reasonOf(error: unknown): string {
  return messageOf(error).split('\n')[0]!;
}

/** 0 where there is no file. */
function modeOf(path: string): number {
  try {
    return statSync(path).mode;
  } catch {
    return 0;
  }
}
