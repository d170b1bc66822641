// Pictures laid over each other.

import type { Pixels } from '../pixels/pixels.ts';

/** Lays a layer with premultiplied colours over the picture, its upper left corner at (left, top); writes into the picture. */
export function layOver(below: Pixels, above: Pixels, left = 0, top = 0): Pixels {
  for (let y = 0; y < above.height; y++) {
    for (let x = 0; x < above.width; x++) {
      const from = (y * above.width + x) * 4;
      const alpha = above.data[from + 3]!;
      if (alpha === 0) continue;
      const to = ((y + top) * below.width + x + left) * 4;
      const rest = 1 - alpha / 255;
      for (let channel = 0; channel < 4; channel++) {
        below.data[to + channel] = above.data[from + channel]! + below.data[to + channel]! * rest;
      }
    }
  }
  return below;
}

/** Part of the way from one picture to another, 0–1; writes into the second. */
export function blend(from: Pixels, to: Pixels, share: number): Pixels {
  if (share >= 1) return to;
  for (let at = 0; at < to.data.length; at++) to.data[at] = from.data[at]! + (to.data[at]! - from.data[at]!) * share;
  return to;
}

/** The second picture where the mask is white (0–255 per pixel), the first elsewhere; writes into the second. */
export function through(mask: Uint8ClampedArray, from: Pixels, to: Pixels): Pixels {
  for (let index = 0; index < mask.length; index++) {
    const share = mask[index]! / 255;
    if (share === 1) continue;
    for (let at = index * 4; at < index * 4 + 4; at++) {
      to.data[at] = from.data[at]! + (to.data[at]! - from.data[at]!) * share;
    }
  }
  return to;
}
