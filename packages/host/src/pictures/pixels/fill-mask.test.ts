import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import { fillMask } from './fill-mask.ts';
import type { Shape } from './mask-shapes.ts';

const size = { width: 24, height: 17 };
const at = fc.double({ min: -30, max: 60, noNaN: true });
const length = fc.double({ min: 0.01, max: 60, noNaN: true });
const point = fc.tuple(at, at);
const shape: fc.Arbitrary<Shape> = fc.oneof(
  fc.tuple(point, fc.tuple(length, length)).map((points): Shape => ({ kind: 'rect', points })),
  fc.tuple(point, fc.tuple(length, length)).map((points): Shape => ({ kind: 'ellipse', points })),
  fc.array(point, { minLength: 3, maxLength: 3 }).map((points): Shape => ({ kind: 'polygon', points })),
);

/** Whether a point lies in a shape by its own definition; `undefined` where it is too near the edge to tell. */
function lies({ kind, points }: Shape, x: number, y: number): boolean | undefined {
  const near = 1e-6;
  if (kind === 'polygon') {
    const sides = points.map(([ax, ay], index) => {
      const [bx, by] = points[(index + 1) % points.length]!;
      return (bx - ax) * (y - ay) - (by - ay) * (x - ax);
    });
    if (sides.some((side) => Math.abs(side) < near)) return undefined;
    return sides.every((side) => side > 0) || sides.every((side) => side < 0);
  }
  const [[px, py], [w, h]] = points as [[number, number], [number, number]];
  if (kind === 'rect') {
    const edges = [x - px, px + w - x, y - py, py + h - y];
    return edges.some((edge) => Math.abs(edge) < near) ? undefined : edges.every((edge) => edge > 0);
  }
  const far = ((x - px) / w) ** 2 + ((y - py) / h) ** 2;
  return Math.abs(far - 1) < near ? undefined : far < 1;
}

test('a pixel is white exactly where its centre lies in a shape, and all are counted', () => {
  fc.assert(
    fc.property(fc.array(shape, { minLength: 1, maxLength: 3 }), (shapes) => {
      const { pixels, inShape, painted } = fillMask(shapes, size);
      let white = 0;
      for (const [index, pixel] of pixels.entries()) {
        const centre = [(index % size.width) + 0.5, Math.floor(index / size.width) + 0.5] as const;
        const inside = shapes.map((one) => lies(one, ...centre));
        if (pixel) white += 1;
        if (!inside.includes(undefined)) expect(pixel).toBe(inside.includes(true) ? 255 : 0);
      }
      expect(painted).toBe(white);
      expect(Math.max(...inShape)).toBeLessThanOrEqual(painted);
      expect(inShape.reduce((sum, count) => sum + count, 0)).toBeGreaterThanOrEqual(painted);
    }),
    { numRuns: 300 },
  );
});

test('an outline that crosses itself has no holes', () => {
  const star = [0, 2, 4, 1, 3].map((corner) => {
    const turn = (corner / 5) * 2 * Math.PI;
    return [50 + 45 * Math.sin(turn), 50 - 45 * Math.cos(turn)] as const;
  });
  const { pixels } = fillMask([{ kind: 'polygon', points: star }], { width: 100, height: 100 });
  expect(pixels[50 * 100 + 50]).toBe(255);
});
