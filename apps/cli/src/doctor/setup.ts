import { embeddedProvider, findKey, keyProblem } from '@anyimage/host';
import { listKeysOf } from '../key-places.ts';
import { namesOf } from '../resolve.ts';
import type { Settings } from '../settings.ts';
import type { Check } from './check.ts';

/** The configs, and the keys by shape and region. */
export function checkSetup(settings: Settings): Check[] {
  return [...checkConfigs(settings), checkModel(settings), ...checkKeys(settings)];
}

function checkConfigs({ user, project, notes }: Settings): Check[] {
  const files = [user?.path, project && `${project.path} (${project.trust})`].filter(Boolean);
  return [
    { name: 'config', state: 'ok', message: files.length ? files.join(', ') : 'none: the defaults hold' },
    ...notes.map((message): Check => ({ name: 'config', state: 'note', message })),
  ];
}

function checkModel(settings: Settings): Check {
  const { shownEnv, providers } = settings;
  const names = namesOf(settings.model, settings);
  const keyless = names.filter((name) => {
    const definition = providers.find((one) => one.definition.id === name.split('/')[0])?.definition;
    return definition && definition.keys.length > 0 && !findKey(definition, shownEnv);
  });
  const message = names.join(', then ');
  if (keyless.length === 0) return { name: 'model', state: 'ok', message };
  const provider = keyless[0]!.split('/')[0];
  return {
    name: 'model',
    state: 'warning',
    message: `${message}: no key`,
    hint: `anyimage keys set ${provider} stores one.`,
  };
}

/** Looks at the keys, which opens the keychain; says nothing of what is in them. */
function checkKeys(settings: Settings): Check[] {
  const { env, keys } = settings;
  const found = settings.providers.flatMap(({ definition, access }) =>
    listKeysOf(definition, settings)
      .filter((key) => key.from !== undefined)
      .map((key) => {
        const value = key.unused ? keys.reveal(key.name) : env[key.name];
        const problem = value ? keyProblem(value) : 'it cannot be read';
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
