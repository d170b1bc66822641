// What is known of a picture on disk.

import { stat } from 'node:fs/promises';
import { resolve } from 'node:path';
import { ImageError } from '@anyimage/core';
import { hashFile } from '../files/file-hash.ts';
import { exists } from '../files/read-file.ts';
import { errorCode, storageError } from '../files/storage-error.ts';
import type { History } from './history.ts';
import { readSidecar, type Sidecar, sidecarPath } from './sidecar.ts';

export interface PictureRecord {
  /** Absolute. */
  readonly path: string;
  readonly sidecar: Sidecar;
  /** Where the sidecar is, if not beside the picture: it was moved or copied. */
  readonly foundAt?: string;
  /** Only the sidecar is left. */
  readonly gone?: true;
  /** The bytes are not those that were made. */
  readonly changed?: true;
}

/**
 * The record of a picture, or of the picture that a sidecar belongs to. It comes from the sidecar beside the picture; where there
 * is none, the history finds it by the bytes. Throws `not-found` for a picture that anyimage does not know, `storage`.
 */
export async function readRecord(given: string, history: Pick<History, 'findBytes'>): Promise<PictureRecord> {
  const path = resolve(given);
  const own = await read(path);
  if (own) return readRecord(path.slice(0, -'.json'.length), history);
  const beside = await read(sidecarPath(path));
  if (beside && !(await exists(path))) return { path, sidecar: beside, gone: true };
  const sha256 = await hashOf(path);
  if (beside) return { path, sidecar: beside, ...(beside.sha256 && beside.sha256 !== sha256 && { changed: true }) };
  for (const twin of await history.findBytes(sha256)) {
    const sidecar = await read(sidecarPath(twin.path));
    if (sidecar) return { path, sidecar, foundAt: sidecarPath(twin.path) };
  }
  throw new ImageError('not-found', `nothing is known of ${path}`, {
    details: { path },
    hint: `Only pictures with their sidecar (${sidecarPath(given)}) or in the history tell how they were made.`,
  });
}

async function read(path: string): Promise<Sidecar | undefined> {
  return path.endsWith('.json') ? readSidecar(path) : undefined;
}

async function hashOf(path: string): Promise<string> {
  try {
    if ((await stat(path)).isDirectory()) throw Object.assign(new Error('it is a folder'), { code: 'EISDIR' });
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
