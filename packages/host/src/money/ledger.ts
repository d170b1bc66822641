// What was spent, by all programs of a person, in one file that is changed in transactions.

import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import type { DatabaseSync } from 'node:sqlite';
import type { Spending, SpendingSums } from '@anyimage/core';
import { bringUpToDate, inTransaction, openDatabase } from '../files/sqlite.ts';
import { storageError } from '../files/storage-error.ts';

/** An amount that is reserved until it is known what was spent. */
interface LedgerSpending extends Spending {
  /** The program's run. */
  readonly run: string;
  readonly currency: string;
}

export interface Ledger {
  /** What the run and the day have cost in `currency` until now. */
  sums(of: Pick<LedgerSpending, 'run' | 'currency'>, now: number): SpendingSums;
  /**
   * Sums what the run and the day have cost in `currency`, hands the sums to `decide`, and notes the spending if that does
   * not throw; between the two nobody else can spend. Returns the number of the entry.
   */
  reserve(spending: LedgerSpending, now: number, decide: (sums: SpendingSums) => void): number;
  settle(entry: number, amount: number): void;
  close(): void;
}

/** What makes each version of the ledger of the one before. The first program gave its ledger no number. */
const versions = [
  `CREATE TABLE IF NOT EXISTS spending (
    entry INTEGER PRIMARY KEY, at INTEGER NOT NULL, day TEXT NOT NULL, run TEXT NOT NULL, intent TEXT NOT NULL,
    model TEXT NOT NULL, amount INTEGER NOT NULL, currency TEXT NOT NULL, settled INTEGER NOT NULL DEFAULT 0) STRICT;
  CREATE INDEX IF NOT EXISTS byDay ON spending (day);`,
];

/** Opens the ledger of a home folder. Throws `storage`, also if it is damaged or of a newer version: then nobody knows what was spent. */
export async function openLedger(home: string): Promise<Ledger> {
  const path = join(home, 'budget.sqlite');
  let database: DatabaseSync | undefined;
  try {
    await mkdir(home, { recursive: true, mode: 0o700 });
    database = await openDatabase(path);
    bringUpToDate(database, path, versions);
  } catch (error) {
    database?.close();
    throw storageError(error, `read what was spent from ${path}`, path, 'or move the file away to begin at zero');
  }
  const sum = (where: string) =>
    database.prepare(`SELECT coalesce(sum(amount), 0) AS sum FROM spending WHERE currency = ? AND ${where} = ?`);
  const sums: Ledger['sums'] = ({ run, currency }, now) => {
    const sumOf = (where: string, value: string) => Number(sum(where).get(currency, value)!.sum);
    return { run: sumOf('run', run), day: sumOf('day', dayOf(now)) };
  };
  return {
    sums,
    reserve({ intent, model, run, amount, currency }, now, decide) {
      return inTransaction(database, () => {
        const day = dayOf(now);
        decide(sums({ run, currency }, now));
        const insert = database.prepare(
          'INSERT INTO spending (at, day, run, intent, model, amount, currency) VALUES (?, ?, ?, ?, ?, ?, ?)',
        );
        return Number(insert.run(now, day, run, intent, model, amount, currency).lastInsertRowid);
      });
    },
    settle(entry, amount) {
      database.prepare('UPDATE spending SET amount = ?, settled = 1 WHERE entry = ?').run(amount, entry);
    },
    close: () => database.close(),
  };
}

/** The day where the person is. */
function dayOf(ms: number): string {
  const date = new Date(ms);
  const two = (part: number) => String(part).padStart(2, '0');
  return `${date.getFullYear()}-${two(date.getMonth() + 1)}-${two(date.getDate())}`;
}
