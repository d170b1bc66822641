// Pictures as files of the caller's choice. Neither a picture nor a file that is there before is lost by it.

import { randomUUID } from 'node:crypto';
import { createWriteStream } from 'node:fs';
import { access, constants, type FileHandle, open, rename, stat, unlink } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { basename, dirname, extname, join, resolve } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { ImageError, messageOf } from '../contract/errors.ts';
import type { Warning } from '../contract/notices.ts';
import { isRecord } from '../contract/objects.ts';
import type { GeneratedImage, GenerateResult, SaveOptions } from '../contract/result.ts';
import type { StoredImage } from '../contract/store.ts';

/** Names that are tried beside one that is taken. */
const mostNames = 10_000;

/** Writes a picture to a file and returns its absolute path: see `GeneratedImage.save`. Throws `storage`. */
export async function saveTo(
  path: string,
  image: Pick<StoredImage, 'stream'>,
  { overwrite }: SaveOptions = {},
): Promise<string> {
  const target = resolve(path);
  if (overwrite) return replace(target, image);
  const names = overwrite === false ? 1 : mostNames;
  for (let number = 1; number <= names; number++) {
    const name = number === 1 ? target : numbered(target, number);
    const file = await open(name, 'wx').catch((error: unknown) => {
      if (codeOf(error) === 'EEXIST') return undefined;
      throw unwritten(name, error);
    });
    if (file) return write(name, file, image);
  }
  throw taken(target);
}

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
    const found = await stat(target).catch((error: unknown) => {
      if (codeOf(error) === 'ENOENT') return undefined;
      // A name that cannot even be looked for, such as one that is too long, cannot be written either.
      throw unwritten(target, error);
    });
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

/** The name of picture `number`, counted from 1: `boat-2.png`. */
function numbered(path: string, number: number): string {
  const ending = extname(path);
  return `${path.slice(0, path.length - ending.length)}-${number}${ending}`;
}

async function write(target: string, file: FileHandle, image: Pick<StoredImage, 'stream'>): Promise<string> {
  try {
    await pipeline(image.stream(), file.createWriteStream());
    return target;
  } catch (error) {
    await unlink(target).catch(() => {});
    throw unwritten(target, error);
  }
}

/** A file that is there stays until the new one is whole. */
async function replace(target: string, image: Pick<StoredImage, 'stream'>): Promise<string> {
  const found = await stat(target).catch(() => undefined);
  if (found && !found.isFile()) throw noFile(target);
  const part = join(dirname(target), `.${randomUUID()}.part`);
  try {
    await pipeline(image.stream(), createWriteStream(part, { flags: 'wx' }));
    await rename(part, target);
    return target;
  } catch (error) {
    await unlink(part).catch(() => {});
    throw unwritten(target, error);
  }
}

function codeOf(error: unknown): unknown {
  return isRecord(error) ? error.code : undefined;
}

function taken(target: string): ImageError {
  return new ImageError('storage', `${target} exists already`, {
    details: { path: target },
    hint: 'Choose another name, or allow with overwrite: true that it is replaced.',
  });
}

function noFile(target: string): ImageError {
  return new ImageError('storage', `${target} is no file, and is not replaced by one`, {
    details: { path: target },
    hint: `Choose the name of a file, such as ${join(target, 'boat.png')}.`,
  });
}

function unwritten(target: string, error: unknown): ImageError {
  // What the picture's own store says is its own.
  if (ImageError.isInstance(error)) return error;
  return new ImageError('storage', `${target} could not be written: ${messageOf(error)}`, {
    cause: error,
    details: { path: target },
    hint: 'Check that the folder exists, may be written to, and has room.',
  });
}
