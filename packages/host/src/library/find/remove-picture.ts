// Removing a picture with all that is kept of it.

import { lstat, unlink } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { ImageError, isRecord } from '@anyimage/core';
import { hashFile } from '../../files/file-hash.ts';
import { errorCode, storageError } from '../../files/storage-error.ts';
import type { History } from '../history.ts';
import { readSidecar, type Sidecar, sidecarPath } from '../sidecar.ts';
import { findNamed } from './named-picture.ts';
import { findRecord } from './picture-record.ts';

/** What is to be removed. */
export interface Removal {
  /** The picture. Absolute. */
  readonly path: string;
  readonly prompt: string;
  /** All files, the picture first: its sidecar, and the service's own bytes where the picture is a conversion of them. */
  readonly files: readonly string[];
  /** Of the picture, hexadecimal. */
  readonly sha256?: string;
}

/**
 * What belongs to a picture, by its path, its id or `last`, and to nothing else. Throws `invalid-request` where the file is not the picture that
 * was made: somebody changed it, or put another in its place, and it is theirs to remove. Else as `findRecord`. `home`: where originals are
 * kept.
 */
export async function planRemoval(
  name: string,
  history: Pick<History, 'list' | 'findBytes' | 'count' | 'folders'>,
  home: string,
): Promise<Removal> {
  const named = await findNamed(name, history);
  // Of some the history alone knows: their files were removed by hand.
  if (named?.gone && !(await isThere(sidecarPath(named.path)))) {
    return { path: named.path, prompt: named.entry.prompt, files: [] };
  }
  const { path, sidecar, gone, changed, foundAt } = await findRecord(name, history);
  if (changed) throw notOurs(path);
  const files = gone ? [] : [path];
  const beside = await readSidecar(sidecarPath(path));
  if (beside && beside.sha256 === sidecar.sha256) files.push(sidecarPath(path));
  // Where the picture was moved, what is known of it stayed; unless a copy is there, too.
  else if (foundAt !== undefined && !(await isThere(foundAt.slice(0, -'.json'.length)))) files.push(foundAt);
  const original = await originalOf(sidecar, home);
  return {
    path,
    prompt: sidecar.prompt.original,
    files: original === undefined ? files : [...files, original],
    ...(sidecar.sha256 !== undefined && { sha256: sidecar.sha256 }),
  };
}

/** The file of the service's bytes, if it has them and lies where this machine keeps such files. */
async function originalOf(sidecar: Sidecar, home: string): Promise<string | undefined> {
  const { original } = sidecar as { readonly original?: unknown };
  if (!isRecord(original) || typeof original.path !== 'string' || typeof original.sha256 !== 'string') return undefined;
  if (dirname(original.path) !== join(home, 'originals')) return undefined;
  const sha256 = await hashFile(original.path).catch(() => undefined);
  return sha256 === original.sha256 ? original.path : undefined;
}

/**
 * Removes the files of a picture, and takes it out of the history. A file that is not the picture any more stays, and nothing is removed.
 * Throws `invalid-request` for that, `storage`.
 */
export async function removePicture({ path, files, sha256 }: Removal, history: Pick<History, 'forget'>): Promise<void> {
  if (files.includes(path)) await unlinkIfSame(path, sha256);
  for (const file of files) if (file !== path) await unlinkOne(file);
  const sidecars = files.filter((file) => file.endsWith('.json')).map((file) => file.slice(0, -'.json'.length));
  await history.forget([...new Set([path, ...sidecars])]);
}

/** A file that is replaced while it is read is another one by its number. */
async function unlinkIfSame(path: string, sha256: string | undefined): Promise<void> {
  const before = await stateOf(path);
  if ((await hashFile(path).catch(() => undefined)) !== sha256 || (await stateOf(path)) !== before) throw notOurs(path);
  await unlinkOne(path);
}

async function stateOf(path: string): Promise<string | undefined> {
  const found = await lstat(path, { bigint: true }).catch(() => undefined);
  return found && [found.dev, found.ino, found.size, found.mtimeNs].join();
}

async function unlinkOne(path: string): Promise<void> {
  try {
    await unlink(path);
  } catch (error) {
    if (errorCode(error) !== 'ENOENT') throw storageError(error, `remove ${path}`, path);
  }
}

async function isThere(path: string): Promise<boolean> {
  return (await stateOf(path)) !== undefined;
}

function notOurs(path: string): ImageError {
  return new ImageError('invalid-request', `${path} is not the picture that was made: its bytes are others`, {
    details: { path },
    hint: 'It was changed or replaced since, so it is left as it is. Remove it by hand if that is meant.',
  });
}
