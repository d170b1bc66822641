// Pictures on disk: a hidden part while they arrive, a readable name when they are complete, a sidecar beside each.

import { randomBytes } from 'node:crypto';
import { constants, createReadStream } from 'node:fs';
import { copyFile, mkdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import {
  type Applied,
  type ImageFacts,
  type ImageHint,
  type ImageStore,
  type ImageWriter,
  type Json,
  messageOf,
  type StoredImage,
} from '@anyimage/core';
import { removeLeftovers } from '../files/leftovers.ts';
import { openPart, type PartFile } from '../files/part-file.ts';
import { storageError } from '../files/storage-error.ts';
import type { History } from '../library/history.ts';
import { recordInputs } from '../library/input-records.ts';
import { parseSidecar, type StoredFile, sidecarText, writeSidecar } from '../library/sidecar.ts';
import type { ScannedPicture } from '../library/sidecar-scan.ts';
import { convertPicture } from './convert.ts';
import { endingOf, type Format, formatOfMediaType, mediaTypeOf } from './formats.ts';
import type { OutputTarget } from './output.ts';
import { pictureName } from './picture-name.ts';
import { placePicture } from './place-picture.ts';

/** A store that tells what it did beyond the request. */
export interface FileImageStore extends ImageStore {
  /** By path. */
  readonly files: ReadonlyMap<string, StoredFile>;
  /** Names and formats other than asked. */
  readonly applied: readonly Applied[];
  /** Sidecars that could not be written, and pictures that the history could not note. */
  readonly warnings: readonly StoreWarning[];
}

/** The pictures are there all the same. */
export interface StoreWarning {
  readonly code: 'sidecar' | 'history';
  readonly message: string;
}

export interface FileImageStoreOptions {
  /** From `checkOutput`. */
  readonly target: OutputTarget;
  /** Where the originals of converted pictures are kept: `originals` in it. */
  readonly home: string;
  /** What the caller asked, for the sidecar. */
  readonly request?: Json;
  /** Where the pictures are noted, to be found again. */
  readonly history?: Pick<History, 'add'>;
  /** Unix time, ms; default the machine's. */
  readonly now?: () => number;
  /** Called when a picture is complete. */
  readonly onSaved?: (file: StoredFile) => void;
}

/** When a disk is full, the picture is often paid for already: the hint says what brings it back. */
const thenWhat = 'and resume the ticket if there is one, or ask again';

/**
 * Keeps pictures as files, the service's bytes untouched; where the caller named a file of another format, that file is a
 * conversion and the original is kept in `home`. Throws `storage`, leaving no part behind.
 */
export function fileImageStore(options: FileImageStoreOptions): FileImageStore {
  const { target, home, now = Date.now } = options;
  const files = new Map<string, StoredFile>();
  const applied: Applied[] = [];
  const warnings: StoreWarning[] = [];
  const inputs = recordInputs(options.request);
  let cleaning: Promise<void> | undefined;

  async function open(hint: ImageHint): Promise<ImageWriter> {
    cleaning ??= removeLeftovers(target.folder, now());
    await cleaning;
    void inputs(); // while the picture arrives
    const part = await explained(() => openPart(target.folder));
    return {
      write: (chunk) => explained(() => part.write(chunk)),
      async commit(facts) {
        try {
          const file = await explained(() => keep(part, hint, facts));
          files.set(file.path, file);
          options.onSaved?.(file);
          return storedImage(file, facts);
        } finally {
          await part.discard();
        }
      },
      abort: () => part.discard(),
    };
  }

  async function keep(part: PartFile, hint: ImageHint, { mediaType }: ImageFacts): Promise<StoredFile> {
    await inputs(); // one of them may be the file that is replaced
    const made = { mediaType, ...(await part.finish()) };
    const asked = target.file?.format;
    if (!asked || asked === formatOfMediaType(mediaType)) {
      return { ...made, path: await place(part, hint, endingOf(mediaType)) };
    }
    const because = `the service made ${mediaType}`;
    try {
      const file = await keepConverted(part, hint, asked, made);
      const why = `${because}; the file is a conversion, the original is ${file.original!.path}`;
      applied.push({ option: 'outputFormat', asked, sent: mediaType.replace('image/', ''), because: why });
      return file;
    } catch (error) {
      // The picture itself is sound: it is kept as it came.
      const path = await place(part, hint, endingOf(mediaType), true);
      const why = `${because}, and converting it failed: ${messageOf(error)}`;
      applied.push({ option: 'output', asked: mediaTypeOf(asked), sent: path, because: why });
      return { ...made, path };
    }
  }

  async function keepConverted(
    part: PartFile,
    hint: ImageHint,
    format: Format,
    made: Omit<StoredFile, 'path'>,
  ): Promise<StoredFile> {
    const converted = await openPart(target.folder);
    try {
      await converted.write(await convertPicture(part.path, format));
      const facts = { mediaType: mediaTypeOf(format), ...(await converted.finish()) };
      const original = join(home, 'originals', pictureName(hint.prompt, randomBytes(4).toString('hex')));
      const path = original + endingOf(made.mediaType);
      await mkdir(join(home, 'originals'), { recursive: true });
      await copyFile(part.path, path, constants.COPYFILE_EXCL);
      return { ...facts, path: await place(converted, hint, ''), original: { ...made, path } };
    } finally {
      await converted.discard();
    }
  }

  async function place(part: PartFile, hint: ImageHint, ending: string, wrongEnding = false): Promise<string> {
    const placed = await placePicture(part.path, target, hint, ending, wrongEnding);
    if (placed.applied) applied.push(placed.applied);
    return placed.path;
  }

  function explained<T>(work: () => Promise<T>): Promise<T> {
    return work().catch((error: unknown) => {
      throw storageError(error, `write the picture to ${target.folder}`, target.folder, thenWhat);
    });
  }

  return {
    open,
    files,
    applied,
    warnings,
    async settle(result) {
      const noted: ScannedPicture[] = [];
      for (const image of result.images) {
        const file = image.path === undefined ? undefined : files.get(image.path);
        if (!file) continue;
        const request = options.request === undefined ? {} : { request: options.request };
        const text = sidecarText({ image, file, result, inputs: await inputs(), applied, now: now(), ...request });
        const problem = await writeSidecar(file.path, text, target.force);
        if (problem) warnings.push({ code: 'sidecar', message: problem });
        else noted.push({ path: file.path, sidecar: parseSidecar(text)! });
      }
      await options.history?.add(noted).catch((error: Error) => {
        warnings.push({ code: 'history', message: `the history lacks this picture: ${error.message}` });
      });
    },
  };
}

/** A converted picture has other facts than the service's: the caller is told those of the file. */
function storedImage({ path, mediaType, bytes, original }: StoredFile, facts: ImageFacts): StoredImage {
  return {
    path,
    ...(original && { facts: { ...facts, mediaType, byteLength: bytes } }),
    bytes: () => readFile(path),
    stream: () => Readable.toWeb(createReadStream(path)) as ReadableStream<Uint8Array>,
  };
}
