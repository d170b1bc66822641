// Where pictures will go. It is decided, and tried, before anything is sent.

import { lstat, open, stat, unlink } from 'node:fs/promises';
import { basename, dirname, extname, join, sep } from 'node:path';
import { ImageError } from '@anyimage/core';
import { placeOfPath } from '../files/home.ts';
import { errorCode, storageError } from '../files/storage-error.ts';
import { partPath } from '../files/write-file.ts';
import { sidecarPath } from '../library/sidecar.ts';
import { type Format, formatOfPath, knownEndings } from './formats.ts';

/** A folder, where pictures get names made of their prompt, or a file in it. */
export interface OutputTarget {
  /** Absolute. */
  readonly folder: string;
  readonly file?: OutputFile;
  /** An existing file may be replaced. */
  readonly force: boolean;
}

/** The file a caller asked for. Several pictures are `name-1.png`, `name-2.png` … */
export interface OutputFile {
  readonly name: string;
  /** With its dot; empty if the caller gave none. */
  readonly ending: string;
  /** What the ending asks for. */
  readonly format?: Format;
  /** The ending is that of what comes. */
  readonly asItComes?: true;
}

export interface OutputOptions {
  /** A file, or a folder: one that exists, or ends in a slash. */
  readonly output?: string;
  /** Used when no output is given; default the current folder. */
  readonly folder?: string;
  /** How many pictures are expected; default 1. */
  readonly n?: number;
  readonly force?: boolean;
}

/** Longest name of a file or folder that the usual disks take, in the units of the system. */
const longestName = 255;

/**
 * Decides where pictures go, and makes sure that they can be written there by writing an empty file, which is removed again.
 * Throws, with `details.option` `output`:
 * - `invalid-request` for an ending that is no picture format;
 * - `storage` for a file that exists, for a pipe, socket or device, which nothing may replace, for a folder that cannot be written to, and for a name that is too long. The name must leave
 *   room for the number of the picture and the ending of its sidecar.
 */
export async function checkOutput({
  output,
  folder = '.',
  n = 1,
  force = false,
}: OutputOptions): Promise<OutputTarget> {
  const target = await locate(output, folder, force);
  refuseLongNames(target, n);
  for (const path of filesOf(target, n)) {
    await refuseSpecial(path, output ?? folder);
    await refuseSpecial(sidecarPath(path), output ?? folder);
    if ((await exists(path)) && !force) {
      throw new ImageError('storage', `${path} exists already`, {
        details: { option: 'output', asked: output ?? folder, path },
        hint: 'Choose another name, or allow that it is replaced.',
      });
    }
  }
  await probe(target.folder);
  return target;
}

/**
 * The file of a name in a folder, which was checked before: `boat.png`, or `boat`, which gets the ending of what is made. Throws
 * `invalid-request` for an ending that is no picture format, for a name that leads out of the folder, and `storage` for one that is too long.
 */
export async function outputIn(folder: string, name: string, n = 1): Promise<OutputTarget> {
  const path = join(folder, name);
  if (!path.startsWith(folder + sep) || /[\\/]$/.test(name)) {
    throw refused(`${JSON.stringify(name)} is no name of a file in ${folder}`, name, 'Give a name such as boat.png.');
  }
  const target = await locate(path, folder, false);
  const { file } = target;
  const open = file && file.ending === '' ? { ...target, file: { ...file, asItComes: true as const } } : target;
  refuseLongNames(open, n);
  return open;
}

/** A pipe, socket, device or folder has its name for others: even with `force` no picture, and no sidecar, takes its place. */
async function refuseSpecial(path: string, asked: string): Promise<void> {
  const found = await stat(path).catch(() => undefined);
  if (!found || found.isFile()) return;
  const kind = found.isDirectory() ? 'a folder' : 'a pipe, socket or device';
  throw new ImageError('storage', `${path} is ${kind}, not a file`, {
    details: { option: 'output', asked, path },
    hint: 'Choose the name of a new file.',
  });
}

/** The name of picture `index` (from 0) of `count`. */
export function numberedName({ name, ending }: OutputFile, index: number, count: number): string {
  return count > 1 ? `${name}-${index + 1}${ending}` : name + ending;
}

/** The name that a picture gets where its own is taken: `boat-7f3a.png`. */
export function suffixedName(name: string, suffix: string): string {
  const ending = extname(name);
  return `${name.slice(0, name.length - ending.length)}-${suffix}${ending}`;
}

async function locate(output: string | undefined, folder: string, force: boolean): Promise<OutputTarget> {
  if (output === undefined) return { folder: placeOfPath(folder), force };
  const path = placeOfPath(output);
  if (output === '' || output === '-') {
    throw refused(`${JSON.stringify(output)} is no file name`, output, 'Give the path of a file or folder.');
  }
  const known = await stat(path).catch(() => undefined);
  if (/[\\/]$/.test(output) || known?.isDirectory()) return { folder: path, force };
  const ending = extname(path);
  const format = formatOfPath(path);
  if (ending && !format) {
    const hint = `End the name in ${knownEndings.join(', ')}, or give a folder.`;
    throw refused(`${JSON.stringify(ending)} (${basename(path)}) is no picture format`, output, hint);
  }
  return {
    folder: dirname(path),
    file: { name: basename(path, ending), ending, ...(format && { format }) },
    force,
  };
}

interface NameMeasure {
  readonly unit: string;
  readonly sizeOf: (name: string) => number;
}

/** How a system measures names: Windows in UTF-16 units, the others in bytes. */
function measureOf(platform: NodeJS.Platform): NameMeasure {
  return platform === 'win32'
    ? { unit: 'characters', sizeOf: (name) => name.length }
    : { unit: 'bytes', sizeOf: (name) => Buffer.byteLength(name) };
}

/**
 * Throws `storage` for a name that is too long. It cannot be tried on the disk, since its folder may not exist yet. Exported for
 * the tests with other systems.
 */
export function refuseLongNames({ folder, file }: OutputTarget, n: number, platform = process.platform): void {
  const { unit, sizeOf } = measureOf(platform);
  const long = folder.split(sep).find((name) => sizeOf(name) > longestName);
  if (long !== undefined) throw tooLong(long, sizeOf(long), longestName, unit);
  if (!file) return;
  const size = sizeOf(file.name);
  const most = longestName - (sizeOf(longestFileOf(file, n)) - size);
  if (size > most) throw tooLong(file.name + file.ending, size, most, unit, file.ending);
}

/** The longest name that may be needed: that of the last picture's sidecar, if the picture's name is taken and gets a suffix. */
function longestFileOf(file: OutputFile, n: number): string {
  const endings = file.format || file.asItComes ? [file.ending, ...knownEndings] : [file.ending];
  const ending = endings.reduce((a, b) => (b.length > a.length ? b : a));
  return sidecarPath(suffixedName(numberedName({ ...file, ending }, n - 1, n), 'ffff'));
}

function tooLong(name: string, size: number, most: number, unit: string, ending = ''): ImageError {
  const before = ending && ` before ${ending}`;
  return new ImageError('storage', `the name ${name.slice(0, 30)}… is too long: ${size} ${unit}${before}`, {
    details: { option: 'output', asked: name, code: 'ENAMETOOLONG' },
    hint: `Choose a name of at most ${most} ${unit}${before}.`,
  });
}

function filesOf({ folder, file }: OutputTarget, n: number): string[] {
  return file ? Array.from({ length: n }, (_, index) => join(folder, numberedName(file, index, n))) : [];
}

/** Writes to the folder, or to the nearest above it that exists. Permissions alone do not tell of read-only disks. */
async function probe(folder: string): Promise<void> {
  for (let place = folder; ; place = dirname(place)) {
    const part = partPath(place);
    try {
      await (await open(part, 'wx')).close();
      return await unlink(part);
    } catch (error) {
      const missing = errorCode(error) === 'ENOENT';
      if (missing && place !== dirname(place) && !(await exists(place))) continue;
      const reason = missing ? new Error('it takes no new files') : error;
      const failure = storageError(reason, `write to the folder ${folder}`, folder);
      throw failure.with({ details: { option: 'output', path: folder, code: errorCode(error) } });
    }
  }
}

function refused(message: string, asked: string, hint: string): ImageError {
  return new ImageError('invalid-request', `output: ${message}`, { details: { option: 'output', asked }, hint });
}

/** A link that leads nowhere exists, too: its name is taken. Throws `storage` for a path that is too long. */
async function exists(path: string): Promise<boolean> {
  try {
    await lstat(path);
    return true;
  } catch (error) {
    if (errorCode(error) !== 'ENAMETOOLONG') return false;
    throw storageError(error, `write ${path}`, path).with({
      details: { option: 'output', path, code: 'ENAMETOOLONG' },
    });
  }
}
