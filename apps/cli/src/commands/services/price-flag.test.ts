import { expect, test } from 'vitest';
import { readPrice } from './price-flag.ts';

test.each([
  ['0.04USD/image', { amount: 0.04, currency: 'USD', per: 'image' }],
  [' 0.04 usd / image ', { amount: 0.04, currency: 'USD', per: 'image' }],
  ['0 CNY/call', { amount: 0, currency: 'CNY', per: 'call' }],
  ['.5EUR/Megapixel', { amount: 0.5, currency: 'EUR', per: 'megapixel' }],
  ['30USD/1m image out', { amount: 30, currency: 'USD', per: '1M image out' }],
])('%j is a price', (text, price) => {
  expect(readPrice(text)).toEqual(price);
});

test.each([
  ['0.04', 'has no currency', 'Write --price 0.04USD/image, or --price 0.04CNY/image'],
  ['0.04/megapixel', 'has no currency', '--price 0.04USD/megapixel'],
  ['3/1M text in', 'has no currency', '--price "3USD/1M text in"'],
  ['0.04USD', 'does not say what it is for', 'Write --price 0.04USD/image.'],
  ['0.04USD/', 'does not say what it is for', '--price 0.04USD/image'],
  ['0.04GBP/image', 'is in GBP', 'USD, CNY, EUR'],
  ['0.04USD/imge', 'is for "imge"', 'Did you mean /image?'],
  ['-1USD/image', 'is no price', 'a number from 0'],
  ['1e3USD/image', 'is no price', '0.04USD/image'],
  ['$5/image', 'is no price', '0.04USD/image'],
  ['', 'is no price', '0.04USD/image'],
])('%j is refused with the words to type', (text, problem, way) => {
  expect(() => readPrice(text)).toThrow(
    expect.objectContaining({
      code: 'invalid-request',
      message: expect.stringContaining(problem),
      hint: expect.stringContaining(way),
    }),
  );
});
