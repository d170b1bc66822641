// What is to be made of each row of a file, in each of its ways: its prompt, its flags, its name.

import { didYouMean, ImageError, nearest, quotedWord, shortList } from '@anyimage/core';
import {
  type BrokenRow,
  type FileRow,
  RowKeys,
  type RowTable,
  type RowValues,
  readRows,
  wordsForName,
} from '@anyimage/host';
import type { MakeFlags } from '../../../request/flags.ts';
import { flagsOfRow, wordOfColumn } from '../../../request/row-words.ts';
import type { BatchSpec, Way } from './batch-spec.ts';
import { Columns, checkHeader } from './columns.ts';

/** A request of the batch. */
export interface BatchItem {
  /** Its number, from 1. */
  readonly n: number;
  readonly line: number;
  readonly key: string;
  readonly prompt: string;
  /** `output` says in which format the pictures are wanted. */
  readonly flags: MakeFlags;
  /** The name that the row gives its picture. */
  readonly output?: string;
  /** What the row says, and the way in which it is made. */
  readonly values: RowValues;
}

/** All requests of a batch, in their order, and the rows that are none. Throws what reading the file throws, and what `checkHeader` does. */
export async function* itemsOf(
  spec: BatchSpec,
  table: RowTable,
  columns = new Columns(),
): AsyncGenerator<BatchItem | BrokenRow> {
  const keys = new RowKeys(table);
  let n = 0;
  for await (const row of readRows(spec.path, spec.format)) {
    if ('error' in row) {
      yield row;
      continue;
    }
    // Each object has members of its own.
    if (n === 0 && spec.format !== 'jsonl') checkHeader(spec, row);
    for (const way of spec.ways) {
      n += 1;
      yield itemOrProblem(spec, row, way, n, keys, columns);
    }
  }
}

function itemOrProblem(
  spec: BatchSpec,
  row: FileRow,
  way: Way,
  n: number,
  keys: RowKeys,
  columns: Columns,
): BatchItem | BrokenRow {
  try {
    return itemOf(spec, row, way, n, keys, columns);
  } catch (error) {
    if (!ImageError.isInstance(error)) throw error;
    return { line: row.line, error };
  }
}

function itemOf(
  spec: BatchSpec,
  { line, values: row }: FileRow,
  way: Way,
  n: number,
  keys: RowKeys,
  columns: Columns,
): BatchItem {
  const { prompt: template, name, flags, ending } = spec;
  refuseTwice(row, way);
  const values = new Map<string, unknown>([...row, ...way]);
  const said = new Map<string, unknown>();
  for (const [column, value] of values) {
    const isPlace = template?.names.includes(column) ?? false;
    const word = isPlace ? undefined : wordOfColumn(column);
    columns.note(column, word !== undefined || isPlace || name.names.includes(column));
    if (word === undefined || isNothing(value)) continue;
    if (said.has(word)) throw refused(`two columns are ${word}`, word, 'Leave one of them out.');
    said.set(word, value);
  }
  const prompt = promptOf(spec, values, said.get('prompt'));
  said.delete('prompt');
  const output = said.get('output');
  said.delete('output');
  const key = keys.next({ ...Object.fromEntries(said), prompt });
  const format = output ?? (ending && `x${ending}`);
  return {
    n,
    line,
    key,
    prompt,
    flags: { ...flagsOfRow(said, flags), ...(format && { output: String(format) }) },
    ...(output !== undefined && { output: String(output) }),
    values,
  };
}

function refuseTwice(row: RowValues, way: Way): void {
  for (const name of way.keys()) {
    const word = wordOfColumn(name);
    const column = [...row.keys()].find((one) => one === name || (word !== undefined && wordOfColumn(one) === word));
    if (column !== undefined) throw refused(`${name} is a column, and varied`, 'vary', 'Leave one of the two out.');
  }
}

function promptOf({ prompt: template }: BatchSpec, values: RowValues, own: unknown): string {
  if (!template) return own === undefined ? '' : withoutPlaces(textOf(own, 'prompt'));
  if (own !== undefined) {
    const hint = 'Write {{prompt}} into --prompt where it goes, or leave --prompt out.';
    throw refused('the row has a prompt, for which --prompt has no place', 'prompt', hint);
  }
  return template.fill((place) => {
    const value = values.get(place);
    if (isNothing(value)) throw nothingFor(place, values);
    return textOf(value, place);
  });
}

/** What looks like a place is filled in `--prompt` alone: nobody means to pay for its name. */
function withoutPlaces(prompt: string): string {
  const place = /\{\{[^{}]*\}\}/.exec(prompt)?.[0];
  if (place === undefined) return prompt;
  const hint =
    'Put the text into --prompt, and what fills it into the columns of a .csv or .jsonl file. If the braces are meant, add --prompt "{{prompt}}".';
  throw refused(`the prompt has a place, ${place}, that nothing fills`, 'prompt', hint);
}

function nothingFor(place: string, values: RowValues): ImageError {
  const others = [...values].filter(([, value]) => !isNothing(value)).map(([name]) => name);
  const hint = values.has(place)
    ? `Fill in ${quotedWord(place)}.`
    : didYouMean(nearest(place, others), `It has: ${shortList(others)}.`);
  return refused(`the row says nothing for {{${place}}}`, 'prompt', hint);
}

function textOf(value: unknown, name: string): string {
  if (typeof value !== 'object') return String(value);
  throw refused(`${name} is no text`, name, 'Write a text or a number.');
}

function isNothing(value: unknown): boolean {
  return value === undefined || value === null || value === '';
}

function refused(message: string, option: string, hint: string): ImageError {
  return new ImageError('invalid-request', message, { details: { option }, hint });
}

/** Digits of a number in a name, at least: the files are in the order of the rows then. */
const leastDigits = 4;

/** Bytes; what the names of files have room for besides. A letter takes four at most. */
const longestName = 180;

/** The name of a request's pictures: that of its row, or of the template. `total`: how many requests there are. */
export function nameOf({ n, prompt, output, values }: BatchItem, { name, ending }: BatchSpec, total: number): string {
  if (output !== undefined) return output;
  const stem = name.fill((place) => {
    if (place === 'n') return `${n}`.padStart(Math.max(leastDigits, `${total}`.length), '0');
    return wordsForName(String(place === 'prompt' ? prompt : (values.get(place) ?? '')));
  });
  const short = Buffer.byteLength(stem) > longestName ? [...stem].slice(0, longestName / 4).join('') : stem;
  return `${short.replace(/^[\s-]+|[\s-]+$/g, '') || `${n}`}${ending}`;
}
