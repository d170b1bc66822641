import type { ImageError, LazyProvider } from '@anyimage/core';
import { findKey, keyDoubt, placeNow, type Settings } from '@anyimage/host';

/** Why a key looks like none of the service itself, if it does. A server of one's own may have keys of any form. Never holds the key. */
export function doubtOf(key: string, provider: LazyProvider, settings: Settings): string | undefined {
  const { definition } = provider;
  const { shownEnv, providers, config } = settings;
  const place = placeNow(provider, shownEnv);
  const isOwn = Object.values(definition.regions).some(({ baseURL }) => baseURL === place?.baseURL);
  const known = providers.map((one) => one.definition).filter(({ id }) => config.providers?.[id]?.kind === undefined);
  return isOwn ? keyDoubt(key, definition, known) : undefined;
}

/** Where a service refused a key that looks like none of its own: whose it looks like. One sentence for each provider. */
export function refusedKeyNotes(errors: readonly ImageError[], settings: Settings): readonly string[] {
  const ids = new Set(errors.flatMap(({ code, provider }) => (code === 'auth' && provider ? [provider] : [])));
  return settings.providers.flatMap((provider) => {
    const { definition } = provider;
    const variable = ids.has(definition.id) ? findKey(definition, settings.env)?.env : undefined;
    const doubt = variable && doubtOf(settings.env[variable] ?? '', provider, settings);
    return doubt ? [`${variable} may be the wrong key: ${doubt}`] : [];
  });
}
