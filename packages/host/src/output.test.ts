import { mkdir, mkdtemp, readdir, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, sep } from 'node:path';
import { beforeEach, expect, test } from 'vitest';
import { checkOutput } from './output.ts';

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'anyimage-'));
});

test('without an output the folder is used', async () => {
  expect(await checkOutput({ folder })).toEqual({ folder, force: false });
});

test('an existing folder, or a path that ends in a slash, is a folder', async () => {
  await mkdir(join(folder, 'pictures'));
  expect(await checkOutput({ output: join(folder, 'pictures') })).toEqual({
    folder: join(folder, 'pictures'),
    force: false,
  });
  const newFolder = join(folder, 'new.png');
  expect(await checkOutput({ output: newFolder + sep })).toEqual({ folder: newFolder, force: false });
});

test('any other path is a file, in a folder that need not exist yet', async () => {
  expect(await checkOutput({ output: join(folder, 'new', 'boat.JPG') })).toEqual({
    folder: join(folder, 'new'),
    file: { name: 'boat', ending: '.JPG', format: 'jpeg' },
    force: false,
  });
  expect(await checkOutput({ output: join(folder, 'boat') })).toMatchObject({ file: { name: 'boat', ending: '' } });
});

test('checking leaves nothing behind', async () => {
  await checkOutput({ output: join(folder, 'new', 'boat.png') });
  expect(await readdir(folder)).toEqual([]);
});

test('an existing file is refused, one of a numbered series too, unless it may be replaced', async () => {
  await writeFile(join(folder, 'boat.png'), '');
  await writeFile(join(folder, 'tree-2.png'), '');
  const boat = { output: join(folder, 'boat.png') };
  const tree = { output: join(folder, 'tree.png'), n: 2 };
  const refusal = { code: 'storage', details: { option: 'output' }, hint: expect.any(String) };
  await expect(checkOutput(boat)).rejects.toMatchObject(refusal);
  await expect(checkOutput(tree)).rejects.toMatchObject({ ...refusal, message: expect.stringContaining('tree-2.png') });
  await checkOutput({ ...boat, n: 2 });
  await checkOutput({ ...boat, force: true });
});

test.each(['boat.txt', 'boat.bmp', '-', ''])('%j is refused with what is allowed', async (output) => {
  await expect(checkOutput({ output })).rejects.toMatchObject({
    code: 'invalid-request',
    details: { option: 'output', asked: output },
    hint: expect.stringMatching(/folder\.$/),
  });
});

test('a folder that is a file, or below one, cannot be written to', async () => {
  await writeFile(join(folder, 'file'), '');
  for (const output of [join(folder, 'file', 'boat.png'), join(folder, 'file', 'deeper', 'boat.png')]) {
    await expect(checkOutput({ output })).rejects.toMatchObject({ code: 'storage', details: { option: 'output' } });
  }
});

test.runIf(process.platform === 'linux')('a folder that takes no files is found out by trying', async () => {
  await expect(checkOutput({ output: '/proc/boat.png' })).rejects.toMatchObject({ code: 'storage' });
});
