// How a format is read without keeping it: a walk asks for a few bytes, or passes over many, until the picture is complete.

import { ImageError } from '../contract/errors.ts';

/** What a walk wants next: the next bytes, to pass over some, or to pass over all up to and including a byte. */
export type Want = { readonly take: number } | { readonly skip: number } | { readonly until: number };

/** Returns when the picture is complete. Bytes asked for with `take` are the value of the `yield`. */
export type Walk = Generator<Want, void, Buffer>;

/** What a walk finds out. */
export interface Found {
  /** Says the size, px. Throws `bad-response` if it is zero or too large. */
  size(width: number, height: number): void;
  /** The picture has an alpha channel, or a transparent colour. */
  alpha: boolean;
  /** The file holds shades of grey alone: a PNG or JPEG without colours. */
  grey: boolean;
  /** The file carries a C2PA manifest. What that claims, and whether it holds, is not looked at. */
  c2pa: boolean;
  /** Bytes passed so far. */
  readonly position: number;
}

/** The error for a picture that breaks its own format. */
export function damaged(why: string): ImageError {
  return new ImageError('bad-response', `the picture is damaged: ${why}`, {
    details: { problem: 'damaged' },
    hint: 'Ask for the picture again.',
  });
}

/** Made once: an empty buffer costs as much as one with bytes. */
export const nothing = Buffer.alloc(0);

/** A walk, and how far it has come. */
export class Walker {
  readonly #walk: Walk;
  #want: Want | undefined;
  #left = 0;
  #held: Buffer[] = [];

  constructor(walk: Walk) {
    this.#walk = walk;
    this.#next(nothing);
  }

  get isComplete(): boolean {
    return this.#want === undefined;
  }

  /** Walks over the next bytes, calling `passed` with the length of each step before the walk goes on. */
  feed(chunk: Buffer, passed: (length: number) => void): void {
    let at = 0;
    while (this.#want && at < chunk.length) {
      if ('until' in this.#want) {
        const index = chunk.indexOf(this.#want.until, at);
        const end = index < 0 ? chunk.length : index + 1;
        passed(end - at);
        at = end;
        if (index >= 0) this.#next(nothing);
        continue;
      }
      const step = Math.min(this.#left, chunk.length - at);
      if ('take' in this.#want) this.#held.push(copyOf(chunk, at, at + step));
      at += step;
      this.#left -= step;
      passed(step);
      if (this.#left === 0) this.#next(this.#takeHeld());
    }
  }

  #takeHeld(): Buffer {
    const [first = nothing, ...others] = this.#held;
    this.#held = [];
    return others.length > 0 ? Buffer.concat([first, ...others]) : first;
  }

  /** Goes on to the next want that needs bytes. */
  #next(bytes: Buffer): void {
    let given = bytes;
    do {
      const step = this.#walk.next(given);
      this.#want = step.done ? undefined : step.value;
      this.#left = lengthOf(this.#want);
      given = nothing;
    } while (this.#want && this.#left === 0);
  }
}

/** A chunk may be reused, and must not be kept alive for a few of its bytes. */
function copyOf(chunk: Buffer, from: number, to: number): Buffer {
  const bytes = Buffer.allocUnsafe(to - from);
  chunk.copy(bytes, 0, from, to);
  return bytes;
}

function lengthOf(want: Want | undefined): number {
  if (!want) return 0;
  if ('until' in want) return 1;
  return 'take' in want ? want.take : want.skip;
}
