import { homedir } from 'node:os';
import { join } from 'node:path';
import { ImageError } from '@anyimage/core';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { readRequest } from './read-request.ts';
import { meantWord } from './word-names.ts';

function refusal(given: Record<string, unknown>): ImageError {
  try {
    readRequest(given);
  } catch (error) {
    if (ImageError.isInstance(error)) return error;
    throw error;
  }
  throw new Error(`${JSON.stringify(given)} was not refused`);
}

/** What is read, without what is told of it. */
function read(given: Record<string, unknown>) {
  const { applied: _, ...words } = readRequest(given);
  return words;
}

describe('what asks for nothing is not there', () => {
  test.each([
    { prompt: '' },
    { seed: null },
    { seed: 'none', n: 'null', strength: 'undefined' },
    { seed: -1 },
    { seed: 'random' },
    { seed: 'off', providerOptions: 'none' },
    { images: [], mask: '' },
    { images: [null, ''], mask: 'none' },
    { route: { maxCost: null, prefer: null } },
    { route: '{}' },
    { expand: { top: null } },
    { providerOptions: {} },
    { background: 'auto', quality: 'auto', style: 'none', outputFormat: 'auto', operation: 'auto' },
    { background: 'none', quality: 'default', style: 'off', size: 'auto', aspectRatio: 'none', resolution: 'default' },
    { background: true },
    { background: 'true' },
    { background: 'Yes' },
    { background: false },
    { enhance: false },
    { maxCost: 'none' },
    { route: { maxCost: 'no limit' } },
    { enhance: 'false' },
    { enhance: 'none' },
    { enhance: 'no', translate: true },
    { expand: 'off', transparent: false },
    { model: 'default' },
    { model: ['', null] },
  ])('%j', (given) => {
    expect(readRequest(given)).toEqual({});
  });
});

test.each<[Record<string, unknown>, Record<string, unknown>]>([
  [{ n: '2' }, { n: 2 }],
  [{ strength: '50%' }, { strength: 0.5 }],
  [{ factor: '200 %' }, { factor: 2 }],
  [{ expand: '50%' }, { expand: { top: 0.5, right: 0.5, bottom: 0.5, left: 0.5 } }],
  [{ expand: { left: '20%', top: '30px' } }, { expand: { left: 0.2, top: 30 } }],
  [{ negativePrompt: ['text', 'people'] }, { negativePrompt: 'text, people' }],
  [{ images: 'last,last:2' }, { images: ['last', 'last:2'] }],
  [{ images: ['p-0a1, last'] }, { images: ['p-0a1', 'last'] }],
  [{ images: 'last,a.png' }, { images: ['last,a.png'] }],
  [{ n: [3] }, { n: 3 }],
  [{ n: '"4"' }, { n: 4 }],
  [{ seed: '7.0' }, { seed: 7 }],
  [{ strength: '.5' }, { strength: 0.5 }],
  [{ factor: '2x' }, { factor: 2 }],
  [{ factor: 'x4' }, { factor: 4 }],
  [{ outputCompression: '80%' }, { outputCompression: 80 }],
  [{ size: '512*512' }, { size: '512x512' }],
  [{ size: '512×768' }, { size: '512x768' }],
  [{ size: ' 512 x 512 ' }, { size: '512x512' }],
  [{ size: '512X512px' }, { size: '512x512' }],
  [{ size: '"1024x768"' }, { size: '1024x768' }],
  [{ size: [1024, 768] }, { size: '1024x768' }],
  [{ size: '[1024, 768]' }, { size: '1024x768' }],
  [{ size: { width: 1024, height: '768' } }, { size: '1024x768' }],
  [{ size: 1024 }, { size: '1024x1024' }],
  [{ width: '1024', height: 768 }, { size: '1024x768' }],
  [{ size: '16x9' }, { aspectRatio: '16:9' }],
  [{ size: '9 x 21' }, { aspectRatio: '9:21' }],
  [{ size: '10x10' }, { size: '10x10' }],
  [{ size: '16:9' }, { aspectRatio: '16:9' }],
  [{ size: 'widescreen' }, { aspectRatio: '16:9' }],
  [{ size: '4k' }, { resolution: '4K' }],
  [{ size: '1080p' }, { size: '1920x1080' }],
  [{ aspectRatio: '16x9' }, { aspectRatio: '16:9' }],
  [{ aspectRatio: '16/9' }, { aspectRatio: '16:9' }],
  [{ aspectRatio: '16 : 9' }, { aspectRatio: '16:9' }],
  [{ aspectRatio: '1920x1080' }, { aspectRatio: '1920:1080' }],
  [{ aspectRatio: 1.5 }, { aspectRatio: '1.5:1' }],
  [{ aspectRatio: 'square' }, { aspectRatio: '1:1' }],
  [{ resolution: '2k' }, { resolution: '2K' }],
  [{ resolution: 512 }, { resolution: '512' }],
  [{ resolution: 1024 }, { resolution: '1K' }],
  [{ resolution: '2048' }, { resolution: '2K' }],
  [{ resolution: '4096.0' }, { resolution: '4K' }],
  [{ resolution: '4096' }, { resolution: '4K' }],
  [{ resolution: 3840 }, { resolution: '4K' }],
  [{ resolution: 4 }, { resolution: '4K' }],
  [{ resolution: 1536 }, { resolution: '1.5K' }],
  [{ resolution: 'UHD' }, { resolution: '4K' }],
  [{ resolution: '4K UHD' }, { resolution: '4K' }],
  [{ size: 'Ultra HD' }, { resolution: '4K' }],
  [{ resolution: '2160p' }, { size: '3840x2160' }],
  [{ resolution: '1024x1024' }, { size: '1024x1024' }],
  [{ resolution: 'HD Pro' }, { resolution: 'HD Pro' }],
  [{ size: '1600x900', aspectRatio: '16:9' }, { size: '1600x900' }],
  [{ outputFormat: 'image/PNG' }, { outputFormat: 'png' }],
  [{ outputFormat: '.jpg' }, { outputFormat: 'jpeg' }],
  [{ transparent: 'yes' }, { background: 'transparent' }],
  [{ enhance: 'true' }, { enhance: true }],
  [{ enhance: 'noir' }, { enhance: 'noir' }],
  [{ translate: 'off' }, { translate: 'never' }],
  [{ negotiation: 'Strict' }, { negotiation: 'strict' }],
  [{ providerOptions: '{"watermark":false}' }, { providerOptions: { watermark: false } }],
  [{ expand: '0.5' }, { expand: { top: 0.5, right: 0.5, bottom: 0.5, left: 0.5 } }],
  [{ expand: { left: '200px' } }, { expand: { left: 200 } }],
  [{ expand: '{"top":0.2}' }, { expand: { top: 0.2 } }],
  [{ maxCost: '0.30 USD' }, { route: { maxCost: { amount: 0.3, currency: 'USD' } } }],
  [{ maxCost: '¥1' }, { route: { maxCost: { amount: 1, currency: 'CNY' } } }],
  [{ maxCost: '$0.30' }, { route: { maxCost: { amount: 0.3, currency: 'USD' } } }],
  [{ maxCost: { amount: '0.1', currency: 'cny' } }, { route: { maxCost: { amount: 0.1, currency: 'CNY' } } }],
  [{ route: '{"prefer":"cheapest"}' }, { route: { prefer: 'price' } }],
  [
    { prefer: 'fast', route: { maxCost: '1 EUR' } },
    { route: { prefer: 'speed', maxCost: { amount: 1, currency: 'EUR' } } },
  ],
  [{ images: 'a.png' }, { images: ['a.png'] }],
  [{ images: '["a.png", "b.png"]' }, { images: ['a.png', 'b.png'] }],
  [{ images: ['"/tmp/a b.png"'] }, { images: ['/tmp/a b.png'] }],
  [{ images: [{ path: 'a.png', width: 3 }] }, { images: ['a.png'] }],
  [{ images: { image_url: { url: 'https://x.example/a.png' } } }, { images: ['https://x.example/a.png'] }],
  [{ images: [{ data: 'AAAA', mimeType: 'image/png' }] }, { images: ['data:image/png;base64,AAAA'] }],
  [{ images: ['~/a.png'] }, { images: [join(homedir(), 'a.png')] }],
  [{ mask: ' "data: image/png ; base64, AA\nAA" ' }, { mask: 'data:image/png;base64,AAAA' }],
  [{ mask: 'image/png;base64,AAAA' }, { mask: 'data:image/png;base64,AAAA' }],
  [{ mask: ['m.png'] }, { mask: 'm.png' }],
  [{ mask: { path: 'm.png', width: 3, height: 4 } }, { mask: 'm.png' }],
  [{ mask: [0, 0, 128, 64] }, { mask: 'rect 0,0,128,64' }],
  [{ mask: '[0, 0, "50%", 64]' }, { mask: 'rect 0,0,50%,64' }],
  [{ mask: { x: 1, y: 2, width: 3, height: 4 } }, { mask: 'rect 1,2,3,4' }],
  [{ style: '水墨' }, { style: '水墨' }],
  [{ prompt: '"none"' }, { prompt: '"none"' }],
  [{ user: 42 }, { user: '42' }],
])('%j is read as %j', (given, meant) => {
  expect(read(given)).toEqual(meant);
});

test.each<[Record<string, unknown>, string]>([
  [{ n: 'two' }, 'n'],
  [{ n: 1.5 }, 'n'],
  [{ n: true }, 'n'],
  [{ size: 'huge' }, 'size'],
  [{ size: { a: 1 } }, 'size'],
  [{ size: '1024'.repeat(99) }, 'size'],
  [{ width: 1024 }, 'width'],
  [{ width: 1024, height: 768, size: '1x1' }, 'width'],
  [{ aspectRatio: 'nice' }, 'aspectRatio'],
  [{ aspectRatio: '0:9' }, 'aspectRatio'],
  [{ prompt: { a: 1 } }, 'prompt'],
  [{ images: [3] }, 'images'],
  [{ images: [['a.png', 'b.png']] }, 'images'],
  [{ mask: true }, 'mask'],
  [{ maxCost: 0.3 }, 'maxCost'],
  [{ maxCost: 'cheap' }, 'maxCost'],
  [{ prefer: 'beauty' }, 'prefer'],
  [{ route: { by: 'price' } }, 'route'],
  [{ route: 'price' }, 'route'],
  [{ expand: { up: 1 } }, 'expand'],
  [{ translate: 'always' }, 'translate'],
  [{ negotiation: 'loose' }, 'negotiation'],
  [{ providerOptions: 'watermark' }, 'providerOptions'],
  [{ model: { id: 3 } }, 'model'],
])('%j is refused for %s', (given, option) => {
  expect(refusal(given)).toMatchObject({ code: 'invalid-request', details: { option } });
});

test('what was read as something else than its word says is told', () => {
  expect(readRequest({ size: '16x9', responseFormat: 'b64_json' }).applied).toEqual([
    { option: 'size', asked: '16x9', sent: '16:9', because: 'it is a ratio, and no size in px' },
    {
      option: 'responseFormat',
      asked: 'b64_json',
      sent: null,
      because: 'pictures are files, and previews in the answer',
    },
  ]);
  expect(readRequest({ size: 512 }).applied).toMatchObject([{ option: 'size', asked: '512', sent: '512x512' }]);
  expect(readRequest({ size: '4k' }).applied).toBeUndefined();
  expect(readRequest({ resolution: 4096 }).applied).toMatchObject([{ asked: '4096', sent: '4K' }]);
  expect(readRequest({ resolution: 512 }).applied).toBeUndefined();
  expect(readRequest({ size: '512*512', n: '2', images: 'a.png' }).applied).toBeUndefined();
});

test('words under other names are found, and no word is taken for another one', () => {
  const known = ['prompt', 'negativePrompt', 'n', 'size', 'aspectRatio', 'images', 'outputFormat', 'model'];
  const meant = ['negative_prompt', 'num_images', 'aspect-ratio', 'reference_images', 'Image', 'format', 'model_id'];
  expect(meant.map((name) => meantWord(name, known))).toEqual([
    'negativePrompt',
    'n',
    'aspectRatio',
    'images',
    'images',
    'outputFormat',
    'model',
  ]);
  for (const name of ['steps', 'guidance_scale', '__proto__', 'constructor', 'x'.repeat(1e6)]) {
    expect(meantWord(name, known)).toBeUndefined();
  }
});

test('whatever comes, it is read or refused in few words, and quickly', () => {
  const words = [
    'prompt',
    'n',
    'size',
    'aspectRatio',
    'images',
    'mask',
    'route',
    'maxCost',
    'expand',
    'enhance',
    'seed',
  ].concat(['providerOptions', 'style', 'model', 'translate', 'outputFormat', 'factor', 'width', 'height', 'user']);
  const junk = fc.oneof(
    fc.jsonValue(),
    fc.string(),
    fc.constantFrom(' '.repeat(1e5), '"'.repeat(1e5), '1'.repeat(1e5), '['.repeat(1e5)),
  );
  fc.assert(
    fc.property(fc.dictionary(fc.constantFrom(...words), junk), (given) => {
      try {
        readRequest(given);
      } catch (error) {
        if (!ImageError.isInstance(error)) throw error;
        expect(JSON.stringify(error).length).toBeLessThan(600);
      }
    }),
  );
});
