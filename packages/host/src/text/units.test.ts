import type { Price } from '@anyimage/core';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { dayText, duration, durationRange, fileSize, isoDay, isoTime, money, priceRange, timeText } from './units.ts';

test.each([
  [40, '0.0 s'],
  [412, '0.4 s'],
  [9960, '10 s'],
  [59_400, '59 s'],
  [60_000, '1 min'],
  [185_000, '3 min 5 s'],
])('%i ms is %s', (ms, text) => {
  expect(duration(ms)).toBe(text);
});

test('a range names its unit once where it can', () => {
  expect(durationRange([5_000, 20_000])).toBe('5–20 s');
  expect(durationRange([20_000, 180_000])).toBe('20 s to 3 min');
  expect(durationRange([100, 800])).toBe('0.1 s to 0.8 s');
});

test('money says what is free, estimated and unknown', () => {
  const cny = { amount: 0.18, currency: 'CNY', estimated: true };
  expect(money(cny)).toBe('about 0.18 CNY');
  expect(money([cny, { amount: 0.01, currency: 'USD', estimated: false }])).toBe('about 0.18 CNY + 0.01 USD');
  expect(money([{ amount: 0, currency: 'USD', estimated: false }])).toBe('free');
  expect(money(null)).toBe('price unknown');
  expect(money([])).toBe('');
});

test.each([
  [999, '999 B'],
  [1000, '1 kB'],
  [999_999, '999 kB'],
  [1_000_000, '1.0 MB'],
  [3_141_592, '3.1 MB'],
  [49_999_999, '49.9 MB'],
  [10_485_760, '10 MiB'],
])('%i bytes are %s', (bytes, text) => {
  expect(fileSize(bytes)).toBe(text);
});

test('a size is never said to be larger than it is', () => {
  const units: Readonly<Record<string, number>> = { B: 1, kB: 1000, MB: 1_000_000, MiB: 1_048_576 };
  fc.assert(
    fc.property(
      fc.oneof(
        fc.nat(),
        fc.nat({ max: 999 }).map((count) => count * 1_048_576),
      ),
      (bytes) => {
        const [count, unit] = fileSize(bytes).split(' ');
        expect(Math.round(Number(count) * units[unit!]!)).toBeLessThanOrEqual(bytes);
      },
    ),
  );
});

const china: Price = { amount: 0.06, currency: 'CNY', per: 'image', when: { region: 'china' } };
const world: Price = { amount: 0.01, currency: 'USD', per: 'image', when: { region: 'world' }, unsure: true };

test.each<[readonly Price[] | undefined, string | undefined]>([
  [undefined, undefined],
  [[world], undefined],
  [[china, world], '0.06 CNY'],
  [[{ ...china, amount: 0 }], 'free'],
  [[china, { ...china, amount: 0.1, when: { region: 'china', quality: 'hd' } }], '0.06–0.1 CNY'],
  [[{ amount: 0.02, currency: 'USD', per: 'megapixel', unsure: true }], '0.02 USD per megapixel ~'],
])('prices %j in china: %s', (prices, text) => {
  expect(priceRange(prices, 'china')).toBe(text);
});

test('a range of prices says what is paid besides', () => {
  const price = { amount: 0.03, currency: 'USD', per: 'megapixel' } as const;
  const inputs = { amount: 0.008, per: 'image' } as const;
  expect(priceRange([{ ...price, further: 0.015 }], 'china')).toBe('0.03 USD + 0.015 per further megapixel');
  expect(priceRange([{ ...price, inputs }], 'china')).toBe('0.03 USD per megapixel + 0.008 per picture given');
  expect(priceRange([{ ...price, amount: 0, per: 'image', inputs: { ...inputs, per: 'megapixel' } }], 'china')).toBe(
    '0 USD + 0.008 per megapixel given',
  );
});

test('times are ISO 8601, a day is their date', () => {
  expect([isoTime(0), isoTime(undefined), isoDay(0)]).toEqual(['1970-01-01T00:00:00.000Z', undefined, '1970-01-01']);
});

test('no length of time or size makes a text that is no number of units', () => {
  fc.assert(
    fc.property(fc.double({ min: 0, max: 1e9, noNaN: true }), fc.nat(), (ms, bytes) => {
      expect(duration(ms)).toMatch(/^(\d\.\d|[1-5]?\d) s$|^\d+ min( [1-5]?\d s)?$/);
      expect(fileSize(bytes)).toMatch(/^\d{1,3} (B|kB)$|^\d+\.\d MB$|^\d+ MiB$/);
    }),
  );
});

test('a time is told to people in the zone where they are', () => {
  expect(timeText(new Date(2026, 10, 20, 6, 4).getTime())).toBe('2026-11-20 06:04');
  expect(dayText(new Date(2026, 0, 2, 23, 59).getTime())).toBe('2026-01-02');
  fc.assert(
    fc.property(fc.date({ min: new Date(0), max: new Date(4e12), noInvalidDate: true }), (date) => {
      const told = timeText(date.getTime());
      expect(told).toMatch(/^\d{4}-\d\d-\d\d \d\d:\d\d$/);
      expect(told.slice(0, 10)).toBe(dayText(date.getTime()));
      // Read as local time it is the same minute.
      const back = new Date(told.replace(' ', 'T')).getTime();
      expect(new Date(back).getMinutes()).toBe(date.getMinutes());
      expect(timeText(back)).toBe(told);
    }),
  );
  expect([timeText(1e300), timeText(Number.NaN), dayText(-1e300)]).toEqual(Array(3).fill('unknown'));
});
