// What is made of each row in several ways: "model=a,b,seed=1..4" is eight.

import { ImageError } from '@anyimage/core';
import { parseJSON } from '../text/json.ts';

/** A word, or a place of a template, and what it is in turn. */
export interface Variation {
  readonly name: string;
  readonly values: readonly string[];
}

/** Ways of one row. Nobody means more. */
const mostWays = 10_000;

/**
 * The variations of texts such as `model=a,b,style=x,y,seed=1..4`; values that hold commas are a list of JSON: `place=["a, b","c"]`.
 * Throws `invalid-request` for what is no such text, for a name or value that stands twice, and for more than 10,000 ways.
 */
export function readVariations(texts: readonly string[]): readonly Variation[] {
  const read = texts.flatMap(readText);
  const twice = read.find(({ name }, index) => read.findIndex((one) => one.name === name) !== index);
  if (twice)
    throw refused(`${twice.name} is given twice`, twice.name, 'Write all its values after one name: seed=1..4.');
  const ways = read.reduce((product, { values }) => product * values.length, 1);
  if (ways <= mostWays) return read;
  throw refused(
    `that is ${ways} ways for each row, and at most ${mostWays} are made`,
    `${ways}`,
    'Vary less at a time.',
  );
}

/** All ways, the last name changing fastest; one empty one where nothing varies. */
export function waysOf(variations: readonly Variation[]): readonly ReadonlyMap<string, string>[] {
  return variations.reduce<readonly ReadonlyMap<string, string>[]>(
    (ways, { name, values }) => ways.flatMap((way) => values.map((value) => new Map([...way, [name, value]]))),
    [new Map()],
  );
}

const start = /^\s*([a-z][\w.-]*)\s*=\s*/i;

function readText(text: string): Variation[] {
  const found: Variation[] = [];
  for (let rest = text; rest !== ''; ) {
    const [all, name] = start.exec(rest) ?? [];
    if (all === undefined) throw noVariation(text);
    const [values, left] = readValues(rest.slice(all.length), name!);
    found.push({ name: name!, values });
    rest = left;
  }
  if (found.length === 0) throw noVariation(text);
  return found;
}

/** The values up to the next name, and what follows them. */
function readValues(text: string, name: string): readonly [values: readonly string[], rest: string] {
  const list = text.startsWith('[') ? listAt(text) : undefined;
  if (list) return [unlike(list.values, name), text.slice(list.end).replace(/^\s*,\s*/, '')];
  const parts = text.split(',');
  const next = parts.findIndex((part, index) => index > 0 && start.test(part));
  const own = next < 0 ? parts : parts.slice(0, next);
  const values = own.flatMap((part) => rangeIn(part.trim(), name) ?? part.trim());
  return [unlike(values, name), next < 0 ? '' : parts.slice(next).join(',')];
}

/** The list of JSON that a text begins with. */
function listAt(text: string): { readonly values: readonly string[]; readonly end: number } | undefined {
  for (let end = text.indexOf(']') + 1; end > 0; end = text.indexOf(']', end) + 1) {
    const list = parseJSON(text.slice(0, end));
    if (Array.isArray(list)) return { values: list.map(String), end };
  }
  return undefined;
}

/** `1..4` */
function rangeIn(text: string, name: string): readonly string[] | undefined {
  const [, first, last] = /^(\d{1,15})\.\.(\d{1,15})$/.exec(text) ?? [];
  if (first === undefined) return undefined;
  const count = Number(last) - Number(first) + 1;
  if (count >= 1 && count <= mostWays)
    return Array.from({ length: count }, (_, index) => String(Number(first) + index));
  throw refused(
    `${text} is no range of 1 to ${mostWays} numbers`,
    text,
    `Write such as ${name}=1..4, the smaller first.`,
  );
}

function unlike(values: readonly string[], name: string): readonly string[] {
  const twice = values.find((value, index) => values.indexOf(value) !== index);
  if (values.includes('')) throw refused(`a value of ${name} is missing`, name, `Write such as ${name}=a,b.`);
  if (twice === undefined) return values;
  throw refused(`${name} is ${JSON.stringify(twice)} twice`, twice, 'Give each value once.');
}

function noVariation(text: string): ImageError {
  const hint = 'Write such as model=cogview,openai,seed=1..4; values that hold commas as a list: place=["a, b","c"].';
  return refused(`${JSON.stringify(text.slice(0, 80))} is no name with its values`, text.slice(0, 80), hint);
}

function refused(message: string, asked: string, hint: string): ImageError {
  return new ImageError('invalid-request', `vary: ${message}`, { details: { option: 'vary', asked }, hint });
}
