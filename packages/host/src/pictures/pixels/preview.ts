// Pictures small enough for every client: what goes through the protocol is read by a model, and paid for as text is.

import type { InputBytes } from '@anyimage/core';
import { type PixelOptions, workOnPixels } from './pixel-work.ts';
import type { Preview, ShownFormat, ViewForm } from './works.ts';

export type { Length, Preview, ShownFormat, ViewForm } from './works.ts';

export interface PreviewOptions extends PixelOptions {
  /** Longest side, px; default 512. A smaller picture is not enlarged. */
  readonly side?: number;
  /** Most characters of base64; default 100,000. */
  readonly maxLength?: number;
  /** Default `jpeg`; then a picture with transparency is webp. */
  readonly format?: ShownFormat;
}

/**
 * A small copy of the picture in the file `path`, turned as its metadata says, in sRGB, without the metadata. Rejects with what
 * the image library says, for a picture that is too large, after 8 s, and when the signal aborts.
 */
export function makePreview(path: string, options: PreviewOptions = {}): Promise<Preview> {
  const { side = 512, maxLength = 100_000, format = 'jpeg' } = options;
  return workOnPixels('preview', path, [side, maxLength, format], options);
}

/**
 * The picture in the file `path`, or a part of it, turned as its metadata says, at another size and in another format. Rejects as
 * {@link makePreview}, and for a part that lies outside.
 */
export function makeView(path: string, form: ViewForm, options: PixelOptions = {}): Promise<InputBytes> {
  return workOnPixels('view', path, [form], options);
}
