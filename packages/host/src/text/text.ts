// Pieces of text that every app shows alike.

import type { Json } from '@anyimage/core';
import { fileSize } from './units.ts';

/** `1 picture`, `2 pictures`. */
export function countText(count: number, word: string): string {
  return `${count} ${word}${count === 1 ? '' : 's'}`;
}

/** A value of a request: `1024x1024`, `7`, `{"watermark":false}`, `nothing`. */
export function valueText(value: Json): string {
  if (value === null) return 'nothing';
  return typeof value === 'string' ? value : JSON.stringify(value);
}

/** What may be known of a picture file. */
export interface PictureFacts {
  /** px */
  readonly width?: number;
  /** px */
  readonly height?: number;
  readonly mediaType?: string;
  readonly bytes?: number;
}

/** `1024x768 png, 812 kB`, less what is not known. */
export function pictureText({ width, height, mediaType, bytes }: PictureFacts): string {
  const form = [width && height && `${width}x${height}`, mediaType?.replace(/^image\/|\+xml$/g, '')]
    .filter(Boolean)
    .join(' ');
  return [form, bytes !== undefined && fileSize(bytes)].filter(Boolean).join(', ');
}

/** How often each text occurs, in the order of their first places. */
export function tally(texts: readonly string[]): ReadonlyMap<string, number> {
  const counts = new Map<string, number>();
  for (const text of texts) counts.set(text, (counts.get(text) ?? 0) + 1);
  return counts;
}
