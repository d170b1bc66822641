import type { LazyProvider } from '@anyimage/core';
import type { ProviderCheck } from '../config/config-check.ts';

/**
 * A check of what a config says of providers. `providers`: those that there are without the config. The code of the check is loaded when a
 * config says something of providers.
 */
export function providerCheck(providers: readonly LazyProvider[]): ProviderCheck {
  const definitions = providers.map(({ definition }) => definition);
  return async (entries, refuse) => {
    const { readEndpoints, withKinds } = await import('./endpoints.ts');
    await readEndpoints(entries, definitions, refuse);
    return withKinds(
      entries,
      definitions.map(({ id }) => id),
    );
  };
}
