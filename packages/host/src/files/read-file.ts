// Reading what may not be there.

import { readFile, stat } from 'node:fs/promises';
import { errorCode, storageError } from './storage-error.ts';

/** The text of a file; `undefined` where there is none. `action` as in `storageError`. Throws `storage`. */
export async function readIfThere(path: string, action = `read ${path}`): Promise<string | undefined> {
  try {
    return await readFile(path, 'utf8');
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
