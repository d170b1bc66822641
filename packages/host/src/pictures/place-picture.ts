// Giving a complete picture the name that was asked for, or the best that is free.

import { createHash } from 'node:crypto';
import { join } from 'node:path';
import type { Applied, ImageHint } from '@anyimage/core';
import type { PartFile } from '../files/part-file.ts';
import { errorCode } from '../files/storage-error.ts';
import { numberedName, type OutputTarget, suffixedName } from './output.ts';
import { pictureName } from './picture-name.ts';

const mostTries = 20;

export interface PlacedPicture {
  readonly path: string;
  /** Present if the name asked for was taken. */
  readonly applied?: Applied;
  /** An earlier run put it there: the part was not needed. */
  readonly isThere?: true;
}

type NamedPart = Pick<PartFile, 'name'>;

/** What a picture gets its name by. */
export interface Placing {
  readonly target: OutputTarget;
  readonly hint: ImageHint;
  readonly ending: string;
  /** Puts `ending` in place of the ending of the file that was asked for. */
  readonly isOtherwise: boolean;
  /** Whether the file at a path is this picture. Asked only where an earlier run may have put it. */
  readonly isPicture: (path: string) => Promise<boolean>;
}

/**
 * Gives a part its name, which a power cut may undo until the folder is synced. Where the target is a folder, the name is made of the prompt, the picture's id and its ending.
 * Where it is a file, it is the file's name. If the name was taken since the output was checked, it gets a suffix: a picture that is
 * paid for is not given up for its name. Where an earlier run put the picture, it stays. Rejects with the system's error.
 */
export async function placePicture(part: NamedPart, placing: Placing): Promise<PlacedPicture> {
  const { target } = placing;
  if (!target.file) return firstFree(part, placing, (tries) => nameOf(placing, tries));
  const name = nameOf(placing);
  const asked = join(target.folder, name);
  const placed =
    (await place(part, asked, placing, target.force)) ??
    (await firstFree(part, placing, (tries) => suffixedName(name, suffixOf(placing.hint, tries, 4))));
  if (placed.path === asked) return placed;
  const because = 'a file of that name appeared in the meantime';
  return { ...placed, applied: { option: 'output', asked, sent: placed.path, because } };
}

/** The name that is tried first, or after so many tries where it is made of the prompt. */
export function nameOf({ target: { file }, hint, ending, isOtherwise }: Omit<Placing, 'isPicture'>, tries = 1): string {
  if (!file) return pictureName(hint.prompt, suffixOf(hint, tries, 4)) + ending;
  return numberedName(isOtherwise || file.asItComes ? { ...file, ending } : file, hint.index, hint.count);
}

/** Letters and digits that stand for the picture; another `tries`, others. */
export function suffixOf({ id }: Pick<ImageHint, 'id'>, tries: number, length: number): string {
  return createHash('sha256').update(`${id} ${tries}`).digest('hex').slice(0, length);
}

async function firstFree(
  part: NamedPart,
  placing: Placing,
  nameFor: (tries: number) => string,
): Promise<PlacedPicture> {
  for (let tries = 1; tries <= mostTries; tries++) {
    const placed = await place(part, join(placing.target.folder, nameFor(tries)), placing, false);
    if (placed) return placed;
  }
  throw Object.assign(new Error('all names are taken'), { code: 'EEXIST' });
}

/** `undefined` if another file has the name. */
async function place(
  part: NamedPart,
  path: string,
  { hint, isPicture }: Placing,
  force: boolean,
): Promise<PlacedPicture | undefined> {
  try {
    await part.name(path, !force);
    return { path };
  } catch (error) {
    if (errorCode(error) !== 'EEXIST') throw error;
    return hint.resumed && (await isPicture(path)) ? { path, isThere: true } : undefined;
  }
}
