// Blur by running sums: the same time for every reach.

import { blank, type Pixels } from './pixels.ts';

/** Reach in px from which a smaller picture is blurred instead and enlarged again: nobody can tell. */
const large = 4;

/** A blurred copy; `reach` in px (0 = a plain copy). Two passes of a box look like a soft lens. */
export function blurred(pixels: Pixels, reach: number): Pixels {
  const radius = Math.round(reach);
  if (radius < 1) return { ...pixels, data: pixels.data.slice() };
  if (radius >= large) {
    const factor = 2 ** Math.floor(Math.log2(radius / 2));
    return enlarged(blurred(reduced(pixels, factor), radius / factor), pixels);
  }
  const { width, height } = pixels;
  const data = pixels.data.slice();
  const spare = new Uint8ClampedArray(data.length);
  const padded = new Uint8ClampedArray((width + radius * 2 + 1) * 4);
  // A blur of a pixel or two only has to take the edge off.
  for (let pass = 0; pass < (radius > 2 ? 2 : 1); pass++) {
    for (let y = 0; y < height; y++) boxAlongRow(data, spare, y * width * 4, width, radius, padded);
    boxDown(spare, data, width, height, radius);
  }
  return { ...pixels, data };
}

/** Every pixel of a row becomes the mean of those within the radius; the edge goes on outside. */
function boxAlongRow(
  from: Uint8ClampedArray,
  to: Uint8ClampedArray,
  start: number,
  width: number,
  radius: number,
  padded: Uint8ClampedArray,
): void {
  const end = start + width * 4;
  padded.set(from.subarray(start, end), radius * 4);
  for (let pad = 0; pad < radius; pad++) {
    padded.set(from.subarray(start, start + 4), pad * 4);
    padded.set(from.subarray(end - 4, end), (radius + width + pad) * 4);
  }
  const span = (radius * 2 + 1) * 4;
  const share = 1 / (radius * 2 + 1);
  for (let channel = 0; channel < 4; channel++) {
    let sum = 0;
    for (let at = channel; at < span; at += 4) sum += padded[at]!;
    for (let at = channel, out = start + channel; out < end; at += 4, out += 4) {
      to[out] = sum * share;
      sum += padded[at + span]! - padded[at]!;
    }
  }
}

/** The same for all columns at once, row by row, as the memory lies. */
function boxDown(from: Uint8ClampedArray, to: Uint8ClampedArray, width: number, height: number, radius: number): void {
  const row = width * 4;
  const share = 1 / (radius * 2 + 1);
  const sums = new Int32Array(row);
  const rowAt = (y: number) => Math.min(height - 1, Math.max(0, y)) * row;
  for (let y = -radius; y <= radius; y++) {
    const at = rowAt(y);
    for (let index = 0; index < row; index++) sums[index]! += from[at + index]!;
  }
  for (let y = 0; y < height; y++) {
    const [at, enters, leaves] = [y * row, rowAt(y + radius + 1), rowAt(y - radius)];
    for (let index = 0; index < row; index++) {
      const sum = sums[index]!;
      to[at + index] = sum * share;
      sums[index] = sum + from[enters + index]! - from[leaves + index]!;
    }
  }
}

function reduced({ data, width, height }: Pixels, factor: number): Pixels {
  const small = blank(Math.ceil(width / factor), Math.ceil(height / factor));
  for (let row = 0; row < small.height; row++) {
    for (let column = 0; column < small.width; column++) {
      let [red, green, blue, alpha, count] = [0, 0, 0, 0, 0];
      const [right, bottom] = [Math.min(width, (column + 1) * factor), Math.min(height, (row + 1) * factor)];
      for (let y = row * factor; y < bottom; y++) {
        for (let x = column * factor; x < right; x++) {
          const at = (y * width + x) * 4;
          red += data[at]!;
          green += data[at + 1]!;
          blue += data[at + 2]!;
          alpha += data[at + 3]!;
          count += 1;
        }
      }
      const at = (row * small.width + column) * 4;
      small.data[at] = red / count;
      small.data[at + 1] = green / count;
      small.data[at + 2] = blue / count;
      small.data[at + 3] = alpha / count;
    }
  }
  return small;
}

/** Stretched over the size of another picture, smoothly: first down, one row at a time, then along the row. */
function enlarged({ data, width: narrow, height: low }: Pixels, { width, height }: Pixels): Pixels {
  const result = blank(width, height);
  const row = new Float32Array((narrow + 1) * 4);
  const step = narrow / width;
  for (let y = 0; y < height; y++) {
    const v = Math.min(low - 1, Math.max(0, ((y + 0.5) * low) / height - 0.5));
    const top = Math.floor(v);
    const [upper, lower] = [top * narrow * 4, Math.min(low - 1, top + 1) * narrow * 4];
    for (let at = 0; at < narrow * 4; at++) {
      row[at] = data[upper + at]! + (data[lower + at]! - data[upper + at]!) * (v - top);
    }
    row.copyWithin(narrow * 4, (narrow - 1) * 4, narrow * 4);
    for (let x = 0, to = y * width * 4; x < width; x++, to += 4) {
      const u = Math.min(narrow - 1, Math.max(0, (x + 0.5) * step - 0.5));
      const left = Math.floor(u);
      const share = u - left;
      const at = left * 4;
      result.data[to] = row[at]! + (row[at + 4]! - row[at]!) * share;
      result.data[to + 1] = row[at + 1]! + (row[at + 5]! - row[at + 1]!) * share;
      result.data[to + 2] = row[at + 2]! + (row[at + 6]! - row[at + 2]!) * share;
      result.data[to + 3] = row[at + 3]! + (row[at + 7]! - row[at + 3]!) * share;
    }
  }
  return result;
}
