// Pictures small enough for every client: what goes through the protocol is read by a model, and paid for as text is.

import { readFile } from 'node:fs/promises';

export interface Preview {
  /** Base64. */
  readonly data: string;
  /** `image/jpeg`, or `image/webp` where there is transparency. */
  readonly mimeType: string;
}

export interface PreviewOptions {
  /** Longest side, px; default 512. A smaller picture is not enlarged. */
  readonly side?: number;
  /** Most characters of base64; default 100,000. */
  readonly maxLength?: number;
}

const smallestSide = 64;

/**
 * A small copy of the picture in the file `path`, turned as its metadata says, in sRGB, without the metadata. Rejects with what
 * the codec says.
 */
export async function makePreview(path: string, options: PreviewOptions = {}): Promise<Preview> {
  const { side = 512, maxLength = 100_000 } = options;
  // Loading the codec takes longer than the rest of a start: only who needs it pays.
  const { default: sharp } = await import('sharp');
  const bytes = await readFile(path);
  const { hasAlpha } = await sharp(bytes).metadata();
  const isOpaque = !hasAlpha || (await sharp(bytes).stats()).isOpaque;
  for (let length = side; ; length = Math.floor(length * 0.75)) {
    const small = sharp(bytes)
      .rotate()
      .resize({ width: length, height: length, fit: 'inside', withoutEnlargement: true })
      .toColourspace('srgb');
    for (const quality of [80, 60, 40]) {
      const encoded = isOpaque ? small.clone().jpeg({ quality }) : small.clone().webp({ quality });
      const data = (await encoded.toBuffer()).toString('base64');
      const isSmallest = quality === 40 && length <= smallestSide;
      if (data.length <= maxLength || isSmallest) return { data, mimeType: isOpaque ? 'image/jpeg' : 'image/webp' };
    }
  }
}
