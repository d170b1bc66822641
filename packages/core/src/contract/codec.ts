// Changing pictures needs an image library, which core has none of: an app gives one. Without it, pictures pass as they are.

import type { InputBytes } from './provider.ts';

/** The form a service takes a mask in; callers always give white = repaint. */
export interface MaskForm {
  readonly repaint: 'white' | 'black' | 'transparent' | 'white+transparent';
  /** Only full black and full white: grey from 50 % becomes white. */
  readonly hard: boolean;
}

/** The form a picture is to have. */
export interface PictureForm {
  readonly mediaType: string;
  /** px */
  readonly width: number;
  /** px */
  readonly height: number;
  /** Transparency is laid on white. */
  readonly flatten?: true;
  /** 1–100, for jpeg and webp; default 90. */
  readonly quality?: number;
}

/** What core asks of an image library. Each function throws `invalid-request` for a picture it cannot read. */
export interface ImageCodec {
  convert(image: InputBytes, form: PictureForm): Promise<InputBytes>;
  /** As png, of the mask's own size. */
  mask(mask: InputBytes, form: MaskForm): Promise<InputBytes>;
  /** The picture turned as its EXIF orientation says; `undefined` if it stands upright already. */
  upright(image: InputBytes): Promise<InputBytes | undefined>;
  /**
   * Red, green, blue and opacity of each pixel, 0–255, row by row from the top left. A codec without it leaves it unknown
   * whether a mask is one.
   */
  pixels?(image: InputBytes): Promise<Uint8Array>;
}
