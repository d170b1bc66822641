// The file of the index. It is whole when it is handed out: one that is not is made anew by one process while others wait.

import { mkdir, rename, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';
import type { DatabaseSync } from 'node:sqlite';
import { knownFolders } from './library-folders.ts';
import { addPictures, indexVersion, prepareIndex, type SkippedPicture, versionOf } from './library-index.ts';
import { type ScanProgress, scanFolders } from './library-scan.ts';
import { isDamage, makeFile, openDatabase, whenFree } from './sqlite.ts';

export const indexPath = (home: string) => join(home, 'library.sqlite');

export interface IndexEvents {
  /** Called when the index was damaged, missing, half made or of another version, and is made anew from the sidecars. */
  readonly onRebuild?: ((reason: string) => void) | undefined;
  readonly onProgress?: ScanProgress | undefined;
  /** Called for each picture that the index cannot hold, after the others are in it. */
  readonly onSkip?: ((picture: SkippedPicture) => void) | undefined;
  /** Called when another process makes the index anew, or fills it, and this one waits for it. */
  readonly onWait?: (() => void) | undefined;
}

export interface IndexFile {
  readonly database: DatabaseSync;
  /** Whether its path still leads to it: another process may have found damage, and put it aside. */
  isCurrent(): Promise<boolean>;
  /** Closes it and, if its path still leads to it, keeps it beside for whoever wants to know; all of it is in the sidecars. */
  putAside(): Promise<void>;
  close(): void;
}

/** Opens the index of a home folder. `problem` is why it was put aside. Rejects with the system's and SQLite's errors. */
export async function openIndex(home: string, events: IndexEvents, problem?: string): Promise<IndexFile> {
  await mkdir(home, { recursive: true, mode: 0o700 });
  const path = indexPath(home);
  const isThere = (await identify(path)) !== undefined;
  await makeFile(path);
  const file = await openFile(path, await identify(path));
  try {
    const version = await whenFree(file.database, () => versionOf(file.database), events);
    file.database.exec('PRAGMA synchronous = NORMAL');
    if (version !== 0 && version !== indexVersion) {
      await file.putAside();
      return await openIndex(home, events, problem ?? 'is of another version');
    }
    if (version === 0) await fill(file.database, home, events, { problem, isThere });
    if (await file.isCurrent()) return file;
    file.close();
    return await openIndex(home, events, problem);
  } catch (error) {
    file.close();
    if (!isDamage(error) || problem !== undefined) throw error;
    await file.putAside();
    return openIndex(home, events, 'was damaged');
  }
}

interface Found {
  readonly problem: string | undefined;
  readonly isThere: boolean;
}

/** The tables, the rows and the version are written in one transaction: whoever is stopped leaves version 0. */
async function fill(database: DatabaseSync, home: string, events: IndexEvents, found: Found): Promise<void> {
  await whenFree(database, () => database.exec('BEGIN IMMEDIATE'), events);
  try {
    // Another process may have done it meanwhile.
    const skipped = versionOf(database) === 0 ? await addKnown(database, home, events, found) : [];
    database.exec('COMMIT');
    for (const picture of skipped) events.onSkip?.(picture);
  } finally {
    if (database.isTransaction) database.exec('ROLLBACK');
  }
}

async function addKnown(
  database: DatabaseSync,
  home: string,
  { onRebuild, onProgress }: IndexEvents,
  { problem, isThere }: Found,
): Promise<readonly SkippedPicture[]> {
  prepareIndex(database);
  const folders = await knownFolders(home);
  // Where no folder is known, the first index is made, and that is no news.
  if (problem !== undefined || folders.length > 0) {
    onRebuild?.(problem ?? (isThere ? 'was not complete' : 'was missing'));
  }
  return addPictures(database, await scanFolders(folders, onProgress));
}

async function openFile(path: string, identity: string | undefined): Promise<IndexFile> {
  const database = await openDatabase(path);
  const isCurrent = async () => identity !== undefined && (await identify(path)) === identity;
  const close = () => {
    if (database.isOpen) database.close();
  };
  return {
    database,
    isCurrent,
    close,
    async putAside() {
      close();
      if (!(await isCurrent())) return;
      await rename(path, `${path}.damaged`);
      await rm(`${path}-journal`, { force: true });
    },
  };
}

/** Two files never have the same as long as both are there. `undefined` for no file. */
async function identify(path: string): Promise<string | undefined> {
  const found = await stat(path, { bigint: true }).catch(() => undefined);
  return found && `${found.dev}:${found.ino}`;
}
