import { type Json, limitsOf, type ModelCapabilities, type Price, type SizeRule } from '@anyimage/core';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { lowerPrices, withOldPrices } from './lower-prices.ts';

const usual: ModelCapabilities = {
  label: 'Paint 1',
  source: 'https://paint.example',
  checked: '2026-11-20',
  operations: { generate: {} },
  delivery: { as: 'bytes' },
};
const dollar = { amount: 0.04, currency: 'USD', per: 'image' } as const;
const low = { ...dollar, amount: 0.01, when: { quality: 'low' } } as const;
const tokens = (per: Price['per'], amount: number) => ({ amount, currency: 'USD', per }) as const;
const priced = (...prices: readonly Price[]) => ({ ...usual, prices });
const square = { '1:1': '32x32' } as const;
const framed: SizeRule = {
  ratios: ['1:1'],
  tiers: ['1K', '2K'],
  pixels: { '1K': square, '2K': square },
  default: 'auto',
};
const anySize: SizeRule = { rules: [{}], tiers: ['1K', '2K'], default: 'auto' };
const pathsOf = (before: ModelCapabilities, after: ModelCapabilities) =>
  lowerPrices(before, after).map(({ operation, path }) => [operation, ...path].join('.'));

test.each<[what: string, before: readonly Price[], after: readonly Price[], isLower: boolean]>([
  ['the same', [low, dollar], [low, dollar], false],
  ['more', [dollar], [{ ...dollar, amount: 0.05 }], false],
  ['less', [dollar], [{ ...dollar, amount: 0.03 }], true],
  ['another currency', [dollar], [{ ...dollar, currency: 'CNY' }], true],
  ['another unit', [dollar], [{ ...dollar, per: 'call' }], true],
  ['none any more', [dollar], [], true],
  ['one where there was none', [], [dollar], false],
  ['a cheaper way that was dearer', [dollar], [low, dollar], true],
  ['a dearer way', [low, dollar], [{ ...low, amount: 0.02 }, dollar], false],
  ['the other way dearer', [low, dollar], [low, { ...dollar, amount: 0.05 }], false],
  ['a way more where the price was unknown', [low], [low, { ...dollar, when: { quality: 'high' } }], false],
  ['a price for less than before', [dollar], [{ ...dollar, when: { quality: 'high' } }], true],
  ['the general one first', [low, dollar], [dollar, low], false],
  ['the cheap one first', [dollar, low], [low, dollar], true],
  [
    'for larger pictures',
    [{ ...low, when: { maxPixels: 100 } }, dollar],
    [{ ...low, when: { maxPixels: 200 } }, dollar],
    true,
  ],
  [
    'for smaller pictures',
    [{ ...low, when: { maxPixels: 200 } }, dollar],
    [{ ...low, when: { maxPixels: 100 } }, dollar],
    false,
  ],
  ['an option that is cheap', [dollar], [{ ...low, when: { options: { draft: true } } }, dollar], true],
  ['inputs for nothing', [{ ...dollar, inputs: { amount: 0.01, per: 'image' } }], [dollar], true],
  ['partial pictures for nothing', [{ ...dollar, partial: 0.003 }], [dollar], true],
  ['partial pictures that cost', [dollar], [{ ...dollar, partial: 0.003 }], false],
  ['inputs that cost', [dollar], [{ ...dollar, inputs: { amount: 0.01, per: 'image' } }], false],
  [
    'a free input more',
    [{ ...dollar, inputs: { amount: 0.01, per: 'image' } }],
    [{ ...dollar, inputs: { amount: 0.01, per: 'image', free: 1 } }],
    true,
  ],
  ['larger megapixels', [{ ...dollar, per: 'megapixel' }], [{ ...dollar, per: 'megapixel', megapixel: 2 ** 20 }], true],
  [
    'tokens behind others for less',
    [tokens('1M image out', 30), tokens('1M text in', 5)],
    [tokens('1M image out', 30), tokens('1M text in', 1)],
    true,
  ],
  [
    'tokens behind others no more',
    [tokens('1M image out', 30), tokens('1M text in', 5)],
    [tokens('1M image out', 30)],
    true,
  ],
  [
    'cheaper tokens before the same',
    [low, tokens('1M text in', 5)],
    [low, { ...tokens('1M text in', 1), when: { quality: 'x' } }, tokens('1M text in', 5)],
    true,
  ],
  [
    'tokens in another order, and more',
    [tokens('1M image out', 30), tokens('1M text in', 5)],
    [tokens('1M image out', 31), tokens('1M text in', 5), tokens('1M text out', 1)],
    false,
  ],
  [
    'megapixels that count whole',
    [{ ...dollar, per: 'megapixel' }],
    [{ ...dollar, per: 'megapixel', rounds: 'up' }],
    false,
  ],
])('prices: %s', (_, before, after, isLower) => {
  expect(pathsOf(priced(...before), priced(...after))).toEqual(isLower ? ['generate.prices'] : []);
  const kept = withOldPrices(priced(...before), priced(...after));
  expect(kept.prices).toEqual(isLower ? before : after);
});

test('the old price stays where it was: in the row, or in the operation that has another', () => {
  const edit = { prices: [{ ...dollar, amount: 0.08 }] };
  const before = { ...priced(dollar), operations: { generate: {}, edit } };
  const cheap = [{ ...dollar, amount: 0.02 }];
  const own = { ...before, prices: cheap, operations: { generate: {}, edit: { prices: cheap } } };
  expect(withOldPrices(before, own)).toEqual(before);
  const shared = { ...before, prices: cheap, operations: { generate: {}, edit: {}, upscale: {} } };
  expect(withOldPrices(before, shared)).toEqual({
    ...shared,
    operations: { generate: { prices: [dollar] }, edit, upscale: {} },
  });
});

test('more pictures for the price of a call are a lower price', () => {
  const call = { ...dollar, per: 'call' } as const;
  expect(pathsOf({ ...priced(call), perCall: 2 }, { ...priced(call), perCall: 4 })).toEqual(['generate.perCall']);
  expect(withOldPrices({ ...priced(call), perCall: 2 }, { ...priced(call), perCall: 4 }).perCall).toBe(2);
  expect(pathsOf({ ...priced(dollar), perCall: 2 }, { ...priced(dollar), perCall: 4 })).toEqual([]);
});

test('fewer calls are a lower price where each call pays for its input pictures', () => {
  const price = { ...dollar, inputs: { amount: 0.01, per: 'image' } } as const;
  expect(pathsOf({ ...priced(price), perCall: 1 }, { ...priced(price), perCall: 4 })).toEqual(['generate.perCall']);
});

test('pictures that belong together, or that need calls of their own no more, are fewer calls for the same', () => {
  const call = priced({ ...dollar, per: 'call' });
  const seed = (within: 'same' | 'step') => ({ ...call, seed: { max: 9, within } });
  expect(pathsOf(seed('same'), seed('step'))).toEqual(['generate.seed.within']);
  expect(withOldPrices(seed('same'), seed('step'))).toEqual(seed('same'));
  expect(pathsOf(seed('step'), seed('same'))).toEqual([]);
  const series = (most?: number) => ({
    ...call,
    options: { set: { type: 'boolean', ...(most && { series: most }) } } as ModelCapabilities['options'] & object,
  });
  expect(pathsOf(series(2), series(4))).toEqual(['generate.options.set.series']);
  expect(withOldPrices(series(2), series(4))).toEqual(series(2));
  expect(withOldPrices(call, series(4))).toEqual(series());
  expect(pathsOf({ ...series(2), prices: [dollar] }, { ...series(4), prices: [dollar] })).toEqual([]);
});

test.each<[what: string, before: SizeRule, after: SizeRule, when: Price['when'], isLower: boolean]>([
  ['a smaller picture', framed, { ...framed, pixels: { '1K': { '1:1': '8x8' }, '2K': square } }, undefined, true],
  [
    'the same ratio before it',
    framed,
    { ...framed, pixels: { '1K': { '2:2': '8x8', ...square }, '2K': square } },
    undefined,
    true,
  ],
  [
    'the same resolution before it',
    framed,
    { ...framed, pixels: { '1k': { '1:1': '8x8' }, ...framed.pixels } },
    undefined,
    true,
  ],
  ['what is told no more', framed, { ...framed, pixels: { '1K': square } }, undefined, true],
  [
    'a ratio more',
    framed,
    { ...framed, ratios: ['1:1', '2:1'], pixels: { '1K': { ...square, '2:1': '64x32' }, '2K': square } },
    undefined,
    false,
  ],
  ['a resolution more', framed, { ...framed, tiers: ['1K', '2K', '4K'] }, { tier: '2K' }, false],
  ['a resolution more for any size', anySize, { ...anySize, tiers: ['1K', '2K', '4K'] }, { tier: '2K' }, true],
  ['a resolution more, which no price names', anySize, { ...anySize, tiers: ['1K', '2K', '4K'] }, undefined, false],
])('sizes by which a call is priced: %s', (_, before, after, when, isLower) => {
  const price = { ...dollar, per: 'megapixel', ...(when && { when }) } as const;
  const [old, next] = [before, after].map((size) => ({ ...priced(price), size })) as [
    ModelCapabilities,
    ModelCapabilities,
  ];
  expect(pathsOf(old, next)).toEqual(isLower ? ['generate.size.pixels'] : []);
  expect(withOldPrices(old, next).size).toEqual(isLower ? before : after);
  const byImage = { prices: [dollar] };
  expect(pathsOf({ ...old, ...byImage }, { ...next, ...byImage })).toEqual([]);
});

test.each<[what: string, before: ModelCapabilities['regions'], after: ModelCapabilities['regions'], isOther: boolean]>([
  ['another id', { a: {}, b: { id: 'small' } }, { a: {}, b: { id: 'large' } }, true],
  ['an id where its own was', undefined, { a: { id: 'large' } }, true],
  ['its own id again', { a: { id: 'small' } }, undefined, true],
  ['a region more', { a: {} }, { a: {}, b: { id: 'large' } }, false],
  ['a region less', { a: {}, b: { id: 'small' } }, { a: {} }, false],
  ['an end', { a: {} }, { a: { retires: '2027-01-01' } }, false],
])('another model of a region counts like a lower price: %s', (_, old, next, isOther) => {
  const row = (regions: ModelCapabilities['regions']) => ({ ...priced(dollar), ...(regions && { regions }) });
  expect(lowerPrices(row(old), row(next)).map(({ path }) => path.join('.'))).toEqual(isOther ? ['regions'] : []);
  expect(withOldPrices(row(old), row(next))).toEqual(row(isOther ? old : next));
});

test('numbers that the provider reckons by are prices too', () => {
  const before = { ...usual, wire: { path: 'a', usd: { in: 2, out: 30 } } };
  const after = { ...usual, wire: { path: 'b', usd: { in: 3, out: 20, text: 1 } } };
  expect(pathsOf(before, after)).toEqual(['generate.wire.usd.out']);
  expect(withOldPrices(before, after).wire).toEqual({ path: 'b', usd: { in: 3, out: 30 } });
  expect(withOldPrices(before, { ...usual, wire: { path: 'b' } }).wire).toEqual({ path: 'b', usd: { in: 2, out: 30 } });
  const own = { ...before, operations: { generate: { wire: { usd: { in: 1 } } } } };
  expect(withOldPrices(before, own).operations.generate).toEqual({ wire: { usd: { in: 2, out: 30 } } });
});

test('numbers where there were none may be what an answer is charged by, if it was charged at all', () => {
  const wire = { path: 'a', usd: { in: 0 } };
  const old = { ...priced(dollar), wire: { path: 'a' } };
  expect(pathsOf(old, { ...old, wire })).toEqual(['generate.wire.usd.in']);
  expect(limitsOf(withOldPrices(old, { ...old, wire }), 'generate')!.wire).toEqual({ path: 'a', usd: {} });
  expect(pathsOf({ ...usual, wire: { path: 'a' } }, { ...usual, wire })).toEqual([]);
  const lists = { ...old, wire: { usd: [1, 2] } };
  expect(withOldPrices(lists, { ...lists, wire: { usd: [0, 3] } }).wire).toEqual({ usd: [1, 2] });
});

test('a default by which a call costs less is a lower price, and the word stays as it was', () => {
  const high = { ...dollar, amount: 0.08, when: { quality: 'high' } } as const;
  const quality = (usual: string, ...more: readonly string[]) => ({
    ...priced(low, high),
    quality: { values: ['low', 'high', ...more], default: usual },
  });
  expect(pathsOf(quality('high'), quality('low', 'max'))).toEqual(['generate.quality.default']);
  expect(withOldPrices(quality('high'), quality('low', 'max'))).toEqual(quality('high'));
  expect(pathsOf(quality('low'), quality('high', 'max'))).toEqual([]);
  expect(pathsOf(quality('high'), { ...quality('high'), quality: false })).toEqual(['generate.quality.default']);
  const draft = { ...low, when: { options: { draft: true } } } as const;
  const option = (usual: boolean) =>
    ({
      ...priced(draft, dollar),
      options: { draft: { type: 'boolean', default: usual }, other: { type: 'json' } },
    }) as const;
  expect(pathsOf(option(false), option(true))).toEqual(['generate.options.draft.default']);
  expect(withOldPrices(option(false), option(true))).toEqual(option(false));
  expect(pathsOf(option(true), option(false))).toEqual([]);
  const unchosen = { ...option(true), options: {} };
  expect(pathsOf(unchosen, option(true))).toEqual(['generate.options.draft.default']);
  expect(withOldPrices(unchosen, option(true)).options).toMatchObject({ draft: { type: 'boolean' } });
  expect(withOldPrices(unchosen, option(true)).options!.draft).not.toHaveProperty('default');
  const sized = (usual: '8x8' | '4x4', per: Price['per']) =>
    ({
      ...priced({ ...dollar, per }),
      size: { presets: ['8x8', '4x4'], default: usual },
    }) as const;
  expect(pathsOf(sized('8x8', 'megapixel'), sized('4x4', 'megapixel'))).toEqual(['generate.size.default']);
  expect(withOldPrices(sized('8x8', 'megapixel'), sized('4x4', 'megapixel'))).toEqual(sized('8x8', 'megapixel'));
  expect(pathsOf(sized('8x8', 'image'), sized('4x4', 'image'))).toEqual([]);
});

const amount = fc.integer({ min: 0, max: 5 });
const when = fc.record(
  {
    quality: fc.constantFrom('low', 'high'),
    maxInputs: fc.integer({ min: 0, max: 2 }),
    region: fc.constantFrom('a', 'b'),
  },
  { requiredKeys: [] },
);
const price = fc.record(
  {
    amount,
    currency: fc.constantFrom('USD' as const, 'CNY' as const),
    per: fc.constantFrom('image' as const, 'call' as const),
    when,
  },
  { requiredKeys: ['amount', 'currency', 'per'] },
);
const wire = fc.dictionary(
  fc.constantFrom('a', 'b'),
  fc.oneof(amount, fc.dictionary(fc.constantFrom('c', 'd'), amount)),
);
const quality = fc.record({ values: fc.constant(['low', 'high']), default: fc.constantFrom('low', 'high') });
const limits = fc.record(
  { prices: fc.array(price, { maxLength: 3 }), perCall: fc.integer({ min: 1, max: 3 }), quality, wire },
  { requiredKeys: [] },
);
const row = fc
  .tuple(limits, fc.dictionary(fc.constantFrom('generate', 'edit'), limits, { minKeys: 1 }))
  .map(([shared, operations]): ModelCapabilities => ({ ...usual, ...shared, operations }));

test('a row with the old prices counts nowhere less, and only what would have is as before', () => {
  fc.assert(
    fc.property(row, row, (before, after) => {
      const kept = withOldPrices(before, after);
      expect(lowerPrices(before, kept)).toEqual([]);
      expect(withOldPrices(before, kept)).toEqual(kept);
      if (lowerPrices(before, after).length === 0) expect(kept).toBe(after);
      expect(lowerPrices(before, before)).toEqual([]);
    }),
  );
});

test('no call costs less by prices that count as no lower', () => {
  const calls = fc.record({
    quality: fc.constantFrom('low', 'high', undefined),
    inputs: fc.integer({ min: 0, max: 3 }),
    region: fc.constantFrom('a', 'b'),
  });
  fc.assert(
    fc.property(row, row, calls, (before, after, call) => {
      const kept = withOldPrices(before, after);
      for (const operation of Object.keys(kept.operations)) {
        const [old, next] = [before, kept].map((one) => {
          const { prices, quality: choice } = limitsOf(one, operation) ?? {};
          const sent = call.quality ?? (choice ? choice.default : undefined);
          return prices?.find(({ when = {} }) => {
            const isHere =
              (when.region ?? call.region) === call.region && call.inputs <= (when.maxInputs ?? call.inputs);
            return isHere && (when.quality === undefined || when.quality === sent);
          });
        });
        if (!old || !Object.hasOwn(before.operations, operation)) continue;
        expect(next).toMatchObject({ currency: old.currency, per: old.per });
        expect(next!.amount).toBeGreaterThanOrEqual(old.amount);
      }
    }),
    { numRuns: 500 },
  );
});

test('what is no tree of numbers is told, not walked into', () => {
  const before = { ...usual, wire: { list: [1, 2] } };
  for (const after of [3, null, 'x', {}] satisfies Json[]) {
    expect(pathsOf(before, { ...usual, wire: { list: after } })).not.toEqual([]);
  }
});
