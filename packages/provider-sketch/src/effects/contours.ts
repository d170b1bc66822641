import { lumaAt, type Pixels } from '../pixels/pixels.ts';

/**
 * How much the colour changes at each pixel, 0–255: large at the borders of things. The larger the picture, the farther apart
 * are the pixels that are compared, so that contours have the same share of it.
 */
export function contours({ data, width, height }: Pixels): Uint8ClampedArray {
  const step = Math.max(1, Math.round(Math.min(width, height) / 900));
  const planes = [new Float32Array(width * height), new Float32Array(width * height)] as const;
  for (let index = 0; index < width * height; index++) {
    planes[0][index] = lumaAt(data, index * 4);
    // Red against blue: things of equal light and different colour have a border too.
    planes[1][index] = (data[index * 4]! - data[index * 4 + 2]!) * 0.5;
  }
  const found = new Uint8ClampedArray(width * height);
  const [near, row] = [step, step * width];
  for (let y = step; y < height - step; y++) {
    for (let x = step; x < width - step; x++) {
      const at = y * width + x;
      let most = 0;
      for (const plane of planes) {
        const falling = plane[at + row + near]! - plane[at - row - near]!;
        const rising = plane[at - row + near]! - plane[at + row - near]!;
        const across = falling + rising + 2 * (plane[at + near]! - plane[at - near]!);
        const down = falling - rising + 2 * (plane[at + row]! - plane[at - row]!);
        most = Math.max(most, across * across + down * down);
      }
      found[at] = Math.sqrt(most) / 2;
    }
  }
  return found;
}
