import type { ProviderDefinition } from '@anyimage/core';
import type { ProviderCheck } from '../config/config-check.ts';
import { providers } from './providers.generated.ts';

const known = providers.map(({ definition }) => definition);

/**
 * A check of what a config says of providers. `definitions`: the providers that there are without the config; default those that
 * come with anyimage. The code of the check is loaded when a config says something of providers.
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
