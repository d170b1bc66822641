// What the caller gets back.

import type { Json } from './capabilities.ts';
import type { ImageError } from './errors.ts';
import type { Applied, Warning } from './notices.ts';
import type { Money, Usage } from './provider.ts';
import type { Ticket } from './tickets.ts';

/** A finished picture. Its bytes live in the caller's `ImageStore`. */
export interface GeneratedImage {
  /** `provider/model`. */
  readonly model: string;
  readonly mediaType: string;
  /** px */
  readonly width: number;
  /** px */
  readonly height: number;
  readonly byteLength: number;
  readonly seed?: number;
  /** The prompt as the service rewrote it. */
  readonly revisedPrompt?: string;
  readonly sourceUrl?: string;
  /** When `sourceUrl` stops working, Unix time in ms. */
  readonly expiresAt?: number;
  /** Where a file store keeps it. */
  readonly path?: string;
  /** What else the service said of it, or of the call that made it. */
  readonly metadata?: Json;
  bytes(): Promise<Uint8Array>;
  stream(): ReadableStream<Uint8Array>;
  /**
   * Writes the bytes to a file and returns its absolute path. Neither the picture nor a file that is there is lost: if `path` exists,
   * the picture gets the next free name, such as `boat-2.png`. Throws `storage`.
   */
  save(path: string, options?: SaveOptions): Promise<string>;
}

export interface SaveOptions {
  /** `true`: a file that is there is replaced, once the new one is whole. `false`: it is refused. Default: another name is taken. */
  readonly overwrite?: boolean;
}

export interface Attempt {
  /** `provider/model`. */
  readonly model: string;
  readonly ms: number;
  readonly error?: ImageError;
}

/** What came of a request that made something. `X`: what the caller's own store adds to each picture. */
export interface GenerateResult<X = unknown> {
  /** One at least. */
  readonly images: readonly [GeneratedImage & X, ...(GeneratedImage & X)[]];
  /** One for each picture that was not made. */
  readonly errors: readonly ImageError[];
  /** Paid for, not here yet: running jobs and pictures still to be downloaded. `resume` brings them. */
  readonly pending: readonly Ticket[];
  readonly applied: readonly Applied[];
  readonly warnings: readonly Warning[];
  readonly prompt: { readonly original: string; readonly sent: string };
  readonly attempts: readonly Attempt[];
  /** One entry per currency; `null` = unknown. */
  readonly cost: readonly Money[] | null;
  readonly usage?: Usage;
  readonly timings: { readonly totalMs: number };
  /** What else the service said: of one call as it is, of several a list by call, `null` where it said nothing. */
  readonly providerMetadata?: Json;
}
