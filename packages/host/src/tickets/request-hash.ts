// What makes two requests the same: their words, whatever their order, and the bytes of their input pictures, wherever they lie.

import { createHash } from 'node:crypto';
import { resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { isRecord } from '@anyimage/core';
import { hashFile } from '../files/file-hash.ts';
import { isFileName } from '../text/input-name.ts';

/** The words of a request as core gets them, its pictures named by texts. */
export interface NamedRequest {
  readonly images?: readonly string[];
  readonly mask?: string;
  readonly [word: string]: unknown;
}

/** SHA-256, hexadecimal. A picture that cannot be read counts by its name: core refuses it. Never rejects. */
export async function requestHash(request: NamedRequest): Promise<string> {
  const { images, mask, ...words } = request;
  const pictures = images && (await Promise.all(images.map(pictureMark)));
  const cover = mask === undefined ? undefined : await pictureMark(mask);
  return createHash('sha256')
    .update(JSON.stringify(sorted({ ...words, images: pictures, mask: cover })))
    .digest('hex');
}

async function pictureMark(name: string): Promise<string> {
  if (!isFileName(name)) return name;
  try {
    return await hashFile(/^file:/i.test(name) ? fileURLToPath(name) : resolve(name));
  } catch {
    return name;
  }
}

/** With the members of every object in one order. */
function sorted(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(sorted);
  if (!isRecord(value)) return value;
  const members = Object.entries(value).filter(([, member]) => member !== undefined);
  members.sort(([a], [b]) => (a < b ? -1 : 1));
  return Object.fromEntries(members.map(([name, member]) => [name, sorted(member)]));
}
