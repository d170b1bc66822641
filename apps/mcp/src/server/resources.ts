// What a client can read: each picture whole or smaller, what is known of it, the newest pictures, the styles.

import { readFile, realpath } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { ImageError, messageOf } from '@anyimage/core';
import {
  isInside,
  isoTime,
  isPictureId,
  listStyles,
  makePreview,
  makeView,
  type PreviewOptions,
  sidecarOf,
} from '@anyimage/host';
import type { ReadResourceResult, Resource, ResourceTemplateType } from '@modelcontextprotocol/server';
import type { Services } from '../calls/services.ts';
import { findPicture, newestPictures, type PictureFile, pictureFile } from '../results/picture-file.ts';
import { type AskedView, readView, shownFormatOf } from '../results/view.ts';
import { shown } from './wire/shown.ts';

/** Why a resource cannot be read, for the client. */
export class ResourceRefused extends Error {}

/** Changes whenever a picture was made. */
export const galleryURI = 'anyimage://gallery';
const stylesURI = 'anyimage://styles';

/** What clients are offered for a size, px of the longest side. Others are taken, too. */
export const pictureSizes: readonly string[] = ['256', '512', '1024', '2048'];
export const pictureFormats: readonly string[] = ['png', 'jpeg', 'webp'];

const newestListed = 50;
/** Who reads a resource asked for the whole of it; a larger one would be more text than any client takes. */
const mostBytes = 20 * 2 ** 20;
/** Longest view in place of one, characters of base64. */
const longestView = 950_000;
/** Sides that a picture is made smaller from, px: working on the larger one may take too long. */
const largestSides = [4096, 1024] as const;

/** The addresses that hold a place for something. They never change. */
export const resourceTemplates: readonly ResourceTemplateType[] = [
  {
    uriTemplate: 'anyimage://images/{id}',
    name: 'picture',
    title: 'A picture, whole',
    description:
      'id: that of an answer, or the name of a file in the output folder. Above 20 MiB: a smaller view, with the path of the file.',
  },
  {
    uriTemplate: 'anyimage://images/{id}{?size,format}',
    name: 'picture-view',
    title: 'A picture at another size, or in another format',
    description: 'size: its longest side or WIDTHxHEIGHT, px. format: png, jpeg or webp.',
  },
  {
    uriTemplate: 'anyimage://images/{id}/sidecar',
    name: 'sidecar',
    title: 'What is known of a picture',
    description: 'Request, prompt as sent, model, seed, cost, times.',
    mimeType: 'application/json',
  },
];

/** Gallery, styles, and the newest pictures of the output folder. */
export async function listResources({ settings, history }: Services): Promise<Resource[]> {
  const files = await newestPictures(settings.outputFolder, newestListed, history);
  return [
    { uri: galleryURI, name: 'gallery', title: 'The newest pictures', mimeType: 'application/json' },
    { uri: stylesURI, name: 'styles', title: 'Named styles', mimeType: 'application/json' },
    ...files.map((file) => ({ uri: pictureURI(file), name: file.name, mimeType: file.mediaType, size: file.bytes })),
  ];
}

/**
 * What lies at an address. Pictures are base64; of one with more than `most` bytes a smaller view, and then the path of its file as text.
 * Throws {@link ResourceRefused}.
 */
export async function readResource(uri: string, services: Services, most = mostBytes): Promise<ReadResourceResult> {
  if (uri === galleryURI) return json(uri, { images: await newest(services) });
  if (uri === stylesURI) return json(uri, { styles: await styles(services) });
  const { file, view, sidecar } = await named(uri, services);
  if (sidecar) return json(uri, (await sidecarOf(file.path)) ?? refuse(`nothing is known of ${file.name}`));
  const { fits, mimeType, blob } = view ? await viewOf(file, view, most) : await wholeOf(file, most);
  const picture = { uri, mimeType, blob };
  return { contents: fits ? [picture] : [picture, { uri: file.uri, mimeType: 'text/plain', text: smallerNote(file) }] };
}

/** Whether something can be read at an address. Throws {@link ResourceRefused} as {@link readResource} does; makes no view. */
export async function checkResource(uri: string, services: Services): Promise<void> {
  if (uri !== galleryURI && uri !== stylesURI) await named(uri, services);
}

/** A picture as a message takes it. */
interface ShownPicture {
  /** Whether it is what was asked for, not a smaller one in its place. */
  readonly fits: boolean;
  readonly mimeType: string;
  /** Base64. */
  readonly blob: string;
}

async function wholeOf(file: PictureFile, most: number): Promise<ShownPicture> {
  const { path, bytes, mediaType } = file;
  if (bytes > most) return smallerOf(file, {});
  const blob = (await readFile(path)).toString('base64');
  return { fits: true, mimeType: mediaType, blob };
}

async function viewOf(file: PictureFile, view: AskedView, most: number): Promise<ShownPicture> {
  const form = { format: shownFormatOf(file.path), ...view };
  const made = await makeView(file.path, form).catch((error) => noView(file, error));
  if (made.bytes.length > most) {
    const side = Math.max(made.width, made.height);
    return smallerOf(file, { side, ...(view.format && { format: view.format }) });
  }
  return { fits: true, mimeType: made.mediaType, blob: Buffer.from(made.bytes).toString('base64') };
}

/** The largest within a megabyte, up to a side. */
async function smallerOf(
  file: PictureFile,
  { side, format }: Pick<PreviewOptions, 'side' | 'format'>,
): Promise<ShownPicture> {
  const most = Math.min(side ?? largestSides[0], largestSides[0]);
  const preview = (from: number) =>
    makePreview(file.path, { side: from, maxLength: longestView, ...(format && { format }) });
  const { mimeType, data } = await preview(most)
    .catch(() => preview(Math.min(most, largestSides[1])))
    .catch((error) => noView(file, error));
  return { fits: false, mimeType, blob: data };
}

function noView({ name }: PictureFile, error: unknown): never {
  return refuse(`no view of ${name}: ${messageOf(error).split('\n')[0]}`);
}

function smallerNote({ path, bytes }: PictureFile): string {
  return `This is a smaller view: more is too long for a message. The whole picture (${(bytes / 1e6).toFixed(1)} MB) is the file ${path}`;
}

interface NamedPicture {
  readonly file: PictureFile;
  readonly view?: AskedView;
  readonly sidecar?: true;
}

/** What a picture's address names: `file:` as in answers, or `anyimage://images/…`. */
async function named(uri: string, services: Services): Promise<NamedPicture> {
  const url = URL.parse(uri);
  if (url?.protocol === 'file:') return { file: await within(pathOfURL(url), uri, services) };
  const [, id, more] = /^\/([^/]+)(\/sidecar)?$/.exec(url?.pathname ?? '') ?? [];
  if (url?.protocol !== 'anyimage:' || url.host !== 'images' || id === undefined) {
    return refuse(
      `there is no resource ${shown(uri)}; resources/list and resources/templates/list name those that there are`,
    );
  }
  const file = await fileOf(decoded(id), uri, services);
  if (more) return { file, sidecar: true };
  const view = viewIn(url.searchParams);
  return view ? { file, view } : { file };
}

/** A picture by its id, wherever it lies, or by its name in the output folder. */
async function fileOf(id: string, uri: string, services: Services): Promise<PictureFile> {
  if (isPictureId(id.toLowerCase())) return findPicture(id, services).catch(asRefusal);
  return within(id === basename(id) ? join(services.settings.outputFolder, id) : undefined, uri, services);
}

function viewIn(words: URLSearchParams): AskedView | undefined {
  const unknown = [...words.keys()].find((word) => word !== 'size' && word !== 'format');
  if (unknown !== undefined) refuse(`the address of a picture takes size and format, not ${shown(unknown)}`);
  try {
    return readView(Object.fromEntries(words));
  } catch (error) {
    return asRefusal(error);
  }
}

function asRefusal(error: unknown): never {
  if (!ImageError.isInstance(error)) throw error;
  return refuse([error.message, error.hint].filter(Boolean).join('. '));
}

/** The picture, if it really lies in the output folder, wherever links lead. */
async function within(path: string | undefined, uri: string, { settings }: Services): Promise<PictureFile> {
  const [real, folder] = await Promise.all([path, settings.outputFolder].map(realPath));
  const isThere = real !== undefined && folder !== undefined && isInside(real, folder);
  const file = isThere ? await pictureFile(real).catch(() => undefined) : undefined;
  return file ?? refuse(`${shown(uri)} is no picture of the output folder; resources/list names the newest`);
}

async function realPath(path: string | undefined): Promise<string | undefined> {
  return path === undefined ? undefined : realpath(path).catch(() => undefined);
}

function pathOfURL(url: URL): string | undefined {
  try {
    return fileURLToPath(url);
  } catch {
    return undefined;
  }
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}

function pictureURI({ name }: PictureFile): string {
  return `anyimage://images/${encodeURIComponent(name)}`;
}

async function newest({ settings, history }: Services) {
  const files = await newestPictures(settings.outputFolder, newestListed, history);
  return files.map((file) => {
    const { path, name, mediaType, bytes, changedAt } = file;
    return { uri: pictureURI(file), name, path, mediaType, bytes, changedAt: isoTime(changedAt) };
  });
}

/** Those that cannot be used are left out: the tool that is given one says why. */
async function styles({ settings }: Services) {
  const all = await listStyles(settings);
  return all.flatMap((style) => ('words' in style ? [{ name: style.name, words: style.words }] : []));
}

function json(uri: string, value: object): ReadResourceResult {
  return { contents: [{ uri, mimeType: 'application/json', text: JSON.stringify(value) }] };
}

function refuse(message: string): never {
  throw new ResourceRefused(message);
}
