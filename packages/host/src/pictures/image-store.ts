// Pictures on disk: a hidden part while they arrive, a readable name when they are complete, a sidecar beside each.

import { randomBytes } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { copyFile, readFile, stat, unlink, writeFile } from 'node:fs/promises';
import { tmpdir, userInfo } from 'node:os';
import { dirname, join } from 'node:path';
import { Readable } from 'node:stream';
import {
  type Applied,
  type ImageFacts,
  type ImageHint,
  type ImageStore,
  type ImageWriter,
  type Json,
  messageOf,
  type PictureRecord,
  type StoredImage,
} from '@anyimage/core';
import { hashFile } from '../files/file-hash.ts';
import { makeFolder } from '../files/make-folder.ts';
import { openPart, type PartFile } from '../files/part-file.ts';
import { storageError } from '../files/storage-error.ts';
import { syncFolder } from '../files/write-file.ts';
import type { History } from '../library/history.ts';
import { recordInputs } from '../library/input-records.ts';
import { sweepParts } from '../library/late-sidecars.ts';
import {
  nameSidecar,
  parseSidecar,
  readSidecar,
  type Sidecar,
  type StoredFile,
  sidecarPath,
  sidecarText,
  writeSidecar,
} from '../library/sidecar.ts';
import type { ScannedPicture } from '../library/sidecar-scan.ts';
import { listening } from '../text/notice.ts';
import { findManifest } from './c2pa.ts';
import { endingOf, type Format, formatOfMediaType, mediaTypeOf } from './formats.ts';
import type { OutputTarget } from './output.ts';
import { pictureName } from './picture-name.ts';
import { workOnPixels } from './pixels/pixel-work.ts';
import { loadLibrary } from './pixels/works.ts';
import { nameOf, placePicture, suffixOf } from './place-picture.ts';
import { takeRoom, tryFiles } from './room.ts';

/** A store that tells what it did beyond the request. */
export interface FileImageStore extends ImageStore {
  /** By path. */
  readonly files: ReadonlyMap<string, StoredFile>;
  /** Names and formats other than asked. */
  readonly applied: readonly Applied[];
  /** Sidecars that could not be written, pictures that the history could not note, and pictures with pixels that cannot be read. */
  readonly warnings: readonly StoreWarning[];
  /** Resolves when the history has what was kept until now, and its pixels were looked at. Never rejects. */
  noted(): Promise<void>;
}

/** The pictures are there all the same. */
export interface StoreWarning {
  readonly code: 'sidecar' | 'history' | 'pixels';
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
  /** What killed processes left was looked after already, with `sweepParts`. */
  readonly isSwept?: true;
  /** Unix time, ms; default the machine's. */
  readonly now?: () => number;
  /** Called when a picture is complete. */
  readonly onSaved?: (file: StoredFile) => void;
}

/** How long a look at a picture takes at most, ms, with its wait for those before it: a program does not end before. */
const looksMs = 8000;

/** When a disk is full, the picture is often paid for already: the hint says what brings it back. */
const thenWhat = 'and resume the ticket if there is one, or ask again';

/** A picture that only needs its name. */
interface Ready {
  /** The file that gets the name: the service's bytes, or a conversion of them. */
  readonly part: PartFile;
  readonly file: Omit<StoredFile, 'path'>;
  readonly ending: string;
  /** What it was converted to. */
  readonly applied: readonly Applied[];
  /** Why its ending is another than the one that was asked for. */
  readonly otherwise?: string;
}

/**
 * Keeps pictures as files, the service's bytes untouched, each with its sidecar; where the caller named a file of another format,
 * that file is a conversion and the original is kept in `home`. Throws `storage`, leaving no part behind.
 */
export function fileImageStore(options: FileImageStoreOptions): FileImageStore {
  const { target, home, now = Date.now } = options;
  const answers = join(home, 'answers');
  const files = new Map<string, StoredFile>();
  const applied: Applied[] = [];
  const warnings: StoreWarning[] = [];
  const inputs = recordInputs(options.request);
  let noting = Promise.resolve();
  let cleaning: Promise<void> | undefined;

  async function open(hint: ImageHint): Promise<ImageWriter> {
    cleaning ??= options.isSwept ? Promise.resolve() : clean();
    await cleaning;
    // While the picture arrives.
    void inputs();
    loadLibrary().catch(() => {});
    return writerTo(target, hint, note);
  }

  async function clean(): Promise<void> {
    for (const picture of await sweepParts(home, now())) add(picture);
  }

  /** A disk may take a file and not what is written to it: then the next place is tried. */
  async function* rescue(hint: ImageHint): AsyncGenerator<ImageWriter> {
    for (const folder of rescueFolders(home)) {
      const writer = await writerTo({ folder, force: false }, hint, () => {}).catch(() => undefined);
      if (writer) yield writer;
    }
  }

  async function keepAnswer(body: Uint8Array): Promise<string> {
    const path = join(answers, `${randomBytes(6).toString('hex')}.json`);
    try {
      await makeFolder(answers, 0o700);
      await writeFile(path, body, { mode: 0o600, flag: 'wx' });
      return path;
    } catch (error) {
      throw storageError(error, `keep what the service answered in ${answers}`, answers, thenWhat);
    }
  }

  /** `tell`: who hears of the picture once it is there. */
  async function writerTo(place: OutputTarget, hint: ImageHint, tell: typeof note): Promise<ImageWriter> {
    const explained = <T>(work: () => Promise<T>): Promise<T> =>
      work().catch((error: unknown) => {
        throw storageError(error, `write the picture to ${place.folder}`, place.folder, thenWhat);
      });
    const part = await explained(() => openPart(place.folder, { home }));
    return {
      write: (chunk) => explained(() => part.write(chunk)),
      async commit(facts, record) {
        try {
          const { file, sidecar } = await explained(() => keep(part, place, hint, facts, record));
          tell(file, sidecar);
          return storedImage(file, facts);
        } finally {
          await part.discard();
        }
      },
      abort: () => part.discard(),
    };
  }

  /** Gives the picture its name, and then its sidecar's: that is complete before, so that a full disk is met while there is none. */
  async function keep(
    part: PartFile,
    place: OutputTarget,
    hint: ImageHint,
    facts: ImageFacts,
    record: PictureRecord,
  ): Promise<{ readonly file: StoredFile; readonly sidecar?: Sidecar }> {
    const known = await inputs(); // one of them may be the file that is replaced
    const ready = await inFormat(part, place, hint, facts);
    const textWith = (more: readonly Applied[]) => {
      const own = [...ready.applied, ...more];
      const asked = options.request === undefined ? {} : { request: options.request };
      const { id } = hint;
      return sidecarText({ id, facts, record, file: ready.file, inputs: known, applied: own, now: now(), ...asked });
    };
    const { otherwise: because, ending } = ready;
    const naming = { target: place, hint, ending, isOtherwise: because !== undefined };
    const sidecar = await openPart(place.folder, { home, name: sidecarPath(nameOf(naming)) });
    try {
      await sidecar.write(Buffer.from(textWith([])));
      // A disk is waited for once.
      await Promise.all([ready.part.finish(), sidecar.finish()]);
      const placed = await placePicture(ready.part, {
        ...naming,
        isPicture: (path) => isPicture(path, ready.file, hint),
      });
      const { path } = placed;
      const asked = place.file?.format && mediaTypeOf(place.file.format);
      const renamed = [
        ...(placed.applied ? [placed.applied] : []),
        ...(because !== undefined && asked ? [{ option: 'output', asked, sent: path, because }] : []),
      ];
      applied.push(...ready.applied, ...renamed);
      const written = placed.isThere && (await readSidecar(sidecarPath(path)));
      if (written && written.id === hint.id) {
        await syncFolder(place.folder);
        return { file: { ...ready.file, path }, sidecar: written };
      }
      const text = textWith(renamed);
      const problem = renamed.length
        ? await writeSidecar(placed.path, text, place.force)
        : await nameSidecar(sidecar, path, place.force);
      await syncFolder(place.folder);
      if (problem) warnings.push({ code: 'sidecar', message: problem });
      return { file: { ...ready.file, path }, ...(!problem && { sidecar: parseSidecar(text)! }) };
    } finally {
      await sidecar.discard();
      if (ready.part !== part) await ready.part.discard();
    }
  }

  /** The picture in the format that its file's name asks for; as it came, where it cannot be converted. */
  async function inFormat(part: PartFile, place: OutputTarget, hint: ImageHint, facts: ImageFacts): Promise<Ready> {
    const { mediaType } = facts;
    const made = { mediaType, ...part.facts() };
    const ending = endingOf(mediaType);
    const asked = place.file?.format;
    const asItCame = { part, file: made, ending, applied: [] };
    if (!asked || asked === formatOfMediaType(mediaType)) return asItCame;
    const because = `the service made ${mediaType}`;
    try {
      const { part: conversion, file } = await convert(part, place, hint, asked, made);
      const isSigned = (await findManifest(file.original.path))?.present ?? false;
      const loss = isSigned ? ' without its C2PA signature' : '';
      const why = `${because}; the file is a conversion${loss}, the original is ${file.original.path}`;
      const sent = mediaType.replace('image/', '');
      const changed = [{ option: 'outputFormat', asked, sent, because: why }];
      return { part: conversion, file, ending: '', applied: changed };
    } catch (error) {
      // The picture itself is sound.
      const why = `${because}, and converting it failed: ${messageOf(error)}`;
      return { ...asItCame, otherwise: why };
    }
  }

  async function convert(
    part: PartFile,
    place: OutputTarget,
    hint: ImageHint,
    format: Format,
    made: Omit<StoredFile, 'path'>,
  ) {
    const conversion = await openPart(place.folder, { home });
    try {
      await conversion.write(await convertPicture(part.path, format));
      const facts = { mediaType: mediaTypeOf(format), ...conversion.facts() };
      // Long enough to be of this picture alone: what is there was left by an earlier run, whole or not.
      const original = join(home, 'originals', pictureName(hint.prompt, suffixOf(hint, 0, 16)));
      const path = original + endingOf(made.mediaType);
      await makeFolder(join(home, 'originals'));
      await copyFile(part.path, path);
      return { part: conversion, file: { ...facts, original: { ...made, path } } };
    } catch (error) {
      await conversion.discard();
      throw error;
    }
  }

  /** A picture is in its place: it goes into the history while the next one arrives. */
  function note(file: StoredFile, sidecar?: Sidecar): void {
    files.set(file.path, file);
    listening(options.onSaved)(file);
    if (sidecar) add({ path: file.path, sidecar });
    noting = Promise.all([noting, lookAt(file)]).then(() => {});
  }

  /** What is damaged is told at once: later, nobody would look for the reason at the service. */
  async function lookAt({ path, mediaType }: StoredFile): Promise<void> {
    if (mediaType === mediaTypeOf('svg')) return;
    const late = new AbortController();
    const timer = setTimeout(() => late.abort(), looksMs);
    // A picture that takes too long to look at is no damaged one.
    const problem = await workOnPixels('flaw', path, [], { signal: late.signal }).catch(() => undefined);
    clearTimeout(timer);
    if (problem)
      warnings.push({ code: 'pixels', message: `${path} is kept as it came, but seems damaged: ${problem}` });
  }

  function add(picture: ScannedPicture): void {
    const adding = options.history?.add([picture]).catch((error: Error) => {
      warnings.push({ code: 'history', message: `the history lacks this picture: ${error.message}` });
    });
    noting = Promise.all([noting, adding]).then(() => {});
  }

  return {
    copies: true,
    open,
    rescue,
    files,
    applied,
    warnings,
    noted: () => noting,
    async expect({ count, bytes }) {
      if (count > 0) tryFiles(count);
      return takeRoom([
        { folder: target.folder, bytes: bytes + count * aSidecar },
        { folder: home, bytes: aSidecar },
      ]);
    },
    find: findPicture,
    keepAnswer,
    async forget(ref) {
      if (![answers, ...rescueFolders(home)].includes(dirname(ref))) return;
      await Promise.all([ref, sidecarPath(ref)].map((path) => unlink(path).catch(() => {})));
    },
  };
}

/** Transparency becomes white where the format has none. A drawing becomes pixels of its own size, never the other way. */
async function convertPicture(path: string, format: Format): Promise<Uint8Array> {
  if (format === 'svg') throw new Error('a picture in pixels cannot become a drawing');
  return workOnPixels('convert', path, [format]);
}

/** Whether the file at `path` is this picture, as an earlier run left it: with its bytes, and without the record of another. */
async function isPicture(path: string, { sha256 }: Pick<StoredFile, 'sha256'>, { id }: ImageHint): Promise<boolean> {
  if ((await hashFile(path).catch(() => undefined)) !== sha256) return false;
  const sidecar = await readSidecar(sidecarPath(path));
  return sidecar?.sha256 !== sha256 || sidecar.id === id;
}

/** What a sidecar may need, bytes. */
const aSidecar = 64 * 1024;

/** Where bytes go that are paid for and cannot be written where they should be. */
function rescueFolders(home: string): readonly string[] {
  return [join(home, 'rescued'), join(tmpdir(), `anyimage-rescued-${userInfo().uid}`)];
}

/** A picture that this machine still has; `undefined` if there is no file of that name any more. */
async function findPicture(path: string): Promise<StoredImage | undefined> {
  const found = await stat(path).catch(() => undefined);
  return found?.isFile() ? imageAt(path) : undefined;
}

/** A converted picture has other facts than the service's: the caller is told those of the file. */
function storedImage({ path, mediaType, bytes, original }: StoredFile, facts: ImageFacts): StoredImage {
  return { ...imageAt(path), ...(original && { facts: { ...facts, mediaType, byteLength: bytes } }) };
}

function imageAt(path: string): StoredImage {
  return {
    path,
    ref: path,
    bytes: () => readFile(path),
    stream: () => Readable.toWeb(createReadStream(path)) as ReadableStream<Uint8Array>,
  };
}
