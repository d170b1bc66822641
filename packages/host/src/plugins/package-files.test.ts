import { mkdir, mkdtemp, readdir, readFile, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { packTar, type TarEntry } from 'modern-tar';
import { beforeEach, describe, expect, test } from 'vitest';
import { copyPackage, unpackTarball } from './package-files.ts';

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'anyimage-files-'));
});

const file = (name: string, text = name): TarEntry => ({ header: { name, size: text.length }, body: text });

async function tarball(...entries: readonly TarEntry[]): Promise<string> {
  const path = join(folder, 'it.tgz');
  await writeFile(path, gzipSync(await packTar(entries)));
  return path;
}

async function filesIn(place: string): Promise<readonly string[]> {
  const entries = await readdir(place, { recursive: true, withFileTypes: true }).catch(() => []);
  return entries
    .flatMap((entry) => (entry.isFile() ? [join(entry.parentPath, entry.name).slice(place.length + 1)] : []))
    .sort();
}

describe('a tarball', () => {
  const unpack = (path: string) => unpackTarball(path, join(folder, 'out'));

  test('is unpacked without its outermost folder, whatever that is called, and hashed', async () => {
    const path = await tarball(file('it-1.0/package.json', '{}'), file('./it-1.0/dist/a.js'), {
      header: { name: 'it-1.0/empty/', size: 0, type: 'directory' },
    });
    expect(await unpack(path)).toMatch(/^sha512-[\w+/]{86}==$/);
    expect(await filesIn(join(folder, 'out'))).toEqual(['dist/a.js', 'package.json']);
    expect(await readFile(join(folder, 'out/package.json'), 'utf8')).toBe('{}');
  });

  const hostile: readonly (readonly [what: string, entry: TarEntry, because: string])[] = [
    ['a path upwards', file('package/../../evil'), 'leads elsewhere'],
    ['a path upwards at once', file('../evil'), 'leads elsewhere'],
    ['a path upwards in the middle', file('package/a/../../../evil'), 'leads elsewhere'],
    ['an absolute path', file('/package/evil'), 'leads elsewhere'],
    ['an absolute path below the package', file('package//etc/evil'), 'leads elsewhere'],
    ['a path of Windows', file('package/..\\..\\evil'), 'leads elsewhere'],
    ['a drive of Windows', file('package/C:evil'), 'leads elsewhere'],
    ['a file beside the package', file('evil'), 'leads elsewhere'],
    [
      'a link',
      { header: { name: 'package/evil', size: 0, type: 'symlink', linkname: '/etc' } },
      'no file but a symlink',
    ],
    [
      'a hard link',
      { header: { name: 'package/evil', size: 0, type: 'link', linkname: '/etc/passwd' } },
      'no file but a link',
    ],
    [
      'a device',
      { header: { name: 'package/evil', size: 0, type: 'character-device' } },
      'no file but a character-device',
    ],
    ['a pipe', { header: { name: 'package/evil', size: 0, type: 'fifo' } }, 'no file but a fifo'],
    [
      'a path that PAX makes longer',
      { ...file('package/a'), header: { name: 'package/a', size: 9, pax: { path: 'package/../../evil' } } },
      'leads elsewhere',
    ],
  ];
  test.each(hostile)('with %s is refused before a file is written', async (_, entry, because) => {
    const path = await tarball(file('package/package.json', '{}'), entry);
    await expect(unpack(path)).rejects.toMatchObject({
      code: 'invalid-request',
      message: expect.stringContaining(because),
    });
    expect(await filesIn(folder)).toEqual(['it.tgz']);
  });

  test('that holds a file twice is refused', async () => {
    await expect(unpack(await tarball(file('package/a'), file('package/a')))).rejects.toThrow('it holds a twice');
    folder = await mkdtemp(join(tmpdir(), 'anyimage-files-'));
    await expect(unpack(await tarball(file('package/a'), file('package/a/b')))).rejects.toThrow(/it holds . twice/);
  });

  test('that would fill the disk is refused while it is unpacked', async () => {
    const path = join(folder, 'it.tgz');
    await writeFile(path, Buffer.concat(new Array(65).fill(gzipSync(Buffer.alloc(2 ** 20)))));
    await expect(unpack(path)).rejects.toThrow('unpacked it is larger than 64 MiB');
  });

  test('that is none, is cut off or is a folder is refused in words', async () => {
    const path = await tarball(file('package/a'));
    const bytes = await readFile(path);
    await writeFile(path, bytes.subarray(0, bytes.length - 20));
    await expect(unpack(path)).rejects.toThrow('it is not compressed as such');
    await writeFile(path, gzipSync('this is no archive, but a text'.repeat(100)));
    await expect(unpack(path)).rejects.toThrow('it is damaged');
    await writeFile(path, 'text');
    await expect(unpack(path)).rejects.toMatchObject({ hint: 'A tarball of a package is what npm pack writes.' });
    await expect(unpack('/dev/zero')).rejects.toThrow('pipe or a device');
  });
});

describe('a folder', () => {
  async function write(...paths: readonly string[]): Promise<void> {
    for (const path of paths) {
      await mkdir(dirname(join(folder, 'it', path)), { recursive: true });
      await writeFile(join(folder, 'it', path), path);
    }
  }
  const copy = (facts: { files?: readonly string[]; main?: string }) =>
    copyPackage(join(folder, 'it'), facts, join(folder, 'out'));

  test('is copied as its files say, with what npm always packs', async () => {
    await write(
      'package.json',
      'README.md',
      'LICENSE',
      'dist/a.js',
      'dist/deep/b.js',
      'src/a.ts',
      'src/a.test.ts',
      'notes.txt',
      'main.js',
    );
    await write('node_modules/zod/index.js', 'dist/node_modules/x.js', '.env');
    await copy({ files: ['dist/', './src', '!src/**/*.test.ts'], main: './main.js' });
    expect(await filesIn(join(folder, 'out'))).toEqual([
      'LICENSE',
      'README.md',
      'dist/a.js',
      'dist/deep/b.js',
      'main.js',
      'package.json',
      'src/a.ts',
    ]);
  });

  test('without files is copied whole, less what is hidden, links and dependencies', async () => {
    await write('package.json', 'a.js', '.env', '.git/config', 'node_modules/zod/index.js');
    await symlink('/etc/passwd', join(folder, 'it/link'));
    await symlink('/etc', join(folder, 'it/linked'));
    await symlink(join(folder, 'it'), join(folder, 'way'));
    await copyPackage(join(folder, 'way'), {}, join(folder, 'out'));
    expect(await filesIn(join(folder, 'out'))).toEqual(['a.js', 'package.json']);
  });

  test('gives nothing that lies outside, whatever its files say', async () => {
    await write('package.json', '../secret.txt', '../other/secret.txt');
    await copy({ files: ['../secret.txt', '../other', '/etc/passwd', '..', '*/../../other'] });
    expect(await filesIn(join(folder, 'out'))).toEqual(['package.json']);
  });

  test('has a hash that says whether names or contents changed', async () => {
    const hash = async () => copyPackage(join(folder, 'it'), {}, await mkdtemp(join(folder, 'out-')));
    await write('package.json', 'a.js');
    const first = await hash();
    expect(first).toMatch(/^sha512-/);
    expect(await hash()).toBe(first);
    await writeFile(join(folder, 'it/a.js'), 'other');
    expect(await hash()).not.toBe(first);
  });
});
