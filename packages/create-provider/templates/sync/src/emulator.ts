// Paint Box on loopback, written from its documentation and from nothing of this package: a mistake made in wire.ts shows
// here. What the documentation leaves open is marked "unverified".

import { isRecord } from '@anyimage/core';
import { defineEmulator, type Exchange, type Fields, lookAt, type Reply, type Understood } from '@anyimage/testkit';

interface Model {
  /** USD for one picture, by quality; the first is the default. */
  readonly prices: Readonly<Record<string, number>>;
  /** Takes `quality`. */
  readonly qualities?: true;
}

const models: Readonly<Record<string, Model>> = {
  'paint-box-fast': { prices: { standard: 0.02 } },
  'paint-box-pro': { prices: { standard: 0.04, high: 0.08 }, qualities: true },
};

const known = ['model', 'prompt', 'n', 'size', 'quality', 'format', 'seed', 'images', 'guidance'];
const sizes = ['1024x1024', '1536x1024', '1024x1536'];
const largestSeed = 2 ** 32 - 1;

/** Which field is which word of anyimage: the suite compares what arrived with what was asked. */
const understood: Understood = {
  model: 'model',
  prompt: 'prompt',
  n: 'n',
  size: 'size',
  quality: 'quality',
  outputFormat: 'format',
  seed: 'seed',
  images: 'images',
  options: { guidance: 'guidance' },
};

/** Where an answer says what was made. */
const told = { seed: 'images.*.seed' };

/**
 * The emulated service. Stricter than the documentation says: unknown fields are refused (the service's own behaviour is
 * unverified). `[unsafe]` in a prompt is refused by moderation. A `refused` fault strikes one picture of several.
 */
export const emulator = defineEmulator({
  id: 'paint-box',
  label: 'Paint Box',
  keyEnv: 'PAINT_BOX_API_KEY',
  baseURLEnv: 'PAINT_BOX_BASE_URL',
  basePath: '/v1',
  currency: 'USD',
  filesLiveSeconds: 3600,
  authorize: ({ request, key }) =>
    request.headers.authorization === `Bearer ${key}`
      ? undefined
      : failure(401, 'unauthorized', 'the key is missing or wrong'),
  unknown: failure(404, undefined, 'there is nothing at this address'),
  failures: {
    auth: failure(401, 'unauthorized', 'the key is missing or wrong'),
    quota: failure(402, 'insufficient_credits', 'the account is empty'),
    permission: failure(403, 'forbidden', 'the key may not do this'),
    'not-found': failure(404, 'model_not_found', 'the model does not exist'),
    'invalid-request': failure(400, 'invalid_parameter', 'a parameter is not valid'),
    'content-blocked': failure(400, 'content_policy', 'the prompt was refused'),
    'rate-limit': failure(429, 'too_many_requests', 'slow down'),
    server: failure(500, 'internal_error', 'internal error'),
  },
  routes: [
    { method: 'POST', path: 'images', point: 'generate', spends: true, understood, told, answer: generate },
    { method: 'POST', path: 'edits', point: 'edit', spends: true, understood, told, answer: generate },
  ],
});

function generate(exchange: Exchange): Reply {
  const refusal = refuse(exchange);
  if (refusal) return refusal;
  const { model, prompt, n = 1, size = '1024x1024', quality, seed = 1 } = exchange.body as Fields;
  const [width, height] = String(size).split('x').map(Number);
  const refused = exchange.takes('refused') ? 1 : 0;
  const images = Array.from({ length: Number(n) }, (_, index) => {
    if (index < refused) return { error: { code: 'content_policy', message: 'the picture was refused' } };
    const own = Number(seed) + index;
    return { url: exchange.picture({ prompt: String(prompt), width: width!, height: height!, seed: own }), seed: own };
  });
  const { prices } = models[String(model)]!;
  return { cost: prices[String(quality ?? 'standard')]! * (images.length - refused), json: { images } };
}

function refuse({ body, request }: Exchange): Reply | undefined {
  if (!isRecord(body)) return wrong('the body is not a JSON object');
  const unknown = Object.keys(body).find((name) => !known.includes(name));
  if (unknown) return wrong(`${unknown} is not a parameter`);
  const model = Object.hasOwn(models, String(body.model)) ? models[String(body.model)]! : undefined;
  if (!model) return failure(404, 'model_not_found', 'the model does not exist');
  const name = refuseValue(body, model, request.point === 'edit');
  if (name) return wrong(`${name} is not valid`);
  const isUnsafe = String(body.prompt).includes('[unsafe]');
  return isUnsafe ? failure(400, 'content_policy', 'the prompt was refused') : undefined;
}

/** The name of the first parameter that is wrong. */
function refuseValue(fields: Fields, model: Model, isEdit: boolean): string | undefined {
  const { prompt, n, size, quality, format, seed, images, guidance } = fields;
  const checks: Readonly<Record<string, boolean>> = {
    prompt: typeof prompt === 'string' && prompt !== '' && [...prompt].length <= 2000,
    n: n === undefined || isWhole(n, 1, 4),
    size: size === undefined || isOneOf(size, sizes),
    quality: quality === undefined || (!!model.qualities && isOneOf(quality, Object.keys(model.prices))),
    format: format === undefined || isOneOf(format, ['jpeg', 'png']),
    seed: seed === undefined || isWhole(seed, 0, largestSeed),
    images: isEdit ? isList(images) && images.every(isPicture) : images === undefined,
    guidance: guidance === undefined || (typeof guidance === 'number' && guidance >= 1 && guidance <= 20),
  };
  return Object.keys(checks).find((name) => !checks[name]);
}

function isOneOf(value: unknown, words: readonly string[]): boolean {
  return typeof value === 'string' && words.includes(value);
}

function isWhole(value: unknown, least: number, most: number): boolean {
  return Number.isInteger(value) && Number(value) >= least && Number(value) <= most;
}

function isList(value: unknown): value is readonly unknown[] {
  return Array.isArray(value) && value.length >= 1 && value.length <= 4;
}

/** A `data:` URL of a whole picture: at most 10 MB, sides of 64 to 8192 px. */
function isPicture(value: unknown): boolean {
  const [, type, base64] = /^data:(image\/(?:png|jpeg|webp));base64,(.+)$/.exec(String(value)) ?? [];
  const bytes = Buffer.from(base64 ?? '', 'base64');
  const seen = lookAt(bytes);
  if (!seen || seen.mediaType !== type || bytes.length > 10_000_000) return false;
  const { width = 64, height = 64 } = seen;
  return [width, height].every((side) => side >= 64 && side <= 8192);
}

function wrong(message: string): Reply {
  return failure(400, 'invalid_parameter', message);
}

function failure(status: number, code: string | undefined, message: string): Reply {
  return { status, json: { error: { ...(code !== undefined && { code }), message } } };
}
