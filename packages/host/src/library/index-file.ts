// The file of the index. An index that is not whole is made anew before it is handed out.

import { rename, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';
import type { DatabaseSync } from 'node:sqlite';
import { makeFolder } from '../files/make-folder.ts';
import { isDamage, makeFile, openDatabase, versionOf, type Waiting, whenFree } from '../files/sqlite.ts';
import { newerVersion } from '../files/storage-error.ts';
import type { OnNotice } from '../text/notice.ts';
import { knownFolders } from './known-folders.ts';
import {
  addPictures,
  indexVersion,
  otherWordsVersion,
  prepareIndex,
  renewWords,
  rowsOf,
  type SkippedPicture,
} from './picture-index.ts';
import { type ScannedPicture, type ScanOptions, type ScanProgress, scanFolders, scanPictures } from './sidecar-scan.ts';

export const indexPath = (home: string) => join(home, 'library.sqlite');

export interface IndexEvents {
  /**
   * Called when the index is made anew; for each picture that it cannot hold, after the others are added; and when this process
   * waits for another that writes the index.
   */
  readonly onNotice?: OnNotice | undefined;
  /** Called while sidecars are read. */
  readonly onProgress?: ScanProgress | undefined;
}

/** `signal` ends the opening. */
export type OpenOptions = IndexEvents & Waiting & ScanOptions;

export interface IndexFile {
  readonly database: DatabaseSync;
  /** Whether its path still leads to it: another process may have found damage, and put it aside. */
  isCurrent(): Promise<boolean>;
  /** Closes it. If its path still leads to it, it gets another name there, for whoever wants to look at the damage. */
  putAside(): Promise<void>;
  close(): void;
}

/**
 * Opens the index of a home folder. `problem` is why it was put aside. Rejects with the system's and SQLite's errors, with that
 * of the signal, and with `storage` for an index of a newer version, which stays as it is.
 */
export async function openIndex(home: string, options: OpenOptions, problem?: string): Promise<IndexFile> {
  await makeFolder(home, 0o700);
  const path = indexPath(home);
  const isThere = (await identify(path)) !== undefined;
  await makeFile(path);
  const file = await openFile(path, await identify(path));
  try {
    const version = await whenFree(file.database, () => prepare(file.database), options);
    if (version > indexVersion) throw newerVersion(path);
    if (version === otherWordsVersion) await renew(file.database, path, options);
    else if (version !== 0 && version !== indexVersion) {
      await file.putAside();
      return await openIndex(home, options, problem ?? 'is of an earlier version');
    }
    if (version === 0) await fill(file.database, home, options, { problem, isThere });
    if (await file.isCurrent()) return file;
    file.close();
    return await openIndex(home, options, problem);
  } catch (error) {
    file.close();
    if (!isDamage(error) || problem !== undefined) throw error;
    await file.putAside();
    return openIndex(home, options, 'was damaged');
  }
}

/** Returns the version. */
function prepare(database: DatabaseSync): number {
  database.exec('PRAGMA synchronous = NORMAL');
  return versionOf(database);
}

/** Brings an index of the version before up to date. It keeps the pictures whose sidecars are not there any more. */
async function renew(database: DatabaseSync, path: string, options: OpenOptions): Promise<void> {
  options.onNotice?.({ kind: 'index-rebuilt', path, reason: 'is of an earlier version' });
  const found = await scanPictures([...rowsOf(database).keys()], options);
  const sidecars = new Map(found.map((picture) => [picture.path, picture.sidecar]));
  await whenFree(database, () => renewWords(database, sidecars), options);
}

interface Found {
  readonly problem: string | undefined;
  readonly isThere: boolean;
}

/**
 * Fills an empty index from the sidecars. Tables, rows and version are written in one transaction: a process that is stopped
 * leaves version 0. Pictures that other processes make while the sidecars are read are not missed: they are noted as late.
 */
async function fill(database: DatabaseSync, home: string, options: OpenOptions, found: Found): Promise<void> {
  const folders = await knownFolders(home);
  const pictures = await scanFolders(folders, options);
  await whenFree(database, () => database.exec('BEGIN IMMEDIATE'), options);
  try {
    let skipped: readonly SkippedPicture[] = [];
    // Another process may have done it meanwhile.
    if (versionOf(database) === 0) {
      // Where no folder is known, the first index is made, and that is no news.
      if (found.problem !== undefined || folders.length > 0)
        options.onNotice?.({ kind: 'index-rebuilt', path: indexPath(home), reason: reasonOf(found) });
      skipped = addAll(database, pictures);
    }
    database.exec('COMMIT');
    for (const picture of skipped) options.onNotice?.({ kind: 'picture-skipped', ...picture });
  } finally {
    if (database.isTransaction) database.exec('ROLLBACK');
  }
}

function reasonOf({ problem, isThere }: Found): string {
  return problem ?? (isThere ? 'was not complete' : 'was missing');
}

function addAll(database: DatabaseSync, pictures: readonly ScannedPicture[]): readonly SkippedPicture[] {
  prepareIndex(database);
  return addPictures(database, pictures);
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

/** Tells files apart that exist at the same time. `undefined` for no file. */
async function identify(path: string): Promise<string | undefined> {
  const found = await stat(path, { bigint: true }).catch(() => undefined);
  return found && `${found.dev}:${found.ino}`;
}
