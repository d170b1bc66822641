// Volcengine Ark's image endpoint on loopback, written from its documentation and from nothing of this package: a mistake
// made in wire.ts shows here. What the documentation leaves open is marked "unverified".

import { isRecord } from '@anyimage/core';
import { defineEmulator, type Exchange, isBase64, lookAt, type Reply, type Understood } from '@anyimage/testkit';

type Fields = Readonly<Record<string, unknown>>;

interface Model {
  /** Width times height. */
  readonly pixels: readonly [min: number, max: number];
  readonly references: number;
  /** Media types of references. */
  readonly types: readonly string[];
  /** CNY for one picture; 0 where it is not known. */
  readonly price: number;
  /** Takes `output_format`. */
  readonly formats?: true;
  /** Takes `background`. */
  readonly backgrounds?: true;
  /** Takes a picture apart. */
  readonly layers?: true;
  /** Makes groups of pictures. */
  readonly groups?: true;
  /** Modes of `optimize_prompt_options`. */
  readonly modes: readonly string[];
}

const most = 16_777_216;
const rasters = ['image/jpeg', 'image/png'];
const types = [...rasters, 'image/webp', 'image/bmp', 'image/tiff', 'image/gif'];
const four: Model = {
  pixels: [921_600, most],
  references: 14,
  types,
  price: 0,
  groups: true,
  modes: ['standard', 'fast'],
};
const fourFive: Model = { ...four, pixels: [3_686_400, most], modes: ['standard'] };
const lite: Model = { ...fourFive, price: 0.22, formats: true };
/** That it takes no more than two types is unverified. */
const pro: Model = {
  pixels: [921_600, 4_624_220],
  references: 10,
  types: rasters,
  price: 0.3,
  formats: true,
  modes: [],
};

/** Which pixels and types it takes is unverified, and so is that 5.0 Flash is asked in the same way. Prices are in US$. */
const fiveFive: Model = { ...pro, price: 0, backgrounds: true, layers: true };

/** By their ids in China and abroad. The `ep-` id stands for the endpoints that an account makes for itself. */
const models: Readonly<Record<string, Model>> = {
  'doubao-seedream-4-0-250828': four,
  'seedream-4-0-250828': four,
  'doubao-seedream-4-5-251128': fourFive,
  'seedream-4-5-251128': fourFive,
  'ep-20260101000000-abcde': fourFive,
  'doubao-seedream-5-0-260128': lite,
  'seedream-5-0-260128': lite,
  'doubao-seedream-5-0-pro-260628': pro,
  'dola-seedream-5-0-pro-260628': pro,
  'seedream-5-5-261028': fiveFive,
  'dola-seedream-5-5-261028': fiveFive,
  'seedream-5-0-flash-260915': fiveFive,
};

const known = [
  ...['model', 'prompt', 'image', 'size', 'response_format', 'watermark', 'output_format', 'stream'],
  ...['background', 'layer_decomposition'],
  ...['sequential_image_generation', 'sequential_image_generation_options', 'optimize_prompt_options'],
];

/** What the fields mean in anyimage's words. */
const understood: Understood = {
  model: 'model',
  prompt: 'prompt',
  size: 'size',
  outputFormat: 'output_format',
  images: 'image',
  options: { watermark: 'watermark', optimizePrompt: 'optimize_prompt_options.mode' },
};

/**
 * The emulated service. Stricter than the documentation says: unknown fields are refused (the service's own behaviour is
 * unverified). `[unsafe]` in a prompt is refused by moderation. A `refused` fault strikes one picture of a group. Streams are not
 * emulated. The codes of unknown addresses, rate limits and server errors are unverified.
 */
export const emulator = defineEmulator({
  id: 'volcengine',
  label: 'Volcengine Ark',
  keyEnv: 'ARK_API_KEY',
  baseURLEnv: 'ARK_BASE_URL',
  basePath: '/api/v3',
  currency: 'CNY',
  filesLiveSeconds: 24 * 3600,
  authorize: ({ request, key }) =>
    request.headers.authorization === `Bearer ${key}`
      ? undefined
      : failure(401, 'AuthenticationError', 'the API key is missing or invalid'),
  unknown: failure(404, 'InvalidAction', 'the address does not exist'),
  failures: {
    auth: failure(401, 'AuthenticationError', 'the API key is missing or invalid'),
    permission: failure(403, 'AccessDenied', 'the key has no right to this resource'),
    quota: failure(403, 'AccountOverdueError', 'the account has an overdue balance'),
    'not-found': failure(404, 'InvalidEndpoint.NotFound', 'the model or endpoint does not exist'),
    'invalid-request': failure(400, 'InvalidParameter', 'a parameter is not valid'),
    'content-blocked': failure(400, 'OutputImageSensitiveContentDetected', 'the picture may be sensitive'),
    'rate-limit': failure(429, 'RateLimitExceeded', 'too many requests'),
    server: failure(500, 'InternalServiceError', 'internal error'),
  },
  routes: [
    { method: 'POST', path: 'images/generations', point: 'generate', spends: true, understood, answer: generate },
  ],
});

function generate(exchange: Exchange): Reply {
  const refusal = refuse(exchange.body);
  if (refusal) return refusal;
  const fields = exchange.body as Fields;
  const [width, height] = dimensions(fields.size ?? '2048x2048')!;
  const card = { prompt: String(fields.prompt), width, height };
  const count = countOf(fields);
  const refused = count > 1 && exchange.takes('refused') ? 1 : 0;
  const data = Array.from({ length: count }, (_, index) => {
    if (index < refused) return { error: { code: 'OutputImageSensitiveContentDetected', message: 'may be sensitive' } };
    const size = `${width}x${height}`;
    if (fields.response_format !== 'b64_json') return { url: exchange.picture({ ...card, seed: index }), size };
    return { b64_json: Buffer.from(exchange.pictureBytes({ ...card, seed: index })).toString('base64'), size };
  });
  const made = count - refused;
  const tokens = Math.round((made * width * height) / 256);
  return {
    cost: models[String(fields.model)]!.price * made,
    json: {
      model: fields.model,
      created: Math.floor(exchange.now / 1000),
      data,
      usage: { generated_images: made, output_tokens: tokens, total_tokens: tokens },
    },
  };
}

/** A base and two layers, where a picture is taken apart; in which form they really come is unverified. */
function countOf(fields: Fields): number {
  if (fields.layer_decomposition === true) return 3;
  return fields.sequential_image_generation === 'auto' ? maxImages(fields) : 1;
}

function refuse(body: unknown): Reply | undefined {
  if (!isRecord(body)) return wrong('the body is not a JSON object');
  const unknown = Object.keys(body).find((name) => !known.includes(name));
  if (unknown) return wrong(`${unknown} is not a parameter`);
  for (const name of ['model', 'prompt']) {
    if (body[name] === undefined || body[name] === '') return failure(400, 'MissingParameter', `${name} is missing`);
    if (typeof body[name] !== 'string') return wrong(`${name} is not a string`);
  }
  const model = Object.hasOwn(models, String(body.model)) ? models[String(body.model)]! : undefined;
  if (!model) return failure(404, 'InvalidEndpoint.NotFound', `the model ${String(body.model)} does not exist`);
  const name = refuseValue(body, model);
  if (name) return wrong(`${name} is not valid for this model`);
  if (!String(body.prompt).includes('[unsafe]')) return undefined;
  return failure(400, 'InputTextSensitiveContentDetected', 'the prompt may be sensitive');
}

/** The name of the first parameter that is wrong. */
function refuseValue(fields: Fields, model: Model): string | undefined {
  const { image, size, response_format, watermark, output_format, stream, optimize_prompt_options: optimize } = fields;
  const { sequential_image_generation: group, sequential_image_generation_options: options } = fields;
  const { background, layer_decomposition: layered } = fields;
  const references = image === undefined ? [] : Array.isArray(image) ? image : [image];
  const pictures = references.length + (group === 'auto' ? maxImages(fields) : 1);
  const checks: Readonly<Record<string, boolean>> = {
    image: image === undefined || (references.length > 0 && references.every((one) => isReference(one, model))),
    'the number of images': references.length <= model.references && (group !== 'auto' || pictures <= 15),
    size: size === undefined || isSize(size, model),
    response_format: response_format === undefined || isOneOf(response_format, ['url', 'b64_json']),
    watermark: watermark === undefined || typeof watermark === 'boolean',
    output_format: output_format === undefined || (!!model.formats && isOneOf(output_format, ['png', 'jpeg'])),
    stream: stream === undefined || (stream === false && !!model.groups),
    background:
      background === undefined ||
      (!!model.backgrounds && isOneOf(background, ['auto', 'transparent', 'opaque']) && layered !== true),
    'jpeg with a transparent background': background !== 'transparent' || output_format !== 'jpeg',
    layer_decomposition:
      layered === undefined ||
      (!!model.layers && typeof layered === 'boolean' && (!layered || references.length === 1)),
    optimize_prompt_options:
      optimize === undefined || (hasOnly(optimize, 'mode') && isOneOf(optimize.mode, model.modes)),
    sequential_image_generation: group === undefined || (!!model.groups && isOneOf(group, ['auto', 'disabled'])),
    sequential_image_generation_options:
      options === undefined ||
      (!!model.groups && hasOnly(options, 'max_images') && [...Array(15).keys()].includes(maxImages(fields) - 1)),
  };
  return Object.keys(checks).find((name) => !checks[name]);
}

/** The most pictures that a group may have. The service's model decides how many it makes; here it is as many as allowed. */
function maxImages({ sequential_image_generation_options: options }: Fields): number {
  if (!isRecord(options) || options.max_images === undefined) return 15;
  return typeof options.max_images === 'number' ? options.max_images : Number.NaN;
}

function isOneOf(value: unknown, words: readonly string[]): boolean {
  return typeof value === 'string' && words.includes(value);
}

function hasOnly(value: unknown, field: string): value is Fields {
  return isRecord(value) && Object.keys(value).every((name) => name === field);
}

/** A URL, which is not fetched here, or a picture: at most 10 MB and 36 million px, sides above 14 px, no longer than 16:1. */
function isReference(value: unknown, { types: taken }: Model): boolean {
  if (typeof value !== 'string') return false;
  if (/^https?:\/\/[^/]/.test(value)) return true;
  const [head = '', type] = /^data:(image\/[a-z]+);base64,/.exec(value) ?? [];
  const base64 = value.slice(head.length);
  const bytes = Buffer.from(head && isBase64(base64) ? base64 : '', 'base64');
  const seen = lookAt(bytes);
  if (!seen || seen.mediaType !== type || !taken.includes(type) || bytes.length > 10_000_000) return false;
  const { width = 1024, height = 1024 } = seen;
  const [short, long] = [Math.min(width, height), Math.max(width, height)];
  return short > 14 && long <= 16 * short && width * height <= 36_000_000;
}

function isSize(size: unknown, { pixels: [min, max] }: Model): boolean {
  const [width, height] = dimensions(size) ?? [0, 0];
  const area = width * height;
  return area >= min && area <= max && Math.max(width, height) <= 16 * Math.min(width, height);
}

/** `WxH`, or a resolution: a square here, while the service reads the shape from the prompt. */
function dimensions(size: unknown): readonly [width: number, height: number] | undefined {
  const [, tier, width, height] =
    /^(?:(1\.5|[1-4])K|([1-9]\d*)x([1-9]\d*))$/.exec(typeof size === 'string' ? size : '') ?? [];
  if (tier) return [Number(tier) * 1024, Number(tier) * 1024];
  return width && height ? [Number(width), Number(height)] : undefined;
}

function wrong(message: string): Reply {
  return failure(400, 'InvalidParameter', message);
}

function failure(status: number, code: string, message: string): Reply {
  const types: Readonly<Record<number, string>> = { 401: 'Unauthorized', 403: 'Forbidden', 404: 'NotFound' };
  return { status, json: { error: { code, message, type: types[status] ?? 'BadRequest' } } };
}
