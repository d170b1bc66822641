// Making a folder with those above it. The system's own way (`recursive`) tries for ever where no folder can be made, as in /proc.

import { mkdirSync, statSync } from 'node:fs';
import { mkdir, stat } from 'node:fs/promises';
import { dirname } from 'node:path';
import { errorCode } from './storage-error.ts';

/**
 * Makes a folder and the missing ones above it; one that is there stays as it is. `mode`: of what is made, less the umask. Rejects with
 * the system's error, and with `ENOTDIR` where there is something else of that name.
 */
export async function makeFolder(path: string, mode = 0o777): Promise<void> {
  try {
    await makeOne(path, mode);
  } catch (error) {
    if (errorCode(error) !== 'ENOENT' || dirname(path) === path) throw error;
    await makeFolder(dirname(path), mode);
    await makeOne(path, mode);
  }
}

async function makeOne(path: string, mode: number): Promise<void> {
  try {
    await mkdir(path, { mode });
  } catch (error) {
    const found = await stat(path).catch(() => undefined);
    if (!found) throw error;
    if (!found.isDirectory()) throw noFolder();
  }
}

/** Does work that makes a file in a folder. Mostly the folder is there: it is made, and the work done again, only where it is missing. */
export async function inFolder<T>(folder: string, mode: number, work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    if (errorCode(error) !== 'ENOENT') throw error;
    await makeFolder(folder, mode);
    return work();
  }
}

/** As `makeFolder`, at once: for who cannot wait. */
export function makeFolderNow(path: string, mode = 0o777): void {
  try {
    makeOneNow(path, mode);
  } catch (error) {
    if (errorCode(error) !== 'ENOENT' || dirname(path) === path) throw error;
    makeFolderNow(dirname(path), mode);
    makeOneNow(path, mode);
  }
}

function makeOneNow(path: string, mode: number): void {
  try {
    mkdirSync(path, { mode });
  } catch (error) {
    const found = statSync(path, { throwIfNoEntry: false });
    if (!found) throw error;
    if (!found.isDirectory()) throw noFolder();
  }
}

function noFolder(): Error {
  return Object.assign(new Error('it is a file, not a folder'), { code: 'ENOTDIR' });
}
