// What killed processes left beside pictures: parts of pictures that nobody will complete, and sidecars that have not got their names.

import { readdir, stat, unlink } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { hashFile } from '../files/file-hash.ts';
import { leftoversIn, removeLeftovers } from '../files/leftovers.ts';
import { leftParts } from '../files/part-notes.ts';
import { nameMark } from '../files/write-file.ts';
import { readSidecar, type Sidecar, sidecarPath, writeSidecar } from './sidecar.ts';
import type { ScannedPicture } from './sidecar-scan.ts';

/**
 * Removes the parts that killed processes noted in a home, in whatever folder they are, and gives sidecars among them their names.
 * Returns the pictures of those. Reads no folder of pictures, unless a sidecar was left there. `now`: Unix time, ms. Never rejects.
 */
export async function sweepParts(home: string, now: number): Promise<readonly ScannedPicture[]> {
  const mended: ScannedPicture[] = [];
  for (const { paths, forget } of await leftParts(home, now)) {
    mended.push(...(await lateSidecars(paths)));
    await Promise.all(paths.map((path) => unlink(path).catch(() => {})));
    await forget();
  }
  await removeLeftovers(home, now);
  return mended;
}

/**
 * As `sweepParts`, of the parts in a folder that nobody noted. They stay until they are old: their process may run on another machine.
 * Reads the folder. Never rejects.
 */
export async function sweepFolder(folder: string, now: number): Promise<void> {
  await lateSidecars(await leftoversIn(folder));
  await removeLeftovers(folder, now);
}

/** Gives sidecars among some parts their names, and returns their pictures. */
async function lateSidecars(parts: readonly string[]): Promise<readonly ScannedPicture[]> {
  const mended: ScannedPicture[] = [];
  for (const part of parts) {
    const sidecar = await readSidecar(part);
    const path = sidecar && (await pictureOf(dirname(part), basename(part), sidecar));
    if (!path) continue;
    const problem = await writeSidecar(path, `${JSON.stringify(sidecar, null, 2)}\n`, false);
    if (problem === undefined) mended.push({ path, sidecar });
  }
  return mended;
}

/** The picture that a part was to be the sidecar of, if it has the bytes of which that tells, and no other such sidecar. */
async function pictureOf(folder: string, part: string, { sha256, bytes }: Sidecar): Promise<string | undefined> {
  const names = await readdir(folder).catch(() => []);
  for (const name of names.filter((name) => part.endsWith(`-${nameMark(sidecarPath(name))}.part`))) {
    const path = join(folder, name);
    const found = await stat(path).catch(() => undefined);
    if (!found?.isFile() || found.size !== bytes) continue;
    // One of other bytes is of the picture that was replaced.
    if ((await readSidecar(sidecarPath(path)))?.sha256 === sha256) continue;
    if ((await hashFile(path).catch(() => undefined)) === sha256) return path;
  }
  return undefined;
}
