import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { InputPrice, Limits, Price } from '../contract/capabilities.ts';
import type { CallDraft, InputBytes } from '../contract/provider.ts';
import { costOf, estimate, priceOf } from './estimate.ts';

const flat: Limits = { prices: [{ amount: 0.1, currency: 'CNY', per: 'image' }] };
const byQuality: Limits = {
  quality: { values: ['low', 'high'], default: 'low' },
  size: { presets: ['1024x1024', '1536x1024'], default: '1024x1024' },
  options: { fidelity: { type: 'string', values: ['low', 'high'], default: 'low' } },
  prices: [
    { amount: 0.5, currency: 'USD', per: 'image', when: { options: { fidelity: 'high' } } },
    { amount: 0.01, currency: 'USD', per: 'image', when: { quality: 'low', size: '1024x1024' } },
    { amount: 0.02, currency: 'USD', per: 'image', when: { quality: 'low', size: '1536x1024' } },
    { amount: 0.2, currency: 'USD', per: 'image', when: { quality: 'high' } },
  ],
};
const byTier: Limits = {
  size: {
    ratios: ['1:1', '16:9'],
    tiers: ['1K', '2K', '4K'],
    pixels: {
      '1K': { '1:1': '1024x1024', '16:9': '1376x768' },
      '2K': { '1:1': '2048x2048' },
      '4K': { '1:1': '4096x4096' },
    },
    default: { ratio: '1:1', tier: '1K' },
  },
  prices: [
    { amount: 0.24, currency: 'USD', per: 'image', when: { tier: '4K' } },
    { amount: 0.134, currency: 'USD', per: 'image' },
  ],
};
const byRegion: Limits = {
  prices: [
    { amount: 0.015, currency: 'USD', per: 'image', when: { region: 'intl' } },
    { amount: 0.1, currency: 'CNY', per: 'image', when: { region: 'cn' } },
  ],
};
const byPixels = (size: Limits['size']): Limits => ({
  ...(size && { size }),
  prices: [{ amount: 0.04, currency: 'USD', per: 'megapixel' }],
});

function call(limits: Limits, words: Partial<CallDraft> = {}): CallDraft {
  const base = { model: 'm', operation: 'generate', prompt: 'a boat', n: 1, images: [], partials: 0, options: {} };
  return { ...base, limits, ...words };
}

test('the first price whose conditions hold is used', () => {
  expect(priceOf(byQuality, { region: 'main', quality: 'high' })?.amount).toBe(0.2);
  expect(priceOf(byQuality, { region: 'main', quality: 'high', options: { fidelity: 'high' } })?.amount).toBe(0.5);
  expect(priceOf(byQuality, { region: 'main', size: '1536x1024' })?.amount).toBe(0.02);
  expect(priceOf(byQuality, { region: 'main', size: '512x512' })).toBeUndefined();
});

test('what is left out counts as the default of the table', () => {
  expect(priceOf(byQuality, { region: 'main' })?.amount).toBe(0.01);
  expect(priceOf(byTier, { region: 'main' })?.amount).toBe(0.134);
});

test('a price may depend on the region', () => {
  expect(estimate([call(byRegion)], 'cn')).toEqual({ amount: 0.1, currency: 'CNY', estimated: true });
  expect(estimate([call(byRegion)], 'intl')?.currency).toBe('USD');
  expect(estimate([call(byRegion)], 'elsewhere')).toBeNull();
});

test('a price may depend on the resolution, also where a size says it', () => {
  expect(priceOf(byTier, { region: 'main', resolution: '4K' })?.amount).toBe(0.24);
  expect(priceOf(byTier, { region: 'main', size: '4096x4096' })?.amount).toBe(0.24);
  expect(priceOf(byTier, { region: 'main', size: '4000x3900' })?.amount).toBe(0.24);
  expect(priceOf(byTier, { region: 'main', size: '1000x1000' })?.amount).toBe(0.134);
});

test('all calls together, without binary fractions', () => {
  expect(estimate([call(flat), call(flat), call(flat)], 'main')?.amount).toBe(0.3);
  expect(estimate([call(flat, { n: 3 })], 'main')?.amount).toBe(0.3);
});

test('a price per call does not grow with its pictures', () => {
  const limits: Limits = { prices: [{ amount: 0.07, currency: 'EUR', per: 'call' }] };
  expect(estimate([call(limits, { n: 4 }), call(limits, { n: 1 })], 'main')?.amount).toBe(0.14);
  expect(costOf(limits, { region: 'main' }, 5, 2)?.amount).toBe(0.14);
});

test('a price per megapixel takes the size that will be made', () => {
  const size = { width: 2000, height: 1000 };
  expect(estimate([call(byPixels(false), { size, n: 2 })], 'main')?.amount).toBe(0.16);
  expect(estimate([call(byPixels({ default: '1000x1000' }))], 'main')?.amount).toBe(0.04);
  expect(estimate([call(byPixels({ default: 'auto' }))], 'main')).toBeNull();
  expect(estimate([call(byPixels(false))], 'main')).toBeNull();
  const tiers = byPixels(byTier.size);
  expect(estimate([call(tiers, { aspectRatio: '16:9' })], 'main')?.amount).toBe(0.042271);
});

test('the default may be the size of an input picture', () => {
  const bytes = new Uint8Array();
  const image = (width: number) => ({ as: 'bytes', bytes, mediaType: 'image/png', width, height: 1000 }) as const;
  const images = [image(1000), image(3000)];
  expect(estimate([call(byPixels({ default: 'first-image' }), { images })], 'main')?.amount).toBe(0.04);
  expect(estimate([call(byPixels({ default: 'last-image' }), { images })], 'main')?.amount).toBe(0.12);
  const url = { as: 'url', url: 'https://example.invalid/a.png' } as const;
  expect(estimate([call(byPixels({ default: 'first-image' }), { images: [url] })], 'main')).toBeNull();
});

test('prices per token, absent prices and no calls give no estimate; free is a price', () => {
  const tokens: Limits = { prices: [{ amount: 40, currency: 'USD', per: '1M image out' }] };
  expect(estimate([call(tokens)], 'main')).toBeNull();
  expect(estimate([call({})], 'main')).toBeNull();
  expect(estimate([], 'main')).toBeNull();
  const free: Limits = { prices: [{ amount: 0, currency: 'CNY', per: 'image' }] };
  expect(estimate([call(free)], 'main')).toEqual({ amount: 0, currency: 'CNY', estimated: true });
});

test('each partial picture may have a price of its own', () => {
  const prices = [{ amount: 0.04, currency: 'USD', per: 'image', partial: 0.003 }] as const;
  expect(estimate([call({ prices })], 'main')?.amount).toBe(0.04);
  expect(estimate([call({ prices }, { partials: 2 }), call({ prices }, { partials: 2 })], 'main')?.amount).toBe(0.092);
  expect(estimate([call({ prices: [{ ...prices[0], partial: Number.NaN }] }, { partials: 2 })], 'main')).toBeNull();
});

test('a sum is rounded once, not call by call', () => {
  const limits: Limits = { prices: [{ amount: 0.0000004, currency: 'USD', per: 'image' }] };
  const one: CallDraft = {
    model: 'a',
    operation: 'generate',
    limits,
    prompt: 'x',
    n: 1,
    images: [],
    partials: 0,
    options: {},
  };
  expect(estimate(Array<CallDraft>(10).fill(one), 'world')?.amount).toBe(0.000004);
});

/** Black Forest Labs' way: the first megapixel costs more, begun ones count whole, and so does each input picture for itself. */
const flux: Price = {
  amount: 0.03,
  further: 0.015,
  currency: 'USD',
  per: 'megapixel',
  rounds: 'up',
  megapixel: 2 ** 20,
  inputs: { amount: 0.015, per: 'megapixel', rounds: 'up', megapixel: 2 ** 20 },
};
const priced = (price: Price): Limits => ({ prices: [price] });
const sized = (width: number, height: number) => ({ width, height });
const given = (width: number, height: number): InputBytes => {
  return { as: 'bytes', bytes: new Uint8Array(), mediaType: 'image/png', width, height };
};

describe('the first megapixel and further ones', () => {
  test.each([
    [1024, 1024, [], 0.03],
    [64, 64, [], 0.03],
    [1025, 1024, [], 0.045],
    [2048, 1024, [], 0.045],
    [2048, 2048, [], 0.075],
    [1024, 1024, [given(1024, 1024)], 0.045],
    [1024, 1024, [given(512, 512), given(1025, 1024)], 0.075],
  ])('%d x %d with pictures %j costs %d', (width, height, images, amount) => {
    const draft = call(priced(flux), { size: sized(width, height), images });
    expect(estimate([draft], 'main')).toEqual({ amount, currency: 'USD', estimated: true });
  });

  test('by the pixel, unless begun ones count whole', () => {
    const { rounds: _, megapixel: __, inputs: ___, ...byPixel } = flux;
    const cost = (width: number) => estimate([call(priced(byPixel), { size: sized(width, 1000) })], 'main')?.amount;
    expect([cost(500), cost(1000), cost(1500), cost(2000)]).toEqual([0.03, 0.03, 0.0375, 0.045]);
  });
});

describe('input pictures', () => {
  const each = (inputs: InputPrice): Limits => priced({ amount: 0.02, currency: 'USD', per: 'image', inputs });
  const images = [given(1000, 1000), given(2000, 1000), given(10, 10)];
  const url = { as: 'url', url: 'https://example.invalid/a.png' } as const;

  test('cost so much each, the first ones perhaps nothing', () => {
    expect(estimate([call(each({ amount: 0.008, per: 'image' }), { images })], 'main')?.amount).toBe(0.044);
    expect(estimate([call(each({ amount: 0.008, per: 'image', free: 1 }), { images })], 'main')?.amount).toBe(0.036);
    expect(estimate([call(each({ amount: 0.008, per: 'image', free: 9 }), { images })], 'main')?.amount).toBe(0.02);
    expect(estimate([call(each({ amount: 0.008, per: 'image' }), { images: [url] })], 'main')?.amount).toBe(0.028);
    expect(estimate([call(each({ amount: 0.008, per: 'image' }))], 'main')?.amount).toBe(0.02);
  });

  test('cost by their pixels, where those are known', () => {
    const byPixel = each({ amount: 0.01, per: 'megapixel' });
    expect(estimate([call(byPixel, { images })], 'main')?.amount).toBe(0.050001);
    expect(estimate([call(byPixel, { images: [url] })], 'main')).toBeNull();
    expect(estimate([call(each({ amount: 0.01, per: 'megapixel', free: 1 }), { images: [url] })], 'main')?.amount).toBe(
      0.02,
    );
    const first = each({ amount: 0.01, further: 0.001, per: 'megapixel', rounds: 'up' });
    expect(estimate([call(first, { images })], 'main')?.amount).toBe(0.051);
  });

  test('cost anew in each call, and not for each picture that is made', () => {
    const limits = each({ amount: 0.01, per: 'image' });
    expect(estimate([call(limits, { images, n: 4 })], 'main')?.amount).toBe(0.11);
    expect(costOf(limits, { region: 'main', images }, 4, 2)?.amount).toBe(0.14);
    expect(estimate([call(limits, { images, n: 2 }), call(limits, { images, n: 2 })], 'main')?.amount).toBe(0.14);
  });
});

describe('whatever the price', () => {
  const amount = fc.integer({ min: 0, max: 1_000_000 }).map((millionths) => millionths / 1e6);
  const counted = {
    amount,
    further: fc.option(amount, { nil: undefined }),
    rounds: fc.constantFrom(undefined, 'up' as const),
    megapixel: fc.constantFrom(undefined, 2 ** 20, 1e6),
  };
  const inputs = fc.record({
    ...counted,
    per: fc.constantFrom('image' as const, 'megapixel' as const),
    free: fc.constantFrom(undefined, 0, 1, 2),
  });
  const price = fc.record({
    ...counted,
    currency: fc.constant('USD' as const),
    per: fc.constantFrom('image' as const, 'megapixel' as const, 'call' as const),
    inputs: fc.option(inputs, { nil: undefined }),
  });
  const side = fc.integer({ min: 1, max: 5000 });
  const size = fc.record({ width: side, height: side });
  const picture = fc.tuple(side, side).map(([width, height]) => given(width, height));
  const pictures = fc.array(picture, { maxLength: 4 });
  const cost = (limits: Limits, words: Partial<CallDraft>) => estimate([call(limits, words)], 'main')!.amount;

  test('more never costs less: pixels, pictures, input pictures, their pixels', () => {
    fc.assert(
      fc.property(
        price,
        size,
        pictures,
        picture,
        fc.integer({ min: 1, max: 5 }),
        fc.nat(4),
        (one, of, images, next, n, more) => {
          const limits = priced(one);
          const least = cost(limits, { size: of, images, n });
          expect(
            cost(limits, { size: sized(of.width + more * 100, of.height + more), images, n }),
          ).toBeGreaterThanOrEqual(least);
          expect(cost(limits, { size: of, images, n: n + more })).toBeGreaterThanOrEqual(least);
          expect(cost(limits, { size: of, images: [...images, next], n })).toBeGreaterThanOrEqual(least);
          const grown = images.map(({ width, height }) => given(width + more * 100, height + more));
          expect(cost(limits, { size: of, images: grown, n })).toBeGreaterThanOrEqual(least);
          expect(least).toBeGreaterThanOrEqual(0);
        },
      ),
    );
  });

  test('it is in millionths, and calls together cost what they cost alone, but for the rounding of each', () => {
    fc.assert(
      fc.property(price, size, pictures, fc.integer({ min: 1, max: 5 }), (one, of, images, calls) => {
        const draft = call(priced(one), { size: of, images });
        const together = estimate(Array<CallDraft>(calls).fill(draft), 'main')!.amount;
        const alone = estimate([draft], 'main')!.amount;
        expect(Math.abs(together - calls * alone)).toBeLessThanOrEqual(calls * 1e-6);
        expect(together).toBe(Math.round(together * 1e6) / 1e6);
      }),
    );
  });

  test('megapixels that count whole cost at least what their pixels would', () => {
    fc.assert(
      fc.property(price, size, (one, of) => {
        const { rounds: _, ...byPixel } = one;
        const up = cost(priced({ ...one, rounds: 'up' }), { size: of });
        expect(up).toBeGreaterThanOrEqual(cost(priced(byPixel), { size: of }));
      }),
    );
  });
});

describe('prices with steps and fees', () => {
  const limits: Limits = {
    size: { presets: ['1024x1024', '1536x1536', '2048x2048'], default: '2048x2048' },
    prices: [
      {
        amount: 0.02,
        currency: 'USD',
        per: 'image',
        inputs: { amount: 0.008, per: 'image' },
        when: { maxPixels: 2_359_296 },
      },
      { amount: 0.035, currency: 'USD', per: 'image', inputs: { amount: 0.008, per: 'image' } },
    ],
  };
  const image = { as: 'url', url: 'https://example.com/a.png' } as const;

  test.each([
    ['1024x1024', 0.02],
    ['1536x1536', 0.02],
    ['2048x2048', 0.035],
    [undefined, 0.035],
  ] as const)('a price may hold up to so many pixels: %s costs %d', (size, amount) => {
    expect(costOf(limits, { region: 'main', ...(size && { size }) }, 1, 1)).toMatchObject({ amount });
  });

  test('a price may hold up to so many input pictures', () => {
    const price = { amount: 0.3, currency: 'CNY', per: 'image', when: { maxInputs: 1 } } as const;
    const amounts = [0, 1, 2].map(
      (count) => costOf({ prices: [price] }, { region: 'main', images: Array(count).fill(image) }, 1, 1)?.amount,
    );
    expect(amounts).toEqual([0.3, 0.3, undefined]);
  });

  test('a size that nobody knows is in no step', () => {
    expect(priceOf({ ...limits, size: false }, { region: 'main' })?.amount).toBe(0.035);
  });

  test.each([0, 1, 3])('each call pays for its %d input pictures', (count) => {
    const images = Array.from({ length: count }, () => image);
    const amount = 2 * 0.035 + 2 * count * 0.008;
    expect(costOf(limits, { region: 'main', images }, 2, 2)?.amount).toBeCloseTo(amount, 9);
    const calls = [call(limits, { images }), call(limits, { images })];
    expect(estimate(calls, 'main')?.amount).toBeCloseTo(amount, 9);
  });
});

test.each([-5, Number.NaN, Number.POSITIVE_INFINITY, 1e300])(
  'a price of %s in a table is unknown, and widens no budget',
  (amount) => {
    const pictures: Limits = { prices: [{ amount, currency: 'USD', per: 'image' }] };
    const given: Limits = {
      prices: [{ amount: 0.1, currency: 'USD', per: 'image', inputs: { amount, per: 'image' } }],
    };
    const images = [{ as: 'url', url: 'https://paint.example/a.png' }] as const;
    for (const limits of [pictures, given]) {
      expect(costOf(limits, { region: 'main', images }, 1, 1)).toBeNull();
      expect(estimate([call(limits, { images }), call(flat)], 'main')).toBeNull();
    }
  },
);
