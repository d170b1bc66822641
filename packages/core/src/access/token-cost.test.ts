import { expect, test } from 'vitest';
import type { Price } from '../contract/capabilities.ts';
import { tokenCost } from './token-cost.ts';

const prices: readonly Price[] = [
  { amount: 0.15, currency: 'CNY', per: '1M text in' },
  { amount: 1.5, currency: 'CNY', per: '1M text out' },
  { amount: 30, currency: 'USD', per: '1M image out' },
  { amount: 8, currency: 'USD', per: '1M image in', unsure: true },
];

test.each([
  [
    { textIn: 1000, textOut: 100 },
    { amount: 0.0003, currency: 'CNY', estimated: false },
  ],
  [
    { textIn: 1000, imageIn: 0 },
    { amount: 0.00015, currency: 'CNY', estimated: false },
  ],
  [{ imageOut: 1000 }, { amount: 0.03, currency: 'USD', estimated: false }],
  [{ textIn: 1, imageOut: 1 }, undefined],
  [{ textIn: 1, imageIn: 1 }, undefined],
  [
    { imageIn: 1000, imageOut: 1000 },
    { amount: 0.038, currency: 'USD', estimated: true },
  ],
  [{}, undefined],
])('%j costs %j', (usage, cost) => {
  expect(tokenCost(usage, prices)).toEqual(cost);
});
