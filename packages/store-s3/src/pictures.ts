// A picture on this disk or in the bucket, read in pieces.

import { mkdir, open, readdir, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { ImageError, type StoredImage } from '@anyimage/core';
import type { S3Bucket } from './bucket.ts';

/** A picture that is there. */
export interface S3Picture extends StoredImage {
  readonly ref: string;
  /** The same, in what core gives back. */
  readonly kept: string;
  readonly byteLength: number;
  /** Its bytes; the memory of a piece may be used again for the next. */
  pieces(): AsyncIterable<Uint8Array>;
}

/** A picture on this disk. */
export interface LocalFile {
  readonly path: string;
  readonly byteLength: number;
  readonly mediaType: string;
  /** By an earlier process, which may have sent it. */
  readonly isLeft?: true;
}

/** The day (UTC) on which it was kept, and the SHA-256 of its bytes. */
export const pictureRef = /^\d{8}-[0-9a-f]{64}$/;

const pieceBytes = 49_152;

export function fileName(ref: string, mediaType: string): string {
  return `${ref}.${mediaType.replace('/', '.')}`;
}

/** What an earlier process left: by its ref, the oldest first. Throws `storage`. */
export async function leftIn(folder: string): Promise<Map<string, LocalFile>> {
  const found = new Map<string, LocalFile>();
  try {
    await mkdir(folder, { recursive: true, mode: 0o700 });
    for (const name of (await readdir(folder)).sort()) {
      const [ref = '', ...type] = name.split('.');
      if (!pictureRef.test(ref)) continue;
      const path = join(folder, name);
      const { size } = await stat(path);
      found.set(ref, { path, byteLength: size, mediaType: type.join('.').replace('.', '/'), isLeft: true });
    }
  } catch (error) {
    throw new ImageError('storage', `${folder} cannot be read`, { cause: error, details: { path: folder } });
  }
  return found;
}

/** `path`: where it is on this disk, too; it may be removed there once it is in the bucket. */
export function pictureOf(bucket: S3Bucket, key: string, ref: string, byteLength: number, path?: string): S3Picture {
  async function* pieces(): AsyncGenerator<Uint8Array> {
    const file = path === undefined ? undefined : await open(path).catch(() => undefined);
    if (!file) {
      const body = await bucket.read(key);
      if (!body) throw new ImageError('not-found', 'the picture is not in the storage of pictures any more');
      yield* body;
      return;
    }
    try {
      const room = Buffer.allocUnsafeSlow(pieceBytes);
      for (;;) {
        const { bytesRead } = await file.read(room, 0, pieceBytes);
        if (bytesRead === 0) return;
        yield room.subarray(0, bytesRead);
      }
    } finally {
      await file.close();
    }
  }
  async function* copies(): AsyncGenerator<Uint8Array> {
    for await (const piece of pieces()) yield Buffer.from(piece);
  }
  return {
    ref,
    kept: ref,
    byteLength,
    pieces,
    stream: () => Readable.toWeb(Readable.from(copies())) as ReadableStream<Uint8Array>,
    bytes: async () => {
      const all = Buffer.allocUnsafeSlow(byteLength);
      let length = 0;
      for await (const piece of pieces()) {
        all.set(piece, length);
        length += piece.length;
      }
      return all;
    },
  };
}
