import { type Client, createClient, type Json, type ProviderAccess, type Size } from '@anyimage/core';
import { drawTestCard, type Emulator, encodePng, testCodec } from '@anyimage/testkit';
import { conformance } from '@anyimage/testkit/conformance';
import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { emulator } from './emulator.ts';
import { openai } from './provider.ts';

/** A day on which the deprecated models still answer. */
const clock = { now: () => Date.parse('2026-11-20T12:00:00Z'), sleep: async () => {} };
const boat = drawTestCard({ prompt: 'a boat', width: 512, height: 384 });
const hat = drawTestCard({ prompt: 'a hat', width: 256, height: 256 });
conformance({ provider: openai, emulator, codec: testCodec() });

let service: Emulator;
let client: Client;

beforeEach(async () => {
  service = await emulator.start({ clock });
  client = connect();
});
afterEach(async () => {
  await client.close();
  await service.close();
});

function connect(access: ProviderAccess = {}): Client {
  return createClient({ providers: [openai(access)], env: service.env, clock });
}

/** What the service saw of a request, but the connection's own headers. */
function seen(index: number) {
  const { method, path, headers, body } = service.requests[index]!;
  return { method, path, type: headers['content-type']?.split(';')[0], authorization: headers.authorization, body };
}

describe('the request on the wire', () => {
  const envelope = {
    method: 'POST',
    path: '/v1/images/generations',
    type: 'application/json',
    authorization: 'Bearer test-key',
  };
  const multipart = { ...envelope, path: '/v1/images/edits', type: 'multipart/form-data' };
  const png = (name: string, bytes: Uint8Array) => ({ type: 'image/png', name, size: bytes.length });

  test('plain: the model and the prompt, and never response_format', async () => {
    const { images, providerMetadata } = await client.generate({ model: 'openai', prompt: 'a red kite' });
    expect(seen(0)).toEqual({ ...envelope, body: { model: 'gpt-image-2.5-flare', prompt: 'a red kite' } });
    expect(service.requests).toHaveLength(1);
    expect(images).toMatchObject([
      { model: 'openai/gpt-image-2.5-flare', mediaType: 'image/png', width: 1024, height: 1024 },
    ]);
    expect(providerMetadata).toEqual({
      size: '1024x1024',
      quality: 'medium',
      background: 'opaque',
      outputFormat: 'png',
    });
  });

  test('every option at once', async () => {
    const { images, warnings } = await client.generate({
      model: 'openai/gpt-image-2.6-sunburst',
      prompt: 'a red kite',
      n: 2,
      size: '1536x864',
      quality: 'xhigh',
      background: 'transparent',
      outputFormat: 'webp',
      outputCompression: 80,
      user: 'u-1',
      providerOptions: { moderation: 'low', complexity: 'high' },
    });
    expect(seen(0)).toEqual({
      ...envelope,
      body: {
        model: 'gpt-image-2.6-sunburst',
        prompt: 'a red kite',
        n: 2,
        size: '1536x864',
        quality: 'xhigh',
        background: 'transparent',
        output_format: 'webp',
        output_compression: 80,
        safety_identifier: 'u-1',
        moderation: 'low',
        complexity: 'high',
      },
    });
    expect(images).toMatchObject(Array(2).fill({ mediaType: 'image/webp', width: 1536, height: 864 }));
    expect(warnings).toEqual([]);
  });

  test('an edit is a form with one file, which has a name and its type', async () => {
    await client.generate({
      model: 'openai/gpt-image-1.5',
      prompt: 'make it night',
      images: [boat],
      size: '1536x1024',
      providerOptions: { inputFidelity: 'high' },
    });
    expect(seen(0)).toEqual({
      ...multipart,
      body: {
        model: 'gpt-image-1.5',
        prompt: 'make it night',
        size: '1536x1024',
        input_fidelity: 'high',
        image: png('image-1.png', boat),
      },
    });
  });

  test('several pictures repeat image[] in their order', async () => {
    await client.generate({ model: 'openai', prompt: 'the hat in the boat', images: [boat, hat], size: '1920x1088' });
    expect(seen(0)).toEqual({
      ...multipart,
      body: {
        model: 'gpt-image-2.5-flare',
        prompt: 'the hat in the boat',
        size: '1920x1088',
        'image[]': [png('image-1.png', boat), png('image-2.png', hat)],
      },
    });
  });

  test('pictures given as URLs go as JSON, and nothing is fetched', async () => {
    const url = 'https://example.invalid/boat.png';
    await client.generate({ model: 'openai', prompt: 'the hat in the boat', images: [url, hat], size: '1024x1024' });
    expect(seen(0)).toEqual({
      ...envelope,
      path: '/v1/images/edits',
      body: {
        model: 'gpt-image-2.5-flare',
        prompt: 'the hat in the boat',
        size: '1024x1024',
        images: [{ image_url: url }, { image_url: `data:image/png;base64,${Buffer.from(hat).toString('base64')}` }],
      },
    });
    expect(service.requests).toHaveLength(1);
  });

  test('markup is a file of its own', async () => {
    const drawn = encodePng({
      width: 512,
      height: 384,
      palette: [[255, 0, 0]],
      row: () => new Uint8Array(512),
    });
    // Given an alpha channel by hand: colour type 6 in the header is all that the emulator reads.
    const markup = Uint8Array.from(drawn, (byte, at) => (at === 25 ? 6 : byte));
    await client.generate({
      model: 'openai/gpt-image-2.6-flare',
      prompt: 'as drawn',
      images: [boat],
      providerOptions: { markup: `data:image/png;base64,${Buffer.from(markup).toString('base64')}` },
    });
    expect(seen(0).body).toMatchObject({ markup: png('markup.png', markup) });
  });

  test('a GIF is asked for by its frames', async () => {
    const { images, warnings } = await client.generate({
      model: 'openai/gpt-image-2.6-flare',
      prompt: 'waves',
      providerOptions: { frameCount: 4, frameDurationMs: 120 },
    });
    expect(seen(0).body).toEqual({
      model: 'gpt-image-2.6-flare',
      prompt: 'waves',
      frame_count: 4,
      frame_duration_ms: 120,
      output_format: 'gif',
    });
    expect(images).toMatchObject([{ mediaType: 'image/gif', width: 1024, height: 1024 }]);
    expect(warnings).toEqual([]);
  });

  test('an SVG is asked for by an option, and kept as the drawing it is', async () => {
    const { images, warnings, cost } = await client.generate({
      model: 'openai/gpt-image-2.6-flare',
      prompt: 'a logo',
      background: 'opaque',
      providerOptions: { svgModel: 'a-text-model', svgEffort: 'low' },
    });
    expect(seen(0).body).toEqual({
      model: 'gpt-image-2.6-flare',
      prompt: 'a logo',
      background: 'opaque',
      output_format: 'svg',
      svg: { model: 'a-text-model', reasoning: { effort: 'low' } },
    });
    expect(images).toMatchObject([{ mediaType: 'image/svg+xml', width: 1024, height: 1024 }]);
    expect(Buffer.from(await images[0]!.bytes()).toString()).toMatch(/^<svg .*<\/svg>$/);
    expect(warnings).toEqual([]);
    // The text model is billed on top, at an unknown price.
    expect(cost).toBeNull();
  });

  test('two drawings are two requests, for one makes one', async () => {
    const words = { model: 'openai/gpt-image-2.6-flare', prompt: 'a logo', n: 2, providerOptions: { svg: true } };
    const { images } = await client.generate(words);
    expect(images.map(({ mediaType }) => mediaType)).toEqual(['image/svg+xml', 'image/svg+xml']);
    expect(service.requests.map(({ body }) => (body as { n?: number }).n)).toEqual([undefined, undefined]);
    expect(service.submissions).toBe(2);
  });

  const listed = ['1024x1024', '1536x1024', '1024x1536'];
  const otherFormats: readonly { readonly [option: string]: Json }[] = [
    ...[{ svg: true }, { svgEffort: 'low' }],
    ...[{ gif: true }, { frameCount: 3 }],
  ];
  test.each(otherFormats)(
    '%j goes out in the listed sizes alone, of all that the model makes otherwise',
    async (providerOptions) => {
      const sides = fc.integer({ min: 1, max: 240 }).map((sixteenth) => sixteenth * 16);
      const sizes = fc.oneof(
        fc.constantFrom(...listed),
        fc.tuple(sides, sides).map((each) => each.join('x')),
      );
      await fc.assert(
        fc.asyncProperty(sizes, fc.boolean(), async (size, edits) => {
          const words = { model: 'openai/gpt-image-2.6-flare', prompt: 'x', size: size as Size };
          const given = edits && !('svgEffort' in providerOptions) ? { images: [boat] } : {};
          const planned = client.plan({ ...words, ...given, providerOptions });
          if (listed.includes(size)) await expect(planned).resolves.toBeDefined();
          else await expect(planned).rejects.toMatchObject({ details: { option: 'size' } });
        }),
        { numRuns: 40 },
      );
    },
  );

  test('an SVG of a picture goes in a form', async () => {
    const { images } = await client.generate({
      model: 'openai/gpt-image-2.6-flare',
      prompt: 'as a drawing',
      images: [boat],
      providerOptions: { svg: true },
    });
    expect(seen(0).body).toMatchObject({ output_format: 'svg' });
    expect(images).toMatchObject([{ mediaType: 'image/svg+xml' }]);
  });

  test('gpt-image-2 is asked for transparency by an option alone', async () => {
    await client.generate({ model: 'openai/gpt-image-2', prompt: 'a kite', providerOptions: { transparent: true } });
    expect(seen(0).body).toMatchObject({ background: 'transparent' });
    await expect(
      client.generate({ model: 'openai/gpt-image-2', prompt: 'a kite', background: 'transparent' }),
    ).rejects.toMatchObject({ code: 'unsupported' });
  });

  test('a model of no table is passed on, with a warning', async () => {
    const run = client.run({ model: 'openai/gpt-image-9', prompt: 'a kite', quality: 'best', seed: 7 });
    const { error, warnings } = await run;
    expect(seen(0).body).toEqual({ model: 'gpt-image-9', prompt: 'a kite', quality: 'best', seed: 7 });
    expect(error).toMatchObject({ code: 'not-found', serviceCode: 'model_not_found' });
    expect(warnings.map(({ code }) => code)).toContain('unlisted');
  });
});

describe('cost', () => {
  test('is what the tokens of the answer cost', async () => {
    const { cost, usage } = await client.generate({ model: 'openai', prompt: 'a red kite', quality: 'high', n: 2 });
    expect(usage).toEqual({ textIn: 3, imageIn: 0, imageOut: 4200 });
    expect(cost).toEqual([{ amount: 0.126015, currency: 'USD', estimated: false }]);
    expect(service.spent).toBeCloseTo(0.126015);
  });

  test('of a plan is estimated where the table knows it, else unknown', async () => {
    const plan = (words: object) => client.plan({ model: 'openai', prompt: 'a kite', ...words });
    expect((await plan({ quality: 'high', size: '1024x1024', n: 3 })).estimate).toEqual({
      amount: 0.189,
      currency: 'USD',
      estimated: true,
    });
    expect((await plan({})).estimate).toBeNull();
  });
});

test('a prompt is enhanced by the language model that the caller names; there is no other', async () => {
  const writer = connect({ textModel: 'some-text' });
  const request = { model: 'openai', prompt: 'a red kite', enhance: true } as const;
  const { prompt, warnings } = await writer.generate(request);
  expect(seen(0)).toMatchObject({ path: '/v1/chat/completions', body: { model: 'some-text' } });
  expect(prompt.sent).toBe('a red kite, in soft morning light');
  expect(warnings).toMatchObject([{ code: 'cost' }]);
  await writer.close();
  const alone = await client.generate(request);
  expect(alone.prompt.sent).toBe('a red kite');
  expect(alone.warnings).toMatchObject([{ code: 'prompt', message: expect.stringContaining('Name one as textModel') }]);
});

test('the service is asked for its models', async () => {
  const { models } = await client.discover('openai');
  expect(models).toContainEqual({ id: 'gpt-image-2.5-flare' });
  expect(models).toContainEqual({ id: 'gpt-image-1.5', retires: '2026-12-01' });
  expect(seen(0)).toMatchObject({ method: 'GET', path: '/v1/models', authorization: 'Bearer test-key' });
});

describe('refusals', () => {
  test('an error keeps the field, the code and the id of the request', async () => {
    service.fault({ on: 'generate', kind: 'failure', code: 'invalid-request' });
    await expect(client.generate({ model: 'openai', prompt: 'x' })).rejects.toMatchObject({
      code: 'invalid-request',
      status: 400,
      serviceCode: 'unknown_parameter',
      requestId: 'req-refused',
      details: { field: 'seed' },
      retryable: false,
      mayHaveBeenBilled: false,
    });
  });

  test('moderation tells what it found', async () => {
    await expect(client.generate({ model: 'openai', prompt: 'something [unsafe]' })).rejects.toMatchObject({
      code: 'content-blocked',
      serviceCode: 'moderation_blocked',
      details: { safetyViolations: ['violence'] },
    });
    expect(service.submissions).toBe(0);
  });

  test('a wrong key is told with its host, and is shown nowhere', async () => {
    const error = await connect({ apiKey: 'wrong-test-key' })
      .generate({ model: 'openai', prompt: 'x' })
      .catch((failure: unknown) => failure);
    expect(error).toMatchObject({ code: 'auth', hint: expect.stringContaining('127.0.0.1') });
    expect(JSON.stringify(error)).not.toContain('wrong-test-key');
  });

  test.each(['dall-e-3', 'dall-e-2', 'gpt-image-1'])('%s is retired, and a successor is named', async (model) => {
    const official = createClient({ providers: [openai({ apiKey: 'test-key' })], env: {}, clock });
    await expect(official.plan({ model: `openai/${model}`, prompt: 'x' })).rejects.toMatchObject({
      code: 'not-found',
      hint: expect.stringContaining('openai/gpt-image-2.5'),
    });
  });

  test('DALL·E 3 is still asked for in its own words at another host', async () => {
    const words = { size: '1792x1024', quality: 'hd', style: 'natural' } as const;
    const { error } = await client.run({ model: 'openai/dall-e-3', prompt: 'x', ...words });
    expect(seen(0).body).toEqual({ model: 'dall-e-3', prompt: 'x', ...words });
    expect(error).toMatchObject({ code: 'not-found', serviceCode: 'model_not_found' });
  });

  test.each(['gpt-image-1.5', 'gpt-image-1-mini', 'chatgpt-image-latest'])(
    '%s ends soon and says so',
    async (model) => {
      const { warnings, images } = await client.generate({ model: `openai/${model}`, prompt: 'x' });
      expect(warnings).toMatchObject([{ code: 'deprecated', message: expect.stringContaining('2026-12-01') }]);
      expect(images).toHaveLength(1);
    },
  );

  const flare = { model: 'openai/gpt-image-2.6-flare' };
  test.each([
    [{ background: 'transparent', outputFormat: 'jpeg' }, 'outputFormat'],
    [{ model: 'openai/gpt-image-2', outputFormat: 'jpeg', providerOptions: { transparent: true } }, 'outputFormat'],
    [{ model: 'openai/gpt-image-2', background: 'opaque', providerOptions: { transparent: true } }, 'background'],
    [{ ...flare, outputFormat: 'webp', providerOptions: { gif: true } }, 'outputFormat'],
    [{ ...flare, partials: 1, providerOptions: { frameCount: 3 } }, 'partials'],
    [{ ...flare, providerOptions: { gif: false, frameCount: 3 } }, 'providerOptions.gif'],
    [{ ...flare, providerOptions: { gif: true, svg: true } }, 'providerOptions.svg'],
    [{ ...flare, providerOptions: { svg: false, svgModel: 'm' } }, 'providerOptions.svg'],
    [{ ...flare, outputFormat: 'png', providerOptions: { svg: true } }, 'outputFormat'],
    [{ ...flare, partials: 1, providerOptions: { svg: true } }, 'partials'],
    [{ ...flare, aspectRatio: '16:9', providerOptions: { svg: true } }, 'size'],
    [{ images: ['https://example.invalid/a.png'], size: '1536x864' }, 'size'],
    [
      { ...flare, images: [boat], providerOptions: { markup: 'https://example.invalid/m.png' } },
      'providerOptions.markup',
    ],
    [{ ...flare, images: [boat], providerOptions: { markup: 'data:image/png;base64,AAAA' } }, 'providerOptions.markup'],
  ])('%# what excludes each other is refused before a byte is sent', async (words, option) => {
    await expect(client.generate({ model: 'openai', prompt: 'x', ...words } as never)).rejects.toMatchObject({
      code: 'invalid-request',
      details: { option },
      hint: expect.any(String),
    });
    expect(service.requests).toHaveLength(0);
  });
});
