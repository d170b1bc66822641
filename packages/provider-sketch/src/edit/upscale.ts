import { type Pixels, pixelsOf } from '../pixels/pixels.ts';

/** Enlarges a picture by a whole factor and sharpens it a little; adds no detail that was not there. */
export async function upscale({ data, width, height }: Pixels, factor: number): Promise<Pixels> {
  const { default: sharp } = await import('sharp');
  const large = await sharp(data, { raw: { width, height, channels: 4 }, limitInputPixels: false })
    .resize(width * factor, height * factor, { kernel: 'lanczos3', fit: 'fill' })
    .sharpen({ sigma: 0.6 + factor * 0.2 })
    .raw()
    .toBuffer({ resolveWithObject: true });
  return pixelsOf(large.data, large.info.width, large.info.height);
}
