// The exact requests, and what answers mean. Source: docs/providers/openrouter.md.

import { type Client, type ClientRequest, createClient, type Progress, type ProviderAccess } from '@anyimage/core';
import { drawTestCard, type Emulator } from '@anyimage/testkit';
import { afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { withCatalogue } from '../test/with-catalogue.ts';
import { emulator } from './emulator.ts';
import { openrouter } from './index.ts';
import { serviceError } from './wire.ts';

let provider: Awaited<ReturnType<typeof withCatalogue>>;
let service: Emulator;
let client: Client;

beforeAll(async () => {
  provider = await withCatalogue(emulator);
});
beforeEach(async () => {
  service = await emulator.start();
  client = connect();
});
afterEach(async () => {
  await client.close();
  await service.close();
});

function connect(access: ProviderAccess = {}): Client {
  return createClient({ providers: [provider({ apiKey: service.key, baseURL: service.baseURL, ...access })], env: {} });
}

const body = () => service.requests[0]!.body;
const kite = drawTestCard({ prompt: 'a kite', width: 64, height: 64 });
const ask = (model: string, words: ClientRequest = {}) =>
  client.generate({ model: `openrouter/${model}`, prompt: 'a red kite', ...words });

describe('the request', () => {
  test('has what was asked and nothing else', async () => {
    const { images, cost } = await ask('maker/by-resolution');
    const { method, path, headers } = service.requests[0]!;
    expect({ method, path, type: headers['content-type'], authorization: headers.authorization }).toEqual({
      method: 'POST',
      path: '/api/v1/images',
      type: 'application/json',
      authorization: 'Bearer test-key',
    });
    expect(body()).toEqual({ model: 'maker/by-resolution', prompt: 'a red kite' });
    expect(images).toMatchObject([{ width: 1024, height: 1024 }]);
    expect(cost).toEqual([{ amount: 0.06, currency: 'USD', estimated: false }]);
  });

  test('every word of a model at once', async () => {
    await ask('maker/by-resolution', {
      n: 2,
      resolution: '1K',
      aspectRatio: '3:2',
      user: 'u-1',
      providerOptions: { guidance_scale: 7.5, scheduler: 'heun', steps: 30, sessionId: 's-1' },
    });
    expect(body()).toEqual({
      model: 'maker/by-resolution',
      prompt: 'a red kite',
      n: 2,
      resolution: '1K',
      aspect_ratio: '3:2',
      user: 'u-1',
      guidance_scale: 7.5,
      scheduler: 'heun',
      session_id: 's-1',
      provider: { options: { maker: { steps: 30 } } },
    });
  });

  test('a picture of pixels, with references as URLs and bytes', async () => {
    await ask('openai/gpt-image-2', {
      size: '1536x1024',
      quality: 'high',
      background: 'transparent',
      outputFormat: 'webp',
      outputCompression: 80,
      images: [kite, 'https://example.com/sea.jpg'],
    });
    expect(body()).toEqual({
      model: 'openai/gpt-image-2',
      prompt: 'a red kite',
      size: '1536x1024',
      quality: 'high',
      background: 'transparent',
      output_format: 'webp',
      output_compression: 80,
      input_references: [
        { type: 'image_url', image_url: { url: `data:image/png;base64,${Buffer.from(kite).toString('base64')}` } },
        { type: 'image_url', image_url: { url: 'https://example.com/sea.jpg' } },
      ],
    });
  });

  test('a model that makes only drawings is always asked for one', async () => {
    const { images } = await ask('maker/drawings');
    expect(body()).toMatchObject({ output_format: 'svg' });
    expect(images).toMatchObject([{ mediaType: 'image/svg+xml' }]);
  });

  test('of the ways to say a size one is sent, also to a model whose sizes are not known', async () => {
    const plain = createClient({ providers: [openrouter()], env: service.env });
    const at = { model: 'openrouter/someone/unknown', prompt: 'x' } as const;
    await plain.generate({ ...at, size: '1024x768' }).catch(() => undefined);
    await plain.generate({ ...at, resolution: '2K', aspectRatio: '16:9' }).catch(() => undefined);
    await plain.close();
    expect(service.requests.map((one) => one.body)).toEqual([
      { model: 'someone/unknown', prompt: 'x', size: '1024x768' },
      { model: 'someone/unknown', prompt: 'x', resolution: '2K', aspect_ratio: '16:9' },
    ]);
  });

  test('headers of the access go with it', async () => {
    const named = connect({ headers: { 'HTTP-Referer': 'https://boats.example', 'X-Title': 'Boats' } });
    await named.generate({ model: 'openrouter/maker/by-quality', prompt: 'x' });
    await named.close();
    expect(service.requests[0]!.headers).toMatchObject({ 'http-referer': 'https://boats.example', 'x-title': 'Boats' });
  });
});

describe('which service answers', () => {
  const model = 'maker/two-services';

  test('is left to OpenRouter where all take the request', async () => {
    await ask(model, { resolution: '1K', n: 2 });
    expect(body()).not.toHaveProperty('provider');
    expect(service.spent).toBe(0.1);
  });

  test.each<[string, ClientRequest, string[]]>([
    ['2K', { resolution: '2K' }, ['careful/eu']],
    ['a ratio', { aspectRatio: '16:9' }, ['quick']],
    ['a seed', { seed: 7 }, ['careful/eu']],
    ['partial pictures', { partials: 1 }, ['quick']],
    ['an option that one of them has as its own', { providerOptions: { steps: 30 } }, ['careful/eu']],
  ])('is one of those that take %s', async (_, words, only) => {
    await ask(model, words);
    expect(body()).toMatchObject({ provider: { only } });
  });

  test('a request that each takes a part of is refused before it is sent', async () => {
    await expect(ask(model, { seed: 7, aspectRatio: '16:9' })).rejects.toMatchObject({
      code: 'unsupported',
      message: expect.stringContaining('quick'),
      details: { allowed: ['quick', 'careful/eu'] },
    });
    expect(service.requests).toEqual([]);
  });

  test('callers choose, too', async () => {
    await ask(model, {
      providerOptions: {
        only: ['quick', 'careful'],
        order: ['careful', 'quick'],
        ignore: ['slow'],
        sort: 'price',
        allowFallbacks: false,
        options: { careful: { steps: 12 }, quick: {} },
      },
    });
    expect(body()).toEqual({
      model,
      prompt: 'a red kite',
      provider: {
        only: ['quick', 'careful'],
        order: ['careful', 'quick'],
        ignore: ['slow'],
        sort: 'price',
        allow_fallbacks: false,
        options: { careful: { steps: 12 }, quick: {} },
      },
    });
    expect(service.spent).toBe(0.05);
  });

  test('a choice that leaves no service for the request is refused before it is sent', async () => {
    const choice = { seed: 7, providerOptions: { only: ['quick'] } };
    await expect(ask(model, choice)).rejects.toMatchObject({ code: 'unsupported' });
    expect(service.requests).toEqual([]);
  });

  test.each<[string, unknown]>([
    ['only', 'openai'],
    ['ignore', []],
    ['order', [7]],
    ['options', { openai: 'low' }],
    ['options', ['openai']],
  ])('%s as %j is refused before it is sent', async (name, value) => {
    await expect(ask(model, { providerOptions: { [name]: value } as never })).rejects.toMatchObject({
      code: 'invalid-request',
      details: { option: `providerOptions.${name}` },
    });
    expect(service.requests).toEqual([]);
  });

  test.each([
    ['openai/gpt-image-2', 'openai', { quality: 'high' }],
    ['openai/gpt-image-2', 'openai', { size: '1536x1024' }],
    ['maker/by-resolution', 'maker', { resolution: '2K' }],
    ['maker/by-resolution', 'maker', { n: 9 }],
  ])('%s: an option of %s that would change what the price follows from, %j, is refused', async (id, slug, own) => {
    await expect(ask(id, { providerOptions: { options: { [slug]: own } } as never })).rejects.toMatchObject({
      code: 'invalid-request',
      details: { option: `providerOptions.options.${slug}.${Object.keys(own)[0]}` },
    });
    expect(service.requests).toEqual([]);
  });

  test('a transparent picture as jpeg is refused before it is sent', async () => {
    const words = { background: 'transparent', outputFormat: 'jpeg' };
    await expect(ask('openai/gpt-image-2', words)).rejects.toMatchObject({ code: 'invalid-request' });
    expect(service.requests).toEqual([]);
  });
});

describe('partial pictures', () => {
  async function watch(words: ClientRequest) {
    const progress: Progress[] = [];
    const outcome = await client.run({
      model: 'openrouter/openai/gpt-image-2',
      prompt: 'a red kite',
      partials: 1,
      ...words,
      onProgress: (seen) => 'partial' in seen && progress.push(seen),
    });
    return { outcome, indices: progress.flatMap((seen) => ('partial' in seen ? seen.index : [])) };
  }

  test('are reported as they arrive, and the picture after them', async () => {
    const { outcome, indices } = await watch({});
    expect(body()).toEqual({ model: 'openai/gpt-image-2', prompt: 'a red kite', stream: true });
    expect([indices, outcome.images.length]).toEqual([[0], 1]);
    expect(outcome.cost).toMatchObject([{ currency: 'USD', estimated: false }]);
    expect(outcome.cost![0]!.amount).toBeCloseTo(service.spent, 6);
  });

  test('of several pictures take one request each, and their cost is added up', async () => {
    const { outcome, indices } = await watch({ n: 2 });
    expect([indices, outcome.images.length, service.submissions]).toEqual([[0, 0], 2, 2]);
    expect(outcome.cost![0]!.amount).toBeCloseTo(service.spent, 6);
  });

  test('a refusal in the middle of the stream is an error that may have been billed', async () => {
    const { outcome, indices } = await watch({ prompt: 'something [late]' });
    expect(indices).toEqual([0]);
    expect(outcome.error).toMatchObject({ code: 'content-blocked', mayHaveBeenBilled: true, retryable: false });
  });

  test('a stream that ends before the picture is a bad response', async () => {
    service.fault({ on: 'generate', kind: 'malformed' });
    const { outcome } = await watch({});
    expect(outcome.error).toMatchObject({ code: 'bad-response', mayHaveBeenBilled: true });
  });

  test('a service that does not stream answers as always', async () => {
    const plain = createClient({ providers: [openrouter()], env: service.env });
    const made = await plain.generate({ model: 'openrouter/maker/by-quality', prompt: 'x', partials: 1 });
    expect(made.images).toHaveLength(1);
    await plain.close();
  });
});

describe('a refusal', () => {
  const envelope = (status: number) => ({ status, headers: new Headers(), now: 0 });
  const error = (code: number, message: string, metadata?: object) => ({
    error: { code, message, ...(metadata && { metadata }) },
  });

  test.each([
    [400, error(400, 'resolution is wrong'), { code: 'invalid-request', mayHaveBeenBilled: false }],
    [401, error(401, 'No auth credentials found'), { code: 'auth' }],
    [402, error(402, 'Insufficient credits'), { code: 'quota', retryable: false }],
    [403, error(403, 'Not allowed'), { code: 'permission' }],
    [404, error(404, 'No endpoints found'), { code: 'not-found', hint: expect.stringContaining('another model') }],
    [404, undefined, { code: 'not-found', details: { option: 'baseURL' } }],
    [413, error(413, 'Too large'), { code: 'invalid-request' }],
    [429, error(429, 'Rate limit'), { code: 'rate-limit', retryable: true, mayHaveBeenBilled: false }],
    [500, error(500, 'Oops'), { code: 'server', mayHaveBeenBilled: true }],
    [502, error(502, 'Bad gateway'), { code: 'unavailable', mayHaveBeenBilled: true }],
    [524, error(524, 'Too slow'), { code: 'timeout', mayHaveBeenBilled: true }],
    [529, error(529, 'Overloaded'), { code: 'unavailable', retryable: true, mayHaveBeenBilled: false }],
    [200, error(402, 'Insufficient credits'), { code: 'quota' }],
  ])('%i %j', (status, body, facts) => {
    expect(serviceError(envelope(status), body)).toMatchObject({ status, ...facts });
  });

  test.each([
    [403, error(403, 'The input was flagged', { reasons: ['violence', 7], provider_name: 'openai' })],
    [400, error(400, 'The input was flagged', { reasons: ['violence'] })],
  ])('%i of moderation tells its reasons', (status, body) => {
    expect(serviceError(envelope(status), body)).toMatchObject({
      code: 'content-blocked',
      retryable: false,
      mayHaveBeenBilled: true,
      details: { reasons: ['violence'] },
    });
  });

  test('reaches the caller with its reasons', async () => {
    await expect(ask('maker/by-quality', { prompt: 'something [unsafe]' })).rejects.toMatchObject({
      code: 'content-blocked',
      details: { reasons: ['violence'] },
    });
  });

  test('of a wrong key shows it nowhere', async () => {
    const wrong = connect({ apiKey: 'wrong-test-key' });
    const failure = await wrong
      .generate({ model: 'openrouter/maker/by-quality', prompt: 'x' })
      .catch((thrown: unknown) => thrown);
    await wrong.close();
    expect(failure).toMatchObject({ code: 'auth' });
    expect(JSON.stringify(failure)).not.toContain('wrong-test-key');
  });
});
