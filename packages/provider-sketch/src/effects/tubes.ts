// Neon: the contours of the picture as glass tubes that light up the dark.

import { channels } from '../draw/brush/colour.ts';
import { enlarged, softened } from '../pixels/blur.ts';
import { slope } from '../pixels/noise.ts';
import { type Pixels, shorterSide } from '../pixels/pixels.ts';
import { contours } from './contours.ts';

/** Colours for contours of things that have none, from the top of the picture to its foot. */
const signs = ['#ff3cac', '#b44cff', '#35d0ff', '#2cffc8'].map(channels);

/** How strongly each step of contour shines, 0–1. */
const strengths = Float32Array.from({ length: 256 }, (_, border) => slope(16, 60, border));

/** Keeps a dim picture behind, and draws its contours as light in the colours of the things, with a halo around. */
export function tubes(pixels: Pixels, { night, glow }: { night: string; glow: number }): Pixels {
  const { data } = pixels;
  const side = shorterSide(pixels);
  const light = lit(signColours(softened(pixels, side / 120)), contours(pixels, side / 700), pixels);
  const { data: around } = enlarged(halo(light), pixels);
  const dark = channels(night);
  // In a small picture the tubes are wide for its size: each may shine less.
  const shine = glow * 2 * Math.min(1, side / 900);
  for (let at = 0; at < data.length; at += 4) {
    const core = light.data[at + 3]! / 255;
    const white = core * core * 90;
    data[at] = dark[0]! + data[at]! * 0.1 + light.data[at]! * 0.75 + around[at]! * shine + white;
    data[at + 1] = dark[1]! + data[at + 1]! * 0.1 + light.data[at + 1]! * 0.75 + around[at + 1]! * shine + white;
    data[at + 2] = dark[2]! + data[at + 2]! * 0.1 + light.data[at + 2]! * 0.75 + around[at + 2]! * shine + white;
    data[at + 3] = 255;
  }
  return pixels;
}

/** The tubes alone, in the size of `sheet`; the fourth number is how strongly each pixel shines. */
function lit(colours: Pixels, borders: Uint8ClampedArray, sheet: Pixels): Pixels {
  const light = enlarged(colours, sheet);
  const { data } = light;
  for (let index = 0, at = 0; index < borders.length; index++, at += 4) {
    const strength = strengths[borders[index]!]!;
    data[at] = data[at]! * strength;
    data[at + 1] = data[at + 1]! * strength;
    data[at + 2] = data[at + 2]! * strength;
    data[at + 3] = 255 * strength;
  }
  return light;
}

/** Half of the light that the tubes shed: a narrow halo and a wide haze. Smaller than the picture. */
function halo(light: Pixels): Pixels {
  const near = softened(light, shorterSide(light) / 210);
  const { data: far } = enlarged(softened(near, shorterSide(near) / 42), near);
  for (let at = 0; at < far.length; at++) near.data[at] = (near.data[at]! * 1.15 + far[at]! * 1.5) / 2;
  return near;
}

/** Every colour becomes its hue at full strength; where there is hardly any, one of the signs' colours. In place. */
function signColours(pixels: Pixels): Pixels {
  const { data, width, height } = pixels;
  for (let y = 0, at = 0; y < height; y++) {
    const place = Math.min(2.999, (y / height) * 3);
    const above = signs[Math.floor(place)]!;
    const below = signs[Math.floor(place) + 1]!;
    for (let x = 0; x < width; x++, at += 4) {
      const low = Math.min(data[at]!, data[at + 1]!, data[at + 2]!);
      const span = Math.max(data[at]!, data[at + 1]!, data[at + 2]!) - low;
      const hue = slope(24, 70, span);
      for (let channel = 0; channel < 3; channel++) {
        const own = span ? 30 + ((data[at + channel]! - low) / span) * 225 : 0;
        const sign = above[channel]! + (below[channel]! - above[channel]!) * (place - Math.floor(place));
        data[at + channel] = own * hue + sign * (1 - hue);
      }
    }
  }
  return pixels;
}
