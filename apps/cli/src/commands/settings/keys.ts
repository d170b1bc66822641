// anyimage keys set cogview

import { ImageError, type ProviderDefinition } from '@anyimage/core';
import { shellWord } from '@anyimage/host';
import { sayNote, sayWarning } from '../../print/say.ts';
import { note } from '../../print/terminal/output.ts';
import { printDocument } from '../../print/terminal/print-document.ts';
import { printTable } from '../../print/terminal/print-table.ts';
import { translated } from '../../print/words/translated.ts';
import { listKeysOf } from '../../session/keys/key-places.ts';
import { readSettings, type Settings } from '../../session/settings.ts';
import { askKey, keyVariable, storeKey } from './store-key.ts';

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
      region ?? translated('any'),
      from
        ? translated(from) + (unused ? translated(', not used: the environment sets another') : '')
        : translated('not set'),
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
  const { provider, key } = keyVariable(name, flags.region, settings);
  const { definition } = provider;
  const secret = await askKey(provider, key, settings, flags.force);
  const { in: from } = await storeKey(key.env, secret, settings, flags.file);
  if (flags.json) printDocument({ name: key.env, provider: definition.id, from });
  const inUse = definition.keys.find(({ env }) => Object.keys(settings.env).includes(env) && settings.env[env]?.trim());
  if (inUse) sayNote(translated('{variable} is set in the environment, and wins over it', { variable: inUse.env }));
  else
    sayNote(
      translated('-m {provider} draws with it; anyimage use {provider} makes it the usual one', {
        provider: definition.id,
      }),
    );
  return 0;
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
    note(translated('{key} is forgotten', { key }));
  }
  if (json) printDocument({ removed });
  return 0;
}

function definitionsOf({ providers }: Settings): ProviderDefinition[] {
  return providers.map(({ definition }) => definition);
}

function warnOfStore({ keys }: Settings): void {
  if (keys.exposed) sayWarning(`others can read ${keys.path}: chmod 600 ${shellWord(keys.path)}`);
  for (const name of keys.undeleted) {
    const held = `the keychain still holds a removed ${name}, which is not used`;
    sayWarning(`${held}; anyimage keys remove ${name} deletes it`);
  }
}
