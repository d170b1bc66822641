import { inspect } from 'node:util';
import type { ImageProvider, ProviderAccess, ProviderDefinition, ProviderFunctions } from '../contract/provider.ts';

/** A provider that keeps its literal types, so that a model id narrows sizes, qualities and options in the editor. */
export type Provider<D extends ProviderDefinition = ProviderDefinition> = ImageProvider &
  Pick<D, 'id' | 'models' | 'defaultModel' | 'unlisted'>;

/** Makes an instance of a provider. Does no I/O and never throws; keys are read at the time of a call. */
export type ProviderFactory<D extends ProviderDefinition = ProviderDefinition> = (
  access?: ProviderAccess,
) => Provider<D>;

/**
 * Makes the factory of a provider from its definition and functions. Hand the table over as it is
 * (`as const satisfies ModelTable`), so that its literal types survive.
 */
export function defineProvider<const D extends ProviderDefinition & ProviderFunctions>(
  provider: D,
): ProviderFactory<D> {
  return (access = {}) => ({ ...provider, access: discreet(access) });
}

/** The same access, whose key prints as `***`: instances are logged and inspected. */
function discreet(access: ProviderAccess): ProviderAccess {
  if (access.apiKey === undefined) return access;
  const shown = { value: () => ({ ...access, apiKey: '***' }) };
  return Object.defineProperties({ ...access }, { toJSON: shown, [inspect.custom]: shown });
}

/** The definition alone, as plain JSON: what a manifest holds. */
export function describeProvider(provider: ProviderDefinition): ProviderDefinition {
  const { id, label, models, defaultModel, unlisted, regions, keys, baseURLs, trustedHosts, rate } = provider;
  return JSON.parse(
    JSON.stringify({ id, label, models, defaultModel, unlisted, regions, keys, baseURLs, trustedHosts, rate }),
  );
}
