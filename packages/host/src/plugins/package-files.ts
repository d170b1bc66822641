// The files of a package, from a tarball or a folder, put into a folder of ours. Nothing of them is run.

import { createHash } from 'node:crypto';
import { constants } from 'node:fs';
import { copyFile, glob, lstat, readdir, readFile, realpath, stat, writeFile } from 'node:fs/promises';
import { basename, dirname, join, relative, sep } from 'node:path';
import { promisify } from 'node:util';
import { gunzip } from 'node:zlib';
import { ImageError } from '@anyimage/core';
import { makeFolder } from '../files/make-folder.ts';
import { errorCode, storageError } from '../files/storage-error.ts';
import { fileSize } from '../text/units.ts';

/** Far above what any provider needs: a package that is larger is a mistake, or a trap. */
const limits = { packed: 32 * 2 ** 20, unpacked: 64 * 2 ** 20, files: 10_000 };

/**
 * Unpacks a tarball as `npm pack` makes them into a folder that is not there yet, and gives the hash of the tarball, as
 * `sha512-…`. Throws `invalid-request` for what is no such tarball, leads elsewhere, or is too large, and `storage`.
 */
export async function unpackTarball(path: string, into: string, signal?: AbortSignal): Promise<string> {
  const { files, integrity } = await filesIn(path);
  for (const { place, data } of files) {
    signal?.throwIfAborted();
    await writeNew(join(into, ...place), data, path);
  }
  return integrity;
}

/** What a tarball holds, read without writing it. */
export interface PackedFiles {
  /** `sha512-…` of the tarball. */
  readonly integrity: string;
  /** The text of a file by its path in the package, such as `dist/manifest.json`. */
  text(path: string): string | undefined;
}

/** Reads a tarball as `unpackTarball` does, and writes nothing. Throws the same. */
export async function openTarball(path: string): Promise<PackedFiles> {
  const { files, integrity } = await filesIn(path);
  const texts = new Map<string, Uint8Array>();
  for (const { place, data } of files) {
    const name = place.join('/');
    if (texts.has(name)) throw noPackage(path, `it holds ${basename(name)} twice`);
    texts.set(name, data);
  }
  const text = (name: string) => {
    const data = texts.get(name.replace(/^\.\//, ''));
    return data && Buffer.from(data).toString();
  };
  return { integrity, text };
}

/** The files of a tarball, all of whose names were judged. */
async function filesIn(path: string) {
  const packed = await readTarball(path);
  const { unpackTar } = await import('modern-tar');
  const entries = await unpackTar(await unzip(packed, path), { strict: true }).catch((cause) => {
    throw noPackage(path, 'it is damaged', cause);
  });
  const found = entries.filter(({ header }) => header.type !== 'directory');
  if (found.length > limits.files) throw noPackage(path, `it holds more than ${limits.files} files`);
  const files = found.map(({ header, data = new Uint8Array() }) => {
    return { place: placeOf(header.name, header.type ?? 'file', path), data };
  });
  return { files, integrity: `sha512-${createHash('sha512').update(packed).digest('base64')}` };
}

async function readTarball(path: string): Promise<Uint8Array> {
  try {
    const found = await stat(path);
    if (!found.isFile()) throw Object.assign(new Error('it is no file'), { code: 'EFTYPE' });
    if (found.size > limits.packed) throw noPackage(path, `it is larger than ${fileSize(limits.packed)}`);
    return await readFile(path);
  } catch (error) {
    throw storageError(error, `read ${path}`, path);
  }
}

async function unzip(packed: Uint8Array, path: string): Promise<Uint8Array> {
  try {
    return await promisify(gunzip)(packed, { maxOutputLength: limits.unpacked });
  } catch (error) {
    const isBomb = errorCode(error) === 'ERR_BUFFER_TOO_LARGE';
    throw noPackage(
      path,
      isBomb ? `unpacked it is larger than ${fileSize(limits.unpacked)}` : 'it is not compressed as such',
    );
  }
}

/** The parts of the path in the package: what npm calls `package/` is left out. */
function placeOf(name: string, type: string, path: string): readonly string[] {
  const parts = name.split('/').filter((part) => part !== '.');
  const inside = parts.slice(1);
  const shown = JSON.stringify(name);
  if (type !== 'file') throw noPackage(path, `${shown} in it is no file but a ${type}`);
  const isSafe = inside.length > 0 && inside.every((part) => part !== '' && part !== '..' && !/[\\:\0]/.test(part));
  if (!isSafe || parts[0] === '..' || name.startsWith('/')) throw noPackage(path, `${shown} in it leads elsewhere`);
  return inside;
}

async function writeNew(file: string, data: Uint8Array, path: string): Promise<void> {
  try {
    await makeFolder(dirname(file));
    await writeFile(file, data, { flag: 'wx' });
  } catch (error) {
    const isTaken = ['EEXIST', 'EISDIR', 'ENOTDIR'].includes(errorCode(error));
    throw isTaken ? noPackage(path, `it holds ${basename(file)} twice`) : error;
  }
}

function noPackage(path: string, because: string, cause?: unknown): ImageError {
  return new ImageError('invalid-request', `${path} is not unpacked: ${because}`, {
    ...(cause !== undefined && { cause }),
    details: { path },
    hint: 'A tarball of a package is what npm pack writes.',
  });
}

/**
 * Copies what a package publishes into a folder that is not there yet: what `files` of its package.json says, and what npm always
 * packs. Without `files`, all but hidden files. Links and `node_modules` are left out. Gives a hash of names and contents, as
 * `sha512-…`. Throws `invalid-request` for too many or too large files; rejects with the system's error.
 */
export async function copyPackage(
  named: string,
  { files, main }: { readonly files?: readonly string[]; readonly main?: string },
  into: string,
  signal?: AbortSignal,
): Promise<string> {
  const folder = await realpath(named);
  const chosen = files ? await matching(folder, [...files, ...(main ? [main] : []), ...always]) : await allIn(folder);
  const hash = createHash('sha512');
  let total = 0;
  for (const path of [...chosen].sort()) {
    signal?.throwIfAborted();
    const { size } = await lstat(join(folder, path));
    total += size;
    if (total > limits.unpacked) throw tooLarge(folder, `more than ${fileSize(limits.unpacked)}`);
    const copy = join(into, path);
    await makeFolder(dirname(copy));
    await copyFile(join(folder, path), copy, constants.COPYFILE_EXCL);
    const bytes = await readFile(copy);
    hash.update(`${path.replaceAll(sep, '/')}\0${bytes.length}\0`).update(bytes);
  }
  return `sha512-${hash.digest('base64')}`;
}

/** What npm packs whatever `files` says. */
const always = ['package.json', 'README*', 'readme*', 'LICEN[CS]E*', 'licen[cs]e*'];

/** The files that the patterns match, and those below the folders that they match, less those of patterns that begin with `!`. */
async function matching(folder: string, patterns: readonly string[]): Promise<ReadonlySet<string>> {
  const rooted = patterns.map((pattern) => pattern.replace(/^(!?)(?:\.?\/)+/, '$1'));
  const found = await filesOf(
    folder,
    rooted.filter((pattern) => !pattern.startsWith('!')),
  );
  const refused = await filesOf(
    folder,
    rooted.flatMap((pattern) => (pattern.startsWith('!') ? [pattern.slice(1)] : [])),
  );
  for (const file of refused) found.delete(file);
  return found;
}

async function filesOf(folder: string, patterns: readonly string[]): Promise<Set<string>> {
  const files = new Set<string>();
  for await (const path of glob(patterns, {
    cwd: folder,
    exclude: (name) => basename(String(name)) === 'node_modules',
  })) {
    const inside = relative(folder, join(folder, path));
    if (inside.split(sep)[0] === '..') continue;
    for (const file of await allIn(folder, inside)) files.add(file);
  }
  return files;
}

/** All files at or below a path of the folder. */
async function allIn(folder: string, path = ''): Promise<Set<string>> {
  const files = new Set<string>();
  const visit = async (at: string): Promise<void> => {
    const found = await lstat(join(folder, at));
    if (found.isFile()) files.add(at);
    if (files.size > limits.files) throw tooLarge(folder, `more than ${limits.files} files`);
    if (!found.isDirectory()) return;
    for (const name of await readdir(join(folder, at))) {
      if (name !== 'node_modules' && !name.startsWith('.')) await visit(join(at, name));
    }
  };
  await visit(path);
  return files;
}

function tooLarge(folder: string, because: string): ImageError {
  return new ImageError('invalid-request', `${folder} is not copied: it would be ${because}`, {
    details: { path: folder },
    hint: 'Say in "files" of its package.json what the package publishes, such as ["dist"].',
  });
}
