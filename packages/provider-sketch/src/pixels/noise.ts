// Smooth noise: random heights on a grid, and slopes between them. The same on every run.

import { Random } from '../draw/brush/random.ts';

const side = 64;

/** A field of values from -1 to 1 that changes over about `scale` px. */
export class Noise {
  readonly #grid = new Float32Array(side * side);
  readonly #scale: number;

  constructor(scale: number, seed: number) {
    this.#scale = 1 / Math.max(1, scale);
    const random = new Random(seed);
    for (let index = 0; index < this.#grid.length; index++) this.#grid[index] = random.between(-1, 1);
  }

  /** The values of one row of pixels, from its left end; `step` px lie between two values. */
  row(y: number, values: Float32Array, step = 1): Float32Array {
    const v = y * this.#scale;
    const top = Math.floor(v);
    const dy = ease(v - top);
    const [upper, lower] = [(top & (side - 1)) * side, ((top + 1) & (side - 1)) * side];
    const height = (column: number) => {
      const at = column & (side - 1);
      return this.#grid[upper + at]! + (this.#grid[lower + at]! - this.#grid[upper + at]!) * dy;
    };
    let [cell, from, to] = [-1, 0, height(0)];
    const scale = this.#scale * step;
    for (let x = 0; x < values.length; x++) {
      const u = x * scale;
      const column = Math.floor(u);
      if (column !== cell) [cell, from, to] = [column, height(column), height(column + 1)];
      const dx = u - column;
      values[x] = from + (to - from) * dx * dx * (3 - 2 * dx);
    }
    return values;
  }
}

function ease(share: number): number {
  return share * share * (3 - 2 * share);
}

/** A grain between -1 and 1 for one pixel, unlike its neighbours'. */
export function speck(x: number, y: number): number {
  let mixed = Math.imul(x, 0x27d4eb2d) ^ Math.imul(y, 0x165667b1);
  mixed = Math.imul(mixed ^ (mixed >>> 15), 0x2c1b3c6d);
  return ((mixed ^ (mixed >>> 12)) >>> 0) / 2 ** 31 - 1;
}

/** 0 below `from`, 1 above `to`, a soft slope between. */
export function slope(from: number, to: number, value: number): number {
  return ease(Math.min(1, Math.max(0, (value - from) / (to - from))));
}
