// One SQLite file for keys, intents and spending: changes that come together are one transaction, and survive a kill.

import { join } from 'node:path';
import type { DatabaseSync, SQLInputValue, StatementSync } from 'node:sqlite';
import {
  bringUpToDate,
  changesTogether,
  inTransaction,
  makeFolder,
  openDatabase,
  storageError,
  whenFree,
} from '@anyimage/host';

/** What makes each version of the file of the one before. */
const versions = [
  `CREATE TABLE keys (id TEXT PRIMARY KEY, hash TEXT NOT NULL UNIQUE, at INTEGER NOT NULL, facts TEXT NOT NULL) STRICT;
  CREATE TABLE intents (
    id TEXT PRIMARY KEY, key TEXT NOT NULL, name TEXT, fingerprint TEXT NOT NULL, at INTEGER NOT NULL, tries INTEGER NOT NULL,
    answer TEXT, answeredAt INTEGER, arrived INTEGER NOT NULL DEFAULT 0, task TEXT) STRICT;
  CREATE UNIQUE INDEX byName ON intents (key, name) WHERE name IS NOT NULL;
  CREATE INDEX byFingerprint ON intents (key, fingerprint);
  CREATE INDEX byTask ON intents (at) WHERE task IS NOT NULL AND answer IS NULL;
  CREATE INDEX byAge ON intents (at);
  CREATE TABLE usage (
    day TEXT NOT NULL, key TEXT NOT NULL, model TEXT NOT NULL, currency TEXT NOT NULL, requests INTEGER NOT NULL DEFAULT 0,
    pictures INTEGER NOT NULL DEFAULT 0, failed INTEGER NOT NULL DEFAULT 0, amount INTEGER NOT NULL DEFAULT 0,
    PRIMARY KEY (day, key, model, currency)) STRICT, WITHOUT ROWID;
  CREATE TABLE reservations (
    entry INTEGER PRIMARY KEY, at INTEGER NOT NULL, day TEXT NOT NULL, key TEXT NOT NULL, model TEXT NOT NULL, intent TEXT NOT NULL,
    amount INTEGER NOT NULL, currency TEXT NOT NULL) STRICT;`,
];

/** How long it waits for other programs that hold the file, ms. */
const patience = 10_000;

type Values = readonly SQLInputValue[];

/** The file, with statements prepared once. */
export interface Database {
  /** All of it happens, or nothing; what others ask at the same time is in the same transaction. */
  change<T>(action: string, work: (statements: Statements) => T): Promise<T>;
  /** Looks something up. */
  look<T>(action: string, work: (statements: Statements) => T): T;
  close(): void;
}

export interface Statements {
  run(sql: string, ...values: Values): { readonly changes: number };
  get(sql: string, ...values: Values): Record<string, unknown> | undefined;
  all(sql: string, ...values: Values): readonly Record<string, unknown>[];
}

/** Opens the file in a folder, making both if needed. Throws `storage`, also for one of a newer version. */
export async function openKeptDatabase(folder: string): Promise<Database> {
  const path = join(folder, 'gateway.sqlite');
  const explained = (error: unknown, action: string) => storageError(error, `${action} ${path}`, path);
  let database: DatabaseSync;
  try {
    await makeFolder(folder, 0o700);
    database = await openDatabase(path);
    // Readers and the writer do not wait for each other, and a kill loses nothing that was written.
    database.exec('PRAGMA journal_mode = WAL; PRAGMA synchronous = NORMAL');
    await whenFree(database, () => bringUpToDate(database, path, versions), { patience });
  } catch (error) {
    throw explained(error, 'open');
  }
  const prepared = new Map<string, StatementSync>();
  const statement = (sql: string) => {
    const known = prepared.get(sql) ?? database.prepare(sql);
    prepared.set(sql, known);
    return known;
  };
  const statements: Statements = {
    run(sql, ...values) {
      return { changes: Number(statement(sql).run(...values).changes) };
    },
    get: (sql, ...values) => statement(sql).get(...values),
    all: (sql, ...values) => statement(sql).all(...values),
  };
  const change = changesTogether(async (action, work) => {
    try {
      await whenFree(database, () => inTransaction(database, () => work(database)), { patience });
    } catch (error) {
      throw explained(error, action);
    }
  });
  return {
    change: (action, work) => change(action, () => work(statements)),
    look(action, work) {
      try {
        return work(statements);
      } catch (error) {
        throw explained(error, action);
      }
    },
    close: () => database.close(),
  };
}
