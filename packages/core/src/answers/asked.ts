// What was asked, where it comes back in an answer: it is no result of it.

import { isRecord } from '../contract/objects.ts';
import type { CallDraft, InputImage } from '../contract/provider.ts';
import { decodeBase64 } from '../http/body/data-uri.ts';

/** What a service was given. */
export type Asked = Pick<CallDraft, 'prompt' | 'images' | 'mask'>;

/**
 * A parsed body without the pictures that the service was given and without the addresses that stand in the prompt: in their place is
 * an empty text.
 */
export function withoutAsked(body: unknown, { prompt, images, mask }: Asked): unknown {
  const given = mask ? [...images, mask] : images;
  const addresses = [
    ...(prompt.match(address) ?? []),
    ...given.flatMap((image) => (image.as === 'url' ? image.url : [])),
  ];
  const isGiven = (bytes: Uint8Array) => given.some((image) => image.as === 'bytes' && isSame(image.bytes, bytes));
  if (addresses.length === 0 && given.length === 0) return body;
  const echoes = addresses.map(
    (one) => new RegExp(`${one.replace(/[$()*+.?[\\\]^{|}/-]/g, '\\$&')}(?![\\w/%?&=#-])`, 'g'),
  );

  function cleared(value: unknown): unknown {
    if (value instanceof Uint8Array) return isGiven(value) ? '' : value;
    if (typeof value === 'string') {
      if (given.some((image) => isEncoded(image, value))) return '';
      return echoes.reduce((text, echo) => text.replace(echo, ''), value);
    }
    if (Array.isArray(value)) return value.map(cleared);
    if (!isRecord(value)) return value;
    return Object.fromEntries(Object.entries(value).map(([name, inner]) => [name, cleared(inner)]));
  }
  return cleared(body);
}

const address = /https?:\/\/[^\s"'<>()]*[^\s"'<>().,;:!?]/gi;

/** Whether a text is the picture in base64, perhaps as a data URI. */
function isEncoded(image: InputImage, text: string): boolean {
  if (image.as !== 'bytes') return false;
  const encoded = text.slice(text.startsWith('data:') ? text.indexOf(',') + 1 : 0);
  const shortest = (image.bytes.length / 3) * 4;
  if (encoded.length < shortest || encoded.length > shortest * 1.1 + 4) return false;
  const bytes = decodeBase64(encoded);
  return bytes !== undefined && isSame(image.bytes, bytes);
}

function isSame(one: Uint8Array, other: Uint8Array): boolean {
  return one.length === other.length && Buffer.compare(one, other) === 0;
}
