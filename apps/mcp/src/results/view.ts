// A picture as an agent wants to see it: a part of it, at another size, in another format. Nothing is generated.

import { rename, rm, writeFile } from 'node:fs/promises';
import { basename, extname, join } from 'node:path';
import { ImageError, messageOf, quotedWord } from '@anyimage/core';
import {
  errorCode,
  formatName,
  formatOfPath,
  type Length,
  makeFolder,
  makeView,
  type ShownFormat,
  storageError,
  type ViewForm,
} from '@anyimage/host';
import type { Document } from './tool-result.ts';
import { clearViews } from './view-folder.ts';

/** What of a view was asked for. */
export type AskedView = Partial<ViewForm>;

/** A view, as a file of its own in the folder `views` beside the pictures. */
export interface ViewFile {
  /** Absolute. */
  readonly path: string;
  readonly width: number;
  readonly height: number;
  readonly mediaType: string;
  readonly bytes: number;
}

const longestSide = 16_384;

/** Of a size: the picture's own. */
const asItIs = /^\s*(?:full|full size|original|auto|actual|max)\s*$/i;

/** The words `size`, `crop` and `format` of a call; `undefined` if there are none. Throws `invalid-request`. */
export function readView({ size, crop, format }: Document): AskedView | undefined {
  const view: AskedView = {
    ...(size !== undefined && !asItIs.test(String(size)) && readSize(String(size))),
    ...(crop !== undefined && { crop: readCrop(String(crop)) }),
    ...(format !== undefined && { format: readFormat(String(format)) }),
  };
  return Object.keys(view).length > 0 ? view : undefined;
}

function readSize(text: string): Pick<ViewForm, 'width' | 'height'> {
  const [, width, height = width] = /^(\d{1,5})(?:x(\d{1,5}))?$/.exec(text) ?? [];
  const sides = [Number(width), Number(height)] as const;
  if (!sides.every((side) => side >= 1 && side <= longestSide)) {
    throw refused('size', text, `Give the longest side or WIDTHxHEIGHT in px, up to ${longestSide}: "512", "800x600".`);
  }
  return { width: sides[0], height: sides[1] };
}

function readCrop(text: string): NonNullable<ViewForm['crop']> {
  const lengths = text.replace(/^\s*rect(?:angle)?[\s:=]*/i, '').replace(/[()[\]]/g, ' ');
  const words = lengths.replace(/\s+(?=px|%)/gi, '').match(/[^\s,]+/g) ?? [];
  const parts = words.map((part) => /^(\d+(?:\.\d+)?)(px|%)?$/.exec(part));
  const [x, y, width, height] = parts.map(
    (part): Length | undefined =>
      (part?.[1] && { amount: Number(part[1]), unit: part[2] === '%' ? '%' : 'px' }) || undefined,
  );
  if (parts.length !== 4 || !x || !y || !width?.amount || !height?.amount) {
    throw refused(
      'crop',
      text,
      'Give X,Y,WIDTH,HEIGHT in px or as percent of the side: "100,50,400,300", "25%,0,50%,100%".',
    );
  }
  const crop = [x, y, width, height] as const;
  if (crop.every(({ amount, unit }) => unit === 'px' && amount <= 1)) {
    const message = `crop: ${quotedWord(text, 80)} has no area: numbers are px`;
    throw new ImageError('invalid-request', message, {
      details: { option: 'crop' },
      hint: 'Give shares with %: 0.25,0,0.5,1 is 25%,0,50%,100%.',
    });
  }
  return crop;
}

function readFormat(text: string): ShownFormat {
  const format = formatName(text);
  if (format === 'png' || format === 'jpeg' || format === 'webp') return format;
  throw refused('format', text, 'Give png, jpeg or webp.');
}

function refused(option: string, asked: string, hint: string): ImageError {
  return new ImageError('invalid-request', `${option}: ${quotedWord(asked, 80)} is not understood`, {
    details: { option },
    hint,
  });
}

/** Makes a view of the picture at `path`, in the folder `folder`. Throws `invalid-request`, `storage`. */
export async function makeViewFile(path: string, asked: AskedView, folder: string): Promise<ViewFile> {
  const form = { ...asked, format: asked.format ?? shownFormatOf(path) };
  const made = await makeView(path, form).catch((cause: unknown) => {
    throw new ImageError('invalid-request', `no view of ${basename(path)}: ${messageOf(cause).split('\n')[0]}`, {
      cause,
      hint: 'Ask for a part that lies in the picture, or for another size.',
    });
  });
  const { width, height, mediaType } = made;
  const target = join(folder, nameOf(path, form, `${width}x${height}`));
  await keep(target, made.bytes, folder);
  return { path: target, width, height, mediaType, bytes: made.bytes.length };
}

/** Whether a view has less px than were asked for. */
export function isSmaller({ width, height }: ViewFile, { width: wide = 0, height: high = 0 }: AskedView): boolean {
  return width < wide && height < high;
}

/** The format of a picture, or that in which a view of it is shown. */
export function shownFormatOf(path: string): ShownFormat {
  const format = formatOfPath(path);
  return format === 'jpeg' || format === 'webp' ? format : 'png';
}

/** `boat-at-100-50-400x300.png`: the same view of the same picture is the same file. */
function nameOf(path: string, { crop, format }: ViewForm, size: string): string {
  const stem = basename(path, extname(path)).slice(0, 100);
  const place = crop ? `-at-${crop.slice(0, 2).map(lengthText).join('-')}` : '';
  return `${stem}${place}-${size}.${format === 'jpeg' ? 'jpg' : format}`;
}

function lengthText({ amount, unit }: Length): string {
  return `${amount}${unit === '%' ? 'pc' : ''}`;
}

/** Folders that were cleared of what is old since the server started. */
const cleared = new Set<string>();

async function keep(path: string, bytes: Uint8Array, folder: string): Promise<void> {
  if (!cleared.has(folder)) {
    cleared.add(folder);
    await clearViews(folder).catch((error: unknown) => {
      process.stderr.write(`anyimage-mcp: old views are not removed: ${messageOf(error)}\n`);
    });
  }
  const part = `${path}.${process.pid}.part`;
  try {
    await makeFolder(folder);
    await writeFile(part, bytes);
    await rename(part, path);
  } catch (error) {
    await rm(part, { force: true }).catch(() => {});
    throw errorCode(error) ? storageError(error, `write ${path}`, folder) : error;
  }
}
