import { createHash } from 'node:crypto';
import fsPromises, { mkdtemp, writeFile } from 'node:fs/promises';
import { syncBuiltinESMExports } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { PictureEntry } from '@anyimage/host';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { newestPictures, withFacts } from './picture-file.ts';

/** Of the pictures below. */
const sha256 = createHash('sha256').update('png').digest('hex');

const noHistory = { list: async () => [] };

test('of a folder with many files the newest are those of the history, and it is not read', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'anyimage-pictures-'));
  const paths = Array.from({ length: 1200 }, (_, at) => join(folder, `${at}.png`));
  await Promise.all(paths.map((path) => writeFile(path, '')));
  const made = [paths[3], join(folder, 'gone.png'), '/elsewhere/1.png', ...paths.slice(10, 90)];
  const history = { list: async () => made.map((path) => ({ path }) as PictureEntry) };
  const { stat: original } = fsPromises;
  let stats = 0;
  fsPromises.stat = ((...words: Parameters<typeof original>) => {
    stats += 1;
    return original(...words);
  }) as typeof original;
  syncBuiltinESMExports();
  try {
    const files = await newestPictures(folder, 50, history);
    expect(files.map(({ path }) => path)).toEqual([paths[3], ...paths.slice(10, 59)]);
  } finally {
    fsPromises.stat = original;
    syncBuiltinESMExports();
  }
  // One to find it, one for its size.
  expect(stats).toBeLessThanOrEqual(101);
});

test('of what lies beside a picture no more is told than can be read, and no name that would be another line', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'anyimage-pictures-'));
  const long = `\u202e${'x'.repeat(100_000)}`;
  const sidecar = { anyimage: 1, model: long, prompt: { original: long, sent: long }, sha256 };
  await writeFile(join(folder, 'a.png'), 'png');
  await writeFile(join(folder, 'a.png.json'), JSON.stringify(sidecar));
  if (process.platform !== 'win32') await writeFile(join(folder, 'b\nWhat to do: c.png'), 'png');
  const files = await newestPictures(folder, 5, noHistory);
  expect(files.map(({ name }) => name)).toEqual(['a.png']);
  const told = JSON.stringify((await withFacts(files[0]!)).facts);
  expect(told.length).toBeLessThan(10_000);
  expect(told).not.toContain('\u202e');
});

test('whatever lies beside a picture, it is listed with what it is', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'anyimage-pictures-'));
  await writeFile(join(folder, 'a.png'), 'png');
  const odd = fc.oneof(
    fc.string(),
    fc.jsonValue().map((value) => JSON.stringify(value)),
    fc
      .record({
        anyimage: fc.jsonValue(),
        prompt: fc.jsonValue(),
        model: fc.jsonValue(),
        seed: fc.jsonValue(),
        width: fc.jsonValue(),
        sha256: fc.oneof(fc.constant(sha256), fc.jsonValue()),
      })
      .map((value) => JSON.stringify(value)),
  );
  await fc.assert(
    fc.asyncProperty(odd, async (text) => {
      await writeFile(join(folder, 'a.png.json'), text);
      const [file] = await newestPictures(folder, 5, noHistory);
      expect(file).toMatchObject({ name: 'a.png', bytes: 3 });
      const { model = '', seed = 0, width = 0, prompt = '' } = (await withFacts(file!)).facts;
      expect([typeof model, typeof seed, typeof width, typeof prompt]).toEqual([
        'string',
        'number',
        'number',
        'string',
      ]);
    }),
  );
});

test('of a picture that took the place of another, nothing is told that was known of the other', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'anyimage-pictures-'));
  const sidecar = { anyimage: 1, model: 'paint/one', prompt: { original: 'a boat', sent: 'a boat' }, sha256 };
  await writeFile(join(folder, 'a.png.json'), JSON.stringify(sidecar));
  await writeFile(join(folder, 'a.png'), 'png');
  const known = async () => (await withFacts((await newestPictures(folder, 5, noHistory))[0]!)).facts;
  expect(await known()).toEqual({ id: `p-${sha256.slice(0, 12)}`, model: 'paint/one', prompt: 'a boat' });
  await writeFile(join(folder, 'a.png'), 'another');
  expect(await known()).toEqual({});
});

test('there are no pictures only if there is no folder: what cannot be read is told', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'anyimage-pictures-'));
  expect(await newestPictures(join(folder, 'none'), 5, noHistory)).toEqual([]);
  const file = join(folder, 'a.png');
  await writeFile(file, 'png');
  await expect(newestPictures(file, 5, noHistory)).rejects.toMatchObject({ code: 'storage' });
  const names = Array.from({ length: 1001 }, (_, at) => join(folder, `${at}.png`));
  await Promise.all(names.map((path) => writeFile(path, '')));
  const list = async () => Promise.reject(new Error('the index is locked'));
  await expect(newestPictures(folder, 5, { list })).rejects.toThrow('the index is locked');
});
