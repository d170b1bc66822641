// A picture while it arrives: a hidden file that becomes visible, or vanishes, as a whole.

import { createHash } from 'node:crypto';
import { unlinkSync } from 'node:fs';
import { type FileHandle, open, unlink } from 'node:fs/promises';
import { inFolder } from './make-folder.ts';
import { forgetPart, notePart } from './part-notes.ts';
import { errorCode } from './storage-error.ts';
import { giveName, partPath, writeAll } from './write-file.ts';

/** The parts of this process, and the home that they are noted in. */
const unfinished = new Map<string, string>();

/** Deletes all parts of this process at once: for a process that must end now. Never throws. */
export function discardParts(): void {
  for (const [path, home] of unfinished) {
    try {
      unlinkSync(path);
    } catch {
      // It is gone already, or the disk is: nobody can do more.
    }
    forgetPart(home, path);
  }
  unfinished.clear();
}

export interface PartFile {
  readonly path: string;
  write(chunk: Uint8Array): Promise<void>;
  /** What was written. Nothing more is. */
  facts(): PartFacts;
  /** Has all bytes on stable storage. */
  finish(): Promise<PartFacts>;
  /** Gives it its name, as `giveName` does. If that fails, it is still there. */
  name(path: string, keepExisting: boolean): Promise<void>;
  /** Removes it if it has no name. Never throws. */
  discard(): Promise<void>;
}

export interface PartFacts {
  readonly bytes: number;
  readonly sha256: string;
}

export interface PartOptions {
  /** Where it is noted, for whoever comes when this process was killed. */
  readonly home: string;
  /** What it will be called, for whoever finds it. */
  readonly name?: string;
}

/** Opens a part in `folder`, making the folder if needed. All methods reject with the system's own errors. */
export async function openPart(folder: string, { home, name }: PartOptions): Promise<PartFile> {
  let path = partPath(folder, name);
  const openNew = async () => {
    notePart(home, path);
    try {
      return await open(path, 'wx', 0o644);
    } catch (error) {
      forgetPart(home, path);
      throw error;
    }
  };
  let file: FileHandle | undefined = await inFolder(folder, 0o777, openNew).catch((error) => {
    if (name === undefined || errorCode(error) !== 'EEXIST') throw error;
    path = partPath(folder); // two want the same name: one of them gets it
    return openNew();
  });
  unfinished.set(path, home);
  const hash = createHash('sha256');
  let bytes = 0;
  let facts: PartFacts | undefined;
  let isNamed = false;
  const written = () => {
    facts ??= { bytes, sha256: hash.digest('hex') };
    return facts;
  };

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
    facts: written,
    async finish() {
      await file!.sync();
      await close();
      return written();
    },
    async name(name, keepExisting) {
      await giveName(path, name, keepExisting);
      isNamed = true;
    },
    async discard() {
      await close().catch(() => {});
      if (!isNamed) await unlink(path).catch(() => {});
      unfinished.delete(path);
      forgetPart(home, path);
    },
  };
}
