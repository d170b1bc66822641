// Pictures that may not be in the index yet. A note beside the index names them until they are, even if the process that made
// them is stopped.

import { randomBytes } from 'node:crypto';
import { readdir, rename, unlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { inFolder } from '../files/make-folder.ts';
import { readText } from '../files/read-file.ts';
import { partPath } from '../files/write-file.ts';
import { parseJSON } from '../text/json.ts';
import { indexError } from './index-error.ts';

/** Each note is a file of its own, whole when it has its name: processes that write and remove them never meet. */
const noteName = /^late-[0-9a-f]{16}\.json$/;

/** Notes pictures by their paths. Returns a function that removes the note. Throws `storage`. */
export async function noteLate(home: string, paths: readonly string[]): Promise<() => Promise<void>> {
  const note = join(home, `late-${randomBytes(8).toString('hex')}.json`);
  const part = partPath(home);
  try {
    await inFolder(home, 0o700, () => writeFile(part, JSON.stringify(paths), { mode: 0o600 }));
    await rename(part, note);
  } catch (error) {
    await unlink(part).catch(() => {});
    throw indexError(error, `note new pictures in ${home}`, home);
  }
  return () => remove(note);
}

export interface LatePictures {
  /** Absolute, each once. */
  readonly paths: readonly string[];
  /** Removes the notes that were read, unless they name one of `waiting`. */
  forget(waiting: readonly string[]): Promise<void>;
}

/** The pictures that are noted. A note that cannot be read now is left for another time. Never rejects. */
export async function latePictures(home: string): Promise<LatePictures> {
  const names = await readdir(home).catch(() => []);
  const notes: { readonly path: string; readonly pictures: readonly string[] }[] = [];
  // One after the other: there may be few files that can be open at a time.
  for (const name of names.filter((one) => noteName.test(one))) {
    const path = join(home, name);
    const pictures = await picturesIn(path);
    if (pictures) notes.push({ path, pictures });
  }
  return {
    paths: [...new Set(notes.flatMap(({ pictures }) => pictures))],
    async forget(waiting) {
      const left = new Set(waiting);
      const done = notes.filter(({ pictures }) => !pictures.some((picture) => left.has(picture)));
      await Promise.all(done.map(({ path }) => remove(path)));
    },
  };
}

/** `undefined` for what cannot be read, and for what is no note of ours. */
async function picturesIn(note: string): Promise<readonly string[] | undefined> {
  const paths = parseJSON(await readText(note).catch(() => ''));
  return Array.isArray(paths) ? paths.filter((path) => typeof path === 'string') : undefined;
}

async function remove(note: string): Promise<void> {
  await unlink(note).catch(() => {});
}
