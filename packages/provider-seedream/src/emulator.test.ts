// What the provider does not ask for, and other clients may.

import { type Emulator, pngSize } from '@anyimage/testkit';
import { afterAll, afterEach, beforeAll, expect, it } from 'vitest';
import { emulator } from './emulator.ts';

let service: Emulator;
beforeAll(async () => {
  service = await emulator.start();
});
afterEach(() => service.reset());
afterAll(() => service.close());

interface Answer {
  readonly status: number;
  readonly body: {
    readonly data: readonly { readonly url?: string; readonly b64_json?: string; readonly error?: object }[];
    readonly usage: { readonly generated_images: number };
    readonly error?: { readonly code: string };
  };
}

async function post(fields: object | string, authorization = 'Bearer test-key'): Promise<Answer> {
  const model = 'doubao-seedream-4-5-251128';
  const answer = await fetch(`${service.baseURL}/images/generations`, {
    method: 'POST',
    headers: { authorization, 'content-type': 'application/json' },
    body: typeof fields === 'string' ? fields : JSON.stringify({ model, prompt: 'a red kite', ...fields }),
  });
  return { status: answer.status, body: (await answer.json()) as Answer['body'] };
}

it('takes a resolution, and gives the picture in the answer where that is asked for', async () => {
  const { body } = await post({ size: '2K', response_format: 'b64_json' });
  expect(pngSize(Buffer.from(body.data[0]!.b64_json!, 'base64'))).toEqual({ width: 2048, height: 2048 });
});

it('makes a group, in which one picture may be refused and is not charged', async () => {
  const group = { sequential_image_generation: 'auto', sequential_image_generation_options: { max_images: 3 } };
  service.fault({ on: 'generate', kind: 'refused' });
  const { body } = await post({ ...group, model: 'doubao-seedream-5-0-260128' });
  expect(body.data.map((item) => Object.keys(item))).toEqual([['error'], ['url', 'size'], ['url', 'size']]);
  expect(body.usage.generated_images).toBe(2);
  expect(service.spent).toBe(0.44);
});

it.each([
  ['a body that is no JSON', '{"model":', 400, 'InvalidParameter'],
  ['an unknown field', { n: 2 }, 400, 'InvalidParameter'],
  ['a seed', { seed: 1 }, 400, 'InvalidParameter'],
  ['an unknown model', { model: 'doubao-seedream-9' }, 404, 'InvalidEndpoint.NotFound'],
  ['no model', { model: undefined }, 400, 'MissingParameter'],
  ['an empty prompt', { prompt: '' }, 400, 'MissingParameter'],
  ['a prompt that is no text', { prompt: 5 }, 400, 'InvalidParameter'],
  ['a size that is too small', { size: '1024x1024' }, 400, 'InvalidParameter'],
  ['a size that is too long', { size: '7697x480' }, 400, 'InvalidParameter'],
  ['a size with an asterisk', { size: '2048*2048' }, 400, 'InvalidParameter'],
  ['a resolution that is too small', { size: '1K' }, 400, 'InvalidParameter'],
  ['an output format on 4.5', { output_format: 'png' }, 400, 'InvalidParameter'],
  ['the fast mode on 4.5', { optimize_prompt_options: { mode: 'fast' } }, 400, 'InvalidParameter'],
  ['a watermark that is no boolean', { watermark: 'no' }, 400, 'InvalidParameter'],
  ['an image that is no address', { image: 'kite.png' }, 400, 'InvalidParameter'],
  ['no image in the list', { image: [] }, 400, 'InvalidParameter'],
  ['15 images', { image: Array(15).fill('https://example.com/a.png') }, 400, 'InvalidParameter'],
  ['a group of 16', { sequential_image_generation_options: { max_images: 16 } }, 400, 'InvalidParameter'],
  ['a stream', { stream: true }, 400, 'InvalidParameter'],
])('refuses %s', async (_, fields, status, code) => {
  const answer = await post(fields);
  expect([answer.status, answer.body.error?.code]).toEqual([status, code]);
  expect(service.submissions).toBe(0);
});

it('refuses a group from the pro model, and one that is too large with its references', async () => {
  const group = { sequential_image_generation: 'auto', sequential_image_generation_options: { max_images: 3 } };
  expect((await post({ ...group, model: 'doubao-seedream-5-0-pro-260628' })).status).toBe(400);
  expect((await post({ ...group, image: Array(13).fill('https://example.com/a.png') })).status).toBe(400);
});

it('refuses a wrong key', async () => {
  const { status, body } = await post({}, 'Bearer other-key');
  expect([status, body.error?.code]).toEqual([401, 'AuthenticationError']);
});
