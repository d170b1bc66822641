// The journal of a batch, beside its pictures: what became of each row, a line each. It survives the death of the process at any moment.

import { randomBytes } from 'node:crypto';
import { constants, writeSync } from 'node:fs';
import { type FileHandle, open } from 'node:fs/promises';
import { join } from 'node:path';
import { sharedWork } from '../files/shared-work.ts';
import { storageError } from '../files/storage-error.ts';
import { parseJSON } from '../text/json.ts';
import type { BatchRow, BatchRun } from './batch-row.ts';
import { journalVersion, lineEnd, type ReadJournal, readJournal } from './read-journal.ts';
import type { RowTable } from './row-table.ts';

/** So much is read at a time, at least. */
const pieceBytes = 65_536;
const none = Buffer.alloc(0);

export interface BatchJournal {
  readonly path: string;
  /** Its own, which the intents of its rows follow from. */
  readonly id: string;
  readonly rows: RowTable;
  /** Whether there was none. */
  readonly isNew: boolean;
  /** The run before this one. */
  readonly lastRun?: BatchRun;
  /** Notes that a run begins; makes the file with the first. Throws `storage`. */
  begin(run: BatchRun): Promise<void>;
  /** Notes what became of a row: it survives the death of the process from now on. Throws `storage`. */
  add(key: string, row: BatchRow): void;
  /** Notes that a row is asked anew, though it may have been billed; on stable storage when it resolves. Throws `storage`. */
  again(key: string): Promise<void>;
  /** Resolves when what was noted would survive a power cut. Throws `storage`. */
  sync(): Promise<void>;
  /** The newest record at a place of the table. Throws `storage`. */
  read(place: number): Promise<BatchRow | undefined>;
  close(): Promise<void>;
}

/** The path of the journal of a folder. */
export function batchJournalPath(folder: string): string {
  return join(folder, 'batch.journal');
}

/** Reads the journal of a folder, or none; nothing is written before `begin`. Throws `storage`, also for one that is damaged. */
export async function openBatchJournal(folder: string): Promise<BatchJournal> {
  const path = batchJournalPath(folder);
  const told = <T>(action: string, work: () => Promise<T>): Promise<T> =>
    work().catch((error: unknown) => {
      throw storageError(error, `${action} ${path}`, path);
    });
  const known = await told('read', () => readJournal(path));
  return new OpenJournal(path, known);
}

class OpenJournal implements BatchJournal {
  readonly path: string;
  readonly id: string;
  readonly rows: RowTable;
  readonly lastRun?: BatchRun;
  readonly isNew: boolean;
  #bytes: number;
  #file: FileHandle | undefined;
  /** What was read last: rows are mostly asked for in the order in which they were written. */
  #lastRead: { readonly from: number; readonly bytes: Buffer } | undefined;
  readonly #sync = sharedWork(() => this.#file!.datasync());

  constructor(path: string, { id, rows, lastRun, bytes }: ReadJournal) {
    this.path = path;
    this.id = id ?? randomBytes(6).toString('hex');
    this.rows = rows;
    this.isNew = id === undefined;
    this.#bytes = bytes;
    if (lastRun) this.lastRun = lastRun;
  }

  async begin(run: BatchRun): Promise<void> {
    await this.#telling(async () => {
      this.#file = await open(this.path, constants.O_RDWR | constants.O_CREAT, 0o644);
      // A line that was cut off says nothing.
      await this.#file.truncate(this.#bytes);
      if (this.isNew) this.#write({ anyimageBatch: journalVersion, id: this.id });
      this.#write({ run });
      await this.sync();
    });
  }

  add(key: string, row: BatchRow): void {
    const { tries } = this.rows.at(this.rows.placeOf(key));
    const offset = this.#write({ row: key, try: tries, ...row });
    this.rows.note(key, { state: row.state, tries, offset });
  }

  async again(key: string): Promise<void> {
    const tries = this.rows.at(this.rows.placeOf(key)).tries + 1;
    this.#write({ row: key, try: tries });
    await this.sync();
    this.rows.note(key, { state: undefined, tries, offset: undefined });
  }

  sync(): Promise<void> {
    return this.#telling(this.#sync);
  }

  read(place: number): Promise<BatchRow | undefined> {
    return this.#telling(async () => {
      const { offset } = this.rows.at(place);
      if (offset === undefined) return undefined;
      return parseJSON(await this.#lineAt(offset)) as BatchRow;
    });
  }

  async #lineAt(offset: number): Promise<string> {
    const { from, bytes: known } = this.#lastRead ?? { from: offset, bytes: none };
    const line = offset < from ? none : known.subarray(offset - from);
    const end = line.indexOf(lineEnd);
    if (end >= 0) return line.toString('utf8', 0, end);
    for (let length = pieceBytes; ; length *= 4) {
      const { buffer, bytesRead } = await this.#file!.read(Buffer.allocUnsafe(length), 0, length, offset);
      const bytes = buffer.subarray(0, bytesRead);
      const end = bytes.indexOf(lineEnd);
      if (end < 0 && bytesRead === length) continue;
      this.#lastRead = { from: offset, bytes };
      return bytes.toString('utf8', 0, end < 0 ? bytesRead : end);
    }
  }

  async close(): Promise<void> {
    await this.#file?.close();
    this.#file = undefined;
  }

  /** Where the line begins. Of one that does not fit, nothing counts: the next is written in its place. */
  #write(line: object): number {
    const text = Buffer.from(`${JSON.stringify(line)}\n`);
    const offset = this.#bytes;
    this.#lastRead = undefined;
    try {
      for (let done = 0; done < text.length; ) {
        done += writeSync(this.#file!.fd, text, done, text.length - done, offset + done);
      }
    } catch (error) {
      throw storageError(error, `write ${this.path}`, this.path);
    }
    this.#bytes += text.length;
    return offset;
  }

  #telling<T>(work: () => Promise<T>): Promise<T> {
    return work().catch((error: unknown) => {
      throw storageError(error, `use ${this.path}`, this.path);
    });
  }
}
