import type { Sidecar } from '@anyimage/host';
import { describe, expect, test } from 'vitest';
import { plain } from '../terminal/paint.ts';
import { differencesOf, differenceText, percentText } from './difference-text.ts';

const base: Sidecar = {
  anyimage: 1,
  prompt: { original: 'a red boat at dawn', sent: 'a red boat at dawn' },
  model: 'paint/paint-1',
  seed: 7,
  request: { prompt: 'a red boat at dawn', model: 'paint', size: '64x64', n: 2, output: 'a.png' },
  cost: [{ amount: 0.04, currency: 'USD', estimated: true }],
  width: 64,
  height: 64,
  mediaType: 'image/png',
};
const withPrompt = (original: string) => ({ ...base, prompt: { original, sent: original } });

test('only what was asked and what came of it is compared', () => {
  expect(differencesOf(base, { ...base, createdAt: '2026-11-20T00:00:00.000Z', request: { n: 1 } })).toEqual([]);
  const other = { ...base, seed: 8, request: { ...base.request, quality: 'high', style: 'ink' }, width: 128 };
  expect(differencesOf(base, other)).toEqual([
    { word: 'seed', a: 7, b: 8 },
    { word: 'quality', a: null, b: 'high' },
    { word: 'style', a: null, b: 'ink' },
    { word: 'picture', a: '64x64 png', b: '128x64 png' },
  ]);
});

describe('in words', () => {
  const text = (a: Sidecar | undefined, b: Sidecar | undefined, pixels: Parameters<typeof differenceText>[1]) =>
    differenceText(
      [
        { path: '/pictures/a.png', ...(a && { sidecar: a }) },
        { path: '/pictures/b.png', ...(b && { sidecar: b }) },
      ],
      pixels,
      plain,
      80,
    );

  test.each([
    ['a red boat at dawn', 'a green boat at dawn', 'a [-red-]{+green+} boat at dawn'],
    ['一只红色的小猫', '一只黑色的小猫', '{+'],
    ['a boat', 'a boat, at \u001b[31mnight', 'a boat{+'],
  ])('the prompts %j and %j', (a, b, shown) => {
    const said = text(withPrompt(a), withPrompt(b), { changed: 0.5 });
    expect(said).toContain(shown);
    expect(said).not.toContain('\u001b');
  });

  test('all that differs, and how much of the pixels', () => {
    expect(text(base, { ...withPrompt('a red boat'), seed: 8 }, { changed: 0.123 })).toMatchInlineSnapshot(`
      "/pictures/a.png and /pictures/b.png
        prompt  a red boat[- at dawn-]
        seed    7 → 8
        pixels  12 % look otherwise"
    `);
    expect(text(base, base, { changed: 0 })).toMatch(/words +the same\n +pixels +all look the same/);
    expect(text(base, undefined, { problem: 'their sizes are 1x1 and 2x2' })).toMatch(
      /pixels +not compared: their sizes are 1x1 and 2x2\n.*nothing is known of how \/pictures\/b.png was made/,
    );
  });
});

test.each([
  [0, '0 %'],
  [0.00001, 'less than 0.1 %'],
  [0.0123, '1.2 %'],
  [0.5, '50 %'],
  [0.99999, '99.9 %'],
  [1, '100 %'],
])('%d is %s', (share, text) => {
  expect(percentText(share)).toBe(text);
});
