// The image library of the apps, as core asks for it.

import { type ImageCodec, ImageError, type InputBytes, messageOf } from '@anyimage/core';
import { type Done, type More, workOnPixels } from './pixel-work.ts';
import type { Source, Work } from './works.ts';

/**
 * The image library of the apps, for core. All functions throw `invalid-request` for a picture that cannot be read, that is too large
 * or takes too long.
 */
export function imageCodec(): ImageCodec {
  return {
    convert: (image, form) => onInput('reshape', image.bytes, [form]),
    async mask(mask, form) {
      const { bytes } = await onInput('maskIn', mask.bytes, [form]);
      return { ...mask, bytes, mediaType: 'image/png' };
    },
    async upright(image) {
      return mayBeTurned(image) ? onInput('upright', image.bytes, [image.mediaType]) : undefined;
    },
    pixels: (image) => onInput('pixels', image.bytes, []),
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

/** Does a work with an input picture. Throws `invalid-request` for one that cannot be read. */
export async function onInput<Name extends Work>(name: Name, source: Source, more: More<Name>): Promise<Done<Name>> {
  try {
    return await workOnPixels(name, source, more);
  } catch (error) {
    const reason = messageOf(error).split('\n')[0];
    throw new ImageError('invalid-request', `an input picture cannot be read: ${reason}`, {
      cause: error,
      details: { option: 'images' },
      hint: 'Save it again as png or jpeg, smaller if it is large, and try that.',
    });
  }
}

/**
 * A mask as core takes it, white = repaint, of one that says it with transparency; `undefined` for one that is transparent nowhere. Throws
 * `invalid-request` for a picture that cannot be read.
 */
export async function maskFromHoles(bytes: Uint8Array): Promise<InputBytes | undefined> {
  return onInput('maskFromHoles', bytes, []);
}
