// Chunks of pictures, and of answers that hold some, lie outside V8's heap and count for nothing with its collector of young objects, so that 60 MB of them and
// more wait for a full collection. Where several pictures arrive at once, lists of the same weight on the heap let it see them:
// 32 pictures of 3 MB need half the memory (bench/many-pictures.mjs). One after another they are no load, and it would only cost time.

/** As much as a socket gives at a time, bytes. */
const piece = 64 * 1024;
/** So many pictures at once that their chunks add up. */
const many = 4;

let arriving = 0;
/** What it is told with; only the newest is held. */
const held: { ballast: readonly unknown[] } = { ballast: [] };

/** The weight of one picture, or of one long answer, while it arrives. */
export interface Arrival {
  /** Bytes that came. */
  add(bytes: number): void;
  end(): void;
}

/** How much of a body may arrive before it is read, bytes: a single one need not stop for every piece. */
export function readAhead(): number {
  return (arriving < many ? 8 : 1) * piece;
}

/** To be ended whatever becomes of the picture. */
export function beginArrival(): Arrival {
  arriving += 1;
  return {
    add(bytes) {
      if (arriving < many) return;
      // In small lists: a large one would be a mapping of its own.
      for (let left = bytes; left > 0; left -= piece) held.ballast = new Array(Math.ceil(Math.min(left, piece) / 8));
    },
    end() {
      arriving -= 1;
      if (arriving === 0) held.ballast = [];
    },
  };
}
