import { listModels, type ModelFacts, providers } from '@anyimage/host';
import { expect, test } from 'vitest';
import { modelText } from './model-text.ts';
import { plain } from './terminal/paint.ts';
import { longestPiece, width } from './terminal/wrap.ts';

const day = '2026-11-20';
const all = listModels(providers, {}, new Map(), Date.parse(day));

test('the page of every model names its source and all its operations', () => {
  for (const model of all) {
    const text = modelText(model, plain);
    expect(text).toContain(model.row.source);
    for (const operation of Object.keys(model.row.operations))
      expect(text).toMatch(new RegExp(`^${operation}( |$)`, 'm'));
    expect(text).not.toMatch(/undefined|\[object|[{}]/);
  }
});

test.each([80, 140])('every page fits %i columns', (columns) => {
  for (const model of all) {
    for (const line of modelText(model, plain, columns).split('\n')) {
      // A URL is never broken.
      expect(width(line)).toBeLessThanOrEqual(Math.max(columns, longestPiece(line)));
    }
  }
});

const sample = all.find(({ row }) => Object.keys(row.operations).length === 1)!;

/** The page of a model with a row of its own. */
function page(row: object, facts: Partial<ModelFacts> = {}): string {
  const { label, source, checked, delivery } = sample.row;
  return modelText(
    { ...sample, ...facts, row: { label, source, checked, delivery, operations: { generate: {} }, ...row } },
    plain,
  );
}

test('what all operations share is told once', () => {
  const shared = { seed: { max: 9, within: 'step' }, perCall: 4, latencyMs: [1000, 2000], size: false };
  const text = page({ ...shared, operations: { edit: { strength: true }, doodle: { prompt: { optional: true } } } });
  expect(text.slice(text.indexOf('all operations'))).toMatchInlineSnapshot(`
    "all operations
      prompt       any language
      --size       no choice
      --seed       0 to 9
      -n           4 per call, more are several calls
      usual time   1–2 s
      price        unknown
    edit  changes a picture as the words say
      --strength   0 to 1
    doodle  paints a picture after line art
      --operation  doodle
      prompt       may be left out"
  `);
});

test('sizes, shapes and resolutions have lines of their own', () => {
  const size = { ratios: ['1:1', '16:9'], tiers: ['1K', '2K'], default: { ratio: '1:1', tier: '1K' } };
  expect(page({ size })).toMatch(/--aspect-ratio +1:1, 16:9 \(default 1:1\)\n +--resolution +1K, 2K \(default 1K\)/);
  expect(page({ size })).not.toContain('--size');
  const given = { ...size, pixels: { '1K': { '1:1': '1024x1024' } } };
  expect(page({ size: given })).toMatch(/--size .*such as 1024x1024$/m);
  expect(page({ size: { presets: ['64x64'], default: 'last-image' } })).toMatch(
    /--size +64x64\n +default: as large as the last picture/,
  );
});

test('prices say what they hold for as one would type it', () => {
  const when = { quality: 'high', tier: '2K', region: 'world', options: { grounding: 'none' } };
  const prices = [
    { amount: 0.2, currency: 'USD', per: 'image', when, unsure: true },
    { amount: 30, currency: 'USD', per: '1M image out' },
  ];
  expect(page({ prices })).toMatch(
    /price +0\.2 USD per image in region world with --quality high --resolution 2K --option grounding=none \(sources disagree\)/,
  );
  expect(page({ prices })).toContain('30 USD per million tokens of pictures made');
  const step = { amount: 0.02, currency: 'USD', per: 'image', when: { maxPixels: 2_359_296, maxInputs: 1 } };
  expect(page({ prices: [step] })).toContain('0.02 USD per image up to 2,359,296 px with at most 1 input picture');
});

test('prices say what the first megapixel costs, what further ones do, and what is paid for pictures that are given', () => {
  const megapixel = { amount: 0.03, further: 0.015, currency: 'USD', per: 'megapixel', rounds: 'up' };
  expect(page({ prices: [megapixel] })).toMatch(
    /0\.03 USD for the first megapixel, counted whole, and 0\.015 USD for each further one$/m,
  );
  const image = { amount: 0.02, currency: 'USD', per: 'image' };
  const each = { ...image, inputs: { amount: 0.008, per: 'image', free: 1 } };
  expect(page({ prices: [{ amount: 0.04, currency: 'USD', per: 'image', partial: 0.003 }] })).toContain(
    '0.04 USD per image and 0.003 USD per partial picture',
  );
  expect(page({ prices: [each] })).toContain('0.02 USD per image and 0.008 USD per picture given (1 of them free)');
  const byPixel = { ...image, inputs: { amount: 0.01, per: 'megapixel' } };
  expect(page({ prices: [byPixel] })).toContain('0.02 USD per image and 0.01 USD per megapixel of each picture given');
});

test('the end of a model is told by the day', () => {
  const ended = { deprecated: '2026-01-01', retires: '2026-08-17', successor: 'paint-2' };
  const { provider } = sample;
  expect(page(ended, { status: 'retired' })).toContain(`retired on 2026-08-17, followed by ${provider.id}/paint-2`);
  expect(page({ ...ended, retires: '2027-01-01' }, { status: 'deprecated' })).toContain(
    `deprecated since 2026-01-01, retires on 2027-01-01, followed by ${provider.id}/paint-2`,
  );
  const here = page({ regions: { [sample.region]: ended } }, { status: 'retired' });
  expect(here).toContain(`retired on 2026-08-17, followed by ${provider.id}/paint-2`);
  const unsure = { retires: '2026-08-17', retiresUnsure: true } as const;
  expect(page(unsure, { status: 'deprecated' })).toContain('deprecated, probably retired on 2026-08-17');
  expect(page(unsure, { status: 'stable' })).toContain('stable, probably retires on 2026-08-17');
});

test('one key is enough, an hour is one', () => {
  const keys = ['A_KEY', 'B_KEY', 'C_KEY'].map((env) => ({ env }));
  const provider = { ...sample.provider, keys } as ModelFacts['provider'];
  expect(page({}, { provider, needsKey: true })).toContain('missing: set A_KEY (or B_KEY, C_KEY)');
  expect(page({ delivery: { as: 'url', livesSeconds: 3600 } })).toContain('works for 1 hour\n');
});

test('input pictures: how many, which, how large, from where', () => {
  const images = {
    count: [1, 4],
    types: ['image/png'],
    as: ['url', 'bytes'],
    maxBytes: 10_485_760,
    pixels: [1, 4_194_304],
  };
  const mask = { repaint: 'white', maxBytes: 3_999_999 };
  const text = page({ images, mask, operations: { inpaint: {} } });
  expect(text).toMatch(
    /--image +1 to 4 pictures\n +png; at most 4,194,304 pixels; at most 10 MiB\n +files or URLs; a URL goes/,
  );
  expect(text).toMatch(/--mask +needed; .*at most 3\.9 MB/);
});

test('what else a request may hold is there', () => {
  const row = { outputCompression: ['jpeg', 'webp'], user: [6, 128], partials: 3, negativePrompt: {} };
  const text = page({ ...row, options: { frameDurationMs: { type: 'integer', min: 20, max: 99 } } });
  for (const line of [
    /--output-compression +0 to 100, for jpeg and webp/,
    /--user +an id of 6 to 128 characters/,
    /--partials +up to 3/,
    /--negative-prompt +of any length/,
    /--option frameDurationMs {2}a whole number from 20 to 99/,
  ])
    expect(text).toMatch(line);
});
