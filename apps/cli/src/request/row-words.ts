// The columns of a row that are words of a request, as flags: a row says what a person would type, in the same words.

import { didYouMean, ImageError, isRecord, messageOf, nearest } from '@anyimage/core';
import { type RowValues, readAs, shownWord } from '@anyimage/host';
import { InvalidArgumentError } from 'commander';
import { type MakeFlags, milliseconds } from './flags.ts';

/** The words of a row, without the prompt: as flags are called, in camelCase. */
const words = [
  'model',
  'n',
  'size',
  'aspectRatio',
  'resolution',
  'quality',
  'style',
  'background',
  'seed',
  'negativePrompt',
  'option',
  'image',
  'mask',
  'operation',
  'strength',
  'factor',
  'expand',
  'output',
  'outputFormat',
  'outputCompression',
  'timeout',
  'enhance',
  'translate',
  'prefer',
  'maxCost',
  'user',
] as const;

/** What the words of a request are called in other interfaces. */
const otherNames: Readonly<Record<string, string>> = { images: 'image', provideroptions: 'option' };

/** The word that a column is called after, in any letters (`aspect_ratio`); `prompt` among them. */
export function wordOfColumn(column: string): string | undefined {
  const asked = plain(column);
  const name = Object.hasOwn(otherNames, asked) ? otherNames[asked]! : asked;
  return ['prompt', ...words].find((word) => plain(word) === plain(name));
}

/** The word that the name of a column is nearly: most likely it was meant. */
export function nearlyWord(column: string): string | undefined {
  const [word] = nearest(column, ['prompt', ...words], 1);
  const isNear = word !== undefined && Math.abs(word.length - plain(column).length) <= 1;
  return isNear && wordOfColumn(column) === undefined ? word : undefined;
}

/** Throws `invalid-request`, with the nearest, for what no row may vary in. */
export function checkVaried(name: string, places: readonly string[]): void {
  if (places.includes(name)) return;
  const word = wordOfColumn(name);
  if (word !== undefined && word !== 'prompt' && word !== 'output') return;
  const known = [...places, ...words.filter((one) => one !== 'output')];
  throw new ImageError('invalid-request', `vary: ${name} is neither a word of a request nor a place of the template`, {
    details: { option: 'vary', asked: name, allowed: known },
    hint: didYouMean(
      nearest(name, known),
      'Write such as --vary model=cogview,openai, or --vary place=sea,sky with {{place}} in --prompt.',
    ),
  });
}

function plain(name: string): string {
  return name.toLowerCase().replace(/[-_\s]+/g, '');
}

/** Words of which one takes the place of the others. */
const rivals: readonly (readonly (keyof MakeFlags)[])[] = [
  ['size', 'aspectRatio', 'resolution'],
  ['model', 'prefer'],
];

/** What the row says over what holds for all rows. `said`: by words. Throws `invalid-request` for what is no value of its word. */
export function flagsOfRow(said: RowValues, all: MakeFlags): MakeFlags {
  const own = Object.fromEntries([...said].map(([word, value]) => [word, readValue(word, value)])) as MakeFlags;
  const beaten = rivals.filter((group) => group.some((word) => Object.hasOwn(own, word))).flat();
  const kept = Object.entries(all).filter(([word]) => !beaten.includes(word as keyof MakeFlags));
  const option = own.option && { option: { ...all.option, ...own.option } };
  return { ...Object.fromEntries(kept), ...own, ...option };
}

const readers: Readonly<Record<string, (value: unknown) => unknown>> = {
  model: listOf,
  image: listOf,
  option: optionsOf,
  timeout: (value) => typed(() => milliseconds(String(value)), 'timeout', value),
};

function readValue(word: string, value: unknown): unknown {
  return Object.hasOwn(readers, word) ? readers[word]!(value) : value;
}

/** One, or a list, also as JSON. */
function listOf(value: unknown): unknown {
  return readAs('array', value);
}

/** `name=value`, or an object, whose values are as they would be typed. */
function optionsOf(value: unknown): Readonly<Record<string, string>> {
  const record = readAs('object', value);
  if (isRecord(record)) {
    const typed = Object.entries(record).map(([name, one]) => [
      name,
      typeof one === 'string' ? one : JSON.stringify(one),
    ]);
    return Object.fromEntries(typed);
  }
  const [, name, text] = /^([^=]+)=(.*)$/s.exec(String(value)) ?? [];
  if (name !== undefined) return { [name.trim()]: text! };
  throw refused('option', value, 'Write name=value, such as watermark=false, or an object.');
}

function typed<T>(read: () => T, word: string, value: unknown): T {
  try {
    return read();
  } catch (error) {
    if (!(error instanceof InvalidArgumentError)) throw error;
    throw refused(word, value, messageOf(error));
  }
}

function refused(word: string, value: unknown, hint: string): ImageError {
  const asked = shownWord(value);
  return new ImageError('invalid-request', `${word}: ${asked} is none`, { details: { option: word, asked }, hint });
}
