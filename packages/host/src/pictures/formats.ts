// File name endings and media types of pictures.

import { extname } from 'node:path';
import type { PixelFormat } from './pixels/works.ts';

/** Formats a picture can be kept in, by the word that `outputFormat` uses; svg only if a service made it. */
export type Format = PixelFormat | 'svg';

/** The first ending is the one that we give. */
const endings: Readonly<Record<Format, readonly string[]>> = {
  png: ['.png'],
  jpeg: ['.jpg', '.jpeg', '.jpe'],
  webp: ['.webp'],
  avif: ['.avif'],
  gif: ['.gif'],
  svg: ['.svg'],
};

/** The endings that name a format, each once. */
export const knownEndings: readonly string[] = Object.values(endings).map(([first]) => first!);

/** The format that a file name asks for, by its ending; `undefined` if it names none. */
export function formatOfPath(path: string): Format | undefined {
  const ending = extname(path).toLowerCase();
  return (Object.keys(endings) as Format[]).find((format) => endings[format].includes(ending));
}

/** The format of a media type: `"image/png"`; `undefined` if it is none of ours. */
export function formatOfMediaType(mediaType: string): Format | undefined {
  return (Object.keys(endings) as Format[]).find((format) => mediaType === mediaTypeOf(format));
}

/** The ending for a media type, with its dot; `.img` if unknown. */
export function endingOf(mediaType: string): string {
  const format = formatOfMediaType(mediaType);
  return format ? endings[format][0]! : '.img';
}

export function mediaTypeOf(format: Format): string {
  return format === 'svg' ? 'image/svg+xml' : `image/${format}`;
}
