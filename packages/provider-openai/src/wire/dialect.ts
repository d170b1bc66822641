// How a server wants things said: the `wire` entry of its rows.

import type { Json, Limits } from '@anyimage/core';

/** Facts about one operation of a server, plain JSON. What is absent is as at OpenAI. */
export interface Dialect {
  /** Below the base URL; default `images/generations`. */
  readonly path?: string;
  /** `form` = multipart; `form-or-json` = JSON if a picture is a URL, else multipart. Default `json`. */
  readonly body?: 'json' | 'form' | 'form-or-json';
  /** The field of several files in a form; one file is always `image`. Default `image[]`. */
  readonly formImages?: 'image[]' | 'image';
  /**
   * Pictures in JSON. `images`: a list of `{ image_url }` (default). `objects`: `image` or a list `images` of
   * `{ url, type }`. `numbered`: `image`, `image2`, `image3`. `references`: `image_url` or the list `reference_images`, as the
   * option `imageField` says. `file`: bare base64 in `file`, several in `ref_images`.
   */
  readonly jsonImages?: 'images' | 'objects' | 'numbered' | 'references' | 'file';
  /** Sizes that are legal while pictures are URLs: the listed ones alone. Default: all of the row's. */
  readonly urlSizes?: 'presets';
  /** Pictures in shades of grey are skipped by the server without a word: they are refused here. */
  readonly rgb?: boolean;
  /** How a size is written; default `size`. */
  readonly size?: 'size' | 'image_size' | 'width-height';
  /** The field that says how many pictures; default `n`. */
  readonly count?: string;
  /** The field of the end-user id; default `user`. */
  readonly user?: 'user' | 'safety_identifier';
  /** The value of `response_format`; absent or `false` = not sent. */
  readonly responseFormat?: string | false;
  /**
   * Where seed and negative prompt go: fields of their own (`plain`, default), `prompt|negative` (`pipe`), or JSON in a tag at the
   * end of the prompt, with every option (`tag`).
   */
  readonly prompt?: 'plain' | 'pipe' | 'tag';
  /** A success without a picture is a refusal by moderation. */
  readonly emptyIsBlocked?: boolean;
}

/** The dialect of a call's row and operation. */
export function dialectOf({ wire = {} }: Limits): Dialect {
  return wire as { readonly [key: string]: Json } & Dialect;
}
