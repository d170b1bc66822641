// The journal that this process writes. Each change is one write, which survives the death of the process as soon as it is done.

import { randomBytes } from 'node:crypto';
import {
  close,
  closeSync,
  constants,
  fdatasync,
  fstatSync,
  ftruncateSync,
  futimesSync,
  openSync,
  unlinkSync,
  writeSync,
} from 'node:fs';
import { unlink } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { makeFolderNow } from '../files/make-folder.ts';
import { ownMark } from '../files/process-mark.ts';
import { sharedWork } from '../files/shared-work.ts';
import { errorCode } from '../files/storage-error.ts';
import { syncFolder } from '../files/write-file.ts';
import { journalEnding, type WrittenJournal } from './journal-reader.ts';
import { endLine, headLine, type JournalRecord, recordLine } from './journal-record.ts';

/** Rewritten without what is over when it has grown by so much, bytes. */
const roomyBytes = 262_144;

/** Well within the lease that others give a process that they cannot ask after, ms. */
const heartbeatMs = 600_000;

interface OpenFile {
  readonly fd: number;
  readonly name: string;
  bytes: number;
  /** Whether its name is on stable storage. */
  isNamed: boolean;
  /** Whether the file system counts the names of a file. */
  readonly isCounted: boolean;
  readonly syncing: Set<Promise<void>>;
  /** Has what was written until now on stable storage. */
  readonly sync: () => Promise<void>;
}

const sync = promisify(fdatasync);
const closed = promisify(close);

/** Those of this process that have a file. */
const open = new Set<OwnJournal>();
let isListening = false;

/** Has a journal that has nothing to tell removed when the process ends. Nothing is lost where that does not happen. */
function removeAtExit(journal: OwnJournal): void {
  open.add(journal);
  if (isListening) return;
  isListening = true;
  process.on('exit', () => {
    for (const one of open) one.removeIfEmpty();
  });
}

export class OwnJournal implements WrittenJournal {
  /** By ticket, the last of each; of deleted ones only those that other journals may still have. */
  readonly records = new Map<string, JournalRecord>();
  readonly isGone = false;
  readonly names = new Set<string>();
  readonly #folder: string;
  /** Tickets that other journals may have, too. */
  readonly #shared = new Set<string>();
  #file: OpenFile | undefined;
  #rewriteAt = roomyBytes;
  #rewriting: Promise<void> | undefined;
  #beating: NodeJS.Timeout | undefined;
  /** Whether an earlier file of this journal could not be removed: then what this one says of its tickets is needed. */
  #hasLeftover = false;

  constructor(folder: string) {
    this.#folder = folder;
  }

  /** Whether something was written. */
  get hasBegun(): boolean {
    return this.#file !== undefined;
  }

  /** Whether it has grown enough that writing it anew may be worth it. */
  get isRoomy(): boolean {
    return this.#file !== undefined && this.#file.bytes > this.#rewriteAt && !this.#rewriting;
  }

  /**
   * Adds the newest state of a ticket, in one write. Resolves at once, or with `isSynced` when it would survive a power cut.
   * `isShared`: other journals may have the ticket, too. Rejects with the system's error; without `isSynced`, nothing was added then.
   */
  async append(record: JournalRecord, { isSynced = false, isShared = false } = {}): Promise<void> {
    const file = this.#file;
    if (!file) this.#begin([...this.records.values(), record]);
    else writeLine(file, recordLine(record));
    if (isShared) this.#shared.add(record.id);
    this.#note(record);
    // Taken for that of a dead process, and removed: what it said is said again.
    if (file?.isCounted && fstatSync(file.fd).nlink === 0) {
      this.#begin([...this.records.values()]);
      this.names.delete(file.name);
      void this.#discard(file);
    }
    if (isSynced) await this.#sync();
  }

  /** Writes it anew, with the records that `isNeeded` says. Rejects with the system's error; the old file stays then. */
  async rewrite(isNeeded: (record: JournalRecord) => boolean): Promise<void> {
    const file = this.#file;
    if (!file || this.#rewriting) return;
    for (const record of [...this.records.values()]) if (!isNeeded(record)) this.records.delete(record.id);
    this.#begin([...this.records.values()]);
    this.#rewriteAt = 2 * this.#file!.bytes + roomyBytes;
    this.#rewriting = this.#replace(file).finally(() => {
      this.#rewriting = undefined;
    });
    await this.#rewriting;
  }

  /** Ends it: whatever it holds is free. It begins anew if something more is added. Never rejects. */
  async end(): Promise<void> {
    await this.#rewriting;
    const file = this.#file;
    if (!file) return;
    if (!this.removeIfEmpty()) tryTo(() => writeLine(file, endLine));
    open.delete(this);
    clearInterval(this.#beating);
    this.#beating = undefined;
    this.#file = undefined;
    this.#hasLeftover = false;
    this.records.clear();
    this.names.clear();
    this.#shared.clear();
    await this.#discard(file);
  }

  /** Removes its file if nothing in it matters to anybody. Never throws. */
  removeIfEmpty(): boolean {
    if (!this.#file || this.records.size > 0 || this.#hasLeftover) return false;
    const path = join(this.#folder, this.#file.name);
    return tryTo(() => unlinkSync(path));
  }

  #note(record: JournalRecord): void {
    const isShared = this.#shared.has(record.id) || this.names.size > 1;
    if (record.ticket || record.isHeld || isShared) this.records.set(record.id, record);
    else this.records.delete(record.id);
  }

  /** Goes on in a new file that begins with these records. Throws the system's error; then nothing has changed. */
  #begin(records: readonly JournalRecord[]): void {
    const name = `${randomBytes(8).toString('hex')}${journalEnding}`;
    const path = join(this.#folder, name);
    makeFolderNow(this.#folder, 0o700);
    const { O_APPEND, O_CREAT, O_EXCL, O_WRONLY } = constants;
    const fd = openSync(path, O_APPEND | O_CREAT | O_EXCL | O_WRONLY, 0o600);
    const isCounted = fstatSync(fd).nlink > 0;
    const file: OpenFile = {
      fd,
      name,
      bytes: 0,
      isNamed: false,
      isCounted,
      syncing: new Set(),
      sync: sharedWork(() => syncFile(file, this.#folder)),
    };
    try {
      writeLine(file, headLine(ownMark()) + records.map(recordLine).join(''));
    } catch (error) {
      closeSync(fd);
      unlinkSync(path);
      throw error;
    }
    this.#file = file;
    this.names.add(name);
    removeAtExit(this);
    this.#beating ??= setInterval(() => this.#beat(), heartbeatMs).unref();
  }

  /** Shows who cannot ask after this process that it lives: it may wait for a job and have nothing to write for hours. */
  #beat(): void {
    const isHolding = [...this.records.values()].some(({ isHeld }) => isHeld);
    const now = new Date();
    if (this.#file && isHolding) tryTo(() => futimesSync(this.#file!.fd, now, now));
  }

  /** Removes a file whose records are in the new one, once they would survive there. */
  async #replace(old: OpenFile): Promise<void> {
    try {
      await this.#sync();
      await this.#discard(old);
      await unlink(join(this.#folder, old.name));
    } catch (error) {
      this.#hasLeftover ||= errorCode(error) !== 'ENOENT';
    } finally {
      // One that could not be removed is read from now on, like those of others.
      this.names.delete(old.name);
    }
  }

  async #discard({ fd, syncing }: OpenFile): Promise<void> {
    await Promise.allSettled(syncing);
    await closed(fd).catch(() => {});
  }

  async #sync(): Promise<void> {
    const file = this.#file!;
    const work = file.sync();
    file.syncing.add(work);
    await work.finally(() => file.syncing.delete(work));
  }
}

async function syncFile(file: OpenFile, folder: string): Promise<void> {
  await sync(file.fd);
  if (file.isNamed) return;
  await syncFolder(folder);
  file.isNamed = true;
}

function tryTo(work: () => void): boolean {
  try {
    work();
    return true;
  } catch {
    return false;
  }
}

/** In one write, unless the system takes it in pieces. Of a line that does not fit, nothing is left. */
function writeLine(file: OpenFile, text: string): void {
  const bytes = Buffer.from(text);
  try {
    for (let done = 0; done < bytes.length; ) done += writeSync(file.fd, bytes, done);
  } catch (error) {
    ftruncateSync(file.fd, file.bytes);
    throw error;
  }
  file.bytes += bytes.length;
}
