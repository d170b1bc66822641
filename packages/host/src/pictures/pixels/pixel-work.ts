// Where the pixels of a picture are worked on. A small picture is worked on here. One that may need much memory or time, as a picture
// made to do harm does, goes to a process of its own, one at a time, which is ended when it takes too long.

import { type Room, readSmall, type Source, type Work, type Works, works } from './works.ts';

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
  const here = await nextLane().run(async (room) => {
    // Those before it took too long.
    signal?.throwIfAborted();
    const small = await readSmall(source, room);
    const work = works[name] as (source: Source, ...more: readonly unknown[]) => Promise<Done<Name>>;
    return small === undefined ? undefined : { done: await work(small, ...more) };
  });
  if (here) return here.done;
  // A file of its own beside the worker's, in a bundle too.
  const { inOwnProcess } = await import('./pixel-process.ts');
  return (await inOwnProcess(name, [source, ...more], signal)) as Done<Name>;
}

/** Where short files are read to, in place of the one before: each in memory of its own would be held until the collector comes. */
class Lane {
  #room = new Uint8Array();
  #last: Promise<unknown> = Promise.resolve();

  /** Does a work when those before it are over. `room` gives memory of at least so many bytes, which is its own until it ends. */
  run<T>(work: (room: Room) => Promise<T>): Promise<T> {
    const mine = this.#last.then(() =>
      work((length) => {
        if (this.#room.length < length) this.#room = new Uint8Array(length);
        return this.#room;
      }),
    );
    this.#last = mine.catch(() => {});
    return mine;
  }
}

/** The image library uses all cores for each. */
const lanes = [new Lane(), new Lane()];
let begun = 0;

function nextLane(): Lane {
  return lanes[begun++ % lanes.length]!;
}
