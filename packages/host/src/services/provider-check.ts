import type { ProviderCheck } from '../config/config-check.ts';
import type { KnownServices } from '../plugins/known-services.ts';

/**
 * A check of what a config says of providers, against those that there are without the config. The code of the check is loaded when a
 * config says something of providers.
 */
export function providerCheck({ providers, isLeftOut }: Pick<KnownServices, 'providers' | 'isLeftOut'>): ProviderCheck {
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
