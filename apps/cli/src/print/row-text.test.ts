import type { SizeRule } from '@anyimage/core';
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

test('a price that nobody tells is unknown', () => {
  expect(priceText([{ amount: 0.06, currency: 'CNY', per: 'image' }], 'china')).toBe('0.06 CNY');
  expect(priceText(undefined, 'china')).toBe('unknown');
});
