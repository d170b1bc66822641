// Changing one key of a config file, leaving the rest as it is.

import { isRecord, type Json } from '@anyimage/core';
import { withLock } from '../files/lock-file.ts';
import { readIfThere } from '../files/read-file.ts';
import { storageError } from '../files/storage-error.ts';
import { rewriteFile } from '../files/write-file.ts';
import { parseJSON } from '../text/json.ts';
import { readMoney } from '../text/numbers.ts';
import { dayText } from '../text/units.ts';
import { checkConfig, keysAt, type ProviderCheck, parseConfig } from './config-check.ts';
import { partsOfKey, valueAt, withKey } from './config-keys.ts';
import { howToAddPlugins, meant, refused } from './config-refusal.ts';
import { parseWritten } from './written-json.ts';

/**
 * Sets `key` (`budget.perDay`) to `value`, or removes it (`undefined`); the file and its folder are made if needed. A file that is there
 * keeps its mode, and a link to it stays one. Without
 * `checkProviders`, as for a project's config, providers and models are checked by their form alone. Throws `config` for a key or value that
 * no config may have, and for a file with a mistake that is not removed; `storage`. Waits while another process changes the file.
 */
export function editConfig(
  path: string,
  key: string,
  value: Json | undefined,
  checkProviders?: ProviderCheck,
): Promise<void> {
  return changeConfig(path, key, () => value, checkProviders);
}

/** Sets `key` to what `change` makes of its value, or removes it. Throws what `change` throws, and else as `editConfig`. */
export async function changeConfig(
  path: string,
  key: string,
  change: (value: Json | undefined) => Json | undefined,
  checkProviders?: ProviderCheck,
): Promise<void> {
  const parts = partsOf(key);
  try {
    await withLock(path, async () => {
      const before = readWritten(path);
      const value = change(valueAt(before, parts));
      // What is taken out may be the mistake: only what stays has to be right.
      if (value !== undefined) {
        settableParts(key);
        await readValue(path, checkProviders);
      }
      const next = withKey(before, parts, value);
      await checkConfig(next, checkProviders);
      await rewriteFile(path, `${JSON.stringify(next, null, 2)}\n`, 0o600);
    });
  } catch (error) {
    throw storageError(error, `write ${path}`, path);
  }
}

/**
 * Sets `key` to what typed text says, and returns that. A limit of the budget may be said with its currency (`1 USD`), which holds for all
 * limits; what another currency is worth, as a number. Throws as `editConfig`; `config` for a limit in another currency than the budget is in, or in none.
 */
export async function setTyped(path: string, key: string, text: string, checkProviders?: ProviderCheck): Promise<Json> {
  const money = readMoney(text);
  const [, limit] = /^budget\.(per(?:Call|Run|Day))$/.exec(key) ?? [];
  if (limit && money) {
    await changeConfig(path, 'budget', (before) => withLimit(before, limit, money), checkProviders);
    return text.trim();
  }
  if (limit && parseJSON(text) !== undefined) await needsCurrency(path, key, text);
  const value = typedObject(key, text) ?? (await configValue(path, key, text, checkProviders));
  await editConfig(path, key, value, checkProviders);
  return value;
}

/** What stands for an object in a shorter form: an amount of money, or a rate, which is that of today. */
function typedObject(key: string, text: string): Json | undefined {
  if (key === 'askAbove') return readMoney(text) as Json | undefined;
  const rate = /^budget\.rates\.\w+$/.test(key) ? parseJSON(text) : undefined;
  return typeof rate === 'number' ? { rate, date: dayText(Date.now()) } : undefined;
}

function withLimit(
  before: Json | undefined,
  limit: string,
  { amount, currency }: { readonly amount: number; readonly currency: string },
): Json {
  const budget = isRecord(before) ? before : {};
  const others = ['perCall', 'perRun', 'perDay', 'rates'].filter(
    (word) => word !== limit && budget[word] !== undefined,
  );
  if (budget.currency !== undefined && budget.currency !== currency && others.length > 0) {
    const hint = `Say it in ${budget.currency}, or say all of the budget anew: anyimage config set budget '{"currency": "${currency}", "${limit}": ${amount}}'.`;
    throw refused(`the budget is in ${budget.currency}, so its ${limit} cannot be in ${currency}`, undefined, hint);
  }
  return { ...budget, currency, [limit]: amount } as Json;
}

/** Throws `config` for an amount alone where the budget has no currency yet. */
async function needsCurrency(path: string, key: string, text: string): Promise<void> {
  if (valueAt(readWritten(path), ['budget', 'currency']) !== undefined) return;
  const hint = `Say it in the same line: anyimage config set ${key} "${text.trim().slice(0, 20)} USD" (or CNY, EUR).`;
  throw refused(`the budget has no currency yet, and ${key} needs one`, path, hint);
}

/**
 * Writes a whole config in place of `before`, its text until now (`undefined` = there was no file). Throws `config` for a mistake in it, and if the
 * file is another than `before` by now; `storage`.
 */
export async function replaceConfig(
  path: string,
  before: string | undefined,
  text: string,
  checkProviders?: ProviderCheck,
): Promise<void> {
  await parseConfig(text, path, checkProviders);
  try {
    await withLock(path, async () => {
      if (readIfThere(path) !== before) {
        throw refused(`${path} was changed meanwhile`, path, 'Look at it, and write your change into it once more.');
      }
      await rewriteFile(path, text, 0o600);
    });
  } catch (error) {
    throw storageError(error, `write ${path}`, path);
  }
}

/**
 * Reads typed text as a value for `key` in the config at `path`. A JSON list or object is taken as one. Other JSON is taken as JSON
 * where the key allows that, and as text where it does not. Throws as `editConfig`.
 */
export async function configValue(
  path: string,
  key: string,
  text: string,
  checkProviders?: ProviderCheck,
): Promise<Json> {
  const parts = settableParts(key);
  const before = await readValue(path, checkProviders);
  const fit = async (value: Json) => {
    await checkConfig(withKey(before, parts, value), checkProviders);
    return value;
  };
  const parsed = parseJSON(text) as Json | undefined;
  if (parsed === undefined) return fit(text);
  // Who types a list or an object means one.
  if (typeof parsed === 'object' && parsed !== null) return fit(parsed);
  return fit(parsed).catch((error: unknown) =>
    fit(text).catch(() => {
      throw error;
    }),
  );
}

/** The value of a config file, checked; an empty config where there is no file. */
async function readValue(path: string, checkProviders?: ProviderCheck): Promise<unknown> {
  const text = readIfThere(path) ?? '{}';
  await parseConfig(text, path, checkProviders);
  return parseWritten(text, path);
}

function readWritten(path: string): unknown {
  return parseWritten(readIfThere(path) ?? '{}', path);
}

function partsOf(key: string): readonly string[] {
  const parts = partsOfKey(key);
  // zod passes over "__proto__" without a word.
  if (!parts.includes('') && !parts.includes('__proto__')) return parts;
  throw refused(`${JSON.stringify(key)} is no key of a config`, undefined, meant(key, keysAt([])));
}

/** Of a key that is to get a value. */
function settableParts(key: string): readonly string[] {
  const parts = partsOf(key);
  if (parts[0] !== 'plugins') return parts;
  throw refused(`${JSON.stringify(key)} is no key of a config any more`, undefined, howToAddPlugins);
}
