import { DatabaseSync } from 'node:sqlite';
import { expect, test } from 'vitest';
import { changesTogether } from './changes-together.ts';
import { inTransaction } from './sqlite.ts';

function openTable() {
  const database = new DatabaseSync(':memory:');
  database.exec('CREATE TABLE notes (text TEXT NOT NULL) STRICT');
  let transactions = 0;
  const change = changesTogether(async (_, work) => {
    transactions += 1;
    inTransaction(database, () => work(database));
  });
  const add = (text: string | null) =>
    change('add', (table) => table.prepare('INSERT INTO notes VALUES (?)').run(text).lastInsertRowid);
  const texts = () =>
    database
      .prepare('SELECT text FROM notes ORDER BY rowid')
      .all()
      .map(({ text }) => text);
  return { database, change, add, texts, counted: () => transactions };
}

test('changes at the same time share a transaction, and one that fails leaves the others', async () => {
  const { add, change, texts, counted } = openTable();
  const half = change('both', (table) => {
    table.exec("INSERT INTO notes VALUES ('half')");
    throw new Error('thought better of it');
  });
  const others = ['a', 'b', 'c', null, 'd'].map(add);
  await expect(half).rejects.toThrow('thought better of it');
  const done = await Promise.allSettled(others);
  expect(done.map(({ status }) => status)).toEqual(['fulfilled', 'fulfilled', 'fulfilled', 'rejected', 'fulfilled']);
  expect(texts()).toEqual(['a', 'b', 'c', 'd']);
  expect(counted()).toBe(2);
});

test('a transaction that fails is the failure of all that were in it, and of no later one', async () => {
  const { add, database, texts } = openTable();
  await add('a');
  database.exec('ALTER TABLE notes RENAME TO others');
  const done = await Promise.allSettled([add('b'), add('c')]);
  expect(done.map(({ status }) => status)).toEqual(['rejected', 'rejected']);
  database.exec('ALTER TABLE others RENAME TO notes');
  await add('d');
  expect(texts()).toEqual(['a', 'd']);
});
