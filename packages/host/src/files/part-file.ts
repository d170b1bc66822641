// A picture while it arrives: a hidden file that becomes visible, or vanishes, as a whole.

import { createHash } from 'node:crypto';
import { unlinkSync } from 'node:fs';
import { type FileHandle, mkdir, open, unlink } from 'node:fs/promises';
import { errorCode } from './storage-error.ts';
import { partPath, writeAll } from './write-file.ts';

const unfinished = new Set<string>();

/** Deletes all parts of this process at once: for a process that must end now. Never throws. */
export function discardParts(): void {
  for (const path of unfinished) {
    try {
      unlinkSync(path);
    } catch {
      // It is gone already, or the disk is: nobody can do more.
    }
  }
  unfinished.clear();
}

export interface PartFile {
  readonly path: string;
  write(chunk: Uint8Array): Promise<void>;
  /** Has all bytes on stable storage. */
  finish(): Promise<{ readonly bytes: number; readonly sha256: string }>;
  /** Removes it if it is still there. Never throws. */
  discard(): Promise<void>;
}

/**
 * Opens a part in `folder`, making the folder if needed; `name`: what it will be called, for whoever finds it when this process was
 * stopped. All methods reject with the system's own errors.
 */
export async function openPart(folder: string, name?: string): Promise<PartFile> {
  await mkdir(folder, { recursive: true });
  let path = partPath(folder, name);
  const openNew = () => open(path, 'wx', 0o644);
  let file: FileHandle | undefined = await openNew().catch((error) => {
    if (name === undefined || errorCode(error) !== 'EEXIST') throw error;
    path = partPath(folder); // two want the same name: one of them gets it
    return openNew();
  });
  unfinished.add(path);
  const hash = createHash('sha256');
  let bytes = 0;

  async function close(): Promise<void> {
    const closing = file;
    file = undefined;
    await closing?.close();
  }

  return {
    path,
    async write(chunk) {
      await writeAll(file!, chunk);
      hash.update(chunk);
      bytes += chunk.length;
    },
    async finish() {
      await file!.sync();
      await close();
      return { bytes, sha256: hash.digest('hex') };
    },
    async discard() {
      await close().catch(() => {});
      await unlink(path).catch(() => {});
      unfinished.delete(path);
    },
  };
}
