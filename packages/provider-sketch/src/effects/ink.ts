// Pen and ink: contours, and hatching that grows denser in the shade.

import { channels } from '../draw/colour.ts';
import { blurred } from '../pixels/blur.ts';
import { Noise, slope } from '../pixels/noise.ts';
import { lumaAt, type Pixels, shorterSide } from '../pixels/pixels.ts';
import { contours } from './contours.ts';

/** Below which share of the picture's mean light each set of strokes begins, and the direction of the set. */
const sets = [
  { below: 0.9, x: 0.72, y: 0.69 },
  { below: 0.58, x: 0.79, y: -0.61 },
  { below: 0.34, x: 0.12, y: 0.99 },
] as const;

/** Draws the picture again with a pen on paper; `spacing` between strokes is a share of the shorter side. */
export function ink(pixels: Pixels, pen: { paper: string; ink: string; spacing: number; tint: number }): Pixels {
  const { data, width, height } = pixels;
  const side = shorterSide(pixels);
  const soft = blurred(pixels, side / 900);
  const wide = blurred(pixels, side / 160);
  const wider = blurred(pixels, side / 5);
  const borders = contours(soft);
  const middle = Math.min(170, meanLight(wide));
  const wobble = new Noise(side / 26, 5);
  const turn = (Math.PI * 2) / Math.max(4, side * pen.spacing);
  const [paper, black] = [channels(pen.paper), channels(pen.ink)];
  const bends = new Float32Array(width);
  for (let y = 0; y < height; y++) {
    wobble.row(y, bends);
    for (let x = 0; x < width; x++) {
      const index = y * width + x;
      const at = index * 4;
      const light = lumaAt(wide.data, at);
      const bend = bends[x]! * side * 0.0026;
      let dark = slope(14, 44, borders[index]!) * 0.95;
      for (const { below, x: across, y: down } of sets) {
        if (light >= below * middle) break;
        const wave = 0.5 + 0.5 * Math.cos((x * across + y * down + bend) * turn);
        const heavy = 0.93 - 0.26 * Math.min(1, (below * middle - light) / 60);
        dark = Math.max(dark, slope(heavy - 0.12, heavy + 0.12, wave) * 0.8);
      }
      const mean = (wide.data[at]! + wide.data[at + 1]! + wide.data[at + 2]!) / 3;
      const around = (wider.data[at]! + wider.data[at + 1]! + wider.data[at + 2]!) / 3;
      for (let channel = 0; channel < 3; channel++) {
        // Colour only where it differs from what is around: a red boat, not the whole sunset.
        const hue = wide.data[at + channel]! - mean - 0.8 * (wider.data[at + channel]! - around);
        const sheet = paper[channel]! + hue * pen.tint - Math.abs(hue) * pen.tint * 0.3;
        data[at + channel] = sheet + (black[channel]! - sheet) * dark;
      }
      data[at + 3] = 255;
    }
  }
  return pixels;
}

function meanLight({ data }: Pixels): number {
  let sum = 0;
  for (let at = 0; at < data.length; at += 4) sum += lumaAt(data, at);
  return sum / (data.length / 4);
}
