import { mkdir, mkdtemp, readdir, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Ticket } from '@anyimage/core';
import { beforeEach, expect, test } from 'vitest';
import { noticeText } from '../text/notice.ts';
import { fileTicketStore } from './ticket-store.ts';

let folder: string;
beforeEach(async () => {
  folder = join(await mkdtemp(join(tmpdir(), 'anyimage-')), 'tickets');
});

function ticket(id: string, at: number): Ticket {
  return {
    id,
    provider: 'paint',
    model: 'paint-1',
    host: 'paint.example',
    region: 'world',
    at,
    intent: `intent-${id}`,
    keyPrint: 'abc',
    state: 'delivered',
    request: { prompt: 'a boat', sent: 'a boat', n: 1 },
    outputs: [{ url: 'https://paint.example/1.png' }],
  };
}

test('tickets come back as they were put, oldest first', async () => {
  const store = fileTicketStore(folder);
  expect(await store.list()).toEqual([]);
  await store.put(ticket('t-b', 2));
  await store.put(ticket('t-a', 3));
  await store.put(ticket('t-c', 1));
  await store.put({ ...ticket('t-b', 2), uncertain: true });
  expect((await store.list()).map((one) => one.id)).toEqual(['t-c', 't-b', 't-a']);
  expect(await fileTicketStore(folder).get('t-b')).toEqual({ ...ticket('t-b', 2), uncertain: true });
});

test('a deleted ticket is gone, and deleting it again is no error', async () => {
  const store = fileTicketStore(folder);
  await store.put(ticket('t-a', 1));
  await store.delete('t-a');
  await store.delete('t-a');
  expect(await store.get('t-a')).toBeUndefined();
  expect(await readdir(folder)).toEqual([]);
});

test('only this person can read tickets', async () => {
  await fileTicketStore(folder).put(ticket('t-a', 1));
  expect((await stat(join(folder, 't-a.json'))).mode & 0o777).toBe(0o600);
  expect((await stat(folder)).mode & 0o777).toBe(0o700);
});

test.each([
  ['not JSON', '{"id": "t-x", "prov', /not JSON/],
  ['a list', '[]', /not a JSON object/],
  ['of another name', JSON.stringify(ticket('t-other', 1)), /its id is "t-other"/],
  ['without a host', JSON.stringify({ ...ticket('t-x', 1), host: undefined }), /its host/],
  ['in an unknown state', JSON.stringify({ ...ticket('t-x', 1), state: 'lost' }), /its state/],
  ['with an output without URL', JSON.stringify({ ...ticket('t-x', 1), outputs: [{}] }), /its outputs/],
])('a file that is %s is reported, passed over and kept', async (_, text, reason) => {
  const damaged: string[] = [];
  const store = fileTicketStore(folder, { onNotice: (notice) => damaged.push(noticeText(notice).text) });
  await store.put(ticket('t-a', 1));
  await writeFile(join(folder, 't-x.json'), text);
  expect((await store.list()).map((one) => one.id)).toEqual(['t-a']);
  expect(await store.get('t-x')).toBeUndefined();
  expect(damaged).toHaveLength(2);
  expect(damaged[0]).toMatch(reason);
  expect(damaged[0]).toContain(join(folder, 't-x.json'));
  expect(await readdir(folder)).toContain('t-x.json');
});

test('an id that would lead out of the folder finds and deletes nothing', async () => {
  const store = fileTicketStore(folder);
  await store.put(ticket('t-a', 1));
  await writeFile(join(folder, '..', 'outside.json'), JSON.stringify(ticket('../outside', 1)));
  expect(await store.get('../outside')).toBeUndefined();
  await store.delete('../outside');
  expect(await readdir(join(folder, '..'))).toContain('outside.json');
  await expect(store.put(ticket('../outside', 1))).rejects.toThrow(TypeError);
});

test('a folder that cannot be is a storage error that says what to do', async () => {
  await mkdir(join(folder, '..'), { recursive: true });
  await writeFile(folder, 'a file where the folder should be');
  const store = fileTicketStore(folder);
  await expect(store.put(ticket('t-a', 1))).rejects.toMatchObject({
    code: 'storage',
    hint: expect.stringMatching(/\.$/),
  });
  await expect(store.list()).rejects.toMatchObject({ code: 'storage' });
});
