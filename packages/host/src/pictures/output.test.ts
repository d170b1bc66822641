import { execFile } from 'node:child_process';
import { mkdir, mkdtemp, readdir, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, sep } from 'node:path';
import { promisify } from 'node:util';
import { beforeEach, expect, test } from 'vitest';
import { checkOutput, refuseLongNames } from './output.ts';

const run = promisify(execFile);
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

test.skipIf(process.platform === 'win32')('what is no file keeps its name, whatever may be replaced', async () => {
  for (const pipe of ['pipe.png', 'boat.png.json']) await run('mkfifo', [join(folder, pipe)]);
  await mkdir(join(folder, 'tree-2.png'));
  await mkdir(join(folder, 'house.png.json'));
  for (const [name, n] of [
    ['pipe.png', 1],
    ['boat.png', 1],
    ['tree.png', 2],
    ['house.png', 1],
  ] as const) {
    const asked = { output: join(folder, name), n, force: true };
    await expect(checkOutput(asked)).rejects.toMatchObject({ code: 'storage', details: { option: 'output' } });
  }
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

const taken = { code: 'storage', message: expect.stringContaining('exists already'), details: { option: 'output' } };

test.skipIf(process.platform === 'win32')('a link that leads nowhere has its name all the same', async () => {
  await symlink('nowhere', join(folder, 'boat.png'));
  await symlink('nowhere', join(folder, 'tree-2.png'));
  await expect(checkOutput({ output: join(folder, 'boat.png') })).rejects.toMatchObject(taken);
  await expect(checkOutput({ output: join(folder, 'tree.png'), n: 2 })).rejects.toMatchObject(taken);
  await checkOutput({ output: join(folder, 'boat.png'), force: true });
});

test.skipIf(process.platform === 'win32')('a folder that is a link to nowhere takes no files', async () => {
  await symlink('nowhere', join(folder, 'gallery'));
  const output = join(folder, 'gallery', 'boat.png');
  await expect(checkOutput({ output })).rejects.toMatchObject({ code: 'storage', details: { option: 'output' } });
});

const tooLong = {
  code: 'storage',
  message: expect.stringContaining('too long'),
  details: { option: 'output', code: 'ENAMETOOLONG' },
  hint: expect.stringMatching(/shorter|at most \d+ bytes/),
};

test.each([
  ['a file', `${'x'.repeat(300)}.png`],
  ['a file whose sidecar alone would be too long', `${'x'.repeat(248)}.png`],
  ['a file in letters of several bytes', `${'日'.repeat(84)}.png`],
  ['a file without an ending', 'x'.repeat(251)],
  ['a folder', join('x'.repeat(300), 'boat.png')],
  ['a folder below one that does not exist yet', join('new', 'x'.repeat(300), 'boat.png')],
  ['a folder that does not exist yet', join('x'.repeat(300), sep)],
  ['a path', join(...Array<string>(40).fill('x'.repeat(200)), 'boat.png')],
])('the name of %s is too long before anything is made', async (_, name) => {
  const output = join(folder, name);
  await expect(checkOutput({ output })).rejects.toMatchObject(tooLong);
  await expect(checkOutput({ output, force: true })).rejects.toMatchObject(tooLong);
});

test('the number of a picture counts, too: what is taken can be written, with its sidecar', async () => {
  const longest = 'x'.repeat(240);
  await checkOutput({ output: join(folder, `${longest}.png`) });
  await expect(checkOutput({ output: join(folder, `${longest}.png`), n: 10 })).rejects.toMatchObject({
    ...tooLong,
    hint: 'Choose a name of at most 237 bytes before .png.',
  });
  await checkOutput({ output: join(folder, `${'x'.repeat(237)}.png`), n: 10 });
  await writeFile(join(folder, `${longest}-ffff.webp.json`), '');
});

test('a name of several bytes a letter may have as many letters as the system takes', () => {
  const target = (name: string) => ({ folder, file: { name, ending: '.png' }, force: false });
  const check = (name: string, platform: NodeJS.Platform) => () => refuseLongNames(target(name), 1, platform);
  const longest = '日'.repeat(241);
  expect(check(longest, 'win32')).not.toThrow();
  const hint = (most: string) => expect.objectContaining({ code: 'storage', hint: expect.stringContaining(most) });
  expect(check(`${longest}日`, 'win32')).toThrow(hint('241 characters'));
  expect(check(longest, 'linux')).toThrow(hint('241 bytes'));
  expect(check('日'.repeat(80), 'linux')).not.toThrow();
});
