// anyimage keys set cogview

import { didYouMean, ImageError, nearest, type ProviderDefinition } from '@anyimage/core';
import { type KeptKey, keyProblem } from '@anyimage/host';
import { sayNote, sayWarning } from '../../print/say.ts';
import { note } from '../../print/terminal/output.ts';
import { printDocument } from '../../print/terminal/print-document.ts';
import { printTable } from '../../print/terminal/print-table.ts';
import { askSecret } from '../../session/ask.ts';
import { listKeysOf } from '../../session/key-places.ts';
import { readSettings, type Settings } from '../../session/settings.ts';

type KeyVariable = ProviderDefinition['keys'][number];

interface SetFlags {
  readonly region?: string;
  readonly file?: true;
  readonly force?: true;
  readonly json?: true;
}

/** Shows which keys are set and where, never the keys, and returns the exit code. */
export async function listKeys({ json }: { readonly json?: true }): Promise<number> {
  const settings = await readSettings();
  const known = definitionsOf(settings).flatMap((definition) => listKeysOf(definition, settings));
  if (json) printDocument({ keys: known.map(({ from, ...key }) => ({ ...key, set: from !== undefined, from })) });
  else {
    const rows = known.map(({ name, provider, region, from, unused }) => [
      name,
      provider,
      region ?? 'any',
      from ? `${from}${unused ? ', not used: the environment sets another' : ''}` : 'not set',
    ]);
    printTable([['VARIABLE', 'PROVIDER', 'REGION', 'SET IN'], ...rows]);
  }
  warnOfStore(settings);
  return 0;
}

/** Stores a key and returns the exit code. Throws `not-found`, `invalid-request`, `storage`. */
export async function setKey(name: string, typed: string | undefined, flags: SetFlags): Promise<number> {
  if (typed !== undefined) {
    throw new ImageError('invalid-request', 'a key is not given on the command line: other programs could see it', {
      hint: `Type anyimage keys set ${name} alone, and the key when asked; or pipe it in.`,
    });
  }
  const settings = await readSettings();
  const { definition, key } = find(name, flags.region, settings);
  const secret = await askKey(definition, key, flags.force ?? false);
  const stored = await settings.keys.set(key.env, secret, flags.file ?? false);
  if (flags.json) printDocument({ name: key.env, provider: definition.id, from: stored.in });
  tellWhere(key.env, stored, settings);
  const inUse = definition.keys.find(({ env }) => Object.keys(settings.env).includes(env) && settings.env[env]?.trim());
  if (inUse) sayNote(`${inUse.env} is set in the environment, and wins over it`);
  else sayNote(`-m ${definition.id} draws with it; anyimage use ${definition.id} makes it the usual one`);
  return 0;
}

async function askKey({ label }: ProviderDefinition, { page }: KeyVariable, force: boolean): Promise<string> {
  const where = page ? ` (get one at ${page})` : '';
  const secret = await askSecret(`Key for ${label}${where}, not shown: `);
  const problem = keyProblem(secret);
  if (!problem || (force && secret !== '')) return secret;
  throw new ImageError('invalid-request', `this is no key: ${problem}`, {
    hint: 'Copy it again; --force stores it all the same.',
  });
}

/** Says where the key is kept now, and why the keychain refused it if it did. */
function tellWhere(variable: string, { in: place, refusal, older }: KeptKey, { keys }: Settings): void {
  if (refusal !== undefined) sayWarning(`the keychain refused: ${refusal}`);
  if (older !== undefined) {
    const held = `the keychain still holds an older ${variable}, which is not used: ${older}`;
    sayWarning(`${held}; anyimage keys remove ${variable} deletes both`);
  }
  note(`${variable} is kept in ${place === 'keychain' ? 'the keychain' : `${keys.path}, which only you can read`}`);
}

/** Forgets keys and returns the exit code. Throws `not-found` before anything is forgotten, `storage`. */
export async function removeKeys(names: readonly string[], { json }: { readonly json?: true }): Promise<number> {
  const settings = await readSettings();
  const stored = [...settings.keys.stored.map((key) => key.name), ...settings.keys.undeleted];
  const wanted = names.flatMap((name) => {
    const definition = definitionsOf(settings).find(({ id }) => id === name);
    const chosen = stored.filter((key) => (definition ? definition.keys.some(({ env }) => env === key) : key === name));
    if (chosen.length > 0) return chosen;
    const hint = stored.length
      ? `Stored: ${stored.join(', ')}.`
      : 'No key is stored; those in the environment are not ours.';
    throw new ImageError('not-found', `no key is stored for ${JSON.stringify(name)}`, { hint });
  });
  const removed = [...new Set(wanted)];
  for (const key of removed) {
    await settings.keys.remove(key);
    note(`${key} is forgotten`);
  }
  if (json) printDocument({ removed });
  return 0;
}

/** The variable that a name stands for: its own, or that of a provider's key, for the region if one is named. */
function find(
  name: string,
  region: string | undefined,
  settings: Settings,
): { readonly definition: ProviderDefinition; readonly key: KeyVariable } {
  const definitions = definitionsOf(settings);
  const isMeant = (word: string) => word.toLowerCase() === name.toLowerCase();
  const definition = definitions.find(({ id, keys }) => isMeant(id) || keys.some(({ env }) => isMeant(env)));
  if (!definition) throw unknownName(name, definitions);
  if (definition.keys.length === 0) throw needsNone(definition, settings);
  const named = definition.keys.filter(({ env }) => isMeant(definition.id) || isMeant(env));
  const fitting = region === undefined ? named : named.filter((key) => fits(key, region, definition));
  const key = fitting.find((one) => region !== undefined && one.region === region) ?? fitting[0];
  if (key) return { definition, key };
  throw new ImageError('invalid-request', `${name} has no key for the region ${JSON.stringify(region)}`, {
    hint: `Its regions: ${Object.keys(definition.regions).join(', ')}.`,
  });
}

function unknownName(name: string, definitions: readonly ProviderDefinition[]): ImageError {
  const names = definitions.flatMap(({ id, keys }) => [id, ...keys.map(({ env }) => env)]);
  return new ImageError('not-found', `no provider or variable ${JSON.stringify(name)}`, {
    hint: didYouMean(nearest(name, names, 1), 'anyimage keys list shows all.'),
  });
}

function needsNone({ id, label }: ProviderDefinition, { config }: Settings): ImageError {
  const isOwn = config.providers?.[id]?.kind !== undefined;
  const variable = `${id.toUpperCase().replaceAll('-', '_')}_API_KEY`;
  const own = isOwn ? ` If it does need one: anyimage config set providers.${id}.keyEnv ${variable}` : '';
  return new ImageError('invalid-request', `${label} needs no key`, { hint: `Use it: -m ${id}.${own}` });
}

function fits(key: KeyVariable, region: string, { regions }: ProviderDefinition): boolean {
  return Object.hasOwn(regions, region) && (key.region === undefined || key.region === region);
}

function definitionsOf({ providers }: Settings): ProviderDefinition[] {
  return providers.map(({ definition }) => definition);
}

function warnOfStore({ keys }: Settings): void {
  if (keys.exposed) sayWarning(`others can read ${keys.path}: chmod 600 it`);
  for (const name of keys.undeleted) {
    const held = `the keychain still holds a removed ${name}, which is not used`;
    sayWarning(`${held}; anyimage keys remove ${name} deletes it`);
  }
}
