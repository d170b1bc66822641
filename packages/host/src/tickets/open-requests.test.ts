import { mkdtemp, readdir, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { openRequests } from './open-requests.ts';

const newFolder = () => mkdtemp(join(tmpdir(), 'anyimage-open-'));
const hash = 'a'.repeat(64);
const other = 'b'.repeat(64);

test('who asks the same gets what is open, until its answer arrived', async () => {
  const folder = join(await newFolder(), 'asked');
  const requests = openRequests(folder);
  const first = { id: 'c-1', at: Date.now() };
  expect(await requests.ids()).toEqual(new Set());
  expect(await requests.open([hash], first)).toEqual(first);
  expect(await openRequests(folder).open([hash], { id: 'c-2', at: Date.now() })).toEqual(first);
  expect(await openRequests(folder).ids()).toEqual(new Set(['c-1']));
  expect(await requests.close('c-2')).toEqual([]);
  expect(await requests.close('c-1')).toEqual([hash]);
  expect(await readdir(folder)).toEqual([]);
  expect(await requests.open([hash], { ...first, id: 'c-3' })).toMatchObject({ id: 'c-3' });
});

test('of many who ask at the same time, one is first', async () => {
  const folder = await newFolder();
  const asked = Array.from({ length: 20 }, (_, index) =>
    openRequests(folder).open([hash], { id: `c-${index}`, at: Date.now() }),
  );
  expect(new Set((await Promise.all(asked)).map(({ id }) => id)).size).toBe(1);
  expect(await readdir(folder)).toHaveLength(1);
});

test('another takes the place of what is open', async () => {
  const requests = openRequests(await newFolder());
  await requests.open([hash], { id: 'c-1', at: Date.now() });
  await requests.open([other], { id: 'c-9', at: Date.now() });
  await requests.replace([hash], { id: 'c-2', at: Date.now() });
  expect(await requests.open([hash], { id: 'c-3', at: Date.now() })).toMatchObject({ id: 'c-2' });
  expect(await requests.ids()).toEqual(new Set(['c-2', 'c-9']));
});

test.each([
  ['damaged', '{"id":'],
  ['empty', ''],
  ['of another form', '{"version":1,"id":"../x","at":1}'],
  ['older than what is remembered', '{"version":1,"id":"c-1","at":1}'],
])('a file that is %s gives way', async (_, text) => {
  const folder = await newFolder();
  await writeFile(join(folder, `${hash}.json`), text);
  expect(await openRequests(folder).open([hash], { id: 'c-2', at: Date.now() })).toMatchObject({ id: 'c-2' });
  await writeFile(join(folder, `${other}.json`), text);
  expect(await openRequests(folder).ids()).toEqual(new Set(['c-2']));
  expect(await readdir(folder)).toEqual([`${hash}.json`]);
});

test('one of a newer version protects what it is for', async () => {
  const folder = await newFolder();
  await writeFile(join(folder, `${hash}.json`), JSON.stringify({ version: 9, id: 'c-1', at: Date.now(), more: {} }));
  expect(await openRequests(folder).open([hash], { id: 'c-2', at: Date.now() })).toMatchObject({ id: 'c-1' });
});

test('who has one of its hashes gets what is open, and all of them are closed with it', async () => {
  const folder = await newFolder();
  const requests = openRequests(folder);
  const third = 'c'.repeat(64);
  const at = Date.now();
  await requests.open([hash, other], { id: 'c-1', at });
  expect(await requests.open([hash, third], { id: 'c-2', at })).toMatchObject({ id: 'c-1' });
  expect(await requests.open([third, other], { id: 'c-3', at })).toMatchObject({ id: 'c-1' });
  expect((await requests.close('c-1')).toSorted()).toEqual([hash, other, third]);
  expect(await readdir(folder)).toEqual([]);
});
