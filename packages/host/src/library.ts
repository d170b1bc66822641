// All pictures that were made, wherever they lie. The sidecars are the truth; the index only makes finding fast.

import { access, mkdir, rename, rm } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import type { DatabaseSync } from 'node:sqlite';
import { knownFolders, rememberFolders } from './library-folders.ts';
import {
  addPictures,
  countPictures,
  findBytes,
  findPictures,
  indexVersion,
  type PictureEntry,
  pathsOf,
  prepareIndex,
  type Query,
  removePictures,
} from './library-index.ts';
import { type ScannedPicture, type ScanProgress, scanFolders } from './library-scan.ts';
import { sidecarPath } from './sidecar.ts';
import { isDamage, openDatabase } from './sqlite.ts';
import { errorCode, storageError } from './storage-error.ts';

export interface Library {
  /** Where the index is. */
  readonly path: string;
  /** Notes pictures whose sidecars are written. */
  add(pictures: readonly ScannedPicture[]): Promise<void>;
  /** A page, newest first. */
  list(query?: Query): Promise<readonly PictureEntry[]>;
  /** Pictures with these bytes, newest first: finds a picture that was moved. */
  findBytes(sha256: string): Promise<readonly PictureEntry[]>;
  count(): Promise<number>;
  /** Reads the sidecars of all known folders, and of `folders`, again. Returns how many pictures there are. */
  rebuild(folders?: readonly string[]): Promise<number>;
  close(): Promise<void>;
}

export interface LibraryOptions {
  /** Called when the index was damaged, missing or of another version, and is made anew from the sidecars. */
  readonly onRebuild?: (reason: string) => void;
  readonly onProgress?: ScanProgress;
}

/** The library of a home folder. Opens its index when it is first used. All methods throw `storage`. */
export function openLibrary(home: string, { onRebuild, onProgress }: LibraryOptions = {}): Library {
  const path = join(home, 'library.sqlite');
  let opening: Promise<DatabaseSync> | undefined;

  /** Runs `work`; an index that turns out to be damaged is made anew once. */
  async function using<T>(work: (database: DatabaseSync) => T): Promise<T> {
    try {
      try {
        opening ??= open();
        return work(await opening);
      } catch (error) {
        if (!isDamage(error)) throw error;
        await close();
        await discard();
        opening = open('was damaged');
        return work(await opening);
      }
    } catch (error) {
      await close();
      throw storageError(error, `use the index ${path}`, path);
    }
  }

  async function open(problem?: string): Promise<DatabaseSync> {
    await mkdir(home, { recursive: true, mode: 0o700 });
    const isNew = await access(path).then(
      () => false,
      (error) => errorCode(error) === 'ENOENT',
    );
    const database = await openDatabase(path);
    try {
      const version = database.prepare('PRAGMA user_version').get()!.user_version;
      if (version !== 0 && version !== indexVersion) {
        database.close();
        await discard();
        return await open('is of another version');
      }
      prepareIndex(database);
      const folders = await knownFolders(home);
      const reason = problem ?? (isNew && folders.length > 0 ? 'was missing' : undefined);
      if (reason !== undefined) {
        onRebuild?.(reason);
        addPictures(database, await scanFolders(folders, onProgress));
      }
      return database;
    } catch (error) {
      if (database.isOpen) database.close();
      throw error;
    }
  }

  /** The damaged file is kept beside, for whoever wants to know; everything in it is in the sidecars. */
  async function discard(): Promise<void> {
    await rename(path, `${path}.damaged`);
    await rm(`${path}-journal`, { force: true });
  }

  async function remember(folders: readonly string[]): Promise<void> {
    try {
      await rememberFolders(home, folders);
    } catch (error) {
      throw storageError(error, `keep the list of folders in ${home}`, home);
    }
  }

  async function close(): Promise<void> {
    const closing = opening;
    opening = undefined;
    const database = await closing?.catch(() => undefined);
    if (database?.isOpen) database.close();
  }

  return {
    path,
    async add(pictures) {
      // Opened first: an index that is missing is then made anew from the folders before these.
      const problem = await using(() => undefined).catch((error: unknown) => error);
      await remember(pictures.map((picture) => dirname(picture.path)));
      if (problem) throw problem;
      await using((database) => addPictures(database, pictures));
    },
    list: (query = {}) => using((database) => findPictures(database, query)),
    findBytes: (sha256) => using((database) => findBytes(database, sha256)),
    count: () => using(countPictures),
    async rebuild(folders = []) {
      const before = await using(pathsOf);
      await remember(folders);
      const found = await scanFolders(await knownFolders(home), onProgress);
      const seen = new Set(found.map((picture) => picture.path));
      // What another process added since the folders were read is there; what was deleted is not.
      const gone = await missing(before.filter((one) => !seen.has(one)));
      return using((database) => {
        addPictures(database, found);
        removePictures(database, gone);
        return countPictures(database);
      });
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
