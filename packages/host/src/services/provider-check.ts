import type { LazyProvider } from '@anyimage/core';
import type { ProviderCheck } from '../config/config-check.ts';
import type { KnownProviders } from './endpoints.ts';

/** What there is without a config. */
interface Known extends Pick<KnownProviders, 'isLeftOut'> {
  readonly providers: readonly LazyProvider[];
}

/**
 * A check of what a config says of providers, against those that there are without the config. The code of the check is loaded when a
 * config says something of providers.
 */
export function providerCheck({ providers, isLeftOut }: Known): ProviderCheck {
  const definitions = providers.map(({ definition }) => definition);
  return async (entries, refuse) => {
    const { readEndpoints, withKinds } = await import('./endpoints.ts');
    await readEndpoints(entries, { definitions, isLeftOut }, refuse);
    return withKinds(
      entries,
      definitions.map(({ id }) => id),
    );
  };
}
