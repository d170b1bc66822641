// OpenAI's image API on loopback, written from its documentation and from nothing else of this package but facts beside it: a
// mistake made in wire/ shows here. What the documentation leaves open is marked "unverified".

import { isRecord } from '@anyimage/core';
import {
  defineEmulator,
  drawPlain,
  type Exchange,
  pngSize,
  type Reply,
  type Route,
  type Understood,
  writeText,
} from '@anyimage/testkit';
import { azure, azureManner, refuseWithoutVersion } from './emulator/azure.ts';
import { type Fields, refuseEmbedded, refuseFields, refuseUploads, type Upload } from './emulator/checks.ts';
import { type Model, models } from './emulator/facts.ts';
import type { Manner } from './emulator/manner.ts';
import { blocked, failure, invalid, missing, noModel, unknownParameter, wrongKey } from './emulator/refusals.ts';

/** A request that was found to be right. */
interface Order {
  readonly fields: Fields;
  readonly model: Model;
  readonly operation: 'generation' | 'edit';
  /** Input pictures. */
  readonly pictures: number;
}

const scalars = ['model', 'prompt', 'n', 'size', 'quality', 'background', 'output_format', 'output_compression'];
const generateFields = [
  ...scalars,
  ...['moderation', 'user', 'safety_identifier', 'stream', 'partial_images', 'complexity'],
  ...['frame_count', 'frame_duration_ms', 'svg'],
];
const formFields = [...generateFields, 'input_fidelity', 'image', 'image[]', 'mask', 'markup'];
const jsonFields = [...generateFields, 'input_fidelity', 'images', 'mask'];

/** What the fields mean in anyimage's words: of a form, of JSON, or of both. */
const understood: Understood = {
  model: ({ model }, { params }) => params.deployment ?? model,
  prompt: 'prompt',
  n: 'n',
  size: 'size',
  quality: 'quality',
  background: 'background',
  outputFormat: 'output_format',
  outputCompression: 'output_compression',
  partials: 'partial_images',
  // Where both are sent, the newer one counts.
  user: ({ user, safety_identifier: id }) => id ?? user,
  images: ['image', 'image[]', 'images.*.image_url'],
  mask: { at: ['mask', 'mask.image_url'], repaint: 'transparent' },
  options: {
    moderation: 'moderation',
    complexity: 'complexity',
    inputFidelity: 'input_fidelity',
    frameCount: 'frame_count',
    frameDurationMs: 'frame_duration_ms',
    svgModel: ['svg.model', 'svg[model]'],
    svgEffort: ['svg.reasoning.effort', 'svg[reasoning][effort]'],
    transparent: ({ background }) => background === 'transparent',
    gif: ({ output_format: format }) => format === 'gif',
    svg: ({ output_format: format }) => format === 'svg',
  },
};

/** OpenAI's own. The documented default model was dall-e-2, which is gone. */
const ownManner: Manner = {
  find: (id, { now }) => {
    const model = typeof id === 'string' && Object.hasOwn(models, id) ? models[id] : undefined;
    return model && !hasEnded(model, now) ? model : undefined;
  },
  missing: (id) => noModel(String(id ?? 'dall-e-2')),
  blocked,
};

/**
 * The emulated service. Words in a prompt choose an outcome: `[unsafe]` is refused by moderation, `[late]` refused in the middle
 * of a stream. What is not documented is refused: unknown fields, several pictures in one stream (unverified).
 */
export const emulator = defineEmulator({
  id: 'openai',
  label: 'OpenAI',
  keyEnv: 'OPENAI_API_KEY',
  baseURLEnv: 'OPENAI_BASE_URL',
  basePath: '/v1',
  currency: 'USD',
  authorize({ request, key }) {
    const header = request.headers.authorization;
    if (!header) return failure(401, "You didn't provide an API key.", { code: null });
    return header === `Bearer ${key}` ? undefined : wrongKey();
  },
  unknown: failure(404, 'Invalid URL', { code: null }),
  failures: {
    auth: wrongKey(),
    permission: failure(403, 'Your organization must be verified to use this model.', { code: null }),
    'not-found': noModel('gpt-image-0'),
    'invalid-request': failure(400, "Unknown parameter: 'seed'.", { param: 'seed', code: 'unknown_parameter' }),
    'content-blocked': blocked(),
    quota: failure(429, 'You exceeded your current quota.', { type: 'insufficient_quota', code: 'insufficient_quota' }),
    'rate-limit': failure(429, 'Rate limit reached for images.', { type: 'images', code: 'rate_limit_exceeded' }),
    unavailable: failure(503, 'The engine is currently overloaded.', {
      type: 'service_unavailable_error',
      code: 'server_is_overloaded',
    }),
    server: failure(500, 'The server had an error.', { type: 'server_error', code: 'server_error' }),
  },
  routes: [
    ...workRoutes('', ownManner),
    { method: 'GET', path: 'models', point: 'models', answer: listModels },
    { method: 'GET', path: 'models/:id', point: 'models', answer: showModel },
  ],
});

/** Azure OpenAI, in the form of its version 1. See `emulator/azure.ts`. */
export const azureEmulator = defineEmulator({
  ...azure,
  basePath: '/openai/v1',
  routes: workRoutes('', azureManner),
});

/** The same in the form before: each deployment has its path, and every request names a version of the API. */
export const azureDeploymentsEmulator = defineEmulator({
  ...azure,
  basePath: '/openai',
  authorize: (exchange) => azure.authorize(exchange) ?? refuseWithoutVersion(exchange),
  routes: workRoutes('deployments/:deployment/', azureManner),
});

/** What makes pictures and texts. `below`: the path before it. */
function workRoutes(below: string, manner: Manner): readonly Route[] {
  const work = { method: 'POST', spends: true, understood } as const;
  return [
    {
      ...work,
      path: `${below}images/generations`,
      point: 'generate',
      answer: (exchange) => generate(exchange, manner),
    },
    { ...work, path: `${below}images/edits`, point: 'edit', answer: (exchange) => edit(exchange, manner) },
    { method: 'POST', path: `${below}chat/completions`, point: 'chat', answer: chat },
  ];
}

function generate(exchange: Exchange, manner: Manner): Reply {
  const { body } = exchange;
  if (exchange.form || !isRecord(body)) return invalid(null, 'The body is not a JSON object.');
  return take(exchange, body, { manner, known: generateFields, operation: 'generation', pictures: 0, presets: false });
}

async function edit(exchange: Exchange, manner: Manner): Promise<Reply> {
  const { form, body } = exchange;
  return form ? editForm(exchange, form, manner) : editJson(exchange, body, manner);
}

async function editForm(exchange: Exchange, form: FormData, manner: Manner): Promise<Reply> {
  const uploads = new Map<string, Upload[]>();
  const fields: { [name: string]: unknown } = {};
  for (const [name, value] of form) {
    if (typeof value === 'string') fields[name] = readText(name, value);
    else {
      const file = { type: value.type, bytes: new Uint8Array(await value.arrayBuffer()) };
      uploads.set(name, [...(uploads.get(name) ?? []), file]);
    }
  }
  const isText = ['image', 'image[]', 'mask', 'markup'].find((name) => fields[name] !== undefined);
  if (isText) return invalid(isText, `Expected a file in '${isText}'.`);
  const stray = [...uploads.keys()].find((name) => !['image', 'image[]', 'mask', 'markup'].includes(name));
  if (stray) return unknownParameter(stray);
  const filesOf = (name: string) => uploads.get(name) ?? [];
  const [image, images] = [filesOf('image'), filesOf('image[]')];
  const files = { image, images, mask: filesOf('mask'), markup: filesOf('markup') };
  const refusal = refuseUploads(files, manner.find(fields.model, exchange));
  if (refusal) return refusal;
  const { 'svg[model]': svgModel, 'svg[reasoning][effort]': effort, ...others } = fields;
  // The second name follows from the first, which is documented.
  const svg = {
    ...(svgModel !== undefined && { model: svgModel }),
    ...(effort !== undefined && { reasoning: { effort } }),
  };
  const read = { ...others, ...(Object.keys(svg).length > 0 && { svg }) };
  const pictures = image.length + images.length;
  if (fields.output_format === 'gif' && uploads.has('mask')) return invalid('mask', 'Not for gif.');
  return take(exchange, read, { manner, known: formFields, operation: 'edit', pictures, presets: false });
}

/** The JSON schema lists the presets alone; newer pages allow any size: the stricter is taken. */
function editJson(exchange: Exchange, body: unknown, manner: Manner): Reply {
  if (!isRecord(body)) return invalid(null, 'The body is not a JSON object.');
  const { images, mask } = body;
  if (images === undefined) return missing('images');
  if (!Array.isArray(images) || images.length < 1 || images.length > 16) return invalid('images', '1 to 16 images.');
  for (const image of [...images, ...(mask === undefined ? [] : [mask])]) {
    const { image_url, file_id, ...others }: Fields = isRecord(image) ? image : { other: image };
    const isOne = (typeof image_url === 'string') !== (typeof file_id === 'string');
    if (!isOne || Object.keys(others).length) return invalid('images', 'Exactly one of image_url and file_id.');
    if (String(image_url).length > 20_971_520) return invalid('images', 'The URL is too long.', 'image_too_large');
  }
  const urlOf = (image: unknown) => (image as { image_url?: string } | undefined)?.image_url;
  const refusal = refuseEmbedded(images.map(urlOf), urlOf(mask));
  if (refusal) return refusal;
  if (body.output_format === 'gif' && mask !== undefined) return invalid('mask', 'Not for gif.');
  return take(exchange, body, { manner, known: jsonFields, operation: 'edit', pictures: images.length, presets: true });
}

const numeric = new Set(['n', 'output_compression', 'partial_images', 'frame_count', 'frame_duration_ms']);

/** A field of a form is text: numbers and true or false are read back. */
function readText(name: string, text: string): unknown {
  if (name === 'stream') return text === 'true' ? true : text === 'false' ? false : text;
  return numeric.has(name) && /^\d+$/.test(text) ? Number(text) : text;
}

interface Rules {
  readonly manner: Manner;
  readonly known: readonly string[];
  readonly operation: Order['operation'];
  readonly pictures: number;
  /** Only listed sizes. */
  readonly presets: boolean;
}

function take(exchange: Exchange, fields: Fields, { manner, known, operation, pictures, presets }: Rules): Reply {
  const model = manner.find(fields.model, exchange);
  if (!model) return manner.missing(fields.model);
  const unknown = Object.keys(fields).find((name) => !known.includes(name));
  if (unknown) return unknownParameter(unknown);
  const refusal = refuseFields(fields, model, presets);
  if (refusal) return refusal;
  if (String(fields.prompt).includes('[unsafe]')) return manner.blocked();
  const order: Order = { fields, model, operation, pictures };
  return fields.stream === true ? stream(exchange, order) : answer(exchange, order);
}

function answer(exchange: Exchange, order: Order): Reply {
  const { fields } = order;
  const n = (fields.n as number | undefined) ?? 1;
  const data = Array.from({ length: n }, (_, index) => ({ b64_json: draw(exchange, order, index) }));
  const { usage, cost } = charge(order, n, 0);
  return reply(exchange, { json: { created: seconds(exchange), ...echo(order), data, usage }, cost });
}

/** The final picture of few partial ones comes as documented: after them, each of which costs 100 tokens (unverified). */
function stream(exchange: Exchange, order: Order): Reply {
  const { fields, operation } = order;
  const name = operation === 'edit' ? 'image_edit' : 'image_generation';
  const partials = (fields.partial_images as number | undefined) ?? 0;
  const facts = { created_at: seconds(exchange), ...echo(order) };
  const events: Fields[] = Array.from({ length: partials }, (_, index) => ({
    type: `${name}.partial_image`,
    ...facts,
    partial_image_index: index,
    b64_json: draw(exchange, order, index + 1),
  }));
  const { usage, cost } = charge(order, 1, partials);
  if (String(fields.prompt).includes('[late]')) events.push({ type: 'error', ...(blocked().json as object) });
  else events.push({ type: `${name}.completed`, ...facts, b64_json: draw(exchange, order, 0), usage });
  const body = events.map((event) => `event: ${String(event.type)}\ndata: ${JSON.stringify(event)}\n\n`).join('');
  return reply(exchange, { body, type: 'text/event-stream; charset=utf-8', cost });
}

function reply(exchange: Exchange, { json, ...rest }: Reply): Reply {
  return { ...rest, ...(json !== undefined && { json }), headers: { 'x-request-id': exchange.nextId('req') } };
}

/** What `auto` became. */
function echo({ fields }: Order): Fields {
  const { width, height } = sizeOf(fields);
  return {
    background: fields.background === 'transparent' ? 'transparent' : 'opaque',
    output_format: fields.output_format ?? 'png',
    size: `${width}x${height}`,
    quality: qualityOf(fields),
  };
}

function charge({ fields, model, pictures }: Order, n: number, partials: number): { usage: Fields; cost: number } {
  const { width, height } = sizeOf(fields);
  const share = (width * height) / 1024 ** 2;
  const out = Math.ceil(model.tokens[qualityOf(fields)]! * share) * n + 100 * partials;
  const text = Math.ceil([...String(fields.prompt)].length / 4);
  const image = pictures * 200;
  const usage = {
    input_tokens: text + image,
    output_tokens: out,
    total_tokens: text + image + out,
    input_tokens_details: { text_tokens: text, image_tokens: image },
  };
  const { prices } = model;
  return { usage, cost: (text * prices.text + image * prices.imageIn + out * prices.imageOut) / 1e6 };
}

/** As base64. A picture that a fault has struck is sent as it is, else in the format that was asked. */
function draw(exchange: Exchange, { fields }: Order, index: number): string {
  const prompt = index === 0 ? String(fields.prompt) : `${String(fields.prompt)} (${index + 1})`;
  const png = exchange.pictureBytes({ prompt, ...sizeOf(fields) });
  const size = pngSize(png);
  const isWhole = size && Buffer.from(png.subarray(-8, -4)).toString('latin1') === 'IEND';
  const { output_format: format, frame_count: frames = 9, frame_duration_ms: frameMs = 200 } = fields;
  const drawn = isWhole && drawPlain(String(format), { prompt, ...size }, frames as number, frameMs as number);
  return Buffer.from(drawn || png).toString('base64');
}

/** A text model of any name, which writes as every emulated one does. */
function chat({ body, nextId }: Exchange): Reply {
  if (!isRecord(body)) return invalid(null, 'The body is not a JSON object.');
  if (typeof body.model !== 'string') return missing('model');
  const messages = Array.isArray(body.messages) ? body.messages.filter(isRecord) : [];
  const last = (wanted: string) => messages.findLast(({ role }) => role === wanted)?.content;
  const asked = last('user');
  if (typeof asked !== 'string') return missing('messages');
  const content = writeText(String(last('system') ?? ''), asked);
  const [prompt_tokens, completion_tokens] = [asked, content].map((text) => Math.ceil(text.length / 4));
  const message = { role: 'assistant', content };
  return {
    json: {
      id: nextId('chatcmpl'),
      object: 'chat.completion',
      model: body.model,
      choices: [{ index: 0, message, finish_reason: 'stop' }],
      usage: { prompt_tokens, completion_tokens },
    },
  };
}

function listModels({ now }: Exchange): Reply {
  const data = Object.keys(models)
    .filter((id) => !hasEnded(models[id]!, now))
    .map(describe);
  return { json: { object: 'list', data } };
}

function showModel({ params, now }: Exchange): Reply {
  const id = params.id ?? '';
  const model = Object.hasOwn(models, id) ? models[id]! : undefined;
  return model && !hasEnded(model, now) ? { json: describe(id) } : noModel(id);
}

function describe(id: string): Fields {
  const { ends } = models[id]!;
  return { id, object: 'model', created: 1_780_000_000, owned_by: 'openai', ...(ends && { shutdown_date: ends }) };
}

function hasEnded({ ends }: Model, now: number): boolean {
  return ends !== undefined && now >= Date.parse(ends);
}

function sizeOf({ size }: Fields): { width: number; height: number } {
  const text = size === undefined || size === 'auto' ? '1024x1024' : String(size);
  const [width, height] = text.split('x').map(Number);
  return { width: width!, height: height! };
}

function qualityOf({ quality }: Fields): string {
  return quality === undefined || quality === 'auto' ? 'medium' : String(quality);
}

function seconds({ now }: Exchange): number {
  return Math.floor(now / 1000);
}
