// What a killed process left: parts of pictures that nobody will complete.

import { readdir, stat, unlink } from 'node:fs/promises';
import { join } from 'node:path';
import { isAlive } from './is-alive.ts';
import { makerOf } from './write-file.ts';

const oneHourMs = 3_600_000;

/** The parts in a folder whose process has ended, or runs on another machine: their paths. Never rejects. */
export async function leftoversIn(folder: string): Promise<readonly string[]> {
  const names = await readdir(folder).catch(() => []);
  const isLeft = (name: string) => {
    const maker = makerOf(name);
    return maker !== undefined && !isAlive(maker);
  };
  return names.filter(isLeft).map((name) => join(folder, name));
}

/**
 * Deletes parts older than an hour whose process has ended. The age guards against a process of another machine on the same
 * network disk. Never throws.
 */
export async function removeLeftovers(folder: string, now: number): Promise<void> {
  for (const path of await leftoversIn(folder)) {
    const written = await stat(path).catch(() => undefined);
    if (written && now - written.mtimeMs > oneHourMs) await unlink(path).catch(() => {});
  }
}
