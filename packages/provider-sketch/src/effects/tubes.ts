// Neon: the contours of the picture as glass tubes that light up the dark.

import { channels } from '../draw/colour.ts';
import { blurred } from '../pixels/blur.ts';
import { slope } from '../pixels/noise.ts';
import { blank, type Pixels, shorterSide } from '../pixels/pixels.ts';
import { contours } from './contours.ts';

/** Colours for contours of things that have none, from the top of the picture to its foot. */
const signs = ['#ff3cac', '#b44cff', '#35d0ff', '#2cffc8'].map(channels);

/** Keeps a dim picture behind, and draws its contours as light in the colours of the things, with a halo around. */
export function tubes(pixels: Pixels, { night, glow }: { night: string; glow: number }): Pixels {
  const { data, width, height } = pixels;
  const side = shorterSide(pixels);
  const borders = contours(blurred(pixels, side / 700));
  const near = blurred(pixels, side / 120);
  const light = blank(width, height);
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) {
      const index = y * width + x;
      const strength = slope(16, 60, borders[index]!);
      if (strength === 0) continue;
      const colour = signColour(near.data, index * 4, y / height);
      for (let channel = 0; channel < 3; channel++) light.data[index * 4 + channel] = colour[channel]! * strength;
      light.data[index * 4 + 3] = 255 * strength;
    }
  }
  const [halo, haze] = [blurred(light, side / 210), blurred(light, side / 42)];
  const dark = channels(night);
  // In a small picture the tubes are wide for its size: each may shine less.
  const shine = glow * Math.min(1, side / 900);
  for (let at = 0; at < data.length; at += 4) {
    const core = light.data[at + 3]! / 255;
    for (let channel = 0; channel < 3; channel++) {
      const lit =
        light.data[at + channel]! * 0.75 + (halo.data[at + channel]! * 1.15 + haze.data[at + channel]! * 1.5) * shine;
      data[at + channel] = dark[channel]! + data[at + channel]! * 0.1 + lit + core * core * 90;
    }
    data[at + 3] = 255;
  }
  return pixels;
}

/** The hue of the place at full strength; where there is hardly any, one of the signs' colours. */
function signColour(data: Uint8ClampedArray, at: number, down: number): readonly number[] {
  const [red, green, blue] = [data[at]!, data[at + 1]!, data[at + 2]!];
  const low = Math.min(red, green, blue);
  const span = Math.max(red, green, blue) - low;
  const hue = slope(24, 70, span);
  const place = Math.min(2.999, Math.max(0, down * 3));
  const [above, below] = [signs[Math.floor(place)]!, signs[Math.floor(place) + 1]!];
  return [red, green, blue].map((value, channel) => {
    const own = span ? 30 + ((value - low) / span) * 225 : 0;
    const sign = above[channel]! + (below[channel]! - above[channel]!) * (place - Math.floor(place));
    return own * hue + sign * (1 - hue);
  });
}
