// Requests of an earlier day, in the words of a request.

import { type ClientRequest, ImageError, type Json, omit } from '@anyimage/core';
import { type Format, formatOfPath, type PictureRecord } from '@anyimage/host';
import type { MakeFlags } from './flags.ts';

/** What was asked for a picture that was made. */
export interface EarlierRequest extends Partial<ClientRequest> {
  /** The format that the ending of its file stands for. */
  readonly format?: Format;
}

/**
 * The request that makes one picture again: the same model and words, the seed that this picture had. Throws
 * `invalid-request` if its input pictures were not kept and `flags` do not give them.
 */
export function requestAgain({ path, sidecar }: PictureRecord, flags: MakeFlags): EarlierRequest {
  const { model, seed, prompt } = sidecar;
  const { images, mask, ...words } = omit(sidecar.request ?? {}, 'n', 'output', 'timeout');
  const format = formatOfPath(path);
  const isKept = (input: Json) => typeof input === 'string' && !/^data:/i.test(input);
  const lost = [
    images !== undefined && !flags.image && !(Array.isArray(images) && images.every(isKept)) && '--image',
    mask !== undefined && !flags.mask && !isKept(mask) && '--mask',
  ].filter((flag) => flag !== false);
  if (lost.length > 0) {
    throw new ImageError('invalid-request', `the pictures that ${path} was made of were not kept`, {
      hint: `Give them with ${lost.join(' and ')}.`,
    });
  }
  return {
    ...(words as Partial<ClientRequest>),
    prompt: prompt.original,
    model,
    ...(format && { format }),
    ...(seed !== undefined && { seed }),
    ...(images !== undefined && !flags.image && { images: images as readonly string[] }),
    ...(mask !== undefined && !flags.mask && { mask: mask as string }),
  };
}
