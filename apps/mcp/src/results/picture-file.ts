// Pictures that lie on disk: what is known of them, and the newest of a folder.

import { readdir, stat } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { cleanText, foreignFacts, ImageError, isRecord } from '@anyimage/core';
import { formatOfPath, mediaTypeOf, sidecarOf } from '@anyimage/host';
import type { Document } from './tool-result.ts';

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
  /** What the sidecar tells: model, seed, width, height, prompt; empty if there is none that is of these bytes. */
  readonly facts: Document;
}

/** The picture at a path, which only its ending says to be one. Throws `invalid-request` if there is none. */
export async function pictureFile(path: string): Promise<PictureFile> {
  const format = formatOfPath(path);
  const found = format && (await stat(path).catch(() => undefined));
  if (!format || !found?.isFile()) {
    throw new ImageError('invalid-request', `${path} is no picture file`, {
      details: { option: 'id', asked: path },
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

/** The newest pictures of a folder, newest first; none if there is no such folder. */
export async function newestPictures(folder: string, most: number): Promise<readonly PictureFile[]> {
  const names = await readdir(folder).catch(() => []);
  const shown = names.filter((name) => !name.startsWith('.') && formatOfPath(name) && isPlainName(name));
  const paths = shown.map((name) => join(folder, name));
  const times = await Promise.all(
    paths.map(async (path) => ({ path, at: (await stat(path).catch(() => undefined))?.mtimeMs ?? 0 })),
  );
  const newest = times.sort((a, b) => b.at - a.at).slice(0, most);
  const files = await Promise.all(newest.map(({ path }) => pictureFile(path).catch(() => undefined)));
  return files.filter((file) => file !== undefined);
}

/** Whether a file is found by the name that is shown, on one line. */
function isPlainName(name: string): boolean {
  return !name.includes('\n') && cleanText(name) === name;
}

/** What is no sidecar of ours, or not of a form that we know, tells nothing. Whoever wrote it is not known. */
async function factsOf(path: string): Promise<Document> {
  const { model, seed, width, height, prompt } = (await sidecarOf(path)) ?? {};
  const told = JSON.parse(JSON.stringify({ model, seed, width, height, prompt: prompt?.original }));
  const facts = foreignFacts(told, undefined);
  return isRecord(facts) ? facts : {};
}
