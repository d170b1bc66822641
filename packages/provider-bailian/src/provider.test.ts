import { type Client, type ClientRequest, createClient, type ProviderAccess } from '@anyimage/core';
import { drawTestCard, type Emulator, plainContext, testCodec } from '@anyimage/testkit';
import { conformance } from '@anyimage/testkit/conformance';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { models } from './capabilities.ts';
import { emulator } from './emulator.ts';
import { bailian } from './provider.ts';

conformance({ provider: bailian, emulator, codec: testCodec() });

let service: Emulator;
let client: Client;

beforeEach(async () => {
  service = await emulator.start();
  client = connect();
});
afterEach(async () => {
  await client.close();
  await service.close();
});

const instant = { now: () => Date.now(), sleep: async () => {} };

const codec = testCodec();

function connect(access: ProviderAccess = {}, env = service.env): Client {
  return createClient({ providers: [bailian({ ...access })], env, clock: instant, codec });
}

/** What the service saw of a request, but the connection's own headers. */
function seen(index: number) {
  const { method, path, headers, body } = service.requests[index]!;
  const own = Object.entries(headers).filter(([name]) => name.startsWith('x-'));
  return { method, path, authorization: headers.authorization, headers: Object.fromEntries(own), body };
}

const posted = { method: 'POST', authorization: 'Bearer test-key' };
const asynchronous = { 'x-dashscope-async': 'enable' };
const off = { prompt_extend: false, watermark: false };
const picture = drawTestCard({ prompt: 'input', width: 512, height: 640 });
const dataURI = /^data:image\/png;base64,[\w+/]+=*$/;

describe('the request on the wire', () => {
  test('plain: a task in the message shape', async () => {
    const { images, cost } = await client.generate({ model: 'bailian', prompt: 'a red kite' });
    expect(seen(0)).toEqual({
      ...posted,
      path: '/api/v1/services/aigc/image-generation/generation',
      headers: asynchronous,
      body: {
        model: 'wan2.6-t2i',
        input: { messages: [{ role: 'user', content: [{ text: 'a red kite' }] }] },
        parameters: { size: '1280*1280', n: 1, ...off },
      },
    });
    expect(seen(1)).toMatchObject({ method: 'GET', path: '/api/v1/tasks/task-0001', headers: {} });
    expect(images).toMatchObject([{ model: 'bailian/wan2.6-t2i', width: 1280, height: 1280 }]);
    expect(cost).toEqual([{ amount: 0.2, currency: 'CNY', estimated: true }]);
    const [image] = images;
    expect(image!.expiresAt).toBe(Number(new URL(image!.sourceUrl!).searchParams.get('Expires')) * 1000);
    expect(service.requests.at(-1)).toMatchObject({ point: 'result', path: expect.stringContaining('?Expires=') });
  });

  test('every option at once: a task in the prompt shape, whose rewritten prompt comes back', async () => {
    const { images } = await client.generate({
      model: 'bailian/wan2.2-t2i-flash',
      prompt: 'a red kite',
      negativePrompt: 'fog',
      size: '1280x720',
      n: 2,
      seed: 7,
      providerOptions: { promptExtend: true, watermark: true },
    });
    expect(seen(0)).toEqual({
      ...posted,
      path: '/api/v1/services/aigc/text2image/image-synthesis',
      headers: asynchronous,
      body: {
        model: 'wan2.2-t2i-flash',
        input: { prompt: 'a red kite', negative_prompt: 'fog' },
        parameters: { size: '1280*720', n: 2, seed: 7, prompt_extend: true, watermark: true },
      },
    });
    expect(images).toMatchObject([
      { seed: 7, revisedPrompt: 'a red kite, in fine detail' },
      { seed: 8, revisedPrompt: 'a red kite, in fine detail' },
    ]);
  });

  test('a call in the message shape: the negative prompt is a parameter', async () => {
    await client.generate({
      model: 'bailian/qwen-image-plus',
      prompt: 'a sign that reads OPEN',
      negativePrompt: 'fog',
      aspectRatio: '1:1',
      seed: 7,
      providerOptions: { promptExtend: true },
    });
    expect(seen(0)).toEqual({
      ...posted,
      path: '/api/v1/services/aigc/multimodal-generation/generation',
      headers: {},
      body: {
        model: 'qwen-image-plus',
        input: { messages: [{ role: 'user', content: [{ text: 'a sign that reads OPEN' }] }] },
        parameters: {
          size: '1328*1328',
          n: 1,
          seed: 7,
          prompt_extend: true,
          watermark: false,
          negative_prompt: 'fog',
        },
      },
    });
  });

  test('an edit in the message shape: pictures in their order, then the text', async () => {
    const { images } = await client.generate({
      model: 'bailian/qwen-image-edit-plus',
      prompt: 'the cup of image 2 on the table of image 1',
      images: ['https://example.com/table.png', picture],
      n: 2,
    });
    expect(seen(0).body).toEqual({
      model: 'qwen-image-edit-plus',
      input: {
        messages: [
          {
            role: 'user',
            content: [
              { image: 'https://example.com/table.png' },
              { image: expect.stringMatching(dataURI) },
              { text: 'the cup of image 2 on the table of image 1' },
            ],
          },
        ],
      },
      parameters: { n: 2, ...off },
    });
    expect(images).toHaveLength(2);
  });

  test('an edit of the plain model asks for neither size nor rewriting', async () => {
    await client.generate({ model: 'bailian/qwen-image-edit', prompt: 'a red hat', images: [picture] });
    expect(seen(0).body).toMatchObject({ parameters: { n: 1, watermark: false } });
    expect(Object.keys((seen(0).body as { parameters: object }).parameters)).toEqual(['n', 'watermark']);
  });

  test('an edit in the picture shape', async () => {
    await client.generate({
      model: 'bailian/wan2.5-i2i-preview',
      prompt: 'put the cup on the table',
      negativePrompt: 'fog',
      images: ['https://example.com/a.png', picture],
      size: '1280x960',
    });
    expect(seen(0)).toEqual({
      ...posted,
      path: '/api/v1/services/aigc/image2image/image-synthesis',
      headers: asynchronous,
      body: {
        model: 'wan2.5-i2i-preview',
        input: {
          prompt: 'put the cup on the table',
          negative_prompt: 'fog',
          images: ['https://example.com/a.png', expect.stringMatching(dataURI)],
        },
        parameters: { size: '1280*960', n: 1, ...off },
      },
    });
  });

  test('wan2.6-image edits pictures and does not interleave texts', async () => {
    await client.generate({ model: 'bailian/wan2.6-image', prompt: 'in winter', images: [picture] });
    expect(seen(0)).toMatchObject({
      path: '/api/v1/services/aigc/image-generation/generation',
      body: { parameters: { n: 1, ...off, enable_interleave: false } },
    });
  });

  test('wan2.7 takes resolutions, and its own options', async () => {
    const palette = ['#ff0000', '#00ff00', '#0000ff'].map((hex) => ({ hex, ratio: '33.3%' }));
    await client.generate({
      model: 'bailian/wan2.7-image-pro',
      prompt: 'a kite',
      resolution: '4K',
      providerOptions: { thinking: false, sequential: true, colorPalette: palette },
    });
    expect(seen(0).body).toMatchObject({
      parameters: {
        ...{ size: '4K', n: 1, ...off },
        ...{ thinking_mode: false, enable_sequential: true, color_palette: palette },
      },
    });
  });

  test('a dated id of Qwen-Image has the limits and the price of its model', async () => {
    const model = 'bailian/qwen-image-plus-2026-01-09';
    const { images, warnings, cost } = await client.generate({ model, prompt: 'a kite', negativePrompt: 'fog' });
    expect(seen(0)).toMatchObject({
      path: '/api/v1/services/aigc/multimodal-generation/generation',
      body: {
        model: 'qwen-image-plus-2026-01-09',
        parameters: { size: '1664*928', n: 1, ...off, negative_prompt: 'fog' },
      },
    });
    expect([images.length, warnings.map(({ code }) => code), cost?.[0]?.amount]).toEqual([1, ['deprecated'], 0.2]);
    await expect(client.generate({ model, prompt: 'a kite', size: '1024x1024' })).rejects.toMatchObject({
      code: 'unsupported',
      details: { option: 'size' },
    });
    expect(service.submissions).toBe(1);
  });

  test('a series of wan2.7 is one task, however long, and one that is too long is refused', async () => {
    const words = { model: 'bailian/wan2.7-image', prompt: 'a kite', providerOptions: { sequential: true } };
    const { images, cost } = await client.generate({ ...words, n: 12 });
    expect(seen(0).body).toMatchObject({ parameters: { n: 12, enable_sequential: true } });
    expect([images.length, service.submissions]).toEqual([12, 1]);
    expect(cost).toEqual([{ amount: expect.closeTo(12 * 0.2), currency: 'CNY', estimated: true }]);
    expect(service.spent).toBeCloseTo(12 * 0.2);
    expect(await client.plan({ ...words, n: 8 })).toMatchObject({ calls: [{ n: 8 }], estimate: { amount: 1.6 } });
    await expect(client.generate({ ...words, n: 13 })).rejects.toMatchObject({
      code: 'unsupported',
      details: { option: 'n', allowed: [1, 12], nearest: [12] },
    });
    expect(service.submissions).toBe(1);
  });

  test('an edit by a dated id is not rewritten unless asked', async () => {
    const model = 'bailian/qwen-image-edit-plus-2025-10-30';
    await client.generate({ model, prompt: 'a red hat', images: [picture] });
    expect(seen(0).body).toMatchObject({ parameters: { n: 1, ...off } });
  });
});

describe('an id that the table does not list', () => {
  const path = (endpoint: string) => `/api/v1/services/aigc/${endpoint}`;
  const [prompt, url] = ['a kite', 'https://example.com/a.png'];

  test('of the old text-to-image models is a task in the prompt shape', async () => {
    const model = 'wan2.5-t2i-preview-2025-12-01';
    const words = { prompt, negativePrompt: 'fog', size: '1440x1440' } as const;
    const { images } = await client.generate({ model: `bailian/${model}`, ...words });
    expect(seen(0)).toEqual({
      ...posted,
      path: path('text2image/image-synthesis'),
      headers: asynchronous,
      body: { model, input: { prompt, negative_prompt: 'fog' }, parameters: { size: '1440*1440', n: 1, ...off } },
    });
    expect(images).toMatchObject([{ width: 1440, height: 1440 }]);
  });

  test('of image to image is a task in the picture shape', async () => {
    const model = 'wan2.5-i2i-preview-2025-12-01';
    const { images } = await client.generate({ model: `bailian/${model}`, prompt, images: [url], size: '1280x960' });
    expect(seen(0)).toEqual({
      ...posted,
      path: path('image2image/image-synthesis'),
      headers: asynchronous,
      body: { model, input: { prompt, images: [url] }, parameters: { size: '1280*960', n: 1, ...off } },
    });
    expect(images).toMatchObject([{ width: 1280, height: 960 }]);
  });

  test('of image editing has the functions of the one in the table', async () => {
    const model = 'wanx2.1-imageedit-2025-12-01';
    const words = { model: `bailian/${model}`, images: [picture] };
    const { images } = await client.generate({ ...words, factor: 2 });
    expect(seen(0)).toMatchObject({
      path: path('image2image/image-synthesis'),
      body: {
        input: { function: 'super_resolution', base_image_url: expect.stringMatching(dataURI) },
        parameters: { n: 1, watermark: false, upscale_factor: 2 },
      },
    });
    expect(images).toMatchObject([{ width: 1024, height: 1280 }]);
    await expect(client.generate({ ...words, prompt, negativePrompt: 'fog' })).rejects.toMatchObject({
      details: { option: 'negativePrompt' },
    });
  });

  test('goes where the option says, in the form of that endpoint', async () => {
    const model = 'wan2.6-t2i-2025-12-16';
    const words = { model: `bailian/${model}`, prompt, size: '1280x1280' } as const;
    await client.generate(words);
    expect(seen(0)).toMatchObject({ path: path('multimodal-generation/generation'), headers: {} });
    service.reset();
    await client.generate({ ...words, providerOptions: { endpoint: 'image-generation' } });
    expect(seen(0)).toEqual({
      ...posted,
      path: path('image-generation/generation'),
      headers: asynchronous,
      body: {
        model,
        input: { messages: [{ role: 'user', content: [{ text: prompt }] }] },
        parameters: { size: '1280*1280', n: 1, ...off },
      },
    });
  });

  test.each([
    ['wan2.2-t2i-flash-2025-12-01', 'text2image'],
    ['wanx2.1-t2i-turbo-2025', 'text2image'],
    ['wan-t2i', 'text2image'],
    ['wan2.6-t2i-2025-12-16', 'multimodal-generation'],
    ['wan2.10-t2i-plus', 'multimodal-generation'],
    ['wan3.0-t2i', 'multimodal-generation'],
    ['wan2.7-i2i', 'multimodal-generation'],
    ['wan2.1-i2i-plus', 'image2image'],
    ['wanx3-imageedit', 'multimodal-generation'],
    ['wan2.2-imageedit-plus', 'imageedit'],
    ['qwen-image-4.0', 'multimodal-generation'],
    ['qwen-image-edit-i2i', 'multimodal-generation'],
    ['z-image-base', 'multimodal-generation'],
    ['flux-schnell', 'multimodal-generation'],
  ])('%s goes to %s', async (model, endpoint) => {
    const images = /i2i|imageedit/.test(model) ? [url] : [];
    const words = { model: `bailian/${model}`, prompt, images };
    // The emulator has few of these models; what it was asked is what matters.
    await client.run(words);
    const asked = seen(0);
    const { path: to, headers, body } = asked;
    const isFunction = 'function' in (body as { input: object }).input;
    expect(to).toContain(`/${isFunction ? 'image2image' : endpoint}/`);
    expect(isFunction).toBe(endpoint === 'imageedit');
    expect(headers).toEqual(endpoint === 'multimodal-generation' ? {} : asynchronous);
    service.reset();
    await client.run({ ...words, model: 'bailian/some-model', providerOptions: { endpoint } });
    expect(seen(0)).toEqual({ ...asked, body: { ...(body as object), model: 'some-model' } });
  });

  test.each([
    [{ size: '1280x1280', providerOptions: { endpoint: 'chat' } }, 'providerOptions.endpoint'],
    [{ images: [url], providerOptions: { endpoint: 'text2image' } }, 'operation'],
    [{ providerOptions: { endpoint: 'image2image' } }, 'operation'],
    [{ quality: 'hd' }, 'quality'],
  ] as [ClientRequest, string][])('refuses %j before anything is sent', async (words, option) => {
    const asked = client.generate({ model: 'bailian/wan-next', prompt, ...words });
    await expect(asked).rejects.toMatchObject({ details: { option } });
    expect(service.requests).toEqual([]);
  });

  test.each([{ aspectRatio: '16:9' }, { user: 'user-000123' }] as ClientRequest[])(
    'has no field for %j',
    async (words) => {
      const asked = client.generate({ model: 'bailian/wan-next', prompt, ...words });
      await expect(asked).rejects.toMatchObject({ code: 'unsupported', hint: expect.stringMatching(/\.$/) });
      expect(service.requests).toEqual([]);
    },
  );
});

describe('the ten functions of wanx2.1-imageedit', () => {
  const mask = drawTestCard({ prompt: 'mask', width: 512, height: 640 });
  const rows: [name: string, words: ClientRequest, input: object, parameters: object, size: string][] = [
    ['description_edit', { prompt: 'red hair', strength: 0.8 }, { prompt: 'red hair' }, { strength: 0.8 }, '512x640'],
    [
      'description_edit_with_mask',
      { prompt: '', mask },
      { prompt: '', mask_image_url: expect.stringMatching(dataURI) },
      {},
      '512x640',
    ],
    [
      'expand',
      { prompt: 'a wide beach', expand: { left: 0.5, top: 0.1 } },
      { prompt: 'a wide beach' },
      { left_scale: 1.5, top_scale: 1.1 },
      '768x704',
    ],
    [
      'super_resolution',
      { operation: 'upscale', factor: 2 },
      { prompt: '图像超分' },
      { upscale_factor: 2 },
      '1024x1280',
    ],
    ['colorization', { operation: 'colorize', prompt: 'blue sky' }, { prompt: 'blue sky' }, {}, '512x640'],
    [
      'stylization_all',
      { operation: 'stylize', prompt: '转换成金箔艺术风格', strength: 0 },
      { prompt: '转换成金箔艺术风格' },
      { strength: 0 },
      '512x640',
    ],
    [
      'stylization_local',
      { operation: 'stylizeLocal', prompt: '把房子变成木板风格' },
      { prompt: '把房子变成木板风格' },
      {},
      '512x640',
    ],
    ['remove_watermark', { operation: 'removeWatermark' }, { prompt: '去除图像中的文字' }, {}, '512x640'],
    [
      'doodle',
      { operation: 'doodle', prompt: 'a tree', providerOptions: { isSketch: true } },
      { prompt: 'a tree' },
      { is_sketch: true },
      '512x640',
    ],
    [
      'control_cartoon_feature',
      { operation: 'cartoonCharacter', prompt: '卡通形象 swims' },
      { prompt: '卡通形象 swims' },
      {},
      '512x640',
    ],
  ];

  test.each(rows)('%s', async (name, words, input, parameters, size) => {
    const model = 'bailian/wanx2.1-imageedit';
    const { images } = await client.generate({ model, images: [picture], n: 2, seed: 3, ...words });
    expect(seen(0)).toEqual({
      ...posted,
      path: '/api/v1/services/aigc/image2image/image-synthesis',
      headers: asynchronous,
      body: {
        model: 'wanx2.1-imageedit',
        input: { function: name, base_image_url: expect.stringMatching(dataURI), ...input },
        parameters: { n: 2, seed: 3, watermark: false, ...parameters },
      },
    });
    expect(images.map(({ width, height }) => `${width}x${height}`)).toEqual([size, size]);
  });

  test('a mask is asked for in full black and white, white to be repainted', async () => {
    const before = codec.masks.length;
    await client.generate({ model: 'bailian/wanx2.1-imageedit', prompt: 'a hat', images: [picture], mask });
    expect(codec.masks.slice(before)).toEqual([{ repaint: 'white', hard: true }]);
  });

  test.each([
    ['a strength for a function that has none', { operation: 'colorize', strength: 0.5 }, 'strength'],
    ['a mask for another function', { operation: 'stylize', mask }, 'mask'],
    ['a mask that is missing', { operation: 'inpaint' }, 'mask'],
    ['a side more than doubled', { expand: { left: 1.5 } }, 'expand'],
    ['a factor of 5', { factor: 5 }, 'factor'],
    ['upscaling by nothing', { operation: 'upscale' }, 'factor'],
    ['a size', { size: '512x640' }, 'size'],
    ['a negative prompt', { negativePrompt: 'fog' }, 'negativePrompt'],
    ['rewriting', { providerOptions: { promptExtend: true } }, 'providerOptions.promptExtend'],
  ] as [string, ClientRequest, string][])('refuses %s before anything is sent', async (_, words, option) => {
    const model = 'bailian/wanx2.1-imageedit';
    const asked = client.generate({ model, prompt: 'a tree', images: [picture], ...words });
    await expect(asked).rejects.toMatchObject({ details: { option } });
    expect(service.requests).toEqual([]);
  });
});

describe('files', () => {
  const ask = (transfer?: 'data' | 'auto' | 'upload') =>
    client.generate({
      model: 'bailian/wanx2.1-imageedit',
      prompt: 'red hair',
      images: [picture],
      ...(transfer && { providerOptions: { transfer } }),
    });
  const key = /^oss:\/\/dashscope-instant\/dir-0001\/[\w-]+\.png$/;
  const form = {
    OSSAccessKeyId: 'test-access-key-id',
    Signature: 'test-signature',
    policy: expect.any(String),
    key: expect.stringMatching(/^dashscope-instant\/dir-0001\/[\w-]+\.png$/),
    'x-oss-object-acl': 'private',
    'x-oss-forbid-overwrite': 'true',
    success_action_status: '200',
    'x-oss-content-type': 'image/png',
    file: { type: 'image/png', name: expect.stringMatching(/^[\w-]+\.png$/), size: picture.length },
  };
  const points = () => service.requests.map(({ point }) => point).filter((point) => point !== 'check');

  test('are uploaded if asked, with a permit for the model, and the request says so', async () => {
    await ask('upload');
    expect(seen(0).path).toBe('/api/v1/uploads?action=getPolicy&model=wanx2.1-imageedit');
    expect(seen(1)).toMatchObject({ method: 'POST', path: '/storage', body: form });
    expect(Object.keys(seen(1).body as object).at(-1)).toBe('file');
    expect(seen(2)).toMatchObject({
      headers: { ...asynchronous, 'x-dashscope-ossresourceresolve': 'enable' },
      body: { input: { base_image_url: expect.stringMatching(key) } },
    });
    expect(points()).toEqual(['permit', 'upload', 'submit', 'result']);
  });

  const refusal = { kind: 'status', status: 400, body: { code: 'InvalidURL', message: 'no url' } } as const;

  test('that are refused in the request are uploaded, and the request is repeated once', async () => {
    service.fault({ on: 'submit', ...refusal });
    const { images } = await ask();
    expect(images).toHaveLength(1);
    expect(points()).toEqual(['submit', 'permit', 'upload', 'submit', 'result']);
    expect(service.submissions).toBe(1);
  });

  test('that are refused as uploads too are an error', async () => {
    service.fault({ on: 'submit', ...refusal, times: 'always' });
    await expect(ask()).rejects.toMatchObject({ code: 'invalid-request', serviceCode: 'InvalidURL' });
    expect(points()).toEqual(['submit', 'permit', 'upload', 'submit']);
  });

  test('that may only be in the request are not uploaded', async () => {
    service.fault({ on: 'submit', ...refusal });
    await expect(ask('data')).rejects.toMatchObject({ serviceCode: 'InvalidURL' });
    expect(points()).toEqual(['submit']);
  });

  test('are sent again with a new permit if the first has run out, and its signature is shown nowhere', async () => {
    const body = '<Error><Code>AccessDenied</Code><Message>Policy expired: test-signature</Message></Error>';
    service.fault({ on: 'upload', kind: 'status', status: 403, body });
    const { images } = await ask('upload');
    expect(images).toHaveLength(1);
    expect(points()).toEqual(['permit', 'upload', 'permit', 'upload', 'submit', 'result']);

    service.fault({ on: 'upload', kind: 'status', status: 403, body, times: 'always' });
    const error = await ask('upload').catch((failure: unknown) => failure);
    expect(error).toMatchObject({ code: 'unavailable', serviceCode: 'AccessDenied', mayHaveBeenBilled: false });
    expect(JSON.stringify(error)).not.toContain('test-signature');
  });

  test('are not sent in the clear', async () => {
    const data = {
      ...{ policy: 'p', signature: 's', upload_dir: 'd', upload_host: 'http://storage.example/' },
      ...{ oss_access_key_id: 'k', x_oss_object_acl: 'private', x_oss_forbid_overwrite: 'true' },
    };
    service.fault({ on: 'permit', kind: 'status', status: 200, body: { data } });
    await expect(ask('upload')).rejects.toMatchObject({
      code: 'bad-response',
      message: expect.stringContaining('https'),
    });
    expect(points()).toEqual(['permit']);
  });

  test('that are together too large for a request are uploaded', async () => {
    const large = Buffer.concat([picture, Buffer.alloc(9 * 2 ** 20)]);
    const { images } = await client.generate({
      model: 'bailian/qwen-image-edit-plus',
      prompt: 'both on one table',
      images: [large, large],
    });
    expect(images).toHaveLength(1);
    expect(points()).toEqual(['permit', 'upload', 'upload', 'generate', 'result']);
  });
});

describe('failures', () => {
  const result = { code: 'timeout', serviceCode: 'InternalError.Timeout' };
  const choice = { code: 'server', message: expect.stringContaining('1 of 4') };
  test.each([
    ['a task with results', 'wan2.2-t2i-plus', 0.2, result, {}],
    ['a task with results, of an edit', 'wanx2.1-imageedit', 0.14, result, { images: [picture] }],
    ['a task with choices', 'wan2.6-t2i', 0.2, choice, {}],
    ['a call', 'qwen-image-2.0', 0.2, choice, {}],
  ])('%s of four with one failure is three pictures and an error', async (_, model, price, failure, more) => {
    const prompt = 'a kite [partial]';
    const { images, errors, cost } = await client.generate({
      model: `bailian/${model}`,
      ...{ prompt, n: 4, seed: 1, ...more },
    });
    expect(images.map(({ seed }) => seed)).toEqual([1, 2, 3]);
    expect(errors).toMatchObject([{ ...failure, mayHaveBeenBilled: false, provider: 'bailian' }]);
    expect(errors).toHaveLength(1);
    expect(cost).toEqual([{ amount: expect.closeTo(3 * price), currency: 'CNY', estimated: true }]);
    expect(service.spent).toBeCloseTo(3 * price);
    expect(service.submissions).toBe(1);
  });

  test.each(['bailian/wan2.2-t2i-flash', 'bailian/qwen-image'])('moderation of %s', async (model) => {
    await expect(client.generate({ model, prompt: 'something [unsafe]' })).rejects.toMatchObject({
      code: 'content-blocked',
      serviceCode: 'DataInspectionFailed',
      mayHaveBeenBilled: false,
      retryable: false,
    });
  });

  test('a task that fails leaves no ticket and costs nothing', async () => {
    const { error, pending } = await client.run({ model: 'bailian/wan2.2-t2i-flash', prompt: 'a kite [fail]' });
    expect(error).toMatchObject({ code: 'server', serviceCode: 'InternalError.Algo', mayHaveBeenBilled: false });
    expect(pending).toEqual([]);
  });

  test('a wrong key is told with host and region, and is shown nowhere', async () => {
    const other = connect({ apiKey: 'wrong-test-key' });
    const error = await other.generate({ model: 'bailian', prompt: 'x' }).catch((failure: unknown) => failure);
    await other.close();
    expect(error).toMatchObject({ code: 'auth', hint: expect.stringContaining('region china') });
    expect(JSON.stringify(error)).not.toContain('wrong-test-key');
  });
});

describe('cancelling', () => {
  /** Leaves before the first question, so that the task waits. */
  async function leave() {
    const caller = new AbortController();
    const clock = { now: () => Date.now(), sleep: async () => caller.abort() };
    const other = createClient({ providers: [bailian()], env: service.env, clock });
    const { pending } = await other.run({ model: 'bailian/wan2.2-t2i-flash', prompt: 'x', signal: caller.signal });
    return { other, ticket: pending[0]!.id };
  }

  test('a task that waits is ended, and its ticket with it', async () => {
    const { other, ticket } = await leave();
    expect(await other.cancel(ticket)).toBe('cancelled');
    expect(seen(1)).toMatchObject({ method: 'POST', path: '/api/v1/tasks/task-0001/cancel' });
    expect(service.jobs.get('task-0001')).toMatchObject({ state: 'cancelled' });
    await expect(other.resume(ticket)).rejects.toMatchObject({ code: 'not-found' });
    await other.close();
  });

  test('for a task that runs it is too late: its ticket still brings the picture', async () => {
    const { other, ticket } = await leave();
    await fetch(`${service.baseURL}/tasks/task-0001`, { headers: { authorization: 'Bearer test-key' } });
    expect(await other.cancel(ticket)).toBe('too late');
    expect((await other.resume(ticket)).images).toHaveLength(1);
    await other.close();
  });
});

test.each(['', '/', '/api/v1', '/compatible-mode/v1'])('a base URL may end with %j', async (path) => {
  const other = connect({}, { ...service.env, DASHSCOPE_HTTP_BASE_URL: `${service.origin}${path}` });
  const { images } = await other.generate({ model: 'bailian/qwen-image', prompt: 'a kite' });
  await other.close();
  expect(images).toHaveLength(1);
});

test.each(['turbo', 'plus'])('wanx2.1-t2i-%s may be asked for by its name in Singapore', async (kind) => {
  const { images, applied } = await client.generate({ model: `bailian/wan2.1-t2i-${kind}`, prompt: 'a kite' });
  expect(seen(0)).toMatchObject({ headers: asynchronous, body: { model: `wanx2.1-t2i-${kind}` } });
  expect(images).toHaveLength(1);
  expect(applied).toMatchObject([{ option: 'model', sent: `bailian/wanx2.1-t2i-${kind}` }]);
});

test('a model has another id in Singapore, and one that is in Beijing alone is refused there', async () => {
  const other = createClient({
    providers: [bailian({ region: 'international' })],
    env: { DASHSCOPE_API_KEY: 'test-key' },
  });
  const plan = await other.plan({ model: 'bailian/wanx2.1-t2i-turbo', prompt: 'a kite' });
  expect(plan).toMatchObject({ host: 'dashscope-intl.aliyuncs.com', estimate: { amount: 0.025, currency: 'USD' } });
  expect(plan.calls).toMatchObject([{ model: 'wan2.1-t2i-turbo' }]);
  const edit = other.plan({ model: 'bailian/wanx2.1-imageedit', prompt: 'x', images: [picture] });
  await expect(edit).rejects.toMatchObject({ details: { option: 'region', allowed: ['china'] } });
  await other.close();
});

describe('a prompt that the service cannot rewrite', () => {
  const refusal = { code: 'RewriteFailed', message: 'prompt rewrite failed', request_id: 'r-1' };
  const cannot = { kind: 'status', status: 500, body: refusal } as const;
  const extended = () =>
    service.requests.flatMap(({ body }) => (body as { parameters?: { prompt_extend?: boolean } })?.parameters ?? []);

  test.each([
    ['a task', 'wan2.6-t2i', 'submit', {}],
    ['a call', 'qwen-image', 'generate', {}],
    ['an edit', 'wan2.5-i2i-preview', 'submit', { images: [picture] }],
  ])('is sent once more as it is, and that is told: %s', async (_, model, on, words) => {
    service.fault({ on, ...cannot });
    const asked = { model: `bailian/${model}`, prompt: 'a kite', providerOptions: { promptExtend: true }, ...words };
    const { images, warnings } = await client.generate(asked);
    expect(extended().map(({ prompt_extend }) => prompt_extend)).toEqual([true, false]);
    expect([images.length, service.submissions]).toEqual([1, 1]);
    expect(warnings.filter(({ code }) => code === 'prompt')).toHaveLength(1);
  });

  test('is not sent a third time, and never the same', async () => {
    service.fault({ on: 'generate', ...cannot, times: 'always' });
    const words = { model: 'bailian/qwen-image', prompt: 'a kite' };
    await expect(client.generate({ ...words, providerOptions: { promptExtend: true } })).rejects.toMatchObject({
      code: 'server',
      serviceCode: 'RewriteFailed',
      retryable: false,
      mayHaveBeenBilled: false,
    });
    expect(extended().map(({ prompt_extend }) => prompt_extend)).toEqual([true, false]);
    await expect(client.generate(words)).rejects.toMatchObject({ serviceCode: 'RewriteFailed' });
    expect(extended()).toHaveLength(3);
  });
});

describe('the host of a workspace tells its region', () => {
  const planAt = async (place: string, words: ClientRequest) => {
    const baseURL = `https://llm-abc123.${place}.maas.aliyuncs.com`;
    const other = createClient({ providers: [bailian({ baseURL })], env: { DASHSCOPE_API_KEY: 'test-key' } });
    return other.plan({ prompt: 'a kite', ...words }).finally(() => other.close());
  };

  test.each([
    ['cn-beijing', 'wanx2.1-t2i-turbo', { amount: 0.14, currency: 'CNY' }],
    ['ap-southeast-1', 'wan2.1-t2i-turbo', { amount: 0.025, currency: 'USD' }],
  ])('in %s a model has the id %s and its price', async (place, id, price) => {
    const plan = await planAt(place, { model: 'bailian/wanx2.1-t2i-turbo' });
    expect(plan).toMatchObject({ calls: [{ model: id }], estimate: price });
  });

  test.each(['us-east-1', 'cn-hongkong', 'ap-northeast-1', 'eu-central-1'])(
    'in %s prices are unknown',
    async (place) => {
      expect(await planAt(place, { model: 'bailian/wan2.6-t2i' })).toMatchObject({ estimate: null });
      const beijingOnly = planAt(place, { model: 'bailian/wanx2.1-imageedit', images: [picture] });
      await expect(beijingOnly).rejects.toMatchObject({ details: { option: 'region', allowed: ['china'] } });
    },
  );

  test.each(['japan', 'germany'])('in %s there is no other host, so a workspace must be named', async (region) => {
    const other = createClient({ providers: [bailian({ region })], env: { DASHSCOPE_API_KEY: 'test-key' } });
    const drawn = other.generate({ prompt: 'a kite', model: 'bailian/qwen-image' });
    await expect(drawn).rejects.toMatchObject({
      code: 'config',
      mayHaveBeenBilled: false,
      hint: expect.stringContaining('https://WORKSPACE.'),
    });
    await other.close();
  });
});

describe('the text model', () => {
  function write(user: string) {
    const provider = bailian();
    return provider.text!.write({ system: 'Translate to English.', user }, plainContext(provider, service));
  }

  test('asks the default model in the OpenAI style, without thinking', async () => {
    const { text, usage } = await write('一只在海边的猫');
    expect(text).toBe('A cat by the sea');
    expect(usage).toEqual({ textIn: 19, textOut: 16 });
    expect(seen(0)).toMatchObject({
      path: '/compatible-mode/v1/chat/completions',
      body: {
        model: 'qwen-flash',
        messages: [
          { role: 'system', content: 'Translate to English.' },
          { role: 'user', content: '一只在海边的猫' },
        ],
        temperature: 0.1,
        enable_thinking: false,
      },
    });
  });

  test('asks another model where the default is not offered', async () => {
    service.fault({ on: 'chat', kind: 'failure', code: 'not-found' });
    await write('ein Boot');
    expect(seen(1).body).toMatchObject({ model: 'qwen-plus' });
  });

  test('an unsafe text is told as such', async () => {
    await expect(write('[unsafe]')).rejects.toMatchObject({ code: 'content-blocked', mayHaveBeenBilled: false });
  });
});

// Reviewed against docs/providers/bailian.md section 3.
describe('sizes', () => {
  type Lists = { yes: string; no: string; unsure?: string };
  const a = {
    yes: '1024x1024 512x512 1440x1440 513x1439 1280x720 768x1152',
    no: '511x1024 1441x1024 1664x928 2048x2048',
  };
  const b = {
    yes: '1280x1280 1440x1440 1104x1472 1472x1104 960x1696 1696x960 640x2560 2560x640 1281x1280',
    no: '1441x1440 600x2800 512x512 2900x700',
  };
  const c = {
    yes: '768x768 1280x1280 384x1536 1344x576 720x1280 2560x640',
    no: '767x768 1281x1280 383x1540 1600x1100',
  };
  const q = {
    yes: '1664x928 1472x1104 1328x1328 1104x1472 928x1664 1472x1140 1140x1472',
    no: '1024x1024 1664x936 1329x1328',
  };
  const r = { yes: '512x512 1024x1024 2048x2048 1365x768 4096x1024', no: '511x512 2049x2048' };
  const e = { yes: '512x512 2048x2048 1024x1024 1536x1024 2048x512', no: '511x1024 2049x1024' };
  const none = { yes: '', no: '1024x1024 512x512' };
  const sizes: Record<keyof typeof models, Lists> = {
    'wanx2.0-t2i-turbo': a,
    'wanx2.1-t2i-turbo': a,
    'wanx2.1-t2i-plus': a,
    'wan2.2-t2i-flash': a,
    'wan2.2-t2i-plus': a,
    'wan2.5-t2i-preview': { ...b, no: `${b.no} 1279x1280 768x768` },
    'wan2.6-t2i': { yes: b.yes, no: '1441x1440 600x2800 512x512 767x768', unsure: '768x768 1024x1024 1279x1280' },
    'wan2.7-image': { yes: '1024x1024 2048x2048 2720x1530', no: '2049x2048', unsure: '512x512' },
    'wan2.7-image-pro': { yes: '1024x1024 2048x2048 4096x4096', no: '4097x4096', unsure: '512x512' },
    'wan2.5-i2i-preview': c,
    'wan2.6-image': c,
    'wanx2.1-imageedit': none,
    'qwen-image': q,
    'qwen-image-plus': q,
    'qwen-image-max': q,
    'qwen-image-2.0': r,
    'qwen-image-2.0-pro': r,
    'qwen-image-2.1-pro': { yes: '512x512 1024x1024 2048x2048 1365x768 4096x512', no: '511x512 2049x2048 4608x512' },
    'qwen-image-3.0': r,
    'qwen-image-3.0-pro': r,
    'z-image-turbo': r,
    'qwen-image-edit': none,
    'qwen-image-edit-plus': e,
    'qwen-image-edit-max': e,
  };
  const rows = Object.entries(sizes).flatMap(([model, lists]) =>
    Object.entries(lists).flatMap(([verdict, list]) =>
      list
        .split(' ')
        .filter(Boolean)
        .map((size) => [model, size, verdict] as const),
    ),
  );

  test.each(rows)('%s %s %s', async (model, size, verdict) => {
    const edits = !('generate' in bailian().models[model as keyof typeof models].operations);
    const plan = client.plan({
      model: `bailian/${model}`,
      prompt: 'x',
      size: size as `${number}x${number}`,
      ...(edits && { images: [picture] }),
    });
    if (verdict === 'no')
      return expect(plan).rejects.toMatchObject({ code: 'unsupported', details: { option: 'size' } });
    const codes = (await plan).warnings.map(({ code }) => code);
    expect(codes.includes('unsure')).toBe(verdict === 'unsure');
  });

  test.each([
    ['wan2.2-t2i-flash', '16:9', '1280x720'],
    ['wan2.2-t2i-flash', '4:3', '1152x864'],
    ['wan2.6-t2i', '9:16', '1008x1792'],
    ['wan2.7-image', '16:9', '2560x1440'],
    ['wan2.6-t2i', '1:1', '1280x1280'],
    ['qwen-image', '9:16', '928x1664'],
    ['qwen-image', '4:3', '1472x1104'],
  ])('%s in %s is %s', async (model, aspectRatio, size) => {
    const { calls } = await client.plan({
      model: `bailian/${model}`,
      prompt: 'x',
      aspectRatio: aspectRatio as `${number}:${number}`,
    });
    const [width, height] = size.split('x').map(Number);
    expect(calls).toMatchObject([{ size: { width, height } }]);
  });

  test('a misprint of older pages is corrected, and that is said', async () => {
    const { applied } = await client.plan({ model: 'bailian/qwen-image', prompt: 'x', size: '1472x1140' });
    expect(applied).toMatchObject([{ option: 'size', asked: '1472x1140', sent: '1472x1104' }]);
  });

  test('4K is for pictures from text alone', async () => {
    const words = { model: 'bailian/wan2.7-image-pro', prompt: 'x', resolution: '4K' };
    await expect(client.plan(words)).resolves.toMatchObject({ calls: [{ resolution: '4K' }] });
    const edit = client.plan({ ...words, images: [picture] });
    await expect(edit).rejects.toMatchObject({ details: { option: 'resolution' } });
  });
});
