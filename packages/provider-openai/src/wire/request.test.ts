import type { InputImage, ProviderCall } from '@anyimage/core';
import { describe, expect, test } from 'vitest';
import { servers } from '../servers.ts';
import { toWire } from './request.ts';

const call: ProviderCall = {
  intent: 'i-0',
  model: 'some-model',
  operation: 'generate',
  limits: {},
  prompt: 'a red kite',
  n: 1,
  images: [],
  partials: 0,
  options: {},
};
const size = { width: 1024, height: 768 };
const picture = (...bytes: number[]): InputImage => ({
  as: 'bytes',
  bytes: Uint8Array.from(bytes),
  mediaType: 'image/jpeg',
  width: 64,
  height: 64,
});
const url = { as: 'url', url: 'https://example.invalid/a.png' } as const;

/** A row's limits in one operation, as core hands them over. */
function limitsOf(name: keyof typeof servers, operation: string): ProviderCall['limits'] {
  const { operations, ...row }: (typeof servers)[typeof name]['row'] = servers[name].row;
  const own = (operations as Record<string, ProviderCall['limits']>)[operation]!;
  const options = { ...('options' in row ? row.options : {}), ...own.options };
  return { ...row, ...own, options, wire: { ...('wire' in row ? row.wire : {}), ...own.wire } };
}

function jsonOf(words: Partial<ProviderCall>, name: keyof typeof servers, operation = 'generate') {
  const { to, json, spends } = toWire({ ...call, ...words, limits: limitsOf(name, operation) });
  expect(spends).toBe(true);
  return { to, json };
}

async function formOf(words: Partial<ProviderCall>, name: keyof typeof servers, operation: string) {
  const { to, form } = toWire({ ...call, ...words, limits: limitsOf(name, operation) });
  const fields = [...form!].map(([field, value]) => [
    field,
    typeof value === 'string' ? value : `${value.name} ${value.type}`,
  ]);
  return { to, fields };
}

test('sends no more than was asked', () => {
  expect(toWire(call)).toEqual({
    to: 'images/generations',
    json: { model: 'some-model', prompt: 'a red kite' },
    spends: true,
  });
});

test('a server that is not known gets every word under OpenAI’s name, and options as they came', () => {
  const words = {
    n: 2,
    size,
    seed: 7,
    negativePrompt: 'fog',
    quality: 'fine',
    style: 'ink',
    background: 'opaque',
    outputFormat: 'png',
    outputCompression: 50,
    strength: 0.5,
    user: 'u-1',
    options: { cfgScale: 3, gif: true },
  };
  expect(jsonOf(words, 'openai').json).toEqual({
    model: 'some-model',
    prompt: 'a red kite',
    n: 2,
    size: '1024x768',
    seed: 7,
    negative_prompt: 'fog',
    quality: 'fine',
    style: 'ink',
    background: 'opaque',
    output_format: 'png',
    output_compression: 50,
    strength: 0.5,
    user: 'u-1',
    cfgScale: 3,
    gif: true,
  });
});

describe('LocalAI', () => {
  test('reads the negative prompt behind a bar, and is asked for bytes', () => {
    const words = { seed: 7, negativePrompt: 'fog', size, options: { step: 20 } };
    expect(jsonOf(words, 'localai')).toEqual({
      to: 'images/generations',
      json: {
        model: 'some-model',
        prompt: 'a red kite|fog',
        size: '1024x768',
        seed: 7,
        response_format: 'b64_json',
        step: 20,
      },
    });
  });

  test('takes pictures as bare base64', () => {
    expect(jsonOf({ images: [picture(1, 2, 3)] }, 'localai', 'edit').json).toMatchObject({ file: 'AQID' });
    expect(jsonOf({ images: [picture(1), picture(2)] }, 'localai', 'edit').json).toMatchObject({
      ref_images: ['AQ==', 'Ag=='],
    });
  });

  test('inpaints by a form of its own', async () => {
    const words = { images: [picture(1)], mask: picture(2), options: { steps: 30 } };
    expect(await formOf(words, 'localai', 'inpaint')).toEqual({
      to: 'images/inpainting',
      fields: [
        ['model', 'some-model'],
        ['prompt', 'a red kite'],
        ['steps', '30'],
        ['image', 'image-1.jpg image/jpeg'],
        ['mask', 'mask.jpg image/jpeg'],
      ],
    });
  });
});

describe('stable-diffusion.cpp', () => {
  test('reads seed, negative prompt and steps from a tag at the end of the prompt', () => {
    const words = { seed: 7, negativePrompt: 'text', options: { steps: 20, clip_skip: 2 }, outputFormat: 'webp' };
    expect(jsonOf(words, 'stable-diffusion.cpp').json).toEqual({
      model: 'some-model',
      prompt:
        'a red kite <sd_cpp_extra_args>{"seed":7,"negative_prompt":"text","sample_params":{"sample_steps":20},"clip_skip":2}</sd_cpp_extra_args>',
      output_format: 'webp',
    });
    expect(jsonOf({}, 'stable-diffusion.cpp').json).toEqual({ model: 'some-model', prompt: 'a red kite' });
  });

  test('takes pictures as image[], and a mask', async () => {
    const words = { images: [picture(1), picture(2)], mask: picture(3) };
    expect((await formOf(words, 'stable-diffusion.cpp', 'inpaint')).fields.slice(2)).toEqual([
      ['image[]', 'image-1.jpg image/jpeg'],
      ['image[]', 'image-2.jpg image/jpeg'],
      ['mask', 'mask.jpg image/jpeg'],
    ]);
  });
});

test('vLLM takes its options in snake case', () => {
  const options = { numInferenceSteps: 30, guidanceScale: 4.5, trueCfgScale: 2 };
  expect(jsonOf({ seed: 7, negativePrompt: 'fog', options }, 'vllm').json).toEqual({
    model: 'some-model',
    prompt: 'a red kite',
    negative_prompt: 'fog',
    seed: 7,
    num_inference_steps: 30,
    guidance_scale: 4.5,
    true_cfg_scale: 2,
  });
});

test.each(['vllm', 'deepinfra'] as const)('%s takes several pictures as image, without brackets', async (name) => {
  const { to, fields } = await formOf({ images: [picture(1), picture(2)] }, name, 'edit');
  expect([to, fields.slice(2).map(([field]) => field)]).toEqual(['images/edits', ['image', 'image']]);
});

describe('Together', () => {
  test('takes width and height, and answers base64', () => {
    expect(jsonOf({ size, n: 3, options: { disableSafetyChecker: true } }, 'together').json).toEqual({
      model: 'some-model',
      prompt: 'a red kite',
      n: 3,
      width: 1024,
      height: 768,
      response_format: 'base64',
      disable_safety_checker: true,
    });
  });

  test('takes pictures where the option says', () => {
    const data = 'data:image/jpeg;base64,AQ==';
    expect(jsonOf({ images: [url, picture(1)] }, 'together', 'edit')).toMatchObject({
      to: 'images/generations',
      json: { reference_images: [url.url, data] },
    });
    const { json } = jsonOf({ images: [picture(1)], options: { imageField: 'image_url' } }, 'together', 'edit');
    expect(json).toMatchObject({ image_url: data });
    expect(json).not.toHaveProperty('image_field');
  });
});

describe('xAI', () => {
  test('takes a ratio and a resolution', () => {
    expect(jsonOf({ aspectRatio: '19.5:9', resolution: '2k', n: 4 }, 'xai').json).toEqual({
      model: 'some-model',
      prompt: 'a red kite',
      n: 4,
      aspect_ratio: '19.5:9',
      resolution: '2k',
      response_format: 'b64_json',
    });
  });

  test('edits by JSON: one picture as image, several as images', () => {
    const object = { url: url.url, type: 'image_url' };
    expect(jsonOf({ images: [url] }, 'xai', 'edit')).toMatchObject({ to: 'images/edits', json: { image: object } });
    expect(jsonOf({ images: [url, url] }, 'xai', 'edit').json).toMatchObject({ images: [object, object] });
  });
});

test('SiliconFlow takes image_size, batch_size and numbered pictures', () => {
  const words = { size, n: 2, seed: 9_999_999_999, images: [url, url, url], options: { cfg: 4 } };
  expect(jsonOf(words, 'siliconflow', 'edit')).toEqual({
    to: 'images/generations',
    json: {
      model: 'some-model',
      prompt: 'a red kite',
      batch_size: 2,
      image_size: '1024x768',
      seed: 9_999_999_999,
      cfg: 4,
      image: url.url,
      image2: url.url,
      image3: url.url,
    },
  });
});
