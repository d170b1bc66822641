// What was asked, as plain JSON in the words of a request: for the sidecar, so that it can be asked again from anywhere.

import {
  type ClientRequest,
  type ImageInput,
  isBase64Picture,
  isRecord,
  type Json,
  omit,
  type Ticket,
} from '@anyimage/core';
import { placeOfPath } from '../files/home.ts';
import { isMaskShape } from '../pictures/pixels/mask-shapes.ts';
import { isURL } from '../text/input-name.ts';

export type DescribedRequest = { readonly [word: string]: Json };

/** A request. Input pictures are named by their absolute path or URL, masks in words by these; the bytes
 * of data: URLs are left out. */
export function describeRequest(request: ClientRequest): DescribedRequest {
  const { images, mask } = request;
  const described = {
    ...omit(request, 'signal', 'stopSending', 'onProgress', 'applied', 'refusedKey'),
    ...(images && { images: images.map(named) }),
    ...(mask !== undefined && { mask: named(mask) }),
  };
  return JSON.parse(JSON.stringify(described));
}

/** What was asked for a ticket. A ticket knows how many input pictures there were, not which. */
export function describeTicket({ request }: Ticket): DescribedRequest {
  const { options, size, images, mask, ...words } = omit(request, 'sent', 'partials', 'limits', 'output');
  return {
    ...words,
    ...(isRecord(size) && { size: `${size.width}x${size.height}` }),
    ...(isRecord(options) && Object.keys(options).length > 0 && { providerOptions: options as Json }),
    ...(typeof images === 'number' && images > 0 && { images }),
    ...(mask === true && { mask }),
  };
}

/** A path, made absolute; a URL as it is. */
export function absoluteInput(pathOrURL: string): string {
  return isURL(pathOrURL) ? pathOrURL : placeOfPath(pathOrURL);
}

function named(input: ImageInput): string {
  if (typeof input !== 'string' && !(input instanceof URL)) return 'bytes';
  const text = String(input);
  if (isMaskShape(text)) return text;
  if (isBase64Picture(text)) return 'base64,…';
  return /^data:/i.test(text) ? `${text.split(',')[0]},…` : absoluteInput(text);
}
