// All pictures that were made, wherever they lie. The sidecars are the truth; the index only makes finding fast.

import { access, readdir } from 'node:fs/promises';
import { dirname } from 'node:path';
import type { DatabaseSync } from 'node:sqlite';
import { ImageError } from '@anyimage/core';
import { type IndexEvents, type IndexFile, indexPath, openIndex } from './library-file.ts';
import { knownFolders, rememberFolders } from './library-folders.ts';
import {
  addPictures,
  countPictures,
  findBytes,
  findPictures,
  notWrittenSince,
  type PictureEntry,
  type Query,
  removePictures,
  rowsOf,
  type SkippedPicture,
} from './library-index.ts';
import { type ScannedPicture, scanFolders } from './library-scan.ts';
import { sidecarPath } from './sidecar.ts';
import { inTransaction, isBusy, isDamage, isWriteProtected } from './sqlite.ts';
import { errorCode, storageError } from './storage-error.ts';

export interface Library {
  /** Where the index is. */
  readonly path: string;
  /** Notes pictures whose sidecars are written. Throws if the index cannot hold one; the others are noted. */
  add(pictures: readonly ScannedPicture[]): Promise<void>;
  /** A page, newest first. */
  list(query?: Query): Promise<readonly PictureEntry[]>;
  /** Pictures with these bytes, newest first: finds a picture that was moved. */
  findBytes(sha256: string): Promise<readonly PictureEntry[]>;
  count(): Promise<number>;
  /**
   * Reads the sidecars of all known folders, and of `folders`, again. Returns how many pictures there are. Throws `not-found`
   * for one of `folders` that is not there.
   */
  rebuild(folders?: readonly string[]): Promise<number>;
  close(): Promise<void>;
}

export type LibraryOptions = IndexEvents;

/** Pictures that are written at once; between, other processes have their turn. */
const batch = 5000;

/** The library of a home folder. Opens its index when it is first used. All methods throw `storage`. */
export function openLibrary(home: string, options: LibraryOptions = {}): Library {
  const path = indexPath(home);
  let opening: Promise<IndexFile> | undefined;

  /** Runs `work`, once more on a new index if this one is damaged or was put aside by another process. */
  async function using<T>(work: (database: DatabaseSync) => T): Promise<T> {
    let used: Promise<IndexFile> | undefined;
    try {
      for (let isMended = false; ; ) {
        opening ??= openIndex(home, options);
        used = opening;
        const file = await used;
        // Other work met damage in it meanwhile.
        if (opening !== used) continue;
        try {
          const result = work(file.database);
          // Looked at afterwards: what was done before the index was put aside is found when it is made anew.
          if (await file.isCurrent()) return result;
          await leave(used);
        } catch (error) {
          if (!isDamage(error) || isMended) throw error;
          isMended = true;
          if (opening === used) opening = file.putAside().then(() => openIndex(home, options, 'was damaged'));
        }
      }
    } catch (error) {
      await leave(used);
      throw indexError(error, `use the index ${path}`, path);
    }
  }

  /** Closes an index, unless other work did and uses another. */
  async function leave(used: Promise<IndexFile> | undefined): Promise<void> {
    if (opening === used) await close();
  }

  async function remember(folders: readonly string[]): Promise<void> {
    try {
      await rememberFolders(home, folders);
    } catch (error) {
      throw indexError(error, `keep the list of folders in ${home}`, home);
    }
  }

  async function close(): Promise<void> {
    const closing = opening;
    opening = undefined;
    (await closing?.catch(() => undefined))?.close();
  }

  return {
    path,
    async add(pictures) {
      const folders = pictures.map((picture) => dirname(picture.path));
      // Before the index is waited for: a process may be stopped there. Not the very first, for whom no index is missing.
      if ((await knownFolders(home)).length > 0) await remember(folders);
      const problem = await using(() => undefined).catch((error: unknown) => error);
      await remember(folders);
      if (problem) throw problem;
      const [skipped] = await using((database) => addPictures(database, pictures));
      if (skipped) throw cannotHold(skipped, path);
    },
    list: (query = {}) => using((database) => findPictures(database, query)),
    findBytes: (sha256) => using((database) => findBytes(database, sha256)),
    count: () => using(countPictures),
    async rebuild(folders = []) {
      for (const folder of folders) await checkFolder(folder);
      const before = await using(rowsOf);
      await remember(folders);
      const found = await scanFolders(await knownFolders(home), options.onProgress);
      const seen = new Set(found.map((picture) => picture.path));
      // What another process added since the folders were read is there; what was deleted is not.
      const gone = await missing([...before.keys()].filter((one) => !seen.has(one)));
      const skipped: SkippedPicture[] = [];
      for (let at = 0; at < found.length; at += batch) {
        const some = found.slice(at, at + batch);
        const write = (database: DatabaseSync) => addPictures(database, notWrittenSince(database, before, some));
        skipped.push(...(await using((database) => inTransaction(database, () => write(database)))));
      }
      await using((database) => removePictures(database, gone));
      for (const picture of skipped) options.onSkip?.(picture);
      return using(countPictures);
    },
    close,
  };
}

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

async function checkFolder(folder: string): Promise<void> {
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

/** Where the index lies is not the choice of a folder for pictures: what to do is said for a home. */
function indexError(error: unknown, action: string, path: string): ImageError {
  const told = storageError(error, action, path);
  const hint = hintFor(error);
  if (ImageError.isInstance(error) || hint === undefined) return told;
  return new ImageError('storage', told.message, { cause: error, details: told.details!, hint });
}

function hintFor(error: unknown): string | undefined {
  if (isBusy(error)) return 'Another program uses it: try again when it is done.';
  const isElsewhere = isWriteProtected(error) || ['ENOTDIR', 'EISDIR', 'EEXIST', 'ENOENT'].includes(errorCode(error));
  return isElsewhere ? 'Set ANYIMAGE_HOME to a folder that you may write to and try again.' : undefined;
}

function cannotHold({ path, reason }: SkippedPicture, index: string): ImageError {
  return new ImageError('storage', `the index ${index} cannot hold ${path}: ${reason}`, {
    details: { path },
    hint: `Look at ${sidecarPath(path)}.`,
  });
}
