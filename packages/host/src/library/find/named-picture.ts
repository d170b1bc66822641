// The picture of the history that a person names.

import { stat } from 'node:fs/promises';
import { ImageError, nearest } from '@anyimage/core';
import { hashFile } from '../../files/file-hash.ts';
import { currentFolder, placeOfPath } from '../../files/home.ts';
import { isURL } from '../../text/input-name.ts';
import { countText } from '../../text/text.ts';
import type { History } from '../history.ts';
import type { PictureEntry } from '../picture-index.ts';
import { movedFinder } from './moved-pictures.ts';
import { pictureId, readPictureName, shortPictureId } from './picture-id.ts';

/** A picture of the history, and where it is. */
export interface NamedPicture {
  readonly entry: PictureEntry;
  /** Absolute. Of a picture that was moved, where it was found. */
  readonly path: string;
  /** It is not where it was put. */
  readonly moved?: true;
  /** It is nowhere that is known; `path` is where it was. */
  readonly gone?: true;
}

/** Of so many pictures the ids are compared with one that is none. */
const mostCompared = 500;

/**
 * The picture that `last`, `last:2` or an id names; `undefined` for a text that names a file: one that is there, even if its name would
 * be that of a picture, or any other path or URL. Throws `not-found` for a name that no picture has, `invalid-request` for a beginning
 * that several have, `storage`.
 */
export async function findNamed(
  text: string,
  history: Pick<History, 'list' | 'findBytes' | 'count' | 'folders'>,
): Promise<NamedPicture | undefined> {
  const name = readPictureName(text);
  if (!name || (!isURL(text) && (await stat(placeOfPath(text)).catch(() => undefined)))) return undefined;
  const entries = 'age' in name ? await byAge(name.age, history) : await byStart(name.start, history);
  return placed(entries, history);
}

async function byAge(age: number, history: Pick<History, 'list' | 'count'>): Promise<readonly PictureEntry[]> {
  const entry = (await history.list({ limit: age }))[age - 1];
  if (entry) return [entry];
  const count = await history.count();
  const message = count === 0 ? 'no picture was made yet' : `the history has only ${countText(count, 'picture')}`;
  throw new ImageError('not-found', message, {
    details: { asked: age === 1 ? 'last' : `last:${age}`, allowed: count },
    hint: count === 0 ? 'Make one first: anyimage "a boat".' : `Give last to last:${count}, or see anyimage history.`,
  });
}

/** The pictures of the same bytes, newest first. */
async function byStart(start: string, history: Pick<History, 'list' | 'findBytes'>): Promise<readonly PictureEntry[]> {
  const entries = await history.findBytes(start);
  const ids = [...new Set(entries.map(({ sha256 }) => pictureId(sha256)))];
  if (ids.length > 1) {
    const named = entries.filter((one, index) => entries.findIndex(({ sha256 }) => sha256 === one.sha256) === index);
    const shown = named.slice(0, 3).map(({ sha256, path }) => `${pictureId(sha256)} (${path})`);
    throw new ImageError('invalid-request', `p-${start} is the beginning of ${ids.length} ids`, {
      details: { asked: start, allowed: ids.slice(0, 8) },
      hint: `Write more of the one that is meant: ${shown.join(' or ')}.`,
    });
  }
  if (entries.length > 0) return entries;
  const others = (await history.list({ limit: mostCompared })).map(({ sha256 }) => shortPictureId(sha256));
  const near = nearest(`p-${start}`, others).slice(0, 3);
  throw new ImageError('not-found', `no picture has the id p-${start}`, {
    details: { asked: start, nearest: near },
    hint: `${near.length > 0 ? `Did you mean ${near.join(' or ')}? ` : ''}anyimage history lists the pictures with their ids.`,
  });
}

/** The first of some rows of the same bytes whose file has them, or where else that is. */
async function placed(entries: readonly PictureEntry[], history: Pick<History, 'folders'>): Promise<NamedPicture> {
  for (const entry of entries) if (await hasBytes(entry)) return { entry, path: entry.path };
  const entry = entries[0]!;
  const path = (await movedFinder([currentFolder(), ...(await history.folders())])([entry])).get(entry.sha256);
  return path === undefined ? { entry, path: entry.path, gone: true } : { entry, path, moved: true };
}

async function hasBytes({ path, bytes, sha256 }: PictureEntry): Promise<boolean> {
  const found = await stat(path).catch(() => undefined);
  if (!found?.isFile()) return false;
  // A record of another program may hold no hash.
  return sha256 === '' || (found.size === bytes && (await hashFile(path).catch(() => undefined)) === sha256);
}
