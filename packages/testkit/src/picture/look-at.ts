// What the bytes of a picture say: for emulated services, which look at what they are given as the real ones do.

import { pictureFacts } from '@anyimage/core';

/** A picture as a service sees it. */
export interface SentPicture {
  readonly mediaType: string;
  /** px; unknown for formats that are told by their first bytes alone. */
  readonly width?: number;
  readonly height?: number;
  /** It has an alpha channel, or a transparent colour. */
  readonly alpha: boolean;
  /** It holds shades of grey alone. */
  readonly grey: boolean;
}

/** Formats that services take and core does not read, by their first bytes. */
const heads: readonly (readonly [mediaType: string, starts: RegExp])[] = [
  ['image/bmp', /^BM.{24}/s],
  ['image/tiff', /^(?:II\*\0|MM\0\*).{4}/s],
  ['image/heic', /^.{4}ftyphei[cmsx]/s],
  ['image/heif', /^.{4}ftypmif1/s],
];

/** Looks at bytes that should be a picture. Undefined for what is none, or not whole. */
export function lookAt(bytes: Uint8Array): SentPicture | undefined {
  const facts = pictureFacts(bytes);
  if (facts) return facts;
  const head = Buffer.from(bytes.subarray(0, 32)).toString('latin1');
  const mediaType = heads.find(([, starts]) => starts.test(head))?.[0];
  return mediaType === undefined ? undefined : { mediaType, alpha: false, grey: false };
}

/** Whether a text is base64, of whatever length: an expression for the whole of it would overflow where it is long. */
export function isBase64(text: string): boolean {
  const digits = text.replace(/={1,2}$/, '');
  return digits !== '' && !/[^A-Za-z0-9+/]/.test(digits);
}
