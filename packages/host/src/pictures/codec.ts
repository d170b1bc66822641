// Changing pictures. The image library is loaded with the first picture that has to be changed.

import { type ImageCodec, ImageError, type InputBytes, type MaskForm, messageOf } from '@anyimage/core';
import type { Sharp } from 'sharp';

const jpegQuality = 95;

/** The image library of the apps, for core. All functions throw `invalid-request` for a picture that cannot be read. */
export function imageCodec(): ImageCodec {
  return {
    convert: (image, { mediaType, width, height, flatten, quality = 90 }) =>
      changed(image, mediaType, (picture) => {
        const opaque = flatten || mediaType === 'image/jpeg' ? picture.flatten({ background: 'white' }) : picture;
        return inFormat(opaque.resize(width, height, { fit: 'fill' }).keepIccProfile(), mediaType, quality);
      }),

    async mask(mask, form) {
      const { bytes } = await changed(mask, 'image/png', (picture) => encodeMask(picture, form));
      return { ...mask, bytes, mediaType: 'image/png' };
    },

    async upright(image) {
      if (!mayBeTurned(image)) return undefined;
      const { orientation = 1 } = await readable(async () => (await open(image)).metadata());
      if (orientation <= 1) return undefined;
      return changed(image, image.mediaType, (picture) =>
        inFormat(picture.autoOrient().keepIccProfile(), image.mediaType, jpegQuality),
      );
    },

    pixels: (image) =>
      readable(async () => (await open(image)).toColourspace('srgb').ensureAlpha().raw({ depth: 'uchar' }).toBuffer()),
  };
}

/** Whether a look at the metadata is worth loading the library. */
function mayBeTurned({ bytes, mediaType }: InputBytes): boolean {
  const marks: Readonly<Record<string, string>> = { 'image/jpeg': 'Exif\0', 'image/png': 'eXIf', 'image/webp': 'EXIF' };
  const mark = marks[mediaType];
  return (
    mark === undefined || Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).includes(mark, 0, 'latin1')
  );
}

async function open({ bytes }: InputBytes): Promise<Sharp> {
  const { default: sharp } = await import('sharp');
  return sharp(bytes);
}

async function changed(
  image: InputBytes,
  mediaType: string,
  work: (picture: Sharp) => Sharp | Promise<Sharp>,
): Promise<InputBytes> {
  return readable(async () => {
    const picture = await work(await open(image));
    const { data, info } = await picture.toBuffer({ resolveWithObject: true });
    return { as: 'bytes', bytes: data, mediaType, width: info.width, height: info.height };
  });
}

function inFormat(picture: Sharp, mediaType: string, quality: number): Sharp {
  const format = mediaType.replace('image/', '') as 'png' | 'jpeg' | 'webp' | 'avif' | 'gif';
  return format === 'png' || format === 'gif' ? picture.toFormat(format) : picture.toFormat(format, { quality });
}

/** What is transparent in a mask is kept, like black. */
async function encodeMask(picture: Sharp, { repaint, hard }: MaskForm): Promise<Sharp> {
  const grey = picture.flatten({ background: 'black' }).toColourspace('b-w').extractChannel(0);
  const shades = hard ? grey.threshold(128) : grey;
  if (repaint === 'white') return shades.png();
  if (repaint === 'black') return shades.negate().png();
  const { data, info } = await shades.raw().toBuffer({ resolveWithObject: true });
  const { width, height } = info;
  const pixels = Buffer.alloc(width * height * 4);
  for (let pixel = 0; pixel < width * height; pixel++) {
    const shade = data[pixel * info.channels]!;
    if (repaint === 'white+transparent') pixels.fill(shade, pixel * 4, pixel * 4 + 3);
    pixels[pixel * 4 + 3] = 255 - shade;
  }
  const { default: sharp } = await import('sharp');
  return sharp(pixels, { raw: { width, height, channels: 4 } }).png();
}

async function readable<T>(work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    const reason = messageOf(error).split('\n')[0];
    throw new ImageError('invalid-request', `an input picture cannot be read: ${reason}`, {
      cause: error,
      details: { option: 'images' },
      hint: 'Save it again as png or jpeg, and try that.',
    });
  }
}
