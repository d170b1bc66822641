// Changes of a database that come at the same time, in one transaction: a disk is waited for once.

import type { DatabaseSync } from 'node:sqlite';
import { setTimeout as pause } from 'node:timers/promises';
import { sharedWork } from './shared-work.ts';

type Change<T> = (database: DatabaseSync) => T;

interface Waiting {
  readonly work: Change<unknown>;
  resolve(value: unknown): void;
  reject(error: unknown): void;
}

/** While a transaction takes its time, nothing else happens in this process: so many times as long others have their turn. */
const othersShare = 2;

/**
 * Gives a function that does changes, each as a whole or not at all: one that throws leaves the others. `transaction` does work in one
 * transaction; if that fails, all of them do. `action`: as `transaction` wants it, of the first of them.
 */
export function changesTogether(
  transaction: (action: string, work: Change<void>) => Promise<void>,
): <T>(action: string, work: Change<T>) => Promise<T> {
  const waiting: Waiting[] = [];
  let freeAt = Number.NEGATIVE_INFINITY;
  let firstAction = '';
  const doWaiting = sharedWork(async () => {
    const wait = freeAt - performance.now();
    if (wait > 0) await pause(wait);
    const group = waiting.splice(0);
    const settlings: (() => void)[] = [];
    let started = performance.now();
    try {
      await transaction(firstAction, (database) => {
        started = performance.now();
        settlings.length = 0;
        for (const one of group) settlings.push(attempt(one, database));
      });
      for (const settle of settlings) settle();
    } catch (error) {
      for (const { reject } of group) reject(error);
    } finally {
      const now = performance.now();
      freeAt = now + othersShare * (now - started);
    }
  });

  return <T>(action: string, work: Change<T>) => {
    if (waiting.length === 0) firstAction = action;
    const done = new Promise<T>((resolve, reject) => {
      waiting.push({ work, resolve: resolve as Waiting['resolve'], reject });
    });
    void doWaiting();
    return done;
  };
}

/** Does one; gives what tells its caller, once the transaction is over. */
function attempt({ work, resolve, reject }: Waiting, database: DatabaseSync): () => void {
  database.exec('SAVEPOINT own');
  try {
    const value = work(database);
    database.exec('RELEASE own');
    return () => resolve(value);
  } catch (error) {
    // A disk that is full ends the transaction itself.
    if (!database.isTransaction) throw error;
    database.exec('ROLLBACK TO own; RELEASE own');
    return () => reject(error);
  }
}
