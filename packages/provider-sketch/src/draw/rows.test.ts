import fc from 'fast-check';
import { expect, test } from 'vitest';
import { Random } from './brush/random.ts';
import { inRows } from './rows.ts';

const guest = fc.record({
  half: fc.double({ min: 10, max: 110, noNaN: true }),
  scale: fc.double({ min: 0.1, max: 4, noNaN: true }),
});

test('each of up to eighteen things has a place of its own within the plot', () => {
  fc.assert(
    fc.property(fc.array(guest, { minLength: 1, maxLength: 18 }), fc.nat(), (guests, seed) => {
      const plot = { left: 12, right: 988, far: 600, near: 800 };
      const spots = inRows(guests, plot, new Random(seed));
      const sides = spots.map(
        ({ x, scale }, index) => [x - scale * guests[index]!.half, x + scale * guests[index]!.half] as const,
      );
      for (const [index, spot] of spots.entries()) {
        expect(spot.scale).toBeLessThanOrEqual(guests[index]!.scale);
        expect(sides[index]![0]).toBeGreaterThan(plot.left - 1);
        expect(sides[index]![1]).toBeLessThan(plot.right + 1);
        for (const [before, other] of spots.slice(0, index).entries()) {
          const beside = sides[before]![1] <= sides[index]![0] || sides[index]![1] <= sides[before]![0];
          const behind = other.y - spot.y > 0.5 * 100 * other.scale;
          expect(beside || behind).toBe(true);
        }
      }
    }),
  );
});
