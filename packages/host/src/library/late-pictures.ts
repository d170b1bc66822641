// Pictures that may not be in the index yet. A note beside the index names them until they are, even if the process that made
// them is stopped.

import { randomBytes } from 'node:crypto';
import { closeSync, openSync, renameSync, unlinkSync, writeSync } from 'node:fs';
import { readdir, unlink } from 'node:fs/promises';
import { join } from 'node:path';
import { makeFolderNow } from '../files/make-folder.ts';
import { isLeft } from '../files/part-notes.ts';
import { ownMark } from '../files/process-mark.ts';
import { readText } from '../files/read-file.ts';
import { parseJSON } from '../text/json.ts';
import { indexError } from './index-error.ts';

/**
 * Each note is a file of its own, with a picture on each line; of an earlier version, all on one. While more may come, it ends in `.jsonl`,
 * its first line says which process writes it, and nobody else removes it while that lives.
 */
const noteName = /^late-[0-9a-f]{16}\.jsonl?$/;

/** A note that this process writes. */
export interface OpenNote {
  /** Notes pictures by their paths: they survive the death of the process. Throws `storage`. */
  add(paths: readonly string[]): void;
  /** Nothing more is added. Whoever has put the pictures into the index may remove it. Never throws. */
  close(): void;
  /** Removes it, closed or not. Never throws. */
  remove(): void;
}

/** Begins a note. Throws `storage`. */
export function beginNote(home: string): OpenNote {
  const closed = join(home, `late-${randomBytes(8).toString('hex')}.json`);
  let path = `${closed}l`;
  const telling = <T>(work: () => T): T => {
    try {
      return work();
    } catch (error) {
      throw indexError(error, `note new pictures in ${home}`, home);
    }
  };
  let fd: number | undefined = telling(() => {
    makeFolderNow(home, 0o700);
    return openSync(path, 'ax', 0o600);
  });
  const write = (lines: readonly unknown[]) => {
    const text = Buffer.from(lines.map((line) => `${JSON.stringify(line)}\n`).join(''));
    for (let done = 0; done < text.length; ) done += writeSync(fd!, text, done);
  };
  const note = {
    add: (paths: readonly string[]) => telling(() => write(paths)),
    close() {
      if (fd === undefined) return;
      tryTo(() => closeSync(fd!));
      fd = undefined;
      tryTo(() => {
        renameSync(path, closed);
        path = closed;
      });
    },
    remove() {
      note.close();
      tryTo(() => unlinkSync(path));
    },
  };
  try {
    telling(() => write([ownMark()]));
  } catch (error) {
    note.remove();
    throw error;
  }
  return note;
}

export interface LatePictures {
  /** Absolute, each once. */
  readonly paths: readonly string[];
  /** Removes the notes that were read, unless they name one of `waiting`, or another process still writes them. */
  forget(waiting: readonly string[]): Promise<void>;
}

interface Note {
  readonly path: string;
  readonly pictures: readonly string[];
  readonly isOpen: boolean;
}

/** The pictures that are noted. A note that cannot be read now is left for another time. Never rejects. */
export async function latePictures(home: string): Promise<LatePictures> {
  const names = await readdir(home).catch(() => []);
  const notes: Note[] = [];
  // One after the other: there may be few files that can be open at a time.
  for (const name of names.filter((one) => noteName.test(one))) {
    const note = await readNote(join(home, name));
    if (note) notes.push(note);
  }
  return {
    paths: [...new Set(notes.flatMap(({ pictures }) => pictures))],
    async forget(waiting) {
      const left = new Set(waiting);
      const done = notes.filter(({ pictures, isOpen }) => !isOpen && !pictures.some((picture) => left.has(picture)));
      await Promise.all(done.map(({ path }) => unlink(path).catch(() => {})));
    },
  };
}

/** `undefined` for what cannot be read, and for what is no note of ours. */
async function readNote(path: string): Promise<Note | undefined> {
  const text = await readText(path).catch(() => undefined);
  if (text === undefined) return undefined;
  const lines = text.split('\n').map(parseJSON);
  const isOpen = path.endsWith('l') && !(await isLeft(path, lines[0], Date.now()));
  const pictures = lines.flat().filter((line) => typeof line === 'string');
  return pictures.length > 0 ? { path, pictures, isOpen } : undefined;
}

function tryTo(work: () => void): void {
  try {
    work();
  } catch {
    // A note that stays costs a look; nothing is lost by it.
  }
}
