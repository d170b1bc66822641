// What is told of a key that is not there.

import type { ProviderEntry, ResolvedAccess } from '../contract/engine.ts';
import { ImageError } from '../contract/errors.ts';
import type { ProviderDefinition } from '../contract/provider.ts';
import { chosenRegion } from './access.ts';

/** The keys that are for a region, or all where none is. */
export function keysFor({ keys }: ProviderDefinition, region: string): ProviderDefinition['keys'] {
  const own = keys.filter((key) => !key.region || key.region === region);
  return own.length ? own : keys;
}

/**
 * The `auth` error of a provider that needs a key and has none: which variables, where to get one, what works without. `undefined`
 * if nothing is missing. The keys of every region are told, unless one was chosen. `entries`: of them, those that need none are told.
 */
export function missingKey(
  { definition, access }: Pick<ProviderEntry, 'definition' | 'access'>,
  resolved: ResolvedAccess,
  entries: readonly Pick<ProviderEntry, 'definition'>[] = [],
): ImageError | undefined {
  if (definition.keys.length === 0 || resolved.key) return undefined;
  const region = chosenRegion(definition, access, resolved);
  const own = keysFor(definition, region ?? Object.keys(definition.regions)[0]!);
  const others = region === undefined ? definition.keys.filter((key) => !own.includes(key)) : [];
  const elsewhere = [...new Set(others.map((key) => key.region!))].map((name) => {
    const keys = others.filter((key) => key.region === name);
    return `, or for region ${name} ${keys[0]!.env}${pageText(keys)}`;
  });
  const names = [...own.map(({ env }) => env), ...others.map((key) => `${key.env} (region ${key.region})`)];
  const keyless = entries.flatMap((entry) => (entry.definition.keys.length === 0 ? entry.definition.id : []));
  const without = keyless.length ? `, or use ${keyless.join(' or ')}, which needs none` : '';
  const all = [...own, ...others];
  const { unfilledKey } = resolved;
  const problem =
    unfilledKey === undefined
      ? `${names.join(', ')} not set`
      : `${unfilledKey} holds a placeholder that was not filled in`;
  return new ImageError('auth', `no key for ${definition.label}: ${problem}`, {
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
