// The FLUX API of Black Forest Labs on loopback, written from FACTS.md and from nothing of this package: a mistake made in wire.ts
// shows here. What is not verified there is not here.

import { isRecord } from '@anyimage/core';
import {
  type Card,
  defineEmulator,
  type Exchange,
  type Fields,
  isBase64,
  lookAt,
  type Reply,
  type Understood,
} from '@anyimage/testkit';

/** Whether a value is legal, beside the others. */
type Check = (value: unknown, fields: Fields) => boolean;

interface Model {
  /** US dollars: for a picture, or for its first megapixel and then for each further one, of inputs too. */
  readonly price: number;
  readonly further?: number;
  readonly perInput?: number;
  /** Besides `prompt` and those that all have. */
  readonly fields: Readonly<Record<string, Check>>;
  /** Input pictures, by the names of their fields. */
  readonly pictures: readonly string[];
  readonly needs?: readonly string[];
  readonly longest?: number;
  /** Enriches prompts unless the request says no. */
  readonly enriches?: (fields: Fields) => boolean;
}

const isBoolean: Check = (value) => typeof value === 'boolean';
const isText: Check = (value) => typeof value === 'string';
const whole =
  (min: number, max: number): Check =>
  (value) =>
    Number.isInteger(value) && (value as number) >= min && (value as number) <= max;
const number =
  (min: number, max: number): Check =>
  (value) =>
    typeof value === 'number' && value >= min && value <= max;
const oneOf =
  (...values: readonly string[]): Check =>
  (value) =>
    values.includes(value as string);
const isRatio: Check = (value) => {
  const [width, height] = sides(value, ':') ?? [0, 1];
  return width / height >= 9 / 21 && width / height <= 21 / 9;
};

const classic = { seed: whole(0, Number.MAX_SAFE_INTEGER), output_format: oneOf('jpeg', 'png') };
const numbered = (count: number) =>
  Array.from({ length: count }, (_, index) => (index === 0 ? 'input_image' : `input_image_${index + 1}`));
const pixelsOf = ({ width, height }: Fields) => Number(width ?? 0) * Number(height ?? 0);
const side2: Check = (value, fields) =>
  whole(64, 65_536)(value, fields) && (value as number) % 16 === 0 && pixelsOf(fields) <= 4_194_304;
const side1: Check = (value, fields) => whole(256, 1440)(value, fields) && (value as number) % 32 === 0;
const flux2 = { ...classic, width: side2, height: side2, safety_tolerance: whole(0, 5) };
const proOrMax: Pick<Model, 'fields' | 'pictures' | 'enriches'> = {
  fields: { ...flux2, disable_pup: isBoolean },
  pictures: numbered(8),
  enriches: ({ disable_pup }) => disable_pup !== true,
};
const flux1 = { ...classic, safety_tolerance: whole(0, 6), prompt_upsampling: isBoolean };
const enriching = ({ prompt_upsampling: on }: Fields) => on === true;
const kontext = { fields: { ...flux1, aspect_ratio: isRatio }, pictures: numbered(1), enriches: enriching };

const models: Readonly<Record<string, Model>> = {
  'flux-2-pro': { ...proOrMax, price: 0.03, further: 0.015, perInput: 0.015 },
  'flux-2-pro-preview': { ...proOrMax, price: 0.03, further: 0.015, perInput: 0.015 },
  'flux-2-max': { ...proOrMax, price: 0.07, further: 0.03, perInput: 0.03 },
  'flux-2-flex': {
    price: 0.05,
    further: 0.05,
    perInput: 0.05,
    fields: { ...flux2, prompt_upsampling: isBoolean, steps: whole(1, 50), guidance: number(1.5, 10) },
    pictures: numbered(8),
    enriches: ({ prompt_upsampling: on }) => on !== false,
  },
  'flux-2-klein-9b': { price: 0.015, fields: flux2, pictures: numbered(4) },
  'flux-2-klein-4b': { price: 0.014, further: 0.001, fields: flux2, pictures: numbered(4) },
  'flux-3-image': {
    price: 0.048,
    fields: {
      aspect_ratio: oneOf(
        ...[
          'auto',
          '21:9',
          '2:1',
          '16:9',
          '3:2',
          '7:5',
          '4:3',
          '5:4',
          '1:1',
          '4:5',
          '3:4',
          '5:7',
          '2:3',
          '9:16',
          '1:2',
        ],
        '9:21',
      ),
      resolution: oneOf('768sq', '1k', '1.5k', '2k', '4k'),
      grounding: isBoolean,
      safety_tolerance: whole(0, 4),
      version: oneOf('latest'),
    },
    pictures: ['images'],
    longest: 15_000,
    enriches: () => true,
  },
  'flux-kontext-pro': { ...kontext, price: 0.04 },
  'flux-kontext-max': { ...kontext, price: 0.08 },
  'flux-pro-1.1': {
    price: 0.04,
    fields: { ...flux1, width: side1, height: side1 },
    pictures: ['image_prompt'],
    enriches: enriching,
  },
  'flux-pro-1.1-ultra': {
    price: 0.06,
    fields: {
      ...classic,
      aspect_ratio: isRatio,
      image_prompt_strength: number(0, 1),
      raw: isBoolean,
      safety_tolerance: whole(0, 6),
    },
    pictures: ['image_prompt'],
  },
  'flux-pro-1.0-fill': {
    price: 0.05,
    fields: { ...flux1, steps: whole(15, 50), guidance: number(1.5, 100) },
    pictures: ['image', 'mask'],
    needs: ['image'],
    enriches: enriching,
  },
  'flux-dev': { price: 0.025, fields: { ...classic, width: side1, height: side1 }, pictures: [] },
};

/** What the fields mean in anyimage's words. Of a picture to start from, the service asks how much of it stays. */
const understood: Understood = {
  model: (_, { params }) => params.model,
  prompt: 'prompt',
  size: ({ width, height }) => ({ width, height }),
  aspectRatio: 'aspect_ratio',
  resolution: 'resolution',
  outputFormat: 'output_format',
  seed: 'seed',
  images: [...numbered(8), 'images.*', 'image_prompt', 'image'],
  strength: ({ image_prompt_strength: kept }) => 1 - Number(kept),
  mask: { at: 'mask', repaint: 'white' },
  options: {
    safetyTolerance: 'safety_tolerance',
    disablePup: 'disable_pup',
    promptUpsampling: 'prompt_upsampling',
    steps: 'steps',
    guidance: 'guidance',
    grounding: 'grounding',
    raw: 'raw',
  },
};

/**
 * The emulated service. Stricter than the documentation says of older models: a field that a model does not have is refused, as FLUX 3
 * does. Words in a prompt choose an outcome: `[unsafe]` is moderated before it is drawn, `[unsafe picture]` after.
 */
export const emulator = defineEmulator({
  id: 'bfl',
  label: 'Black Forest Labs',
  keyEnv: 'BFL_API_KEY',
  baseURLEnv: 'BFL_BASE_URL',
  basePath: '/v1',
  currency: 'USD',
  filesLiveSeconds: 600,
  otherHost: 'api.eu2.bfl.ai',
  authorize({ request, key }) {
    const given = request.headers['x-key'];
    if (given === undefined) return failure(403, 'Not authenticated');
    return given === key ? undefined : failure(422, 'Invalid API key format');
  },
  unknown: failure(404, 'Not Found'),
  failures: {
    auth: failure(403, 'Not authenticated'),
    permission: failure(403, 'Your account does not have access to this model'),
    quota: failure(402, 'Insufficient credits'),
    'not-found': failure(404, 'Not Found'),
    'invalid-request': wrong('width', 'Input should be a multiple of 16'),
    'rate-limit': failure(429, 'Too many active tasks'),
    server: failure(500, 'Internal server error'),
    unavailable: failure(503, 'Service unavailable'),
  },
  routes: [
    {
      method: 'POST',
      path: ':model',
      point: 'submit',
      spends: true,
      understood,
      told: { cost: ({ cost }) => Number(cost) / 100 },
      answer: submit,
    },
    {
      method: 'GET',
      path: 'get_result',
      point: 'check',
      told: { seed: 'result.seed', revisedPrompt: 'result.prompt' },
      answer: check,
    },
  ],
});

/** What a task is to draw, and how it ends. */
interface Order {
  readonly card: Card;
  readonly prompt: string;
  readonly seed: number;
  readonly end: string;
}

function submit(exchange: Exchange): Reply {
  const name = exchange.params.model ?? '';
  const model = Object.hasOwn(models, name) ? models[name]! : undefined;
  if (!model) return failure(404, 'Not Found');
  const refusal = refuse(exchange.body, model);
  if (refusal) return refusal;
  const fields = exchange.body as Fields;
  const prompt = String(fields.prompt ?? '');
  const { width, height } = shapeOf(fields, model);
  const seed = Number(fields.seed ?? exchange.jobs.size + 1);
  const order: Order = {
    card: { prompt, width, height, seed },
    prompt: model.enriches?.(fields) ? `${prompt}, in soft light` : prompt,
    seed,
    end: exchange.takes('refused') ? 'Content Moderated' : endFor(prompt),
  };
  const { id } = exchange.startJob(order);
  const inputs = picturesOf(fields, model).map((one) => megapixels(dimensionsOf(one)));
  const [inputMP, outputMP] = [inputs.reduce((sum, one) => sum + one, 0), megapixels({ width, height })];
  const cost = model.price + (model.further ?? 0) * (outputMP - 1) + (model.perInput ?? 0) * inputMP;
  const credits = Number((cost * 100).toFixed(2));
  const polling_url = `${exchange.otherOrigin}/v1/get_result?id=${id}`;
  return { cost: credits / 100, json: { id, polling_url, cost: credits, input_mp: inputMP, output_mp: outputMP } };
}

function endFor(prompt: string): string {
  if (prompt.includes('[unsafe]')) return 'Request Moderated';
  return prompt.includes('[unsafe picture]') ? 'Content Moderated' : 'Ready';
}

/** A task that ends badly may say so with HTTP 503. */
function check(exchange: Exchange): Reply {
  const id = new URL(exchange.request.path, exchange.baseURL).searchParams.get('id') ?? '';
  const job = exchange.checkJob(id);
  if (!job) return { json: { id, status: 'Task not found', result: null, progress: null } };
  if (job.state === 'failed') return { status: 503, json: { id, status: 'Error', result: null, progress: null } };
  if (job.state === 'running') {
    const isFirst = job.checksLeft === exchange.checks - 1;
    return { json: { id, status: isFirst ? 'Pending' : 'Generating', result: null, progress: isFirst ? null : 0.5 } };
  }
  const { card, prompt, seed, end: own } = job.body as Order;
  const end = job.state === 'refused' ? 'Content Moderated' : own;
  if (end !== 'Ready') return { json: { id, status: end, result: null, progress: null } };
  const result = { sample: exchange.picture(card), prompt, seed, duration: 3.2 };
  return { json: { id, status: end, result, progress: 1 } };
}

function refuse(body: unknown, model: Model): Reply | undefined {
  if (!isRecord(body)) return wrong('body', 'Input should be a valid dictionary');
  const checks: Readonly<Record<string, Check>> = { prompt: isText, ...model.fields };
  const missing = (model.needs ?? ['prompt']).find((name) => body[name] === undefined);
  if (missing) return wrong(missing, 'Field required');
  for (const [name, value] of Object.entries(body)) {
    if (model.pictures.includes(name)) continue;
    const check = Object.hasOwn(checks, name) ? checks[name] : undefined;
    if (!check) return wrong(name, 'Extra inputs are not permitted');
    if (!check(value, body)) return wrong(name, 'Input is not valid');
  }
  const prompt = [...String(body.prompt ?? '')];
  if (model.longest && (prompt.length === 0 || prompt.length > model.longest))
    return wrong('prompt', 'Length is not valid');
  if (body.width !== undefined && body.height === undefined) return wrong('height', 'Field required');
  return refusePictures(body, model);
}

function refusePictures(fields: Fields, model: Model): Reply | undefined {
  const pictures = picturesOf(fields, model);
  if (pictures.length > 10) return wrong('images', 'At most 10 images');
  if (!pictures.every((one) => isPicture(one, model))) return wrong(model.pictures[0]!, 'Input is not a valid image');
  if (fields.mask === undefined) return undefined;
  const [image, mask] = pictures.map(dimensionsOf);
  const isSame = image?.width === mask?.width && image?.height === mask?.height;
  return isSame ? undefined : wrong('mask', 'The mask must have the dimensions of the image');
}

function picturesOf(fields: Fields, { pictures }: Model): readonly unknown[] {
  const given = pictures.map((name) => fields[name]).filter((value) => value !== undefined);
  return given.flat();
}

/** A URL, which is not fetched here, or base64 of a whole picture; FLUX 3 looks at its size, too. */
function isPicture(value: unknown, { longest }: Model): boolean {
  if (typeof value !== 'string') return false;
  if (/^https?:\/\/[^/]/.test(value)) return true;
  const seen = lookAt(Buffer.from(value, 'base64'));
  if (!seen || !isBase64(value)) return false;
  if (longest === undefined) return true;
  const { width, height } = dimensionsOf(value);
  return Math.min(width, height) >= 256 && width * height <= 16_000_000 && value.length * 0.75 <= 20_000_000;
}

/** Of a picture in base64; of a URL a square, since nobody fetches it. */
function dimensionsOf(picture: unknown): Dimensions {
  const { width = 1024, height = 1024 } = lookAt(Buffer.from(String(picture), 'base64')) ?? {};
  return { width, height };
}

interface Dimensions {
  readonly width: number;
  readonly height: number;
}

/** A megapixel is 1024x1024; begun ones count. */
function megapixels({ width, height }: Dimensions): number {
  return Math.ceil((width * height) / 2 ** 20);
}

const areas: Readonly<Record<string, number>> = { '768sq': 768, '1k': 1024, '1.5k': 1536, '2k': 2048, '4k': 4096 };

/** As asked, else as the first picture, else a square of a megapixel. */
function shapeOf(fields: Fields, model: Model): Dimensions {
  const { width, height, aspect_ratio: ratio, resolution } = fields;
  if (width !== undefined) return { width: Number(width), height: Number(height) };
  const [first] = picturesOf(fields, model);
  const like = first === undefined || model.pictures[0] === 'image_prompt' ? undefined : dimensionsOf(first);
  if (model.needs) return like!;
  const [across, down] = sides(ratio, ':') ?? [like?.width ?? 1, like?.height ?? 1];
  const side = areas[String(resolution ?? '1k')]!;
  const round = (length: number) => Math.max(16, Math.round(length / 16) * 16);
  return { width: round(side * Math.sqrt(across / down)), height: round(side * Math.sqrt(down / across)) };
}

/** Two whole numbers with something between them. */
function sides(text: unknown, between: string): readonly [number, number] | undefined {
  const [first, second, ...more] = String(text).split(between);
  const isPair = /^[1-9]\d*$/.test(first ?? '') && /^[1-9]\d*$/.test(second ?? '') && more.length === 0;
  return isPair ? [Number(first), Number(second)] : undefined;
}

/** What FastAPI says of a field. */
function wrong(field: string, msg: string): Reply {
  return { status: 422, json: { detail: [{ loc: ['body', field], msg, type: 'value_error' }] } };
}

function failure(status: number, detail: string): Reply {
  return { status, json: { detail } };
}
