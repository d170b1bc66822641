// All pictures that were made, wherever they lie. The sidecars are the truth; the index only makes finding fast.

import { access, readdir } from 'node:fs/promises';
import { dirname } from 'node:path';
import type { DatabaseSync } from 'node:sqlite';
import { ImageError } from '@anyimage/core';
import { inTransaction, isBusy, isDamage, isWriteProtected, whenFree } from '../files/sqlite.ts';
import { errorCode, storageError } from '../files/storage-error.ts';
import { duration } from '../text/units.ts';
import { type IndexEvents, type IndexFile, indexPath, openIndex } from './index-file.ts';
import { knownFolders, rememberFolders } from './known-folders.ts';
import { type LatePictures, latePictures, noteLate } from './late-pictures.ts';
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
} from './picture-index.ts';
import { sidecarPath } from './sidecar.ts';
import { type ScannedPicture, scanFolders, scanPictures } from './sidecar-scan.ts';

export interface History {
  /** Where the index is. */
  readonly path: string;
  /**
   * Notes pictures whose sidecars are written. Throws if the index cannot hold one, the others are noted; and if that would take
   * longer than `addPatience`, then they are added when the history is next read.
   */
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
  /** Ends what still waits for the index. The history cannot be used again. */
  close(): Promise<void>;
}

export interface HistoryOptions extends IndexEvents {
  /** How long pictures that were made wait for the index, ms; default ten seconds. */
  readonly addPatience?: number;
}

/** Pictures that are written at once; between, other processes have their turn. */
const batch = 5000;

/** The history of a home folder. Opens its index when it is first used. All methods throw `storage`. */
export function openHistory(home: string, { addPatience = 10_000, ...events }: HistoryOptions = {}): History {
  const path = indexPath(home);
  const closing = new AbortController();
  const options = { ...events, signal: closing.signal };
  let opening: Promise<IndexFile> | undefined;

  /** Runs `work`, once more on a new index if this one is damaged or was put aside by another process. */
  async function using<T>(work: (database: DatabaseSync) => T | Promise<T>): Promise<T> {
    let used: Promise<IndexFile> | undefined;
    try {
      for (let isMended = false; ; ) {
        closing.signal.throwIfAborted();
        opening ??= openIndex(home, options);
        used = opening;
        const file = await used;
        // Other work met damage in it meanwhile.
        if (opening !== used) continue;
        try {
          const result = await work(file.database);
          // Looked at afterwards: what was done before the index was put aside is found when it is made anew.
          if (await file.isCurrent()) return result;
          await leave(used);
        } catch (error) {
          // Other work closed it, while this waited.
          if (opening !== used) continue;
          if (!isDamage(error) || isMended) throw error;
          isMended = true;
          opening = file.putAside().then(() => openIndex(home, options, 'was damaged'));
        }
      }
    } catch (error) {
      await leave(used);
      throw indexError(error, `use the index ${path}`, path);
    }
  }

  /** As `using`, in one transaction that begins as soon as no other process writes. */
  function writing<T>(work: (database: DatabaseSync) => T): Promise<T> {
    return using((database) => whenFree(database, () => inTransaction(database, () => work(database)), options));
  }

  /** As `using`, once what is late is added. */
  async function reading<T>(work: (database: DatabaseSync) => T): Promise<T> {
    const late = await latePictures(home);
    if (late.paths.length > 0) {
      const before = await using(rowsOf);
      // What cannot be added now stays late, and the others are shown.
      await inTime(addLate(late, before), addPatience).catch(() => {});
    }
    return using(work);
  }

  async function addLate({ paths, forget }: LatePictures, before: ReadonlyMap<string, number>): Promise<void> {
    await remember(paths.map((late) => dirname(late)));
    const found = await scanPictures(paths, { signal: closing.signal });
    const skipped = await writing((database) => addPictures(database, notWrittenSince(database, before, found)));
    await forget();
    for (const picture of skipped) events.onSkip?.(picture);
  }

  /** The folders are remembered before the rows are there: what is put aside with the rows is found in them. */
  async function addMade(pictures: readonly ScannedPicture[]): Promise<readonly SkippedPicture[]> {
    await using(() => undefined);
    await remember(pictures.map((picture) => dirname(picture.path)));
    return writing((database) => addPictures(database, pictures));
  }

  /** Closes an index, unless other work did and uses another. */
  async function leave(used: Promise<IndexFile> | undefined): Promise<void> {
    if (opening === used) await closeIndex();
  }

  async function note(pictures: readonly string[]): Promise<() => Promise<void>> {
    try {
      return await noteLate(home, pictures);
    } catch (error) {
      throw indexError(error, `note new pictures in ${home}`, home);
    }
  }

  async function remember(folders: readonly string[]): Promise<void> {
    try {
      await rememberFolders(home, folders);
    } catch (error) {
      throw indexError(error, `keep the list of folders in ${home}`, home);
    }
  }

  async function closeIndex(): Promise<void> {
    const used = opening;
    opening = undefined;
    (await used?.catch(() => undefined))?.close();
  }

  return {
    path,
    async add(pictures) {
      if (pictures.length === 0) return;
      // Before the index is waited for: this process may be stopped there.
      const removeNote = await note(pictures.map((picture) => picture.path));
      const adding = addMade(pictures).then(async (skipped) => {
        await removeNote();
        return skipped;
      });
      const added = await inTime(adding, addPatience);
      if (added === undefined) throw notReady(path, addPatience);
      if (added[0]) throw cannotHold(added[0], path);
    },
    list: (query = {}) => reading((database) => findPictures(database, query)),
    findBytes: (sha256) => reading((database) => findBytes(database, sha256)),
    count: () => reading(countPictures),
    async rebuild(folders = []) {
      for (const folder of folders) await checkFolder(folder);
      const before = await reading(rowsOf);
      await remember(folders);
      const found = await scanFolders(await knownFolders(home), options);
      const seen = new Set(found.map((picture) => picture.path));
      // What another process added since the folders were read is there; what was deleted is not.
      const gone = await missing([...before.keys()].filter((one) => !seen.has(one)));
      const skipped: SkippedPicture[] = [];
      for (let at = 0; at < found.length; at += batch) {
        const some = found.slice(at, at + batch);
        skipped.push(...(await writing((database) => addPictures(database, notWrittenSince(database, before, some)))));
      }
      await writing((database) => removePictures(database, gone));
      for (const picture of skipped) events.onSkip?.(picture);
      return using(countPictures);
    },
    async close() {
      closing.abort();
      await closeIndex();
    },
  };
}

/** What `work` gives, or `undefined` when it takes longer than `patience` (ms); it goes on then. */
async function inTime<T>(work: Promise<T>, patience: number): Promise<T | undefined> {
  let timer: NodeJS.Timeout | undefined;
  const end = new Promise<undefined>((resolve) => {
    timer = setTimeout(resolve, patience, undefined);
  });
  try {
    return await Promise.race([work, end]);
  } finally {
    clearTimeout(timer);
  }
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

function notReady(index: string, patience: number): ImageError {
  const message = `the index ${index} was not ready within ${duration(patience)}; the next anyimage history adds the picture`;
  return new ImageError('storage', message, {
    details: { path: index },
    hint: 'Another program uses it, or it is made anew: anyimage history waits for that.',
  });
}

function cannotHold({ path, reason }: SkippedPicture, index: string): ImageError {
  return new ImageError('storage', `the index ${index} cannot hold ${path}: ${reason}`, {
    details: { path },
    hint: `Look at ${sidecarPath(path)}.`,
  });
}
