// Room on a disk, before money is spent: what is free, less what is on its way there; and room for open files.

import { closeSync, openSync } from 'node:fs';
import { stat, statfs } from 'node:fs/promises';
import { devNull } from 'node:os';
import { dirname } from 'node:path';
import { ImageError } from '@anyimage/core';
import { errorCode, storageError } from '../files/storage-error.ts';
import { countText } from '../text/text.ts';
import { fileSize } from '../text/units.ts';

/** Bytes that will be written below a folder, which need not exist yet. */
export interface Wanted {
  readonly folder: string;
  readonly bytes: number;
}

/** Bytes of a disk, by device. */
interface Disk {
  /** On their way there. */
  expected: number;
  /** Those that came, or did not come after all. */
  settled: number;
}

const disks = new Map<number, Disk>();

/** What was seen of the disk of a folder. */
interface Look {
  readonly disk: Disk;
  /** Bytes; absent where the disk does not say. */
  readonly free?: number;
  /** What was settled then. */
  readonly settled: number;
  /** By `performance.now()`, ms. */
  readonly at: number;
}

/** By folder. */
const looks = new Map<string, Look>();
/** For so long a look serves all, ms: what they write meanwhile is taken off. */
const looksMs = 250;
const mostLooks = 100;

/**
 * Makes sure that all of this can be written, and counts it as taken until the function it gives is called. A disk that does not say
 * what is free is taken at its word when it is written to. Throws `storage`.
 */
export async function takeRoom(wanted: readonly Wanted[]): Promise<() => void> {
  const taken: [disk: Disk, bytes: number][] = [];
  const giveBack = () => {
    for (const [disk, bytes] of taken.splice(0)) {
      disk.expected -= bytes;
      disk.settled += bytes;
    }
  };
  try {
    for (const { folder, bytes } of wanted) {
      const known = looks.get(folder);
      const isRecent = known !== undefined && performance.now() - known.at < looksMs && leftOf(known) >= bytes;
      const look = isRecent ? known : await lookAt(folder);
      if (leftOf(look) < bytes) throw tooFull(folder, bytes, look);
      look.disk.expected += bytes;
      taken.push([look.disk, bytes]);
    }
  } catch (error) {
    giveBack();
    throw error;
  }
  return giveBack;
}

/** Bytes that may still be taken. */
function leftOf({ disk: { expected, settled }, free = Number.POSITIVE_INFINITY, settled: before }: Look): number {
  return free - expected - (settled - before);
}

/** Files that are open besides those of pictures: libraries, the history, tickets, connections that wait. */
const otherFiles = 12;
/** Of a picture on its way: its part, its sidecar's, and its connection. */
const filesOfPicture = 3;
/** More of them are not on their way at a time. */
const mostAtOnce = 16;

/** For so long it is taken as given that files can be open which could be, ms. */
const triedMs = 250;
let tried = { files: 0, at: 0 };

/** Makes sure that the files of so many pictures can be open at a time, by opening as many. Throws `storage`. */
export function tryFiles(pictures: number): void {
  const wanted = otherFiles + filesOfPicture * Math.min(pictures, mostAtOnce);
  if (wanted <= tried.files && performance.now() - tried.at < triedMs) return;
  const opened: number[] = [];
  try {
    while (opened.length < wanted) opened.push(openSync(devNull, 'r'));
    tried = { files: wanted, at: performance.now() };
  } catch (error) {
    // What cannot be tried at all may work all the same.
    if (!/^E[MN]FILE$/.test(errorCode(error) ?? '')) return;
    throw storageError(error, `open the files of ${countText(pictures, 'picture')}`, devNull, 'or ask for fewer');
  } finally {
    for (const file of opened) closeSync(file);
  }
}

async function lookAt(folder: string): Promise<Look> {
  const { device, free } = await freeBelow(folder);
  const disk = disks.get(device) ?? { expected: 0, settled: 0 };
  disks.set(device, disk);
  const look = { disk, settled: disk.settled, at: performance.now(), ...(free !== undefined && { free }) };
  if (looks.size >= mostLooks) looks.clear();
  looks.set(folder, look);
  return look;
}

/** Of the folder, or the nearest above it that exists. */
async function freeBelow(folder: string): Promise<{ readonly device: number; readonly free?: number }> {
  const found = await stat(folder).catch(() => undefined);
  if (!found) return dirname(folder) === folder ? { device: 0 } : freeBelow(dirname(folder));
  const disk = await statfs(folder).catch(() => undefined);
  // What has no blocks at all, as /proc, is no disk: what it takes shows when it is written to.
  return { device: found.dev, ...(disk && disk.blocks > 0 && { free: disk.bavail * disk.bsize }) };
}

function tooFull(folder: string, bytes: number, { free = 0, disk: { expected: others } }: Look): ImageError {
  const besides = others > 0 ? `, and ${fileSize(others)} of them are for pictures on their way` : '';
  const message = `the disk of ${folder} is nearly full: about ${fileSize(bytes)} are needed, ${fileSize(free)} are free${besides}`;
  return new ImageError('storage', message, {
    details: { path: folder, needed: bytes, free },
    hint: 'Free some space, or choose a folder on another disk. Nothing was sent.',
  });
}
