// Watercolour: pigment runs, gathers at the borders of a wash, settles in the hollows of the paper.

import { channels } from '../draw/brush/colour.ts';
import { enlarged, softened } from '../pixels/blur.ts';
import { Noise, slope, speck } from '../pixels/noise.ts';
import { lumaAt, type Pixels, pixelsOf, shorterSide } from '../pixels/pixels.ts';
import { mapColours, mapOf } from '../pixels/tone.ts';

/** Pigment is purer than what light and haze leave of a scene. */
const vivid = mapOf({ saturation: 1.25 });

/** Paints the picture again with water: `run` is how far borders wander, `margin` how wide the paper stays bare around. */
export function wash(pixels: Pixels, sheet: { paper: string; run: number; margin: number }): Pixels {
  const { data, width, height } = pixels;
  const side = shorterSide(pixels);
  const [run, margin] = [side * sheet.run, side * sheet.margin];
  const wet = pigment(pixels).data;
  const paper = mapColours(pixelsOf(Uint8Array.of(...channels(sheet.paper), 255), 1, 1), vivid).data;
  // Where the pigment runs to and how thick it lies is decided once for each hollow of the paper.
  const hollow = side > 700 ? 2 : 1;
  const row = () => new Float32Array(Math.ceil(width / hollow));
  const [across, down, fine, pools] = [row(), row(), row(), row()];
  const [drift, fall] = [new Noise(side / 18, 11), new Noise(side / 18, 12)];
  const [shiver, pool] = [new Noise(side / 60, 13), new Noise(side / 7, 14)];
  // A function of its own, because the first picture of a process is painted sooner with it: it is compiled after a few rows.
  const paintRow = (top: number) => {
    drift.row(top, across, hollow);
    fall.row(top, down, hollow);
    shiver.row(top, fine, hollow);
    pool.row(top, pools, hollow);
    const bottom = Math.min(height, top + hollow);
    for (let left = 0, column = 0; left < width; left += hollow, column++) {
      const dx = across[column]!;
      const tremble = fine[column]!;
      const moveX = Math.round((dx + tremble * 0.4) * run);
      const moveY = Math.round((down[column]! - tremble * 0.4) * run);
      const edge = Math.min(left, top, width - 1 - left, height - 1 - top) + (dx * 0.4 + tremble * 0.14) * margin;
      const covered = slope(margin * 0.9, margin, edge);
      const brink = (1 - slope(margin, margin * 1.2, edge)) * 0.16;
      const tooth = speck(column, top / hollow) * 0.045 + tremble * 0.03;
      // Washes are thin: what is dark stays a little transparent.
      const thick = 0.76 + pools[column]! * 0.17 + dx * 0.07 + tooth + brink;
      const right = Math.min(width, left + hollow);
      for (let y = top; y < bottom; y++) {
        const line = Math.min(height - 1, Math.max(0, y + moveY)) * width;
        for (let x = left; x < right; x++) {
          const from = (line + Math.min(width - 1, Math.max(0, x + moveX))) * 4;
          const at = (y * width + x) * 4;
          const strength = (thick + wet[from + 3]! * (0.42 / 255)) * covered;
          data[at] = paper[0]! - (paper[0]! - wet[from]!) * strength;
          data[at + 1] = paper[1]! - (paper[1]! - wet[from + 1]!) * strength;
          data[at + 2] = paper[2]! - (paper[2]! - wet[from + 2]!) * strength;
          data[at + 3] = 255;
        }
      }
    }
  };
  for (let top = 0; top < height; top += hollow) paintRow(top);
  return pixels;
}

/** The colours that run; the fourth number is how much pigment has gathered, 0–255. */
function pigment(pixels: Pixels): Pixels {
  const wet = softened(pixels, shorterSide(pixels) / 320);
  const { data: wide } = enlarged(softened(wet, shorterSide(wet) / 60), wet);
  for (let at = 0; at < wet.data.length; at += 4) {
    // Where a dark wash meets a light one the pigment gathers in a rim.
    wet.data[at + 3] = ((lumaAt(wide, at) - lumaAt(wet.data, at)) / 60) * 255;
  }
  return enlarged(mapColours(wet, vivid), pixels);
}
