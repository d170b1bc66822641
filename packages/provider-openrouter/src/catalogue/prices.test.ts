// Price lists of the catalogue as prices of a row. Source: docs/providers/openrouter.md, section 4.

import type { Limits, Price } from '@anyimage/core';
import { expect, test } from 'vitest';
import { pricesOf } from './prices.ts';
import type { PriceLine } from './record.ts';

const of = (billable: string, unit: string, cost: number, variant?: string): PriceLine => ({
  ...{ billable, unit, cost },
  ...(variant && { variant }),
});
const picture = (cost: number, variant?: string) => of('output_image', 'image', cost, variant);
const usd = (amount: number, per: Price['per'], more: Partial<Price> = {}) => ({
  amount,
  currency: 'USD',
  per,
  ...more,
});
const tiers: Limits = { size: { tiers: ['1K', '4K'], default: 'auto' } };
const qualities: Limits = { quality: { values: ['low', 'high'] } };
const presets: Limits = { size: { presets: ['512x512'], tiers: ['1K'], default: 'auto' } };

test.each<[string, readonly PriceLine[], Limits, readonly object[]]>([
  ['a picture', [picture(0.04)], {}, [usd(0.04, 'image')]],
  ['nothing', [picture(0)], {}, [usd(0, 'image')]],
  ['a request', [of('output_image', 'request', 0.08)], {}, [usd(0.08, 'call')]],
  ['a picture and a request', [picture(0.04), of('input_text', 'request', 0.01)], {}, [usd(0.05, 'image')]],
  [
    'a picture and a request that makes several',
    [picture(0.04), of('input_text', 'request', 0.01)],
    { perCall: 4 },
    [usd(0.05, 'image', { unsure: true })],
  ],
  [
    'a resolution, and the dearest where none is asked for',
    [picture(0.04, '1k'), picture(0.16, '4K')],
    tiers,
    [
      usd(0.04, 'image', { when: { tier: '1K' } }),
      usd(0.16, 'image', { when: { tier: '4K' } }),
      usd(0.16, 'image', { unsure: true }),
    ],
  ],
  [
    'a quality',
    [picture(0.01, 'low'), picture(0.2, 'high')],
    qualities,
    [
      usd(0.01, 'image', { when: { quality: 'low' } }),
      usd(0.2, 'image', { when: { quality: 'high' } }),
      usd(0.2, 'image', { unsure: true }),
    ],
  ],
  [
    'a variant that nobody knows: the dearest',
    [picture(0.01, 'fast'), picture(0.2, 'slow')],
    qualities,
    [usd(0.2, 'image', { unsure: true })],
  ],
  [
    'variants of two words: the dearest',
    [picture(0.01, 'low'), picture(0.2, '4K')],
    { ...tiers, ...qualities },
    [usd(0.2, 'image', { unsure: true })],
  ],
  [
    'resolutions of a model that takes pixels, too: the dearest, since it is not known to which the pixels are counted',
    [picture(0.01, '1K'), picture(0.2, '4K')],
    presets,
    [usd(0.2, 'image', { unsure: true })],
  ],
  [
    'megapixels, where a size or resolution says how many there are',
    [of('output_image', 'megapixel', 0.03)],
    presets,
    [
      usd(0.03, 'megapixel', { when: { size: '512x512' } }),
      usd(0.03, 'megapixel', { when: { tier: '1K' }, unsure: true }),
    ],
  ],
  ['megapixels of nobody knows how many', [of('output_image', 'megapixel', 0.03)], {}, []],
  [
    'a picture and its megapixels',
    [picture(0.01), of('output_image', 'megapixel', 0.03)],
    presets,
    [
      usd(0.04, 'megapixel', { further: 0.03, when: { size: '512x512' } }),
      usd(0.04, 'megapixel', { further: 0.03, when: { tier: '1K' }, unsure: true }),
    ],
  ],
  [
    'tokens',
    [of('output_image', 'token', 0.00003), of('input_text', 'token', 0.000005)],
    {},
    [usd(30, '1M image out'), usd(5, '1M text in')],
  ],
  [
    'a picture and the words of the prompt',
    [picture(0.04), of('input_text', 'token', 0.000005)],
    {},
    [usd(0.04, 'image', { unsure: true }), usd(5, '1M text in')],
  ],
  ['fonts, which cannot be given', [picture(0.04), of('input_font', 'image', 9)], {}, [usd(0.04, 'image')]],
  ['pictures that are given, which none are', [picture(0.04), of('input_image', 'image', 9)], {}, [usd(0.04, 'image')]],
  ['no price for what is made', [of('input_text', 'request', 0.01)], {}, []],
  ['nothing that is known', [picture(0.04), of('output_smell', 'image', 1)], {}, []],
  ['a unit that is not known', [picture(0.04), of('output_image', 'hour', 1)], {}, []],
  ['a unit that is none of what it is for', [picture(0.04), of('input_text', 'megapixel', 1)], {}, []],
  ['names that every object has', [picture(0.04), of('constructor', 'image', 1)], {}, []],
  ['no lines', [], {}, []],
])('%s', (_, lines, limits, prices) => {
  expect(pricesOf([lines], limits, false)).toEqual(prices);
});

test.each<[string, readonly PriceLine[], readonly object[]]>([
  ['each', [of('input_image', 'image', 0.01)], [usd(0.04, 'image', { inputs: { amount: 0.01, per: 'image' } })]],
  [
    'each as what it is called twice',
    [of('input_image', 'image', 0.01), of('input_reference', 'image', 0.02)],
    [usd(0.04, 'image', { inputs: { amount: 0.03, per: 'image' } })],
  ],
  [
    'by their pixels',
    [of('input_reference', 'megapixel', 0.01)],
    [usd(0.04, 'image', { inputs: { amount: 0.01, per: 'megapixel' } })],
  ],
  ['once for a request', [of('input_image', 'request', 0.01)], [usd(0.05, 'image')]],
  ['in tokens, of which nobody knows the number', [of('input_image', 'token', 0.00001)], [usd(10, '1M image in')]],
])('pictures that are given cost %s', (_, lines, prices) => {
  expect(pricesOf([[picture(0.04), ...lines]], {}, true)).toEqual(prices);
});

test('of several services the dearest counts, for each value', () => {
  const [cheap, dear] = [[picture(0.01, '1K'), picture(0.3, '4K')], [picture(0.2)]];
  expect(pricesOf([cheap, dear], tiers, false)).toEqual([
    usd(0.2, 'image', { when: { tier: '1K' }, unsure: true }),
    usd(0.3, 'image', { when: { tier: '4K' }, unsure: true }),
    usd(0.3, 'image', { unsure: true }),
  ]);
  expect(pricesOf([[picture(0.2)], [picture(0.2)]], tiers, false)).toEqual([usd(0.2, 'image')]);
  expect(pricesOf([[picture(0.2)], [of('output_image', 'request', 0.5)]], {}, false)).toEqual([
    usd(0.5, 'image', { unsure: true }),
  ]);
});

test('where the list of one service cannot be read, or there are none, no price is known', () => {
  expect(pricesOf([[picture(0.01)], undefined], {}, false)).toEqual([]);
  expect(pricesOf(undefined, {}, false)).toEqual([]);
  expect(pricesOf([], {}, false)).toEqual([]);
});
