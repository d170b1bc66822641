// Pictures that lie on disk: what is known of them, and the newest of a folder.

import { opendir, stat } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { cleanText, foreignFacts, ImageError, isRecord, quotedWord } from '@anyimage/core';
import {
  errorCode,
  formatOfPath,
  type History,
  isPictureId,
  mediaTypeOf,
  pictureId,
  sidecarOf,
  storageError,
} from '@anyimage/host';
import type { Services } from '../calls/services.ts';
import type { AnswerImage } from './answer.ts';

export interface PictureFile {
  /** Absolute. */
  readonly path: string;
  /** `file:` */
  readonly uri: string;
  readonly name: string;
  readonly mediaType: string;
  readonly bytes: number;
  /** Unix time, ms. */
  readonly changedAt: number;
}

/** A picture with what is known of it. */
export interface KnownPicture extends PictureFile {
  /** What the sidecar tells, and the id; empty if there is none that is of these bytes. */
  readonly facts: Omit<AnswerImage, 'path' | 'mediaType' | 'bytes'>;
}

/** The picture at a path, which only its ending says to be one. Throws `invalid-request` if there is none. */
export async function pictureFile(path: string): Promise<PictureFile> {
  const format = formatOfPath(path);
  const found = format && (await stat(path).catch(() => undefined));
  if (!format || !found?.isFile()) {
    throw new ImageError('invalid-request', `${quotedWord(path, 80)} is no picture file`, {
      details: { option: 'id' },
      hint: 'Call get_image without id to see the newest pictures.',
    });
  }
  return {
    path,
    uri: pathToFileURL(path).href,
    name: basename(path),
    mediaType: mediaTypeOf(format),
    bytes: found.size,
    changedAt: found.mtimeMs,
  };
}

/** Adds what is known of a picture. Its bytes are read for it. */
export async function withFacts(file: PictureFile): Promise<KnownPicture> {
  return { ...file, facts: await factsOf(file.path) };
}

/** A folder with more files, sidecars included, is not read to find its newest pictures. */
const mostRead = 1000;
/** Pictures of the history that are looked through for those of the folder. */
const mostSought = 1000;

/**
 * The newest pictures of a folder, newest first; none if there is no such folder. Of a folder with many files, those that the history
 * has: it takes as long whatever the folder holds. Throws `storage` for a folder, or a history, that cannot be read.
 */
export async function newestPictures(
  folder: string,
  most: number,
  history: Pick<History, 'list'>,
): Promise<readonly PictureFile[]> {
  const paths = (await newestInFolder(folder, most)) ?? (await newestInHistory(folder, most, history));
  const files = await Promise.all(paths.map((path) => pictureFile(path).catch(() => undefined)));
  return files.filter((file) => file !== undefined);
}

/** `undefined` if the folder has too many files. */
async function newestInFolder(folder: string, most: number): Promise<readonly string[] | undefined> {
  const names = await namesIn(folder);
  if (names.length > mostRead) return undefined;
  const times: { readonly path: string; readonly at: number }[] = [];
  for (const name of names.filter(isShown)) {
    const path = join(folder, name);
    times.push({ path, at: (await stat(path).catch(() => undefined))?.mtimeMs ?? 0 });
  }
  return times
    .sort((a, b) => b.at - a.at)
    .slice(0, most)
    .map(({ path }) => path);
}

/** The names of a folder, or the first of them: one more than are of use. None if there is no such folder. Throws `storage`. */
async function namesIn(folder: string): Promise<readonly string[]> {
  const names: string[] = [];
  try {
    for await (const { name } of await opendir(folder, { bufferSize: 256 })) {
      names.push(name);
      if (names.length > mostRead) break;
    }
  } catch (error) {
    if (errorCode(error) !== 'ENOENT') throw storageError(error, `read ${folder}`, folder);
  }
  return names;
}

/** What is there no more is passed over. */
async function newestInHistory(
  folder: string,
  most: number,
  history: Pick<History, 'list'>,
): Promise<readonly string[]> {
  const entries = await history.list({ limit: mostSought });
  const found: string[] = [];
  for (const { path } of entries) {
    if (found.length === most) break;
    if (dirname(path) !== folder || !isShown(basename(path))) continue;
    if (await stat(path).catch(() => undefined)) found.push(path);
  }
  return found;
}

function isShown(name: string): boolean {
  return !name.startsWith('.') && formatOfPath(name) !== undefined && isPlainName(name);
}

/** Whether a file is found by the name that is shown, on one line. */
function isPlainName(name: string): boolean {
  return !name.includes('\n') && cleanText(name) === name;
}

/** As what `applied` says that a mask in words was sent; its reason is what was repainted. */
export const drawnMask = 'a picture of that shape';

/** What is no sidecar of ours, or not of a form that we know, tells nothing. Whoever wrote it is not known. */
async function factsOf(path: string): Promise<KnownPicture['facts']> {
  const { model, seed, width, height, prompt, applied = [], sha256 } = (await sidecarOf(path)) ?? {};
  const mask = applied.find(({ option, sent }) => option === 'mask' && sent === drawnMask);
  const repainted = mask?.because.replace(/^Repainted is /, '');
  const told = JSON.parse(JSON.stringify({ model, seed, width, height, prompt: prompt?.original, repainted }));
  const facts = foreignFacts(told, undefined);
  if (!isRecord(facts)) return {};
  return sha256 === undefined ? facts : { id: pictureId(sha256), ...facts };
}

/**
 * The picture with an id, `p-…` or `anyimage://images/p-…`, wherever it lies; of several copies the newest. Throws `not-found`,
 * `storage`.
 */
export async function findPicture(id: string, { history }: Pick<Services, 'history'>): Promise<KnownPicture> {
  const plain = id.replace(/^anyimage:\/\/images\//, '').toLowerCase();
  const entries = isPictureId(plain) ? await history.findBytes(plain.slice('p-'.length)) : [];
  for (const { path } of entries) {
    const file = await pictureFile(path).catch(() => undefined);
    const known = file && (await withFacts(file));
    if (known?.facts.id === plain) return known;
  }
  throw new ImageError('not-found', `no picture ${quotedWord(id, 80)} is here any more`, {
    details: { option: 'id' },
    hint: 'Call get_image without id to see the newest pictures.',
  });
}
