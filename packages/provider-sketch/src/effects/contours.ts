import { blurBox } from '../pixels/blur.ts';
import { lumaAt, type Pixels } from '../pixels/pixels.ts';

/**
 * How much the colour changes at each pixel, 0–255: large at the borders of things; `reach` in px takes the edge off fine
 * detail. The larger the picture, the farther apart are the pixels that are compared, so that contours have the same share of it.
 */
export function contours({ data, width, height }: Pixels, reach: number): Uint8ClampedArray {
  const step = Math.max(1, Math.round(Math.min(width, height) / 900));
  // Light, and red against blue: things of equal light and different colour have a border too.
  const planes = new Uint8ClampedArray(width * height * 2);
  for (let index = 0; index < width * height; index++) {
    const at = index * 4;
    planes[index * 2] = lumaAt(data, at);
    planes[index * 2 + 1] = 128 + (data[at]! - data[at + 2]!) * 0.5;
  }
  blurBox(planes, width, height, 2, Math.round(reach));
  const found = new Uint8ClampedArray(width * height);
  const row = width * 2 * step;
  for (let y = step; y < height - step; y++) {
    for (let x = step; x < width - step; x++) {
      const index = y * width + x;
      const light = steepness(planes, index * 2, step * 2, row);
      const hue = steepness(planes, index * 2 + 1, step * 2, row);
      found[index] = Math.sqrt(Math.max(light, hue)) / 2;
    }
  }
  return found;
}

/** The square of the change of a plane at a place (Sobel); `near` and `row` lead to the next column and row. */
function steepness(plane: Uint8ClampedArray, at: number, near: number, row: number): number {
  const falling = plane[at + row + near]! - plane[at - row - near]!;
  const rising = plane[at - row + near]! - plane[at + row - near]!;
  const across = falling + rising + 2 * (plane[at + near]! - plane[at - near]!);
  const down = falling - rising + 2 * (plane[at + row]! - plane[at - row]!);
  return across * across + down * down;
}
