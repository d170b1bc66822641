// The rows of a file, one after the other: a prompt a line, a CSV with a header, or a JSON object a line.

import { extname } from 'node:path';
import { Readable } from 'node:stream';
import { ImageError, isRecord } from '@anyimage/core';
import { CsvError, parse } from 'csv-parse';
import { parseJSON } from '../text/json.ts';
import { countText } from '../text/text.ts';
import { linesOf, longestRow, refused, textOf, tooLong } from './row-text.ts';

export const rowFormats = ['txt', 'csv', 'jsonl'] as const;
export type RowFormat = (typeof rowFormats)[number];

/** What a row says, by the names of its columns. Empty texts and `null` say nothing. */
export type RowValues = ReadonlyMap<string, unknown>;

/** `line`: the one on which it begins, from 1; of a CSV, on which it ends. */
export interface FileRow {
  readonly line: number;
  readonly values: RowValues;
}

/** A row that is none. The rows after it can be read all the same. */
export interface BrokenRow {
  readonly line: number;
  readonly error: ImageError;
}

const formats: Readonly<Record<string, RowFormat>> = {
  '.csv': 'csv',
  '.tsv': 'csv',
  '.tab': 'csv',
  '.jsonl': 'jsonl',
  '.ndjson': 'jsonl',
  '.txt': 'txt',
  '.text': 'txt',
  '.list': 'txt',
  '.lst': 'txt',
  '.prompts': 'txt',
};

/**
 * The format that the ending of a file stands for; a prompt a line where it has none. Throws `invalid-request` for another ending: its lines
 * would be drawn, and paid for, whatever they are.
 */
export function rowFormatOf(path: string): RowFormat {
  const ending = extname(path).toLowerCase();
  // What is no word is no ending: prompts.2026-11-30.
  if (!/^\.[a-z]+\d?$/.test(ending)) return 'txt';
  const format = Object.hasOwn(formats, ending) ? formats[ending] : undefined;
  if (format) return format;
  const list = ending === '.json' ? `, such as jq -c '.[]' gives of a list` : '';
  throw new ImageError('invalid-request', `${path}: which rows a file that ends in ${ending} has is not known`, {
    details: { option: 'file', asked: path },
    hint: `Give a .txt with a prompt a line, a .csv with a header, or a .jsonl with an object a line${list}; or say which it is with --input-format.`,
  });
}

/**
 * The rows of a file, while it is read. Throws `invalid-request` for what is no file, no text, or no such table, and for a row of
 * more than a million characters; `storage` for what cannot be read.
 */
export function readRows(path: string, format: RowFormat): AsyncGenerator<FileRow | BrokenRow> {
  return readers[format](path);
}

const readers: Readonly<Record<RowFormat, (path: string) => AsyncGenerator<FileRow | BrokenRow>>> = {
  txt: promptLines,
  csv: tableRows,
  jsonl: objectLines,
};

async function* promptLines(path: string): AsyncGenerator<FileRow> {
  let isFirst = true;
  for await (const [line, text] of linesOf(path)) {
    const prompt = text.trim();
    if (prompt === '' || prompt.startsWith('#')) continue;
    if (isFirst && (isRecord(parseJSON(prompt)) || /^(?:[[{]$|\[\s*[{"]|\{\s*")/.test(prompt))) {
      const hint = 'Write one object a line, and name the file .jsonl, or add --input-format jsonl.';
      throw refused(path, `${path} has JSON in place of prompts`, hint, line);
    }
    isFirst = false;
    yield { line, values: new Map([['prompt', prompt]]) };
  }
}

async function* objectLines(path: string): AsyncGenerator<FileRow | BrokenRow> {
  for await (const [line, text] of linesOf(path)) {
    if (text.trim() === '') continue;
    const found = parseJSON(text);
    if (isRecord(found)) yield { line, values: new Map(Object.entries(found)) };
    else yield { line, error: notAnObject(path, line, text) };
  }
}

function notAnObject(path: string, line: number, text: string): ImageError {
  const what = parseJSON(text) === undefined ? 'no JSON' : 'no object';
  const hint = 'Write one object a line, such as {"prompt": "a boat", "size": "1024x1024"}.';
  return refused(path, `it is ${what}`, hint, line);
}

async function* tableRows(path: string): AsyncGenerator<FileRow | BrokenRow> {
  let columns: readonly string[] | undefined;
  let read = 0;
  const onRecord = (lines: number) => {
    read = lines;
  };
  try {
    for await (const { record, info } of recordsOf(path, onRecord)) {
      if (columns) yield rowOf(path, columns, record, info.lines);
      else columns = headerOf(path, record);
    }
  } catch (error) {
    throw error instanceof CsvError ? broken(path, error, read + 1) : error;
  }
}

interface CsvRecord {
  readonly record: readonly string[];
  readonly info: { readonly lines: number };
}

/** `onRecord`: hears of each at once; those before a mistake may not be given any more. */
async function* recordsOf(path: string, onRecord: (lines: number) => void): AsyncGenerator<CsvRecord> {
  const text = textOf(path);
  const { value: first = '' } = await text.next();
  const parser = parse({
    delimiter: delimiterOf(first),
    info: true,
    relax_column_count: true,
    skip_empty_lines: true,
    skip_records_with_empty_values: true,
    max_record_size: longestRow,
    on_record(found, { lines }) {
      onRecord(lines);
      return found;
    },
  });
  const source = Readable.from(joined(first, text));
  source.on('error', (error) => parser.destroy(error)).pipe(parser);
  try {
    yield* parser;
  } finally {
    source.destroy();
  }
}

async function* joined(first: string, rest: AsyncIterable<string>): AsyncGenerator<string> {
  yield first;
  yield* rest;
}

/** Spreadsheets of many countries write semicolons. The header says which sign it is. */
function delimiterOf(text: string): string {
  const header = text.split(/\r?\n/, 1)[0]!.replace(/"[^"]*"/g, '');
  const count = (sign: string) => header.split(sign).length;
  return [',', ';', '\t'].reduce((best, sign) => (count(sign) > count(best) ? sign : best));
}

function headerOf(path: string, record: readonly string[]): readonly string[] {
  const columns = record.map((name) => name.trim());
  const twice = columns.find((name, index) => name !== '' && columns.indexOf(name) !== index);
  if (twice === undefined) return columns;
  throw refused(
    path,
    `the header of ${path} names ${JSON.stringify(twice)} twice`,
    'Give each column its own name.',
    1,
  );
}

function rowOf(path: string, columns: readonly string[], record: readonly string[], line: number): FileRow | BrokenRow {
  if (record.length !== columns.length) {
    const problem = `it has ${countText(record.length, 'column')}, and the header names ${columns.length}`;
    const hint = 'Put a cell that holds a comma in "double quotes".';
    return { line, error: refused(path, problem, hint, line) };
  }
  return { line, values: new Map(columns.map((name, index) => [name, record[index]!.trim()])) };
}

/** `line`: where the row begins that cannot be read. */
function broken(path: string, { code }: CsvError, line: number): ImageError {
  if (code === 'CSV_MAX_RECORD_SIZE') return tooLong(path, line);
  const isOpen = code === 'CSV_QUOTE_NOT_CLOSED';
  const what = isOpen ? 'a quotation mark is opened and not closed' : 'a quotation mark stands wrong';
  const hint = 'Put the whole cell in "double quotes", and write a quotation mark in it as "".';
  return refused(path, `${path}, line ${line}: ${what}`, hint, line);
}
