// All pictures that were made, wherever they lie. The sidecars are the truth; the index only makes finding fast.

import type { DatabaseSync } from 'node:sqlite';
import { addLate, pictureAdder } from './add-pictures.ts';
import type { IndexEvents } from './index-file.ts';
import { knownFolders } from './known-folders.ts';
import {
  countPictures,
  findBytes,
  findPictures,
  type PictureEntry,
  type PictureFilter,
  type Query,
  removePictures,
} from './picture-index.ts';
import { type PictureSum, sumPictures } from './picture-sums.ts';
import { checkFolder, rebuildIndex } from './rebuild-index.ts';
import { SharedIndex } from './shared-index.ts';
import type { ScannedPicture } from './sidecar-scan.ts';

export interface History {
  /** Where the index is. */
  readonly path: string;
  /**
   * Adds pictures whose sidecars are written. Throws if the index cannot hold one of them; the others are added. Throws if it takes
   * longer than `addPatience`; then the next reading of the history adds them.
   */
  add(pictures: readonly ScannedPicture[]): Promise<void>;
  /** What waits to be added together (`gather`) is added now, and so is what comes later. */
  stopGathering(): void;
  /** A page, newest first. */
  list(query?: Query): Promise<readonly PictureEntry[]>;
  /** Pictures with these bytes, newest first: finds a picture that was moved. `sha256`: hexadecimal, or the beginning of it. */
  findBytes(sha256: string): Promise<readonly PictureEntry[]>;
  count(): Promise<number>;
  /** How many there are and what they cost, by month and model. */
  sums(filter?: PictureFilter): Promise<readonly PictureSum[]>;
  /** The folders that pictures were put in. */
  folders(): Promise<readonly string[]>;
  /** Takes pictures out of the index, by their paths. Those whose sidecars are there are in it again with the next `rebuild`. */
  forget(paths: readonly string[]): Promise<void>;
  /**
   * Reads the sidecars of all known folders, and of `folders`, again. Returns how many pictures there are. Throws `not-found`
   * for one of `folders` that is not there.
   */
  rebuild(folders?: readonly string[]): Promise<number>;
  /** Ends what still waits for the index. The history cannot be used again. */
  close(): Promise<void>;
}

export interface HistoryOptions extends IndexEvents {
  /** How long pictures that were made wait for the index, ms; default ten seconds. */
  readonly addPatience?: number;
  /** For who adds many: so much lies between two changes of the index at least, ms; default nothing. */
  readonly gather?: number;
}

/** The history of a home folder. Opens its index when it is first used. All methods throw `storage`. */
export function openHistory(
  home: string,
  { addPatience = 10_000, gather = 0, ...events }: HistoryOptions = {},
): History {
  const index = new SharedIndex(home, events);

  async function read<T>(work: (database: DatabaseSync) => T): Promise<T> {
    await addLate(index, addPatience);
    return index.use(work);
  }

  return {
    path: index.path,
    ...pictureAdder(index, { patience: addPatience, gather }),
    list: (query = {}) => read((database) => findPictures(database, query)),
    findBytes: (sha256) => read((database) => findBytes(database, sha256)),
    count: () => read(countPictures),
    sums: (filter = {}) => read((database) => sumPictures(database, filter)),
    folders: () => knownFolders(home),
    forget: (paths) => index.change((database) => removePictures(database, paths)),
    async rebuild(folders = []) {
      for (const folder of folders) await checkFolder(folder);
      await addLate(index, addPatience);
      await rebuildIndex(index, folders, events.onProgress);
      return index.use(countPictures);
    },
    close: () => index.close(),
  };
}
