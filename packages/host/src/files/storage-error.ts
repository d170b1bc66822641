import { ImageError, type ImageErrorFacts, messageOf } from '@anyimage/core';
import { homeFolder } from './home.ts';
import { isInside } from './inside.ts';

const reasons: Readonly<Record<string, readonly [problem: string, hint: string]>> = {
  ENOSPC: ['the disk is full', 'Free some space'],
  EDQUOT: ['the disk quota is used up', 'Free some space'],
  EFBIG: ['the file would be larger than the system allows', 'Raise the limit of file sizes'],
  EACCES: ['permission denied', 'Choose a folder that you may write to'],
  EPERM: ['permission denied', 'Choose a folder that you may write to'],
  EROFS: ['the disk is read-only', 'Choose a folder on another disk'],
  ENOENT: ['the folder does not exist', 'Make the folder'],
  ENOTDIR: ['a part of the path is a file, not a folder', 'Choose another folder'],
  EFTYPE: ['it is a pipe or a device, not a file', 'Put a file in its place'],
  EISDIR: ['it is a folder', 'Name a file'],
  ENAMETOOLONG: ['the name is too long', 'Choose a shorter name'],
  EMFILE: ['too many files are open', 'Raise the limit of open files (ulimit -n)'],
  ENFILE: ['too many files are open on this machine', 'Close other programs'],
  EIO: ['the disk failed', 'Check the disk'],
};

/** That a folder takes no files. Where it is the home folder, no other can be chosen for one file of it. */
const unfitFolder = new Set(['EACCES', 'EPERM', 'EROFS', 'ENOENT', 'ENOTDIR']);
const otherHome = 'Set ANYIMAGE_HOME to a folder that you may write to';

/**
 * A failed file operation as a `storage` error in plain words. `action` reads `"write boat.png"`; `details` holds `path` and
 * the system's `code`.
 */
export function storageError(
  error: unknown,
  action: string,
  path: string,
  then = 'and try again',
  facts: ImageErrorFacts = {},
): ImageError {
  if (ImageError.isInstance(error)) return error;
  const code = errorCode(error);
  const [problem, hint] = reasons[code] ?? [messageOf(error), 'Choose another folder'];
  return new ImageError('storage', `could not ${action}: ${problem}`, {
    cause: error,
    ...facts,
    details: { path, ...(code && { code }) },
    hint: `${unfitFolder.has(code) && isOfHome(path) ? otherHome : hint} ${then}.`,
  });
}

function isOfHome(path: string): boolean {
  const home = homeFolder();
  return path === home || isInside(path, home);
}

/** A file of a newer version of anyimage, which is not to be read or changed. */
export function newerVersion(path: string): ImageError {
  return new ImageError('storage', `${path} was made by a newer version of anyimage, and is left as it is`, {
    details: { path },
    hint: 'Update anyimage, or set ANYIMAGE_HOME to another folder.',
  });
}

/** The system's name of an error: `ENOENT`; empty if it has none. */
export function errorCode(error: unknown): string {
  const code = (error as NodeJS.ErrnoException | null)?.code;
  return typeof code === 'string' ? code : '';
}
