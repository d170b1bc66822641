import { type Client, createClient, type Json } from '@anyimage/core';
import { drawTestCard, type Emulator, testCodec } from '@anyimage/testkit';
import { conformance } from '@anyimage/testkit/conformance';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { emulator } from './emulator.ts';
import { ideogram } from './provider.ts';

conformance({ provider: ideogram, emulator, codec: testCodec() });

const boat = drawTestCard({ prompt: 'a boat', width: 512, height: 256 });
const image = { type: 'image/png', name: 'image.png', size: boat.length };
const codec = testCodec();

let service: Emulator;
let client: Client;

beforeEach(async () => {
  service = await emulator.start();
  client = createClient({ providers: [ideogram()], env: service.env, codec });
});
afterEach(async () => {
  await client.close();
  await service.close();
});

const sent = () => service.requests[0]!;

describe('the request on the wire', () => {
  test('plain: a form with the prompt alone', async () => {
    const { images, cost } = await client.generate({ model: 'ideogram', prompt: 'a paper boat' });
    expect(sent()).toMatchObject({
      method: 'POST',
      path: '/v1/ideogram-v4/generate',
      headers: { 'api-key': 'test-key', 'content-type': expect.stringMatching(/^multipart\/form-data; boundary=/) },
    });
    expect(sent().body).toEqual({ text_prompt: 'a paper boat' });
    expect(images).toMatchObject([{ width: 2048, height: 2048, revisedPrompt: 'a paper boat, beautifully lit' }]);
    expect(cost).toEqual([{ amount: 0.06, currency: 'USD', estimated: true }]);
    expect(service.requests[1]!.headers['api-key']).toBeUndefined();
  });

  test('4.0: a size, a speed, and what stays of a picture', async () => {
    await client.generate({
      model: 'ideogram/ideogram-v4',
      prompt: 'a paper boat',
      images: [boat],
      strength: 0.7,
      size: '1440x2880',
      quality: 'quality',
      providerOptions: { copyrightDetection: true },
    });
    expect(sent().path).toBe('/v1/ideogram-v4/remix');
    expect(sent().body).toEqual({
      text_prompt: 'a paper boat',
      image,
      image_weight: '30',
      resolution: '1440x2880',
      rendering_speed: 'QUALITY',
      enable_copyright_detection: 'true',
    });
  });

  test('3.0: several pictures, a ratio with an x, words in capitals', async () => {
    const { images, cost } = await client.generate({
      model: 'ideogram/ideogram-v3',
      prompt: 'a paper boat',
      negativePrompt: 'fog',
      n: 3,
      aspectRatio: '16:10',
      quality: 'flash',
      style: 'design',
      providerOptions: { magicPrompt: 'off' },
    });
    expect(sent().path).toBe('/v1/ideogram-v3/generate');
    expect(sent().body).toEqual({
      prompt: 'a paper boat',
      negative_prompt: 'fog',
      num_images: '3',
      aspect_ratio: '16x10',
      rendering_speed: 'FLASH',
      style_type: 'DESIGN',
      magic_prompt: 'OFF',
    });
    expect(images.map(({ revisedPrompt }) => revisedPrompt)).toEqual(Array(3).fill('a paper boat'));
    expect(cost).toEqual([{ amount: 0.09, currency: 'USD', estimated: true }]);
  });

  test('with a seed each picture is a request of its own', async () => {
    const { images } = await client.generate({ model: 'ideogram/ideogram-v3', prompt: 'x', n: 2, seed: 5 });
    expect(images.map(({ seed }) => seed)).toEqual([5, 6]);
    expect(service.requests.filter(({ spends }) => spends).map(({ body }) => body)).toMatchObject([
      { num_images: '1', seed: '5' },
      { num_images: '1', seed: '6' },
    ]);
  });

  test('inpaint: the mask is black where the picture is to be repainted, and nothing else', async () => {
    await client.generate({ model: 'ideogram/ideogram-v3', prompt: 'a red hat', images: [boat], mask: boat, n: 2 });
    expect(sent().path).toBe('/v1/ideogram-v3/inpaint');
    expect(sent().body).toEqual({
      prompt: 'a red hat',
      num_images: '2',
      image,
      mask: { type: 'image/png', name: 'mask.png', size: expect.any(Number) },
    });
    expect(codec.masks.at(-1)).toEqual({ repaint: 'black', hard: true });
  });

  test('a style may be given by codes, each a field', async () => {
    const styleCodes = ['1a2b3c4d', 'FFFF0000'];
    const words = { model: 'ideogram/ideogram-v3', prompt: 'at sea', images: [boat], operation: 'replaceBackground' };
    await client.generate({ ...words, providerOptions: { styleCodes } });
    expect(sent().path).toBe('/v1/ideogram-v3/replace-background');
    expect(sent().body).toEqual({ prompt: 'at sea', num_images: '1', style_codes: styleCodes, image });
  });
});

describe('pictures that are found unsafe', () => {
  test('one of several is an error in its place', async () => {
    service.fault({ on: 'generate', kind: 'refused' });
    const { images, errors } = await client.run({ model: 'ideogram/ideogram-v3', prompt: 'x', n: 3 });
    expect(images).toHaveLength(2);
    expect(errors).toMatchObject([{ code: 'content-blocked', mayHaveBeenBilled: true, retryable: false }]);
  });

  test('a prompt that fails the check is free', async () => {
    const { error } = await client.run({ model: 'ideogram', prompt: '[unsafe]' });
    expect(error).toMatchObject({ code: 'content-blocked', status: 422, mayHaveBeenBilled: false });
  });
});

describe('a URL lives as long as it says', () => {
  test.each<[Json, (now: number) => number]>([
    ['https://example.com/a.png?exp=4102444800&sig=0', () => 4_102_444_800_000],
    ['https://example.com/a.png?exp=soon', (now) => now + 3_600_000],
  ])('%s', async (url, ends) => {
    const body = { data: [{ url, is_image_safe: true }] };
    service.fault({ on: 'generate', kind: 'status', status: 200, body, accepted: true });
    const now = Date.now();
    const { pending } = await client.run({ model: 'ideogram', prompt: 'x' });
    const [ticket] = await Promise.all(pending);
    expect(Math.abs(Number(JSON.stringify(ticket).match(/"expiresAt":(\d+)/)?.[1]) - ends(now))).toBeLessThan(60_000);
  });
});
