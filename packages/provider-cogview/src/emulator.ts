// Zhipu AI (BigModel) on loopback, written from its documentation and from nothing of this package: a mistake made in
// wire.ts shows here. What the documentation leaves open is marked "unverified".

import { isRecord } from '@anyimage/core';
import { defineEmulator, type Exchange, type Reply, type Understood, writeText } from '@anyimage/testkit';

type Fields = Readonly<Record<string, unknown>>;

interface SizeFacts {
  readonly listed: readonly string[];
  readonly side: readonly [number, number];
  readonly multiple: number;
  readonly pixels: number;
}

interface Model {
  /** CNY for one picture. */
  readonly price: number;
  readonly quality: readonly string[];
  readonly sizes: SizeFacts;
  /** Longest prompt, characters. */
  readonly prompt?: number;
  readonly async?: true;
}

const glmSizes: SizeFacts = {
  listed: ['1280x1280', '1568x1056', '1056x1568', '1472x1088', '1088x1472', '1728x960', '960x1728'],
  side: [1024, 2048],
  multiple: 32,
  pixels: 2 ** 22,
};
const cogviewSizes: SizeFacts = {
  listed: ['1024x1024', '768x1344', '864x1152', '1344x768', '1152x864', '1440x720', '720x1440'],
  side: [512, 2048],
  multiple: 16,
  pixels: 2 ** 21,
};

/** Today's list of the China host. cogview-3 and cogview-3-plus are missing from it and answered with 1211. */
const models: Readonly<Record<string, Model>> = {
  'glm-image': { price: 0.1, quality: ['hd'], sizes: glmSizes, prompt: 1000, async: true },
  'cogview-4-250304': { price: 0.06, quality: ['standard', 'hd'], sizes: cogviewSizes },
  'cogview-4': { price: 0.06, quality: ['standard'], sizes: cogviewSizes },
  'cogview-3-flash': { price: 0, quality: ['standard'], sizes: cogviewSizes },
};

/** Text models, and whether they think unless told not to. */
const textModels: Readonly<Record<string, boolean>> = {
  'glm-5.2': true,
  'glm-5.1': true,
  'glm-5': true,
  'glm-4.7': true,
  'glm-4.7-flash': true,
  'glm-4.7-flashx': true,
  'glm-4.6': true,
  'glm-4.5-air': true,
  'glm-4.5-flash': true,
  'glm-4-flash-250414': false,
  'glm-4-flashx-250414': false,
};

/** How many tokens the thinking of an emulated text model takes. */
const thinkingTokens = 500;

const imageFields = ['model', 'prompt', 'size', 'quality', 'watermark_enabled', 'user_id'];
const chatFields = [
  ...['model', 'messages', 'temperature', 'top_p', 'max_tokens', 'stream', 'thinking', 'request_id', 'user_id'],
  ...['do_sample', 'stop', 'response_format'],
];

/** What the fields mean in anyimage's words. */
const understood: Understood = {
  model: 'model',
  prompt: 'prompt',
  size: 'size',
  quality: 'quality',
  user: 'user_id',
  options: { watermark: 'watermark_enabled' },
};

/**
 * The emulated service. Stricter than the documentation says: unknown fields are refused with 1210 (the service's own behaviour
 * is unverified). Words in a prompt choose an outcome: `[unsafe]` is refused by moderation, `[slight]` succeeds with a
 * `content_filter`, `[fail]` makes an asynchronous job fail.
 */
export const emulator = defineEmulator({
  id: 'zhipu',
  label: 'Zhipu AI (BigModel)',
  keyEnv: 'ZHIPU_API_KEY',
  baseURLEnv: 'ZHIPU_BASE_URL',
  basePath: '/api/paas/v4',
  currency: 'CNY',
  filesLiveSeconds: 30 * 24 * 3600,
  authorize({ request, key }) {
    const header = request.headers.authorization;
    if (!header) return failure(401, '1001', 'Header does not contain Authorization, authentication is impossible');
    return header === `Bearer ${key}` ? undefined : failure(401, '1000', 'Authentication failed');
  },
  unknown: failure(400, '1222', 'The API does not exist'),
  failures: {
    auth: failure(401, '1000', 'Authentication failed'),
    permission: failure(403, '1220', 'You have no right to access this API'),
    'not-found': failure(400, '1211', 'The model does not exist, check the model code'),
    'invalid-request': failure(400, '1210', 'Wrong parameters, check the documentation'),
    'content-blocked': blocked(),
    quota: failure(429, '1113', 'Your account is in arrears, recharge and try again'),
    'rate-limit': failure(429, '1302', 'You have reached the rate limit'),
    unavailable: failure(429, '1305', 'The model is overloaded, try again later'),
    server: failure(500, '500', 'Internal error'),
  },
  routes: [
    { method: 'POST', path: 'images/generations', point: 'generate', spends: true, understood, answer: generate },
    { method: 'POST', path: 'async/images/generations', point: 'submit', spends: true, understood, answer: submit },
    { method: 'GET', path: 'async-result/:id', point: 'check', answer: check },
    { method: 'POST', path: 'chat/completions', point: 'chat', answer: chat },
  ],
});

function generate(exchange: Exchange): Reply {
  const refusal = refuseImage(exchange.body);
  if (refusal) return refusal;
  const fields = exchange.body as Fields;
  return {
    cost: models[fields.model as string]!.price,
    json: {
      created: seconds(exchange),
      id: exchange.nextId('image'),
      request_id: exchange.nextId('req'),
      data: [{ url: draw(exchange, fields) }],
      ...(String(fields.prompt).includes('[slight]') && { content_filter: [{ role: 'assistant', level: 3 }] }),
    },
  };
}

/** Only glm-image works asynchronously; 1211 for the others is unverified. */
function submit(exchange: Exchange): Reply {
  const refusal = refuseImage(exchange.body);
  if (refusal) return refusal;
  const fields = exchange.body as Fields;
  const model = models[fields.model as string]!;
  if (!model.async) return failure(400, '1211', `The model ${String(fields.model)} does not exist here`);
  const fails = exchange.takes('failed') || String(fields.prompt).includes('[fail]');
  const { id } = exchange.startJob({ ...fields, fails: Boolean(fails) }, 'task');
  const json = { model: fields.model, id, request_id: exchange.nextId('req'), task_status: 'PROCESSING' };
  return { cost: model.price, json };
}

/** The answers to an unknown id and of a failed job are unverified. */
function check(exchange: Exchange): Reply {
  const job = exchange.checkJob(exchange.params.id);
  if (!job) return failure(400, '1214', 'The task id is invalid or has expired');
  const fields = job.body as Fields;
  if (job.state === 'done' && fields.fails) job.state = 'failed';
  const facts = { model: fields.model, request_id: exchange.nextId('req') };
  if (job.state === 'running') return { json: { ...facts, task_status: 'PROCESSING' } };
  if (job.state === 'done') {
    return { json: { ...facts, task_status: 'SUCCESS', image_result: [{ url: draw(exchange, fields) }] } };
  }
  const refused = { code: '1301', message: 'The system detected unsafe or sensitive content' };
  const error = job.state === 'refused' ? refused : { code: '1230', message: 'The task has failed' };
  return { json: { ...facts, task_status: 'FAIL', error } };
}

/** Writes as every emulated text model does; thinking uses up the tokens it is given. */
function chat(exchange: Exchange): Reply {
  const refusal = refuseChat(exchange.body);
  if (refusal) return refusal;
  const fields = exchange.body as Fields;
  const messages = fields.messages as { role: string; content: string }[];
  const last = (role: string) => messages.findLast((message) => message.role === role)?.content ?? '';
  const asked = last('user');
  const thinks = textModels[fields.model as string]! && (fields.thinking as Fields | undefined)?.type !== 'disabled';
  const limit = typeof fields.max_tokens === 'number' ? fields.max_tokens : Infinity;
  const sensitive = asked.includes('[unsafe]');
  const cut = thinks && limit <= thinkingTokens;
  const content = sensitive || cut ? '' : writeText(last('system'), asked);
  const prompt_tokens = [...asked].length + 12;
  const completion_tokens = cut ? limit : [...content].length + (thinks ? thinkingTokens : 0);
  return {
    json: {
      id: exchange.nextId('chat'),
      request_id: exchange.nextId('req'),
      created: seconds(exchange),
      model: fields.model,
      choices: [
        {
          index: 0,
          finish_reason: sensitive ? 'sensitive' : cut ? 'length' : 'stop',
          message: { role: 'assistant', content, ...(thinks && { reasoning_content: 'The user wants a short text.' }) },
        },
      ],
      usage: { prompt_tokens, completion_tokens, total_tokens: prompt_tokens + completion_tokens },
    },
  };
}

function refuseImage(body: unknown): Reply | undefined {
  const basics = refuseFields(body, imageFields);
  if (basics) return basics;
  const { model: id, prompt, size, quality, watermark_enabled, user_id } = body as Fields;
  const model = Object.hasOwn(models, id as string) ? models[id as string]! : undefined;
  if (!model) return failure(400, '1211', `The model ${String(id)} does not exist, check the model code`);
  if (prompt === undefined || prompt === '') return failure(400, '1213', 'The prompt is missing');
  if (typeof prompt !== 'string') return failure(400, '1214', 'The prompt is invalid');
  if (model.prompt && [...prompt].length > model.prompt) return failure(400, '1261', 'The prompt is too long');
  if (size !== undefined && !isSize(size, model.sizes)) return failure(400, '1214', 'The size is invalid');
  if (quality !== undefined && !model.quality.includes(quality as string)) {
    return failure(400, '1214', `The quality is invalid; allowed: ${model.quality.join(', ')}`);
  }
  if (watermark_enabled !== undefined && typeof watermark_enabled !== 'boolean') {
    return failure(400, '1214', 'watermark_enabled is invalid');
  }
  if (user_id !== undefined && !isId(user_id, 128))
    return failure(400, '1214', 'The length of user_id is not 6 to 128');
  return prompt.includes('[unsafe]') ? blocked() : undefined;
}

function refuseChat(body: unknown): Reply | undefined {
  const basics = refuseFields(body, chatFields);
  if (basics) return basics;
  const { model, messages, temperature, max_tokens, stream, thinking, user_id, request_id } = body as Fields;
  if (!Object.hasOwn(textModels, model as string)) return failure(400, '1211', 'The model does not exist');
  if (!Array.isArray(messages) || messages.length === 0) return failure(400, '1213', 'messages is missing');
  const wellFormed = messages.every(
    (message: Fields | null) => typeof message?.role === 'string' && typeof message.content === 'string',
  );
  if (!wellFormed || !messages.some(({ role }: Fields) => role === 'user')) {
    return failure(400, '1214', 'messages is invalid');
  }
  if (temperature !== undefined && !(typeof temperature === 'number' && temperature >= 0 && temperature <= 1)) {
    return failure(400, '1214', 'temperature is not 0 to 1');
  }
  if (temperature !== undefined && !/^\d(\.\d{1,2})?$/.test(String(temperature))) {
    return failure(400, '1214', 'temperature has more than two decimals');
  }
  if (max_tokens !== undefined && !(Number.isInteger(max_tokens) && (max_tokens as number) > 0)) {
    return failure(400, '1214', 'max_tokens is invalid');
  }
  if (stream) return failure(400, '1210', 'this emulator does not stream');
  if (thinking !== undefined) {
    const known = ['enabled', 'disabled'].includes((thinking as Fields | null)?.type as string);
    if (!known || !textModels[model as string]) return failure(400, '1210', 'thinking is not valid for this model');
  }
  if (request_id !== undefined && !isId(request_id, 64)) {
    return failure(400, '1214', 'The length of request_id is not 6 to 64');
  }
  return user_id !== undefined && !isId(user_id, 128)
    ? failure(400, '1214', 'The length of user_id is not 6 to 128')
    : undefined;
}

function refuseFields(body: unknown, known: readonly string[]): Reply | undefined {
  if (!isRecord(body)) return failure(400, '1210', 'The body is not a JSON object');
  const unknown = Object.keys(body).find((name) => !known.includes(name));
  if (unknown) return failure(400, '1210', `Wrong parameters: ${unknown} is not a parameter`);
  const { model } = body;
  if (model === undefined || model === '') return failure(400, '1213', 'The model is missing');
  return typeof model === 'string' ? undefined : failure(400, '1214', 'The model is invalid');
}

function isSize(size: unknown, { listed, side: [min, max], multiple, pixels }: SizeFacts): boolean {
  if (typeof size !== 'string') return false;
  if (listed.includes(size)) return true;
  const sides = /^([1-9]\d*)x([1-9]\d*)$/.exec(size)?.slice(1).map(Number);
  if (!sides) return false;
  return sides.every((side) => side >= min && side <= max && side % multiple === 0) && sides[0]! * sides[1]! <= pixels;
}

function isId(value: unknown, most: number): boolean {
  return typeof value === 'string' && [...value].length >= 6 && [...value].length <= most;
}

function draw(exchange: Exchange, { model, prompt, size }: Fields): string {
  const [width, height] = String(size ?? models[model as string]!.sizes.listed[0])
    .split('x')
    .map(Number);
  return exchange.picture({ prompt: String(prompt), width: width!, height: height! });
}

function seconds({ now }: Exchange): number {
  return Math.floor(now / 1000);
}

function failure(status: number, code: string, message: string): Reply {
  return { status, json: { error: { code, message } } };
}

function blocked(): Reply {
  const error = { code: '1301', message: 'The system detected unsafe or sensitive content in the input' };
  return { status: 400, json: { contentFilter: [{ level: 1, role: 'user' }], error } };
}
