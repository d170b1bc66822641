// The journal of a batch as it is found: which rows are known, and where their records are.

import type { FileHandle } from 'node:fs/promises';
import { ImageError, isRecord } from '@anyimage/core';
import { isAbsent, openFile } from '../files/read-file.ts';
import { newerVersion } from '../files/storage-error.ts';
import { parseJSON } from '../text/json.ts';
import type { BatchRun } from './batch-row.ts';
import { RowTable, rowStates } from './row-table.ts';

/** Raised when older programs must not read a journal any more. */
export const journalVersion = 1;

export interface ReadJournal {
  readonly id: string | undefined;
  readonly rows: RowTable;
  readonly lastRun: BatchRun | undefined;
  /** Of whole lines. */
  readonly bytes: number;
}

/** Rejects with the system's error, and `storage` for a journal that is damaged or of a newer version. */
export async function readJournal(path: string): Promise<ReadJournal> {
  const rows = new RowTable();
  const file = await openFile(path).catch((error: unknown) => {
    if (isAbsent(error)) return undefined;
    throw error;
  });
  if (!file) return { id: undefined, rows, lastRun: undefined, bytes: 0 };
  try {
    let id: string | undefined;
    let lastRun: BatchRun | undefined;
    let bytes = 0;
    let count = 0;
    for await (const line of wholeLines(file)) {
      count += 1;
      const found = parseJSON(line.toString());
      if (!isRecord(found)) throw damaged(path, count);
      if (id === undefined) id = readHead(path, found);
      else if (isRecord(found.run)) lastRun = found.run as unknown as BatchRun;
      else noteRow(path, rows, found, bytes, count);
      bytes += line.length + 1;
    }
    return { id, rows, lastRun, bytes };
  } finally {
    await file.close();
  }
}

function readHead(path: string, { anyimageBatch, id }: Readonly<Record<string, unknown>>): string {
  if (typeof anyimageBatch === 'number' && anyimageBatch > journalVersion) throw newerVersion(path);
  if (anyimageBatch === journalVersion && typeof id === 'string') return id;
  throw damaged(path, 1);
}

function noteRow(
  path: string,
  rows: RowTable,
  { row, try: tries, state }: Readonly<Record<string, unknown>>,
  offset: number,
  line: number,
): void {
  if (typeof row !== 'string' || !Number.isInteger(tries)) throw damaged(path, line);
  const known = rowStates.find((one) => one === state);
  if (known === undefined && state !== undefined) throw damaged(path, line);
  rows.note(row, { state: known, tries: Number(tries), offset: known && offset });
}

/** A row whose record is lost would be paid for again. */
function damaged(path: string, line: number): ImageError {
  return new ImageError('storage', `line ${line} of ${path} is damaged: nobody knows which rows are made`, {
    details: { path, line },
    hint: 'Nothing was sent. Mend the line, or make what is missing into another folder with -o.',
  });
}

const piece = 64 * 1024;
export const lineEnd = 10;

/** The lines of a file that have an end, without it. */
async function* wholeLines(file: FileHandle): AsyncGenerator<Buffer> {
  let rest = Buffer.alloc(0);
  for (let position = 0; ; ) {
    const { buffer, bytesRead } = await file.read(Buffer.allocUnsafe(piece), 0, piece, position);
    if (bytesRead === 0) return;
    position += bytesRead;
    rest = Buffer.concat([rest, buffer.subarray(0, bytesRead)]);
    let from = 0;
    for (let end = rest.indexOf(lineEnd); end >= 0; end = rest.indexOf(lineEnd, from)) {
      yield rest.subarray(from, end);
      from = end + 1;
    }
    rest = rest.subarray(from);
  }
}
