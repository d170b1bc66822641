import type { LazyProvider } from '@anyimage/core';
import type { ProviderCheck } from '../config/config-check.ts';
import type { KnownProviders } from './endpoints.ts';

/** What there is without a config. */
interface Known extends Pick<KnownProviders, 'isLeftOut'> {
  readonly providers: readonly LazyProvider[];
}

/**
 * A check of what a config says of providers and models, against those that there are without the config. The code of the check is loaded
 * when a config says something of them.
 */
export function providerCheck({ providers, isLeftOut }: Known): ProviderCheck {
  const definitions = providers.map(({ definition }) => definition);
  return async (config, refuse) => {
    const { readEndpoints, withKinds } = await import('./endpoints.ts');
    const added = await readEndpoints(config.providers, { definitions, isLeftOut }, refuse);
    if (config.models) {
      const { checkOwnModels } = await import('./own-models.ts');
      checkOwnModels(config.models, [...definitions, ...added.map(({ definition }) => definition)], refuse);
    }
    if (!config.providers) return config;
    const ids = definitions.map(({ id }) => id);
    return { ...config, providers: await withKinds(config.providers, ids) };
  };
}
