// The sentences of docs/providers/seedream.md that say what is refused. That a field which the page does not name is refused is the
// strict reading.

import type { ClientRequest, Ratio, Size } from '@anyimage/core';
import { drawPlain, drawTestCard } from '@anyimage/testkit';
import { type Refused, refuses } from '@anyimage/testkit/conformance';
import { emulator } from './emulator.ts';
import { seedream } from './provider.ts';

const [lite, pro, fourFive, four, fiveFive, flash] = [
  ...(['doubao-seedream-5-0-260128', 'doubao-seedream-5-0-pro-260628', 'doubao-seedream-4-5-251128'] as const),
  ...(['doubao-seedream-4-0-250828', 'seedream-5-5-261028', 'seedream-5-0-flash-260915'] as const),
] as const;

/** A request that is refused. `ask`: the same in a caller's words. */
function asked(
  says: string,
  { model = lite, ...fields }: Readonly<Record<string, unknown>>,
  ask?: ClientRequest,
  more: Partial<Refused> = {},
): Refused {
  return {
    ...{ says, to: 'images/generations', status: 400, holds: { error: { code: 'InvalidParameter' } } },
    json: { model, prompt: 'A red kite', ...fields },
    ...(ask && { ask: { model: `seedream/${String(model)}`, prompt: 'A red kite', ...ask } }),
    ...more,
  };
}
const failing = (status: number, code: string): Partial<Refused> => ({ status, holds: { error: { code } } });

const dataURL = (bytes: Uint8Array, type = 'image/png') =>
  `data:${type};base64,${Buffer.from(bytes).toString('base64')}`;
const card = (width: number, height: number) => drawTestCard({ prompt: 'a boat', width, height });
const plain = { prompt: 'a boat', width: 64, height: 64 };
const boat = card(64, 64);
const [jpeg, webp] = [drawPlain('jpeg', plain)!, drawPlain('webp', plain)!];
const garbage = Buffer.from('no picture at all, though it says so');
const heavy = Buffer.concat([boat, Buffer.alloc(10_000_001 - boat.length)]);
const url = 'https://example.com/a.png';

refuses({ provider: seedream, emulator }, [
  // 1: keys and models
  asked('5: no key is 401', {}, undefined, { ...failing(401, 'AuthenticationError'), headers: { authorization: '' } }),
  asked('5: a wrong key is 401', {}, undefined, {
    ...failing(401, 'AuthenticationError'),
    headers: { authorization: 'Bearer no' },
  }),
  asked(
    '5: an unknown model is 404',
    { model: 'doubao-seedream-9' },
    undefined,
    failing(404, 'InvalidEndpoint.NotFound'),
  ),
  asked('3: model is required', { model: '' }, undefined, failing(400, 'MissingParameter')),
  asked('3: prompt is required', { prompt: '' }, { prompt: '' }, failing(400, 'MissingParameter')),
  asked('3: prompt is a text', { prompt: 7 }),

  // 0.1, 0.4, 3: there is no such field
  ...(
    [
      // A larger n is asked for picture by picture.
      ['n', 2, undefined],
      ['negative_prompt', 'fog', { negativePrompt: 'fog' }],
      ['mask', url, { images: [boat], mask: boat }],
      ['seed', 7, { seed: 7 }],
      ['guidance_scale', 2.5, { providerOptions: { guidance_scale: 2.5 } }],
      ['quality', 'hd', { quality: 'hd' }],
      ['style', 'ink', { style: 'ink' }],
      ['strength', 0.5, { images: [boat], strength: 0.5 }],
      ['aspect_ratio', '16:9', undefined],
      ['user', 'u-1', { user: 'u-1' }],
    ] as const
  ).map(([name, value, ask]) => asked(`3: there is no ${name}`, { [name]: value }, ask as ClientRequest | undefined)),

  // 2: sizes
  ...(
    [
      [fourFive, '1024x1024', '4.5 refuses 1024x1024'],
      [lite, '1024x1024', '5.0 Lite refuses 1024x1024'],
      [lite, '1920x1904', '5.0 Lite makes at least 3,686,400 px'],
      [four, '960x944', '4.0 makes at least 921,600 px'],
      [four, '4112x4096', '4.0 makes at most 16,777,216 px'],
      [fourFive, '4112x4096', '4.5 makes at most 16,777,216 px'],
      [pro, '944x960', 'Pro makes at least 921,600 px'],
      [pro, '2160x2160', 'Pro makes at most 4,624,220 px'],
      [four, '8208x512', '4.0 makes at most 16:1'],
      [fourFive, '496x8192', '4.5 makes at most 1:16'],
    ] as const
  ).map(([model, size, says]) => asked(`2: ${says}`, { model, size }, { size })),
  asked('3: 1K has too few pixels for 4.5', { model: fourFive, size: '1K' }, { resolution: '1K' }),
  asked('3: 4K has too many pixels for Pro', { model: pro, size: '4K' }, { resolution: '4K' }),
  asked('3: 8K is no size', { size: '8K' }, { resolution: '8K' }),
  asked('3: a size is WxH', { size: '2048*2048' }),
  asked('3: a ratio is no size', { size: '16:9' }, { aspectRatio: '40:1' as Ratio }),
  asked('3: a size is a text', { size: 2048 }, { size: '2048' as Size }),

  // 3: options
  asked('3: response_format is url or b64_json', { response_format: 'base64' }),
  asked('3: watermark is a boolean', { watermark: 'no' }, { providerOptions: { watermark: 'no' } }),
  ...[four, fourFive].map((model) =>
    asked(`3: output_format is not of ${model}`, { model, output_format: 'png' }, { outputFormat: 'png' }),
  ),
  ...[lite, pro].map((model) =>
    asked(`3: output_format of ${model} is jpeg or png`, { model, output_format: 'webp' }, { outputFormat: 'webp' }),
  ),
  asked(
    '2: 4.5 has the standard mode alone',
    { model: fourFive, optimize_prompt_options: { mode: 'fast' } },
    {
      providerOptions: { optimizePrompt: 'fast' },
    },
  ),
  asked(
    '2: 4.0 has the modes standard and fast',
    { model: four, optimize_prompt_options: { mode: 'slow' } },
    {
      providerOptions: { optimizePrompt: 'slow' },
    },
  ),
  asked(
    '2: Pro has no mode',
    { model: pro, optimize_prompt_options: { mode: 'standard' } },
    {
      providerOptions: { optimizePrompt: 'standard' },
    },
  ),
  ...(
    [
      ['size', { size: ['2048x2048'] }],
      ['response_format', { response_format: ['url'] }],
      ['output_format', { output_format: ['png'] }],
      ['sequential_image_generation', { sequential_image_generation: ['auto'] }],
      ['mode', { model: four, optimize_prompt_options: { mode: ['fast'] } }],
    ] as const
  ).map(([name, fields]) => asked(`3: ${name} is a word, no list`, fields)),
  ...(
    [
      [
        'sequential_image_generation_options',
        { sequential_image_generation: 'auto', sequential_image_generation_options: { max_images: 3, size: '2K' } },
      ],
      ['optimize_prompt_options', { model: four, optimize_prompt_options: { mode: 'fast', size: '2K' } }],
    ] as const
  ).map(([name, fields]) => asked(`3: ${name} has one field`, fields)),
  asked('3: the mode is in an object', { model: four, optimize_prompt_options: 'fast' }),

  // 3, corrections: groups and streams
  ...['disabled', 'auto'].map((group) =>
    asked(
      `corrections: Pro refuses sequential_image_generation, also ${group}`,
      { model: pro, sequential_image_generation: group },
      {
        providerOptions: { sequential_image_generation: group },
      },
    ),
  ),
  ...[true, false].map((stream) =>
    asked(`corrections: Pro refuses stream, also ${stream}`, { model: pro, stream }, { providerOptions: { stream } }),
  ),
  // 3: transparent backgrounds and layers
  ...[lite, fourFive, four].flatMap((model) => [
    asked(`3: ${model} has no background`, { model, background: 'opaque' }, { background: 'opaque' }),
    asked(
      `3: ${model} takes nothing apart`,
      { model, image: [url], layer_decomposition: true },
      { images: [url], providerOptions: { layerDecomposition: true } },
    ),
  ]),
  ...[fiveFive, flash].flatMap((model) => [
    asked(`3: background of ${model} is auto, transparent or opaque`, { model, background: 'white' }),
    asked(`3: ${model} has no groups`, { model, sequential_image_generation: 'disabled' }),
    asked(`3: a transparent background of ${model} needs png`, {
      ...{ model, background: 'transparent', output_format: 'jpeg' },
    }),
    asked(`3: ${model} takes one picture apart`, { model, image: [url, url], layer_decomposition: true }),
    asked(`3: ${model} takes a picture apart, not a prompt`, { model, layer_decomposition: true }),
    asked(`3: layers of ${model} have no background`, {
      ...{ model, image: [url], background: 'auto', layer_decomposition: true },
    }),
    asked(`3: layer_decomposition of ${model} is a boolean`, { model, image: [url], layer_decomposition: 'yes' }),
  ]),
  asked('3: sequential_image_generation is disabled or auto', { sequential_image_generation: 'on' }),
  ...[0, 16, 1.5, '3', null].map((max_images) =>
    asked(`3: max_images is 1 to 15, not ${JSON.stringify(max_images)}`, {
      ...{ sequential_image_generation: 'auto', sequential_image_generation_options: { max_images } },
    }),
  ),
  asked('3: references and pictures are at most 15', {
    ...{ image: Array(6).fill(url), sequential_image_generation: 'auto' },
    sequential_image_generation_options: { max_images: 10 },
  }),

  // 3: references
  ...[lite, fourFive, four].map((model) =>
    asked(
      `3: ${model} takes at most 14 references`,
      { model, image: Array(15).fill(url) },
      { images: Array(15).fill(url) },
    ),
  ),
  asked(
    '3: Pro takes at most 10 references',
    { model: pro, image: Array(11).fill(url) },
    { images: Array(11).fill(url) },
  ),
  asked('3: an empty list is no reference', { image: [] }, { operation: 'edit' }),
  ...['a.png', 'https://', 'https:///a.png', 'ftp://example.com/a.png', { url }, [[url]], 7].map((image) =>
    asked(`3: a reference is a URL or a data URI, not ${JSON.stringify(image)}`, { image }),
  ),
  asked('3: the type of a data URI is in lower case', { image: dataURL(boat, 'image/PNG') }),
  asked('3: a reference is a picture', { image: dataURL(garbage) }, { images: [garbage] }),
  asked('3: a reference is whole', { image: dataURL(boat.subarray(0, -1)) }, { images: [boat.subarray(0, -1)] }),
  asked('3: a data URI says the real type', { image: dataURL(jpeg) }),
  asked('3: Pro takes JPEG and PNG', { model: pro, image: dataURL(webp, 'image/webp') }, { images: [webp] }),
  asked(
    '3: an SVG is no reference',
    { image: dataURL(Buffer.from('<svg/>'), 'image/svg') },
    { images: [Buffer.from('<svg/>')] },
  ),
  asked('3: a reference has at most 10 MB', { image: dataURL(heavy) }, { images: [heavy] }),
  ...(
    [
      ['sides above 14 px', 14, 64],
      ['at most 16:1', 1025, 64],
      ['at most 1:16', 64, 1025],
      ['at most 36,000,000 px', 6001, 6000],
    ] as const
  ).map(([says, width, height]) =>
    asked(`3: a reference has ${says}`, { image: dataURL(card(width, height)) }, { images: [card(width, height)] }),
  ),
  asked(
    '3: every reference counts',
    { image: [url, dataURL(boat), dataURL(garbage)] },
    { images: [url, boat, garbage] },
  ),

  // 5: content
  asked(
    '5: content is SensitiveContentDetected',
    { prompt: '[unsafe]' },
    undefined,
    failing(400, 'InputTextSensitiveContentDetected'),
  ),
]);
