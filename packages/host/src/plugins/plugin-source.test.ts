import { mkdir, mkdtemp, writeFile } from 'node:fs/promises';
import { homedir, tmpdir } from 'node:os';
import { join } from 'node:path';
import { beforeAll, expect, test } from 'vitest';
import { findSource } from './plugin-source.ts';

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'anyimage-source-'));
  await mkdir(join(folder, 'it', 'inner'), { recursive: true });
  await writeFile(join(folder, 'it-1.0.0.tgz'), '');
});

test.each([
  ['./it', 'folder', 'it'],
  ['it/inner', 'folder', 'it/inner'],
  ['file:it', 'folder', 'it'],
  ['it/', 'folder', 'it'],
  ['.', 'folder', ''],
  ['it-1.0.0.tgz', 'tarball', 'it-1.0.0.tgz'],
  [' ./it-1.0.0.tgz ', 'tarball', 'it-1.0.0.tgz'],
])('%j is a path', async (spec, kind, path) => {
  expect(await findSource(spec, folder)).toEqual({ kind, from: join(folder, path).replace(/\/$/, '') });
});

test('a path may begin at the home folder, or be a URL of a file', async () => {
  expect(await findSource('~', folder)).toEqual({ kind: 'folder', from: homedir() });
  expect(await findSource(`file://${folder}/it`, folder)).toEqual({ kind: 'folder', from: join(folder, 'it') });
});

test.each(['anyimage-provider-bfl', 'bfl@1.2.0', '@me/bfl', '@me/bfl@^1.2.0 || 2', 'bfl@latest', 'bfl@>=1 <2'])(
  '%j is a package',
  async (spec) => {
    expect(await findSource(spec, folder)).toEqual({ kind: 'package', from: spec });
  },
);

test('a package that has the name of what lies here is asked about, unless it is said which', async () => {
  await expect(findSource('it', folder)).rejects.toMatchObject({
    message: 'it may be the package of that name, or what lies here',
    hint: 'Write ./it for what lies here, npm:it for the package.',
  });
  expect(await findSource('npm:it', folder)).toEqual({ kind: 'package', from: 'it' });
  expect(await findSource('it@1', folder)).toEqual({ kind: 'package', from: 'it@1' });
});

test.each(['./nope', 'nope/nope', 'nope.tgz', '/nope', 'file:nope', 'someone/repository'])(
  '%j leads to nothing',
  async (spec) => {
    await expect(findSource(spec, folder)).rejects.toMatchObject({
      code: 'not-found',
      message: expect.stringMatching(/^there is nothing at \/.*(nope|repository)/),
    });
  },
);

test.each([
  '',
  ' ',
  '-y',
  '--registry',
  'git+https://x.example/y',
  'github:me/it',
  'http://x.example/it.tgz',
  'a b',
  '@me',
  'it;ls',
  'x@npm:y',
])('%j is refused', async (spec) => {
  await expect(findSource(spec, folder)).rejects.toMatchObject({ code: 'invalid-request' });
});
