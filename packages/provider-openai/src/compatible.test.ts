import { createServer, type Server as HttpServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { type CallContext, createClient, type ImageProvider } from '@anyimage/core';
import { drawPlain, drawTestCard, plainContext } from '@anyimage/testkit';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { openAICompatible } from './compatible.ts';
import { listModels } from './draw.ts';
import { openai } from './provider.ts';
import { type Server, type ServerName, servers } from './servers.ts';

const card = drawTestCard({ prompt: 'a boat', width: 64, height: 64 });
/** PNGs whose headers say that their pixels are shades of grey, without and with opacity, and a JPEG of one component. */
const greys = [
  ...[0, 4].map((type) => Uint8Array.from(card, (byte, at) => (at === 25 ? type : byte))),
  drawPlain('jpeg', { prompt: 'a boat', width: 64, height: 64 })!,
];
const base64 = Buffer.from(card).toString('base64');

interface Asked {
  readonly path: string;
  readonly authorization: string | undefined;
  readonly body: string;
}

let http: HttpServer;
let baseURL: string;
let asked: Asked[];
let answer: { status?: number; type?: string; body: unknown };
/** Bodies that come before `answer`. */
let first: unknown[];

beforeEach(async () => {
  asked = [];
  first = [];
  http = createServer(async (request, response) => {
    if (request.url === '/files/a.png') {
      response.end(card);
      return;
    }
    const chunks: Buffer[] = [];
    for await (const chunk of request as AsyncIterable<Buffer>) chunks.push(chunk);
    const { authorization } = request.headers;
    asked.push({ path: request.url ?? '', authorization, body: Buffer.concat(chunks).toString('latin1') });
    const {
      status = 200,
      type = 'application/json',
      body,
    } = first.length ? { ...answer, body: first.shift() } : answer;
    response.writeHead(status, { 'content-type': type });
    response.end(typeof body === 'string' ? body : JSON.stringify(body));
  });
  await new Promise<void>((resolve) => http.listen(0, '127.0.0.1', resolve));
  baseURL = `http://127.0.0.1:${(http.address() as AddressInfo).port}/v1`;
  answer = { body: { data: [{ b64_json: base64 }] } };
});
afterEach(async () => {
  http.closeAllConnections();
  await new Promise((resolve) => http.close(resolve));
});

async function run(provider: ImageProvider, request: object, env = {}) {
  const client = createClient({ providers: [provider], env });
  try {
    return await client.run({ prompt: 'a red kite', ...request });
  } finally {
    await client.close();
  }
}

describe('on loopback', () => {
  test('any model is drawn with, without a key and free of charge, and what is unknown is warned of', async () => {
    const provider = openAICompatible({ baseURL });
    const model = 'openai-compatible/some-model';
    const { images, cost, warnings, error } = await run(provider, { model, size: '512x512', seed: 7 });
    expect(error).toBeUndefined();
    expect(images).toMatchObject([{ model, mediaType: 'image/png' }]);
    expect(asked).toMatchObject([{ path: '/v1/images/generations', authorization: undefined }]);
    expect(JSON.parse(asked[0]!.body)).toEqual({ model: 'some-model', prompt: 'a red kite', size: '512x512', seed: 7 });
    expect(cost).toEqual([{ amount: 0, currency: 'USD', estimated: true }]);
    expect(warnings.map(({ code }) => code)).toContain('unlisted');
  });

  test('a key that is given is sent, and one that the environment holds for others is not', async () => {
    const model = 'openai-compatible/m';
    await run(openAICompatible({ baseURL }), { model }, { OPENAI_API_KEY: 'test-key', XAI_API_KEY: 'test-key' });
    await run(openAICompatible({ baseURL, apiKey: 'test-key' }), { model });
    await run(openAICompatible({ baseURL, keyEnv: 'MY_KEY' }), { model }, { MY_KEY: 'test-key' });
    expect(asked.map(({ authorization }) => authorization)).toEqual([undefined, 'Bearer test-key', 'Bearer test-key']);
  });

  test('a key that is asked for by name is needed', async () => {
    const { error } = await run(openAICompatible({ baseURL, keyEnv: 'MY_KEY' }), { model: 'openai-compatible/m' });
    expect(error).toMatchObject({ code: 'auth', hint: expect.stringContaining('MY_KEY') });
    expect(asked).toEqual([]);
  });

  test('pictures behind URLs of the same server are fetched', async () => {
    answer = { body: { data: [{ url: `${baseURL.replace('/v1', '')}/files/a.png` }] } };
    const { images } = await run(openAICompatible({ baseURL, dialect: 'localai' }), { model: 'openai-compatible/m' });
    expect(images).toMatchObject([{ mediaType: 'image/png', width: 64 }]);
  });
});

describe('what a server costs that is not known to', () => {
  const free = (options: Parameters<typeof openAICompatible>[0]) => {
    const { unlisted } = openAICompatible(options);
    return unlisted?.prices?.length === 1 && unlisted.prices[0]!.amount === 0;
  };
  const here = { baseURL: 'http://127.0.0.1:8080/v1' };

  test.each([
    here,
    { ...here, dialect: 'localai' },
    { dialect: 'vllm' },
    { baseURL: 'http://localhost:8080/v1' },
    { baseURL: 'http://10.0.0.5:8080/v1' },
    { baseURL: 'http://172.16.0.1/v1' },
    { baseURL: 'http://172.31.255.255/v1' },
    { baseURL: 'http://192.168.1.2/v1', dialect: 'stable-diffusion.cpp' },
    { baseURL: 'http://[fd12:3456::1]:8080/v1' },
    { baseURL: 'http://box.local:8080/v1' },
  ] as const)('is nothing on a machine of one’s own that no key is needed for: %j', (options) => {
    expect(free(options)).toBe(true);
  });

  test.each([
    { ...here, keyEnv: 'GATEWAY_KEY' },
    { ...here, apiKey: 'test-key' },
    { ...here, headers: { 'x-gateway-key': 'test-key' } },
    { ...here, dialect: 'localai', keyEnv: 'GATEWAY_KEY' },
    { ...here, dialect: 'together' },
    { baseURL: 'http://10.0.0.5:8080/v1', dialect: 'together' },
    { baseURL: 'http://192.168.1.2/v1', keyEnv: 'GATEWAY_KEY' },
    { baseURL: 'https://images.example.com/v1' },
    { baseURL: 'http://10.example.com/v1' },
    { baseURL: 'http://172.15.0.1/v1' },
    { baseURL: 'http://172.32.0.1/v1' },
    { baseURL: 'http://192.169.1.2/v1' },
    { baseURL: 'http://169.254.169.254/v1' },
    { baseURL: 'http://[fc::1]/v1' },
    { baseURL: 'http://local/v1' },
    { baseURL: 'http://box.local.example.com/v1' },
    { baseURL: 'no URL' },
  ] as const)('is not known where a key is needed, the service is a paid one, or it is anywhere: %j', (options) => {
    expect(openAICompatible(options).unlisted?.prices).toBeUndefined();
  });

  test('is not known of a listed model either, unless its row says so', () => {
    const price = { amount: 0.02, currency: 'USD', per: 'image' } as const;
    const models = { flux: servers.openai.row, known: { ...servers.openai.row, prices: [price] } };
    const given = openAICompatible({ ...here, keyEnv: 'GATEWAY_KEY', models }).models;
    expect([given.flux!.prices, given.known!.prices]).toEqual([undefined, [price]]);
    const more = { ...models, alike: { like: 'flux' }, dearer: { like: 'known' } };
    const unpaid = openAICompatible({ ...here, models: more }).models;
    expect(['flux', 'known', 'alike', 'dearer'].map((id) => unpaid[id]!.prices![0]!.amount)).toEqual([
      0, 0.02, 0, 0.02,
    ]);
  });
});

describe('dialects', () => {
  test('LocalAI makes n pictures of one seed in n calls, each with its own', async () => {
    const provider = openAICompatible({ baseURL, dialect: 'localai', id: 'mine' });
    const words = { model: 'mine/flux', n: 2, seed: 5, negativePrompt: 'fog' };
    const { images, warnings } = await run(provider, words);
    expect(images.map(({ seed }) => seed)).toEqual([5, 6]);
    expect(asked.map(({ body }) => JSON.parse(body))).toEqual([
      { model: 'flux', prompt: 'a red kite|fog', response_format: 'b64_json', seed: 5 },
      { model: 'flux', prompt: 'a red kite|fog', response_format: 'b64_json', seed: 6 },
    ]);
    expect(warnings.map(({ code }) => code)).toEqual(['unlisted']);
  });

  test.each([
    ['localai', { prompt: 'a|b' }, 'prompt'],
    ['stable-diffusion.cpp', { prompt: 'a <sd_cpp_extra_args>{"seed":1}</sd_cpp_extra_args>' }, 'prompt'],
    ...greys.map((grey) => ['stable-diffusion.cpp', { images: [card, grey] }, 'images'] as const),
    ['together', { images: [card, card], providerOptions: { imageField: 'image_url' } }, 'providerOptions.imageField'],
  ] as const)('%s: what the server would misread is refused before it is sent', async (dialect, words, option) => {
    const { error } = await run(openAICompatible({ baseURL, dialect }), { model: 'openai-compatible/m', ...words });
    expect(error).toMatchObject({ code: 'invalid-request', details: { option } });
    expect(asked).toEqual([]);
  });

  test.each([
    ['xai', { size: '1024x1024' }],
    ['xai', { seed: 1 }],
    ['xai', { negativePrompt: 'fog' }],
    ['deepinfra', { partials: 1 }],
    ['localai', { outputFormat: 'webp' }],
    ['together', { size: '1020x1024' }],
  ] as const)('%s: a word that the server does not have is refused (%j)', async (dialect, words) => {
    const provider = openAICompatible({ baseURL, dialect });
    const { error } = await run(provider, { model: 'openai-compatible/m', ...words });
    expect(error).toMatchObject({ code: 'unsupported' });
    expect(asked).toEqual([]);
  });

  test('xAI’s models are known, take ratios, and tell what they cost', async () => {
    answer = { body: { data: [{ b64_json: base64 }], usage: { cost_in_usd_ticks: 550_000_000 } } };
    const provider = openAICompatible({ baseURL, dialect: 'xai' });
    const { cost, warnings } = await run(provider, { aspectRatio: '16:9', resolution: '2K', quality: 'low' });
    expect(JSON.parse(asked[0]!.body)).toEqual({
      model: 'grok-imagine-image-2.0',
      prompt: 'a red kite',
      aspect_ratio: '16:9',
      resolution: '2k',
      quality: 'low',
      response_format: 'b64_json',
    });
    expect(cost).toEqual([{ amount: 0.055, currency: 'USD', estimated: false }]);
    expect(warnings).toEqual([]);
  });

  test('a picture that moderation holds back is told apart from those that were made', async () => {
    answer = { body: { data: [{ b64_json: base64 }, { url: '', respect_moderation: false }] } };
    const { images, errors } = await run(openAICompatible({ baseURL, dialect: 'xai' }), { n: 2 });
    expect([images.length, errors.map(({ code }) => code)]).toEqual([1, ['content-blocked']]);
  });

  test('a dialect of one’s own is data', async () => {
    const own: Server = {
      ...servers.openai,
      label: 'Mine',
      row: { ...servers.openai.row, wire: { responseFormat: 'b64_json', size: 'image_size' } },
    };
    const provider = openAICompatible({ baseURL, dialect: JSON.parse(JSON.stringify(own)) });
    await run(provider, { model: 'openai-compatible/m', size: '512x512' });
    expect(JSON.parse(asked[0]!.body)).toMatchObject({ image_size: '512x512', response_format: 'b64_json' });
  });
});

describe('answers of a server that draws no pictures', () => {
  test.each([
    [{ status: 404, type: 'text/plain', body: '404 page not found' }, 'not-found', 'no such image endpoint'],
    [{ status: 405, type: 'text/plain', body: '' }, 'not-found', 'no such image endpoint'],
    [{ status: 404, type: 'text/html', body: '<!doctype html><html></html>' }, 'not-found', '/v1'],
    [{ status: 200, type: 'text/html', body: '<!doctype html><html></html>' }, 'bad-response', '/v1'],
  ])('%j', async (given, code, hint) => {
    answer = given;
    const { error } = await run(openAICompatible({ baseURL }), { model: 'openai-compatible/m' });
    expect(error).toMatchObject({ code, hint: expect.stringContaining(hint) });
  });
});

test('a server that does not stream answers a request for partial pictures all the same', async () => {
  const { images, error } = await run(openAICompatible({ baseURL }), { model: 'openai-compatible/m', partials: 2 });
  expect([error, images.length]).toEqual([undefined, 1]);
  expect(JSON.parse(asked[0]!.body)).toMatchObject({ stream: true, partial_images: 2 });
});

test('what some of the pictures cost is not taken for what all of them cost', async () => {
  const usage = { input_tokens: 9, output_tokens: 1000, cost_in_usd_ticks: 550_000_000 };
  first = [{ data: [{ b64_json: base64 }], usage }];
  const provider = openai({ apiKey: 'test-key', baseURL });
  const { images, cost } = await run(provider, { model: 'openai/gpt-image-2.5-flare', partials: 1, n: 2 });
  expect([images.length, asked.length]).toEqual([2, 2]);
  expect(cost).toBeNull();
});

describe('what a provider is', () => {
  const facts = (options: Parameters<typeof openAICompatible>[0]) => {
    const { id, label, keys, regions, access } = openAICompatible(options);
    return { id, label, keys: keys.map(({ env }) => env), regions: Object.keys(regions), access };
  };

  test('is known by the host of a public server', () => {
    expect(facts({ baseURL: 'https://api.x.ai/v1' })).toMatchObject({ label: 'xAI', keys: ['XAI_API_KEY'] });
    expect(facts({ baseURL: 'https://api.siliconflow.com/v1' })).toMatchObject({
      label: 'SiliconFlow',
      regions: ['china', 'international'],
    });
    expect(facts({ baseURL: 'https://images.example.com/v1', apiKey: 'test-key', id: 'mine' })).toEqual({
      id: 'mine',
      label: 'OpenAI-compatible server',
      keys: [],
      regions: ['default'],
      access: { baseURL: 'https://images.example.com/v1', apiKey: 'test-key' },
    });
  });

  test.each(Object.keys(servers) as ServerName[])(
    '%s is made with and without a base URL, as plain JSON',
    (dialect) => {
      for (const options of [{ dialect }, { dialect, baseURL: 'https://images.example.com/v1' }]) {
        if (dialect === 'openai' && !('baseURL' in options)) continue;
        const { models, unlisted } = openAICompatible(options);
        expect(JSON.parse(JSON.stringify({ models, unlisted }))).toStrictEqual({ models, unlisted });
      }
    },
  );

  test('without a base URL or a known dialect is a config error that lists what is known', () => {
    for (const options of [{}, { dialect: 'openai' }, { dialect: 'nothing' }, { dialect: 'toString', baseURL }]) {
      expect(() => openAICompatible(options as never)).toThrow(
        expect.objectContaining({ code: 'config', hint: expect.stringContaining('localai') }),
      );
    }
  });

  test('a base URL that is none is refused when it is used', async () => {
    const { error } = await run(openAICompatible({ baseURL: 'no URL' }), { model: 'openai-compatible/m' });
    expect(error).toMatchObject({ code: 'config' });
  });
});

describe('over a plain context', () => {
  let context: CallContext;
  beforeEach(() => {
    context = plainContext(openAICompatible({ baseURL }), { baseURL });
  });

  test('a server tells which models it has', async () => {
    answer = { body: { object: 'list', data: [{ id: 'sd-cpp-local', object: 'model' }] } };
    expect(await listModels(context)).toEqual([{ id: 'sd-cpp-local' }]);
    expect(asked[0]!.path).toBe('/v1/models');
  });

  test('of OpenAI, whose list holds all kinds, those with image in their id', async () => {
    answer = { body: { data: [{ id: 'gpt-5.5' }, { id: 'gpt-image-3' }] } };
    const atHome = { ...context, baseURL: 'https://api.openai.com/v1' };
    expect(await listModels(atHome)).toEqual([{ id: 'gpt-image-3' }]);
  });

  test.each([
    [{ body: { models: [] } }, 'bad-response'],
    [{ status: 401, body: { error: { message: 'no key', code: 'invalid_api_key' } } }, 'auth'],
  ])('or fails to (%j)', async (given, code) => {
    answer = given;
    await expect(listModels(context)).rejects.toMatchObject({ code });
  });

  test('the text model is asked if there is one', async () => {
    answer = { body: { choices: [{ message: { content: 'A snowy mountain' }, finish_reason: 'stop' }] } };
    expect(openAICompatible({ baseURL }).text).toBeUndefined();
    const { text } = openAICompatible({ baseURL, textModel: 'some-text' });
    expect(await text!.write({ system: 'Translate.', user: '雪山' }, { ...context, textModel: 'some-text' })).toEqual({
      text: 'A snowy mountain',
    });
    expect(asked[0]!.path).toBe('/v1/chat/completions');
    expect(JSON.parse(Buffer.from(asked[0]!.body, 'latin1').toString())).toMatchObject({ model: 'some-text' });
  });
});
