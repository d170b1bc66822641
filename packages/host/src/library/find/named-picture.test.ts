import { createHash } from 'node:crypto';
import { mkdir, mkdtemp, rename, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { beforeEach, expect, test } from 'vitest';
import { type History, openHistory } from '../history.ts';
import { findNamed } from './named-picture.ts';
import { isPictureId, pictureId, readPictureName, shortPictureId } from './picture-id.ts';
import { findRecord } from './picture-record.ts';

const hashOf = (text: string) => createHash('sha256').update(text).digest('hex');

let home: string;
let folder: string;
beforeEach(async () => {
  home = await mkdtemp(join(tmpdir(), 'anyimage-home-'));
  folder = await mkdtemp(join(tmpdir(), 'anyimage-'));
});

async function withHistory<T>(work: (history: History) => Promise<T>): Promise<T> {
  const history = openHistory(home);
  try {
    return await work(history);
  } finally {
    await history.close();
  }
}

/** Pictures of these bytes, one made after the other, each with its sidecar. */
async function make(...texts: readonly string[]): Promise<readonly string[]> {
  const pictures = await Promise.all(
    texts.map(async (text, second) => {
      const path = join(folder, `${second}-${text}.png`);
      const sidecar = {
        anyimage: 1,
        prompt: { original: text, sent: text },
        model: 'paint/paint-1',
        createdAt: new Date(Date.UTC(2026, 10, 20, 0, 0, second)).toISOString(),
        bytes: Buffer.byteLength(text),
        sha256: hashOf(text),
      };
      await writeFile(path, text);
      await writeFile(`${path}.json`, JSON.stringify(sidecar));
      return { path, sidecar };
    }),
  );
  await withHistory((history) => history.add(pictures));
  return pictures.map(({ path }) => path);
}

const find = (name: string) => withHistory((history) => findNamed(name, history));

test('a name is last, an id or the beginning of one, in any capitals', () => {
  const start = '3f9a1c02';
  expect(['last', 'LAST:3', 'latest', 'newest 2', 'last:0'].map(readPictureName)).toEqual(
    [1, 3, 1, 2, 1].map((age) => ({ age })),
  );
  expect(['p-3F9A1C02', start, `anyimage://images/p-${start}`].map(readPictureName)).toEqual([
    { start },
    { start },
    { start },
  ]);
  for (const other of ['boat.png', 'lasting', 'p-3f9', 'p-xyz12', './last', 'a'.repeat(65), '', 'https://x.example/'])
    expect(readPictureName(other)).toBeUndefined();
});

test('the id of any bytes is read as what they begin with', () => {
  fc.assert(
    fc.property(fc.string(), (bytes) => {
      const sha256 = hashOf(bytes);
      expect(isPictureId(pictureId(sha256))).toBe(true);
      for (const id of [pictureId(sha256), shortPictureId(sha256)]) {
        expect(readPictureName(id)).toEqual({ start: id.slice(2) });
        expect(`p-${sha256}`.startsWith(id)).toBe(true);
      }
    }),
  );
});

test('a picture is found by its age and by its id', async () => {
  const [red, green] = await make('red', 'green');
  expect(await find('last')).toMatchObject({ path: green });
  expect(await find('last:2')).toMatchObject({ path: red });
  expect(await find(shortPictureId(hashOf('red')))).toMatchObject({ path: red });
  expect(await find('red.png')).toBeUndefined();
});

test('a file of that name comes first', async () => {
  await make('red');
  const path = join(folder, 'last');
  await writeFile(path, 'other');
  expect(await find(path)).toBeUndefined();
});

test('one that was moved is found by its bytes, and one that is gone is told as that', async () => {
  const [red, green] = await make('red', 'green');
  await mkdir(join(folder, 'below'));
  await rename(red!, join(folder, 'below', 'renamed.png'));
  await writeFile(green!, 'other');
  expect(await find('last:2')).toMatchObject({ path: join(folder, 'below', 'renamed.png'), moved: true });
  expect(await find('last')).toMatchObject({ path: green, gone: true });
  const record = await withHistory((history) => findRecord('last:2', history));
  expect(record).toMatchObject({ path: join(folder, 'below', 'renamed.png'), foundAt: `${red}.json` });
  expect(await withHistory((history) => findRecord('last', history))).toMatchObject({ path: green, gone: true });
});

test('of copies the newest that is there is meant', async () => {
  const [first, second] = await make('red', 'red');
  expect(await find(shortPictureId(hashOf('red')))).toMatchObject({ path: second });
  await rename(second!, `${second}.txt`);
  expect(await find(shortPictureId(hashOf('red')))).toMatchObject({ path: first });
});

test('what no picture has, and what several have, is refused with what to do', async () => {
  await expect(find('last')).rejects.toMatchObject({ code: 'not-found', message: 'no picture was made yet' });
  await make('red', 'green');
  await expect(find('last:3')).rejects.toMatchObject({ code: 'not-found', hint: expect.stringContaining('last:2') });
  const swapped = shortPictureId(hashOf('red')).replace(/(.)(.)$/, '$2$1');
  await expect(find(swapped)).rejects.toMatchObject({
    code: 'not-found',
    hint: expect.stringMatching(/Did you mean p-.*anyimage history lists/),
  });
  const history = {
    list: async () => [],
    count: async () => 2,
    folders: async () => [],
    findBytes: async () => ['ab12f', 'ab12e'].map((sha256) => ({ sha256, path: `/${sha256}.png` })) as never,
  };
  await expect(findNamed('ab12', history)).rejects.toMatchObject({
    code: 'invalid-request',
    message: 'p-ab12 is the beginning of 2 ids',
    hint: expect.stringContaining('p-ab12f (/ab12f.png)'),
  });
});
