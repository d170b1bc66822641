import type { PictureSum } from '@anyimage/host';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { plain } from '../terminal/paint.ts';
import { width } from '../terminal/wrap.ts';
import { barOf, sumsText, totalText } from './sums-text.ts';

const usd = (amount: number) => ({ amount, currency: 'USD', estimated: false });
const cny = (amount: number) => ({ amount, currency: 'CNY', estimated: true });
const sums: readonly PictureSum[] = [
  { month: '2026-10', model: 'paint/paint-1', pictures: 10, unknown: 0, cost: [cny(0.6), usd(2)] },
  { month: '2026-11', model: 'paint/paint-1', pictures: 5, unknown: 1, cost: [usd(1)] },
  { month: '2026-11', model: 'sketch/sketch-1', pictures: 20, unknown: 0, cost: [usd(0)] },
];

test('each month and model has a bar, each currency one of its own scale', () => {
  expect(sumsText(sums, plain, 70)).toMatchInlineSnapshot(`
    "BY MONTH
    2026-10  ███████▎           10  ██████████████████ about 0.6 CNY
                                    ██████████████████ 2 USD
    2026-11  ██████████████████ 25  █████████          1 USD
                                                       1 of unknown price

    BY MODEL
    sketch/sketch-1  ██████████████ 20                 free
    paint/paint-1    ██████████▌    15  ██████████████ about 0.6 CNY
                                        ██████████████ 3 USD
                                                       1 of unknown price

    35 pictures, about 0.6 CNY + 3 USD; the price of 1 is not known"
  `);
});

test('no line is wider than the terminal, unless a name is', () => {
  const name = fc.stringMatching(/^[a-z]{1,8}\/[a-z0-9-]{1,18}$/);
  const sum = fc.record({
    month: fc.constantFrom('2026-10', '2026-11', ''),
    model: name,
    pictures: fc.integer({ min: 1, max: 99_999 }),
    unknown: fc.integer({ min: 0, max: 1 }),
    cost: fc.constantFrom([], [usd(0)], [usd(12.34)], [cny(100.5), usd(0.039)]),
  });
  fc.assert(
    fc.property(fc.array(sum, { minLength: 1, maxLength: 6 }), fc.integer({ min: 52, max: 140 }), (some, columns) => {
      for (const line of sumsText(some, plain, columns).split('\n').slice(0, -1)) {
        expect(width(line)).toBeLessThanOrEqual(columns);
      }
    }),
  );
});

test('a bar is as long as its share, and what is there at all is seen', () => {
  expect([barOf(0, 10), barOf(0.0001, 10), barOf(0.55, 10), barOf(1, 4)]).toEqual(['', '▏', '█████▌', '████']);
});

test.each([
  [{ pictures: 1, unknown: 0, cost: [usd(0)] }, '1 picture, free'],
  [{ pictures: 2, unknown: 2, cost: [] }, '2 pictures; the price of all is not known'],
])('in all %j is %s', (total, text) => {
  expect(totalText(total)).toBe(text);
});
