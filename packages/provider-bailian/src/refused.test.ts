// The sentences of docs/providers/bailian.md that say what is refused. Which code tells of which fault of a picture is unverified;
// so is that a parameter which a page does not name is refused.

import type { ClientRequest, Ratio, Size } from '@anyimage/core';
import { drawPlain, drawTestCard, encodePng, testCodec } from '@anyimage/testkit';
import { type Refused, refuses } from '@anyimage/testkit/conformance';
import { emulator } from './emulator.ts';
import { bailian } from './provider.ts';

type Fields = Readonly<Record<string, unknown>>;

const aigc = 'services/aigc';
const paths = {
  text: `${aigc}/text2image/image-synthesis`,
  image: `${aigc}/image2image/image-synthesis`,
  sync: `${aigc}/multimodal-generation/generation`,
  async: `${aigc}/image-generation/generation`,
} as const;
type Place = keyof typeof paths;

/** A body that the service refuses with `code`; `ask`: the same in a caller's words. */
function posted(
  says: string,
  place: Place,
  json: unknown,
  code: string,
  ask?: ClientRequest,
  more: Partial<Refused> = {},
): Refused {
  const headers = place === 'sync' ? undefined : { 'x-dashscope-async': 'enable' };
  return {
    ...{ says, to: paths[place], json, status: 400, holds: { code } },
    ...(headers && { headers }),
    ...(ask && { ask: { model: `bailian/${(json as { model: string }).model}`, prompt: 'a kite', ...ask } }),
    ...more,
  };
}

/** Pictures from text by E1. */
const byText = (
  says: string,
  parameters: Fields,
  code: string,
  ask?: ClientRequest,
  model = 'wan2.2-t2i-flash',
  input: Fields = {},
) => posted(says, 'text', { model, input: { prompt: 'a kite', ...input }, parameters }, code, ask);
/** By messages, in one call. */
const bySync = (
  says: string,
  model: string,
  parameters: Fields,
  code: string,
  ask?: ClientRequest,
  images: readonly string[] = [],
) => {
  const content = [...images.map((image) => ({ image })), { text: 'a kite' }];
  return posted(says, 'sync', { model, input: { messages: [{ role: 'user', content }] }, parameters }, code, ask);
};
/** Edits by E2 in the shape of wan2.5. */
const byImages = (
  says: string,
  images: readonly unknown[],
  code: string,
  ask?: ClientRequest,
  parameters: Fields = {},
) => posted(says, 'image', { model: 'wan2.5-i2i-preview', input: { prompt: 'a kite', images }, parameters }, code, ask);
/** A function of wanx2.1-imageedit. */
const byFunction = (
  says: string,
  name: string,
  parameters: Fields,
  code: string,
  ask?: ClientRequest,
  input: Fields = {},
) => {
  const given = { function: name, prompt: 'a kite', base_image_url: url, ...input };
  return posted(says, 'image', { model: 'wanx2.1-imageedit', input: given, parameters }, code, ask);
};

const url = 'https://example.com/a.png';
const dataURL = (bytes: Uint8Array, type = 'image/png') =>
  `data:${type};base64,${Buffer.from(bytes).toString('base64')}`;
const card = (width: number, height: number) => drawTestCard({ prompt: 'a boat', width, height });
const boat = card(512, 512);
const clear = encodePng({
  width: 512,
  height: 512,
  palette: [[0, 0, 0]],
  opacity: [128],
  row: () => new Uint8Array(512),
});
const gif = drawPlain('gif', { prompt: 'a boat', width: 512, height: 512 })!;
const jpeg = drawPlain('jpeg', { prompt: 'a boat', width: 512, height: 512 })!;
const garbage = Buffer.from('no picture at all, though it says so');
const padded = (bytes: Uint8Array, length: number) => Buffer.concat([bytes, Buffer.alloc(length - bytes.length)]);
const colours = (...ratios: readonly string[]) => ratios.map((ratio) => ({ hex: '#ff0000', ratio }));
const long = (count: number) => '纸'.repeat(count);

const [invalid, badURL, badFormat, badSize, tooLong] = [
  ...(['InvalidParameter', 'InvalidURL', 'InvalidImageFormat', 'InvalidImageResolution'] as const),
  'InvalidInputLength',
] as const;

/** Sizes that a rule of section 3 refuses: the model, the place, what is wrong, the size. */
const sizes: readonly (readonly [model: string, place: Place, says: string, size: Size])[] = [
  ['wan2.2-t2i-flash', 'text', 'A: a side is at least 512', '496x1024'],
  ['wan2.2-t2i-plus', 'text', 'A: a side is at most 1440', '1456x1024'],
  ['wanx2.1-t2i-turbo', 'text', 'A: a side is at most 1440', '1024x1456'],
  ['wan2.5-t2i-preview', 'text', 'B: at least 1280*1280 px', '1024x1024'],
  ['wan2.5-t2i-preview', 'text', 'B: at most 1440*1440 px', '1456x1440'],
  ['wan2.5-t2i-preview', 'text', 'B: at most 4:1', '2880x640'],
  ['wan2.6-t2i', 'sync', 'B: at most 1440*1440 px', '1600x1600'],
  ['wan2.6-t2i', 'sync', 'B: at most 1:4', '640x2880'],
  ['qwen-image', 'sync', 'Q: five sizes and no other', '1024x1024'],
  ['qwen-image-plus', 'sync', 'Q: five sizes and no other', '1664x944'],
  ['qwen-image-max', 'sync', 'Q: five sizes and no other', '1280x720'],
  ['qwen-image-plus-2026-01-09', 'sync', 'Q: a dated id has them, too', '1024x1024'],
  ['qwen-image-2.0', 'sync', 'R: at least 512*512 px', '496x512'],
  ['qwen-image-3.0-pro', 'sync', 'R: at most 2048*2048 px', '2064x2048'],
  ['z-image-turbo', 'sync', 'at most 2048² px', '2064x2048'],
  ['wan2.7-image', 'sync', 'D: at most 2K', '2064x2048'],
];

refuses({ provider: bailian, emulator, codec: testCodec() }, [
  // 1: keys, hosts, headers, places
  { ...byText('1: a wrong key is 401', {}, 'InvalidApiKey'), status: 401, headers: { authorization: 'Bearer no' } },
  { ...byText('1: no key is 401', {}, 'InvalidApiKey'), status: 401, headers: { authorization: '' } },
  ...(['text', 'image', 'async'] as const).map((place) => {
    const json = { model: 'wan2.6-t2i', input: { prompt: 'x' } };
    const refused = posted(`0.7: ${place} without the header is 403`, place, json, 'AccessDenied');
    return { ...refused, status: 403, headers: {} };
  }),
  {
    ...bySync('5: no async header on E3', 'qwen-image', {}, 'AccessDenied'),
    ...{ status: 403, headers: { 'x-dashscope-async': 'enable' } },
  },
  ...(
    [
      ['wan2.2-t2i-flash is asked by E1 alone', 'sync', 'wan2.2-t2i-flash'],
      ['qwen-image-max is asked by E3 alone', 'text', 'qwen-image-max'],
      ['qwen-image-2.0 is asked by E3 alone', 'async', 'qwen-image-2.0'],
      ['wan2.6-t2i is asked by E3 and E4', 'text', 'wan2.6-t2i'],
      ['wan2.5-i2i-preview is asked by E2', 'text', 'wan2.5-i2i-preview'],
    ] as const
  ).map(([says, place, model]) => posted(`1: ${says}`, place, { model, input: { prompt: 'x' } }, invalid)),
  { ...byText('7: an unknown model is 404', {}, 'ModelNotFound', undefined, 'wan9-t2i'), status: 404 },
  { ...byText('7: an unknown address is 404', {}, 'NotFound'), to: 'services/aigc/none', status: 404 },

  // 2.1: prompt, n, seed and the fields that are not there
  byText('2.1: prompt is required', {}, invalid, { prompt: '' }, 'wan2.2-t2i-flash', { prompt: '' }),
  byText(
    '2.1: a prompt of wan2.5 has at most 2000 characters',
    {},
    tooLong,
    { prompt: long(2001) },
    'wan2.5-t2i-preview',
    {
      prompt: long(2001),
    },
  ),
  byText('2.1: a prompt of qwen-image has at most 800', {}, tooLong, { prompt: long(801) }, 'qwen-image', {
    prompt: long(801),
  }),
  byText('2.1: a negative prompt has at most 500', {}, tooLong, { negativePrompt: long(501) }, 'wan2.2-t2i-flash', {
    negative_prompt: long(501),
  }),
  byText('2.1: of E1 the negative prompt is in input', { negative_prompt: 'fog' }, invalid),
  bySync('2.1: z-image takes no negative prompt', 'z-image-turbo', { negative_prompt: 'fog' }, invalid, {
    negativePrompt: 'fog',
  }),
  byText('2.1: n of wan is at most 4', { n: 5 }, invalid),
  byText('2.1: n is at least 1', { n: 0 }, invalid, { n: 0 }),
  ...['qwen-image', 'qwen-image-plus', 'qwen-image-max', 'z-image-turbo'].map((model) =>
    // A larger n is split into calls.
    bySync(`2.1: ${model} makes one picture`, model, { n: 2 }, invalid),
  ),
  bySync('2.1: qwen-image-2.0 makes at most 6', 'qwen-image-2.0', { n: 7 }, invalid),
  bySync('2.1: a series of wan2.7 has at most 12', 'wan2.7-image', { n: 13, enable_sequential: true }, invalid, {
    n: 13,
    providerOptions: { sequential: true },
  }),
  bySync('2.1: without a series wan2.7 makes at most 4', 'wan2.7-image', { n: 5 }, invalid),
  byText('2: a seed is at most 2147483647', { seed: 2 ** 31 }, invalid, { seed: 2 ** 31 }),
  byText('2: a seed is at least 0', { seed: -1 }, invalid, { seed: -1 }),
  byText('2.1: watermark is a boolean', { watermark: 'no' }, invalid, { providerOptions: { watermark: 'no' } }),
  byText('2.1: prompt_extend is a boolean', { prompt_extend: 'no' }, invalid, {
    providerOptions: { promptExtend: 'no' },
  }),
  ...(
    [
      ['quality', 'hd', { quality: 'hd' }],
      ['style', '<anime>', { style: 'anime' }],
      ['aspect_ratio', '16:9', undefined],
      ['response_format', 'b64_json', undefined],
      ['output_format', 'webp', { outputFormat: 'webp' }],
      ['background', 'transparent', { background: 'transparent' }],
      ['user', 'u-1', { user: 'u-1' }],
      ['strength', 0.5, { strength: 0.5 }],
      ['thinking_mode', true, { providerOptions: { thinking: true } }],
    ] as const
  ).map(([name, value, ask]) => byText(`2.1: there is no ${name}`, { [name]: value }, invalid, ask)),

  // 3: sizes
  byText('0.1: the sign of a size is an asterisk', { size: '1024x1024' }, invalid),
  byText('3: a size is a text', { size: 1024 }, invalid),
  byText('3: names are for wan2.7', { size: '2K' }, invalid, { resolution: '2K' }),
  ...sizes.map(([model, place, says, size]) => {
    const wire = size.replace('x', '*');
    const title = `3 ${says} (${model} ${size})`;
    if (place === 'text') return byText(title, { size: wire }, invalid, { size }, model);
    return bySync(title, model, { size: wire }, invalid, { size });
  }),
  bySync('3 D: 4K is for pro', 'wan2.7-image', { size: '4K' }, invalid, { resolution: '4K' }),
  bySync(
    '3 D: 4K is for pictures from text',
    'wan2.7-image-pro',
    { size: '4K' },
    invalid,
    { images: [boat], resolution: '4K' },
    [url],
  ),
  bySync(
    '3 D: wide pictures of pro, too',
    'wan2.7-image-pro',
    { size: '4096*2048' },
    invalid,
    { images: [boat], size: '4096x2048' },
    [url],
  ),
  ...(['768x752', '1296x1280', '2560x512'] as const).map((size) =>
    byImages(
      `3 C: ${size} is none of wan2.5-i2i`,
      [url],
      invalid,
      { images: [boat], size },
      { size: size.replace('x', '*') },
    ),
  ),
  ...(['496x1024', '2064x1024'] as const).map((size) =>
    bySync(
      `3 E: ${size} is none of qwen-image-edit-plus`,
      'qwen-image-edit-plus',
      { size: size.replace('x', '*') },
      invalid,
      { images: [boat], size },
      [url],
    ),
  ),
  bySync(
    '2.2: the size of qwen-image-edit is not settable',
    'qwen-image-edit',
    { size: '1024*1024' },
    invalid,
    { images: [boat], size: '1024x1024' },
    [url],
  ),
  byText('3: ratios are not taken as such', { size: '16:9' }, invalid, { aspectRatio: '40:1' as Ratio }),

  // 2.2: input pictures
  byImages('2.2: wan2.5-i2i takes at least one picture', [], invalid, { operation: 'edit' }),
  byImages('2.2: wan2.5-i2i takes at most 3', Array(4).fill(url), invalid, { images: Array(4).fill(url) }),
  bySync(
    '2.2: wan2.6-image takes at most 4',
    'wan2.6-image',
    {},
    invalid,
    { images: Array(5).fill(url) },
    Array(5).fill(url),
  ),
  bySync(
    '2.2: wan2.7 takes at most 9',
    'wan2.7-image',
    {},
    invalid,
    { images: Array(10).fill(url) },
    Array(10).fill(url),
  ),
  bySync(
    '2.2: qwen-image-edit takes at most 3',
    'qwen-image-edit-plus',
    {},
    invalid,
    { images: Array(4).fill(url) },
    Array(4).fill(url),
  ),
  bySync('2.2: an edit model needs a picture', 'qwen-image-edit', {}, invalid, {}),
  bySync('2.1: qwen-image takes no pictures', 'qwen-image', {}, invalid, { images: [url] }, [url]),
  byImages('2.2: wan2.5-i2i takes no alpha', [dataURL(clear)], badFormat, { images: [clear] }),
  bySync('2.2: wan2.6-image takes no alpha', 'wan2.6-image', {}, badFormat, { images: [clear] }, [dataURL(clear)]),
  bySync('2.2: wan2.7 takes no alpha', 'wan2.7-image', {}, badFormat, { images: [clear] }, [dataURL(clear)]),
  byImages('2.2: wan2.5-i2i takes no GIF', [dataURL(gif, 'image/gif')], badFormat, { images: [gif] }),
  bySync('2.2: wan2.7 takes no GIF', 'wan2.7-image', {}, badFormat, { images: [gif] }, [dataURL(gif, 'image/gif')]),
  byImages('2.2: a picture is a picture', [dataURL(garbage)], badFormat, { images: [garbage] }),
  byImages('2.2: a picture is whole', [dataURL(boat.subarray(0, -1))], badFormat, { images: [boat.subarray(0, -1)] }),
  byImages('6: a data URI says the real type', [dataURL(jpeg)], badFormat),
  byImages('6: a picture is a URL or a data URI', ['/home/me/a.png'], badURL),
  byImages('2.2: no Chinese characters in the URL', ['https://example.com/纸船.png'], badURL),
  ...(
    [
      ['wan2.5-i2i takes sides of at least 384', 383, 512],
      ['wan2.5-i2i takes sides of at most 5000', 512, 5001],
    ] as const
  ).map(([says, width, height]) =>
    byImages(`2.2: ${says}`, [dataURL(card(width, height))], badSize, { images: [card(width, height)] }),
  ),
  ...(
    [
      ['at least 240', 239, 512],
      ['at most 8000', 1024, 8001],
      ['at most 1:8', 250, 2001],
      ['at most 8:1', 2001, 250],
    ] as const
  ).map(([says, width, height]) =>
    bySync(`2.2: wan2.7 takes sides of ${says}`, 'wan2.7-image', {}, badSize, { images: [card(width, height)] }, [
      dataURL(card(width, height)),
    ]),
  ),
  byImages('2.2: wan2.5-i2i takes at most 10 MB', [dataURL(padded(boat, 10_485_761))], invalid, {
    images: [padded(boat, 10_485_761)],
  }),
  {
    ...byImages(
      '6: files of one request have at most 16 MiB',
      Array(2).fill(dataURL(padded(boat, 9_000_000))),
      'BadRequest.TooLarge',
    ),
    status: 413,
  },
  {
    ...bySync('6: one Base64 text has at most 20 MiB', 'wan2.7-image', {}, 'BadRequest.TooLarge', undefined, [
      dataURL(padded(boat, 15_800_000)),
    ]),
    status: 413,
  },
  ...['http://', 'https:///a.png', 'file:///a.png', 'data:image/png,abc'].map((image) =>
    byImages(`6: ${image} is no URL of a picture`, [image], badURL),
  ),
  byImages('6: an oss: URL needs its header', ['oss://dashscope-instant/dir-0001/a.png'], badURL),

  // 2.2: options of edits
  bySync(
    '2.2: thinking_mode is for pictures from text',
    'wan2.7-image',
    { thinking_mode: true },
    invalid,
    {
      images: [boat],
      providerOptions: { thinking: true },
    },
    [url],
  ),
  bySync(
    '2.2: prompt_extend is not of edits of wan2.7',
    'wan2.7-image',
    { prompt_extend: true },
    invalid,
    {
      images: [boat],
      providerOptions: { promptExtend: true },
    },
    [url],
  ),
  bySync(
    '2.2: prompt_extend is not of qwen-image-edit',
    'qwen-image-edit',
    { prompt_extend: true },
    invalid,
    {
      images: [boat],
      providerOptions: { promptExtend: true },
    },
    [url],
  ),
  ...(
    [
      ['is a list', 'red'],
      ['is a list, no object', { hex: '#ff0000' }],
      ['has at least 3 colours', colours('50%', '50%')],
      ['has at most 10 colours', colours(...Array<string>(11).fill('9.09%'))],
      ['has shares of 100 % in all, not 90', colours('30%', '30%', '30%')],
      ['has shares of 100 % in all, not 120', colours('40%', '40%', '40%')],
    ] as const
  ).map(([says, color_palette]) => bySync(`2.2: color_palette ${says}`, 'wan2.7-image', { color_palette }, invalid)),

  // 5: messages
  ...(
    [
      ['exactly one message', { messages: [] }],
      ['the message is the user’s', { messages: [{ role: 'system', content: [{ text: 'x' }] }] }],
      ['exactly one text', { messages: [{ role: 'user', content: [{ text: 'x' }, { text: 'y' }] }] }],
      ['one text, not none', { messages: [{ role: 'user', content: [{ image: url }] }] }],
      ['the prompt is in a message', { prompt: 'x' }],
    ] as const
  ).map(([says, input]) => posted(`5: ${says}`, 'sync', { model: 'qwen-image-2.0', input }, invalid)),

  // 2.3: functions
  ...(
    [
      ['n is at most 4', 'description_edit', { n: 5 }, undefined],
      ['there is no size', 'description_edit', { size: '1024*1024' }, { images: [boat], size: '1024x1024' }],
      [
        'there is no negative_prompt',
        'description_edit',
        { negative_prompt: 'fog' },
        { images: [boat], negativePrompt: 'fog' },
      ],
      [
        'there is no prompt_extend',
        'description_edit',
        { prompt_extend: true },
        { images: [boat], providerOptions: { promptExtend: true } },
      ],
      ['strength is at most 1', 'description_edit', { strength: 1.5 }, { images: [boat], strength: 1.5 }],
      [
        'strength is at least 0',
        'stylization_all',
        { strength: -0.1 },
        { operation: 'stylize', images: [boat], strength: -0.1 },
      ],
      [
        'stylization_local has no strength',
        'stylization_local',
        { strength: 0.5 },
        { operation: 'stylizeLocal', images: [boat], strength: 0.5 },
      ],
      [
        'colorization has no strength',
        'colorization',
        { strength: 0.5 },
        { operation: 'colorize', images: [boat], strength: 0.5 },
      ],
      ['a scale is at most 2', 'expand', { left_scale: 2.5 }, { images: [boat], expand: { left: 1.5 } }],
      ['a scale is at least 1', 'expand', { left_scale: 0.5 }, { images: [boat], expand: { left: -0.5 } }],
      ['scales are of expand', 'description_edit', { left_scale: 1.5 }, undefined],
      ['upscale_factor is at most 4', 'super_resolution', { upscale_factor: 5 }, { images: [boat], factor: 5 }],
      ['upscale_factor is whole', 'super_resolution', { upscale_factor: 1.5 }, { images: [boat], factor: 1.5 }],
      [
        'upscale_factor is of super_resolution',
        'doodle',
        { upscale_factor: 2 },
        { operation: 'doodle', images: [boat], factor: 2 },
      ],
      [
        'is_sketch is of doodle',
        'colorization',
        { is_sketch: true },
        { operation: 'colorize', images: [boat], providerOptions: { isSketch: true } },
      ],
      [
        'is_sketch is a boolean',
        'doodle',
        { is_sketch: 'yes' },
        { operation: 'doodle', images: [boat], providerOptions: { isSketch: 'yes' } },
      ],
    ] as const
  ).map(([says, name, parameters, ask]) =>
    byFunction(`2.3: ${says} (${name})`, name, parameters, invalid, ask as ClientRequest | undefined),
  ),
  byFunction('2.3: an unknown function', 'paint_over', {}, invalid, { operation: 'paintOver', images: [boat] }),
  byFunction(
    '2.3: the key prompt is required',
    'description_edit',
    {},
    invalid,
    { images: [boat], prompt: '' },
    { prompt: undefined },
  ),
  byFunction(
    '2.3: a prompt has at most 800 characters',
    'description_edit',
    {},
    tooLong,
    { images: [boat], prompt: long(801) },
    {
      prompt: long(801),
    },
  ),
  byFunction(
    '2.3: a picture is needed',
    'description_edit',
    {},
    invalid,
    { operation: 'edit' },
    { base_image_url: undefined },
  ),
  byFunction('2.3: a masked edit needs its mask', 'description_edit_with_mask', {}, invalid, {
    operation: 'inpaint',
    images: [boat],
  }),
  byFunction(
    '2.2: only that function takes a mask',
    'colorization',
    {},
    invalid,
    { operation: 'colorize', images: [boat], mask: boat },
    {
      mask_image_url: url,
    },
  ),
  byFunction(
    '2.3: a mask has the size of its picture',
    'description_edit_with_mask',
    {},
    invalid,
    { images: [boat], mask: card(640, 512) },
    {
      base_image_url: dataURL(boat),
      mask_image_url: dataURL(card(640, 512)),
    },
  ),
  ...(
    [
      ['sides of at least 512', 511, 512],
      ['sides of at most 4096', 512, 4097],
    ] as const
  ).map(([says, width, height]) =>
    byFunction(
      `2.2: imageedit takes ${says}`,
      'description_edit',
      {},
      badSize,
      { images: [card(width, height)] },
      {
        base_image_url: dataURL(card(width, height)),
      },
    ),
  ),
  byFunction(
    '2.2: imageedit takes no GIF',
    'description_edit',
    {},
    badFormat,
    { images: [gif] },
    {
      base_image_url: dataURL(gif, 'image/gif'),
    },
  ),

  // 6: uploads; 8: chat
  {
    says: '6: a permit is for a model',
    method: 'GET',
    to: 'uploads?action=getPolicy&model=none',
    status: 404,
    holds: { code: 'ModelNotFound' },
  },
  {
    says: '6: action is getPolicy',
    method: 'GET',
    to: 'uploads?action=put&model=qwen-image',
    status: 400,
    holds: { code: invalid },
  },
  {
    says: '1: only a waiting task is cancelled',
    to: 'tasks/none/cancel',
    status: 400,
    holds: { code: 'UnsupportedOperation' },
  },
  ...(
    [
      ['thinking needs a stream', { enable_thinking: true }],
      ['temperature is below 2', { temperature: 2 }],
    ] as const
  ).map(([says, fields]): Refused => {
    const json = { model: 'qwen-flash', messages: [{ role: 'user', content: 'x' }], ...fields };
    const holds = { error: { code: 'invalid_parameter_error' } };
    return { says: `8: ${says}`, to: '/compatible-mode/v1/chat/completions', json, status: 400, holds };
  }),

  // 7: content
  {
    ...bySync('7: content is DataInspectionFailed', 'qwen-image', {}, 'DataInspectionFailed'),
    json: { model: 'qwen-image', input: { messages: [{ role: 'user', content: [{ text: '[unsafe]' }] }] } },
  },
]);
