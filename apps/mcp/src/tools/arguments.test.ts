import { ImageError } from '@anyimage/core';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { readArguments } from './arguments.ts';
import { editImage } from './edit-image.ts';
import { estimateCost } from './estimate-cost.ts';
import { generateImage } from './generate-image.ts';
import { getImage } from './get-image.ts';
import { tools } from './index.ts';
import { listModels } from './list-models.ts';

function refusal(given: unknown, tool = generateImage): ImageError {
  try {
    readArguments(tool, given);
  } catch (error) {
    if (ImageError.isInstance(error)) return error;
    throw error;
  }
  throw new Error('it was not refused');
}

test.each<[unknown, Record<string, unknown>]>([
  [{ prompt: 'a boat', seed: null, model: null, steps: '' }, { prompt: 'a boat' }],
  [
    { prompt: 'x', negative_prompt: 'y', num_images: '2' },
    { prompt: 'x', negativePrompt: 'y', n: 2 },
  ],
  [
    { text: 'x', format: 'jpg' },
    { prompt: 'x', outputFormat: 'jpeg' },
  ],
  [{ arguments: { prompt: 'x', n: 1 } }, { prompt: 'x', n: 1 }],
  [{ params: '{"prompt":"x"}' }, { prompt: 'x' }],
  ['{"prompt":"x"}', { prompt: 'x' }],
  [
    { prompt: 'x', n: 2, count: '2' },
    { prompt: 'x', n: 2 },
  ],
  [
    { prompt: 'x', waitSeconds: '10' },
    { prompt: 'x', waitSeconds: 10 },
  ],
  [
    { prompt: 'x', waitSeconds: '30s' },
    { prompt: 'x', waitSeconds: 30 },
  ],
  [
    { prompt: 'x', wait_seconds: 0 },
    { prompt: 'x', waitSeconds: 0 },
  ],
  [
    { prompt: 'x', max_cost: '$0.1', prefer: 'cheapest' },
    { prompt: 'x', route: { maxCost: { amount: 0.1, currency: 'USD' }, prefer: 'price' } },
  ],
  [
    { prompt: 'x', width: 640, height: '480' },
    { prompt: 'x', size: '640x480' },
  ],
])('%j is what generate_image takes as %j', (given, meant) => {
  expect(readArguments(generateImage, given)).toEqual(meant);
});

test.each<[string, typeof listModels, unknown, Record<string, unknown>]>([
  ['edit_image', editImage, { image: 'last', instruction: 'at night' }, { images: ['last'], prompt: 'at night' }],
  [
    'estimate_cost',
    estimateCost,
    { prompt: 'x', image_url: 'https://x.example/a.png' },
    { prompt: 'x', images: ['https://x.example/a.png'] },
  ],
  [
    'list_models',
    listModels,
    { provider: 'none', configured: 'yes', max_price: '0.05 USD' },
    { configured: true, maxPrice: '0.05 USD' },
  ],
  ['list_models', listModels, { query: 'glm' }, { text: 'glm' }],
  ['get_image', getImage, { ticket_id: 't-1' }, { id: 't-1' }],
  ['get_image', getImage, undefined, {}],
  ['get_image', getImage, { format: 'JPG' }, { format: 'jpeg' }],
  ['get_image', getImage, { format: 'image/webp' }, { format: 'webp' }],
  ['get_image', getImage, { crop: [0, 0, '50%', 100] }, { crop: '0,0,50%,100' }],
  ['get_image', getImage, { crop: { x: 1, y: 2, width: 3, height: 4 } }, { crop: '1,2,3,4' }],
])('%s takes the words of others', (_, tool, given, meant) => {
  expect(readArguments(tool, given)).toEqual(meant);
});

test.each<[unknown, string, string]>([
  [{ prompt: 'x', aspct: '1:1' }, '“aspct”', 'It takes: prompt, model,'],
  [{ prompt: 'x', aspectRation: '1:1' }, '“aspectRation”', 'Did you mean aspectRatio?'],
  [{ prompt: 'x', steps: 30 }, '“steps”', 'providerOptions'],
  [{ prompt: 'x', reference_images: ['a.png'] }, '“reference_images”', 'Call edit_image with images'],
  [{ prompt: 'x', n: 1, num_images: 2 }, 'n', 'is another name of n'],
  [{}, 'prompt', 'What to draw'],
  [{ prompt: null }, 'prompt', 'What to draw'],
  [{ prompt: ' ' }, 'prompt', 'What to draw'],
  [{ prompt: 'x', n: 'two' }, 'n', 'Correct n'],
  [{ prompt: 'x', waitSeconds: -1 }, 'waitSeconds', 'Correct waitSeconds'],
  [{ prompt: 'x', waitSeconds: 'long' }, 'waitSeconds', 'Correct waitSeconds'],
  [['x', 'y'], 'arguments', 'Correct arguments'],
  ['x', 'arguments', 'Correct arguments'],
])('%j is refused for %s', (given, option, hint) => {
  const error = refusal(given);
  expect(error).toMatchObject({ code: 'invalid-request', details: { option } });
  expect(error.hint).toContain(hint);
});

test('whatever comes, it is taken or refused as an ImageError of few words', () => {
  fc.assert(
    fc.property(fc.constantFrom(...tools), fc.jsonValue(), (tool, given) => {
      try {
        readArguments(tool, given);
      } catch (error) {
        if (!ImageError.isInstance(error)) throw error;
        expect(`${error.message}${error.hint}`.length).toBeLessThan(700);
      }
    }),
  );
});

test('no name or value is repeated in full where it is long', () => {
  const long = 'A'.repeat(10_000);
  for (const tool of tools) {
    for (const given of [
      { [long]: 1 },
      { prompt: 'x', images: ['x'], [`x${long}`]: long },
      { text: { a: long } },
      { id: { a: long } },
    ]) {
      const error = refusal(given, tool);
      expect(JSON.stringify(error), tool.name).not.toContain('A'.repeat(81));
    }
  }
});
