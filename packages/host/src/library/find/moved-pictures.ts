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

/**
 * Where pictures are now, by the hash of their bytes: in some folders and in those right below them. Of files of another length nothing
 * is read. What cannot be read is passed over. Never rejects.
 */
export async function findMoved(
  pictures: readonly SoughtPicture[],
  folders: readonly string[],
): Promise<ReadonlyMap<string, string>> {
  const lengths = new Set(pictures.map(({ bytes }) => bytes));
  const wanted = new Set(pictures.map(({ sha256 }) => sha256).filter(Boolean));
  const found = new Map<string, string>();
  if (wanted.size === 0) return found;
  const files = await filesIn(folders);
  let next = 0;
  async function lookOn(): Promise<void> {
    while (next < files.length && found.size < wanted.size) {
      const path = files[next++]!;
      const sha256 = await hashIfOfLength(path, lengths);
      if (sha256 !== undefined && wanted.has(sha256) && !found.has(sha256)) found.set(sha256, path);
    }
  }
  await Promise.all(Array.from({ length: atATime }, lookOn));
  return found;
}

async function hashIfOfLength(path: string, lengths: ReadonlySet<number>): Promise<string | undefined> {
  const facts = await stat(path).catch(() => undefined);
  return facts?.isFile() && lengths.has(facts.size) ? hashFile(path).catch(() => undefined) : undefined;
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
