// Which files a picture was made of, by their bytes: whether it can be made again as it was.

import { stat } from 'node:fs/promises';
import { resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Json } from '@anyimage/core';
import { hashFile } from './file-hash.ts';

export interface InputRecord {
  /** As the request names it: a path or `file:` URL. */
  readonly path: string;
  /** Hexadecimal. */
  readonly sha256: string;
}

/** The input pictures and the mask of a request that are files which can be read. Never rejects. */
export async function recordInputs(request: Json | undefined): Promise<readonly InputRecord[]> {
  const { images, mask } = isRecord(request) ? request : {};
  const named = [...(Array.isArray(images) ? images : []), mask].filter((input) => typeof input === 'string');
  const records = await Promise.all([...new Set(named)].map(recordOf));
  return records.filter((record) => record !== undefined);
}

/** The paths of those whose file holds other bytes now. Never rejects: a file that is gone is missed when it is read. */
export async function changedInputs(inputs: readonly InputRecord[]): Promise<readonly string[]> {
  const now = await Promise.all(inputs.map(({ path }) => recordOf(path)));
  return inputs.filter(({ sha256 }, index) => now[index] && now[index].sha256 !== sha256).map(({ path }) => path);
}

async function recordOf(path: string): Promise<InputRecord | undefined> {
  try {
    const file = /^file:/i.test(path) ? fileURLToPath(path) : isURL(path) ? undefined : resolve(path);
    // What a pipe holds can be read only once, and that is for the request.
    if (file === undefined || !(await stat(file)).isFile()) return undefined;
    return { path, sha256: await hashFile(file) };
  } catch {
    return undefined;
  }
}

function isURL(text: string): boolean {
  return /^[a-z][a-z0-9+.-]+:/i.test(text);
}

function isRecord(value: Json | undefined): value is { readonly [word: string]: Json } {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
