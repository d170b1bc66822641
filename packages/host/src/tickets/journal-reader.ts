// All journals of a folder. What was read once is not read again: journals only grow, and a name is never used twice.

import { open, readdir, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { isGone } from '../files/process-mark.ts';
import { errorCode, storageError } from '../files/storage-error.ts';
import type { OnNotice } from '../text/notice.ts';
import { type JournalHead, type JournalRecord, journalFormat, parseHead, parseLine } from './journal-record.ts';

export const journalEnding = '.journal';

/** How long a process is taken to live that cannot be asked after, since it last touched its journal, ms. */
const leaseMs = 3_600_000;

/** What is known of a journal. */
export interface Journal {
  readonly name: string;
  /** `undefined` until its first line is complete. */
  head?: JournalHead;
  /** By ticket, the last of each. */
  readonly records: Map<string, JournalRecord>;
  /** How far it is read; a line without its end is not. */
  bytes: number;
  lines: number;
  /** Lines that are no record, or a first line that is none. */
  damaged: number;
  /** Whether its process said that it writes no more. */
  hasEnded: boolean;
  /** Whether its process has ended; `undefined` if that cannot be known from here. */
  isGone: boolean | undefined;
  /** When it was last written to, Unix time in ms. */
  writtenAt: number;
}

/** The journal that is written here: known without reading. */
export interface WrittenJournal extends Pick<Journal, 'records' | 'isGone'> {
  /** Of its files: one, or none, and while it is written anew the one before. */
  readonly names: ReadonlySet<string>;
}

/** The state of a ticket, and the journal that it was found in. */
export interface Found {
  readonly record: JournalRecord;
  readonly journal: Journal | WrittenJournal;
}

export class JournalReader {
  readonly #folder: string;
  readonly #own: WrittenJournal;
  readonly #onNotice: OnNotice;
  readonly #journals = new Map<string, Journal>();
  /** Read by nobody: the journals of a newer version, and what is none. */
  readonly #foreign = new Set<string>();
  #turn: Promise<unknown> = Promise.resolve();
  #names: readonly string[] = [];

  constructor(folder: string, own: WrittenJournal, onNotice: OnNotice) {
    this.#folder = folder;
    this.#own = own;
    this.#onNotice = onNotice;
  }

  /** All names in the folder when it was last read. */
  get names(): readonly string[] {
    return this.#names;
  }

  /** Those of others. */
  get journals(): readonly Journal[] {
    return [...this.#journals.values()];
  }

  /** Whether a journal other than this one has the ticket. */
  isBeside(journal: Journal | WrittenJournal, id: string): boolean {
    return this.#everyone().some((other) => other !== journal && other.records.get(id)?.ticket !== undefined);
  }

  /** Reads what is new. Throws `storage`. */
  refresh(): Promise<void> {
    const next = this.#turn.then(() => this.#refresh());
    this.#turn = next.catch(() => {});
    return next;
  }

  /** The newest state of a ticket; where two were written without knowing of each other, the one that keeps it. */
  find(id: string): Found | undefined {
    let found: Found | undefined;
    for (const journal of this.#everyone()) {
      const record = journal.records.get(id);
      if (record && (!found || isNewer(record, found.record))) found = { record, journal };
    }
    return found;
  }

  /** `find` for all tickets. */
  all(): ReadonlyMap<string, Found> {
    const all = new Map<string, Found>();
    for (const journal of this.#everyone()) {
      for (const record of journal.records.values()) {
        const other = all.get(record.id);
        if (!other || isNewer(record, other.record)) all.set(record.id, { record, journal });
      }
    }
    return all;
  }

  #everyone(): readonly (Journal | WrittenJournal)[] {
    return [this.#own, ...this.#journals.values()];
  }

  async #refresh(): Promise<void> {
    try {
      for (;;) {
        const names = await this.#list();
        for (const name of names) await this.#read(name);
        const after = new Set(await this.#list());
        // One that is gone was merged into another, which may not have been there when its turn came.
        for (const name of this.#journals.keys()) if (!after.has(name)) this.#journals.delete(name);
        if (names.every((name) => after.has(name))) break;
      }
    } catch (error) {
      throw storageError(error, `read the tickets in ${this.#folder}`, this.#folder);
    }
    for (const journal of this.#journals.values()) journal.isGone = hasNoProcess(journal);
  }

  async #list(): Promise<readonly string[]> {
    this.#names = await readdir(this.#folder).catch((error) => {
      if (errorCode(error) === 'ENOENT') return [];
      throw error;
    });
    return this.#names.filter(
      (name) => name.endsWith(journalEnding) && !this.#own.names.has(name) && !this.#foreign.has(name),
    );
  }

  async #read(name: string): Promise<void> {
    const journal = this.#journals.get(name) ?? newJournal(name);
    const path = join(this.#folder, name);
    const text = await readFrom(path, journal);
    if (text === undefined) return;
    for (const line of text.split('\n').slice(0, -1)) this.#take(journal, line, path);
    if (journal.head?.journal === journalFormat || !journal.lines) this.#journals.set(name, journal);
    else this.#foreign.add(name);
  }

  #take(journal: Journal, line: string, path: string): void {
    journal.lines += 1;
    if (journal.lines === 1) {
      const head = parseHead(line);
      if (!head) this.#onNotice({ kind: 'journal-damaged', path, line: 1, reason: 'it does not say whose it is' });
      else if (head.journal > journalFormat)
        this.#onNotice({ kind: 'newer-format', path, what: 'its tickets are not shown' });
      if (head) journal.head = head;
      return;
    }
    if (journal.head?.journal !== journalFormat) return;
    const read = parseLine(line);
    if (read === 'end') journal.hasEnded = true;
    else if ('record' in read) journal.records.set(read.record.id, read.record);
    else {
      journal.damaged += 1;
      this.#onNotice({ kind: 'journal-damaged', path, line: journal.lines, reason: read.problem });
    }
  }
}

function hasNoProcess({ head, hasEnded }: Journal): boolean | undefined {
  if (!head) return undefined;
  return hasEnded || !head.process || isGone(head.process);
}

function newJournal(name: string): Journal {
  return { name, records: new Map(), bytes: 0, lines: 0, damaged: 0, hasEnded: false, isGone: undefined, writtenAt: 0 };
}

/** What a journal has more than is known, as whole lines; `undefined` if there is no such file any more. */
async function readFrom(path: string, journal: Journal): Promise<string | undefined> {
  try {
    const { size, mtimeMs } = await stat(path);
    journal.writtenAt = mtimeMs;
    if (size <= journal.bytes) return '';
    const file = await open(path);
    try {
      const bytes = Buffer.alloc(size - journal.bytes);
      const { bytesRead } = await file.read(bytes, 0, bytes.length, journal.bytes);
      const whole = bytes.subarray(0, bytes.subarray(0, bytesRead).lastIndexOf(10) + 1);
      journal.bytes += whole.length;
      return whole.toString('utf8');
    } finally {
      await file.close();
    }
  } catch (error) {
    if (errorCode(error) === 'ENOENT') return undefined;
    throw error;
  }
}

export function isNewer(one: JournalRecord, other: JournalRecord): boolean {
  if (one.seq !== other.seq) return one.seq > other.seq;
  return one.ticket !== undefined && other.ticket === undefined;
}

/** Whether somebody is at work on a ticket. */
export function isHeldByLiving({ record, journal }: Found, now: number): boolean {
  if (!record.isHeld) return false;
  const lastSign = 'writtenAt' in journal ? Math.max(record.at, journal.writtenAt) : record.at;
  return !(journal.isGone ?? now - lastSign > leaseMs);
}
