// Facts that were wrong before 2026-11-28, each with what it is now. Sources: docs/providers/google.md.

import { createClient } from '@anyimage/core';
import { describe, expect, test } from 'vitest';
import { models } from './capabilities.ts';
import { emulator } from './emulator.ts';
import { google } from './provider.ts';

const lite = models['gemini-3.1-flash-lite-image'];

describe('facts corrected on 2026-11-28', () => {
  test.each<[string, () => unknown, unknown]>([
    [
      'the longest prompt of 3.1 Flash Lite',
      () => (lite as { prompt?: object }).prompt,
      { max: 65_536, unit: 'tokens' },
    ],
    ['3.1 Flash Lite needs less than two seconds', () => lite.latencyMs, [1_000, 2_000]],
    [
      'checked',
      () => Object.entries(models).filter(([id, { checked }]) => id.startsWith('gemini') && checked < '2026-11-28'),
      [],
    ],
  ])('%s', (_, found, now) => {
    expect(found()).toEqual(now);
  });

  test('a picture of 2.1 in 4K costs half as much again, before it is made and after', async () => {
    const service = await emulator.start();
    const client = createClient({ providers: [google()], env: service.env });
    const words = { model: 'google/gemini-nano-banana-2.1', prompt: 'a red kite', resolution: '4K' };
    const { estimate } = await client.plan(words);
    const { usage } = await client.generate(words);
    await client.close();
    await service.close();
    expect(estimate).toEqual({ amount: 0.1134, currency: 'USD', estimated: true });
    expect(usage?.imageOut).toBe(3780);
    expect((3780 * models['gemini-nano-banana-2.1'].wire.usdPerMillion.imageOut) / 1e6).toBeCloseTo(0.1134, 9);
  });

  test('nano-banana-pro-preview is another name of Nano Banana Pro', async () => {
    const client = createClient({ providers: [google({ apiKey: 'test-key' })], env: {} });
    const plan = await client.plan({ model: 'google/nano-banana-pro-preview', prompt: 'a red kite' });
    await client.close();
    expect(plan.model).toBe('google/gemini-3-pro-image');
    expect(plan.warnings).toEqual([]);
  });
});
