// Facts that were wrong before 2026-11-28, each with what it is now. Sources: docs/providers/seedream.md.

import { type ClientRequest, createClient, modelStatus, type ProviderAccess, rowIn } from '@anyimage/core';
import type { Emulator } from '@anyimage/testkit';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { models } from './capabilities.ts';
import { emulator } from './emulator.ts';
import { seedream } from './provider.ts';

const [pro, lite] = ['doubao-seedream-5-0-pro-260628', 'doubao-seedream-5-0-260128'] as const;
const [five, flash] = ['seedream-5-5-261028', 'seedream-5-0-flash-260915'] as const;
const ended = [lite, 'doubao-seedream-4-5-251128', 'doubao-seedream-4-0-250828'] as const;
const clock = { now: () => Date.parse('2026-11-28T12:00:00Z'), sleep: async () => {} };
const kite = 'https://example.com/kite.png';

let service: Emulator;
beforeAll(async () => {
  service = await emulator.start({ clock });
});
afterEach(() => service.reset());
afterAll(() => service.close());

async function ask(words: ClientRequest, access: ProviderAccess = { region: 'international' }) {
  const client = createClient({ providers: [seedream(access)], env: service.env, clock });
  try {
    return await client.generate({ prompt: 'a red kite', ...words });
  } finally {
    await client.close();
  }
}

async function costOf(words: ClientRequest) {
  const client = createClient({ providers: [seedream({ region: 'international' })], env: service.env, clock });
  try {
    return (await client.plan({ prompt: 'a red kite', ...words })).estimate;
  } finally {
    await client.close();
  }
}

describe('facts corrected on 2026-11-28', () => {
  const statusIn = (id: keyof typeof models, region: string) => modelStatus(rowIn(models[id], region), '2026-11-28');

  test.each<[string, () => unknown, unknown]>([
    ...ended.flatMap((id): [string, () => unknown, unknown][] => [
      [`${id} probably ended in China`, () => statusIn(id, 'china'), 'deprecated'],
      [`the day of ${id}`, () => rowIn(models[id], 'china').retires, '2026-11-24'],
      [`no page of the service says so of ${id}`, () => rowIn(models[id], 'china').retiresUnsure, true],
      [`what follows ${id}`, () => rowIn(models[id], 'china').successor, pro],
    ]),
    ['the usual model is none that ended', () => seedream().defaultModel, pro],
    ['Pro takes two minutes', () => models[pro].latencyMs, [110_000, 130_000]],
    ['Pro asks a fee from the second picture on', () => models[pro].prices[0].when, { region: 'china', maxInputs: 1 }],
    ['5.0 Lite has another name', () => models[lite].aliases, ['seedream-5-0-lite-260128']],
    ['5.5 is there', () => models[five].label, 'Seedream 5.5'],
    ['5.5 has another name', () => models[five].aliases, ['dola-seedream-5-5-261028']],
    ['5.5 takes ten pictures', () => models[five].operations.edit.images.count, [1, 10]],
    ['5.5 makes PNG unless it is told', () => models[five].outputFormat.default, 'png'],
    ['5.5 needs half a minute', () => models[five].latencyMs, [25_000, 35_000]],
    ['5.0 Flash is there', () => models[flash].label, 'Seedream 5.0 Flash'],
    ['5.0 Flash takes ten pictures', () => models[flash].operations.edit.images.count, [1, 10]],
    ['5.0 Flash makes transparent pictures', () => models[flash].background.values, ['opaque', 'transparent', 'auto']],
    ['checked', () => new Set(Object.values(models).map(({ checked }) => checked)), new Set(['2026-11-28'])],
  ])('%s', (_, found, now) => {
    expect(found()).toEqual(now);
  });

  test.each(ended)('abroad %s is still sold', async (id) => {
    expect(statusIn(id, 'international')).toBe('stable');
    expect((await ask({ model: `seedream/${id}` })).warnings).toEqual([]);
    const { warnings } = await ask({ model: `seedream/${id}` }, {});
    expect(warnings).toMatchObject([{ code: 'deprecated', message: expect.stringContaining('2026-11-24') }]);
  });

  test.each<[ClientRequest, number]>([
    [{ model: `seedream/${five}`, resolution: '1K' }, 0.02],
    [{ model: `seedream/${five}`, resolution: '1.5K' }, 0.02],
    [{ model: `seedream/${five}`, size: '1552x1536' }, 0.035],
    [{ model: `seedream/${five}` }, 0.035],
    [{ model: `seedream/${five}`, images: [kite, kite, kite] }, 0.059],
    [{ model: `seedream/${flash}` }, 0.018],
  ])('what %j costs', async (words, amount) => {
    expect(await costOf(words)).toEqual({ amount, currency: 'USD', estimated: true });
  });

  test('how a transparent background is asked for', async () => {
    await ask({ model: 'seedream/dola-seedream-5-5-261028', background: 'transparent', outputFormat: 'png' });
    expect(service.requests[0]!.body).toEqual({
      model: five,
      prompt: 'a red kite',
      size: '2048x2048',
      background: 'transparent',
      output_format: 'png',
      watermark: false,
      response_format: 'url',
    });
  });

  test.each([five, flash])('%s takes a picture apart, at an unknown price', async (model) => {
    const words = { model: `seedream/${model}`, images: [kite], providerOptions: { layerDecomposition: true } };
    expect(await costOf(words)).toBeNull();
    const { images } = await ask(words);
    expect(service.requests[0]!.body).toMatchObject({ model, layer_decomposition: true });
    expect(images).toHaveLength(3);
  });

  test.each<[ClientRequest, string]>([
    [{ background: 'transparent', outputFormat: 'jpeg' }, 'outputFormat'],
    [{ images: [kite], background: 'auto', providerOptions: { layerDecomposition: true } }, 'background'],
    [{ images: [kite, kite], providerOptions: { layerDecomposition: true } }, 'images'],
  ])('%j is refused before anything is sent', async (words, option) => {
    await expect(ask({ model: `seedream/${five}`, ...words })).rejects.toMatchObject({
      code: 'invalid-request',
      details: { option },
    });
    expect(service.requests).toEqual([]);
  });
});
