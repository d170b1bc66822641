// The pictures of a result, written to the files that were asked for.

import { access, constants, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { basename, dirname, join, resolve } from 'node:path';
import { ImageError, messageOf } from '../contract/errors.ts';
import type { Warning } from '../contract/notices.ts';
import type { GeneratedImage, GenerateResult } from '../contract/result.ts';
import { noFile, numbered, taken, unwritten } from './save.ts';

/** Where each of `n` pictures goes. Throws `invalid-request` for what is no path. */
export function targetsOf(save: unknown, n: unknown = 1): readonly string[] {
  if (typeof save !== 'string' || save === '') {
    throw new ImageError('invalid-request', 'save must be the path of a file', {
      details: { option: 'save' },
      hint: "Give one, such as save: 'boat.png', or leave save out.",
    });
  }
  // A number that is none is told of later.
  const count = typeof n === 'number' && n > 1 && n <= 100 ? Math.floor(n) : 1;
  return count === 1 ? [save] : Array.from({ length: count }, (_, index) => numbered(save, index + 1));
}

/**
 * Makes sure, before anything is paid for, that pictures can be written to these files. Throws `storage` for a file that is there and may
 * not be replaced, or is none that can be, and for a folder that is not there or not to be written to.
 */
export async function checkTargets(paths: readonly string[], overwrite = false): Promise<void> {
  for (const path of paths) {
    const target = resolve(path);
    const found = await stat(target).catch(() => undefined);
    if (found && !found.isFile()) throw noFile(target);
    if (found && !overwrite) throw taken(target);
    await access(dirname(target), constants.W_OK | constants.X_OK).catch((error: unknown) => {
      throw unwritten(target, error);
    });
  }
}

/**
 * Writes the pictures to their files. One that cannot be written there is paid for: it goes to the folder for temporary files, which a
 * warning says, and stays in the result in any case.
 */
export async function keepAll<X>(
  made: GenerateResult<X>,
  targets: readonly string[],
  overwrite = false,
): Promise<GenerateResult<X>> {
  const warnings: Warning[] = [];
  const keep = async (image: GeneratedImage & X, index: number): Promise<GeneratedImage & X> => {
    const target = targets[index] ?? numbered(targets[0]!, index + 1);
    try {
      return { ...image, path: await image.save(target, overwrite ? { overwrite } : {}) };
    } catch (error) {
      const path = await image.save(join(tmpdir(), basename(target))).catch(() => undefined);
      const where = path === undefined ? 'it is in memory alone' : `it is at ${path}`;
      warnings.push({ code: 'store', message: `${messageOf(error)}; the picture is paid for, and ${where}` });
      return path === undefined ? image : { ...image, path };
    }
  };
  const [first, ...others] = made.images;
  const kept = await Promise.all(others.map((image, index) => keep(image, index + 1)));
  return { ...made, images: [await keep(first, 0), ...kept], warnings: [...made.warnings, ...warnings] };
}
