import { createHash } from 'node:crypto';
import { mkdtemp, rename, unlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { beforeEach, expect, test } from 'vitest';
import type { History } from './history.ts';
import { readRecord } from './picture-record.ts';

const sha256 = createHash('sha256').update('bytes').digest('hex');
const sidecar = { anyimage: 1, prompt: { original: 'a boat', sent: 'a boat' }, model: 'paint/paint-1', sha256 };
const unknown: Pick<History, 'findBytes'> = { findBytes: async () => [] };

let folder: string;
let path: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'anyimage-'));
  path = join(folder, 'boat.png');
  await writeFile(path, 'bytes');
  await writeFile(`${path}.json`, JSON.stringify(sidecar));
});

test('a picture and its sidecar tell the same', async () => {
  expect(await readRecord(path, unknown)).toEqual({ path, sidecar });
  expect(await readRecord(`${path}.json`, unknown)).toEqual({ path, sidecar });
});

test('a picture that was deleted is known as long as its sidecar is there', async () => {
  await unlink(path);
  expect(await readRecord(path, unknown)).toEqual({ path, sidecar, gone: true });
});

test('a picture that was changed says so', async () => {
  await writeFile(path, 'other bytes');
  expect(await readRecord(path, unknown)).toMatchObject({ changed: true });
});

test('a picture that was moved away from its sidecar is known by its bytes', async () => {
  const moved = join(folder, 'moved.png');
  await rename(path, moved);
  const history = { findBytes: async (hash: string) => (hash === sha256 ? ([{ path }] as never) : []) };
  expect(await readRecord(moved, history)).toEqual({ path: moved, sidecar, foundAt: `${path}.json` });
});

test.each(['notes.txt', 'none.png'])('nothing is known of %s, and it is said', async (name) => {
  await writeFile(join(folder, 'notes.txt'), 'mine');
  await expect(readRecord(join(folder, name), unknown)).rejects.toMatchObject({
    code: 'not-found',
    message: expect.stringContaining(name),
  });
});
