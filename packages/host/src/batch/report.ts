// What became of a batch, for people and programs: a page with the pictures, and a list of all rows.

import { join } from 'node:path';
import { escapeUnseen, ImageError, omit } from '@anyimage/core';
import { openPart, type PartFile } from '../files/part-file.ts';
import { exists } from '../files/read-file.ts';
import { storageError } from '../files/storage-error.ts';
import { isoTime } from '../text/units.ts';
import type { BatchJournal } from './batch-journal.ts';
import type { BatchRow } from './batch-row.ts';
import { mostOnPage, pageHead, pageTail, rowPart } from './report-page.ts';

const pageName = 'report.html';
const listName = 'report.jsonl';

export interface ReportOptions {
  readonly folder: string;
  readonly home: string;
  readonly journal: Pick<BatchJournal, 'read'>;
  /** The places of the rows in the table, in the order to tell them. */
  readonly order: Iterable<number>;
  readonly title: string;
  readonly facts: readonly string[];
}

/** Throws `storage` where a report would take the place of a file that is none. */
export async function checkReport(folder: string, { isNew }: Pick<BatchJournal, 'isNew'>): Promise<void> {
  for (const name of isNew ? [pageName, listName] : []) {
    const path = join(folder, name);
    if (!(await exists(path))) continue;
    throw new ImageError('storage', `${path} exists already, and is of no batch that is known here`, {
      details: { option: 'output', path },
      hint: 'Choose another folder with -o, or move the file.',
    });
  }
}

/** Writes the report of all rows that have a record, in place of the one before. Returns the path of the page. Throws `storage`. */
export async function writeReport(options: ReportOptions): Promise<string> {
  const { folder, home } = options;
  const parts: PartFile[] = [];
  try {
    const list = await openPart(folder, { home });
    parts.push(list);
    const page = await openPart(folder, { home });
    parts.push(page);
    await fill(options, page, list);
    const files = [
      [page, pageName],
      [list, listName],
    ] as const;
    for (const [part, name] of files) {
      await part.finish();
      await part.name(join(folder, name), false);
    }
    return join(folder, pageName);
  } catch (error) {
    throw storageError(error, `write the report in ${folder}`, folder);
  } finally {
    for (const part of parts) await part.discard();
  }
}

async function fill({ journal, order, title, facts }: ReportOptions, page: PartFile, list: PartFile): Promise<void> {
  const shown = new Gathered(page);
  const lines = new Gathered(list);
  await shown.add(pageHead(title, facts));
  let count = 0;
  for (const place of order) {
    const row = await journal.read(place);
    if (!row) continue;
    count += 1;
    await lines.add(`${escapeUnseen(JSON.stringify(shownRow(row)))}\n`);
    if (count <= mostOnPage) await shown.add(rowPart(row));
  }
  await shown.add(pageTail(Math.min(count, mostOnPage), count));
  await shown.end();
  await lines.end();
}

/** So much is written at a time, characters. */
const pieceLength = 65_536;

/** Text on its way to a file, in few large pieces. */
class Gathered {
  readonly #file: Pick<PartFile, 'write'>;
  #text = '';

  constructor(file: Pick<PartFile, 'write'>) {
    this.#file = file;
  }

  async add(text: string): Promise<void> {
    this.#text += text;
    if (this.#text.length >= pieceLength) await this.end();
  }

  async end(): Promise<void> {
    const text = this.#text;
    this.#text = '';
    await this.#file.write(Buffer.from(text));
  }
}

/** A row without what only the journal needs. */
export function shownRow(row: BatchRow): object {
  const { at, ...others } = omit(row as BatchRow & { readonly row?: string; readonly try?: number }, 'row', 'try');
  return { ...others, at: isoTime(at) };
}
