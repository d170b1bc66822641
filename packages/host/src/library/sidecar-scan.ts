// Reading the sidecars of folders, many at a time.

import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { quietly } from '@anyimage/core';
import { readSidecar, type Sidecar, sidecarPath } from './sidecar.ts';

export interface ScannedPicture {
  readonly path: string;
  readonly sidecar: Sidecar;
}

/** `done` of `total` files are read. */
export type ScanProgress = (done: number, total: number) => void;

export interface ScanOptions {
  readonly onProgress?: ScanProgress | undefined;
  readonly signal?: AbortSignal | undefined;
}

const atATime = 64;

/**
 * The pictures in folders, and not in folders below them, that have a sidecar. Files that are no sidecar, sidecars without a
 * picture, and folders that cannot be read are passed over. Rejects only when `signal` says so.
 */
export async function scanFolders(folders: readonly string[], options: ScanOptions = {}): Promise<ScannedPicture[]> {
  return scanPictures((await Promise.all(folders.map(picturesIn))).flat(), options);
}

/** As `scanFolders`, of the pictures at these paths. */
export async function scanPictures(
  candidates: readonly string[],
  { onProgress: listener, signal }: ScanOptions = {},
): Promise<ScannedPicture[]> {
  const found: ScannedPicture[] = [];
  let next = 0;
  let done = 0;
  const onProgress: ScanProgress = (done, all) => quietly(() => listener?.(done, all));
  onProgress(0, candidates.length);
  async function readOn(): Promise<void> {
    while (next < candidates.length) {
      signal?.throwIfAborted();
      const path = candidates[next++]!;
      const sidecar = await readSidecar(sidecarPath(path));
      if (sidecar) found.push({ path, sidecar });
      done += 1;
      if (done % 1000 === 0 || done === candidates.length) onProgress(done, candidates.length);
    }
  }
  await Promise.all(Array.from({ length: atATime }, readOn));
  return found;
}

/** The files of a folder that have a file with the name of their sidecar beside them. */
async function picturesIn(folder: string): Promise<string[]> {
  const names = new Set(await readdir(folder).catch(() => []));
  return [...names].filter((name) => names.has(sidecarPath(name))).map((name) => join(folder, name));
}
