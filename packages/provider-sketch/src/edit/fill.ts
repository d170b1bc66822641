// Fills a hole from what surrounds it, in two ways that are mixed. All around: the picture is halved again and again until the
// hole is gone, then enlarged again. From side to side: rows go on from left to right, so that horizons meet.

import { speck } from '../pixels/noise.ts';
import { blank, type Pixels } from '../pixels/pixels.ts';

/** A copy whose masked pixels (0–255, white = hole) flow on from their surroundings. */
export function fill(pixels: Pixels, hole: Uint8ClampedArray): Pixels {
  const known = { ...pixels, data: pixels.data.slice() };
  // From here on the fourth number is how much of a pixel is known.
  for (let index = 0; index < hole.length; index++) known.data[index * 4 + 3] = 255 - hole[index]!;
  const filled = fillLevel(known);
  for (let y = 0; y < pixels.height; y++) joinRow(pixels, filled, hole, y);
  for (let index = 0; index < hole.length; index++) {
    const at = index * 4;
    const share = hole[index]! / 255;
    const grain = speck(index % pixels.width, Math.floor(index / pixels.width)) * 2 * share;
    for (let channel = 0; channel < 3; channel++) filled.data[at + channel] = filled.data[at + channel]! + grain;
    const alpha = pixels.data[at + 3]!;
    filled.data[at + 3] = alpha + (255 - alpha) * share;
  }
  return filled;
}

/** How much of a row comes from its own ends. */
const rowShare = 0.72;
/** How many pixels beside the hole are averaged. */
const reach = 5;

function joinRow(pixels: Pixels, filled: Pixels, hole: Uint8ClampedArray, y: number): void {
  const { width } = pixels;
  const open = (x: number) => x >= 0 && x < width && hole[y * width + x]! > 0;
  for (let from = 0; from < width; from++) {
    if (!open(from)) continue;
    let to = from;
    while (open(to + 1)) to += 1;
    const [left, right] = [meanBeside(pixels, from - reach, from - 1, y), meanBeside(pixels, to + 1, to + reach, y)];
    if (left && right) {
      for (let x = from; x <= to; x++) {
        const along = (x - from + 1) / (to - from + 2);
        const at = (y * width + x) * 4;
        const share = (rowShare * hole[y * width + x]!) / 255;
        for (let channel = 0; channel < 3; channel++) {
          const joined = left[channel]! + (right[channel]! - left[channel]!) * along;
          filled.data[at + channel] = filled.data[at + channel]! + (joined - filled.data[at + channel]!) * share;
        }
      }
    }
    from = to;
  }
}

function meanBeside({ data, width }: Pixels, from: number, to: number, y: number): readonly number[] | undefined {
  const columns = Array.from({ length: to - from + 1 }, (_, index) => from + index).filter((x) => x >= 0 && x < width);
  if (columns.length === 0) return undefined;
  return [0, 1, 2].map(
    (channel) => columns.reduce((sum, x) => sum + data[(y * width + x) * 4 + channel]!, 0) / columns.length,
  );
}

function fillLevel(level: Pixels): Pixels {
  if (level.width <= 1 && level.height <= 1) return level;
  const coarse = fillLevel(halved(level));
  const { data, width, height } = level;
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) {
      const at = (y * width + x) * 4;
      const share = data[at + 3]! / 255;
      if (share === 1) continue;
      for (let channel = 0; channel < 3; channel++) {
        data[at + channel] =
          data[at + channel]! * share + between(coarse, x / 2 - 0.25, y / 2 - 0.25, channel) * (1 - share);
      }
    }
  }
  return level;
}

/** Half as wide and high; what is known counts, what is not does not. */
function halved({ data, width, height }: Pixels): Pixels {
  const small = blank(Math.ceil(width / 2), Math.ceil(height / 2));
  for (let y = 0; y < small.height; y++) {
    for (let x = 0; x < small.width; x++) {
      let [red, green, blue, weight, most] = [0, 0, 0, 0, 0];
      for (let part = 0; part < 4; part++) {
        const [column, row] = [Math.min(width - 1, x * 2 + (part & 1)), Math.min(height - 1, y * 2 + (part >> 1))];
        const at = (row * width + column) * 4;
        const share = data[at + 3]!;
        red += data[at]! * share;
        green += data[at + 1]! * share;
        blue += data[at + 2]! * share;
        weight += share;
        most = Math.max(most, share);
      }
      const divisor = weight || 1;
      small.data.set([red / divisor, green / divisor, blue / divisor, most], (y * small.width + x) * 4);
    }
  }
  return small;
}

/** One channel at a place between pixels. */
function between({ data, width, height }: Pixels, x: number, y: number, channel: number): number {
  const [left, top] = [Math.floor(x), Math.floor(y)];
  const [dx, dy] = [x - left, y - top];
  const value = (column: number, row: number) =>
    data[(Math.min(height - 1, Math.max(0, row)) * width + Math.min(width - 1, Math.max(0, column))) * 4 + channel]!;
  const upper = value(left, top) * (1 - dx) + value(left + 1, top) * dx;
  const lower = value(left, top + 1) * (1 - dx) + value(left + 1, top + 1) * dx;
  return upper * (1 - dy) + lower * dy;
}
