import { execFile } from 'node:child_process';
import { createHash } from 'node:crypto';
import { mkdtemp, rename, rm, unlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import fc from 'fast-check';
import { beforeEach, expect, test } from 'vitest';
import type { History } from '../history.ts';
import { readRecord, sidecarOf } from './picture-record.ts';

const hashOf = (text: string) => createHash('sha256').update(text).digest('hex');
const sha256 = hashOf('bytes');
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

test('a picture that was changed or replaced has no record, and its sidecar is told as that of other bytes', async () => {
  await writeFile(path, 'other bytes');
  await expect(readRecord(path, unknown)).rejects.toMatchObject({
    code: 'not-found',
    message: expect.stringContaining('is of other bytes'),
    hint: expect.stringContaining(`${path}.json`),
  });
  expect(await readRecord(`${path}.json`, unknown)).toEqual({ path, sidecar, changed: true });
  expect(await sidecarOf(path)).toBeUndefined();
});

test.skipIf(process.platform === 'win32')('what is no file has no record, and is not read', async () => {
  const pipe = join(folder, 'pipe.png');
  await promisify(execFile)('mkfifo', [pipe]);
  await writeFile(`${pipe}.json`, JSON.stringify(sidecar));
  for (const one of [pipe, '/dev/zero', folder]) {
    await expect(readRecord(one, unknown)).rejects.toMatchObject({ code: 'storage' });
    expect(await sidecarOf(one)).toBeUndefined();
  }
  await expect(readRecord(`${pipe}.json`, unknown)).rejects.toMatchObject({ code: 'storage' });
});

test('a copy of a picture that was replaced since does not get the record of the new one', async () => {
  const copy = join(folder, 'copy.png');
  await writeFile(copy, 'bytes');
  await writeFile(path, 'new bytes');
  const made = { ...sidecar, prompt: { original: 'a house', sent: 'a house' }, sha256: hashOf('new bytes') };
  await writeFile(`${path}.json`, JSON.stringify(made));
  const history = { findBytes: async () => [{ path }] as never };
  await expect(readRecord(copy, history)).rejects.toMatchObject({ code: 'not-found' });
  expect(await readRecord(path, history)).toEqual({ path, sidecar: made });
});

test('whatever lies where, a record is of the bytes of the picture', async () => {
  const bytes = fc.constantFrom('red', 'green', 'blue');
  const names = ['a.png', 'b.png', 'c.png'] as const;
  const place = fc.record({
    picture: fc.option(bytes),
    record: fc.option(fc.oneof(bytes.map(hashOf), fc.constantFrom(undefined, 'no hash', 7))),
  });
  await fc.assert(
    fc.asyncProperty(fc.array(place, { minLength: 3, maxLength: 3 }), async (places) => {
      for (const [index, { picture, record }] of places.entries()) {
        const at = join(folder, names[index]!);
        await Promise.all([at, `${at}.json`].map((one) => rm(one, { force: true })));
        if (picture !== null) await writeFile(at, picture);
        if (record !== null) await writeFile(`${at}.json`, JSON.stringify({ ...sidecar, sha256: record }));
      }
      const history = { findBytes: async () => names.map((name) => ({ path: join(folder, name) })) as never };
      for (const [index, { picture }] of places.entries()) {
        if (picture === null) continue;
        const at = join(folder, names[index]!);
        const isKnown = places.some(({ record }) => record === hashOf(picture));
        const found = await readRecord(at, history).catch(() => undefined);
        expect(found?.sidecar.sha256).toBe(isKnown ? hashOf(picture) : undefined);
        const beside = places[index]!.record === hashOf(picture);
        expect((await sidecarOf(at))?.sha256).toBe(beside ? hashOf(picture) : undefined);
      }
    }),
    { numRuns: 60 },
  );
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

test('JSON that is no sidecar is no picture without one either', async () => {
  await writeFile(join(folder, 'config.json'), '{}');
  await expect(readRecord(join(folder, 'config.json'), unknown)).rejects.toMatchObject({
    code: 'not-found',
    message: expect.stringContaining('config.json is no picture, and no sidecar of one'),
  });
});
