// Adding pictures to the history: those that were just made, and those that are late.

import { dirname } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { ImageError } from '@anyimage/core';
import { duration } from '../text/units.ts';
import { rememberFolders } from './known-folders.ts';
import { beginNote, type LatePictures, latePictures, type OpenNote } from './late-pictures.ts';
import { addPictures, notWrittenSince, rowsOfPaths, type SkippedPicture } from './picture-index.ts';
import type { SharedIndex } from './shared-index.ts';
import { isOutOfReach, sidecarPath } from './sidecar.ts';
import { type ScannedPicture, scanPictures } from './sidecar-scan.ts';

export interface AddingOptions {
  /** How long pictures wait for the index, ms. */
  readonly patience: number;
  /** So much lies between two changes of the index at least, ms: what is added meanwhile is added together. */
  readonly gather: number;
}

export interface PictureAdder {
  /**
   * Adds pictures whose sidecars are written. Throws `storage`: if the index cannot hold one of them (the others are added then), and if it
   * takes longer than `patience` (all of them are late then).
   */
  add(pictures: readonly ScannedPicture[]): Promise<void>;
  /** What waits for others to be added with is added now, and so is what comes later. */
  stopGathering(): void;
}

/** Pictures that are added together. */
interface Group {
  readonly pictures: ScannedPicture[];
  readonly note: OpenNote;
  /** Resolves with those that the index cannot hold. */
  readonly added: Promise<readonly SkippedPicture[]>;
}

export function pictureAdder(index: SharedIndex, { patience, gather }: AddingOptions): PictureAdder {
  const gathering = new AbortController();
  const signal = AbortSignal.any([index.signal, gathering.signal]);
  /** The one that is not on its way yet. */
  let next: Group | undefined;
  let last: Promise<unknown> = Promise.resolve();
  let endedAt = Number.NEGATIVE_INFINITY;

  function begin(): Group {
    const pictures: ScannedPicture[] = [];
    const note = beginNote(index.home);
    const added = last.then(untilNext).then(async () => {
      next = undefined;
      note.close();
      const skipped = await insertMade(index, pictures);
      note.remove();
      return skipped;
    });
    last = added
      .catch(() => {})
      .then(() => {
        endedAt = performance.now();
      });
    return { pictures, note, added };
  }

  async function untilNext(): Promise<void> {
    const wait = endedAt + gather - performance.now();
    if (wait > 0) await pause(wait, undefined, { signal }).catch(() => {});
  }

  return {
    async add(pictures) {
      if (pictures.length === 0) return;
      next ??= begin();
      const { note, pictures: all, added } = next;
      const paths = new Set(pictures.map(({ path }) => path));
      // Noted first: this process may be stopped while it waits for the index.
      note.add([...paths]);
      all.push(...pictures);
      const skipped = await inTime(added, patience);
      if (skipped === undefined) throw notReady(index.path, patience);
      const own = skipped.find(({ path }) => paths.has(path));
      if (own) throw cannotHold(own, index.path);
    },
    stopGathering: () => gathering.abort(),
  };
}

async function insertMade(index: SharedIndex, pictures: readonly ScannedPicture[]): Promise<readonly SkippedPicture[]> {
  // The index is opened before any folder is known: a first index is not reported as one that was missing.
  await index.use(() => undefined);
  // Before the rows: if the index is put aside with the rows, the next one is made from these folders.
  await rememberFolders(index.home, foldersOf(pictures.map(({ path }) => path)));
  return index.change((database) => addPictures(database, pictures));
}

/** Adds the pictures that are late. Those that cannot be added within `patience` (ms) stay late. Throws `storage`. */
export async function addLate(index: SharedIndex, patience: number): Promise<void> {
  const late = await latePictures(index.home);
  if (late.paths.length === 0) return;
  const before = await index.use((database) => rowsOfPaths(database, late.paths));
  await inTime(insertLate(index, late, before), patience).catch(() => {});
}

async function insertLate(
  index: SharedIndex,
  { paths, forget }: LatePictures,
  before: ReadonlyMap<string, number>,
): Promise<void> {
  await rememberFolders(index.home, foldersOf(paths));
  const found = await scanPictures(paths, { signal: index.signal });
  const skipped = await index.change((database) => addPictures(database, notWrittenSince(database, before, found)));
  await forget(await outOfReach(paths, found));
  index.tellSkipped(skipped);
}

/** The pictures that were not found, and whose sidecars are there all the same. */
async function outOfReach(paths: readonly string[], found: readonly ScannedPicture[]): Promise<readonly string[]> {
  const read = new Set(found.map(({ path }) => path));
  const waiting: string[] = [];
  for (const path of paths) if (!read.has(path) && (await isOutOfReach(sidecarPath(path)))) waiting.push(path);
  return waiting;
}

function foldersOf(paths: readonly string[]): readonly string[] {
  return paths.map((path) => dirname(path));
}

/** The result of `work`, or `undefined` if it takes longer than `patience` (ms). The work goes on all the same. */
async function inTime<T>(work: Promise<T>, patience: number): Promise<T | undefined> {
  let timer: NodeJS.Timeout | undefined;
  const end = new Promise<undefined>((resolve) => {
    timer = setTimeout(resolve, patience, undefined);
  });
  try {
    return await Promise.race([work, end]);
  } finally {
    clearTimeout(timer);
  }
}

function notReady(index: string, patience: number): ImageError {
  const message = `the index ${index} was not ready within ${duration(patience)}; the next anyimage history adds the picture`;
  return new ImageError('storage', message, {
    details: { path: index },
    hint: 'Another program uses it, or it is made anew: anyimage history waits for that.',
  });
}

function cannotHold({ path, reason }: SkippedPicture, index: string): ImageError {
  return new ImageError('storage', `the index ${index} cannot hold ${path}: ${reason}`, {
    details: { path },
    hint: `Look at ${sidecarPath(path)}.`,
  });
}
