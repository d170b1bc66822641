// Reading the sidecars of all folders again, while other programs write the index.

import { access, readdir } from 'node:fs/promises';
import { ImageError } from '@anyimage/core';
import { errorCode, storageError } from '../files/storage-error.ts';
import { knownFolders, rememberFolders } from './known-folders.ts';
import { sweepFolder, sweepParts } from './late-sidecars.ts';
import { addPictures, notWrittenSince, removePictures, rowsOf, type SkippedPicture } from './picture-index.ts';
import type { SharedIndex } from './shared-index.ts';
import { sidecarPath } from './sidecar.ts';
import { type ScannedPicture, type ScanProgress, scanFolders } from './sidecar-scan.ts';

/** Pictures that are written at once; between, other processes have their turn. */
const batch = 5000;

/** Reads the sidecars of all known folders, and of `folders`, and writes what they say. Throws `storage`. */
export async function rebuildIndex(
  index: SharedIndex,
  folders: readonly string[],
  onProgress: ScanProgress | undefined,
): Promise<void> {
  const before = await index.use(rowsOf);
  await rememberFolders(index.home, folders);
  await sweepParts(index.home, Date.now());
  for (const folder of await knownFolders(index.home)) await sweepFolder(folder, Date.now());
  const found = await scanFolders(await knownFolders(index.home), { onProgress, signal: index.signal });
  // A picture that was not found may have been added since the folders were read: only what is really gone is removed.
  const seen = new Set(found.map(({ path }) => path));
  const gone = await missing([...before.keys()].filter((path) => !seen.has(path)));
  const skipped = await addInBatches(index, found, before);
  await index.change((database) => removePictures(database, gone));
  index.tellSkipped(skipped);
}

/** Throws `not-found` for a folder that is not there, `storage` for one that cannot be read. */
export async function checkFolder(folder: string): Promise<void> {
  try {
    await readdir(folder);
  } catch (error) {
    const code = errorCode(error);
    if (code !== 'ENOENT' && code !== 'ENOTDIR') throw storageError(error, `read ${folder}`, folder);
    throw new ImageError('not-found', code === 'ENOENT' ? `there is no folder ${folder}` : `${folder} is no folder`, {
      cause: error,
      details: { path: folder },
      hint: 'Name a folder that holds pictures and their sidecars.',
    });
  }
}

async function addInBatches(
  index: SharedIndex,
  pictures: readonly ScannedPicture[],
  before: ReadonlyMap<string, number>,
): Promise<readonly SkippedPicture[]> {
  const skipped: SkippedPicture[] = [];
  for (let at = 0; at < pictures.length; at += batch) {
    const some = pictures.slice(at, at + batch);
    const added = await index.change((database) => addPictures(database, notWrittenSince(database, before, some)));
    skipped.push(...added);
  }
  return skipped;
}

/** The pictures of which the file or the sidecar is not there any more. */
async function missing(paths: readonly string[]): Promise<string[]> {
  const gone: string[] = [];
  for (const path of paths) {
    const isThere = await Promise.all([access(path), access(sidecarPath(path))]).then(
      () => true,
      () => false,
    );
    if (!isThere) gone.push(path);
  }
  return gone;
}
