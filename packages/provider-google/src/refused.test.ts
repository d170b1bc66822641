// The sentences of docs/providers/google.md that say what is refused. Where the page only names what there is, that the rest is
// refused is the strict reading. One sentence is left out: 0.6, that v1 refuses `responseModalities`; Google's client of November 2026
// sends them there by default.

import type { ClientRequest } from '@anyimage/core';
import { drawPlain, drawTestCard } from '@anyimage/testkit';
import { type Refused, refuses } from '@anyimage/testkit/conformance';
import { emulator } from './emulator.ts';
import { google } from './provider.ts';

type Fields = Readonly<Record<string, unknown>>;

const usual = 'gemini-nano-banana-2.1';
const [pro, lite, two] = ['gemini-3-pro-image', 'gemini-3.1-flash-lite-image', 'gemini-3.1-flash-image'];

/** A request to a model. `ask`: the same in a caller's words. */
function asked(says: string, json: unknown, message: string, ask?: ClientRequest, model = usual): Refused {
  return {
    ...{ says, to: `v1beta/models/${model}:generateContent`, json, status: 400 },
    holds: { error: { status: 'INVALID_ARGUMENT', message } },
    ...(ask && { ask: { model: `google/${model}`, prompt: 'A red kite', ...ask } }),
  };
}
const saying = (more: Fields = {}, parts: readonly unknown[] = []) => ({
  contents: [{ role: 'user', parts: [{ text: 'A red kite' }, ...parts] }],
  ...more,
});
/** `generationConfig` of a request. */
const config = (says: string, generationConfig: Fields, message: string, ask?: ClientRequest, model?: string) =>
  asked(says, saying({ generationConfig }), message, ask, model);
/** Its `imageConfig`. */
const image = (says: string, imageConfig: Fields, message: string, ask?: ClientRequest, model?: string) =>
  config(says, { imageConfig }, message, ask, model);
/** Its pictures. */
const given = (says: string, parts: readonly unknown[], message: string, ask?: ClientRequest, model?: string) =>
  asked(says, saying({}, parts), message, ask, model);

const plain = { prompt: 'a boat', width: 64, height: 48 };
const boat = drawTestCard(plain);
const gif = drawPlain('gif', plain)!;
const jpeg = drawPlain('jpeg', plain)!;
const garbage = Buffer.from('no picture at all, though it says so');
const inline = (bytes: Uint8Array, mimeType = 'image/png') => ({
  inlineData: { mimeType, data: Buffer.from(bytes).toString('base64') },
});
const noName = 'Cannot find field';

refuses({ provider: google, emulator }, [
  // 1, 6: keys and models
  {
    ...asked('0.5: a wrong key is 400 API_KEY_INVALID', saying(), 'API key not valid'),
    headers: { 'x-goog-api-key': 'no' },
    holds: { error: { code: 400, details: [{ reason: 'API_KEY_INVALID' }] } },
  },
  {
    ...asked('6: no key is 403', saying(), 'unregistered callers'),
    ...{ status: 403, headers: { 'x-goog-api-key': '' }, holds: { error: { status: 'PERMISSION_DENIED' } } },
  },
  {
    ...asked('1: Vertex takes a token, no key', saying(), ''),
    to: `v1/projects/p/locations/global/publishers/google/models/${usual}:generateContent`,
    ...{ status: 401, headers: { authorization: '', 'x-goog-api-key': 'test-key' } },
    holds: { error: { status: 'UNAUTHENTICATED' } },
  },
  ...[
    ...['imagen-4.0-generate-001', 'imagen-4.0-ultra-generate-001', 'imagen-4.0-fast-generate-001'],
    ...['imagen-4.0-generate-preview-06-06', 'gemini-2.0-flash-preview-image-generation', 'gemini-2.0-flash'],
    ...['gemini-3-pro-image-preview', 'gemini-3.1-flash-image-preview'],
  ].map((model): Refused => {
    const refused = asked(`0.1, 0.2, 2: ${model} is gone`, saying(), '', undefined, model);
    return { ...refused, status: 404, holds: { error: { status: 'NOT_FOUND' } } };
  }),
  {
    ...asked('0.1: Imagen is gone from predict', { instances: [{ prompt: 'x' }] }, ''),
    ...{ to: 'v1beta/models/imagen-4.0-generate-001:predict', status: 404, holds: { error: { status: 'NOT_FOUND' } } },
  },

  // 0.7: there is no such field
  config('0.7: there is no n', { n: 2 }, noName),
  config('3.1: one candidate', { candidateCount: 2 }, 'Multiple candidates'),
  config('0.7: there is no negative prompt', { negativePrompt: 'fog' }, noName, { negativePrompt: 'fog' }),
  given('0.7: there is no mask', [{ ...inline(boat), mask: true }], noName, { images: [boat], mask: boat }),
  image('0.7: there are no pixel sizes', { size: '1024x1024' }, noName, { size: '1000x1000' }),
  image('3.1: there is no width', { width: 1024, height: 1024 }, noName),
  ...(
    [
      ['personGeneration', 'ALLOW_ADULT', {}],
      ['outputMimeType', 'image/jpeg', { outputFormat: 'jpeg' }],
      ['outputCompressionQuality', 80, { outputCompression: 80 }],
      ['imageOutputOptions', { mimeType: 'image/jpeg' }, {}],
      ['prominentPeople', 'BLOCK', {}],
    ] as const
  ).map(([name, value, ask]) =>
    image(`3.1: ${name} is Vertex's alone`, { [name]: value }, noName, Object.keys(ask).length ? ask : undefined),
  ),
  asked('2: there is no transparent background', saying({ background: 'transparent' }), noName, {
    background: 'transparent',
  }),
  asked('3.1: there is no user', saying({ user: 'u-1' }), noName, { user: 'u-1' }),
  asked('3.1: there is no quality', saying({ quality: 'high' }), noName, { quality: 'high' }),

  // 2: ratios and resolutions
  ...[usual, pro, lite, two].flatMap((model) => [
    image(`2c: 5:2 is no ratio of ${model}`, { aspectRatio: '5:2' }, 'Aspect ratio', { aspectRatio: '5:2' }, model),
    image(
      `2c: 9:21 is Vertex's alone (${model})`,
      { aspectRatio: '9:21' },
      'Aspect ratio',
      { aspectRatio: '9:21' },
      model,
    ),
    image(`0.7: the K is upper case (${model})`, { imageSize: '1k' }, 'Image size', undefined, model),
    image(`2: 8K is no size of ${model}`, { imageSize: '8K' }, 'Image size', { resolution: '8K' }, model),
  ]),
  ...['1:4', '4:1', '1:8', '8:1'].map((aspectRatio) =>
    image(
      `2c: ${aspectRatio} is none of the ten of ${pro}`,
      { aspectRatio },
      'Aspect ratio',
      { aspectRatio: aspectRatio as '1:4' },
      pro,
    ),
  ),
  image('2d: 512 is measured as refused on 2.1', { imageSize: '512' }, 'Image size', { resolution: '512' }),
  image(`2: ${pro} has no 512`, { imageSize: '512' }, 'Image size', { resolution: '512' }, pro),
  ...['512', '2K', '4K'].map((imageSize) =>
    image(`2: ${lite} has 1K alone, not ${imageSize}`, { imageSize }, 'Image size', { resolution: imageSize }, lite),
  ),

  // Sources disagree on whether this one still answers; here it does not.
  ...(
    [
      ['imageSize must be absent', { imageConfig: { imageSize: '1K' } }, { resolution: '2K' }],
      ['takes at most 3 pictures', {}, { images: Array(4).fill(boat) }],
      ['has ten ratios', { imageConfig: { aspectRatio: '1:4' } }, { aspectRatio: '1:4' }],
      ['does not think', { thinkingConfig: { thinkingLevel: 'high' } }, { providerOptions: { thinkingLevel: 'high' } }],
      ['does not search', {}, { providerOptions: { grounding: 'web' } }],
    ] as const
  ).map(([says, generationConfig, ask]): Refused => {
    const model = 'gemini-2.5-flash-image';
    const refused = config(`2: ${model} ${says}`, generationConfig, '', ask as ClientRequest, model);
    return { ...refused, status: 404, holds: { error: { status: 'NOT_FOUND' } } };
  }),

  // 2, 3.1: thinking, search, safety, seed
  config(
    '2: thinkingLevel of 2.1 is minimal, medium or high',
    { thinkingConfig: { thinkingLevel: 'low' } },
    'Thinking level',
    {
      providerOptions: { thinkingLevel: 'low' },
    },
  ),
  config(
    `2: ${pro} thinks always and has no control`,
    { thinkingConfig: { thinkingLevel: 'high' } },
    'Thinking level',
    {
      providerOptions: { thinkingLevel: 'high' },
    },
    pro,
  ),
  ...[lite, two].map((model) =>
    config(
      `2: ${model} thinks minimal or high`,
      { thinkingConfig: { thinkingLevel: 'medium' } },
      'Thinking level',
      {
        providerOptions: { thinkingLevel: 'medium' },
      },
      model,
    ),
  ),
  config('3.1: an unknown level is refused', { thinkingConfig: { thinkingLevel: 'huge' } }, 'Invalid value'),
  asked(
    `2: ${lite} does not search`,
    saying({ tools: [{ googleSearch: {} }] }),
    'Search as tool',
    {
      providerOptions: { grounding: 'web' },
    },
    lite,
  ),
  asked(
    `2: ${lite} does not search, however it is asked`,
    saying({ tools: [{ googleSearch: { searchTypes: {} } }] }),
    'Search as tool',
    undefined,
    lite,
  ),
  asked(
    `2: ${pro} searches the web, no pictures`,
    saying({ tools: [{ googleSearch: { searchTypes: { imageSearch: {} } } }] }),
    'Search as tool',
    {
      providerOptions: { grounding: 'web+image' },
    },
    pro,
  ),
  asked(
    '3.2: a threshold is one of five',
    saying({ safetySettings: [{ category: 'HARM_CATEGORY_HARASSMENT', threshold: 'NONE' }] }),
    'Invalid value',
    {
      providerOptions: { safety: 'NONE' },
    },
  ),
  asked(
    '3.2: a category is one of four',
    saying({ safetySettings: [{ category: 'HARM_CATEGORY_OTHER', threshold: 'OFF' }] }),
    'Invalid value',
  ),
  config('3.1: a seed is 32 bits long', { seed: 2 ** 31 }, 'TYPE_INT32', { seed: 2 ** 31 }),
  config('3.1: a model of pictures makes pictures', { responseModalities: ['TEXT'] }, 'response modalities'),
  config('3.1: a modality is text or image', { responseModalities: ['AUDIO'] }, 'Invalid value'),

  // 3.1: input pictures
  ...[usual, pro, lite, two].map((model) =>
    given(
      `2: ${model} takes at most 14 pictures`,
      Array(15).fill(inline(boat)),
      'Too many input images',
      { images: Array(15).fill(boat) },
      model,
    ),
  ),
  given('3.1: GIF is unverified', [inline(gif, 'image/gif')], 'Unsupported MIME type', { images: [gif] }),
  given('3.1: a picture is a picture', [inline(garbage)], 'Unable to process input image', { images: [garbage] }),
  given('3.1: a picture is whole', [inline(boat.subarray(0, -1))], 'Unable to process input image', {
    images: [boat.subarray(0, -1)],
  }),
  given('3.1: a type is that of the picture', [inline(jpeg, 'image/png')], 'Unable to process input image'),
  given('3.1: a picture has bytes', [inline(new Uint8Array())], 'Base64 decoding failed', {
    images: [new Uint8Array()],
  }),
  given('3.1: bytes are base64', [{ inlineData: { mimeType: 'image/png', data: '***' } }], 'Base64 decoding failed'),
  given(
    '3.1: a file is at an https address',
    [{ fileData: { fileUri: 'http://example.com/a.png' } }],
    'Unsupported file URI',
  ),
  given(
    '3.1: GIF is unverified at an address, too',
    [{ fileData: { mimeType: 'image/gif', fileUri: 'https://example.com/a.gif' } }],
    'Unsupported MIME type',
  ),
  given('3.1: a part is text or a picture', [{ ...inline(boat), text: 'x' }], 'exactly one of text'),
  given(
    '3.1: a request has at most 100 MB',
    Array(2).fill({ inlineData: { mimeType: 'image/png', data: 'A'.repeat(52_000_000) } }),
    'payload size exceeds',
  ),
  asked('3.1: there are contents', {}, 'contents is not specified', { prompt: '' }),
  asked('3.1: contents have parts', { contents: [{ role: 'user', parts: [] }] }, 'must not be empty'),

  // 5: Imagen at a gateway
  ...(
    [
      ['sampleCount is at most 4', { sampleCount: 5 }],
      ['2K is not of fast', { sampleImageSize: '2K' }],
      ['a ratio is one of five', { aspectRatio: '2:3' }],
      ['4K is no size', { sampleImageSize: '4K' }],
      ['a prompt has at most 480 tokens', { prompt: 'boat '.repeat(481) }],
      ...['negativePrompt', 'seed', 'addWatermark', 'enhancePrompt', 'storageUri', 'labels'].map(
        (name) => [`${name} is Vertex's alone`, { [name]: 1 }] as const,
      ),
    ] as const
  ).map(([says, parameters]): Refused => {
    const { prompt = 'x', ...others } = parameters as Fields;
    const json = { instances: [{ prompt }], parameters: others };
    return { ...asked(`5: ${says}`, json, ''), to: 'gateway/v1beta/models/imagen-4.0-fast-generate-001:predict' };
  }),

  // 7: the text model draws nothing
  config(
    '7: a text model makes no pictures',
    { responseModalities: ['IMAGE'] },
    'Image generation',
    undefined,
    'gemini-3.5-flash-lite',
  ),
  image(
    '7: a text model has no imageConfig',
    { aspectRatio: '1:1' },
    'Image generation',
    undefined,
    'gemini-3.5-flash-lite',
  ),
]);
