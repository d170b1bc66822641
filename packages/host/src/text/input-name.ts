// How an input picture is named: by a path, by a URL, or by its own bytes as text.

import { isBase64Picture } from '@anyimage/core';

/** Whether it is named by a URL. One letter before the colon is a drive of Windows. */
export function isURL(name: string): boolean {
  return /^[a-z][a-z0-9+.-]+:/i.test(name);
}

/** Whether it is named by a path or a `file:` URL. */
export function isFileName(name: string): boolean {
  return !isURL(name) || /^file:/i.test(name);
}

/** The bytes of a picture that is given as a `data:` URI or as base64; `undefined` if it is named otherwise. */
export function bytesIn(name: string): Buffer | undefined {
  if (/^\s*data:/i.test(name)) return Buffer.from(name.slice(name.indexOf(',') + 1), 'base64');
  return isBase64Picture(name) ? Buffer.from(name, 'base64') : undefined;
}
