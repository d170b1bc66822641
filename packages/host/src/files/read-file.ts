// Reading what may not be there, or be something else than a file.

import { closeSync, constants, fstatSync, openSync, readFileSync, readSync, type Stats } from 'node:fs';
import { type FileHandle, open, stat } from 'node:fs/promises';
import { errorCode, storageError } from './storage-error.ts';

/** Longest text that is read as a whole, bytes: no config, note or list comes near. */
const longestText = 16 * 2 ** 20;

/**
 * Opens a file for reading. What is none (a pipe, a device, a folder) is refused at once, for reading it could wait or go on for ever.
 * Rejects with the system's error, or one of code `EFTYPE`.
 */
export async function openFile(path: string): Promise<FileHandle> {
  const file = await open(path, withoutWaiting);
  try {
    refuseOthers(await file.stat());
    return file;
  } catch (error) {
    await file.close();
    throw error;
  }
}

/** A pipe is opened without waiting for who writes to it. */
const withoutWaiting = constants.O_RDONLY | (constants.O_NONBLOCK ?? 0);

function refuseOthers(found: Stats): void {
  if (found.isDirectory()) throw failure('EISDIR', 'it is a folder');
  if (!found.isFile()) throw failure('EFTYPE', 'it is no file');
}

/**
 * The text of a file, opened as `openFile` does. `longest`: bytes, default 16 MiB. Rejects with the system's error, or one of code `EFTYPE`
 * or `EFBIG`.
 */
export async function readText(path: string, longest = longestText): Promise<string> {
  const file = await openFile(path);
  try {
    refuseLong(await file.stat(), longest);
    return await file.readFile('utf8');
  } finally {
    await file.close();
  }
}

/** As `readText`, at once: for who cannot wait. Throws the same. */
export function readTextNow(path: string, longest = longestText): string {
  return withFileNow(path, (file, found) => {
    refuseLong(found, longest);
    return readFileSync(file, 'utf8');
  });
}

function withFileNow<T>(path: string, read: (file: number, found: Stats) => T): T {
  const file = openSync(path, withoutWaiting);
  try {
    const found = fstatSync(file);
    refuseOthers(found);
    return read(file, found);
  } finally {
    closeSync(file);
  }
}

function refuseLong({ size }: Stats, longest: number): void {
  if (size > longest) throw failure('EFBIG', `it is longer than ${longest} bytes`);
}

/** The first line of a file without its end, at once, opened and refused as in `readText`. What follows is not read. */
export function readFirstLineNow(path: string, longest = longestText): string {
  return withFileNow(path, (file) => {
    const chunks: Buffer[] = [];
    for (let length = 0; length <= longest; ) {
      const buffer = Buffer.allocUnsafe(firstChunk);
      const bytesRead = readSync(file, buffer, 0, firstChunk, length);
      const end = buffer.subarray(0, bytesRead).indexOf(lineEnd);
      chunks.push(buffer.subarray(0, end < 0 ? bytesRead : end));
      if (end >= 0 || bytesRead === 0) return Buffer.concat(chunks).toString();
      length += bytesRead;
    }
    throw failure('EFBIG', `its first line is longer than ${longest} bytes`);
  });
}

const firstChunk = 64 * 2 ** 10;
const lineEnd = 10;

function failure(code: string, message: string): Error {
  return Object.assign(new Error(message), { code });
}

/**
 * The text of a small file, at once: every start reads some, and to wait for each takes longer. `undefined` where there is none. `action` as
 * in `storageError`. Throws `storage`.
 */
export function readIfThere(path: string, action = `read ${path}`): string | undefined {
  try {
    return readTextNow(path);
  } catch (error) {
    if (isAbsent(error)) return undefined;
    throw storageError(error, action, path);
  }
}

/** Whether there is something at a path, as far as this person may see. Never rejects. */
export async function exists(path: string): Promise<boolean> {
  return (await stat(path).catch(() => undefined)) !== undefined;
}

/** Whether an error of the system says that there is nothing at a path. */
export function isAbsent(error: unknown): boolean {
  return errorCode(error) === 'ENOENT' || errorCode(error) === 'ENOTDIR';
}
