// What was spent, by all programs of a person, in one file that is changed in transactions.

import { join } from 'node:path';
import type { DatabaseSync } from 'node:sqlite';
import { ImageError, type Spending } from '@anyimage/core';
import { changesTogether } from '../files/changes-together.ts';
import { makeFolder } from '../files/make-folder.ts';
import { bringUpToDate, inTransaction, isBusy, isDamage, openDatabase, whenFree } from '../files/sqlite.ts';
import { storageError } from '../files/storage-error.ts';
import { dayText, duration } from '../text/units.ts';

/** An amount, in millionths, that is reserved until it is known what was spent. */
export interface LedgerSpending extends Spending {
  /** The program's run. */
  readonly run: string;
  readonly currency: string;
}

/** Amounts in millionths, by currency. */
export type Amounts = ReadonlyMap<string, number>;

export interface LedgerSums {
  readonly run: Amounts;
  readonly day: Amounts;
}

/** All methods wait for other programs that hold the file, and throw `storage` if that takes too long or the file cannot be used. */
export interface Ledger {
  /** What the run and the day have cost until now. */
  sums(run: string, now: number): Promise<LedgerSums>;
  /**
   * Notes the spending, and returns the number of the entry. `decide` gets what the run and the day have cost, and may throw: then nothing is
   * noted. Between the two nobody else can spend.
   */
  reserve(spending: LedgerSpending, now: number, decide?: (sums: LedgerSums) => void): Promise<number>;
  settle(entry: number, spent: Pick<LedgerSpending, 'amount' | 'currency'>): Promise<void>;
}

/** What makes each version of the ledger of the one before. The first program gave its ledger no number. */
const versions = [
  `CREATE TABLE IF NOT EXISTS spending (
    entry INTEGER PRIMARY KEY, at INTEGER NOT NULL, day TEXT NOT NULL, run TEXT NOT NULL, intent TEXT NOT NULL,
    model TEXT NOT NULL, amount INTEGER NOT NULL, currency TEXT NOT NULL, settled INTEGER NOT NULL DEFAULT 0) STRICT;
  CREATE INDEX IF NOT EXISTS byDay ON spending (day);`,
];

/** By file: those that this process has open. Settings are read anew while it runs, and each reading uses the same file. */
const opened = new Map<string, Promise<DatabaseSync>>();

/**
 * The ledger of a home folder, whose file is opened when it is first used. `patience`: how long it waits for other programs, ms. A ledger
 * that is damaged or of a newer version is refused, for nobody knows then what was spent.
 */
export function openLedger(home: string, patience: number): Ledger {
  const path = join(home, 'budget.sqlite');

  async function use<T>(action: string, work: (database: DatabaseSync) => T): Promise<T> {
    try {
      const database = await openedAt(path, home);
      // Asked each time: a program of a newer version may have changed the file meanwhile.
      const upToDate = () => {
        bringUpToDate(database, path, versions);
        return work(database);
      };
      return await whenFree(database, upToDate, { patience });
    } catch (error) {
      // A file that is of no use may be another one by the next request.
      if (isDamage(error)) opened.delete(path);
      throw ledgerError(error, action, path, patience);
    }
  }

  const change = changesTogether((action, work) =>
    use(action, (database) => inTransaction(database, () => work(database))),
  );

  return {
    sums: (run, now) => use('read what was spent from', (database) => sumsIn(database, run, now)),
    reserve: ({ intent, model, run, amount, currency }, now, decide) =>
      change('note what is spent in', (database) => {
        // Without a version of its own: programs that do not know of it keep it all the same.
        database.exec('CREATE INDEX IF NOT EXISTS byRun ON spending (run)');
        decide?.(sumsIn(database, run, now));
        const insert = database.prepare(
          'INSERT INTO spending (at, day, run, intent, model, amount, currency) VALUES (?, ?, ?, ?, ?, ?, ?)',
        );
        return Number(insert.run(now, dayText(now), run, intent, model, amount, currency).lastInsertRowid);
      }),
    settle: (entry, { amount, currency }) =>
      change('note what was spent in', (database) => {
        const update = 'UPDATE spending SET amount = ?, currency = ?, settled = 1 WHERE entry = ?';
        database.prepare(update).run(amount, currency, entry);
      }),
  };
}

function openedAt(path: string, home: string): Promise<DatabaseSync> {
  const opening = opened.get(path) ?? makeFolder(home, 0o700).then(() => openDatabase(path));
  opened.set(path, opening);
  // What could not be opened now may be there for the next request.
  opening.catch(() => opened.delete(path));
  return opening;
}

/** Exported for the test that SQLite need not read what other runs and days have cost. */
export function sumsQuery(column: 'run' | 'day'): string {
  return `SELECT currency, sum(amount) AS sum FROM spending WHERE ${column} = ? GROUP BY currency`;
}

function sumsIn(database: DatabaseSync, run: string, now: number): LedgerSums {
  const sumsWhere = (column: 'run' | 'day', value: string): Amounts => {
    const rows = database.prepare(sumsQuery(column)).all(value);
    return new Map(rows.map(({ currency, sum }) => [String(currency), Number(sum)]));
  };
  return { run: sumsWhere('run', run), day: sumsWhere('day', dayText(now)) };
}

function ledgerError(error: unknown, action: string, path: string, patience: number): ImageError {
  if (!isBusy(error)) return storageError(error, `${action} ${path}`, path, 'or move the file away to begin at zero');
  return new ImageError('storage', `another program has held the ledger ${path} for ${duration(patience)}`, {
    cause: error,
    details: { path },
    retryable: true,
    hint: 'What was spent could not be read or noted. Try again when that program is done with the file.',
  });
}
