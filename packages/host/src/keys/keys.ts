import { isKeyPlaceholder, type ProviderDefinition } from '@anyimage/core';
import type { Environment } from '../files/home.ts';

/** The environment variable that holds a provider's key, and the region it is for. */
export interface FoundKey {
  readonly env: string;
  /** That of the variable, else the definition's first. */
  readonly region: string;
}

/** Where a provider's key comes from; `undefined` if none is set or none is needed. Never the key itself. */
export function findKey(definition: ProviderDefinition, env: Environment): FoundKey | undefined {
  const key = definition.keys.find(({ env: name }) => holdsKey(env[name]));
  return key && { env: key.env, region: key.region ?? Object.keys(definition.regions)[0]! };
}

/** Whether a variable is set, and to more than a placeholder. */
export function holdsKey(value: string | undefined): boolean {
  return value !== undefined && value.trim() !== '' && !isKeyPlaceholder(value);
}
