import { createClient } from '@anyimage/core';
import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { models } from './capabilities.ts';
import { models as facts, isSize } from './emulator/facts.ts';
import { openai } from './provider.ts';

/** A day on which the deprecated models still answer. */
const clock = { now: () => Date.parse('2026-11-20T12:00:00Z'), sleep: async () => {} };
const client = createClient({ providers: [openai({ apiKey: 'test-key' })], env: {}, clock });

// Reviewed against docs/providers/openai.md, sections 2 and 2.1.
describe('sizes', () => {
  const custom = {
    yes: [
      ...['1024x1024', '1536x1024', '1024x1536', '1920x1088', '1536x864', '2048x2048', '2880x2880'],
      ...['3840x2160', '2160x3840', '3840x1280', '1024x640', '816x816', '1408x480'],
    ],
    no: [
      ...['1920x1080', '512x512', '1024x624', '800x800', '3856x2160', '3840x2176', '2896x2880', '3840x1264'],
      ...['1000x1000', '1x1'],
    ],
  };
  const presets = {
    yes: ['1024x1024', '1536x1024', '1024x1536'],
    no: ['1536x864', '512x512', '2048x2048', '1024x1792'],
  };
  const sizes: Partial<Record<keyof typeof models, { yes: string[]; no: string[] }>> = {
    'gpt-image-2.6-flare': custom,
    'gpt-image-2.6-sunburst': custom,
    'gpt-image-2.5-flare': custom,
    'gpt-image-2.5-flare-2026-09-08': custom,
    'gpt-image-2.5-sunburst': custom,
    'gpt-image-2.5-sunburst-2026-09-08': custom,
    'gpt-image-2': custom,
    'gpt-image-2-2026-04-21': custom,
    'gpt-image-1.5': presets,
    'gpt-image-1-mini': presets,
    'chatgpt-image-latest': presets,
  };
  const rows = Object.entries(sizes).flatMap(([model, lists]) =>
    Object.entries(lists).flatMap(([verdict, list]) => list.map((size) => [model, size, verdict] as const)),
  );

  test.each(rows)('%s %s %s', async (model, size, verdict) => {
    const plan = client.plan({ model: `openai/${model}`, prompt: 'x', size: size as `${number}x${number}` });
    if (verdict === 'no')
      return expect(plan).rejects.toMatchObject({ code: 'unsupported', details: { option: 'size' } });
    expect((await plan).calls).toMatchObject([{ size: { width: Number(size.split('x')[0]) } }]);
  });

  test('full HD is refused, saying why, with the legal size beside it first', async () => {
    const error = await client.plan({ model: 'openai', prompt: 'x', size: '1920x1080' }).catch((refusal) => refusal);
    expect(error.message).toContain('1080 is not a multiple of 16');
    expect(error.details.nearest[0]).toBe('1920x1088');
  });

  test('a ratio becomes a legal size', async () => {
    const sizeOf = async (words: object) =>
      (await client.plan({ model: 'openai', prompt: 'x', ...words })).calls[0]!.size;
    expect(await sizeOf({ aspectRatio: '16:9' })).toEqual({ width: 1280, height: 720 });
    expect(await sizeOf({ aspectRatio: '3:2' })).toEqual({ width: 1536, height: 1024 });
    expect(await sizeOf({ resolution: '2K' })).toEqual({ width: 2048, height: 2048 });
  });

  test('the table and the emulator, written apart, agree on any size', async () => {
    const side = fc.oneof(
      fc.integer({ min: 1, max: 4000 }),
      fc.integer({ min: 1, max: 250 }).map((count) => count * 16),
    );
    await fc.assert(
      fc.asyncProperty(side, side, fc.constantFrom('gpt-image-2', 'gpt-image-1.5'), async (width, height, model) => {
        const size = `${width}x${height}` as const;
        const plan = client.plan({ model: `openai/${model}`, prompt: 'x', size });
        const taken = await plan.then(
          () => true,
          () => false,
        );
        expect(taken).toBe(isSize(size, facts[model]!, false));
      }),
      { numRuns: 300 },
    );
  });
});
