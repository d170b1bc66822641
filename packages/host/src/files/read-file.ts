// Reading what may not be there, or be something else than a file.

import { constants } from 'node:fs';
import { type FileHandle, open, stat } from 'node:fs/promises';
import { errorCode, storageError } from './storage-error.ts';

/** Longest text that is read as a whole, bytes: no config, note or list comes near. */
const longestText = 16 * 2 ** 20;

/**
 * Opens a file for reading. What is none (a pipe, a device, a folder) is refused at once, for reading it could wait or go on for ever.
 * Rejects with the system's error, or one of code `EFTYPE`.
 */
export async function openFile(path: string): Promise<FileHandle> {
  // A pipe is opened without waiting for who writes to it.
  const file = await open(path, constants.O_RDONLY | (constants.O_NONBLOCK ?? 0));
  try {
    const found = await file.stat();
    if (found.isDirectory()) throw failure('EISDIR', 'it is a folder');
    if (!found.isFile()) throw failure('EFTYPE', 'it is no file');
    return file;
  } catch (error) {
    await file.close();
    throw error;
  }
}

/** The bytes of a file, opened as `openFile` does. `longest`: bytes. Rejects with the system's error, or one of code `EFTYPE` or `EFBIG`. */
export async function readBytes(path: string, longest: number): Promise<Buffer> {
  const file = await openFile(path);
  try {
    const { size } = await file.stat();
    if (size > longest) throw failure('EFBIG', `it is longer than ${longest} bytes`);
    return await file.readFile();
  } finally {
    await file.close();
  }
}

/** The text of a file, read as `readBytes` does. `longest`: bytes, default 16 MiB. */
export async function readText(path: string, longest = longestText): Promise<string> {
  return (await readBytes(path, longest)).toString();
}

function failure(code: string, message: string): Error {
  return Object.assign(new Error(message), { code });
}

/** The text of a file; `undefined` where there is none. `action` as in `storageError`. Throws `storage`. */
export async function readIfThere(path: string, action = `read ${path}`): Promise<string | undefined> {
  try {
    return await readText(path);
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
