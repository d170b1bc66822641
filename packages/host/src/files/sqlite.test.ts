import { execFile } from 'node:child_process';
import { mkdtemp } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { expect, test } from 'vitest';
import { inTransaction, isBusy, openDatabase, whenFree } from './sqlite.ts';

const run = promisify(execFile);

async function openTwice() {
  const path = join(await mkdtemp(join(tmpdir(), 'anyimage-')), 'some.sqlite');
  return [await openDatabase(path), await openDatabase(path)] as const;
}

test('who waits for a database goes on when it is free', async () => {
  const [one, other] = await openTwice();
  other.exec('BEGIN IMMEDIATE');
  const began = whenFree(one, () => one.exec('BEGIN IMMEDIATE'));
  other.exec('COMMIT');
  await began;
  expect([one.isTransaction, other.isTransaction]).toEqual([true, false]);
});

test('patience has an end', async () => {
  const [one, other] = await openTwice();
  other.exec('BEGIN IMMEDIATE');
  const error = await whenFree(one, () => one.exec('BEGIN IMMEDIATE'), { patience: 0 }).catch((thrown) => thrown);
  expect(isBusy(error)).toBe(true);
});

test('a signal ends the waiting', async () => {
  const [one, other] = await openTwice();
  other.exec('BEGIN IMMEDIATE');
  const stop = new AbortController();
  const began = whenFree(one, () => one.exec('BEGIN IMMEDIATE'), { signal: stop.signal });
  stop.abort();
  await expect(began).rejects.toMatchObject({ name: 'AbortError' });
  expect(one.isTransaction).toBe(false);
});

test('opening a database again in one process does not end the locks of the first', async () => {
  const path = join(await mkdtemp(join(tmpdir(), 'anyimage-')), 'some.sqlite');
  const one = await openDatabase(path);
  one.exec('BEGIN IMMEDIATE');
  (await openDatabase(path)).close();
  const script = `
    import { DatabaseSync } from 'node:sqlite';
    new DatabaseSync(process.argv[1]).exec('BEGIN IMMEDIATE');`;
  const write = run(process.execPath, ['--input-type=module', '-e', script, path]);
  await expect(write).rejects.toMatchObject({ stderr: expect.stringContaining('database is locked') });
  one.close();
});

test('a transaction within another is undone with it', async () => {
  const database = await openDatabase(':memory:');
  database.exec('CREATE TABLE one (value)');
  const outer = () => {
    inTransaction(database, () => database.exec('INSERT INTO one VALUES (1)'));
    throw new Error('no');
  };
  expect(() => inTransaction(database, outer)).toThrow('no');
  expect(database.prepare('SELECT * FROM one').all()).toEqual([]);
});
