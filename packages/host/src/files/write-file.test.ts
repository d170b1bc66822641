import { mkdtemp, readdir, readFile, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { beforeEach, expect, test } from 'vitest';
import { publish, writeFileAtomically } from './write-file.ts';

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'anyimage-'));
});

test('a file replaces the one before, in folders that are made on the way', async () => {
  const path = join(folder, 'a', 'b', 'note.json');
  await writeFileAtomically(path, 'one', { mode: 0o600, folderMode: 0o700 });
  await writeFileAtomically(path, 'two', { mode: 0o600 });
  expect(await readFile(path, 'utf8')).toBe('two');
  expect((await stat(path)).mode & 0o777).toBe(0o600);
  expect((await stat(join(folder, 'a'))).mode & 0o777).toBe(0o700);
  expect(await readdir(join(folder, 'a', 'b'))).toEqual(['note.json']);
});

test('a failure leaves no part behind', async () => {
  const path = join(folder, 'note.json');
  await writeFile(path, 'mine');
  await expect(writeFileAtomically(path, 'other', { keepExisting: true })).rejects.toMatchObject({ code: 'EEXIST' });
  expect(await readFile(path, 'utf8')).toBe('mine');
  expect(await readdir(folder)).toEqual(['note.json']);
});

test('of many that publish the same name, exactly one gets it', async () => {
  const parts = Array.from({ length: 20 }, (_, index) => join(folder, `${index}.part`));
  await Promise.all(parts.map((part, index) => writeFile(part, String(index))));
  const path = join(folder, 'boat.png');
  const outcomes = await Promise.allSettled(parts.map((part) => publish(part, path, true)));
  const winners = outcomes.flatMap((outcome, index) => (outcome.status === 'fulfilled' ? [String(index)] : []));
  expect(winners).toEqual([await readFile(path, 'utf8')]);
  expect(await readdir(folder)).toHaveLength(20);
});
