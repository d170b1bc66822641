// Pictures as pixels: read from files, changed in memory, written to files.

import { ImageError } from '@anyimage/core';

/** Red, green, blue and alpha of every pixel, row by row, 0–255. */
export interface Pixels {
  readonly data: Uint8ClampedArray;
  /** px */
  readonly width: number;
  /** px */
  readonly height: number;
}

/** How a picture is encoded. */
export interface Encoding {
  readonly format: string;
  /** 0–100 for jpeg and webp, as the encoder's quality: lower = smaller file; default 90. */
  readonly compression?: number;
}

/** The media type of each format the model offers. */
export const mediaTypes: Readonly<Record<string, string>> = {
  png: 'image/png',
  jpeg: 'image/jpeg',
  webp: 'image/webp',
};

/** Transparent pixels. */
export function blank(width: number, height: number): Pixels {
  return { data: new Uint8ClampedArray(width * height * 4), width, height };
}

/** The same pixels to write into. */
export function copyOf({ data, width, height }: Pixels): Pixels {
  return { data: data.slice(), width, height };
}

/** How light a pixel is, 0–255; `at` is the index of its red. */
export function lumaAt(data: Uint8ClampedArray, at: number): number {
  return 0.2126 * data[at]! + 0.7152 * data[at + 1]! + 0.0722 * data[at + 2]!;
}

/** The shorter side, px: lengths of effects are shares of it, so that they look alike at every size. */
export function shorterSide({ width, height }: Pixels): number {
  return Math.min(width, height);
}

/** Bytes of a buffer as pixels, without a copy. */
export function pixelsOf(bytes: Uint8Array, width: number, height: number): Pixels {
  return { data: new Uint8ClampedArray(bytes.buffer, bytes.byteOffset, bytes.byteLength), width, height };
}

/** Reads a PNG, JPEG or WebP, turned upright. Throws `invalid-request` if the bytes are no picture; `what` names it. */
export async function decode(bytes: Uint8Array, what = 'the input picture'): Promise<Pixels> {
  const { default: sharp } = await import('sharp');
  const { data, info } = await sharp(bytes)
    .autoOrient()
    .toColourspace('srgb')
    .ensureAlpha()
    .raw()
    .toBuffer({ resolveWithObject: true })
    .catch((cause: unknown) => {
      throw new ImageError('invalid-request', `${what} cannot be read`, {
        cause,
        details: { option: what === 'the mask' ? 'mask' : 'images' },
        hint: 'Give a whole PNG, JPEG or WebP file.',
      });
    });
  return pixelsOf(data, info.width, info.height);
}

/** Writes a picture; formats without alpha are laid on white. */
export async function encode({ data, width, height }: Pixels, encoding: Encoding): Promise<Uint8Array> {
  const { default: sharp } = await import('sharp');
  const { format, compression = 90 } = encoding;
  // The encoder's own scale begins at 1.
  const quality = Math.max(1, Math.round(compression));
  const image = sharp(data, { raw: { width, height, channels: 4 }, limitInputPixels: false });
  if (format === 'jpeg') return image.flatten({ background: '#ffffff' }).jpeg({ quality }).toBuffer();
  if (format === 'webp') return image.webp({ quality }).toBuffer();
  // Alpha that says nothing takes a quarter of the encoder's time, and so do the last few percent of the file's size.
  return (isOpaque(data) ? image.removeAlpha() : image).png({ compressionLevel: 2 }).toBuffer();
}

function isOpaque(data: Uint8ClampedArray): boolean {
  let at = 3;
  while (at < data.length && data[at] === 255) at += 4;
  return at >= data.length;
}
