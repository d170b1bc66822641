import fc from 'fast-check';
import { expect, test } from 'vitest';
import { byPrice, isWithin, roundMoney } from './money.ts';

const rates = { USD: 1, CNY: 0.14 };
/** As prices are: in millionths. Amounts that differ by less could be equal once a rate has rounded them. */
const amount = fc.integer({ min: 0, max: 10_000_000 }).map((millionths) => millionths / 1e6);
const price = fc.option(
  fc.record({
    amount: fc.oneof(fc.constant(0), amount),
    currency: fc.constantFrom('USD' as const, 'CNY' as const, 'EUR' as const),
    estimated: fc.constant(true),
  }),
);
const known = fc.constantFrom({}, rates, { USD: 1, CNY: 0.14, EUR: 1.1 });

test.each([
  [0, 'CNY', 0.05, 'USD', {}, true],
  [0.05, 'USD', 0.05, 'USD', {}, true],
  [0.06, 'USD', 0.05, 'USD', rates, false],
  [0.3, 'CNY', 0.05, 'USD', {}, false],
  [0.3, 'CNY', 0.05, 'USD', rates, true],
  [0.4, 'CNY', 0.05, 'USD', rates, false],
] as const)('%d %s within %d %s, rates %j: %s', (amount, currency, most, of, given, expected) => {
  expect(isWithin({ amount, currency, estimated: true }, { amount: most, currency: of }, given)).toBe(expected);
});

test('an unknown price is within nothing', () => {
  expect(isWithin(null, { amount: 100, currency: 'USD' }, rates)).toBe(false);
});

test('the order of prices is an order, whatever the currencies: no price depends on those around it', () => {
  fc.assert(
    fc.property(fc.array(price, { maxLength: 8 }), known, fc.constantFrom(1, -1), (prices, given, sign) => {
      const order = byPrice(prices, given, sign as 1 | -1);
      for (const a of prices) {
        for (const b of prices) {
          expect(Math.sign(order(a, b)) + Math.sign(order(b, a)) === 0).toBe(true);
          for (const c of prices) if (order(a, b) <= 0 && order(b, c) <= 0) expect(order(a, c)).toBeLessThanOrEqual(0);
          if (a && b && a.currency === b.currency && a.amount < b.amount) expect(Math.sign(order(a, b))).toBe(-sign);
          if (a && !b) expect(order(a, b)).toBeLessThan(0);
        }
      }
    }),
  );
});

test('prices a millionth apart are told apart in any currency, small and large', () => {
  for (const [less, more] of [
    [0.000_001, 0.000_002],
    [999_999.999_998, 999_999.999_999],
  ] as const) {
    const [a, b] = [less, more].map((amount) => ({ amount, currency: 'CNY' as const, estimated: true }));
    expect(byPrice([a!, b!], rates, 1)(a!, b!)).toBeLessThan(0);
    expect(byPrice([a!, b!], rates, -1)(a!, b!)).toBeGreaterThan(0);
  }
});

test('an amount is rounded to a millionth: sums show no binary fractions', () => {
  expect(roundMoney(0.1 + 0.2)).toBe(0.3);
  expect(roundMoney(0.000_000_4)).toBe(0);
});
