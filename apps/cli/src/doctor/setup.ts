import type { LazyProvider } from '@anyimage/core';
import {
  embeddedProvider,
  keylessProviders,
  keyProblem,
  type NamedModels,
  requestTarget,
  shellWord,
} from '@anyimage/host';
import { translated } from '../print/words/translated.ts';
import { doubtOf } from '../session/keys/key-doubt.ts';
import { type KnownKey, listKeysOf } from '../session/keys/key-places.ts';
import { resolveModel } from '../session/resolve-model.ts';
import type { Settings } from '../session/settings.ts';
import { type Check, failed } from './check.ts';

/** The configs, the models that they name, and the keys by shape and region. */
export async function checkSetup(settings: Settings): Promise<Check[]> {
  return [...checkConfigs(settings), ...(await checkModels(settings)), ...checkKeys(settings)];
}

function checkConfigs({ user, project, notes }: Settings): Check[] {
  const files = [user?.path, project && `${project.path} (${translated(project.trust)})`].filter(Boolean);
  return [
    { name: 'config', state: 'ok', message: files.length ? files.join(', ') : translated('none: the defaults hold') },
    ...notes.map((message): Check => ({ name: 'config', state: 'note', message })),
  ];
}

async function checkModels(settings: Settings): Promise<Check[]> {
  const named = requestTarget({}, settings);
  const names = [...new Set(named.models)];
  const wrong = names.map((name) => checkName(name, { name: 'model', state: 'error', message: name }, settings, named));
  const inUse = [settings.model].flat();
  const aliases = Object.keys(settings.config.aliases ?? {}).filter((alias) => !inUse.includes(alias));
  const idle = aliases.flatMap((alias) => {
    const meant = requestTarget({ model: alias }, settings);
    return meant.models.map((name) =>
      checkName(name, { name: 'alias', state: 'warning', message: alias }, settings, meant),
    );
  });
  const found = (await Promise.all(wrong)).flat();
  return [...(found.length > 0 ? found : [checkKeysOf(names, settings)]), ...(await Promise.all(idle)).flat()];
}

/** Empty for a name that a request could use, else `check` with the reason. */
async function checkName(model: string, check: Check, settings: Settings, named: NamedModels): Promise<Check[]> {
  try {
    await resolveModel(model, settings, named);
    return [];
  } catch (error) {
    const { message, hint } = failed(check.name, error);
    return [{ ...check, message: `${check.message}: ${message}`, ...(hint !== undefined && { hint }) }];
  }
}

function checkKeysOf(names: readonly string[], settings: Settings): Check {
  const [keyless] = keylessProviders(names, settings);
  const message = names.join(translated(', then '));
  if (!keyless) return { name: 'model', state: 'ok', message };
  return {
    name: 'model',
    state: 'warning',
    message: translated('{models}: no key', { models: message }),
    hint: translated('anyimage keys set {provider} stores one.', { provider: keyless.id }),
  };
}

/** Looks at the keys, which opens the keychain. Never says what a key is. */
function checkKeys(settings: Settings): Check[] {
  const { keys } = settings;
  const found = settings.providers.flatMap((provider) => {
    const known = listKeysOf(provider.definition, settings).filter((key) => key.from !== undefined);
    return known.flatMap((key) => checkKey(key, provider, settings));
  });
  const none: Check = {
    name: 'key',
    state: 'note',
    message: translated('none is set: only {provider} draws, on this machine', { provider: embeddedProvider }),
  };
  const exposed = keyWarning(
    translated('others can read {path}', { path: keys.path }),
    `chmod 600 ${shellWord(keys.path)}`,
  );
  return [...(found.length ? found : [none]), ...(keys.exposed ? [exposed] : [])];
}

/** The key by its form, and whether its region is the one that the config asks for. */
function checkKey(key: KnownKey, provider: LazyProvider, settings: Settings): Check[] {
  const { definition, access } = provider;
  const value = key.unused ? settings.keys.reveal(key.name) : settings.env[key.name];
  const problem = value ? (keyProblem(value) ?? doubtOf(value, provider, settings)) : translated('it cannot be read');
  const place = translated('{variable} ({from}) for {service}, region {region}', {
    variable: key.name,
    from: translated(key.from ?? ''),
    service: definition.label,
    region: key.region ?? translated('any'),
  });
  const form: Check = problem
    ? keyWarning(
        `${place}: ${problem}`,
        translated('Set it again: anyimage keys set {variable}.', { variable: key.name }),
      )
    : {
        name: 'key',
        state: key.unused ? 'note' : 'ok',
        message: place + (key.unused ? translated(': another one is used') : ''),
      };
  if (!access?.region || !key.region || access.region === key.region) return [form];
  const elsewhere = translated('{key}: the config asks for the region {region}, where it is not valid', {
    key: place,
    region: access.region,
  });
  return [form, keyWarning(elsewhere, translated('Change the region, or set a key of that region.'))];
}

function keyWarning(message: string, hint: string): Check {
  return { name: 'key', state: 'warning', message, hint };
}
