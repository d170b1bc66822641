// Where the pixels of a picture are worked on. A small picture is worked on here. One that may need much memory or time, as a picture
// made to do harm does, goes to a process of its own, one at a time, which is ended when it takes too long.

import { readSmall, type Source, type Work, type Works, works } from './works.ts';

/** What a work takes beside the picture. */
export type More<Name extends Work> = Parameters<Works[Name]> extends [Source, ...infer Rest] ? Rest : never;

export type Done<Name extends Work> = Awaited<ReturnType<Works[Name]>>;

export interface PixelOptions {
  /** Its reason is what the work rejects with. */
  readonly signal?: AbortSignal;
}

/**
 * Does a work with a picture: `workOnPixels('flaw', path, [])`. Rejects with what the image library says, with what is too large,
 * after 8 s, and when the signal aborts.
 */
export async function workOnPixels<Name extends Work>(
  name: Name,
  source: Source,
  more: More<Name>,
  { signal }: PixelOptions = {},
): Promise<Done<Name>> {
  signal?.throwIfAborted();
  const small = await readSmall(source);
  if (small !== undefined) {
    const work = works[name] as (source: Source, ...more: readonly unknown[]) => Promise<Done<Name>>;
    return work(small, ...more);
  }
  // A file of its own beside the worker's, in a bundle too.
  const { inOwnProcess } = await import('./pixel-process.ts');
  return (await inOwnProcess(name, [source, ...more], signal)) as Done<Name>;
}
