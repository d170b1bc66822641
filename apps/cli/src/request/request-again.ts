// Requests of an earlier day, in the words of a request.

import { type ClientRequest, ImageError, isRecord, type Json, omit } from '@anyimage/core';
import { type DescribedRequest, type Format, formatOfPath, type PictureRecord } from '@anyimage/host';
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
  const { images, mask, ...words } = lastingWords(sidecar.request ?? {});
  const format = formatOfPath(path);
  const isKept = (input: Json) => typeof input === 'string' && !/^(?:data:.*|bytes$|base64,…$)/i.test(input);
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

/**
 * What of a request still holds for one picture of it: not how many there were, how its model was chosen, and what was meant for that
 * run alone.
 */
function lastingWords(request: DescribedRequest): DescribedRequest {
  const { route, ...words } = omit(request, 'n', 'output', 'timeout', 'intent', 'partials');
  const maxCost = isRecord(route) ? route.maxCost : undefined;
  return { ...words, ...(maxCost !== undefined && { route: { maxCost: maxCost as Json } }) };
}
