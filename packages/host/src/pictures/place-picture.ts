// Giving a complete picture the name that was asked for, or the best that is free.

import { randomBytes } from 'node:crypto';
import { join } from 'node:path';
import type { Applied, ImageHint } from '@anyimage/core';
import { errorCode } from '../files/storage-error.ts';
import { publish } from '../files/write-file.ts';
import { numberedName, type OutputTarget, suffixedName } from './output.ts';
import { pictureName } from './picture-name.ts';

const mostTries = 20;

export interface PlacedPicture {
  readonly path: string;
  /** Present if the name asked for was taken. */
  readonly applied?: Applied;
}

/**
 * Gives the file `part` its name. Where the target is a folder, the name is made of the prompt and `ending`. Where it is a file, it
 * is the file's name; `wrongEnding` puts `ending` in place of the file's own. If the name was taken since the output was checked,
 * it gets a suffix: a picture that is paid for is not given up for its name. Rejects with the system's error.
 */
export async function placePicture(
  part: string,
  target: OutputTarget,
  hint: ImageHint,
  ending: string,
  wrongEnding = false,
): Promise<PlacedPicture> {
  const { folder, file } = target;
  if (!file) return { path: await firstFree(part, folder, (suffix) => pictureName(hint.prompt, suffix) + ending) };
  const name = numberedName(wrongEnding ? { ...file, ending } : file, hint.index, hint.count);
  const asked = join(folder, name);
  try {
    await publish(part, asked, !target.force);
    return { path: asked };
  } catch (error) {
    if (errorCode(error) !== 'EEXIST') throw error;
  }
  const path = await firstFree(part, folder, (suffix) => suffixedName(name, suffix));
  const because = 'a file of that name appeared in the meantime';
  return { path, applied: { option: 'output', asked, sent: path, because } };
}

async function firstFree(part: string, folder: string, nameOf: (suffix: string) => string): Promise<string> {
  for (let tries = 1; ; tries++) {
    const path = join(folder, nameOf(randomBytes(2).toString('hex')));
    try {
      await publish(part, path, true);
      return path;
    } catch (error) {
      if (errorCode(error) !== 'EEXIST' || tries === mostTries) throw error;
    }
  }
}
