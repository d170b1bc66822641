// The sentences of docs/providers/openai.md that say what is refused. That a field which no page names is refused as unknown is
// measured for `response_format` alone; of the others, and of several `image` files, it is the strict reading.

import type { ClientRequest, Size } from '@anyimage/core';
import { drawPlain, drawTestCard, encodePng, testCodec } from '@anyimage/testkit';
import { type Refused, refuses } from '@anyimage/testkit/conformance';
import { emulator } from './emulator.ts';
import { openai } from './provider.ts';

type Fields = Readonly<Record<string, unknown>>;

/** A day on which the models that end still answer. */
const clock = { now: () => Date.parse('2026-11-20T12:00:00Z'), sleep: async () => {} };
const [two, flare, flare26, old] = ['gpt-image-2', 'gpt-image-2.5-flare', 'gpt-image-2.6-flare', 'gpt-image-1.5'];
const url = 'https://example.com/a.png';

/** A request for a picture, refused with `code`. `ask`: the same in a caller's words. */
function picture(
  says: string,
  fields: Fields,
  code: string,
  ask?: ClientRequest,
  more: Partial<Refused> = {},
): Refused {
  const json = { model: flare, prompt: 'A red kite', ...fields };
  return {
    ...{ says, to: 'images/generations', json, status: 400, holds: { error: { code } } },
    ...(ask && { ask: { model: `openai/${String(json.model)}`, prompt: 'A red kite', ...ask } }),
    ...more,
  };
}
const value = 'invalid_value';
const unknown = 'unknown_parameter';

type Files = Readonly<Record<string, Blob | readonly Blob[]>>;

/** An edit by form. */
function edit(says: string, files: Files, fields: Fields, code: string, ask?: ClientRequest): Refused {
  const form = new FormData();
  const texts: Fields = { model: flare26, prompt: 'at night', ...fields };
  for (const [name, text] of Object.entries(texts)) form.append(name, String(text));
  for (const [name, given] of Object.entries(files))
    for (const one of [given].flat()) form.append(name, one as Blob, 'a');
  return {
    ...{ says, to: 'images/edits', form, status: 400, holds: { error: { code } } },
    ...(ask && { ask: { model: `openai/${String(texts.model)}`, prompt: 'at night', ...ask } }),
  };
}

/** An edit by JSON. */
const editJSON = (says: string, fields: Fields, code: string, ask?: ClientRequest): Refused =>
  picture(says, { images: [{ image_url: url }], ...fields }, code, ask, { to: 'images/edits' });

const file = (bytes: Uint8Array, type = 'image/png') => new Blob([Uint8Array.from(bytes)], { type });
const size = { width: 320, height: 256 };
const plain = { prompt: 'a boat', ...size };
const boat = drawTestCard(plain);
const halves = (width: number, height: number) =>
  encodePng({
    width,
    height,
    palette: [
      [255, 255, 255],
      [0, 0, 0],
    ],
    opacity: [0, 255],
    row: () => Uint8Array.from({ length: width }, (_, x) => (x < width / 2 ? 0 : 1)),
  });
const clear = halves(size.width, size.height);
const [jpeg, gif, svg] = ['jpeg', 'gif', 'svg'].map((format) => drawPlain(format, plain)!) as [
  Uint8Array<ArrayBuffer>,
  Uint8Array<ArrayBuffer>,
  Uint8Array<ArrayBuffer>,
];
const garbage = Buffer.from('no picture at all, though it says so');
const dataURL = (bytes: Uint8Array, type = 'image/png') =>
  `data:${type};base64,${Buffer.from(bytes).toString('base64')}`;
const longPrompt = 'a'.repeat(32_001);
/** A whole picture that is too long: bytes after its end are tolerated. */
const padded = (bytes: Uint8Array, length: number) => Buffer.concat([bytes, Buffer.alloc(length - bytes.length)]);

refuses({ provider: openai, emulator, codec: testCodec(), clock }, [
  // 1, 4: access and models
  picture('4: no key is 401', {}, 'x', undefined, {
    status: 401,
    headers: { authorization: '' },
    holds: { error: { code: null } },
  }),
  picture('4: a wrong key is invalid_api_key', {}, 'invalid_api_key', undefined, {
    status: 401,
    headers: { authorization: 'Bearer no' },
  }),
  ...['dall-e-2', 'dall-e-3', 'gpt-image-1'].map((model) =>
    picture(`0.2: ${model} is gone`, { model }, 'model_not_found', undefined, { status: 404 }),
  ),
  picture('0.3: without a model it is dall-e-2, which is gone', { model: undefined }, 'model_not_found', undefined, {
    status: 404,
  }),
  { ...picture('1: variations are gone with dall-e-2', {}, 'x'), to: 'images/variations', status: 404, holds: {} },

  // 0.1, 0.4: there is no such field
  ...(
    [
      ['response_format', 'b64_json', undefined],
      ['seed', 7, { seed: 7 }],
      ['negative_prompt', 'fog', { negativePrompt: 'fog' }],
      ['aspect_ratio', '16:9', undefined],
      ['steps', 20, { providerOptions: { steps: 20 } }],
      ['style', 'vivid', { style: 'vivid' }],
      ['strength', 0.5, { strength: 0.5 }],
      ['image', dataURL(boat), undefined],
    ] as const
  ).map(([name, given, ask]) => picture(`0.4: there is no ${name}`, { [name]: given }, unknown, ask)),

  // 2: prompt, n
  picture('3.2: prompt is required', { prompt: undefined }, 'missing_required_parameter', { prompt: '' }),
  picture('2: a prompt has at most 32,000 characters', { prompt: longPrompt }, 'string_above_max_length', {
    prompt: longPrompt,
  }),
  picture('2: n is at least 1', { n: 0 }, value, { n: 0 }),
  // A larger n is split into calls.
  picture('2: n is at most 10', { n: 11 }, value),
  picture('2: n is a whole number', { n: 1.5 }, value, { n: 1.5 }),

  picture('3.1: user is a string', { user: 7 }, value),
  picture('3.1: safety_identifier is a string', { safety_identifier: 7 }, value),

  // 2, 2.1: sizes
  ...(
    [
      ['512x512 has too few pixels', '512x512'],
      ['655,360 pixels are the least', '1024x624'],
      ['8,294,400 pixels are the most', '2896x2880'],
      ['1920x1080 is not in multiples of 16', '1920x1080'],
      ['the longest edge is at most 3840', '3856x1296'],
      ['a picture is at most 3:1', '3088x1024'],
      ['it is at most 3:1 when tall, too', '512x1552'],
    ] as const
  ).flatMap(([says, given]) =>
    [two, flare, flare26].map((model) =>
      picture(`2.1: ${says} (${model})`, { model, size: given }, value, { size: given as Size }),
    ),
  ),
  picture('2.1: a size is WIDTHxHEIGHT', { size: '1024*1024' }, value),
  ...[old, 'gpt-image-1-mini', 'chatgpt-image-latest'].map((model) =>
    picture(`2: ${model} has the presets and nothing else`, { model, size: '1536x864' }, value, { size: '1536x864' }),
  ),
  ...(['gif', 'svg'] as const).map((format) =>
    picture(
      `2.2: custom sizes are for png, jpeg and webp, not ${format}`,
      { model: flare26, output_format: format, size: '1536x864' },
      value,
      { size: '1536x864', providerOptions: { [format]: true } },
    ),
  ),

  // 2: quality and other words
  picture('2: xhigh is of 2.5 and 2.6', { model: two, quality: 'xhigh' }, value, { quality: 'xhigh' }),
  picture('2: max is of 2.5 and 2.6', { model: old, quality: 'max' }, value, { quality: 'max' }),
  picture('2: hd was of dall-e-3', { quality: 'hd' }, value, { quality: 'hd' }),
  picture('2: complexity is of 2.6', { complexity: 'low' }, unknown, { providerOptions: { complexity: 'low' } }),
  picture('2: complexity is low, medium or high', { model: flare26, complexity: 'max' }, value, {
    providerOptions: { complexity: 'max' },
  }),
  picture('2: background is opaque, transparent or auto', { background: 'white' }, value, { background: 'white' }),
  picture('3.1: transparent needs png or webp', { background: 'transparent', output_format: 'jpeg' }, value, {
    background: 'transparent',
    outputFormat: 'jpeg',
  }),
  picture('2: moderation is auto or low', { moderation: 'none' }, value, { providerOptions: { moderation: 'none' } }),
  picture('2: output_format is png, jpeg or webp', { output_format: 'avif' }, value, { outputFormat: 'avif' }),
  ...['gif', 'svg'].map((format) =>
    picture(`2: ${format} is of 2.6`, { output_format: format }, value, { providerOptions: { [format]: true } }),
  ),
  picture('2: output_compression is for jpeg and webp', { output_compression: 50 }, value, { outputCompression: 50 }),
  picture('2: output_compression is at most 100', { output_format: 'jpeg', output_compression: 101 }, value, {
    outputFormat: 'jpeg',
    outputCompression: 101,
  }),
  ...['gif', 'svg'].map((format) =>
    picture(
      `2: output_compression is not for ${format}`,
      { model: flare26, output_format: format, output_compression: 9 },
      value,
    ),
  ),

  // 2.2: GIF and SVG
  picture('2.2: frame_count is at least 2', { model: flare26, output_format: 'gif', frame_count: 1 }, value, {
    providerOptions: { frameCount: 1 },
  }),
  picture('2.2: frame_count is at most 16', { model: flare26, output_format: 'gif', frame_count: 17 }, value, {
    providerOptions: { frameCount: 17 },
  }),
  picture(
    '2.2: frame_duration_ms is at least 20',
    { model: flare26, output_format: 'gif', frame_duration_ms: 10 },
    value,
    {
      providerOptions: { frameDurationMs: 10 },
    },
  ),
  picture(
    '2.2: frame_duration_ms is at most 655,350',
    { model: flare26, output_format: 'gif', frame_duration_ms: 655_360 },
    value,
    {
      providerOptions: { frameDurationMs: 655_360 },
    },
  ),
  picture('2.2: frames are for gif', { model: flare26, frame_count: 4 }, value),
  picture('2.2: svg is an object', { model: flare26, output_format: 'svg', svg: 'low' }, value),
  picture('2.2: svg is for svg', { model: flare26, svg: { model: 'm' } }, value),
  picture('corrections: svg makes one picture', { model: flare26, output_format: 'svg', n: 2 }, value),
  picture('corrections: svg has no stream', { model: flare26, output_format: 'svg', stream: true }, value),
  picture(
    'corrections: svg has no partial pictures',
    { model: flare26, output_format: 'svg', stream: true, partial_images: 1 },
    value,
    {
      partials: 1,
      providerOptions: { svg: true },
    },
  ),
  picture(
    'corrections: effort is one of seven',
    { model: flare26, output_format: 'svg', svg: { reasoning: { effort: 'huge' } } },
    value,
    {
      providerOptions: { svgEffort: 'huge' },
    },
  ),
  picture(
    'corrections: svg.reasoning has an effort alone',
    { model: flare26, output_format: 'svg', svg: { reasoning: { effort: 'low', budget: 3 } } },
    unknown,
  ),
  picture('2.2: gif has no stream', { model: flare26, output_format: 'gif', stream: true }, value, {
    partials: 1,
    providerOptions: { gif: true },
  }),

  // 2, 3.5: streams
  picture('2: partial_images is at most 3', { stream: true, partial_images: 4 }, value, { partials: 4 }),
  picture('3.5: partial_images needs a stream', { partial_images: 1 }, value),
  picture('3.5: a stream of several pictures is unverified', { stream: true, n: 2 }, value),

  // 2: input_fidelity
  ...[two, flare, flare26].map((model) =>
    edit(
      `2: input_fidelity is left out for ${model}`,
      { image: file(boat) },
      { model, input_fidelity: 'high' },
      unknown,
      {
        images: [boat],
        providerOptions: { inputFidelity: 'high' },
      },
    ),
  ),
  edit(
    '2: input_fidelity of 1-mini is low',
    { image: file(boat) },
    { model: 'gpt-image-1-mini', input_fidelity: 'high' },
    value,
    {
      images: [boat],
      providerOptions: { inputFidelity: 'high' },
    },
  ),

  // 3.2: pictures in a form
  edit('3.2: an edit has a picture', {}, {}, 'missing_required_parameter', { operation: 'edit' }),
  edit('3.2: one file is image', { image: [file(boat), file(boat)] }, {}, value),
  edit('3.2: several are image[], none image', { image: file(boat), 'image[]': file(boat) }, {}, value),
  edit('3.2: at most 16 pictures', { 'image[]': Array(17).fill(file(boat)) }, {}, value, {
    images: Array(17).fill(boat),
  }),
  edit(
    '3.2: pictures are png, webp or jpg, not gif',
    { image: file(gif, 'image/gif') },
    {},
    'unsupported_image_media_type',
    {
      images: [gif],
    },
  ),
  edit(
    '3.2: pictures are png, webp or jpg, not svg',
    { image: file(svg, 'image/svg+xml') },
    {},
    'unsupported_image_media_type',
    {
      images: [svg],
    },
  ),
  edit(
    '0.9: a file says its type',
    { image: file(boat, 'application/octet-stream') },
    {},
    'unsupported_image_media_type',
  ),
  edit('0.9: and it is its real one', { image: file(jpeg, 'image/png') }, {}, 'unsupported_image_media_type'),
  edit('4: garbage is no picture', { image: file(garbage) }, {}, 'image_parse_error', { images: [garbage] }),
  edit('4: half a picture is none', { image: file(boat.subarray(0, boat.length / 2)) }, {}, 'image_parse_error', {
    images: [boat.subarray(0, boat.length / 2)],
  }),
  edit('4: an empty file is no picture', { image: file(new Uint8Array()) }, {}, 'empty_image_file', {
    images: [new Uint8Array()],
  }),
  edit('3.2: a picture has less than 50 MB', { image: file(padded(boat, 50_000_000)) }, {}, 'image_file_too_large', {
    images: [padded(boat, 50_000_000)],
  }),
  edit('3.2: a picture is a file', {}, { image: url }, value),

  // 3.2: masks and markup
  edit(
    '3.2: a mask is a PNG',
    { image: file(boat), mask: file(jpeg, 'image/jpeg') },
    {},
    'unsupported_image_media_type',
  ),
  edit('3.2: a mask has alpha', { image: file(boat), mask: file(boat) }, {}, 'invalid_image_format'),
  edit('3.2: a mask is no garbage', { image: file(boat), mask: file(garbage) }, {}, 'image_parse_error', {
    images: [boat],
    mask: garbage,
  }),
  edit('3.2: a mask has the size of the first picture', { image: file(boat), mask: file(halves(64, 64)) }, {}, value, {
    images: [boat],
    mask: halves(64, 64),
  }),
  edit(
    '3.2: a mask has less than 4 MB',
    { image: file(boat), mask: file(padded(clear, 4_000_000)) },
    {},
    'image_file_too_large',
  ),
  edit('3.2: one mask', { image: file(boat), mask: [file(clear), file(clear)] }, {}, value),
  edit('2.2: a gif has no mask', { image: file(boat), mask: file(clear) }, { output_format: 'gif' }, value, {
    images: [boat],
    mask: drawTestCard(plain),
    providerOptions: { gif: true },
  }),
  edit('3.2: mask or markup, not both', { image: file(boat), mask: file(clear), markup: file(clear) }, {}, value, {
    images: [boat],
    mask: drawTestCard(plain),
    providerOptions: { markup: dataURL(clear) },
  }),
  edit('3.2: markup is a PNG with alpha', { image: file(boat), markup: file(boat) }, {}, 'invalid_image_format'),
  edit(
    'corrections: markup has the size of the first picture',
    { image: file(boat), markup: file(halves(64, 64)) },
    {},
    value,
  ),
  edit('2: markup is not of gpt-image-2', { image: file(boat), markup: file(clear) }, { model: two }, unknown, {
    images: [boat],
    providerOptions: { markup: dataURL(clear) },
  }),

  // 3.2: pictures in JSON
  editJSON('3.2: images is required', { images: undefined }, 'missing_required_parameter'),
  editJSON('3.2: at least one image', { images: [] }, value),
  editJSON('3.2: at most 16 images', { images: Array(17).fill({ image_url: url }) }, value, {
    images: Array(17).fill(url),
  }),
  editJSON('3.2: exactly one of image_url and file_id', { images: [{ image_url: url, file_id: 'file-1' }] }, value),
  editJSON('3.2: one of image_url and file_id', { images: [{}] }, value),
  editJSON('3.2: an image is an object', { images: [url] }, value),
  editJSON(
    '3.2: a URL has at most 20,971,520 characters',
    { images: [{ image_url: `${url}${'a'.repeat(20_971_520)}` }] },
    'image_too_large',
  ),
  editJSON(
    '4: a URL is https or data',
    { images: [{ image_url: 'ftp://example.com/a.png' }] },
    'failed_to_download_image',
  ),
  editJSON(
    '4: garbage in a data URL is no picture',
    { images: [{ image_url: dataURL(garbage) }] },
    'image_parse_error',
  ),
  editJSON(
    '4: what is no base64 is refused',
    { images: [{ image_url: 'data:image/png;base64,*' }] },
    'invalid_base64_image',
  ),
  editJSON(
    '4: a gif in a data URL is refused',
    { images: [{ image_url: dataURL(gif, 'image/gif') }] },
    'unsupported_image_media_type',
  ),
  ...(
    [
      ['is a PNG', dataURL(jpeg, 'image/jpeg'), 'unsupported_image_media_type'],
      ['says its real type', dataURL(jpeg), 'unsupported_image_media_type'],
      ['has alpha', dataURL(boat), 'invalid_image_format'],
      ['is no garbage', dataURL(garbage), 'image_parse_error'],
      ['has the size of the first picture', dataURL(halves(64, 64)), value],
      ['has less than 4 MB', dataURL(padded(clear, 4_000_000)), 'image_file_too_large'],
    ] as const
  ).map(([says, image_url, code]) =>
    editJSON(
      `3.2: a mask in JSON ${says}`,
      {
        images: [{ image_url: dataURL(boat) }, { image_url: dataURL(drawTestCard({ ...plain, width: 64 })) }],
        mask: { image_url },
      },
      code,
    ),
  ),
  editJSON(
    '3.2: a mask is looked at where the picture is at an address, too',
    { mask: { image_url: dataURL(boat) } },
    'invalid_image_format',
  ),
  editJSON('3.2: one mask in JSON', { mask: [{ image_url: url }] }, value),
  editJSON(
    '2.2: a gif has no mask in JSON',
    { model: flare26, output_format: 'gif', mask: { image_url: dataURL(clear) } },
    value,
  ),
  ...['http://example.com/a.png', 'https://', 'file:///a.png'].map((image_url) =>
    editJSON(`3.2: ${image_url} is neither https nor data`, { images: [{ image_url }] }, 'failed_to_download_image'),
  ),
  editJSON('2.1: JSON edits have the presets alone', { size: '1536x864' }, value, { images: [url], size: '1536x864' }),
  editJSON('3.2: the pictures of JSON are in images', { image: url }, unknown),

  // 4: money and content
  picture('4: moderation is moderation_blocked', { prompt: '[unsafe]' }, 'moderation_blocked', undefined, {
    holds: { error: { code: 'moderation_blocked', type: 'image_generation_user_error' } },
  }),
]);

const later = { now: () => Date.parse('2026-12-01T00:00:00Z'), sleep: async () => {} };
refuses(
  { provider: openai, emulator, clock: later },
  [old, 'gpt-image-1-mini', 'chatgpt-image-latest'].map((model) =>
    picture(`0.2: from 2026-12-01 on ${model} is gone`, { model }, 'model_not_found', undefined, { status: 404 }),
  ),
);
