// The folder of views: copies that can be made again at any time.

import { lstat, opendir, unlink } from 'node:fs/promises';
import { join } from 'node:path';
import { errorCode } from '@anyimage/host';

/** What may stay. */
export interface ViewRoom {
  /** Older views go, ms. */
  readonly age: number;
  /** Of what is left, the oldest go until all of them have at most so much, bytes. */
  readonly bytes: number;
  /** So many files are looked at. */
  readonly files: number;
}

const usualRoom: ViewRoom = { age: 30 * 86_400_000, bytes: 256 * 2 ** 20, files: 5000 };

/** How views are named; `.part` is one whose writer was killed. */
const isView = /-\d+x\d+\.(?:png|jpg|webp)(?:\.\d+\.part)?$/;

/**
 * Removes views that are old, and the oldest of too many. What is not named as one stays. `now`: Unix time, ms. Gives how many went. Rejects with
 * the system's error; a folder that is not there is cleared.
 */
export async function clearViews(folder: string, now = Date.now(), room = usualRoom): Promise<number> {
  const views = (await viewsIn(folder, room.files)).sort((a, b) => b.at - a.at);
  let left = room.bytes;
  let gone = 0;
  for (const { path, at, bytes } of views) {
    left -= bytes;
    if (left >= 0 && now - at <= room.age) continue;
    await unlink(path).catch(unlessGone);
    gone += 1;
  }
  return gone;
}

async function viewsIn(folder: string, most: number) {
  const views: { readonly path: string; readonly at: number; readonly bytes: number }[] = [];
  try {
    for await (const { name } of await opendir(folder, { bufferSize: 256 })) {
      if (!isView.test(name)) continue;
      const path = join(folder, name);
      const found = await lstat(path).catch(unlessGone);
      if (found?.isFile()) views.push({ path, at: found.mtimeMs, bytes: found.size });
      if (views.length === most) break;
    }
  } catch (error) {
    unlessGone(error);
  }
  return views;
}

/** Another server may be at it, too. */
function unlessGone(error: unknown): undefined {
  if (errorCode(error) !== 'ENOENT') throw error;
}
