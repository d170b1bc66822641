// The input files of a picture, by their bytes: they tell whether it can be made again as it was.

import { type BigIntStats, statSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { isRecord, type Json, longestInput } from '@anyimage/core';
import { hashFile } from '../files/file-hash.ts';
import { placeOfPath } from '../files/home.ts';
import { isURL } from '../text/input-name.ts';

export interface InputRecord {
  /** As the request names it: a path or `file:` URL. */
  readonly path: string;
  /** Hexadecimal. */
  readonly sha256: string;
}

/**
 * Notes the files of a request's input pictures and mask as they are now. Returns a function that reads and records them when it
 * is first called. A file that changed in between is not recorded: other bytes may have been sent. Neither ever fails.
 */
export function recordInputs(request: Json | undefined): () => Promise<readonly InputRecord[]> {
  const { images, mask } = isRecord(request) ? request : {};
  const named = [...(Array.isArray(images) ? images : []), mask].filter((input) => typeof input === 'string');
  const noted = [...new Set(named)].flatMap((path) => noteOf(path) ?? []);
  let recording: Promise<readonly InputRecord[]> | undefined;
  return () => {
    recording ??= Promise.all(noted.map(recordOf)).then((records) => records.filter((record) => record !== undefined));
    return recording;
  };
}

/** The paths of the inputs whose file holds other bytes now. Never rejects. A file that is gone is not among them. */
export async function changedInputs(inputs: readonly InputRecord[]): Promise<readonly string[]> {
  const now = await Promise.all(inputs.map(({ path }) => recordOf(noteOf(path))));
  return inputs.filter(({ sha256 }, index) => now[index] && now[index].sha256 !== sha256).map(({ path }) => path);
}

interface InputNote {
  readonly path: string;
  readonly file: string;
  readonly state: string;
}

/** `undefined` for what is no file, for one that is too large to be sent, and for a path that leads to an open file. */
function noteOf(path: string): InputNote | undefined {
  try {
    const file = /^file:/i.test(path) ? fileURLToPath(path) : isURL(path) ? undefined : placeOfPath(path);
    if (file === undefined || isDescriptor(file)) return undefined;
    const found = statSync(file, { bigint: true });
    // What a pipe holds can be read only once, and that is for the request.
    return found.isFile() && found.size <= longestInput ? { path, file, state: stateOf(found) } : undefined;
  } catch {
    return undefined;
  }
}

async function recordOf(note: InputNote | undefined): Promise<InputRecord | undefined> {
  if (!note || noteOf(note.path)?.state !== note.state) return undefined;
  const sha256 = await hashFile(note.file).catch(() => undefined);
  return sha256 !== undefined && noteOf(note.path)?.state === note.state ? { path: note.path, sha256 } : undefined;
}

/** Changes with what the file holds. */
function stateOf({ dev, ino, size, mtimeNs }: BigIntStats): string {
  return [dev, ino, size, mtimeNs].join();
}

function isDescriptor(file: string): boolean {
  return /^\/(dev\/(fd\/|std)|proc\/)/.test(file);
}
