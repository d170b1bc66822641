// Pen and ink: contours, and hatching that grows denser in the shade.

import { channels } from '../draw/brush/colour.ts';
import { enlarged, softened } from '../pixels/blur.ts';
import { Noise, slope } from '../pixels/noise.ts';
import { lumaAt, type Pixels, shorterSide } from '../pixels/pixels.ts';
import { contours } from './contours.ts';

/** Below which share of the picture's mean light each set of strokes begins, and the direction of the set. */
const sets = [
  { below: 0.9, x: 0.72, y: 0.69 },
  { below: 0.58, x: 0.79, y: -0.61 },
  { below: 0.34, x: 0.12, y: 0.99 },
] as const;

/** Places along one wave of strokes that are told apart. */
const turn = 1024;

/** How dark each step of contour is, 0–1. */
const outline = Float32Array.from({ length: 256 }, (_, border) => slope(14, 44, border) * 0.95);

/** Height of a stroke at each place of its wave, 0–1. */
const waves = Float32Array.from({ length: turn }, (_, place) => 0.5 + 0.5 * Math.cos((place / turn) * Math.PI * 2));

/** Draws the picture again with a pen on paper; `spacing` between strokes is a share of the shorter side. */
export function ink(pixels: Pixels, pen: { paper: string; ink: string; spacing: number; tint: number }): Pixels {
  const { data, width, height } = pixels;
  const side = shorterSide(pixels);
  const borders = contours(pixels, side / 900);
  const { sheet, middle } = tintedSheet(pixels, channels(pen.paper), pen.tint);
  const strokes = sets.map((set) => ({ ...set, from: wherePenLands(set.below * middle) }));
  const wobble = new Noise(side / 26, 5);
  const places = turn / Math.max(4, side * pen.spacing);
  const black = channels(pen.ink);
  const bends = new Float32Array(width);
  for (let y = 0; y < height; y++) {
    wobble.row(y, bends);
    for (let x = 0, at = y * width * 4; x < width; x++, at += 4) {
      const light = sheet[at + 3]!;
      const bend = bends[x]! * side * 0.0026;
      let dark = outline[borders[y * width + x]!]!;
      for (let index = 0; index < strokes.length; index++) {
        const stroke = strokes[index]!;
        const from = stroke.from[light]!;
        if (from > 1) break;
        const wave = waves[Math.floor((x * stroke.x + y * stroke.y + bend) * places) & (turn - 1)]!;
        if (wave > from) dark = Math.max(dark, slope(from, from + 0.24, wave) * 0.8);
      }
      data[at] = sheet[at]! + (black[0]! - sheet[at]!) * dark;
      data[at + 1] = sheet[at + 1]! + (black[1]! - sheet[at + 1]!) * dark;
      data[at + 2] = sheet[at + 2]! + (black[2]! - sheet[at + 2]!) * dark;
      data[at + 3] = 255;
    }
  }
  return pixels;
}

/** For each light 0–255, from which height of the wave on there is ink: less of it the lighter; above 1 = none. */
function wherePenLands(below: number): Float32Array {
  return Float32Array.from({ length: 256 }, (_, light) =>
    light >= below ? 2 : 0.81 - 0.26 * Math.min(1, (below - light) / 60),
  );
}

/** The paper with a thin wash of colour, the fourth number being the picture's light there; and the mean light (170 at most). */
function tintedSheet(pixels: Pixels, paper: readonly number[], tint: number) {
  const wide = softened(pixels, shorterSide(pixels) / 160);
  const { data } = wide;
  const { data: wider } = enlarged(softened(wide, shorterSide(wide) / 5), wide);
  let sum = 0;
  for (let at = 0; at < data.length; at += 4) {
    const light = lumaAt(data, at);
    sum += light;
    const mean = (data[at]! + data[at + 1]! + data[at + 2]!) / 3;
    const around = (wider[at]! + wider[at + 1]! + wider[at + 2]!) / 3;
    for (let channel = 0; channel < 3; channel++) {
      // Colour only where it differs from what is around: a red boat, not the whole sunset.
      const hue = data[at + channel]! - mean - 0.8 * (wider[at + channel]! - around);
      data[at + channel] = paper[channel]! + (hue - Math.abs(hue) * 0.3) * tint;
    }
    data[at + 3] = light;
  }
  return { sheet: enlarged(wide, pixels).data, middle: Math.min(170, sum / (data.length / 4)) };
}
