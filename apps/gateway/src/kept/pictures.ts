// Pictures on disk: written as they arrive, under a hidden name until they are whole, and read in pieces.

import { createHash, randomBytes } from 'node:crypto';
import { closeSync, createReadStream, open as openAny, renameSync, write, writeSync } from 'node:fs';
import { mkdir, open, readdir, readFile, stat, statfs, unlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { promisify } from 'node:util';
import { ImageError, type ImageStore, type StoredImage } from '@anyimage/core';
import { makeFolder, storageError } from '@anyimage/host';
import type { S3Place } from '@anyimage/store-s3';

/** A picture that is there. */
export interface StoredPicture extends StoredImage {
  readonly ref: string;
  /** The same, in what core gives back. */
  readonly kept: string;
  readonly byteLength: number;
  /** Its bytes, each piece in the memory of the one before. */
  pieces(): AsyncIterable<Uint8Array>;
}

/** Pictures by their `ref`: letters, digits and hyphens. */
export interface PictureStore extends ImageStore<StoredPicture> {
  find(ref: string): Promise<StoredPicture | undefined>;
  /** Throws `unavailable` while pictures can be kept nowhere but on this machine's disk; `config` if that must be mended. */
  check(): Promise<void>;
  /** Where whoever has it gets the picture without the gateway; `undefined` = nowhere. */
  urlOf(ref: string, seconds: number): Promise<string | undefined>;
  /** Removes what was kept before, and what is left of pictures that never became whole. Throws `unavailable`. */
  sweep(before: number): Promise<void>;
  /** What is not sent on yet is sent on after the next start. */
  close(): Promise<void>;
}

/** Opens what the config says: pictures in `folder`, or in S3, where they wait in `folder` until they are there. Throws `config`, `storage`. */
export async function openPictures(
  folder: string,
  s3: S3Place | undefined,
  onProblem: (error: unknown) => void,
): Promise<PictureStore> {
  const local = await pictureStore(folder);
  if (!s3) return local;
  const { s3PictureStore } = await import('@anyimage/store-s3');
  const store = await s3PictureStore({ ...s3, local, folder: join(folder, 'to-s3'), onProblem });
  await store.check().catch((error: unknown) => {
    // It may begin before its storage does: until then it refuses.
    if (!ImageError.isInstance(error) || error.code !== 'unavailable') throw error;
    onProblem(error);
  });
  return {
    ...store,
    async sweep(before) {
      await local.sweep(before);
      await store.sweep(before);
    },
  };
}

/** Pictures of so few bytes stay in memory for their answers, the newest ones, in place of a second look at the disk. */
const fewBytes = 65_536;
const fewPictures = 100;
/** A multiple of three: each piece is base64 by itself. */
const pieceBytes = 49_152;
/** For so long what was free is taken to be, ms. */
const freshMs = 500;
const openFile = promisify(openAny) as (path: string, flags: string, mode: number) => Promise<number>;
const writeTo = promisify(write);
/** What stays free on the disk beside pictures that are on their way, bytes. */
const spare = 32 * 2 ** 20;

const isRef = (ref: string) => /^(?:answer-)?[0-9a-f]{32}$/.test(ref);
/** What nobody could read stays until its ticket is dropped, apart from what is swept. */
const answers = 'answers';

/** Keeps pictures in `folder`, for this person alone. All methods throw `storage`. */
export async function pictureStore(folder: string): Promise<PictureStore> {
  const pathOf = (ref: string) => join(folder, ref.startsWith('answer-') ? answers : ref.slice(0, 2), ref);
  const explained = (error: unknown) => storageError(error, `keep pictures in ${folder}`, folder);
  await makeFolder(folder, 0o700).catch((error: unknown) => {
    throw explained(error);
  });
  const made = new Set<string>();
  const newest = new Map<string, StoredPicture>();
  let expected = 0;
  let free = 0;
  let freeUntil = 0;
  let parts = 0;

  function remember(picture: StoredPicture): StoredPicture {
    newest.set(picture.ref, picture);
    if (newest.size > fewPictures) newest.delete(newest.keys().next().value!);
    return picture;
  }

  async function openPart(ref: string) {
    const path = join(folder, ref.slice(0, 2));
    if (!made.has(path)) await mkdir(path, { recursive: true, mode: 0o700 });
    made.add(path);
    parts += 1;
    const part = join(path, `.${ref}-${process.pid}-${parts}`);
    return { part, file: await openFile(part, 'wx', 0o600) };
  }

  /** Bytes that were free a moment ago. */
  async function freeBytes(): Promise<number> {
    if (performance.now() < freeUntil) return free;
    const { bavail, bsize } = await statfs(folder);
    free = bavail * bsize;
    freeUntil = performance.now() + freshMs;
    return free;
  }

  return {
    copies: true,

    async open({ id }) {
      const ref = createHash('sha256').update(id).digest('hex').slice(0, 32);
      const { part, file } = await openPart(ref).catch((error: unknown) => {
        throw explained(error);
      });
      let few: Buffer[] | undefined = [];
      let length = 0;
      let isOpen = true;
      const close = () => {
        if (isOpen) closeSync(file);
        isOpen = false;
      };
      return {
        async write(chunk) {
          try {
            for (let done = 0; done < chunk.length; ) {
              const left = chunk.length - done;
              done += left <= fewBytes ? writeSync(file, chunk, done) : (await writeTo(file, chunk, done)).bytesWritten;
            }
            length += chunk.length;
            // The memory of the chunk is used for others next.
            if (length <= fewBytes) few?.push(Buffer.from(chunk));
            else few = undefined;
          } catch (error) {
            throw explained(error);
          }
        },
        async commit() {
          try {
            // A turn of the thread pool costs several times what these do; to make a file, above, may take longer.
            close();
            renameSync(part, pathOf(ref));
          } catch (error) {
            throw explained(error);
          }
          const stored = storedAt(pathOf(ref), ref, length);
          if (!few) return stored;
          const bytes = Buffer.concat(few);
          return remember({ ...stored, bytes: async () => bytes });
        },
        async abort() {
          close();
          await unlink(part).catch(() => {});
        },
      };
    },

    async expect({ bytes }) {
      const room = await freeBytes().catch((error: unknown) => {
        throw explained(error);
      });
      if (room - expected < bytes + spare) {
        throw new ImageError('storage', `the disk of ${folder} has no room for ${bytes} bytes more`, {
          details: { path: folder },
          hint: 'Whoever runs the gateway makes room there, or lowers pictures.keepHours. Nothing was sent.',
        });
      }
      expected += bytes;
      return () => {
        expected -= bytes;
      };
    },

    async find(ref) {
      if (!isRef(ref)) return undefined;
      const known = newest.get(ref);
      if (known) return known;
      const found = await stat(pathOf(ref)).catch(() => undefined);
      return found?.isFile() ? storedAt(pathOf(ref), ref, found.size) : undefined;
    },

    check: async () => {},
    urlOf: async () => undefined,
    close: async () => {},

    async keepAnswer(body) {
      const ref = `answer-${randomBytes(16).toString('hex')}`;
      try {
        await mkdir(join(folder, answers), { recursive: true, mode: 0o700 });
        await writeFile(pathOf(ref), body, { mode: 0o600, flag: 'wx' });
        return ref;
      } catch (error) {
        throw explained(error);
      }
    },

    async forget(ref) {
      if (isRef(ref)) await unlink(pathOf(ref)).catch(() => {});
    },

    async sweep(before) {
      for (const name of await namesIn(folder)) {
        if (name === answers || name === 'to-s3') continue;
        for (const file of await namesIn(join(folder, name))) {
          const path = join(folder, name, file);
          const found = await stat(path).catch(() => undefined);
          if (!found || found.mtimeMs >= before) continue;
          newest.delete(file);
          await unlink(path).catch(() => {});
        }
      }
    },
  };
}

async function namesIn(folder: string): Promise<readonly string[]> {
  return readdir(folder).catch(() => []);
}

function storedAt(path: string, ref: string, byteLength: number): StoredPicture {
  return {
    ref,
    kept: ref,
    byteLength,
    path,
    bytes: () => readFile(path),
    pieces: () => piecesOf(path),
    stream: () => Readable.toWeb(createReadStream(path)) as ReadableStream<Uint8Array>,
  };
}

async function* piecesOf(path: string): AsyncGenerator<Uint8Array> {
  const file = await open(path);
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
