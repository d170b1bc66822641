import type { ProviderDefinition } from '@anyimage/core';
import type { ProviderCheck } from '../config/config-check.ts';
import { providers } from './providers.generated.ts';

const known = providers.map(({ definition }) => definition);

/**
 * Checks what a config says of providers against those that there are without it; default those that come with anyimage. Loads
 * its code for the first config that says something of them.
 */
export function providerCheck(definitions: readonly ProviderDefinition[] = known): ProviderCheck {
  return async (entries, refuse) => {
    const { readEndpoints, withKinds } = await import('./endpoints.ts');
    await readEndpoints(entries, definitions, refuse);
    return withKinds(
      entries,
      definitions.map(({ id }) => id),
    );
  };
}
