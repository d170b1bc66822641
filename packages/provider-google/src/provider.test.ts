import { type Client, createClient, type HttpRequest, ImageError, type ProviderAccess } from '@anyimage/core';
import { drawTestCard, type Emulator, plainContext } from '@anyimage/testkit';
import { conformance } from '@anyimage/testkit/conformance';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { models } from './capabilities.ts';
import { emulator } from './emulator.ts';
import { google } from './provider.ts';

conformance({ provider: google, emulator });

let service: Emulator;
let client: Client;
const clients: Client[] = [];

beforeEach(async () => {
  service = await emulator.start();
  client = connect();
});
afterEach(async () => {
  await Promise.all(clients.splice(0).map((each) => each.close()));
  await service.close();
});

/** `day`: for models that are retired by now. */
function connect(access: ProviderAccess = {}, env: Record<string, string> = {}, day?: string): Client {
  const clock = day && { now: () => Date.parse(day), sleep: async () => {} };
  const made = createClient({
    providers: [google({ ...access })],
    env: { ...service.env, ...env },
    maxRetries: 0,
    ...(clock && { clock }),
  });
  clients.push(made);
  return made;
}

/** What the service saw of a request, but the connection's own headers. */
function seen(index: number) {
  const { method, path, headers, body } = service.requests[index]!;
  const { authorization } = headers;
  return { method, path, key: headers['x-goog-api-key'], authorization, body };
}

async function errorOf(promise: Promise<unknown>): Promise<ImageError> {
  const failure = await promise.catch((error: unknown) => error);
  if (ImageError.isInstance(failure)) return failure;
  throw new Error('no error');
}

const boat = drawTestCard({ prompt: 'boat', width: 96, height: 64 });
const hat = drawTestCard({ prompt: 'hat', width: 64, height: 64 });
const base64 = (bytes: Uint8Array) => Buffer.from(bytes).toString('base64');

describe('the request on the wire', () => {
  const envelope = {
    method: 'POST',
    path: '/v1beta/models/gemini-nano-banana-2.1:generateContent',
    key: 'test-key',
    authorization: undefined,
  };

  test('plain', async () => {
    const { images, cost, usage, providerMetadata } = await client.generate({
      model: 'google',
      prompt: 'a paper boat',
    });
    expect(seen(0)).toEqual({
      ...envelope,
      body: {
        contents: [{ role: 'user', parts: [{ text: 'a paper boat' }] }],
        generationConfig: { responseModalities: ['TEXT', 'IMAGE'] },
      },
    });
    // Not the draft, which is 64 px wide.
    expect(images).toMatchObject([
      { model: 'google/gemini-nano-banana-2.1', mediaType: 'image/png', width: 1024, height: 1024 },
    ]);
    expect(providerMetadata).toEqual({ modelVersion: 'gemini-nano-banana-2.1', text: 'Here it is.', drafts: 1 });
    expect(usage).toEqual({ textIn: 16, textOut: 200, imageOut: 1120 });
    expect(cost).toEqual([{ amount: 0.035124, currency: 'USD', estimated: true }]);
  });

  test('every option at once', async () => {
    const { images, cost } = await client.generate({
      model: 'google/gemini-nano-banana-2.1',
      prompt: 'a paper boat',
      aspectRatio: '16:9',
      resolution: '2K',
      seed: 7,
      providerOptions: { thinkingLevel: 'high', grounding: 'web+image', safety: 'BLOCK_ONLY_HIGH' },
    });
    const setting = (harm: string) => ({ category: `HARM_CATEGORY_${harm}`, threshold: 'BLOCK_ONLY_HIGH' });
    expect(seen(0).body).toEqual({
      contents: [{ role: 'user', parts: [{ text: 'a paper boat' }] }],
      generationConfig: {
        responseModalities: ['TEXT', 'IMAGE'],
        imageConfig: { aspectRatio: '16:9', imageSize: '2K' },
        seed: 7,
        thinkingConfig: { thinkingLevel: 'high' },
      },
      safetySettings: ['HARASSMENT', 'HATE_SPEECH', 'SEXUALLY_EXPLICIT', 'DANGEROUS_CONTENT'].map(setting),
      tools: [{ googleSearch: { searchTypes: { webSearch: {}, imageSearch: {} } } }],
    });
    expect(images).toMatchObject([{ width: 2752, height: 1536, seed: 7 }]);
    expect(cost).toBeNull();
  });

  test('an edit sends its pictures in their order, and keeps the shape of the first', async () => {
    const { images } = await client.generate({
      model: 'google',
      prompt: 'put the hat in the boat',
      images: [boat, hat],
    });
    expect(seen(0)).toEqual({
      ...envelope,
      body: {
        contents: [
          {
            role: 'user',
            parts: [
              { text: 'put the hat in the boat' },
              { inlineData: { mimeType: 'image/png', data: base64(boat) } },
              { inlineData: { mimeType: 'image/png', data: base64(hat) } },
            ],
          },
        ],
        generationConfig: { responseModalities: ['TEXT', 'IMAGE'] },
      },
    });
    expect(images).toMatchObject([{ width: 1264, height: 848 }]);
  });

  test('a size is sent as the ratio and resolution that make it', async () => {
    const { applied } = await client.generate({ model: 'google', prompt: 'x', size: '1536x2752' });
    expect(seen(0).body).toMatchObject({
      generationConfig: { imageConfig: { aspectRatio: '9:16', imageSize: '2K' } },
    });
    expect(applied).toMatchObject([{ option: 'size', sent: { aspectRatio: '9:16', resolution: '2K' } }]);
  });

  test('a model without resolutions gets no imageSize', async () => {
    const earlier = connect({}, {}, '2026-09-01');
    await errorOf(
      earlier.generate({ model: 'google/gemini-2.5-flash-image', prompt: 'x', size: '1344x768' }), // the service is of today
    );
    expect(seen(0)).toMatchObject({
      path: '/v1beta/models/gemini-2.5-flash-image:generateContent',
      body: { generationConfig: { imageConfig: { aspectRatio: '16:9' } } },
    });
    expect(JSON.stringify(seen(0).body)).not.toContain('imageSize');
  });

  test('a mask is refused before anything is sent', async () => {
    const error = await errorOf(client.generate({ model: 'google', prompt: 'x', images: [hat], mask: hat }));
    expect(error).toMatchObject({ code: 'unsupported', details: { option: 'operation', asked: 'inpaint' } });
    expect(service.requests).toEqual([]);
  });

  test('an old preview id goes to the model that took its place, and says so', async () => {
    const { applied } = await client.generate({ model: 'google/gemini-3-pro-image-preview', prompt: 'x' });
    expect(seen(0).path).toBe('/v1beta/models/gemini-3-pro-image:generateContent');
    expect(applied).toMatchObject([{ option: 'model', sent: 'google/gemini-3-pro-image' }]);
  });
});

describe('an answer without a picture', () => {
  test.each([
    ['[unsafe]', 'content-blocked', 'SAFETY', 'prompt', false, false],
    ['[unsafe picture]', 'content-blocked', 'IMAGE_SAFETY', 'candidate', true, false],
    ['[recitation]', 'content-blocked', 'IMAGE_RECITATION', 'candidate', true, false],
    ['[no image]', 'server', 'NO_IMAGE', 'candidate', true, true],
    ['[words]', 'bad-response', undefined, 'text', true, true],
    ['[refuse]', 'content-blocked', undefined, 'text', true, false],
  ])('to %s is %s %s of the %s', async (prompt, code, serviceCode, stage, mayHaveBeenBilled, retryable) => {
    const error = await errorOf(client.generate({ model: 'google', prompt: `a boat ${prompt}` }));
    expect(error).toMatchObject({ code, status: 200, details: { stage }, mayHaveBeenBilled, retryable });
    expect(error.hint).toMatch(/\.$/);
    if (serviceCode) expect(error.serviceCode).toBe(serviceCode);
    expect(service.requests).toHaveLength(1);
  });

  test('a draft is taken if there is nothing else, and the result says so', async () => {
    const { images, providerMetadata, warnings } = await client.generate({ model: 'google', prompt: 'x [only draft]' });
    expect(warnings).toContainEqual({ code: 'provider', message: expect.stringContaining('its drafts') });
    expect(images).toMatchObject([{ width: 64, height: 64 }]);
    expect(providerMetadata).toMatchObject({ drafts: 1, onlyDraft: true });
  });
});

describe('errors', () => {
  test('a wrong key is told with host and region, and is shown nowhere', async () => {
    const error = await errorOf(connect({ apiKey: 'wrong-test-key' }).generate({ model: 'google', prompt: 'x' }));
    expect(error).toMatchObject({
      code: 'auth',
      status: 400,
      serviceCode: 'API_KEY_INVALID',
      hint: expect.stringContaining('region gemini'),
    });
    expect(JSON.stringify(error)).not.toContain('wrong-test-key');
  });

  test('a model that neither table nor service knows is not found, with what was likely meant', async () => {
    const error = await errorOf(client.generate({ model: 'google/gemini-nano-bananna-2.1', prompt: 'x' }));
    expect(error).toMatchObject({ code: 'not-found', status: 404, serviceCode: 'NOT_FOUND' });
    expect(error.hint).toContain('google/gemini-nano-banana-2.1');
  });
});

describe('where requests go', () => {
  const vertexPath = '/v1/projects/my-project/locations/global';

  test('Vertex gets an access token, under the path of the project', async () => {
    const vertex = connect(
      { region: 'vertex' },
      {
        GOOGLE_VERTEX_BASE_URL: service.baseURL + vertexPath,
        GOOGLE_VERTEX_ACCESS_TOKEN: service.key,
        GEMINI_API_KEY: 'another-test-key',
      },
    );
    const { images, cost } = await vertex.generate({ model: 'google', prompt: 'a paper boat' });
    expect(seen(0)).toMatchObject({
      path: `${vertexPath}/publishers/google/models/gemini-nano-banana-2.1:generateContent`,
      authorization: 'Bearer test-key',
      key: undefined,
    });
    expect(images).toHaveLength(1);
    expect(cost).toBeNull();
  });

  test.each(['aiplatform', 'us-central1-aiplatform', 'europe-west4-aiplatform', 'aiplatform.eu.rep'])(
    '%s.googleapis.com is Vertex, with its key and without the prices of the Gemini API',
    async (name) => {
      const vertex = createClient({
        providers: [google({ baseURL: `https://${name}.googleapis.com${vertexPath}` })],
        env: { GOOGLE_VERTEX_ACCESS_TOKEN: 'test-key' },
      });
      const { estimate, warnings } = await vertex.plan({ model: 'google', prompt: 'a paper boat' });
      await vertex.close();
      expect([estimate, warnings]).toEqual([null, []]);
    },
  );

  test('Vertex without a project is refused before anything is sent', async () => {
    const error = await errorOf(
      connect({ region: 'vertex', apiKey: 'test-key', baseURL: service.baseURL }).generate({
        model: 'google',
        prompt: 'x',
      }),
    );
    expect(error).toMatchObject({ code: 'config', hint: expect.stringContaining('GOOGLE_VERTEX_BASE_URL') });
    expect(service.requests).toEqual([]);
  });

  test('a base URL may end in the version or not', async () => {
    for (const baseURL of [service.baseURL, `${service.baseURL}/`, `${service.baseURL}/v1beta`]) {
      await connect({ baseURL }).generate({ model: 'google', prompt: 'x' });
    }
    expect(new Set(service.requests.map(({ path }) => path))).toEqual(
      new Set(['/v1beta/models/gemini-nano-banana-2.1:generateContent']),
    );
  });

  test('GEMINI_API_KEY comes before GOOGLE_API_KEY, which may be one for maps', async () => {
    await connect({}, { GOOGLE_API_KEY: 'maps-test-key' }).generate({ model: 'google', prompt: 'x' });
    await connect({}, { GEMINI_API_KEY: '', GOOGLE_API_KEY: 'test-key' }).generate({ model: 'google', prompt: 'x' });
    expect([seen(0).key, seen(1).key]).toEqual(['test-key', 'test-key']);
  });
});

test('pictures that together are too large for a request are refused before anything is sent', async () => {
  // Bytes after the end of a PNG are tolerated.
  const heavy = Buffer.concat([boat, Buffer.alloc(45 * 2 ** 20)]);
  const error = await errorOf(client.generate({ model: 'google', prompt: 'x', images: [heavy, heavy] }));
  expect(error).toMatchObject({ code: 'invalid-request', details: { option: 'images', allowed: 104_857_600 } });
  expect(service.requests).toHaveLength(0);
});

describe('the list of models', () => {
  test('is read to its end, and pictures picked from it', async () => {
    const { models } = await client.discover('google');
    expect(models).toContainEqual({ id: 'gemini-3-pro-image', label: expect.any(String) });
    expect(models.every(({ id }) => /image|banana/.test(id))).toBe(true);
    expect(seen(0)).toMatchObject({ method: 'GET', path: '/v1beta/models?pageSize=1000', key: 'test-key' });
  });

  test('is not there on Vertex', async () => {
    const baseURL = `${service.origin}/v1/projects/p/locations/global`;
    const vertex = connect({ baseURL, region: 'vertex', apiKey: 'test-key' });
    await expect(vertex.discover('google')).rejects.toMatchObject({ code: 'unsupported' });
    expect(service.requests).toHaveLength(0);
  });
});

describe('Imagen', () => {
  const model = 'google/models/imagen-4.0-generate-001';

  test('at Google its ids are retired and name a successor, which takes over where that may be changed', async () => {
    const own = createClient({ providers: [google({ apiKey: 'test-key' })], env: {} });
    const words = { model: 'google/imagen-4.0-generate-001', prompt: 'x', aspectRatio: '16:9' } as const;
    await expect(own.plan(words)).rejects.toMatchObject({
      code: 'not-found',
      hint: expect.stringContaining('google/gemini-nano-banana-2.1'),
    });
    const { model: taken, applied } = await own.plan({ ...words, negotiation: 'adapt' });
    expect(taken).toBe('google/gemini-nano-banana-2.1');
    expect(applied).toMatchObject([{ option: 'model', sent: 'google/gemini-nano-banana-2.1' }]);
    await own.close();
  });

  test('a gateway that still has it is asked under its own id', async () => {
    const gateway = connect({ baseURL: `${service.baseURL}/gateway` });
    const { images, warnings } = await gateway.generate({ model: 'google/imagen-4.0-generate-001', prompt: 'a boat' });
    expect(seen(0).path).toBe('/gateway/v1beta/models/imagen-4.0-generate-001:predict');
    expect(images).toHaveLength(1);
    expect(warnings).toMatchObject([{ code: 'deprecated' }]);
  });

  test('a gateway that still has it is asked in its own form', async () => {
    const gateway = connect({ baseURL: `${service.baseURL}/gateway` });
    const { images, warnings } = await gateway.generate({
      model,
      prompt: 'a boat',
      aspectRatio: '16:9',
      resolution: '2K',
    });
    expect(seen(0)).toEqual({
      method: 'POST',
      path: '/gateway/v1beta/models/imagen-4.0-generate-001:predict',
      key: 'test-key',
      authorization: undefined,
      body: {
        instances: [{ prompt: 'a boat' }],
        parameters: { sampleCount: 1, aspectRatio: '16:9', sampleImageSize: '2K', includeRaiReason: true },
      },
    });
    expect(images).toMatchObject([{ width: 2816, height: 1536 }]);
    expect(warnings).toMatchObject([{ code: 'unlisted' }]);
  });

  test('a filtered picture is blocked content', async () => {
    const gateway = connect({ baseURL: `${service.baseURL}/gateway` });
    const error = await errorOf(gateway.generate({ model, prompt: 'a [unsafe] boat' }));
    expect(error).toMatchObject({ code: 'content-blocked', details: { stage: 'candidate' } });
  });

  test('what it has no word for is refused before anything is sent', async () => {
    const gateway = connect({ baseURL: `${service.baseURL}/gateway` });
    const error = await errorOf(gateway.generate({ model, prompt: 'a boat', seed: 1 }));
    expect(error).toMatchObject({ code: 'unsupported', message: expect.stringContaining('seed') });
    expect(service.requests).toEqual([]);
  });
});

describe('the text model', () => {
  function write(system: string, user: string) {
    const provider = google();
    const { http, ...context } = plainContext(provider, service);
    const send = (request: HttpRequest) => {
      expect(request.spends).toBeUndefined();
      return http.send(request);
    };
    return provider.text!.write({ system, user }, { ...context, http: { send } });
  }

  test('asks the default model, with little thinking', async () => {
    expect(await write('Translate to English.', '黎明的纸船')).toEqual({
      text: 'A paper boat at dawn',
      usage: { textIn: 17, textOut: 20 },
      cost: { amount: 0.000055, currency: 'USD', estimated: false },
    });
    expect(seen(0)).toMatchObject({
      path: '/v1beta/models/gemini-3.5-flash-lite:generateContent',
      body: {
        systemInstruction: { parts: [{ text: 'Translate to English.' }] },
        contents: [{ role: 'user', parts: [{ text: '黎明的纸船' }] }],
        generationConfig: { maxOutputTokens: 4096, thinkingConfig: { thinkingLevel: 'minimal' } },
      },
    });
  });

  test.each(['not-found', 'invalid-request'] as const)(
    'asks the newest where the default is refused (%s)',
    async (code) => {
      service.fault({ on: 'chat', kind: 'failure', code });
      expect(await write('Translate to English.', 'ein Boot')).toMatchObject({ text: '[in English] ein Boot' });
      expect(seen(1).path).toBe('/v1beta/models/gemini-flash-lite-latest:generateContent');
      expect(seen(1).body).toMatchObject({ generationConfig: { maxOutputTokens: 4096 } });
      expect(JSON.stringify(seen(1).body)).not.toContain('thinking');
    },
  );

  test('asks nothing more after a blocked prompt', async () => {
    await expect(write('Translate.', 'something [unsafe]')).rejects.toMatchObject({ code: 'content-blocked' });
    expect(service.requests).toHaveLength(1);
  });
});

// Reviewed against docs/providers/google.md section 2.
describe('sizes, ratios and resolutions', () => {
  const oneK = [
    ...['1024x1024', '848x1264', '1264x848', '896x1200', '1200x896', '928x1152', '1152x928', '768x1376', '1376x768'],
    '1584x672',
  ];
  const larger = ['2048x2048', '2752x1536', '3168x1344', '4096x4096', '3392x5056', '5504x3072', '6336x2688'];
  const ten = ['1:1', '2:3', '3:2', '3:4', '4:3', '4:5', '5:4', '9:16', '16:9', '21:9'];
  const tall = ['1:4', '4:1', '1:8', '8:1'];
  const odd = ['1000x1000', '512x512', '1024x1023', '1792x1024', '8192x8192', '9:21', '1:2', '8K'];
  const imagen = {
    yes: [...['1:1', '3:4', '4:3', '9:16', '16:9', '1K', '2K']],
    no: ['1024x1024', '2:3', '21:9', '4K'],
  };

  const lists: Record<keyof typeof models, { yes: string[]; no: string[] }> = {
    'gemini-nano-banana-2.1': { yes: [...oneK, ...larger, ...ten, ...tall, '1K', '2K', '4K'], no: [...odd, '512'] },
    'gemini-3-pro-image': { yes: [...oneK, ...larger, ...ten, '1K', '2K', '4K'], no: [...odd, ...tall, '512'] },
    'gemini-3.1-flash-lite-image': {
      yes: [...oneK, ...ten, ...tall, '1K'],
      no: [...odd, ...larger, '512', '2K', '4K'],
    },
    'gemini-3.1-flash-image': { yes: [...oneK, ...larger, ...ten, ...tall, '512', '1K', '2K', '4K'], no: odd },
    'gemini-2.5-flash-image': {
      yes: ['1024x1024', '832x1248', '1248x832', '864x1184', '1184x864', '896x1152', '1152x896', '768x1344', ...ten],
      no: [...larger, ...tall, '848x1264', '1376x768', '512', '1K', '2K'],
    },
    'gemini-2.0-flash-preview-image-generation': { yes: [], no: ['1024x1024', '1:1', '1K'] },
    'imagen-4.0-generate-001': imagen,
    'imagen-4.0-ultra-generate-001': imagen,
    'imagen-4.0-fast-generate-001': { yes: ['1:1', '16:9'], no: ['1024x1024', '2:3', '1K', '2K'] },
    'imagen-4.0-generate-preview-06-06': imagen,
  };
  const rows = Object.entries(lists).flatMap(([model, { yes, no }]) =>
    Object.entries({ yes, no }).flatMap(([verdict, words]) => words.map((word) => [model, word, verdict] as const)),
  );

  /** A day on which every model of the table was offered. */
  const day = '2026-02-01';

  test.each(rows)('%s %s %s', async (model, word, verdict) => {
    const option = word.includes('x') ? 'size' : word.includes(':') ? 'aspectRatio' : 'resolution';
    const plan = connect({}, {}, day).plan({ model: `google/${model}`, prompt: 'x', [option]: word });
    if (verdict === 'yes') expect((await plan).warnings).toEqual([]);
    else await expect(plan).rejects.toMatchObject({ code: 'unsupported', details: { option } });
  });
});
