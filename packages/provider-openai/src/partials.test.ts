import { type Client, createClient, type Price, type Progress } from '@anyimage/core';
import { drawTestCard, type Emulator } from '@anyimage/testkit';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { models } from './capabilities.ts';
import { emulator } from './emulator.ts';
import { openai } from './provider.ts';

const boat = drawTestCard({ prompt: 'a boat', width: 512, height: 384 });
let service: Emulator;
let client: Client;

beforeEach(async () => {
  service = await emulator.start();
  client = createClient({ providers: [openai()], env: service.env });
});
afterEach(async () => {
  await client.close();
  await service.close();
});

describe('partial pictures', () => {
  async function watch(request: object) {
    const progress: Progress[] = [];
    const outcome = await client.run({
      model: 'openai',
      prompt: 'a red kite',
      size: '1024x1024',
      ...request,
      onProgress: (seen) => 'partial' in seen && progress.push(seen),
    });
    return { outcome, indices: progress.flatMap((seen) => ('partial' in seen ? seen.index : [])), progress };
  }

  test('are reported as they arrive, and the picture after them', async () => {
    const { outcome, indices, progress } = await watch({ partials: 2 });
    expect(service.requests[0]!.body).toEqual({
      model: 'gpt-image-2.5-flare',
      prompt: 'a red kite',
      size: '1024x1024',
      stream: true,
      partial_images: 2,
    });
    expect(indices).toEqual([0, 0]);
    expect(Buffer.from((progress[0] as { partial: Uint8Array }).partial).toString('latin1', 1, 4)).toBe('PNG');
    expect(outcome.images).toMatchObject([{ width: 1024, height: 1024 }]);
    expect(outcome.cost).toEqual([{ amount: service.spent, currency: 'USD', estimated: false }]);
  });

  test('of an edit come through the form', async () => {
    const { outcome, indices } = await watch({ partials: 1, images: [boat] });
    expect(service.requests[0]).toMatchObject({
      path: '/v1/images/edits',
      body: { stream: 'true', partial_images: '1', image: { type: 'image/png' } },
    });
    expect([indices, outcome.images.length]).toEqual([[0], 1]);
  });

  test('of several pictures take one request each, and their cost is added up', async () => {
    const { outcome, indices } = await watch({ partials: 2, n: 2 });
    expect(indices).toEqual([0, 0, 0, 0]);
    expect([outcome.images.length, service.submissions]).toEqual([2, 2]);
    expect(outcome.cost![0]!.amount).toBeCloseTo(service.spent);
  });

  test('a refusal of one picture leaves the others', async () => {
    service.fault({ on: 'generate', kind: 'failure', code: 'content-blocked', after: 1, times: 1 });
    const { outcome } = await watch({ partials: 1, n: 3 });
    expect(outcome.images).toHaveLength(2);
    expect(outcome.errors.map(({ code }) => code)).toEqual(['content-blocked']);
    expect(service.requests).toHaveLength(3);
  });

  test('a refusal in the middle of the stream is an error that may have been billed', async () => {
    const { outcome, indices } = await watch({ partials: 1, prompt: 'something [late]' });
    expect(indices).toEqual([0]);
    expect(outcome.error).toMatchObject({ code: 'content-blocked', mayHaveBeenBilled: true, retryable: false });
  });

  test('a stream that ends before the picture is a bad response', async () => {
    service.fault({ on: 'generate', kind: 'malformed' });
    const { outcome } = await watch({ partials: 1 });
    expect(outcome.error).toMatchObject({ code: 'bad-response', mayHaveBeenBilled: true });
    expect(service.requests).toHaveLength(1);
  });
});

test('a partial picture costs 100 tokens at the price of its model', () => {
  const priced = Object.entries(models).flatMap(([id, row]) => {
    const prices: readonly Price[] = 'prices' in row ? row.prices : [];
    const token = prices.find(({ per }) => per === '1M image out');
    return prices.flatMap(({ partial }) => (token && partial !== undefined ? [[id, partial, token.amount]] : []));
  });
  expect(priced.length).toBeGreaterThan(0);
  for (const [id, partial, token] of priced) expect(partial, `${id}`).toBeCloseTo(Number(token) / 10_000, 9);
});
