// Pictures as pixels, for screens that are not made for pictures.

import { type PixelOptions, workOnPixels } from './pixel-work.ts';
import type { Raster, Source } from './works.ts';

export type { Raster } from './works.ts';

/**
 * A copy of a picture, turned as its metadata says, that fits a box of `width` and `height` px; a smaller one is not enlarged. Rejects as
 * `makePreview`.
 */
export function makeRaster(
  source: Source,
  { width, height }: Pick<Raster, 'width' | 'height'>,
  options: PixelOptions = {},
): Promise<Raster> {
  return workOnPixels('raster', source, [Math.max(1, Math.floor(width)), Math.max(1, Math.floor(height))], options);
}

/** Pixels as a png. */
export async function rasterPNG({ data, width, height }: Raster): Promise<Uint8Array> {
  const { default: sharp } = await import('sharp');
  return sharp(data, { raw: { width, height, channels: 4 } })
    .png({ compressionLevel: 6 })
    .toBuffer();
}
