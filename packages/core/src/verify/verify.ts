// Whether bytes are a whole picture, decided while they arrive and without keeping them.

import { ImageError } from '../contract/errors.ts';
import type { ImageFacts } from '../contract/store.ts';
import { walkAVIF } from './avif.ts';
import { walkGIF } from './gif.ts';
import { walkJPEG } from './jpeg.ts';
import { explainHead } from './not-picture.ts';
import { walkPNG } from './png.ts';
import { checkSVG, drawingType, longestDrawing } from './svg.ts';
import { type Found, nothing, type Walk, Walker } from './walk.ts';
import { walkWebP } from './webp.ts';

export interface ProbeLimits {
  /** Most pixels; default 2^28 (268 megapixels). */
  readonly maxPixels?: number;
  /** Longest file, bytes; default no limit. */
  readonly maxBytes?: number;
}

/** What a probe knows of a whole picture. */
export interface PictureFacts extends ImageFacts {
  /** It has an alpha channel, or a transparent colour. */
  readonly alpha: boolean;
  /** The file holds shades of grey alone, which some services do not take: a PNG or JPEG without colours. */
  readonly grey: boolean;
  /** The file carries a C2PA manifest, which signs its bytes. Whether the signature holds is not verified. */
  readonly c2pa: boolean;
}

/**
 * Looks at a picture as it arrives. Both functions throw ImageError `bad-response`, whose `details.problem` is
 * `not-a-picture` (with `found`), `truncated`, `damaged`, `empty` or `too-large`.
 */
export interface Probe {
  /** Takes the next bytes. Throws as soon as they cannot be a picture: after 64 bytes at the latest for a foreign format. */
  push(chunk: Uint8Array): void;
  /** The facts, once all bytes are there. Orientation noted in metadata is not applied to the size. */
  end(): PictureFacts;
}

const formats: readonly { name: string; starts(head: Buffer): boolean; walk(found: Found): Walk }[] = [
  { name: 'image/png', starts: (head) => hexOf(head, 8) === '89504e470d0a1a0a', walk: walkPNG },
  { name: 'image/jpeg', starts: (head) => hexOf(head, 3) === 'ffd8ff', walk: walkJPEG },
  { name: 'image/gif', starts: (head) => /^GIF8[79]a/.test(head.toString('latin1', 0, 6)), walk: walkGIF },
  { name: 'image/webp', starts: (head) => /^RIFF.{4}WEBP/s.test(head.toString('latin1', 0, 12)), walk: walkWebP },
  { name: 'image/avif', starts: (head) => head.toString('latin1', 4, 8) === 'ftyp', walk: walkAVIF },
];

/** Whether the first bytes, 12 of them at least, are those of a picture. */
export function isPictureHead(head: Uint8Array): boolean {
  const bytes = Buffer.from(head.buffer, head.byteOffset, head.byteLength);
  return formats.some(({ starts }) => starts(bytes));
}

/** Bytes after which a foreign format is refused. */
const headLength = 64;

/** Makes a probe for one picture. */
export function createProbe({ maxPixels = 2 ** 28, maxBytes = Number.POSITIVE_INFINITY }: ProbeLimits = {}): Probe {
  let head: Buffer = nothing;
  let byteLength = 0;
  let position = 0;
  let size: { width: number; height: number } | undefined;
  let format: { name: string; walker: Walker } | undefined;
  const found = {
    alpha: false,
    grey: false,
    c2pa: false,
    get position() {
      return position;
    },
    size(width: number, height: number) {
      if (width === 0 || height === 0) throw problem('empty', `the picture has no pixels (${width}x${height})`);
      if (width * height > maxPixels) {
        throw problem('too-large', `the picture has ${width}x${height} pixels, more than the ${maxPixels} allowed`);
      }
      size = { width, height };
    },
  };
  const feed = (chunk: Buffer) =>
    format?.walker.feed(chunk, (length) => {
      position += length;
    });

  return {
    push(chunk) {
      byteLength += chunk.length;
      if (byteLength > maxBytes) throw tooLong(maxBytes);
      const bytes = asBuffer(chunk);
      if (format) return feed(bytes);
      // Most pictures come in large chunks: the first is looked at where it is.
      head = head.length === 0 ? bytes : Buffer.concat([head, bytes]);
      const known = formats.find(({ starts }) => starts(head));
      if (!known) {
        if (head.length >= headLength) throw explainHead(head.subarray(0, 1024));
        head = Buffer.from(head); // the chunk may be reused
        return;
      }
      format = { name: known.name, walker: new Walker(known.walk(found)) };
      feed(head);
      head = nothing;
    },
    end() {
      if (byteLength === 0) throw problem('empty', 'the picture has no bytes');
      if (!format) throw explainHead(head);
      if (!format.walker.isComplete || !size) {
        throw problem('truncated', `the picture is truncated: it ends after ${byteLength} bytes`);
      }
      const { alpha, grey, c2pa } = found;
      return { mediaType: format.name, ...size, byteLength, alpha, grey, c2pa };
    },
  };
}

/** Whether a picture has an alpha channel, or a transparent colour. What is no whole picture has none. */
export function hasAlpha({ bytes, mediaType }: { readonly bytes: Uint8Array; readonly mediaType: string }): boolean {
  // A JPEG has none, and is long to walk.
  if (mediaType === 'image/jpeg') return false;
  return pictureFacts(bytes)?.alpha ?? false;
}

/** What the bytes of a whole picture say: PNG, JPEG, WebP, GIF or AVIF. Undefined for anything else. */
export function pictureFacts(bytes: Uint8Array): PictureFacts | undefined {
  const probe = createProbe();
  try {
    probe.push(bytes);
    return probe.end();
  } catch (error) {
    if (ImageError.isInstance(error)) return undefined;
    throw error;
  }
}

/** Makes a probe for an output that is declared to be a drawing: SVG, or a picture all the same. */
export function createDrawingProbe(limits: ProbeLimits = {}): Probe {
  const maxBytes = Math.min(limits.maxBytes ?? longestDrawing, longestDrawing);
  const held: Uint8Array[] = [];
  let byteLength = 0;
  let probe: Probe | undefined;
  return {
    push(chunk) {
      if (probe) return probe.push(chunk);
      held.push(chunk.slice());
      const isFirst = byteLength === 0;
      byteLength += chunk.length;
      if (isFirst && byteLength > 0 && !startsText(chunk[0]!)) {
        probe = createProbe(limits);
        probe.push(chunk);
      } else if (byteLength > maxBytes) {
        throw problem('too-large', `the drawing is longer than the ${maxBytes} bytes allowed`);
      }
    },
    end() {
      if (probe) return probe.end();
      if (byteLength === 0) throw problem('empty', 'the picture has no bytes');
      return {
        mediaType: drawingType,
        ...checkSVG(Buffer.concat(held)),
        byteLength,
        alpha: true,
        grey: false,
        c2pa: false,
      };
    },
  };
}

/** Whether a file that begins with this byte may be XML: white space, `<` or the first byte of a byte order mark. */
function startsText(byte: number): boolean {
  return [0x09, 0x0a, 0x0d, 0x20, 0x3c, 0xef].includes(byte);
}

function asBuffer(chunk: Uint8Array): Buffer {
  return Buffer.isBuffer(chunk) ? chunk : Buffer.from(chunk.buffer, chunk.byteOffset, chunk.length);
}

function hexOf(head: Buffer, length: number): string {
  return head.toString('hex', 0, length);
}

function tooLong(maxBytes: number): ImageError {
  return new ImageError('bad-response', `the picture is longer than the ${maxBytes} bytes allowed`, {
    details: { problem: 'too-large', option: 'maxImageBytes', allowed: maxBytes },
    hint: 'Raise maxImageBytes.',
  });
}

function problem(name: 'empty' | 'too-large' | 'truncated', message: string): ImageError {
  const hint = name === 'too-large' ? 'Ask for a smaller picture.' : 'Ask for the picture again.';
  return new ImageError('bad-response', message, { details: { problem: name }, hint });
}
