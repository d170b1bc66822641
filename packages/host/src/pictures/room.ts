// Room on a disk, before money is spent: what is free, less what is on its way there; and room for open files.

import { closeSync, openSync } from 'node:fs';
import { stat, statfs } from 'node:fs/promises';
import { dirname } from 'node:path';
import { ImageError } from '@anyimage/core';
import { storageError } from '../files/storage-error.ts';
import { countText } from '../text/text.ts';
import { fileSize } from '../text/units.ts';

/** Bytes that will be written below a folder, which need not exist yet. */
export interface Wanted {
  readonly folder: string;
  readonly bytes: number;
}

/** Bytes on their way, by device. */
const expected = new Map<number, number>();

/**
 * Makes sure that all of this can be written, and counts it as taken until the function it gives is called. A disk that does not say
 * what is free is taken at its word when it is written to. Throws `storage`.
 */
export async function takeRoom(wanted: readonly Wanted[]): Promise<() => void> {
  const taken: [device: number, bytes: number][] = [];
  const giveBack = () => {
    for (const [device, bytes] of taken.splice(0)) expected.set(device, (expected.get(device) ?? 0) - bytes);
  };
  try {
    for (const { folder, bytes } of wanted) {
      const { device, free } = await freeBelow(folder);
      const others = expected.get(device) ?? 0;
      if (free !== undefined && free - others < bytes) throw tooFull(folder, bytes, free, others);
      expected.set(device, others + bytes);
      taken.push([device, bytes]);
    }
  } catch (error) {
    giveBack();
    throw error;
  }
  return giveBack;
}

/** Files that are open besides those of pictures: libraries, the history, tickets, connections that wait. */
const otherFiles = 12;
/** Of a picture on its way: its part, its sidecar's, and its connection. */
const filesOfPicture = 3;
/** More of them are not on their way at a time. */
const mostAtOnce = 16;

/** Makes sure that the files of so many pictures can be open at a time, by opening as many. Throws `storage`. */
export function tryFiles(pictures: number): void {
  const opened: number[] = [];
  try {
    const wanted = otherFiles + filesOfPicture * Math.min(pictures, mostAtOnce);
    while (opened.length < wanted) opened.push(openSync(process.execPath, 'r'));
  } catch (error) {
    throw storageError(
      error,
      `open the files of ${countText(pictures, 'picture')}`,
      process.execPath,
      'or ask for fewer',
    );
  } finally {
    for (const file of opened) closeSync(file);
  }
}

/** Of the folder, or the nearest above it that exists. */
async function freeBelow(folder: string): Promise<{ readonly device: number; readonly free?: number }> {
  const found = await stat(folder).catch(() => undefined);
  if (!found) return dirname(folder) === folder ? { device: 0 } : freeBelow(dirname(folder));
  const disk = await statfs(folder).catch(() => undefined);
  // What has no blocks at all, as /proc, is no disk: what it takes shows when it is written to.
  return { device: found.dev, ...(disk && disk.blocks > 0 && { free: disk.bavail * disk.bsize }) };
}

function tooFull(folder: string, bytes: number, free: number, others: number): ImageError {
  const besides = others > 0 ? `, and ${fileSize(others)} of them are for pictures on their way` : '';
  const message = `the disk of ${folder} is nearly full: about ${fileSize(bytes)} are needed, ${fileSize(free)} are free${besides}`;
  return new ImageError('storage', message, {
    details: { path: folder, needed: bytes, free },
    hint: 'Free some space, or choose a folder on another disk. Nothing was sent.',
  });
}
