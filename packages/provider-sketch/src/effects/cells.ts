// Pixel art: the picture as a small mosaic with a palette of its own.

import { blank, type Pixels, shorterSide } from '../pixels/pixels.ts';

type Colour = readonly [red: number, green: number, blue: number];

/** How much each place of a 4×4 tile leans towards the lighter of two colours. */
const dither = [0, 8, 2, 10, 12, 4, 14, 6, 3, 11, 1, 9, 15, 7, 13, 5].map((value) => value / 16 - 0.47);

/** Square cells, few colours, and a checked pattern where two of them meet. */
export function cells(pixels: Pixels, { across, colours }: { across: number; colours: number }): Pixels {
  const size = Math.max(1, shorterSide(pixels) / across);
  const small = reduce(pixels, size);
  const palette = paletteOf(small, colours);
  const spread = 11;
  for (let y = 0; y < small.height; y++) {
    for (let x = 0; x < small.width; x++) {
      const at = (y * small.width + x) * 4;
      const lean = dither[(y & 3) * 4 + (x & 3)]! * spread;
      const [red, green, blue] = [small.data[at]! + lean, small.data[at + 1]! + lean, small.data[at + 2]! + lean];
      small.data.set(nearest(palette, red, green, blue), at);
    }
  }
  return enlarge(small, pixels, size);
}

/** One pixel per cell, its mean colour. */
function reduce({ data, width, height }: Pixels, size: number): Pixels {
  const small = blank(Math.ceil(width / size - 1e-6), Math.ceil(height / size - 1e-6));
  for (let row = 0, to = 0; row < small.height; row++) {
    const top = Math.floor(row * size);
    const bottom = Math.min(height, Math.ceil((row + 1) * size));
    for (let column = 0; column < small.width; column++, to += 4) {
      const left = Math.floor(column * size);
      const right = Math.min(width, Math.ceil((column + 1) * size));
      let [red, green, blue, alpha] = [0, 0, 0, 0];
      for (let y = top; y < bottom; y++) {
        for (let at = (y * width + left) * 4; at < (y * width + right) * 4; at += 4) {
          red += data[at]!;
          green += data[at + 1]!;
          blue += data[at + 2]!;
          alpha += data[at + 3]!;
        }
      }
      const count = (right - left) * (bottom - top);
      small.data[to] = red / count;
      small.data[to + 1] = green / count;
      small.data[to + 2] = blue / count;
      small.data[to + 3] = alpha / count;
    }
  }
  return small;
}

function enlarge(small: Pixels, { width, height }: Pixels, size: number): Pixels {
  const large = blank(width, height);
  const [from, to] = [new Uint32Array(small.data.buffer), new Uint32Array(large.data.buffer)];
  const columns = Int32Array.from({ length: width }, (_, x) => Math.floor(x / size));
  for (let y = 0; y < height; y++) {
    const row = Math.floor(y / size) * small.width;
    for (let x = 0; x < width; x++) to[y * width + x] = from[row + columns[x]!]!;
  }
  return large;
}

/** The colours that stand for all others: the box of colours is cut in two, again and again, where it is widest. */
function paletteOf({ data }: Pixels, count: number): Colour[] {
  const all: Colour[] = [];
  for (let at = 0; at < data.length; at += 4) all.push([data[at]!, data[at + 1]!, data[at + 2]!]);
  const boxes = [measure(all)];
  while (boxes.length < count) {
    const widest = boxes.reduce((best, box) => (box.weight > best.weight ? box : best));
    if (widest.weight === 0) break;
    const sorted = widest.colours.toSorted((a, b) => a[widest.channel]! - b[widest.channel]!);
    // Cut at the middle of the range rather than of the crowd: small bright things keep colours of their own.
    const middle = (sorted[0]![widest.channel]! + sorted.at(-1)![widest.channel]!) / 2;
    const cut = Math.max(
      1,
      sorted.findIndex((colour) => colour[widest.channel]! > middle),
    );
    boxes.splice(boxes.indexOf(widest), 1, measure(sorted.slice(0, cut)), measure(sorted.slice(cut)));
  }
  return boxes.map(({ colours }) => mean(colours));
}

interface Box {
  readonly colours: readonly Colour[];
  readonly channel: 0 | 1 | 2;
  readonly weight: number;
}

function measure(colours: readonly Colour[]): Box {
  const low = [255, 255, 255];
  const high = [0, 0, 0];
  for (const colour of colours) {
    for (let channel = 0; channel < 3; channel++) {
      low[channel] = Math.min(low[channel]!, colour[channel]!);
      high[channel] = Math.max(high[channel]!, colour[channel]!);
    }
  }
  const spans = high.map((value, channel) => value - low[channel]!);
  const channel = spans.indexOf(Math.max(...spans)) as 0 | 1 | 2;
  return { colours, channel, weight: Math.max(0, spans[channel]!) * Math.sqrt(Math.sqrt(colours.length)) };
}

function mean(colours: readonly Colour[]): Colour {
  const sums = [0, 0, 0];
  for (const colour of colours) for (let channel = 0; channel < 3; channel++) sums[channel]! += colour[channel]!;
  return sums.map((sum) => Math.round(sum / colours.length)) as unknown as Colour;
}

function nearest(palette: readonly Colour[], red: number, green: number, blue: number): Colour {
  let best = palette[0]!;
  let least = Infinity;
  for (const colour of palette) {
    const distance = 2 * (colour[0] - red) ** 2 + 4 * (colour[1] - green) ** 2 + 3 * (colour[2] - blue) ** 2;
    if (distance >= least) continue;
    best = colour;
    least = distance;
  }
  return best;
}
