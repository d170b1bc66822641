// The full files, for clients that cannot read them from disk.

import { readFile, realpath } from 'node:fs/promises';
import { isAbsolute, relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Services } from '../calls/services.ts';
import { newestPictures, pictureFile } from '../results/picture-file.ts';

export interface Resource {
  readonly uri: string;
  readonly name: string;
  readonly mimeType: string;
  readonly size: number;
}

/** Why a resource cannot be read, for the client. */
export class ResourceRefused extends Error {}

const newestListed = 50;
/** Larger ones would be more text than a client takes. */
const mostBytes = 20 * 2 ** 20;

/** The newest pictures of the output folder. */
export async function listResources({ settings, history }: Services): Promise<readonly Resource[]> {
  const files = await newestPictures(settings.outputFolder, newestListed, history);
  return files.map(({ uri, name, mediaType, bytes }) => ({ uri, name, mimeType: mediaType, size: bytes }));
}

/** A picture of the output folder as base64. Throws {@link ResourceRefused}. */
export async function readResource(
  uri: string,
  { settings }: Services,
): Promise<{ readonly uri: string; readonly mimeType: string; readonly blob: string }> {
  const path = await realPath(uri);
  const folder = await realpath(settings.outputFolder).catch(() => undefined);
  const way = path === undefined || folder === undefined ? '' : relative(folder, path);
  const file =
    way && !way.startsWith('..') && !isAbsolute(way) ? await pictureFile(path!).catch(() => undefined) : undefined;
  if (!file) {
    throw new ResourceRefused(`${uri} is no picture of the output folder; resources/list names the newest`);
  }
  if (file.bytes > mostBytes) {
    throw new ResourceRefused(`${file.path} has ${Math.round(file.bytes / 2 ** 20)} MiB: read the file from disk`);
  }
  return { uri, mimeType: file.mediaType, blob: (await readFile(file.path)).toString('base64') };
}

async function realPath(uri: string): Promise<string | undefined> {
  try {
    return await realpath(fileURLToPath(uri));
  } catch {
    return undefined;
  }
}
