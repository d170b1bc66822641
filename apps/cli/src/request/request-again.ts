// Requests of an earlier day, in the words of a request.

import { type ClientRequest, ImageError, isRecord, type Json, type Ticket } from '@anyimage/core';
import { type Format, formatOfPath, type PictureRecord } from '@anyimage/host';
import type { MakeFlags } from './flags.ts';

/** What was asked for a picture that was made. */
export interface EarlierRequest extends Partial<ClientRequest> {
  /** The one that the name of its file stands for. */
  readonly format?: Format;
}

type Words = { readonly [word: string]: Json };

/** What was asked for a ticket. A ticket knows how many input pictures there were, not which. */
export function requestOfTicket({ request }: Ticket): Words {
  const { sent: _, partials: __, limits: ___, options, size, images, mask, ...words } = request;
  return {
    ...words,
    ...(isRecord(size) && { size: `${size.width}x${size.height}` }),
    ...(isRecord(options) && Object.keys(options).length > 0 && { providerOptions: options }),
    ...(typeof images === 'number' && images > 0 && { images }),
    ...(mask === true && { mask }),
  };
}

/**
 * The request that makes one picture again: the same model and words, the seed that this picture had. Throws
 * `invalid-request` if its input pictures were not kept and `flags` do not give them.
 */
export function requestAgain({ path, sidecar }: PictureRecord, flags: MakeFlags): EarlierRequest {
  const { model, seed, prompt } = sidecar;
  const { images, mask, n: _, output: __, timeout: ___, ...words } = sidecar.request ?? {};
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
