import { mkdir, mkdtemp, readFile, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import type { ModelCapabilities } from '@anyimage/core';
import { expect, test } from 'vitest';
import { keepListed, keepUpdated, keptPath, readKept, type UpdatedTable } from './kept.ts';

const row: ModelCapabilities = {
  label: 'Box 1',
  source: 'https://box.example',
  checked: '2026-11-29',
  operations: { generate: {} },
  delivery: { as: 'bytes' },
};
const listed = {
  baseURL: 'http://127.0.0.1:1/v1',
  at: 1,
  models: [
    { id: 'a/b', label: 'AB', retires: '2027-01-01' as const },
    { id: 'c', row },
  ],
};
const table: UpdatedTable = {
  package: 'p',
  version: '1.2.3',
  integrity: 'sha512-x',
  at: 2,
  models: { c: row },
  unlisted: { ...row, open: true },
};
const updated = { ...table, previous: { ...table, version: '1.2.2' } };

const newHome = () => mkdtemp(join(tmpdir(), 'anyimage-'));

async function homeWith(text: string): Promise<string> {
  const home = await newHome();
  await mkdir(dirname(keptPath(home, 'box')), { recursive: true });
  await writeFile(keptPath(home, 'box'), text);
  return home;
}

test('a list and a table are kept beside each other, the newest of each alone', async () => {
  const home = await newHome();
  expect(readKept(home, 'box')).toEqual({});
  await keepListed(home, 'box', { ...listed, at: 0 });
  await keepUpdated(home, 'box', () => updated);
  await keepListed(home, 'box', listed);
  expect(readKept(home, 'box')).toEqual({ listed, updated });
  await keepUpdated(home, 'box', () => table);
  expect(readKept(home, 'box')).toEqual({ listed, updated: table });
  await keepUpdated(home, 'box', () => undefined);
  expect(readKept(home, 'box')).toEqual({ listed });
  expect(readKept(home, 'other')).toEqual({});
});

test('a change sees what is kept, and what is the same is not written', async () => {
  const home = await newHome();
  await Promise.all(
    [1, 2, 3].map(() => keepUpdated(home, 'box', (was) => ({ ...table, at: (was?.at ?? 0) + 1, previous: null }))),
  );
  expect(readKept(home, 'box')).toEqual({ updated: { ...table, at: 3, previous: null } });
  const { ino } = await stat(keptPath(home, 'box'));
  await keepUpdated(home, 'box', (was) => was);
  expect((await stat(keptPath(home, 'box'))).ino).toBe(ino);
});

test('of two that write at once, each keeps what the other wrote', async () => {
  const home = await newHome();
  await Promise.all([keepListed(home, 'box', listed), keepUpdated(home, 'box', () => updated)]);
  expect(readKept(home, 'box')).toEqual({ listed, updated });
});

test('a list as earlier versions kept it is read, and stays when a table comes', async () => {
  const home = await homeWith(JSON.stringify(listed));
  expect(readKept(home, 'box')).toEqual({ listed });
  await keepUpdated(home, 'box', () => updated);
  expect(readKept(home, 'box')).toEqual({ listed, updated });
});

test('of a list, what is no model is none, and what is no row makes a model without one', async () => {
  const models = [{ id: 1 }, 'x', null, { id: 'x', label: 2, retires: 'soon', row: { label: 'x' } }];
  const home = await homeWith(JSON.stringify({ version: 1, listed: { baseURL: 'http://x', at: 1, models } }));
  expect(readKept(home, 'box')).toEqual({ listed: { baseURL: 'http://x', at: 1, models: [{ id: 'x' }] } });
});

test.each([
  ['no JSON', 'no json'],
  ['cut off', JSON.stringify({ version: 1, listed }).slice(0, -9)],
  ['a list without a place', '{"models":[{"id":"x"}]}'],
  ['a list of no models', '{"version":1,"listed":{"baseURL":"http://x","at":1,"models":{}}}'],
  ['a table whose rows are none', JSON.stringify({ version: 1, updated: { ...table, models: { c: { label: 'c' } } } })],
  ['an undo that leads nowhere', JSON.stringify({ version: 1, updated: { ...table, previous: {} } })],
  ['an odd version', '{"version":"1"}'],
])('a damaged file, %s, says so, and is replaced', async (_, text) => {
  const home = await homeWith(text);
  expect(() => readKept(home, 'box')).toThrow(/^could not read .*box\.json: it is damaged$/);
  await keepListed(home, 'box', listed);
  expect(readKept(home, 'box')).toEqual({ listed });
});

test('what is too long to be read again is not kept, and what was kept stays', async () => {
  const home = await newHome();
  await keepListed(home, 'box', listed);
  const label = Buffer.alloc(2 ** 20, 'x').toString();
  const models = Array.from({ length: 64 }, (_, index) => ({ id: `m-${index}`, label }));
  await expect(keepListed(home, 'box', { ...listed, models })).rejects.toMatchObject({
    code: 'storage',
    message: expect.stringContaining('longer than'),
  });
  expect(readKept(home, 'box')).toEqual({ listed });
});

test('a file of a newer version is neither read nor written', async () => {
  const text = '{"version":2,"whatever":[]}';
  const home = await homeWith(text);
  expect(() => readKept(home, 'box')).toThrow('newer version of anyimage');
  await expect(keepListed(home, 'box', listed)).rejects.toMatchObject({ code: 'storage' });
  expect(await readFile(keptPath(home, 'box'), 'utf8')).toBe(text);
});

test('what is no file is not waited for', async () => {
  const home = await newHome();
  await mkdir(keptPath(home, 'box'), { recursive: true });
  expect(() => readKept(home, 'box')).toThrow('it is a folder');
});

test('a name that leads elsewhere in an object is one like any other', async () => {
  const home = await homeWith(`{"version":1,"updated":${JSON.stringify(table).replace('"c":', '"__proto__":')}}`);
  expect(Object.keys(readKept(home, 'box').updated!.models)).toEqual(['__proto__']);
});
