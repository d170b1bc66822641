// What is told of a key that is not there.

import { ImageError } from '../contract/errors.ts';
import type { ProviderDefinition } from '../contract/provider.ts';

/** The keys that are for a region, or all where none is. */
export function keysFor({ keys }: ProviderDefinition, region: string): ProviderDefinition['keys'] {
  const own = keys.filter((key) => !key.region || key.region === region);
  return own.length ? own : keys;
}

/**
 * The error for a provider whose key is missing: which variables, where to get one, what works without. `region`: the one that
 * was chosen; without it the keys of every region are told.
 */
export function missingKey(
  definition: ProviderDefinition,
  region: string | undefined,
  keyless: readonly string[],
): ImageError {
  const own = keysFor(definition, region ?? Object.keys(definition.regions)[0]!);
  const others = region === undefined ? definition.keys.filter((key) => !own.includes(key)) : [];
  const elsewhere = [...new Set(others.map((key) => key.region!))].map((name) => {
    const keys = others.filter((key) => key.region === name);
    return `, or for region ${name} ${keys[0]!.env}${pageText(keys)}`;
  });
  const names = [...own.map(({ env }) => env), ...others.map((key) => `${key.env} (region ${key.region})`)];
  const without = keyless.length ? `, or use ${keyless.join(' or ')}, which needs none` : '';
  const all = [...own, ...others];
  return new ImageError('auth', `no key for ${definition.label}: ${names.join(', ')} not set`, {
    provider: definition.id,
    details: { variables: all.map(({ env }) => env), pages: pagesOf(all) },
    hint: `Set ${own[0]!.env}${pageText(own)}${elsewhere.join('')}${without}.`,
  });
}

function pagesOf(keys: ProviderDefinition['keys']): string[] {
  return [...new Set(keys.flatMap(({ page }) => page ?? []))];
}

function pageText(keys: ProviderDefinition['keys']): string {
  const pages = pagesOf(keys);
  return pages.length ? ` (get one at ${pages.join(' or ')})` : '';
}
