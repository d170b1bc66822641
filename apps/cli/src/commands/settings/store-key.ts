// Keeping a key: which variable it stands in for, the question, and what is said of it. Never the key.

import { didYouMean, ImageError, type LazyProvider, nearest, type ProviderDefinition } from '@anyimage/core';
import { type KeptKey, keyProblem } from '@anyimage/host';
import { sayWarning } from '../../print/say.ts';
import { note } from '../../print/terminal/output.ts';
import { translated } from '../../print/words/translated.ts';
import { askSecret, askYes, canAsk } from '../../session/ask.ts';
import { doubtOf } from '../../session/keys/key-doubt.ts';
import type { Settings } from '../../session/settings.ts';

export type KeyVariable = ProviderDefinition['keys'][number];

/** The variable that a name stands for: its own, or that of a provider's key, for the region if one is named. Throws `not-found`, `invalid-request`. */
export function keyVariable(
  name: string,
  region: string | undefined,
  settings: Settings,
): { readonly provider: LazyProvider; readonly key: KeyVariable } {
  const isMeant = (word: string) => word.toLowerCase() === name.toLowerCase();
  const provider = settings.providers.find(
    ({ definition }) => isMeant(definition.id) || definition.keys.some(({ env }) => isMeant(env)),
  );
  if (!provider) throw unknownName(name, settings);
  const { definition } = provider;
  if (definition.keys.length === 0) throw needsNone(definition, settings);
  const named = definition.keys.filter(({ env }) => isMeant(definition.id) || isMeant(env));
  const fitting = region === undefined ? named : named.filter((key) => fits(key, region, definition));
  const key = fitting.find((one) => region !== undefined && one.region === region) ?? fitting[0];
  if (key) return { provider, key };
  throw new ImageError('invalid-request', `${name} has no key for the region ${JSON.stringify(region)}`, {
    hint: `Its regions: ${Object.keys(definition.regions).join(', ')}.`,
  });
}

/**
 * Asks for a key, or reads it from stdin. One that looks like that of another service is asked about, or warned of where nobody can be asked.
 * `force`: whatever it looks like. Throws `invalid-request` for what is no key, `aborted`.
 */
export async function askKey(
  provider: LazyProvider,
  { page }: KeyVariable,
  settings: Settings,
  force = false,
): Promise<string> {
  const { label } = provider.definition;
  const service = page ? translated('{service} (get one at {page})', { service: label, page }) : label;
  const secret = await askSecret(translated('Key for {service}, not shown: ', { service }));
  if (secret === '') {
    throw new ImageError('invalid-request', `no key for ${label} was given`, {
      hint: `${page ? `Get one at ${page}, and type it when asked` : 'Type it when asked'}, or pipe it in: < key.txt.`,
    });
  }
  const problem = keyProblem(secret);
  if (problem && !force) {
    throw new ImageError('invalid-request', `this is no key: ${problem}`, {
      hint: 'Copy it again; --force stores it all the same.',
    });
  }
  const doubt = force ? undefined : doubtOf(secret, provider, settings);
  if (doubt) await askAboutDoubt(doubt);
  return secret;
}

async function askAboutDoubt(doubt: string): Promise<void> {
  sayWarning(`this may be the wrong key: ${doubt}`);
  if (!canAsk() || (await askYes(translated('Use it all the same?')))) return;
  throw new ImageError('aborted', 'nothing was stored', { hint: 'Copy the key of this service, and try again.' });
}

/** Keeps a key, and says where it is kept now, and why the keychain refused it if it did. Throws `storage`. */
export async function storeKey(variable: string, secret: string, { keys }: Settings, inFile = false): Promise<KeptKey> {
  const kept = await keys.set(variable, secret, inFile);
  const { in: place, refusal, older } = kept;
  if (refusal !== undefined) sayWarning(`the keychain refused: ${refusal}`);
  if (older !== undefined) {
    const held = `the keychain still holds an older ${variable}, which is not used: ${older}`;
    sayWarning(`${held}; anyimage keys remove ${variable} deletes both`);
  }
  note(
    place === 'keychain'
      ? translated('{variable} is kept in the keychain', { variable })
      : translated('{variable} is kept in {path}, which only you can read', { variable, path: keys.path }),
  );
  return kept;
}

function unknownName(name: string, { providers }: Settings): ImageError {
  const names = providers.flatMap(({ definition: { id, keys } }) => [id, ...keys.map(({ env }) => env)]);
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
