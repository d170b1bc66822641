// What can go wrong with a service, as data.

import type { ErrorCode, Json } from '@anyimage/core';

/**
 * What happens. Of these, `hang`, `cut`, `malformed`, `truncated`, `oversize` and `drip` spoil an answer after the
 * service did its work, so that the request counts as accepted; the others replace the answer, or change what is made.
 */
export type FaultEffect =
  /** A bare HTTP status; `body` text is sent as a web page. `accepted` = the service did the work all the same. */
  | {
      readonly kind: 'status';
      readonly status: number;
      readonly body?: Json;
      readonly headers?: Readonly<Record<string, string>>;
      readonly accepted?: boolean;
    }
  /** The error as this service documents it. */
  | { readonly kind: 'failure'; readonly code: ErrorCode; readonly headers?: Readonly<Record<string, string>> }
  /** Never answers, or stops in the middle of the body. */
  | { readonly kind: 'hang'; readonly at?: 'headers' | 'body' }
  /** The connection ends before the headers (default) or in the middle of the body. */
  | { readonly kind: 'cut'; readonly at?: 'headers' | 'body' }
  /** A complete body that is half of the JSON. */
  | { readonly kind: 'malformed' }
  /** `length` (default): the body is shorter than declared. `picture`: it is as declared, the picture in it lacks its end. */
  | { readonly kind: 'truncated'; readonly how?: 'length' | 'picture' }
  /** A web page; in place of a picture it says that it is `image/png`. */
  | { readonly kind: 'html' }
  /** A JSON error that says it is `image/png`. */
  | { readonly kind: 'json' }
  /** An SVG picture that says so. */
  | { readonly kind: 'svg' }
  /** `declared` (default): a length of 1 TiB. `endless`: no length, and no end. */
  | { readonly kind: 'oversize'; readonly how?: 'declared' | 'endless' }
  /** All is well, `bytes` at a time; default 64. */
  | { readonly kind: 'drip'; readonly bytes?: number }
  /** `status` defaults to 302. */
  | { readonly kind: 'redirect'; readonly to: string; readonly status?: number }
  /** The URL of the picture no longer works: 403. */
  | { readonly kind: 'expired' }
  /** The answer names this URL as the picture's. */
  | { readonly kind: 'url'; readonly url: string }
  /** Moderation refuses the picture. */
  | { readonly kind: 'refused' }
  /** The job fails. */
  | { readonly kind: 'failed' }
  /** The picture has another size than asked. */
  | { readonly kind: 'wrong-size'; readonly width?: number; readonly height?: number };

/** The effect of one kind. */
export type EffectOf<K extends FaultEffect['kind']> = Extract<FaultEffect, { kind: K }>;
