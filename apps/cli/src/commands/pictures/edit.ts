// anyimage edit photo.jpg "make it winter", anyimage upscale photo.jpg --factor 2

import { stat } from 'node:fs/promises';
import { ImageError, quotedWord } from '@anyimage/core';
import { isFileName, placeOfPath, shellWord } from '@anyimage/host';
import type { MakeFlags } from '../../request/flags.ts';
import { draw } from './make.ts';

/** Changes a picture as words and flags say, and returns the exit code. */
export function editAsAsked(picture: string, typed: readonly string[], flags: MakeFlags): Promise<number> {
  return edit(picture, typed, flags);
}

/** As `editAsAsked`, with an operation of its own. */
export async function edit(
  picture: string,
  typed: readonly string[],
  flags: MakeFlags,
  operation?: string,
): Promise<number> {
  if (operation !== undefined && flags.operation !== undefined && flags.operation !== operation) {
    throw new ImageError('invalid-request', `${operation} is asked for, and --operation ${flags.operation}`, {
      details: { option: 'operation', asked: flags.operation, allowed: [operation] },
      hint: 'Leave --operation out.',
    });
  }
  await refuseTurned(picture, typed);
  const images = [picture, ...(flags.image ?? [])];
  return draw(typed, { ...flags, image: images, ...(operation !== undefined && { operation }) });
}

/** The prompt in the place of the picture is a slip that costs nothing yet. Throws `invalid-request`. */
async function refuseTurned(picture: string, typed: readonly string[]): Promise<void> {
  const [next] = typed;
  if (next === undefined || !/\s/.test(picture) || (await isFile(picture)) || !(await isFile(next))) return;
  throw new ImageError('invalid-request', `there is no picture ${quotedWord(picture, 80)}`, {
    details: { option: 'images', asked: picture },
    hint: `The picture comes first: anyimage edit ${shellWord(next)} ${shellWord(picture)}.`,
  });
}

async function isFile(path: string): Promise<boolean> {
  if (!isFileName(path)) return false;
  return (await stat(placeOfPath(path)).catch(() => undefined))?.isFile() ?? false;
}
