// What --set, --unset and --price change in a row: from words of the command line to a merge patch (RFC 7396).

import {
  didYouMean,
  ImageError,
  isRecord,
  type Json,
  type ModelCapabilities,
  nearest,
  shortList,
} from '@anyimage/core';
import { shellWord } from '@anyimage/host';
import { readPrice } from './price-flag.ts';

/** A row of one's own as a config holds it: a patch with `like`, or a whole row. */
export type OwnRow = { readonly [word: string]: Json };

export interface ChangeFlags {
  /** `PATH=VALUE`. */
  readonly set?: readonly string[];
  /** `PATH`. */
  readonly unset?: readonly string[];
  /** `0.04USD/image`. */
  readonly price?: readonly string[];
}

/** One word that gets a value. */
export interface Change {
  readonly path: readonly string[];
  /** As JSON, where it is JSON; else the text. */
  readonly value: Json;
  /** As it was typed. */
  readonly text: string;
  /** It is no JSON. */
  readonly isPlain: boolean;
}

export interface Changes {
  readonly set: readonly Change[];
  readonly unset: readonly (readonly string[])[];
}

/** What the flags say. Throws `invalid-request` for words that are none, and for those that contradict each other. */
export function readChanges({ set = [], unset = [], price = [] }: ChangeFlags): Changes {
  const changes = {
    set: [...set.map(readSetting), ...pricesIn(price)],
    unset: unset.map((path) => readPath(path, '--unset')),
  };
  refuseContradiction([...changes.set.map(({ path }) => path), ...changes.unset]);
  return changes;
}

/** Whether there is anything to change. */
export function isEmpty({ set, unset }: Changes): boolean {
  return set.length + unset.length === 0;
}

function readSetting(typed: string): Change {
  const at = typed.indexOf('=');
  if (at < 1) {
    throw invalid(
      'set',
      typed,
      `--set ${JSON.stringify(typed)} has no value`,
      'Write PATH=JSON, such as --set \'size.tiers=["1K", "2K"]\'.',
    );
  }
  const path = readPath(typed.slice(0, at), '--set');
  const text = typed.slice(at + 1).trim();
  const value = parse(text);
  return { path, text, value: value === undefined ? text : value, isPlain: value === undefined };
}

function parse(text: string): Json | undefined {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/** Words that a row of one's own has besides, and their flags. */
const flagOf: Readonly<Record<string, string>> = {
  like: 'Write --like MODEL.',
  origin: 'It is said of each row by itself.',
};

function readPath(typed: string, flag: string): readonly string[] {
  const path = typed.trim().split('.');
  const [first = ''] = path;
  if (path.includes(''))
    throw invalid(flag, typed, `${flag} ${JSON.stringify(typed)} is no path of words`, 'Write it such as size.tiers.');
  if (Object.hasOwn(flagOf, first)) throw invalid(flag, typed, `${first} is not changed by ${flag}`, flagOf[first]!);
  return path;
}

function pricesIn(price: readonly string[]): readonly Change[] {
  if (price.length === 0) return [];
  const value = price.map(readPrice);
  return [{ path: ['prices'], value, text: price.join(', '), isPlain: false }];
}

/** One word of a row cannot become two things. */
function refuseContradiction(paths: readonly (readonly string[])[]): void {
  paths.forEach((path, index) => {
    const other = paths.slice(0, index).find((one) => startsWith(one, path) || startsWith(path, one));
    if (!other) return;
    const [a, b] = [other.join('.'), path.join('.')];
    const message = a === b ? `${a} is given twice` : `${a} and ${b} are both given, and one is part of the other`;
    const isPrice = path[0] === 'prices';
    throw invalid('set', b, message, isPrice ? 'Give the prices by --price or by --set, not both.' : 'Give it once.');
  });
}

function startsWith(path: readonly string[], start: readonly string[]): boolean {
  return start.every((word, index) => path[index] === word);
}

function invalid(option: string, asked: string, message: string, hint: string): ImageError {
  return new ImageError('invalid-request', message, { details: { option: option.replace(/^--/, ''), asked }, hint });
}

/** Refuses to take away what a row has nowhere: it is a slip. Throws `not-found` with the nearest word. */
export function refuseNothingTaken({ set }: Changes, row: ModelCapabilities): void {
  const wholes: readonly object[] = [row, ...Object.values(row.operations)];
  for (const { path } of set.filter(({ value }) => value === null)) {
    const above = wholes.flatMap((whole) => partAt(whole, path.slice(0, -1)) ?? []);
    const last = path.at(-1)!;
    if (above.some((part) => Object.hasOwn(part, last))) continue;
    const words = [...new Set(above.flatMap((part) => Object.keys(part)))];
    const asked = path.join('.');
    const near = nearest(last, words, 1).map((word) => [...path.slice(0, -1), word].join('.'));
    throw new ImageError(
      'not-found',
      `the row has no ${JSON.stringify(asked)} that --set ${asked}=null could take away`,
      {
        details: { option: 'set', asked, nearest: near },
        hint: didYouMean(near, `It has: ${shortList(words)}.`),
      },
    );
  }
}

function partAt(whole: object, path: readonly string[]): object | undefined {
  return path.reduce<object | undefined>((part, word) => {
    const inner = part && Object.hasOwn(part, word) ? (part as Record<string, unknown>)[word] : undefined;
    return isRecord(inner) ? inner : undefined;
  }, whole);
}

/** What tells whether a row may be so: throws `config` with the place in `details.path`. */
export type RowCheck = (row: OwnRow) => void;

/**
 * The row with the changes. A value that is JSON, and that the word does not take, is its text where the word takes that: `--set label=7`. Throws
 * `not-found` for an `--unset` of what is not there, and what `check` throws.
 */
export function withChanges(before: OwnRow, { set, unset }: Changes, check: RowCheck): OwnRow {
  const start = unset.reduce(without, before);
  // With what was wrong with the JSON.
  const asText = new Map<Change, unknown>();
  for (;;) {
    const row = set.reduce((made, one) => patched(made, one.path, asText.has(one) ? one.text : one.value), start);
    try {
      check(row);
      return row;
    } catch (error) {
      const guilty = set.find((one) => isDueTo(error, one));
      if (!guilty) throw error;
      if (asText.has(guilty) || !mayBeText(guilty)) throw withWay((asText.get(guilty) ?? error) as ImageError, guilty);
      asText.set(guilty, error);
    }
  }
}

function mayBeText({ value }: Change): boolean {
  return typeof value === 'number' || typeof value === 'boolean';
}

function isDueTo(error: unknown, { path }: Change): boolean {
  if (!ImageError.isInstance(error) || !isRecord(error.details)) return false;
  const at = error.details.path;
  if (!Array.isArray(at)) return false;
  const words = at.map(String);
  return startsWith(words, path) || startsWith(path, words);
}

/** The error with the way to type it. */
function withWay(error: ImageError, { path, text, isPlain }: Change): ImageError {
  const isMeantAsJSON = isPlain && /^[[{"]|[\]}"]$/.test(text);
  if (!isMeantAsJSON) return error;
  const hint = `${JSON.stringify(text)} is no JSON. In most shells it is put in quotes: --set ${shellWord(`${path.join('.')}=["1K", "2K"]`)}.`;
  return error.with({ hint });
}

/** A copy with one word changed. An object changes an object word by word, as in a merge patch. */
function patched(row: OwnRow, [word = '', ...rest]: readonly string[], value: Json): OwnRow {
  const old = Object.hasOwn(row, word) ? row[word] : undefined;
  const inner = rest.length > 0 ? patched(isObject(old) ? old : {}, rest, value) : merged(old, value);
  return Object.fromEntries(new Map<string, Json>([...Object.entries(row), [word, inner]]));
}

/** A patch over a patch: `null` stays, since it takes a word of the row away that this one is like. */
function merged(old: Json | undefined, value: Json): Json {
  if (!isObject(value) || !isObject(old)) return value;
  return Object.entries(value).reduce((made: OwnRow, [word, one]) => patched(made, [word], one), old);
}

function isObject(value: Json | undefined): value is OwnRow {
  return isRecord(value);
}

function without(row: OwnRow, path: readonly string[]): OwnRow {
  const [word = '', ...rest] = path;
  const old = Object.hasOwn(row, word) ? row[word] : undefined;
  if (old === undefined || (rest.length > 0 && !isObject(old))) {
    const words = wordsOf(row).map((one) => one.join('.'));
    const asked = path.join('.');
    throw new ImageError('not-found', `you have not set ${JSON.stringify(asked)}`, {
      details: { option: 'unset', asked },
      hint: didYouMean(nearest(asked, words, 1), words.length ? `Set: ${words.join(', ')}.` : 'Nothing is set.'),
    });
  }
  const others = Object.entries(row).filter(([name]) => name !== word);
  const inner = rest.length > 0 ? without(old as OwnRow, rest) : {};
  return Object.fromEntries(Object.keys(inner).length > 0 ? [...others, [word, inner]] : others);
}

/** The words that a row says itself, as paths, without `like`. */
export function wordsOf(row: OwnRow): readonly (readonly string[])[] {
  return Object.entries(row).flatMap(([word, value]) => {
    if (word === 'like') return [];
    if (!isObject(value) || Object.keys(value).length === 0) return [[word]];
    return wordsOf(value).map((rest) => [word, ...rest]);
  });
}
