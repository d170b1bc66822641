// The keychain of the operating system: macOS Keychain, Windows Credential Manager, Secret Service on Linux.

import { createRequire } from 'node:module';
import type * as keyring from '@napi-rs/keyring';

/** Keeps secrets by name. All methods are synchronous, and throw if the keychain is absent, locked or refuses. */
export interface Keychain {
  get(name: string): string | undefined;
  set(name: string, secret: string): void;
  delete(name: string): void;
}

const service = 'anyimage';

/** The keychain of this machine. Its library is loaded with the first use. */
export function systemKeychain(): Keychain {
  return {
    get: (name) => entry(name).getPassword() ?? undefined,
    set: (name, secret) => entry(name).setPassword(secret),
    delete: (name) => void entry(name).deletePassword(),
  };
}

function entry(name: string) {
  const { Entry } = createRequire(import.meta.url)('@napi-rs/keyring') as typeof keyring;
  // Without a Secret Service the library would use the kernel's memory, which forgets all at the next start.
  return new Entry(service, name, { linux: { store: 'secret-service' } });
}
