// Failures of the files of the history, with what to do about them.

import { ImageError } from '@anyimage/core';
import { isBusy, isWriteProtected } from '../files/sqlite.ts';
import { errorCode, storageError } from '../files/storage-error.ts';

/** As `storageError`, but the hint speaks of the home folder: these files lie there, whatever folder pictures go to. */
export function indexError(error: unknown, action: string, path: string): ImageError {
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
