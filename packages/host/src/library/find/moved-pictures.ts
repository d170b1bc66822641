// Pictures that were moved without anyimage: found by their bytes, where pictures usually are.

import { readdir, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { hashFile } from '../../files/file-hash.ts';

/** A picture by its bytes. */
export interface SoughtPicture {
  readonly bytes: number;
  /** Hexadecimal. */
  readonly sha256: string;
}

/** More files are not looked at: a search is for a person who waits. */
const mostFiles = 20_000;
const atATime = 32;

/** Where pictures are now, by the hash of their bytes; those that are not found are not in it. Never rejects. */
export type FindMoved = (pictures: readonly SoughtPicture[]) => Promise<ReadonlyMap<string, string>>;

/**
 * Finds pictures in some folders and in those right below them, which are read when it is first asked. Of files of another length nothing
 * is read, and what cannot be read is passed over.
 */
export function movedFinder(folders: readonly string[]): FindMoved {
  let reading: Promise<ReadonlyMap<number, readonly string[]>> | undefined;
  return async (pictures) => {
    const found = new Map<string, string>();
    const sought = pictures.filter(({ sha256 }) => sha256 !== '');
    if (sought.length === 0) return found;
    reading ??= filesByLength(folders);
    const files = await reading;
    const lengths = new Set(sought.map(({ bytes }) => bytes));
    const wanted = new Set(sought.map(({ sha256 }) => sha256));
    for (const path of [...lengths].flatMap((length) => files.get(length) ?? [])) {
      const sha256 = await hashFile(path).catch(() => undefined);
      if (sha256 !== undefined && wanted.has(sha256) && !found.has(sha256)) found.set(sha256, path);
    }
    return found;
  };
}

async function filesByLength(folders: readonly string[]): Promise<ReadonlyMap<number, readonly string[]>> {
  const files = await filesIn(folders);
  const byLength = new Map<number, string[]>();
  let next = 0;
  async function lookOn(): Promise<void> {
    while (next < files.length) {
      const path = files[next++]!;
      const facts = await stat(path).catch(() => undefined);
      if (!facts?.isFile()) continue;
      const same = byLength.get(facts.size);
      if (same) same.push(path);
      else byLength.set(facts.size, [path]);
    }
  }
  await Promise.all(Array.from({ length: atATime }, lookOn));
  return byLength;
}

/** The files of folders, then those of the folders in them, without sidecars and what is hidden. */
async function filesIn(folders: readonly string[]): Promise<readonly string[]> {
  const files: string[] = [];
  const below = new Set<string>();
  const own = new Set(folders);
  const look = async (folder: string) => {
    const entries = await readdir(folder, { withFileTypes: true }).catch(() => []);
    for (const entry of entries) {
      if (entry.name.startsWith('.') || entry.name === 'node_modules' || entry.name.endsWith('.json')) continue;
      const path = join(folder, entry.name);
      if (entry.isDirectory()) below.add(path);
      else if (files.length < mostFiles) files.push(path);
    }
  };
  for (const folder of own) if (files.length < mostFiles) await look(folder);
  for (const folder of [...below]) if (!own.has(folder) && files.length < mostFiles) await look(folder);
  return files;
}
