import { type Client, createClient, type ProviderAccess } from '@anyimage/core';
import { drawTestCard, type Emulator } from '@anyimage/testkit';
import { conformance } from '@anyimage/testkit/conformance';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { models } from './capabilities.ts';
import { emulator } from './emulator.ts';
import { seedream } from './provider.ts';

conformance({ provider: seedream, emulator });

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

function connect(access: ProviderAccess = {}): Client {
  return createClient({ providers: [seedream(access)], env: service.env });
}

const body = () => service.requests[0]!.body;
const kite = drawTestCard({ prompt: 'a kite', width: 64, height: 64 });

describe('the request on the wire', () => {
  test('plain: the size, the form of the answer and that there be no watermark are always said', async () => {
    const { images, cost, usage } = await client.generate({ model: 'seedream', prompt: 'a red kite' });
    const { method, path, headers } = service.requests[0]!;
    expect({ method, path, type: headers['content-type'], authorization: headers.authorization }).toEqual({
      method: 'POST',
      path: '/api/v3/images/generations',
      type: 'application/json',
      authorization: 'Bearer test-key',
    });
    expect(body()).toEqual({
      model: 'doubao-seedream-5-0-pro-260628',
      prompt: 'a red kite',
      size: '2048x2048',
      watermark: false,
      response_format: 'url',
    });
    expect(images).toMatchObject([{ width: 2048, height: 2048 }]);
    expect(images[0]!.expiresAt! - Date.now()).toBeGreaterThan(23 * 3_600_000);
    expect(cost).toEqual([{ amount: 0.3, currency: 'CNY', estimated: true }]);
    expect(usage).toEqual({ imageOut: 16_384 });
    expect(service.requests[1]!.headers.authorization).toBeUndefined();
  });

  test('every option at once', async () => {
    await client.generate({
      model: 'seedream/doubao-seedream-4-0-250828',
      prompt: 'a red kite',
      size: '1600x600',
      providerOptions: { watermark: false, optimizePrompt: 'fast' },
    });
    expect(body()).toEqual({
      model: 'doubao-seedream-4-0-250828',
      prompt: 'a red kite',
      size: '1600x600',
      watermark: false,
      optimize_prompt_options: { mode: 'fast' },
      response_format: 'url',
    });
  });

  test('an edit sends URLs as they are and bytes as data URIs', async () => {
    await client.generate({
      model: 'seedream/doubao-seedream-5-0-pro-260628',
      prompt: 'the kite of picture 1 over the sea of picture 2',
      images: [kite, 'https://example.com/sea.jpg'],
      aspectRatio: '16:9',
      outputFormat: 'png',
    });
    expect(body()).toEqual({
      model: 'doubao-seedream-5-0-pro-260628',
      prompt: 'the kite of picture 1 over the sea of picture 2',
      image: [`data:image/png;base64,${Buffer.from(kite).toString('base64')}`, 'https://example.com/sea.jpg'],
      size: '2560x1440',
      output_format: 'png',
      watermark: false,
      response_format: 'url',
    });
  });

  test.each([
    ['doubao-seedream-4-0-250828', 14],
    ['doubao-seedream-5-0-pro-260628', 10],
  ])('%s takes %i pictures and no more', async (model, most) => {
    const edit = (count: number) =>
      client.generate({ model: `seedream/${model}`, prompt: 'a red kite', images: Array(count).fill(kite) });
    await edit(most);
    expect(body()).toMatchObject({ image: { length: most } });
    await expect(edit(most + 1)).rejects.toMatchObject({ code: 'unsupported', details: { option: 'images' } });
    expect(service.submissions).toBe(1);
  });

  const rowsAbroad = [
    ['doubao-seedream-5-0-260128', 'seedream-5-0-260128'],
    ['doubao-seedream-5-0-pro-260628', 'dola-seedream-5-0-pro-260628'],
    ['doubao-seedream-4-5-251128', 'seedream-4-5-251128'],
    ['doubao-seedream-4-0-250828', 'seedream-4-0-250828'],
  ] as const;

  test.each(rowsAbroad)('%s is %s abroad', async (model, there) => {
    const abroad = connect({ region: 'international' });
    await abroad.generate({ model: `seedream/${model}`, prompt: 'a red kite' });
    expect(body()).toMatchObject({ model: there });
    await abroad.close();
  });

  test.each(rowsAbroad)('%s may be asked for as %s, with its limits', async (model, there) => {
    const abroad = connect({ region: 'international' });
    const plan = await abroad.plan({ model: `seedream/${there}`, prompt: 'a red kite' });
    await abroad.close();
    expect(plan).toMatchObject({ model: `seedream/${model}`, calls: [{ model: there }] });
    expect(plan.warnings.filter(({ code }) => code === 'unlisted')).toEqual([]);
    const small = client.plan({ model: `seedream/${there}`, prompt: 'a red kite', size: '512x512' });
    await expect(small).rejects.toMatchObject({ code: 'unsupported', details: { option: 'size' } });
  });
});

test('a watermark is there if it is asked for', async () => {
  await client.generate({ model: 'seedream', prompt: 'a red kite', providerOptions: { watermark: true } });
  expect(body()).toMatchObject({ watermark: true });
});

describe('an endpoint of the account', () => {
  const model = 'seedream/ep-20260101000000-abcde';

  test('is used, and what the table does not know goes as it is, with a warning', async () => {
    const { warnings } = await client.generate({
      model,
      prompt: 'a red kite',
      providerOptions: { sequential_image_generation: 'disabled' },
    });
    expect(body()).toMatchObject({ size: '2048x2048', sequential_image_generation: 'disabled' });
    expect(warnings.map(({ code }) => code)).toEqual(['unlisted', 'unlisted']);
  });

  test.each([
    { user: 'user-000123' },
    { negativePrompt: 'fog' },
    { quality: 'hd' },
    { style: 'vivid' },
    { strength: 0.5 },
    { outputCompression: 50 },
    { partials: 1 },
  ])('has no field for %j, which is refused before anything is sent', async (words) => {
    await expect(client.generate({ model, prompt: 'a red kite', ...words })).rejects.toMatchObject({
      code: 'unsupported',
      hint: expect.stringMatching(/\.$/),
    });
    expect(service.requests).toEqual([]);
  });
});

test('a refused prompt says what was refused', async () => {
  await expect(client.generate({ model: 'seedream', prompt: 'something [unsafe]' })).rejects.toMatchObject({
    code: 'content-blocked',
    serviceCode: 'InputTextSensitiveContentDetected',
    mayHaveBeenBilled: false,
  });
});

test('a wrong key is told with host and region, and is shown nowhere', async () => {
  const wrong = connect({ apiKey: 'wrong-test-key' });
  const error = await wrong.generate({ model: 'seedream', prompt: 'x' }).catch((failure: unknown) => failure);
  await wrong.close();
  expect(error).toMatchObject({ code: 'auth', hint: expect.stringContaining('region china') });
  expect(JSON.stringify(error)).not.toContain('wrong-test-key');
});

// Reviewed against docs/providers/seedream.md.
describe('sizes', () => {
  const recommended = ['2048x2048', '2304x1728', '1728x2304', '2560x1440', '1440x2560', '2496x1664', '3024x1296'];
  const oneToTwoK = {
    yes: [...recommended, '1024x1024', '1536x1536'],
    no: ['512x512', '2160x2160', '4096x4096'],
    unsure: ['960x960', '1280x720', '2150x2150'],
  };
  const verdicts: Record<
    keyof typeof models | 'ep-20260101000000-abcde',
    Record<'yes' | 'no' | 'unsure', readonly string[]>
  > = {
    'seedream-5-5-261028': oneToTwoK,
    'seedream-5-0-flash-260915': oneToTwoK,
    'doubao-seedream-5-0-260128': {
      yes: [...recommended, '1920x1920', '3072x3072', '4096x2304', '4704x2016', '7680x480'],
      no: ['1024x1024', '1919x1919', '7697x480', '4097x4096'],
      unsure: ['4096x4096', '3520x2960'],
    },
    'doubao-seedream-5-0-pro-260628': {
      yes: [...recommended, '960x960', '1280x720', '1024x1024'],
      no: ['959x960', '2160x2160', '4096x4096'],
      unsure: ['2049x2048', '2150x2150'],
    },
    'doubao-seedream-4-5-251128': {
      yes: [...recommended, '1920x1920', '4096x4096', '3750x1250'],
      no: ['1024x1024', '1500x1500', '4096x4112'],
      unsure: [],
    },
    'doubao-seedream-4-0-250828': {
      yes: [...recommended, '960x960', '1600x600', '4096x4096', '16384x1024'],
      no: ['800x800', '4096x4112', '16400x1000'],
      unsure: [],
    },
    'ep-20260101000000-abcde': {
      yes: [...recommended, '1920x1920'],
      no: ['256x256', '4112x4096'],
      unsure: ['1024x1024', '4096x4096'],
    },
  };
  const rows = Object.entries(verdicts).flatMap(([model, lists]) =>
    Object.entries(lists).flatMap(([verdict, sizes]) => sizes.map((size) => [model, size, verdict] as const)),
  );

  let abroad: Client;
  beforeEach(() => {
    abroad = connect({ region: 'international' });
  });
  afterEach(() => abroad.close());

  test.each(rows)('%s %s %s', async (model, size, verdict) => {
    const plan = abroad.plan({ model: `seedream/${model}`, prompt: 'x', size: size as `${number}x${number}` });
    if (verdict === 'no')
      return expect(plan).rejects.toMatchObject({ code: 'unsupported', details: { option: 'size' } });
    const codes = (await plan).warnings.map(({ code }) => code);
    expect(codes.includes('unsure')).toBe(verdict === 'unsure');
  });

  test.each([
    ['doubao-seedream-4-0-250828', '1K', { width: 1024, height: 1024 }],
    ['doubao-seedream-4-5-251128', '2K', { width: 2048, height: 2048 }],
    ['doubao-seedream-4-5-251128', '4K', { width: 4096, height: 4096 }],
  ] as const)('%s makes %s as a size in pixels', async (model, resolution, size) => {
    const { calls } = await client.plan({ model: `seedream/${model}`, prompt: 'x', resolution });
    expect(calls).toMatchObject([{ size }]);
  });
});
