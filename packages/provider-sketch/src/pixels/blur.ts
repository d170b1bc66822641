// Blur by running sums: the same time for every reach.

import { blank, copyOf, type Pixels } from './pixels.ts';

/** Reach in px from which a smaller picture is blurred instead: nobody can tell. */
const large = 3;

/** A blurred copy; `reach` in px (0 = a plain copy). Two passes of a box look like a soft lens. */
export function blurred(pixels: Pixels, reach: number): Pixels {
  return enlarged(softened(pixels, reach), pixels);
}

/** A blurred copy with no more pixels than the blur leaves details for: smaller than the original by a power of two, or equal. */
export function softened(pixels: Pixels, reach: number): Pixels {
  const radius = Math.round(reach);
  if (radius < large) {
    const soft = copyOf(pixels);
    // A blur of a pixel or two only has to take the edge off.
    blurBox(soft.data, soft.width, soft.height, 4, radius);
    return soft;
  }
  let soft = halved(pixels);
  let factor = 2;
  for (; factor * 4 <= radius; factor *= 2) soft = halved(soft);
  // Rounded down, because to halve and to enlarge blurs as well.
  for (let pass = 0; pass < 2; pass++) {
    blurBox(soft.data, soft.width, soft.height, 4, Math.floor(radius / factor));
  }
  return soft;
}

/** One pass over the rows of pixels, in place and in all their channels; `radius` in px, 0 = nothing changes. */
export function blurBox(
  data: Uint8ClampedArray,
  width: number,
  height: number,
  channels: number,
  radius: number,
): void {
  if (radius < 1) return;
  // Means of bytes are bytes, no clamp is needed; and a share in whole 65536ths, because whole numbers are faster.
  const bytes = new Uint8Array(data.buffer, data.byteOffset, data.length);
  const spare = new Uint8Array(data.length);
  const share = Math.round(65536 / (radius * 2 + 1));
  boxAlong(bytes, spare, width, height, channels, radius, share);
  boxDown(spare, bytes, width * channels, height, radius, share);
}

/** Every pixel becomes the mean of those of its row within the radius; the edge goes on outside. */
function boxAlong(
  from: Uint8Array,
  to: Uint8Array,
  width: number,
  height: number,
  channels: number,
  radius: number,
  share: number,
): void {
  const row = width * channels;
  const span = (radius * 2 + 1) * channels;
  const padded = new Uint8Array((width + radius * 2 + 1) * channels);
  for (let start = 0; start < height * row; start += row) {
    padded.set(from.subarray(start, start + row), radius * channels);
    for (let pad = 0; pad < radius * channels; pad++) {
      padded[pad] = from[start + (pad % channels)]!;
      padded[radius * channels + row + pad] = from[start + row - channels + (pad % channels)]!;
    }
    for (let channel = 0; channel < channels; channel++) {
      let sum = 0;
      for (let at = channel; at < span; at += channels) sum += padded[at]!;
      for (let at = channel; at < row; at += channels) {
        to[start + at] = (sum * share + 0x8000) >> 16;
        sum += padded[at + span]! - padded[at]!;
      }
    }
  }
}

/** The same for all columns at once, row by row, as the memory lies. */
function boxDown(from: Uint8Array, to: Uint8Array, row: number, height: number, radius: number, share: number): void {
  const sums = new Int32Array(row);
  const rowAt = (y: number) => Math.min(height - 1, Math.max(0, y)) * row;
  for (let y = -radius; y <= radius; y++) {
    const at = rowAt(y);
    for (let index = 0; index < row; index++) sums[index]! += from[at + index]!;
  }
  for (let y = 0; y < height; y++) {
    const at = y * row;
    const enters = rowAt(y + radius + 1);
    const leaves = rowAt(y - radius);
    for (let index = 0; index < row; index++) {
      const sum = sums[index]!;
      to[at + index] = (sum * share + 0x8000) >> 16;
      sums[index] = sum + from[enters + index]! - from[leaves + index]!;
    }
  }
}

/** A picture half as wide and high. */
function halved(pixels: Pixels): Pixels {
  const { width, height } = pixels;
  const from = words(pixels);
  const small = blank(Math.ceil(width / 2), Math.ceil(height / 2));
  const to = words(small);
  for (let row = 0, at = 0; row < small.height; row++) {
    const upper = row * 2 * width;
    const lower = Math.min(height - 1, row * 2 + 1) * width;
    for (let column = 0; column < small.width; column++, at++) {
      const left = column * 2;
      const right = Math.min(width - 1, left + 1);
      const a = from[upper + left]!;
      const b = from[upper + right]!;
      const c = from[lower + left]!;
      const d = from[lower + right]!;
      const even = (a & pairs) + (b & pairs) + (c & pairs) + (d & pairs) + 0x20002;
      const odd = ((a >>> 8) & pairs) + ((b >>> 8) & pairs) + ((c >>> 8) & pairs) + ((d >>> 8) & pairs) + 0x20002;
      to[at] = ((even >>> 2) & pairs) | (((odd >>> 2) & pairs) << 8);
    }
  }
  return small;
}

/**
 * Stretched over the size of another picture, smoothly: first down, one row at a time, then along the row. A picture of that
 * size already is returned as it is.
 */
export function enlarged(pixels: Pixels, { width, height }: { width: number; height: number }): Pixels {
  const { width: narrow, height: low } = pixels;
  if (narrow === width && low === height) return pixels;
  const from = words(pixels);
  const result = blank(width, height);
  const to = words(result);
  const row = new Int32Array(narrow + 1);
  const across = places(narrow, width);
  const down = places(low, height);
  for (let y = 0, at = 0; y < height; y++) {
    const top = down[y]! >> 8;
    const upper = top * narrow;
    const lower = Math.min(low - 1, top + 1) * narrow;
    const share = down[y]! & 255;
    for (let column = 0; column < narrow; column++)
      row[column] = mixed(from[upper + column]!, from[lower + column]!, share);
    row[narrow] = row[narrow - 1]!;
    for (let x = 0; x < width; x++, at++) {
      const place = across[x]!;
      to[at] = mixed(row[place >> 8]!, row[(place >> 8) + 1]!, place & 255);
    }
  }
  return result;
}

/** For each pixel of a long row its place in a short one, in 256ths of a pixel. */
function places(short: number, long: number): Int32Array {
  return Int32Array.from({ length: long }, (_, index) => {
    const place = ((index + 0.5) * short) / long - 0.5;
    return Math.round(Math.min(short - 1, Math.max(0, place)) * 256);
  });
}

// A pixel is calculated with as one number of 32 bits, every second byte at once: four times fewer steps.

/** The first and third byte of a pixel. */
const pairs = 0xff00ff;

/** A pixel between two others; `share` of the second in 256ths. */
function mixed(first: number, second: number, share: number): number {
  const rest = 256 - share;
  const even = Math.imul(first & pairs, rest) + Math.imul(second & pairs, share) + 0x800080;
  const odd = Math.imul((first >>> 8) & pairs, rest) + Math.imul((second >>> 8) & pairs, share) + 0x800080;
  return ((even >>> 8) & pairs) | (odd & ~pairs);
}

/** The same memory, one number for each pixel. */
function words({ data }: Pixels): Int32Array {
  const { buffer, byteOffset, byteLength } = data.byteOffset % 4 ? data.slice() : data;
  return new Int32Array(buffer, byteOffset, byteLength / 4);
}
