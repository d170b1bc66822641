import { createHash } from 'node:crypto';
import { mkdir, mkdtemp, readdir, rename, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { beforeEach, expect, test } from 'vitest';
import { type History, openHistory } from '../history.ts';
import { planRemoval, removePicture } from './remove-picture.ts';

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

async function make(name: string, text: string, more: object = {}): Promise<string> {
  const path = join(folder, name);
  const prompt = { original: text, sent: text };
  const sidecar = { anyimage: 1, prompt, model: 'a/b', bytes: text.length, sha256: hashOf(text), ...more };
  await writeFile(path, text);
  await writeFile(`${path}.json`, JSON.stringify(sidecar));
  await withHistory((history) => history.add([{ path, sidecar }]));
  return path;
}

const remove = (name: string) =>
  withHistory(async (history) => {
    const removal = await planRemoval(name, history, home);
    await removePicture(removal, history);
    return { files: removal.files.map((file) => basename(file)), left: await history.count() };
  });

test('a picture goes with its sidecar and its row, and nothing else does', async () => {
  const boat = await make('boat.png', 'boat');
  await make('tree.png', 'tree');
  expect(await remove(boat)).toEqual({ files: ['boat.png', 'boat.png.json'], left: 1 });
  expect(await readdir(folder)).toEqual(['tree.png', 'tree.png.json']);
  expect(await remove(`p-${hashOf('tree').slice(0, 8)}`)).toMatchObject({ left: 0 });
  expect(await readdir(folder)).toEqual([]);
});

test('the bytes of the service go with the conversion that was made of them', async () => {
  const path = join(home, 'originals', 'boat.jpg');
  await mkdir(join(home, 'originals'), { recursive: true });
  await writeFile(path, 'jpeg');
  const boat = await make('boat.png', 'boat', { original: { path, sha256: hashOf('jpeg') } });
  expect((await remove(boat)).files).toEqual(['boat.png', 'boat.png.json', 'boat.jpg']);
  expect(await readdir(join(home, 'originals'))).toEqual([]);
});

test.each([
  ['elsewhere', (home: string) => join(home, 'config.json'), 'jpeg'],
  ['with other bytes', (home: string) => join(home, 'originals', 'boat.jpg'), 'other'],
])('a file %s that a record calls the original stays', async (_, pathIn, text) => {
  const path = pathIn(home);
  await mkdir(join(home, 'originals'), { recursive: true });
  await writeFile(path, text);
  const boat = await make('boat.png', 'boat', { original: { path, sha256: hashOf('jpeg') } });
  expect((await remove(boat)).files).toEqual(['boat.png', 'boat.png.json']);
});

test('a picture that was changed stays, named by itself or by its sidecar', async () => {
  const boat = await make('boat.png', 'boat');
  await writeFile(boat, 'painted over');
  await expect(remove(boat)).rejects.toMatchObject({ code: 'not-found' });
  await expect(remove(`${boat}.json`)).rejects.toMatchObject({ code: 'invalid-request' });
  expect((await readdir(folder)).length).toBe(2);
});

test('one that is changed between the question and the answer stays, and so does its sidecar', async () => {
  const boat = await make('boat.png', 'boat');
  await withHistory(async (history) => {
    const removal = await planRemoval(boat, history, home);
    await writeFile(boat, 'painted over');
    await expect(removePicture(removal, history)).rejects.toMatchObject({ code: 'invalid-request' });
    expect(await history.count()).toBe(1);
  });
  expect((await readdir(folder)).length).toBe(2);
});

test('of one that was moved the sidecar and the row go that stayed behind', async () => {
  const boat = await make('boat.png', 'boat');
  await mkdir(join(folder, 'below'));
  await rename(boat, join(folder, 'below', 'ship.png'));
  expect(await remove('last')).toEqual({ files: ['ship.png', 'boat.png.json'], left: 0 });
});

test('the record of a picture goes that copies of it still need not', async () => {
  const boat = await make('boat.png', 'boat');
  await writeFile(join(folder, 'copy.png'), 'boat');
  expect((await remove(join(folder, 'copy.png'))).files).toEqual(['copy.png']);
  expect(await readdir(folder)).toEqual(['boat.png', 'boat.png.json']);
  await rm(boat);
  expect(await remove(boat)).toEqual({ files: ['boat.png.json'], left: 0 });
});

test('a row without files goes by its id', async () => {
  const boat = await make('boat.png', 'boat');
  await rm(boat);
  await rm(`${boat}.json`);
  expect(await remove('last')).toEqual({ files: [], left: 0 });
});
