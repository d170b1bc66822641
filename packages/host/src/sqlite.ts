// SQLite as it comes with Node.

import { open } from 'node:fs/promises';
import type { DatabaseSync } from 'node:sqlite';

/** How long a process waits for another that writes, ms. */
const patienceMs = 10_000;

/** Opens a database (`:memory:` for none on disk), making it if needed; every change waits for those of other processes. Throws SQLite's own errors. */
export async function openDatabase(path: string): Promise<DatabaseSync> {
  // SQLite would let others read what it makes.
  if (path !== ':memory:') await (await open(path, 'a', 0o600)).close();
  const { DatabaseSync } = await loadSqlite();
  return new DatabaseSync(path, { timeout: patienceMs });
}

/** Node 22 warns that this module is new. It is pinned by our tests; the warning would be shown with every picture. */
async function loadSqlite(): Promise<typeof import('node:sqlite')> {
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

/** Runs `work` in one transaction that holds the right to write from its start; all of it happens, or nothing. */
export function inTransaction<T>(database: DatabaseSync, work: () => T): T {
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

/** Whether the file is damaged, or no database. */
export function isDamage(error: unknown): boolean {
  const code = (error as { errcode?: number } | null)?.errcode;
  return code !== undefined && [11, 26].includes(code & 0xff);
}
