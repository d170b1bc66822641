// Reads the arguments of a tool as they are meant, by its schema. The errors tell an agent how to put them right, in few words.

import { didYouMean, ImageError, isRecord, nearest } from '@anyimage/core';
import {
  formatName,
  looseWords,
  meantWord,
  plainRect,
  readAs,
  readRequest,
  refuseWord,
  saysNothing,
  shownWord,
  withoutNothing,
} from '@anyimage/host';
import { waitRange } from '../calls/wait-range.ts';
import type { Document } from '../results/tool-result.ts';
import { inputWords } from './request-schema.ts';
import type { Kind, Schema, Tool } from './tool.ts';

/**
 * The arguments by their own names, in their own types; those of a request as core takes them. What stands for nothing (`null`, empty
 * texts) is left out. Throws `invalid-request` for an unknown name (with the nearest), a missing one, or a value that cannot be meant.
 */
export function readArguments(tool: Tool, given: unknown): Document {
  const { inputSchema, takesRequest } = tool;
  const named = withOwnNames(tool, unwrapped(given));
  const words: Readonly<Record<string, unknown>> = takesRequest ? { ...readRequest(named) } : named;
  const own = takesRequest ? ['waitSeconds', 'again'] : Object.keys(inputSchema.properties);
  const read = Object.entries(words).map(([word, value]) => {
    return [word, own.includes(word) ? readValue(word, value, inputSchema.properties[word]!) : value] as const;
  });
  const present = Object.fromEntries(read.filter(([, value]) => value !== undefined)) as Document;
  const missing = inputSchema.required?.find((word) => !Object.hasOwn(present, word));
  if (missing === undefined) return present;
  throw new ImageError('invalid-request', `${tool.name} needs ${missing}`, {
    details: { option: missing },
    hint: `Give ${missing}: ${inputSchema.properties[missing]?.description}`,
  });
}

/** Names of objects in which some clients put all arguments. */
const wrappers = ['arguments', 'args', 'params', 'parameters', 'request', 'kwargs'];

/** The arguments themselves, without what stands for nothing. */
function unwrapped(given: unknown): Readonly<Record<string, unknown>> {
  const record = given === undefined || given === null ? {} : readAs('object', given);
  if (!isRecord(record)) throw refuseWord('arguments', 'be an object', given);
  const present = withoutNothing(record, 1) as Readonly<Record<string, unknown>> | undefined;
  const [[name, value] = [], ...others] = Object.entries(present ?? {});
  const inner =
    name !== undefined && others.length === 0 && wrappers.includes(name) ? readAs('object', value) : undefined;
  return isRecord(inner) ? inner : (present ?? {});
}

/** The arguments by the names of the tool's own words. */
function withOwnNames(tool: Tool, given: Readonly<Record<string, unknown>>): Readonly<Record<string, unknown>> {
  const known = [...Object.keys(tool.inputSchema.properties), ...(tool.takesRequest ? looseWords : [])];
  const named = new Map<string, unknown>();
  for (const [name, value] of Object.entries(given)) {
    if (withoutNothing(value) === undefined) continue;
    const word = meantWord(name, known);
    if (word === undefined) throw unknownWord(tool, name);
    if (named.has(word) && !isSame(named.get(word), value)) {
      throw refuseWord(
        word,
        'be given once',
        value,
        `${shownWord(name)} is another name of ${word}: give one of them.`,
      );
    }
    named.set(word, value);
  }
  return Object.fromEntries(named);
}

/** Whether two values are the same word or number. */
function isSame(one: unknown, other: unknown): boolean {
  return typeof one !== 'object' && String(one) === String(other);
}

/** Longer names are no misprints, characters. */
const longestName = 60;

function unknownWord({ name, inputSchema: { properties }, takesRequest }: Tool, given: string): ImageError {
  const known = Object.keys(properties);
  const input = meantWord(given, Object.keys(inputWords));
  const near = given.length > longestName ? [] : nearest(given, known, 1);
  const all = `It takes: ${known.join(', ')}.`;
  const own = takesRequest ? ' What only one model knows goes into providerOptions.' : '';
  const hint =
    takesRequest && input
      ? `Call edit_image with ${input}: it starts from pictures.`
      : didYouMean(near) || `${all}${own}`;
  return new ImageError('invalid-request', `${name} has no argument ${shownWord(given)}`, {
    details: { option: shownWord(given), nearest: near },
    hint,
  });
}

function readValue(word: string, value: unknown, { type, enum: values, items }: Schema): unknown {
  if (typeof value === 'string' && saysNothing(value)) return undefined;
  const read = readAs(type, plainForm(word, value));
  if (read === undefined) throw refuseWord(word, `be ${kinds[type]}`, value);
  if (items && Array.isArray(read)) return read.map((item, index) => readValue(`${word}[${index}]`, item, items));
  const same = values?.find((one) => one.toLowerCase() === formatName(String(read)));
  if (values && same === undefined) throw refuseWord(word, `be one of: ${values.join(', ')}`, value);
  const range = Object.hasOwn(ranges, word) ? ranges[word] : undefined;
  if (range && !(Number(read) >= range.least && Number(read) <= range.most)) {
    throw refuseWord(word, `be a number from ${range.least} to ${range.most}`, value);
  }
  return same ?? read;
}

/** A value without what only its word gives a meaning: the sides of a crop, the unit of a time. */
function plainForm(word: string, value: unknown): unknown {
  if (word === 'crop') return plainRect(value);
  if (word !== 'waitSeconds' || typeof value !== 'string' || value.length > 40) return value;
  return value.replace(/(?<=\d)\s*s(?:ec(?:ond)?s?)?\s*$/i, '');
}

/** Of words that are not core's to judge. */
const ranges: Readonly<Record<string, { readonly least: number; readonly most: number }>> = {
  waitSeconds: waitRange,
  limit: { least: 1, most: 50 },
};

const kinds: Readonly<Record<Kind, string>> = {
  string: 'text',
  number: 'a number',
  integer: 'a whole number',
  boolean: 'true or false',
  array: 'a list',
  object: 'an object',
};
