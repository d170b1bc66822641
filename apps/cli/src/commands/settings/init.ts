// anyimage init

import { didYouMean, ImageError, type LazyProvider, nearest } from '@anyimage/core';
import { costlyModels, findKey } from '@anyimage/host';
import { sayNote, sayWarning } from '../../print/say.ts';
import { note } from '../../print/terminal/output.ts';
import { paintFor } from '../../print/terminal/paint.ts';
import { printDocument } from '../../print/terminal/print-document.ts';
import { tableText } from '../../print/terminal/table.ts';
import { columnsOf } from '../../print/terminal/wrap.ts';
import { translated, translatedAmount } from '../../print/words/translated.ts';
import { askLine, askYes, canAsk } from '../../session/ask.ts';
import { type KeyTest, testKey } from '../../session/keys/key-test.ts';
import { readSettings, type Settings } from '../../session/settings.ts';
import { askKey, type KeyVariable, keyVariable, storeKey } from './store-key.ts';
import { keepModels } from './use.ts';

interface InitFlags {
  readonly region?: string;
  readonly file?: true;
  readonly force?: true;
  /** `--no-test`: the key is not tried at its service. */
  readonly test: boolean;
  /** `--no-use`: what draws stays as it is. */
  readonly use: boolean;
  readonly json?: true;
}

/** The key that was set up. */
interface ReadyKey {
  readonly variable: string;
  /** Where it was before, or where it is kept now. */
  readonly from: 'environment' | 'keychain' | 'file';
  readonly test: KeyTest | undefined;
}

/**
 * Sets up a service: asks which, for its key, tries that for nothing where the service lets one, keeps it, and makes the service what draws.
 * Where nobody can be asked, the service is an argument and the key comes on stdin. Returns the exit code. Throws `invalid-request`,
 * `not-found`, `auth` for a key that the service refuses, which is not kept; `storage`, `aborted`.
 */
export async function init(name: string | undefined, flags: InitFlags): Promise<number> {
  const settings = await readSettings();
  const provider = await chosen(name, settings);
  const { id, label, keys } = provider.definition;
  const key = keys.length > 0 ? await readyKey(provider, flags, settings) : undefined;
  if (flags.use) await keepModels([id]);
  if (flags.json) {
    const { variable, from, test } = key ?? {};
    printDocument({
      provider: id,
      ...(key && { key: { name: variable, from, works: test?.works ?? null } }),
      used: flags.use,
    });
    return 0;
  }
  const [costly] = costlyModels([id], { providers: settings.providers, env: settings.shownEnv });
  const price = costly && translated('; a picture: {price}', { price: translatedAmount(costly.price) });
  note(`${translated('{service} is ready', { service: label })}${price ?? ''}`);
  const command = `anyimage "a paper boat"${flags.use ? '' : ` -m ${id}`}`;
  sayNote(translated('{command} draws with it, and so does anyimage-mcp', { command }));
  return 0;
}

/** The service that is named or chosen from the list. Throws `invalid-request` where none is named and nobody can be asked. */
async function chosen(name: string | undefined, settings: Settings): Promise<LazyProvider> {
  if (name !== undefined) return find(name, settings);
  const ids = settings.providers.map(({ definition }) => definition.id);
  if (!canAsk()) {
    throw new ImageError('invalid-request', 'which service is to be set up is not said, and nobody can be asked', {
      hint: `Name it, and pipe its key in: anyimage init cogview < key.txt. There are ${ids.join(', ')}.`,
    });
  }
  note(tableText(serviceRows(settings), paintFor(process.stderr), columnsOf(process.stderr)));
  const answer = await askLine(translated('Which one? Its number or name: '));
  if (!answer)
    throw new ImageError('aborted', 'nothing was chosen, nothing is changed', { hint: 'anyimage init asks again.' });
  return find(ids[Number(answer) - 1] ?? answer, settings);
}

function find(name: string, { providers }: Settings): LazyProvider {
  const found = providers.find(({ definition }) => definition.id === name.toLowerCase());
  if (found) return found;
  const ids = providers.map(({ definition }) => definition.id);
  throw new ImageError('not-found', `there is no service ${JSON.stringify(name)}`, {
    hint: didYouMean(
      nearest(name, ids, 1),
      `There are ${ids.join(', ')}; docs/servers.md says how to add a server of your own.`,
    ),
  });
}

function serviceRows({ providers, shownEnv }: Settings): string[][] {
  const rows = providers.map(({ definition }, index) => {
    const { id, label, keys } = definition;
    const [costly] = costlyModels([id], { providers, env: shownEnv });
    const key = keys.length === 0 ? 'none needed' : findKey(definition, shownEnv) ? 'set' : 'needed';
    return [String(index + 1), id, label, translatedAmount(costly?.price ?? 'free'), translated(key)];
  });
  return [['', 'SERVICE', '', 'A PICTURE', 'KEY'].map((heading) => translated(heading)), ...rows];
}

async function readyKey(provider: LazyProvider, flags: InitFlags, settings: Settings): Promise<ReadyKey> {
  const { definition } = provider;
  const found = flags.region === undefined ? findKey(definition, settings.env) : undefined;
  if (found && !(await wantsAnother(found.env))) {
    const isStored = !Object.keys(settings.env).includes(found.env);
    const from = isStored ? (settings.keys.stored.find((one) => one.name === found.env)?.in ?? 'file') : 'environment';
    return {
      variable: found.env,
      from,
      test: await tried(provider, found.env, settings.env[found.env]!, flags, settings),
    };
  }
  const { key } = keyVariable(definition.id, flags.region ?? (await askRegion(provider)), settings);
  const secret = await askKey(provider, key, settings, flags.force);
  const test = await tried(provider, key.env, secret, flags, settings);
  const { in: from } = await storeKey(key.env, secret, settings, flags.file);
  warnOfOther(provider, key, settings);
  return { variable: key.env, from, test };
}

/** At a terminal the person may want another key than the one that is there. */
async function wantsAnother(variable: string): Promise<boolean> {
  sayNote(translated('{variable} is set', { variable }));
  return canAsk() && askYes(translated('Store another key?'));
}

/** Only where a key is for one region alone. `undefined` leaves it to the key. */
async function askRegion({ definition }: LazyProvider): Promise<string | undefined> {
  const regions = Object.keys(definition.regions);
  if (!canAsk() || regions.length < 2 || definition.keys.every(({ region }) => region === undefined)) return undefined;
  const hosts = regions.map((region) => `${region} (${new URL(definition.regions[region]!.baseURL).host})`);
  const answer = await askLine(`${translated('Which region is the key of?')} ${hosts.join(', ')} [${regions[0]}]: `);
  return answer || regions[0];
}

/** Tries the key, and tells what came of it. Throws `auth` for one that is refused. */
async function tried(
  provider: LazyProvider,
  variable: string,
  key: string,
  { test: isWanted }: InitFlags,
  settings: Settings,
): Promise<KeyTest | undefined> {
  if (!isWanted) return undefined;
  const test = await testKey(provider, variable, key, settings);
  if (test.works === false) {
    const hint = test.hint ?? 'Copy it again; --no-test keeps it without a test.';
    throw new ImageError('auth', `${test.text}; nothing was stored`, { provider: provider.definition.id, hint });
  }
  sayNote(test.text);
  return test;
}

function warnOfOther({ definition }: LazyProvider, { env }: KeyVariable, settings: Settings): void {
  const inUse = definition.keys.find(
    (one) => Object.keys(settings.env).includes(one.env) && settings.env[one.env]?.trim(),
  );
  if (inUse) sayWarning(`${inUse.env} is set in the environment, and wins over ${inUse.env === env ? 'it' : env}`);
}
