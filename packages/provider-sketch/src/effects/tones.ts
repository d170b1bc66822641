import { slope } from '../pixels/noise.ts';
import { lumaAt, type Pixels } from '../pixels/pixels.ts';

/** Gathers light and shade into a number of flat tones; the borders between them stay smooth. */
export function tones(pixels: Pixels, count: number): Pixels {
  const { data } = pixels;
  const factors = new Float32Array(256);
  const step = 255 / count;
  for (let value = 0; value < 256; value++) {
    const below = Math.floor(value / step);
    const flat = (below + slope(0.4, 0.6, value / step - below)) * step;
    factors[value] = (flat + step * 0.25) / (value + step * 0.25);
  }
  for (let at = 0; at < data.length; at += 4) {
    const factor = factors[Math.round(lumaAt(data, at))]!;
    data[at] = data[at]! * factor;
    data[at + 1] = data[at + 1]! * factor;
    data[at + 2] = data[at + 2]! * factor;
  }
  return pixels;
}
