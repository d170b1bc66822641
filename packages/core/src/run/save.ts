// Pictures as files of the caller's choice. Neither a picture nor a file that is there before is lost by it.

import { randomUUID } from 'node:crypto';
import { createWriteStream } from 'node:fs';
import { type FileHandle, open, rename, stat, unlink } from 'node:fs/promises';
import { dirname, extname, join, resolve } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { ImageError, messageOf } from '../contract/errors.ts';
import { isRecord } from '../contract/objects.ts';
import type { SaveOptions } from '../contract/result.ts';
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

/** The name of picture `number`, counted from 1: `boat-2.png`. */
export function numbered(path: string, number: number): string {
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

export function taken(target: string): ImageError {
  return new ImageError('storage', `${target} exists already`, {
    details: { path: target },
    hint: 'Choose another name, or allow with overwrite: true that it is replaced.',
  });
}

export function noFile(target: string): ImageError {
  return new ImageError('storage', `${target} is no file, and is not replaced by one`, {
    details: { path: target },
    hint: `Choose the name of a file, such as ${join(target, 'boat.png')}.`,
  });
}

export function unwritten(target: string, error: unknown): ImageError {
  // What the picture's own store says is its own.
  if (ImageError.isInstance(error)) return error;
  return new ImageError('storage', `${target} could not be written: ${messageOf(error)}`, {
    cause: error,
    details: { path: target },
    hint: 'Check that the folder exists, may be written to, and has room.',
  });
}
