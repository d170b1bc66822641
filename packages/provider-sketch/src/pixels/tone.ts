// Changes of colour that treat every pixel alike: affine maps of red, green and blue.

import type { Look } from '../data/looks.ts';
import { channels } from '../draw/colour.ts';
import type { Pixels } from './pixels.ts';

/** What is done to one channel: three factors and an addend in steps of 0–255. */
type Row = readonly [red: number, green: number, blue: number, add: number];
/** What is done to red, green and blue. */
export type ColourMap = readonly [Row, Row, Row];

const luma = [0.2126, 0.7152, 0.0722] as const;

const each = (write: (row: 0 | 1 | 2) => Row): ColourMap => [write(0), write(1), write(2)];

/** Contrast, saturation, gain and lift as one map. */
export function mapOf({ contrast = 1, saturation = 1, gain = [1, 1, 1], lift = [0, 0, 0] }: Look): ColourMap {
  const middle = 128 * (1 - contrast);
  return each((row) => {
    const factor = gain[row];
    const cell = (column: 0 | 1 | 2) =>
      factor * contrast * (luma[column] * (1 - saturation) + (row === column ? saturation : 0));
    return [cell(0), cell(1), cell(2), factor * middle + lift[row]];
  });
}

/** Light and shade stay, the hue becomes the colour's: grey runs from a dark tone of it to a pale one. */
export function tint(hex: string): ColourMap {
  const own = 0.12;
  return each((row) => {
    const value = channels(hex)[row];
    const dark = value * 0.16;
    const pale = value + (255 - value) * 0.62;
    const cell = (column: 0 | 1 | 2) => ((1 - own) * luma[column] * (pale - dark)) / 255 + (row === column ? own : 0);
    return [cell(0), cell(1), cell(2), (1 - own) * dark];
  });
}

/** Changes the pixels in place. */
export function mapColours(pixels: Pixels, map: ColourMap): Pixels {
  const { data } = pixels;
  const [[rr, rg, rb, ra], [gr, gg, gb, ga], [br, bg, bb, ba]] = map;
  for (let at = 0; at < data.length; at += 4) {
    const [red, green, blue] = [data[at]!, data[at + 1]!, data[at + 2]!];
    data[at] = rr * red + rg * green + rb * blue + ra;
    data[at + 1] = gr * red + gg * green + gb * blue + ga;
    data[at + 2] = br * red + bg * green + bb * blue + ba;
  }
  return pixels;
}
