// Sidecars that a process wrote, and was stopped before it gave them their names: they are in hidden parts, beside their pictures.

import { readdir, stat } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { hashFile } from '../files/file-hash.ts';
import { leftoversIn } from '../files/leftovers.ts';
import { nameMark } from '../files/write-file.ts';
import { readSidecar, type Sidecar, sidecarPath, writeSidecar } from './sidecar.ts';
import type { ScannedPicture } from './sidecar-scan.ts';

/**
 * Writes the sidecars of the pictures in a folder that lack them, where a stopped process left their text, and returns those
 * pictures. The parts stay until they are old: their process may run on another machine. Never rejects.
 */
export async function lateSidecars(folder: string): Promise<readonly ScannedPicture[]> {
  const mended: ScannedPicture[] = [];
  for (const part of await leftoversIn(folder)) {
    const sidecar = await readSidecar(part);
    const path = sidecar && (await pictureOf(folder, basename(part), sidecar));
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
