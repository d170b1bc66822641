// Files that are complete or absent, whatever happens in between.

import { createHash, randomBytes } from 'node:crypto';
import { type FileHandle, link, open, readlink, realpath, rename, stat, unlink } from 'node:fs/promises';
import { dirname, join, resolve } from 'node:path';
import { makeFolder } from './make-folder.ts';
import { sharedByName } from './shared-work.ts';
import { errorCode } from './storage-error.ts';

/**
 * Makes a hidden name for a file that is not complete. The process id tells later who left it, and the rest what it was to be called,
 * where that is given as `name`.
 */
export function partPath(folder: string, name?: string): string {
  const rest = name === undefined ? randomBytes(4).toString('hex') : nameMark(name);
  return join(folder, `.anyimage-${process.pid}-${rest}.part`);
}

/** The id of the process that made a part; `undefined` for a name of something else. */
export function makerOf(name: string): number | undefined {
  const maker = /^\.anyimage-(\d+)-[0-9a-f]{8}\.part$/.exec(name)?.[1];
  return maker === undefined ? undefined : Number(maker);
}

/** What the name of a part says of the name that it was to get. */
export function nameMark(name: string): string {
  return createHash('sha256').update(name).digest('hex').slice(0, 8);
}

/** Writes all of `chunk`; the system may take it in pieces, the last of which meets a full disk. */
export async function writeAll(file: FileHandle, chunk: Uint8Array): Promise<void> {
  for (let offset = 0; offset < chunk.length; ) offset += (await file.write(chunk, offset)).bytesWritten;
}

export interface WriteOptions {
  /** Default 0o644, less the umask. */
  readonly mode?: number;
  /** Mode of folders that must be made; default 0o777, less the umask. */
  readonly folderMode?: number;
  /** An existing file is not replaced: rejects with `EEXIST`. */
  readonly keepExisting?: boolean;
  /** The mode whatever the umask, and the owner and group as far as this process may set them. */
  readonly like?: { readonly mode: number; readonly uid: number; readonly gid: number };
}

/**
 * Replaces or makes a file at once, and has it on stable storage when it resolves. Makes missing folders. Rejects with the
 * system's error, leaving nothing behind.
 */
export async function writeFileAtomically(path: string, data: string, options: WriteOptions = {}): Promise<void> {
  const folder = dirname(path);
  await makeFolder(folder, options.folderMode ?? 0o777);
  const part = partPath(folder);
  try {
    const file = await open(part, 'wx', options.mode ?? 0o644);
    try {
      if (options.like) await liken(file, options.like);
      await writeAll(file, Buffer.from(data));
      await file.sync();
    } finally {
      await file.close();
    }
    await publish(part, path, options.keepExisting ?? false);
  } catch (error) {
    await unlink(part).catch(() => {});
    throw error;
  }
}

/** The mode comes last: a change of the owner takes bits of it away. */
async function liken(file: FileHandle, { mode, uid, gid }: NonNullable<WriteOptions['like']>): Promise<void> {
  await file.chown(uid, gid).catch(() => {});
  await file.chmod(mode & 0o7777);
}

/**
 * As `writeFileAtomically`, of a file that belongs to a person: it keeps its mode and, where this process may say so, its owner, and a
 * link to it stays a link. `mode`: of a new one. Rejects also for links that lead in a circle.
 */
export async function rewriteFile(path: string, data: string, mode: number): Promise<void> {
  const place = await placeBehindLinks(path);
  const before = await stat(place).catch(() => undefined);
  // Not readable for others before it is like the one before.
  await writeFileAtomically(place, data, before ? { mode: 0o600, like: before } : { mode });
}

/** Where a path leads; the last link of a row may lead to nothing yet. Rejects for links that lead in a circle. */
export async function placeBehindLinks(path: string): Promise<string> {
  let place = path;
  for (let links = 0; links < mostLinks; links++) {
    const next = await readlink(place).catch(() => undefined);
    if (next === undefined) return place;
    // A folder on the way may be a link, too: what leads up from it leads up from where it is.
    place = resolve(await realpath(dirname(place)), next);
  }
  throw Object.assign(new Error('its links lead in a circle'), { code: 'ELOOP' });
}

/** As many as the system follows. */
const mostLinks = 40;

/**
 * Gives a complete file its name. With `keepExisting` two processes that want the same name cannot overwrite one another:
 * the later one gets `EEXIST`, and its part stays for another try.
 */
export async function publish(part: string, path: string, keepExisting: boolean): Promise<void> {
  await giveName(part, path, keepExisting);
  await syncFolder(dirname(path));
}

/** As `publish`; before the folder is synced, a power cut may undo it. */
export async function giveName(part: string, path: string, keepExisting: boolean): Promise<void> {
  if (keepExisting) await nameIfFree(part, path);
  else await rename(part, path);
}

/**
 * Names a file unless the name is taken: making a link fails then. On a disk without links, an empty file is made first, which fails
 * in the same way, and the rename replaces it.
 */
export async function nameIfFree(part: string, path: string): Promise<void> {
  try {
    await link(part, path);
  } catch (error) {
    if (!['EPERM', 'ENOTSUP', 'EOPNOTSUPP', 'ENOSYS', 'EMLINK'].includes(errorCode(error))) throw error;
    await (await open(path, 'wx')).close();
    return rename(part, path);
  }
  await unlink(part);
}

/** A new name outlives a power cut only if its folder is synced; not every system can. Many names at a time wait together. */
export const syncFolder = sharedByName(async (folder) => {
  const handle = await open(folder, 'r').catch(() => undefined);
  await handle?.sync().catch(() => {});
  await handle?.close();
});
