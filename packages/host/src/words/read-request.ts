// The words of a request as agents, clients and people write them: read as what is meant, or refused with what would be right. The one
// place for it: the command line and the MCP server read alike. What a model can do is core's to say.

import type { Applied, ClientRequest, Json } from '@anyimage/core';
import { readMoney, readSides, saysNothing } from '../text/numbers.ts';
import { formatName } from './format-name.ts';
import { type Kind, readAs, scalarText, unquoted, withoutNothing } from './loose-value.ts';
import { readPicture } from './read-picture.ts';
import { readShape } from './read-shape.ts';
import { plainRect } from './rect-text.ts';
import { refuseWord } from './refuse-word.ts';

/** Words by their own names, with values of any form. */
export type GivenWords = Readonly<Record<string, unknown>>;

/** The words of a request in their own form. Words that ask for nothing are not among them. */
export type ReadWords = Partial<ClientRequest>;

/** Words that say the same in another way, and what holds beside a request. */
export const looseWords = ['width', 'height', 'transparent', 'responseFormat', 'maxCost', 'prefer', 'route'] as const;

/**
 * The request that the words mean. `applied` of it says what was read as something else than its word says. Words that are not of a request
 * stay as they are. Throws `invalid-request`, naming the word, what was given and what to write.
 */
export function readRequest(given: GivenWords): ReadWords {
  const present = withoutNothing(given, 3) as GivenWords | undefined;
  const { size, width, height, aspectRatio, resolution, ...others } = present ?? {};
  const { transparent, responseFormat, maxCost, prefer, route, ...words } = others;
  const shape = readShape({ size, width, height, aspectRatio, resolution });
  const applied = [...shape.applied, ...filesAnyway(responseFormat)];
  const read = Object.entries(words).map(([word, value]) => [word, readWord(word, value)] as const);
  const way = readRoute(route, maxCost, prefer);
  const isClear =
    transparent !== undefined && words.background === undefined && readAs('boolean', transparent) === true;
  return {
    ...Object.fromEntries(read.filter(([, value]) => value !== undefined)),
    ...(shape.words as Pick<ReadWords, 'size' | 'aspectRatio' | 'resolution'>),
    ...(isClear && { background: 'transparent' }),
    ...(way && { route: way }),
    ...(applied.length > 0 && { applied }),
  };
}

type Reader = (value: unknown, word: string) => unknown;

const readers: Readonly<Record<string, Reader>> = {
  prompt: text,
  negativePrompt: (value, word) => text(joined(value), word),
  model,
  n: of('integer', 'be a whole number from 1 to 100'),
  quality: choice,
  style: choice,
  background,
  operation: choice,
  user: choice,
  outputFormat: format,
  outputCompression: (value, word) => of('number', 'be a number from 0 to 100')(withoutUnit(value, '%'), word),
  seed,
  strength: (value, word) => of('number', 'be a number from 0 to 1')(fromPercent(value), word),
  factor: (value, word) => of('number', 'be a number above 0')(withoutUnit(fromPercent(value), '[x×]'), word),
  expand,
  images: (value, word) => pictureList(value).map((one) => readPicture(word, one)),
  mask: readMask,
  enhance,
  translate,
  negotiation: closed('adapt', 'strict'),
  providerOptions,
};

function readWord(word: string, value: unknown): unknown {
  return Object.hasOwn(readers, word) ? readers[word]!(value, word) : value;
}

function of(kind: Kind, must: string): Reader {
  return (value, word) => {
    const read = readAs(kind, value);
    if (read !== undefined) return read;
    if (typeof value === 'string' && saysNothing(value)) return undefined;
    throw refuseWord(word, must, value);
  };
}

/** What is said to a model: every character counts. */
function text(value: unknown, word: string): string {
  const read = typeof value === 'string' ? value : readAs('string', value);
  if (typeof read === 'string') return read;
  throw refuseWord(word, 'be text', value);
}

/** Characters. An id of a user is the longest of names. */
const longestName = 200;

/** A name of the model's own; what leaves the choice to the model asks for nothing. */
function choice(value: unknown, word: string): string | undefined {
  const read = readAs('string', value);
  if (typeof read !== 'string' || read.length > longestName) throw refuseWord(word, 'be a name', value);
  const asksNothing = saysNothing(read) || (word !== 'user' && /^(?:auto|automatic|false|off|no)$/i.test(read));
  return asksNothing ? undefined : read;
}

/** That there is to be one says nothing of it. */
function background(value: unknown, word: string): string | undefined {
  return readAs('boolean', value) === true ? undefined : choice(value, word);
}

function format(value: unknown, word: string): string | undefined {
  const read = choice(value, word);
  return read && formatName(read);
}

/** One name, or a list that is tried in order. */
function model(value: unknown, word: string): string | readonly string[] | undefined {
  const names = (readAs('array', value) as readonly unknown[]).map((one) => readAs('string', one));
  if (!names.every((name) => typeof name === 'string')) throw refuseWord(word, 'be a name', value);
  const meant = names.filter((name) => !saysNothing(name));
  return meant.length > 1 ? meant : meant[0];
}

/** Without a seed every picture has its own; −1 is a word for that elsewhere. */
function seed(value: unknown, word: string): unknown {
  const leavesOpen = /^(?:-1|random|auto|false|off|no|any)$/i.test(scalarText(value).trim());
  return leavesOpen ? undefined : of('integer', 'be a whole number from 0')(value, word);
}

/** `50%` as 0.5; any other value as it is. */
function fromPercent(value: unknown): unknown {
  const isPercent = typeof value === 'string' && value.length <= 40 && /^\s*\d[\d.]*\s*%\s*$/.test(value);
  return isPercent ? shareText(value) : value;
}

function shareText(percent: string): string {
  return String(Math.round(Number.parseFloat(percent) * 1e4) / 1e6);
}

/** The texts of a list as one, with commas; any other value as it is. */
function joined(value: unknown): unknown {
  const isList = Array.isArray(value) && value.every((one) => typeof one === 'string');
  return isList ? value.join(', ') : value;
}

/** What names a picture that was made here, so that a comma is no part of a file's name. */
const ofHere = /^\s*(?:(?:last|latest|newest)(?:[\s:#-]*\d{1,4})?|p-[0-9a-f]+)\s*$/i;
/** Characters. */
const longestNames = 400;

/** The pictures that a value names: several of those made here may stand in one text. */
function pictureList(value: unknown): readonly unknown[] {
  const list = readAs('array', value) as readonly unknown[];
  const [only] = list;
  if (list.length !== 1 || typeof only !== 'string' || only.length > longestNames) return list;
  const names = unquoted(only).split(/[,;]/);
  return names.length > 1 && names.every((name) => ofHere.test(name)) ? names.map((name) => name.trim()) : list;
}

function withoutUnit(value: unknown, unit: string): unknown {
  if (typeof value !== 'string' || value.length > 40) return value;
  return unquoted(value).replace(new RegExp(`^${unit}\\s*(?=[\\d.])|(?<=\\d)\\s*${unit}$`, 'i'), '');
}

function expand(value: unknown, word: string): unknown {
  const record = readAs('object', value) as GivenWords | undefined;
  const written = record
    ? Object.entries(record)
        .map(([side, far]) => `${side}=${scalarText(far)}`)
        .join(',')
    : readAs('string', value);
  const withShares = typeof written === 'string' ? written.replace(/\d[\d.]{0,12}\s*%/g, shareText) : undefined;
  const plain = withShares?.replace(/(?<=\d)\s*px/gi, '');
  if (plain !== undefined && /^(?:false|off|no)$/i.test(plain)) return undefined;
  const sides = plain === undefined ? undefined : readSides(plain);
  if (sides) return sides;
  throw refuseWord(word, 'say how far each side grows, such as left=0.5,top=0.2, or 0.5 for all sides', value);
}

function readMask(value: unknown, word: string): string | undefined {
  const rect = plainRect(value);
  if (rect !== value) return `rect ${rect}`;
  const only = Array.isArray(value) && value.length === 1 ? value[0] : value;
  return typeof only === 'string' && (saysNothing(only) || /^false$/i.test(only)) ? undefined : readPicture(word, only);
}

/** A switch, or the name of a style. */
function enhance(value: unknown, word: string): boolean | string | undefined {
  const isOn = readAs('boolean', value);
  if (isOn === false) return undefined;
  return isOn === true ? true : (choice(value, word) as string | undefined);
}

function translate(value: unknown, word: string): unknown {
  const isOn = readAs('boolean', value);
  if (isOn !== undefined) return isOn ? undefined : 'never';
  return closed('auto', 'never')(value, word);
}

function closed(...values: readonly string[]): Reader {
  return (value, word) => {
    const read = String(readAs('string', value) ?? '').toLowerCase();
    if (values.includes(read)) return read;
    if (saysNothing(read)) return undefined;
    throw refuseWord(word, `be one of: ${values.join(', ')}`, value);
  };
}

function providerOptions(value: unknown, word: string): unknown {
  const read = readAs('object', value);
  if (read !== undefined) return read;
  if (typeof value === 'string' && saysNothing(value)) return undefined;
  throw refuseWord(word, 'be an object, such as {"watermark":false}', value);
}

const preferences: Readonly<Record<string, 'price' | 'speed' | 'quality'>> = {
  price: 'price',
  cost: 'price',
  cheap: 'price',
  cheapest: 'price',
  speed: 'speed',
  fast: 'speed',
  fastest: 'speed',
  quality: 'quality',
  best: 'quality',
};

/** How `auto` chooses and what may be spent, said in one word or in two. */
function readRoute(route: unknown, maxCost: unknown, prefer: unknown): ClientRequest['route'] {
  const inner = route === undefined ? {} : (readAs('object', route) as GivenWords | undefined);
  if (!inner) throw refuseWord('route', 'be an object; say prefer and maxCost by themselves instead', route);
  const { prefer: preferThere, maxCost: costThere, max_cost: costOfThere, ...others } = inner;
  const [unknown] = Object.keys(others);
  if (unknown !== undefined) throw refuseWord('route', 'hold only prefer and maxCost', unknown);
  const most = maxCost ?? costThere ?? costOfThere;
  const wanted = prefer ?? preferThere;
  const preferred = wanted === undefined ? undefined : preference(wanted);
  const maxSpent = most === undefined ? undefined : ceiling(most);
  if (!maxSpent && !preferred) return undefined;
  return { ...(preferred && { prefer: preferred }), ...(maxSpent && { maxCost: maxSpent }) };
}

function preference(value: unknown): 'price' | 'speed' | 'quality' | undefined {
  const name = String(readAs('string', value) ?? '').toLowerCase();
  if (Object.hasOwn(preferences, name)) return preferences[name];
  if (saysNothing(name) || name === 'auto') return undefined;
  throw refuseWord('prefer', 'be one of: price, speed, quality', value);
}

/** Words for any amount. */
const noCeiling = /^\s*(?:off|no|false|auto|unlimited|no limit|any)\s*$/i;

/** Throws `invalid-request`: no currency is taken for granted. */
function ceiling(value: unknown): { readonly amount: number; readonly currency: string } | undefined {
  if (typeof value === 'string' && (saysNothing(value) || noCeiling.test(value))) return undefined;
  const record = readAs('object', value) as GivenWords | undefined;
  const written = record
    ? `${scalarText(record.amount ?? record.value)} ${scalarText(record.currency)}`
    : readAs('string', value);
  const read = typeof written === 'string' ? readMoney(unquoted(written)) : undefined;
  if (read) return read;
  const must = 'be an amount and its currency, such as "0.30 USD"';
  const hint = 'Write maxCost as "0.30 USD", with the currency of the price list; nothing was sent.';
  throw refuseWord('maxCost', must, value, hint);
}

/** Other servers ask in which form pictures come back. */
function filesAnyway(responseFormat: unknown): readonly Applied[] {
  if (responseFormat === undefined) return [];
  const asked: Json = String(readAs('string', responseFormat) ?? 'a form').slice(0, 40);
  return [{ option: 'responseFormat', asked, sent: null, because: 'pictures are files, and previews in the answer' }];
}
