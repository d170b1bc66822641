// Watercolour: pigment runs, gathers at the borders of a wash, settles in the hollows of the paper.

import { channels } from '../draw/colour.ts';
import { blurred } from '../pixels/blur.ts';
import { Noise, slope, speck } from '../pixels/noise.ts';
import { copyOf, lumaAt, type Pixels, shorterSide } from '../pixels/pixels.ts';
import { mapColours, mapOf } from '../pixels/tone.ts';

/** Pigment is purer than what light and haze leave of a scene. */
const vivid = mapOf({ saturation: 1.25 });

/** Paints the picture again with water: `run` is how far borders wander, `margin` how wide the paper stays bare around. */
export function wash(pixels: Pixels, sheet: { paper: string; run: number; margin: number }): Pixels {
  const { width, height } = pixels;
  const side = shorterSide(pixels);
  const wet = blurred(pixels, side / 320);
  const wide = blurred(pixels, side / 60);
  const grain = side > 700 ? 1 : 0;
  const painted = copyOf(pixels);
  const paper = channels(sheet.paper);
  const [across, down, fine, pools] = [
    new Noise(side / 18, 11),
    new Noise(side / 18, 12),
    new Noise(side / 60, 13),
    new Noise(side / 7, 14),
  ];
  const [run, margin] = [side * sheet.run, side * sheet.margin];
  const rows = [across, down, fine, pools].map(() => new Float32Array(width));
  for (let y = 0; y < height; y++) {
    const [acrossRow, downRow, fineRow, poolRow] = [across, down, fine, pools].map((field, index) =>
      field.row(y, rows[index]!),
    );
    for (let x = 0; x < width; x++) {
      const at = (y * width + x) * 4;
      const [dx, dy, tremble] = [acrossRow![x]!, downRow![x]!, fineRow![x]!];
      const fromX = Math.min(width - 1, Math.max(0, Math.round(x + (dx + tremble * 0.4) * run)));
      const fromY = Math.min(height - 1, Math.max(0, Math.round(y + (dy - tremble * 0.4) * run)));
      const from = (fromY * width + fromX) * 4;
      const light = lumaAt(wet.data, from);
      // Where a dark wash meets a light one the pigment gathers in a rim.
      const rim = Math.min(1, Math.max(0, lumaAt(wide.data, from) - light) / 60);
      const cloud = poolRow![x]! * 0.17 + dx * 0.07;
      const tooth = speck(x >> grain, y >> grain) * 0.045 + tremble * 0.03;
      const edge = Math.min(x, y, width - 1 - x, height - 1 - y) + (dx * 0.4 + tremble * 0.14) * margin;
      const covered = slope(margin * 0.9, margin, edge);
      const brink = (1 - slope(margin, margin * 1.2, edge)) * 0.16;
      // Washes are thin: what is dark stays a little transparent.
      const strength = (0.76 + rim * 0.42 + cloud + tooth + brink) * covered;
      for (let channel = 0; channel < 3; channel++) {
        painted.data[at + channel] = paper[channel]! - (paper[channel]! - wet.data[from + channel]!) * strength;
      }
      painted.data[at + 3] = 255;
    }
  }
  return mapColours(painted, vivid);
}
