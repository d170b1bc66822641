import type { Limits } from '@anyimage/core';
import { expect, test } from 'vitest';
import type { ModelFacts } from './model-facts.ts';
import { picturePrice } from './picture-price.ts';

function priceOf(limits: Limits): ReturnType<typeof picturePrice> {
  const row = { operations: { generate: {} }, ...limits };
  return picturePrice({ row, region: 'here' } as unknown as ModelFacts);
}
const each = (amount: number, quality?: string) =>
  ({ amount, currency: 'USD', per: 'image', ...(quality && { when: { quality } }) }) as const;

test.each<[string, Limits, string, number | undefined]>([
  ['one price', { prices: [each(0.06)] }, '0.06 USD', 0.06],
  ['nothing', { prices: [each(0)] }, 'free', 0],
  [
    'that of the default quality',
    { quality: { values: ['low', 'hd'], default: 'hd' }, prices: [each(1, 'low'), each(2, 'hd')] },
    '2 USD',
    2,
  ],
  [
    'a range where the default has none',
    { quality: { values: ['low', 'hd', 'auto'], default: 'auto' }, prices: [each(1, 'low'), each(2, 'hd')] },
    '1–2 USD',
    1,
  ],
  ['tokens', { prices: [{ amount: 30, currency: 'USD', per: '1M image out' }] }, 'known only afterwards', undefined],
  ['no price', {}, 'price unknown', undefined],
  ['a price of another region', { prices: [{ ...each(1), when: { region: 'there' } }] }, 'price unknown', undefined],
  [
    'pixels of an unknown size',
    { prices: [{ amount: 0.03, currency: 'USD', per: 'megapixel' }] },
    '0.03 USD per megapixel',
    undefined,
  ],
])('%s', (_, limits, text, least) => {
  const price = priceOf(limits);
  expect(price.text).toBe(text);
  expect(price.least?.amount).toBe(least);
});
