import { type Client, type ClientRequest, createClient, type Json } from '@anyimage/core';
import { drawTestCard, type Emulator, testCodec } from '@anyimage/testkit';
import { conformance } from '@anyimage/testkit/conformance';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { emulator } from './emulator.ts';
import { bfl } from './provider.ts';

conformance({ provider: bfl, emulator, codec: testCodec() });

const boat = drawTestCard({ prompt: 'a boat', width: 512, height: 256 });
const base64 = Buffer.from(boat).toString('base64');
const url = 'https://example.com/sea.jpg';

let service: Emulator;
let client: Client;

beforeEach(async () => {
  service = await emulator.start();
  client = createClient({
    providers: [bfl()],
    env: service.env,
    codec: testCodec(),
    clock: { now: () => Date.now(), sleep: async () => {} },
  });
});
afterEach(async () => {
  await client.close();
  await service.close();
});

const sent = () => service.requests[0]!;

describe('the request on the wire', () => {
  test('plain: a size is always sent; the task is asked after with the key, the picture without', async () => {
    const { images, cost } = await client.generate({ model: 'bfl', prompt: 'a paper boat' });
    expect(sent()).toMatchObject({ method: 'POST', path: '/v1/flux-2-pro', headers: { 'x-key': 'test-key' } });
    expect(sent().body).toEqual({ prompt: 'a paper boat', width: 1024, height: 1024 });
    expect(cost).toEqual([{ amount: 0.03, currency: 'USD', estimated: false }]);
    const [, check, , picture] = service.requests;
    expect(check).toMatchObject({ method: 'GET', headers: { 'x-key': 'test-key' } });
    expect(picture!.headers['x-key']).toBeUndefined();
    expect(images).toMatchObject([
      { width: 1024, height: 1024, seed: 1, revisedPrompt: 'a paper boat, in soft light' },
    ]);
  });

  test('FLUX.2: pictures are numbered, and keep their order', async () => {
    await client.generate({
      model: 'bfl/flux-2-flex',
      prompt: 'the boat of picture 1 on the sea of picture 2',
      images: [boat, url],
      size: '1536x1024',
      seed: 7,
      outputFormat: 'png',
      providerOptions: { safetyTolerance: 0, promptUpsampling: false, steps: 20, guidance: 4.5 },
    });
    expect(sent().body).toEqual({
      prompt: 'the boat of picture 1 on the sea of picture 2',
      input_image: base64,
      input_image_2: url,
      width: 1536,
      height: 1024,
      seed: 7,
      output_format: 'png',
      safety_tolerance: 0,
      prompt_upsampling: false,
      steps: 20,
      guidance: 4.5,
    });
  });

  test('FLUX 3: pictures are a list, the shape has two words', async () => {
    await client.generate({
      model: 'bfl/flux-3-image',
      prompt: 'a paper boat',
      images: [boat, url],
      aspectRatio: '7:5',
      resolution: '1.5K',
      providerOptions: { grounding: false },
    });
    expect(sent().body).toEqual({
      prompt: 'a paper boat',
      images: [base64, url],
      aspect_ratio: '7:5',
      resolution: '1.5k',
      grounding: false,
    });
  });

  test('Fill: the mask is white where the picture is to be repainted', async () => {
    await client.generate({ model: 'bfl/flux-pro-1.0-fill', prompt: 'a hat', images: [boat], mask: boat });
    const mask = await testCodec().mask(
      { as: 'bytes', bytes: boat, mediaType: 'image/png', width: 512, height: 256 },
      { repaint: 'white', hard: true },
    );
    expect(sent().body).toEqual({
      prompt: 'a hat',
      image: base64,
      mask: Buffer.from(mask.bytes).toString('base64'),
    });
  });

  test('Ultra: far from the picture means little weight of it', async () => {
    const words = { model: 'bfl/flux-pro-1.1-ultra', prompt: 'a hat', images: [boat], aspectRatio: '21:9' } as const;
    await client.generate({ ...words, strength: 0.8, providerOptions: { raw: true } });
    expect(sent().body).toEqual({
      prompt: 'a hat',
      image_prompt: base64,
      image_prompt_strength: 0.2,
      aspect_ratio: '21:9',
      raw: true,
    });
  });

  test.each([
    ['flux-2-pro', { disablePup: true }, { disable_pup: true, width: 1024, height: 1024 }],
    [
      'flux-kontext-max',
      { promptUpsampling: true, safetyTolerance: 6 },
      { prompt_upsampling: true, safety_tolerance: 6 },
    ],
    ['flux-pro-1.1', { safetyTolerance: 1 }, { safety_tolerance: 1 }],
  ])('%s with %j', async (model, providerOptions, fields) => {
    await client.generate({ model: `bfl/${model}`, prompt: 'a hat', providerOptions });
    expect(sent().body).toEqual({ prompt: 'a hat', ...fields });
  });
});

describe('sizes', () => {
  test.each([
    ['flux-2-pro', '2048x2048', true],
    ['flux-2-pro', '64x65536', true],
    ['flux-2-pro', '2560x1440', true],
    ['flux-2-pro', '2064x2048', false],
    ['flux-2-pro', '1000x1000', false],
    ['flux-2-pro', '48x1024', false],
    ['flux-pro-1.1', '1440x256', true],
    ['flux-pro-1.1', '1456x1024', false],
    ['flux-3-image', '1024x1024', false],
  ] as const)('%s %s: %s', async (model, size, isTaken) => {
    const plan = client.plan({ model: `bfl/${model}`, prompt: 'x', size });
    if (isTaken) await expect(plan).resolves.toMatchObject({ warnings: [] });
    else await expect(plan).rejects.toMatchObject({ code: 'unsupported', details: { option: 'size' } });
  });
});

describe('prices', () => {
  test.each([
    ['flux-2-pro', { size: '1024x1024' }, 0.03],
    ['flux-2-pro', { size: '1040x1024' }, 0.045],
    ['flux-2-pro', { size: '2048x2048' }, 0.075],
    ['flux-2-pro', { size: '2048x2048', images: [boat, boat] }, 0.105],
    ['flux-2-pro', { size: '1024x1024', n: 3 }, 0.09],
    ['flux-2-klein-4b', { size: '1440x1440', images: [boat] }, 0.015],
    ['flux-kontext-max', {}, 0.08],
  ] as const)('%s %j is known before: $%d', async (model, words, amount) => {
    const request = { model: `bfl/${model}`, prompt: 'x', ...words } as ClientRequest;
    expect((await client.plan(request)).estimate).toMatchObject({ amount, currency: 'USD' });
    expect((await client.generate(request)).cost).toMatchObject([{ amount, currency: 'USD', estimated: false }]);
  });

  test('what is not known before is known when the task is taken', async () => {
    const request = { model: 'bfl/flux-2-pro', prompt: 'a hat', images: [boat] };
    expect((await client.plan(request)).estimate).toBeNull();
    expect((await client.generate(request)).cost).toMatchObject([{ amount: 0.045, estimated: false }]);
  });
});

describe('how a task ends', () => {
  test.each([
    ['[unsafe]', 'Request Moderated'],
    ['[unsafe picture]', 'Content Moderated'],
  ])('%s is %s', async (prompt, serviceCode) => {
    const outcome = await client.run({ model: 'bfl', prompt });
    expect(outcome.error).toMatchObject({ code: 'content-blocked', serviceCode, mayHaveBeenBilled: true });
    expect(outcome.pending).toEqual([]);
  });

  test('a final status is read though it comes with HTTP 503', async () => {
    service.fault({ on: 'check', kind: 'failed' });
    const { error } = await client.run({ model: 'bfl', prompt: 'x' });
    expect(error).toMatchObject({ code: 'server', status: 503, serviceCode: 'Error', mayHaveBeenBilled: true });
  });

  test('503 without a status is a question to ask again', async () => {
    service.fault({ on: 'check', kind: 'status', status: 503, body: { detail: 'busy' } });
    expect((await client.run({ model: 'bfl', prompt: 'x' })).images).toHaveLength(1);
  });

  test.each<Json>([{ status: 'Dreaming' }, { status: 7 }, {}])('%j is an error, and its ticket stays', async (body) => {
    service.fault({ on: 'check', kind: 'status', status: 200, body, times: 'always' });
    const { error, pending } = await client.run({ model: 'bfl', prompt: 'x' });
    expect(error).toMatchObject({ code: 'bad-response', mayHaveBeenBilled: true });
    expect(pending).toHaveLength(1);
  });

  test('a task that the service does not know is gone', async () => {
    service.fault({ on: 'check', kind: 'status', status: 200, body: { id: 'x', status: 'Task not found' } });
    expect((await client.run({ model: 'bfl', prompt: 'x' })).error).toMatchObject({ code: 'not-found' });
  });
});
