import type { Price, SizeRule } from '@anyimage/core';
import { expect, test } from 'vitest';
import { priceText, sizesText } from './row-text.ts';

test.each<[SizeRule | false | undefined, string]>([
  [undefined, '–'],
  [false, '–'],
  [{ presets: ['1024x1024'], default: '1024x1024' }, '1024x1024'],
  [{ presets: ['1024x1024', '512x512'], default: '1024x1024' }, '2 sizes'],
  [
    { presets: ['1024x1024'], rules: [{ side: [512, 2048] }, { side: [64, 4096], unsure: true }], default: 'auto' },
    '512–2048 px',
  ],
  [{ tiers: ['1K', '2K'], default: 'auto' }, '1K 2K'],
  [{ ratios: ['1:1', '16:9'], default: 'auto' }, '2 ratios'],
])('sizes %j in short: %s', (rule, text) => {
  expect(sizesText(rule)).toBe(text);
});

const china: Price = { amount: 0.06, currency: 'CNY', per: 'image', when: { region: 'china' } };
const world: Price = { amount: 0.01, currency: 'USD', per: 'image', when: { region: 'world' }, unsure: true };

test.each<[readonly Price[] | undefined, string]>([
  [undefined, 'unknown'],
  [[world], 'unknown'],
  [[china, world], '0.06 CNY'],
  [[{ ...china, amount: 0 }], 'free'],
  [[china, { ...china, amount: 0.1, when: { region: 'china', quality: 'hd' } }], '0.06–0.1 CNY'],
  [[{ amount: 0.02, currency: 'USD', per: 'megapixel', unsure: true }], '0.02 USD per megapixel ~'],
])('prices %j in china: %s', (prices, text) => {
  expect(priceText(prices, 'china')).toBe(text);
});
