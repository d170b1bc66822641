// Pictures that are made here of others: a sheet, a copy.

import { join } from 'node:path';
import { ImageError } from '@anyimage/core';
import { openPart } from '../files/part-file.ts';
import { errorCode, storageError } from '../files/storage-error.ts';
import { syncFolder } from '../files/write-file.ts';
import type { OutputTarget } from './output.ts';

/**
 * Writes a picture to the file of a target that was checked, whole or not at all, and returns its path. `home`: where parts are noted. Throws
 * `storage`, also for a file that appeared meanwhile and may not be replaced.
 */
export async function writePicture(
  { folder, file, force }: OutputTarget & { readonly file: NonNullable<OutputTarget['file']> },
  bytes: Uint8Array,
  home: string,
): Promise<string> {
  const path = join(folder, file.name + file.ending);
  try {
    const part = await openPart(folder, { home });
    try {
      await part.write(bytes);
      await part.finish();
      await part.name(path, !force);
      await syncFolder(folder);
    } finally {
      await part.discard();
    }
    return path;
  } catch (error) {
    if (errorCode(error) !== 'EEXIST') throw storageError(error, `write ${path}`, path);
    throw new ImageError('storage', `${path} exists already`, {
      cause: error,
      details: { option: 'output', path },
      hint: 'Choose another name, or allow that it is replaced.',
    });
  }
}
