// Facts that were wrong before 2026-11-28, each with what it is now. Sources: docs/providers/openai.md.

import { type ClientRequest, createClient, modelStatus } from '@anyimage/core';
import { drawTestCard, type Emulator, encodePng } from '@anyimage/testkit';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { models } from './capabilities.ts';
import { openAICompatible } from './compatible.ts';
import { emulator } from './emulator.ts';
import { openai } from './provider.ts';
import { servers } from './servers.ts';

const clock = { now: () => Date.parse('2026-11-28T12:00:00Z'), sleep: async () => {} };
const boat = drawTestCard({ prompt: 'a boat', width: 64, height: 64 });
/** An alpha channel by hand: colour type 6 in the header is all that the emulator reads. */
const notes = Uint8Array.from(
  encodePng({ width: 64, height: 64, palette: [[255, 0, 0]], row: () => new Uint8Array(64) }),
  (byte, at) => (at === 25 ? 6 : byte),
);

let service: Emulator;
beforeAll(async () => {
  service = await emulator.start({ clock });
});
afterEach(() => service.reset());
afterAll(() => service.close());

async function bodyOf(words: ClientRequest) {
  const client = createClient({ providers: [openai()], env: service.env, clock });
  try {
    await client.generate({ prompt: 'a red kite', ...words });
    return service.requests[0]!.body;
  } finally {
    await client.close();
  }
}

describe('facts corrected on 2026-11-28', () => {
  const ending = ['gpt-image-1.5', 'gpt-image-1.5-2025-12-16', 'gpt-image-1-mini', 'chatgpt-image-latest'] as const;
  test.each<[string, () => unknown, unknown]>([
    ...ending.map((id): [string, () => unknown, unknown] => [
      `the notice of ${id}`,
      () => [models[id].deprecated, models[id].retires],
      ['2026-06-02', '2026-12-01'],
    ]),
    ['what follows 1.5', () => models['gpt-image-1.5'].successor, 'gpt-image-2.6-sunburst'],
    ['what follows 1-mini', () => models['gpt-image-1-mini'].successor, 'gpt-image-2.6-flare'],
    ['what follows the latest of ChatGPT', () => models['chatgpt-image-latest'].successor, 'gpt-image-2.6-flare'],
    ['the notice of gpt-image-1', () => models['gpt-image-1'].deprecated, '2026-04-22'],
    ['a transparent background is in preview', () => models['gpt-image-2'].options.transparent.about, /in preview/],
    ['checked', () => new Set(Object.values(models).map(({ checked }) => checked)), new Set(['2026-11-28'])],
  ])('%s', (_, found, now) => {
    if (now instanceof RegExp) expect(found()).toMatch(now);
    else expect(found()).toEqual(now);
  });

  test.each(['gpt-image-2', 'gpt-image-2.5-flare', 'gpt-image-2.6-sunburst', 'gpt-image-1.5'])(
    '%s takes an end user as safety_identifier',
    async (model) => {
      expect(await bodyOf({ model: `openai/${model}`, user: 'u-1' })).toEqual({
        model,
        prompt: 'a red kite',
        safety_identifier: 'u-1',
      });
    },
  );

  test.each(Object.keys(models).filter((id) => id.startsWith('gpt-image-2.5')))('%s takes markup', async (model) => {
    const markup = `data:image/png;base64,${Buffer.from(notes).toString('base64')}`;
    const words = { model: `openai/${model}`, images: [boat], providerOptions: { markup } };
    expect(await bodyOf(words)).toMatchObject({ model, markup: { type: 'image/png' } });
  });

  test.each([
    [{ svgModel: 'a-text-model' }, { 'svg[model]': 'a-text-model' }],
    [{ svgEffort: 'xhigh' }, { 'svg[reasoning][effort]': 'xhigh' }],
    [
      { svgModel: 'a-text-model', svgEffort: 'none' },
      { 'svg[model]': 'a-text-model', 'svg[reasoning][effort]': 'none' },
    ],
  ])('a form names the text model of a drawing: %j', async (providerOptions, fields) => {
    const body = await bodyOf({ model: 'openai/gpt-image-2.6-flare', images: [boat], providerOptions });
    expect(body).toEqual({
      model: 'gpt-image-2.6-flare',
      prompt: 'a red kite',
      output_format: 'svg',
      image: { type: 'image/png', name: 'image-1.png', size: boat.length },
      ...fields,
    });
  });

  const { models: grok, row } = servers.xai;
  const two = grok['grok-imagine-image-2.0'];
  test.each<[string, () => unknown, unknown]>([
    ['Grok Imagine Quality is retired', () => modelStatus(grok['grok-imagine-image-quality'], '2026-11-28'), 'retired'],
    ['2.0 edits five pictures', () => two.operations.edit.images.count, [1, 5]],
    ['2.0 makes 21:9 and 5:2', () => two.size.ratios.slice(-2), ['21:9', '5:2']],
    ['checked', () => row.checked, '2026-11-28'],
  ])('xAI: %s', (_, found, now) => {
    expect(found()).toEqual(now);
  });

  test('xAI: 1.0 is not affected', () => {
    const one = grok['grok-imagine-image'];
    expect(modelStatus(one, '2026-11-28')).toBe('stable');
    expect(one.prices).toEqual([{ amount: 0.02, currency: 'USD', per: 'image' }]);
    expect([one.size.ratios.length, one.operations.edit.images.count]).toEqual([13, [1, 3]]);
  });

  test('an end-user id has at most 128 characters', async () => {
    const model = 'openai/gpt-image-2.6-flare';
    expect(await bodyOf({ model, user: 'u'.repeat(128) })).toMatchObject({ safety_identifier: 'u'.repeat(128) });
    service.reset();
    await expect(bodyOf({ model, user: 'u'.repeat(129) })).rejects.toMatchObject({ code: 'unsupported' });
    expect(service.requests).toEqual([]);
  });

  const url = 'https://example.com/a.png';
  test.each<[ClientRequest, number]>([
    [{}, 0.04],
    [{ quality: 'low', resolution: '1k' }, 0.04],
    [{ resolution: '2k' }, 0.06],
    [{ quality: 'low', resolution: '2k' }, 0.06],
    [{ quality: 'medium' }, 0.06],
    [{ quality: 'medium', resolution: '2k' }, 0.08],
    [{ images: [url] }, 0.06],
    [{ images: [url], quality: 'low' }, 0.04],
    [{ images: [url, url, url, url, url], resolution: '2k' }, 0.08],
  ])('xAI: what 2.0 asks for %j', async (words, amount) => {
    const xai = openAICompatible({ dialect: 'xai', apiKey: 'test-key', id: 'xai' });
    const client = createClient({ providers: [xai], env: {}, clock });
    const { estimate } = await client.plan({ model: 'xai', prompt: 'a red kite', ...words });
    await client.close();
    expect(estimate).toEqual({ amount, currency: 'USD', estimated: true });
  });
});
