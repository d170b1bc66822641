// Chunks of pictures lie outside V8's heap and count for nothing with its collector of young objects, so that 60 MB of them and
// more wait for a full collection. Where several pictures arrive at once, a list of the same weight on the heap lets it see them:
// 32 pictures of 3 MB need half the memory (bench/url-pictures.mjs). One after another they are no load, and it would only cost time.

const mebibyte = 2 ** 20;
/** So many pictures at once that their chunks add up. */
const many = 4;

let arriving = 0;
/** Bytes since the collector was last told. */
let unseen = 0;
/** What it is told with; only the newest is held. */
const held: { ballast: readonly unknown[] } = { ballast: [] };

/** The weight of one picture while it arrives. */
export interface Arrival {
  /** Bytes that came. */
  add(bytes: number): void;
  end(): void;
}

/** To be ended whatever becomes of the picture. */
export function beginArrival(): Arrival {
  arriving += 1;
  return {
    add(bytes) {
      if (arriving < many) return;
      unseen += bytes;
      if (unseen < mebibyte) return;
      unseen = 0;
      held.ballast = new Array(mebibyte / 8);
    },
    end() {
      arriving -= 1;
      if (arriving === 0) held.ballast = [];
    },
  };
}
