// What accounts are doing, for all programs of a person, in one file that is changed in transactions.

import { join } from 'node:path';
import type { DatabaseSync } from 'node:sqlite';
import {
  type AccountRate,
  type Clock,
  ImageError,
  type Limiter,
  type LimitStore,
  systemClock,
  tooLate,
} from '@anyimage/core';
import { makeFolder } from '../files/make-folder.ts';
import { isGone, ownMark, type PartialMark } from '../files/process-mark.ts';
import { bringUpToDate, inTransaction, openDatabase } from '../files/sqlite.ts';
import { storageError } from '../files/storage-error.ts';

export interface FileLimitStoreOptions {
  /** Default the machine's. */
  readonly clock?: Clock;
}

const secondMs = 1000;
const minuteMs = 60_000;
/** How often it is looked whether a place is free, ms. */
const lookMs = 100;
/** A place of a process that cannot be asked after is free after this, ms. */
const leaseMs = 3_600_000;
/** So many calls that went well let one more run at a time, up to what the service allows. */
const goodStretch = 10;

const versions = [
  `CREATE TABLE accounts (account TEXT PRIMARY KEY, allowed INTEGER, successes INTEGER NOT NULL, pausedUntil INTEGER NOT NULL) STRICT;
  CREATE TABLE places (place INTEGER PRIMARY KEY, account TEXT NOT NULL, at INTEGER NOT NULL, holder TEXT NOT NULL) STRICT;
  CREATE TABLE starts (account TEXT NOT NULL, at INTEGER NOT NULL) STRICT;
  CREATE INDEX placesOf ON places (account);
  CREATE INDEX startsOf ON starts (account, at);`,
];

interface Account {
  /** Calls at a time, since the service last said that there were too many; `null` = as many as it allows. */
  readonly allowed: number | null;
  readonly successes: number;
  readonly pausedUntil: number;
}

/** A place that was taken, or how long to wait, and whether for sure so long (ms). */
type Entry = { readonly place: number } | { readonly wait: number; readonly isCertain: boolean };

/**
 * Limits that all programs of a person keep together. A place that a dead process held is free. Opens its file with the first
 * call. A limiter's `run` throws `storage` before the work where the file cannot be used.
 */
export function fileLimitStore(home: string, { clock = systemClock }: FileLimitStoreOptions = {}): LimitStore {
  const path = join(home, 'limits.sqlite');
  let opening: Promise<DatabaseSync> | undefined;
  const open = () => {
    opening ??= openLimits(home, path);
    return opening;
  };
  return { for: (account, rate) => limiterOf(account, rate, { open, path, clock }) };
}

interface Limits {
  readonly open: () => Promise<DatabaseSync>;
  readonly path: string;
  readonly clock: Clock;
}

async function openLimits(home: string, path: string): Promise<DatabaseSync> {
  try {
    await makeFolder(home, 0o700);
    const database = await openDatabase(path);
    bringUpToDate(database, path, versions);
    return database;
  } catch (error) {
    throw unusable(error, path);
  }
}

function unusable(error: unknown, path: string): ImageError {
  return storageError(error, `use the limits in ${path}`, path, 'or move the file away');
}

function limiterOf(account: string, rate: AccountRate, { open, path, clock }: Limits): Limiter {
  async function enter(database: DatabaseSync, signal: AbortSignal, deadline: number): Promise<number> {
    for (;;) {
      signal.throwIfAborted();
      const now = clock.now();
      const entry = inTransaction(database, () => takePlace(database, account, rate, now));
      if ('place' in entry) return entry.place;
      if (entry.isCertain && now + entry.wait >= deadline) throw tooLate(entry.wait);
      await clock.sleep(entry.wait, signal);
    }
  }

  return {
    async run(work, signal, deadline = Number.POSITIVE_INFINITY) {
      const database = await open();
      const place = await enter(database, signal, deadline).catch((error) => {
        throw signal.aborted && error === signal.reason ? error : unusable(error, path);
      });
      let failure: unknown;
      try {
        return await work();
      } catch (error) {
        failure = error;
        throw error;
      } finally {
        leave(database, account, rate, { place, failure, now: clock.now() });
      }
    },
  };
}

/** Takes a place if there is one. */
function takePlace(
  database: DatabaseSync,
  account: string,
  { concurrent, perSecond, perMinute }: AccountRate,
  now: number,
): Entry {
  const { allowed, pausedUntil } = accountIn(database, account);
  database.prepare('DELETE FROM starts WHERE account = ? AND at <= ?').run(account, now - minuteMs);
  const starts = database.prepare('SELECT at FROM starts WHERE account = ? ORDER BY at').all(account);
  const endOf = (most: number | undefined, window: number) => {
    const first = most === undefined ? undefined : starts.at(-most);
    return first === undefined ? 0 : Number(first.at) + window - now;
  };
  const wait = Math.max(pausedUntil - now, endOf(perSecond, secondMs), endOf(perMinute, minuteMs));
  if (wait > 0) return { wait, isCertain: true };
  if (takenPlaces(database, account, now) >= Math.min(allowed ?? concurrent, concurrent)) {
    return { wait: lookMs, isCertain: false };
  }
  const isCounted = (perMinute ?? perSecond) !== undefined;
  if (isCounted) database.prepare('INSERT INTO starts (account, at) VALUES (?, ?)').run(account, now);
  const insert = database.prepare('INSERT INTO places (account, at, holder) VALUES (?, ?, ?)');
  return { place: Number(insert.run(account, now, JSON.stringify(ownMark())).lastInsertRowid) };
}

/** Frees the places of processes that have ended, and counts the others. */
function takenPlaces(database: DatabaseSync, account: string, now: number): number {
  const places = database.prepare('SELECT place, at, holder FROM places WHERE account = ?').all(account);
  const isLeft = ({ at, holder }: (typeof places)[number]) =>
    isGone(JSON.parse(String(holder)) as PartialMark) ?? now - Number(at) > leaseMs;
  const left = places.filter(isLeft);
  for (const { place } of left) database.prepare('DELETE FROM places WHERE place = ?').run(place!);
  return places.length - left.length;
}

interface Ended {
  readonly place: number;
  readonly failure: unknown;
  readonly now: number;
}

/** Frees a place and learns from how the call ended. What cannot be noted costs nobody the picture: the place is free when the process ends. */
function leave(
  database: DatabaseSync,
  account: string,
  { concurrent }: AccountRate,
  { place, failure, now }: Ended,
): void {
  try {
    inTransaction(database, () => {
      database.prepare('DELETE FROM places WHERE place = ?').run(place);
      const next = learned(accountIn(database, account), concurrent, failure, now);
      database
        .prepare('INSERT OR REPLACE INTO accounts (account, allowed, successes, pausedUntil) VALUES (?, ?, ?, ?)')
        .run(account, next.allowed, next.successes, next.pausedUntil);
    });
  } catch {
    // The next call is told if that lasts.
  }
}

function accountIn(database: DatabaseSync, account: string): Account {
  const row = database.prepare('SELECT allowed, successes, pausedUntil FROM accounts WHERE account = ?').get(account);
  return (row as Account | undefined) ?? { allowed: null, successes: 0, pausedUntil: 0 };
}

function learned(account: Account, concurrent: number, failure: unknown, now: number): Account {
  const allowed = Math.min(account.allowed ?? concurrent, concurrent);
  if (ImageError.isInstance(failure) && failure.code === 'rate-limit') {
    const pausedUntil = Math.max(account.pausedUntil, Math.ceil(now + (failure.retryAfter ?? 0)));
    return { allowed: Math.max(1, Math.floor(allowed / 2)), successes: 0, pausedUntil };
  }
  if (failure !== undefined) return account;
  const successes = account.successes + 1;
  const isTrusted = allowed < concurrent && successes >= goodStretch;
  return { ...account, allowed: isTrusted ? allowed + 1 : account.allowed, successes: isTrusted ? 0 : successes };
}
