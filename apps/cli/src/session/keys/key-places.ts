// Which keys there are, and where they come from. Never the keys.

import type { ProviderDefinition } from '@anyimage/core';
import type { Settings } from '@anyimage/host';
import { translated } from '../../print/words/translated.ts';

/** A variable of a provider's key. */
export interface KnownKey {
  readonly name: string;
  readonly provider: string;
  /** Absent: the key fits any. */
  readonly region?: string;
  /** Absent: it is not set. */
  readonly from?: 'environment' | 'keychain' | 'file';
  /** Stored, but another key of the provider in the environment is used. */
  readonly unused?: true;
}

/** The variables of a provider, in the order in which they count. */
export function listKeysOf({ id, keys }: ProviderDefinition, settings: Settings): KnownKey[] {
  const stored = new Map(settings.keys.stored.map((key) => [key.name, key.in]));
  return keys.map(({ env: name, region }) => {
    const isSet = !!settings.shownEnv[name]?.trim();
    const isFromStore = isSet && !Object.keys(settings.shownEnv).includes(name);
    const from = isFromStore || !isSet ? stored.get(name) : 'environment';
    return {
      name,
      provider: id,
      ...(region && { region }),
      ...(from && { from }),
      ...(from && !isSet && { unused: true as const }),
    };
  });
}

/** `ZHIPU_API_KEY (keychain)`, or `missing`. */
export function keyPlace({ variable, from }: { readonly variable?: string; readonly from?: string }): string {
  return variable === undefined ? translated('missing') : `${variable} (${translated(from ?? '')})`;
}
