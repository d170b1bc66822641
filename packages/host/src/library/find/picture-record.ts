// What is known of a picture on disk.

import { ImageError } from '@anyimage/core';
import { hashFile } from '../../files/file-hash.ts';
import { placeOfPath } from '../../files/home.ts';
import { exists } from '../../files/read-file.ts';
import { errorCode, storageError } from '../../files/storage-error.ts';
import type { History } from '../history.ts';
import { readSidecar, type Sidecar, sidecarPath } from '../sidecar.ts';
import { findNamed } from './named-picture.ts';

export interface PictureRecord {
  /** Absolute. */
  readonly path: string;
  readonly sidecar: Sidecar;
  /** Where the sidecar is, if not beside the picture: it was moved or copied. */
  readonly foundAt?: string;
  /** Only the sidecar is left. */
  readonly gone?: true;
  /** The sidecar was asked for by its own name, and the bytes beside it are not those that were made. */
  readonly changed?: true;
}

/**
 * The record of a picture; or of a sidecar that is named itself, whatever lies beside it. A sidecar counts only for the bytes whose hash
 * it holds: another picture may have taken the place of the one it tells of. Where there is none beside the picture, the history finds
 * it by the bytes. Throws `not-found` for a picture that anyimage does not know, `storage`.
 */
export async function readRecord(given: string, history: Pick<History, 'findBytes'>): Promise<PictureRecord> {
  const path = placeOfPath(given);
  const own = path.endsWith('.json') ? await readSidecar(path) : undefined;
  if (own) return recordNamed(path.slice(0, -'.json'.length), own);
  const beside = await readSidecar(sidecarPath(path));
  if (beside && !(await exists(path))) return { path, sidecar: beside, gone: true };
  const sha256 = await hashOf(path);
  if (beside?.sha256 === sha256) return { path, sidecar: beside };
  for (const twin of await history.findBytes(sha256)) {
    const sidecar = await readSidecar(sidecarPath(twin.path));
    if (sidecar?.sha256 === sha256) return { path, sidecar, foundAt: sidecarPath(twin.path) };
  }
  if (beside) throw isOfOthers(path);
  throw path.endsWith('.json') ? isNoRecord(path) : isUnknown(path);
}

/**
 * As `readRecord`, of a picture by its path, its id, or `last`. Of a picture that was moved, `path` is where it is now. Throws as
 * `readRecord` and `findNamed`.
 */
export async function findRecord(
  given: string,
  history: Pick<History, 'list' | 'findBytes' | 'count' | 'folders'>,
): Promise<PictureRecord> {
  const named = await findNamed(given, history);
  if (!named) return readRecord(given, history);
  const { path, entry } = named;
  if (!named.gone) return readRecord(path, history);
  const sidecar = await readSidecar(sidecarPath(entry.path));
  if (sidecar?.sha256 === entry.sha256) return { path, sidecar, gone: true };
  throw isUnknown(path);
}

/** The sidecar beside a picture, if it is of its bytes. Never rejects. */
export async function sidecarOf(path: string): Promise<Sidecar | undefined> {
  const sidecar = await readSidecar(sidecarPath(path));
  if (!sidecar) return undefined;
  return (await hashFile(path).catch(() => undefined)) === sidecar.sha256 ? sidecar : undefined;
}

async function recordNamed(path: string, sidecar: Sidecar): Promise<PictureRecord> {
  if (!(await exists(path))) return { path, sidecar, gone: true };
  return { path, sidecar, ...((await hashOf(path)) !== sidecar.sha256 && { changed: true }) };
}

function isOfOthers(path: string): ImageError {
  return new ImageError('not-found', `nothing is known of ${path}: what ${sidecarPath(path)} tells is of other bytes`, {
    details: { path },
    hint: `The picture was changed or replaced since. Name ${sidecarPath(path)} itself to use what it tells.`,
  });
}

function isNoRecord(path: string): ImageError {
  return new ImageError('not-found', `${path} is no picture, and no sidecar of one`, {
    details: { path },
    hint: 'Name a picture, such as boat.png, or its sidecar, boat.png.json.',
  });
}

function isUnknown(path: string): ImageError {
  return new ImageError('not-found', `nothing is known of ${path}`, {
    details: { path },
    hint: `Only pictures with their sidecar (${sidecarPath(path)}) or in the history tell how they were made.`,
  });
}

async function hashOf(path: string): Promise<string> {
  try {
    return await hashFile(path);
  } catch (error) {
    const isMissing = errorCode(error) === 'ENOENT';
    if (!isMissing) throw storageError(error, `read ${path}`, path);
    throw new ImageError('not-found', `there is no file ${path}`, {
      details: { path },
      hint: 'anyimage history shows the pictures that were made.',
    });
  }
}
