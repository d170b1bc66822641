// What a killed process left: parts of pictures that nobody will complete.

import { readdir, stat, unlink } from 'node:fs/promises';
import { join } from 'node:path';
import { isAlive } from './is-alive.ts';

const oneHourMs = 3_600_000;

/**
 * Deletes parts older than an hour whose process has ended. The age guards against a process of another machine on the same
 * network disk. Never throws.
 */
export async function removeLeftovers(folder: string, now: number): Promise<void> {
  const names = await readdir(folder).catch(() => []);
  for (const name of names) {
    const maker = /^\.anyimage-(\d+)-[0-9a-f]{8}\.part$/.exec(name)?.[1];
    if (maker === undefined || isAlive(Number(maker))) continue;
    const path = join(folder, name);
    const written = await stat(path).catch(() => undefined);
    if (written && now - written.mtimeMs > oneHourMs) await unlink(path).catch(() => {});
  }
}
