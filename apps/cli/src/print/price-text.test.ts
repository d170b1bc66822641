import { expect, test } from 'vitest';
import { priceText } from './price-text.ts';

const cny = (amount: number, estimated = true) => ({ amount, currency: 'CNY', estimated });

test.each([
  ['0.06 CNY', undefined, 'paint/one costs 0.06 CNY a picture'],
  ['0.06 CNY', cny(0.06), 'paint/one costs 0.06 CNY a picture'],
  ['0.06 CNY', cny(0.24), 'paint/one costs 0.06 CNY a picture; this request: about 0.24 CNY'],
  ['0.006–0.211 CNY', cny(0.2), 'paint/one costs 0.006–0.211 CNY a picture; this request: about 0.2 CNY'],
  ['0.03 CNY per megapixel', cny(0.06, false), 'paint/one costs 0.03 CNY per megapixel; this request: 0.06 CNY'],
  ['price unknown', null, 'paint/one has a price that is not known here'],
  ['known only afterwards', null, 'paint/one has a price that is known only afterwards'],
  ['free', cny(0.1), 'paint/one is free as it is usually asked, but not for everything; this request: about 0.1 CNY'],
])('%s, of a request %j', (price, estimate, text) => expect(priceText('paint/one', price, estimate)).toBe(text));
