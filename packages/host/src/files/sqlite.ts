// SQLite as it comes with Node.

import { open } from 'node:fs/promises';
import type * as sqlite from 'node:sqlite';
import { setTimeout as pause } from 'node:timers/promises';
import { errorCode, newerVersion } from './storage-error.ts';

/** How long a change waits for those of other processes, ms. */
const changePatienceMs = 10_000;

/**
 * Opens a database (`:memory:` for none on disk), making it if needed; every change waits for those of other processes. One
 * that this person may only read can be read. Throws the system's and SQLite's own errors.
 */
export async function openDatabase(path: string): Promise<sqlite.DatabaseSync> {
  if (path !== ':memory:') await makeFile(path);
  const { DatabaseSync } = await loadSqlite();
  return new DatabaseSync(path, { timeout: changePatienceMs });
}

/**
 * Makes an empty file for a database, for this person alone; a file that SQLite makes could be read by others. An existing file
 * is not opened: closing it would end the locks that this process has on it.
 */
export async function makeFile(path: string): Promise<void> {
  try {
    await (await open(path, 'wx', 0o600)).close();
  } catch (error) {
    // On a read-only disk even an existing file gives EROFS. If it does not exist, SQLite will say so.
    if (!['EEXIST', 'EROFS'].includes(errorCode(error))) throw error;
  }
}

/** Node 22 warns that this module is new. It is pinned by our tests; the warning would be shown with every picture. */
async function loadSqlite(): Promise<typeof sqlite> {
  const { emitWarning } = process;
  process.emitWarning = ((warning: string | Error, ...rest: unknown[]) => {
    if (/^SQLite is an experimental feature/.test(String(warning))) return;
    Reflect.apply(emitWarning, process, [warning, ...rest]);
  }) as typeof process.emitWarning;
  try {
    return await import('node:sqlite');
  } finally {
    process.emitWarning = emitWarning;
  }
}

export interface Waiting {
  /** Called once, when another process takes long. */
  readonly onWait?: (() => void) | undefined;
  /** ms; default five minutes. */
  readonly patience?: number;
  /** Ends the waiting. */
  readonly signal?: AbortSignal | undefined;
}

const noticeableMs = 500;

/**
 * Runs `work` as soon as no other process holds the database. This process does not block while it waits. Throws SQLite's own
 * errors, also that of a busy database at the end of the patience, and an `AbortError`.
 */
export async function whenFree<T>(
  database: sqlite.DatabaseSync,
  work: () => T,
  { onWait, patience = 300_000, signal }: Waiting = {},
): Promise<T> {
  const started = performance.now();
  let isTold = false;
  for (;;) {
    signal?.throwIfAborted();
    try {
      return withoutWaiting(database, work);
    } catch (error) {
      const waited = performance.now() - started;
      if (!isBusy(error) || waited >= patience) throw error;
      if (!isTold && waited >= noticeableMs) {
        isTold = true;
        onWait?.();
      }
    }
    await pause(20, undefined, { ...(signal && { signal }) });
  }
}

function withoutWaiting<T>(database: sqlite.DatabaseSync, work: () => T): T {
  database.exec('PRAGMA busy_timeout = 0');
  try {
    return work();
  } finally {
    database.exec(`PRAGMA busy_timeout = ${changePatienceMs}`);
  }
}

/**
 * Runs `work` in one transaction that holds the right to write from its start; all of it happens, or nothing. Within another
 * transaction it is a part of that.
 */
export function inTransaction<T>(database: sqlite.DatabaseSync, work: () => T): T {
  if (database.isTransaction) return work();
  database.exec('BEGIN IMMEDIATE');
  try {
    const result = work();
    database.exec('COMMIT');
    return result;
  } catch (error) {
    if (database.isTransaction) database.exec('ROLLBACK');
    throw error;
  }
}

/**
 * Prepares a statement that changes something. SQLite says the number of the row that was written last, and the tables of a full text
 * search have rows beyond 2^53, which no JavaScript number holds: Node 26 throws for them, after the change was made.
 */
export function prepareChange(database: sqlite.DatabaseSync, sql: string): Pick<sqlite.StatementSync, 'run'> {
  const statement = database.prepare(sql);
  statement.setReadBigInts(true);
  return statement;
}

/** The number of the form of a database; 0 for one that nothing was written to. */
export function versionOf(database: sqlite.DatabaseSync): number {
  return Number(database.prepare('PRAGMA user_version').get()!.user_version);
}

/**
 * Brings the tables of a database up to date: `steps[n]` makes version n + 1 of the one before. Of several processes one does it.
 * Throws `storage` for a database of a newer version, which stays as it is, and SQLite's errors.
 */
export function bringUpToDate(database: sqlite.DatabaseSync, path: string, steps: readonly string[]): void {
  if (versionOf(database) > steps.length) throw newerVersion(path);
  if (versionOf(database) === steps.length) return;
  inTransaction(database, () => {
    for (const step of steps.slice(versionOf(database))) database.exec(step);
    database.exec(`PRAGMA user_version = ${steps.length}`);
  });
}

/** Whether the file is damaged, or no database. */
export function isDamage(error: unknown): boolean {
  return hasCode(error, 11, 26);
}

/** Whether another process reads or writes it. */
export function isBusy(error: unknown): boolean {
  return hasCode(error, 5);
}

/** Whether it may be read but not written, or its files cannot be made. */
export function isWriteProtected(error: unknown): boolean {
  return hasCode(error, 8, 14) || ['EACCES', 'EPERM', 'EROFS'].includes(errorCode(error));
}

/** Whether a value, and nothing else, cannot be stored. */
export function isRefusedValue(error: unknown): boolean {
  return hasCode(error, 18, 19, 20) || /^ERR_(INVALID_ARG|OUT_OF_RANGE)/.test(errorCode(error));
}

/** SQLite's primary result codes: https://www.sqlite.org/rescode.html */
function hasCode(error: unknown, ...codes: readonly number[]): boolean {
  const code = (error as { errcode?: number } | null)?.errcode;
  return code !== undefined && codes.includes(code & 0xff);
}
