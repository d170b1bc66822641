import fc from 'fast-check';
import { expect, test } from 'vitest';
import { checkNumber } from './check-number.ts';
import { type NumberRange, parseNumber, rangeText, readMoney } from './numbers.ts';

const whole: NumberRange = { least: 1, most: 10_000, whole: true, example: '20' };
const any: NumberRange = { least: 0, most: 3600, example: '45' };

test.each([
  ['1', 1, 1],
  [' 20 ', 20, 20],
  ['+5', 5, 5],
  ['007', 7, 7],
  ['2.0', 2, 2],
  ['0', undefined, 0],
  ['0.5', undefined, 0.5],
  ['.5', undefined, 0.5],
  ['-0', undefined, -0],
  ['3600', 3600, 3600],
  ['3600.1', undefined, undefined],
  ['10000', 10_000, undefined],
  ['10001', undefined, undefined],
  ['-1', undefined, undefined],
  ['1e3', undefined, undefined],
  ['1e9', undefined, undefined],
  ['1e300', undefined, undefined],
  ['1E-3', undefined, undefined],
  ['Infinity', undefined, undefined],
  ['-Infinity', undefined, undefined],
  ['NaN', undefined, undefined],
  ['0x10', undefined, undefined],
  ['0b11', undefined, undefined],
  ['0o7', undefined, undefined],
  ['1_000', undefined, undefined],
  ['1,000', undefined, undefined],
  ['1 000', undefined, undefined],
  ['--1', undefined, undefined],
  ['.', undefined, undefined],
  ['', undefined, undefined],
  [' ', undefined, undefined],
  ['ten', undefined, undefined],
  ['٣', undefined, undefined],
  ['９', undefined, undefined],
  ['9'.repeat(400), undefined, undefined],
  ['20\0', undefined, undefined],
])('%j: as a count %j, as seconds %j', (text, count, seconds) => {
  expect([parseNumber(text, whole), parseNumber(text, any)]).toEqual([count, seconds]);
});

test('whatever is typed, a number is in its range or none, and the range says an example that is in it', () => {
  const ranges = fc
    .record({ least: fc.integer(), size: fc.nat(), isWhole: fc.boolean() })
    .map(({ least, size, isWhole }): NumberRange => {
      return { least, most: least + size, example: `${least}`, ...(isWhole && { whole: true }) };
    });
  const texts = fc.oneof(
    fc.string(),
    fc.double().map(String),
    fc.integer().map(String),
    fc.bigInt().map(String),
    fc.stringMatching(/^[-+.\dexXa-f_ ]*$/),
  );
  fc.assert(
    fc.property(ranges, texts, (range, text) => {
      const value = parseNumber(text, range);
      expect(parseNumber(range.example, range)).toBe(Number(range.example));
      if (value === undefined) return;
      expect(value >= range.least && value <= range.most).toBe(true);
      if (range.whole) expect(Number.isSafeInteger(value)).toBe(true);
      expect(value).toBe(Number(text));
    }),
  );
});

test('a number that is refused is named with its range and an example', () => {
  expect(rangeText(any)).toBe('a number from 0 to 3600, such as 45');
  checkNumber('limit', undefined, whole);
  for (const value of [0, -1, 1.5, Number.NaN, Number.POSITIVE_INFINITY, 1e300]) {
    expect(() => checkNumber('limit', value, whole)).toThrow(
      expect.objectContaining({
        code: 'invalid-request',
        message: `limit must be a whole number from 1 to 10000, such as 20 (got ${value})`,
      }),
    );
  }
});

test.each([
  ['0.30 USD', 0.3, 'USD'],
  ['usd 0.30', 0.3, 'USD'],
  ['$.5', 0.5, 'USD'],
  ['US$0.30', 0.3, 'USD'],
  ['0.30$', 0.3, 'USD'],
  ['2 dollars', 2, 'USD'],
  ['0,30 USD', 0.3, 'USD'],
  ['€ 0,5', 0.5, 'EUR'],
  ['30 cents', 0.3, 'USD'],
  ['7¢', 0.07, 'USD'],
  ['1 RMB', 1, 'CNY'],
  ['¥1', 1, 'CNY'],
  ['￥0.5', 0.5, 'CNY'],
  ['1 元', 1, 'CNY'],
  ['1.5 yuan', 1.5, 'CNY'],
  ['free', 0, 'USD'],
])('%j is an amount of money', (text, amount, currency) => {
  expect(readMoney(text)).toEqual({ amount, currency });
});

test.each([
  '0.30',
  '',
  'USD',
  'cheap',
  '1,000 USD',
  '1.2.3 USD',
  '$1 USD',
  '-1 USD',
  '1 apples',
  '1 __proto__',
  '1 constructor',
])('%j is no amount of money', (text) => expect(readMoney(text)).toBeUndefined());
