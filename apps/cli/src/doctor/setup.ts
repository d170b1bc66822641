import type { LazyProvider } from '@anyimage/core';
import { embeddedProvider, keyDoubt, keylessProviders, keyProblem, namedModels, placeNow } from '@anyimage/host';
import { listKeysOf } from '../session/key-places.ts';
import { resolveModel } from '../session/resolve-model.ts';
import type { Settings } from '../session/settings.ts';
import { type Check, failed } from './check.ts';

/** The configs, the models that they name, and the keys by shape and region. */
export async function checkSetup(settings: Settings): Promise<Check[]> {
  return [...checkConfigs(settings), ...(await checkModels(settings)), ...checkKeys(settings)];
}

function checkConfigs({ user, project, notes }: Settings): Check[] {
  const files = [user?.path, project && `${project.path} (${project.trust})`].filter(Boolean);
  return [
    { name: 'config', state: 'ok', message: files.length ? files.join(', ') : 'none: the defaults hold' },
    ...notes.map((message): Check => ({ name: 'config', state: 'note', message })),
  ];
}

async function checkModels(settings: Settings): Promise<Check[]> {
  const names = [...new Set(namedModels(settings.model, settings))];
  const wrong = names.map((name) => checkName(name, { name: 'model', state: 'error', message: name }, settings));
  const inUse = [settings.model].flat();
  const aliases = Object.keys(settings.config.aliases ?? {}).filter((alias) => !inUse.includes(alias));
  const idle = aliases.flatMap((alias) =>
    namedModels(alias, settings).map((name) =>
      checkName(name, { name: 'alias', state: 'warning', message: alias }, settings),
    ),
  );
  const found = (await Promise.all(wrong)).flat();
  return [...(found.length > 0 ? found : [checkKeysOf(names, settings)]), ...(await Promise.all(idle)).flat()];
}

/** Nothing for a name that a request could use, else `check` with the reason. */
async function checkName(model: string, check: Check, settings: Settings): Promise<Check[]> {
  try {
    await resolveModel(model, settings);
    return [];
  } catch (error) {
    const { message, hint } = failed(check.name, error);
    return [{ ...check, message: `${check.message}: ${message}`, ...(hint !== undefined && { hint }) }];
  }
}

function checkKeysOf(names: readonly string[], settings: Settings): Check {
  const [keyless] = keylessProviders(names, settings);
  const message = names.join(', then ');
  if (!keyless) return { name: 'model', state: 'ok', message };
  return {
    name: 'model',
    state: 'warning',
    message: `${message}: no key`,
    hint: `anyimage keys set ${keyless.id} stores one.`,
  };
}

/** Looks at the keys, which opens the keychain; says nothing of what is in them. */
function checkKeys(settings: Settings): Check[] {
  const { env, keys } = settings;
  const found = settings.providers.flatMap((provider) =>
    listKeysOf(provider.definition, settings)
      .filter((key) => key.from !== undefined)
      .map((key) => {
        const { definition, access } = provider;
        const value = key.unused ? keys.reveal(key.name) : env[key.name];
        const problem = value ? (keyProblem(value) ?? doubtOf(value, provider, settings)) : 'it cannot be read';
        const wrong = access?.region && key.region && access.region !== key.region;
        const place = `${key.name} (${key.from}) for ${definition.label}, region ${key.region ?? 'any'}`;
        const checks: Check[] = [
          problem
            ? {
                name: 'key',
                state: 'warning',
                message: `${place}: ${problem}`,
                hint: `Set it again: anyimage keys set ${key.name}.`,
              }
            : {
                name: 'key',
                state: key.unused ? 'note' : 'ok',
                message: place + (key.unused ? ': another one is used' : ''),
              },
        ];
        if (wrong) {
          const message = `${place}: the config asks for the region ${access.region}, where it is not valid`;
          checks.push({
            name: 'key',
            state: 'warning',
            message,
            hint: 'Change the region, or set a key of that region.',
          });
        }
        return checks;
      }),
  );
  const exposed: Check = {
    name: 'key',
    state: 'warning',
    message: `others can read ${keys.path}`,
    hint: `chmod 600 ${keys.path}`,
  };
  const none: Check = {
    name: 'key',
    state: 'note',
    message: `none is set: only ${embeddedProvider} draws, on this machine`,
  };
  return [...(found.length ? found.flat() : [none]), ...(keys.exposed ? [exposed] : [])];
}

/** Another server than the service's own may have keys of any form. */
function doubtOf(key: string, provider: LazyProvider, { shownEnv }: Settings): string | undefined {
  const { id, regions } = provider.definition;
  const place = placeNow(provider, shownEnv);
  const isOwn = Object.values(regions).some(({ baseURL }) => baseURL === place?.baseURL);
  return isOwn ? keyDoubt(key, id) : undefined;
}
