// Alibaba Cloud Bailian (DashScope) on loopback, written from its documentation and from nothing of this package: a mistake
// made in wire.ts shows here. What the documentation leaves open is marked "unverified".

import { defineEmulator, type EmulatorFactory, type Exchange, type Reply, type Understood } from '@anyimage/testkit';
import { answerChat, chatFailure } from './emulator/chat.ts';
import { type Endpoint, models } from './emulator/models.ts';
import { type Fields, type Order, Refusal, readOrder, type Upload } from './emulator/requests.ts';

const oneDay = 86_400_000;

/** What is uploaded, by emulator: each has its own list of jobs. */
const storage = new WeakMap<Exchange['jobs'], Map<string, Upload>>();

/** What the functions of wanx2.1-imageedit do in anyimage's words; what is not here has none. */
const operations: Readonly<Record<string, string>> = {
  description_edit: 'edit',
  description_edit_with_mask: 'inpaint',
  expand: 'outpaint',
  super_resolution: 'upscale',
  colorization: 'colorize',
  stylization_all: 'stylize',
  stylization_local: 'stylizeLocal',
  remove_watermark: 'removeWatermark',
  doodle: 'doodle',
  control_cartoon_feature: 'cartoonCharacter',
};
const grown = (scale: unknown) => (scale === undefined ? 0 : Number(scale) - 1);

/** What the fields of all four forms mean in anyimage's words. */
const understood: Understood = {
  model: 'model',
  operation: ({ input }) => {
    const { function: name } = input as Fields;
    if (name !== undefined) return operations[String(name)];
    return JSON.stringify(input).includes('"image') ? 'edit' : 'generate';
  },
  prompt: ['input.prompt', 'input.messages.0.content.*.text'],
  negativePrompt: ['input.negative_prompt', 'parameters.negative_prompt'],
  n: 'parameters.n',
  size: 'parameters.size',
  resolution: 'parameters.size',
  seed: 'parameters.seed',
  images: ['input.images', 'input.base_image_url', 'input.messages.0.content.*.image'],
  mask: { at: 'input.mask_image_url', repaint: 'white' },
  strength: 'parameters.strength',
  factor: 'parameters.upscale_factor',
  expand: ({ parameters }) => {
    const { top_scale, right_scale, bottom_scale, left_scale } = parameters as Fields;
    return { top: grown(top_scale), right: grown(right_scale), bottom: grown(bottom_scale), left: grown(left_scale) };
  },
  options: {
    watermark: 'parameters.watermark',
    promptExtend: 'parameters.prompt_extend',
    thinking: 'parameters.thinking_mode',
    sequential: 'parameters.enable_sequential',
    isSketch: 'parameters.is_sketch',
  },
};

const service = defineEmulator({
  id: 'bailian',
  label: 'Alibaba Cloud Bailian',
  keyEnv: 'DASHSCOPE_API_KEY',
  baseURLEnv: 'DASHSCOPE_HTTP_BASE_URL',
  basePath: '',
  currency: 'CNY',
  filesLiveSeconds: 24 * 3600,
  failedJobs: 'free',
  moderation: 'silent',
  authorize({ request, key }) {
    // The storage knows no key; here it shares its origin with the API.
    if (request.point === 'upload' || request.headers.authorization === `Bearer ${key}`) return undefined;
    if (request.path.startsWith('/compatible-mode/')) {
      return chatFailure(401, 'invalid_api_key', 'Incorrect API key provided.');
    }
    return failure(401, 'InvalidApiKey', 'Invalid API-key provided.');
  },
  unknown: failure(404, 'NotFound', 'The requested resource does not exist.'),
  failures: {
    auth: failure(401, 'InvalidApiKey', 'Invalid API-key provided.'),
    permission: failure(403, 'AccessDenied.Unpurchased', 'Access to model denied.'),
    'not-found': failure(404, 'ModelNotFound', 'Model can not be found.'),
    'invalid-request': failure(400, 'InvalidParameter', 'A parameter is invalid.'),
    'content-blocked': failure(400, 'DataInspectionFailed', 'Input data may contain inappropriate content.'),
    quota: failure(400, 'Arrearage', 'Access denied, please make sure your account is in good standing.'),
    'rate-limit': failure(429, 'Throttling.RateQuota', 'Requests rate limit exceeded, please try again later.'),
    timeout: failure(500, 'RequestTimeOut', 'Request timed out, please try again later.'),
    unavailable: failure(503, 'ModelUnavailable', 'Model is unavailable, please try again later.'),
    server: failure(500, 'InternalError', 'An internal error has occurred.'),
  },
  routes: [
    pictures('text2image/image-synthesis', 'text2image'),
    pictures('image2image/image-synthesis', 'image2image'),
    pictures('image-generation/generation', 'async'),
    pictures('multimodal-generation/generation', 'sync'),
    {
      method: 'GET',
      path: 'api/v1/tasks/:id',
      point: 'check',
      told: { revisedPrompt: 'output.results.*.actual_prompt' },
      answer: check,
    },
    { method: 'POST', path: 'api/v1/tasks/:id/cancel', point: 'cancel', answer: cancel },
    { method: 'GET', path: 'api/v1/uploads', point: 'permit', answer: permit },
    { method: 'POST', path: 'storage', point: 'upload', answer: upload },
    { method: 'POST', path: 'compatible-mode/v1/chat/completions', point: 'chat', answer: answerChat },
  ],
});

/**
 * The emulated service, both of its APIs; clients are told the root of the native one. Words in a prompt choose an outcome:
 * `[unsafe]` is refused by moderation, of a task when it runs; `[partial]` fails the last picture; `[fail]` fails a task.
 */
export const emulator: EmulatorFactory = {
  ...service,
  async start(options) {
    const running = await service.start(options);
    const baseURL = `${running.origin}/api/v1`;
    const env = { ...running.env, [service.baseURLEnv]: baseURL };
    return Object.create(running, {
      baseURL: { value: baseURL, enumerable: true },
      env: { value: env, enumerable: true },
    });
  },
};

function pictures(path: string, endpoint: Endpoint) {
  const point = endpoint === 'sync' ? 'generate' : 'submit';
  const answer = (exchange: Exchange) => withOrder(exchange, endpoint, point === 'generate' ? generate : submit);
  return { method: 'POST', path: `api/v1/services/aigc/${path}`, point, spends: true, understood, answer } as const;
}

function withOrder(
  exchange: Exchange,
  endpoint: Endpoint,
  answer: (exchange: Exchange, order: Order, endpoint: Endpoint) => Reply,
): Reply {
  const { headers } = exchange.request;
  try {
    const order = readOrder(exchange.body, {
      endpoint,
      asynchronous: headers['x-dashscope-async'] === 'enable',
      resolves: headers['x-dashscope-ossresourceresolve'] === 'enable',
      uploads: uploadsOf(exchange),
    });
    return answer(exchange, order, endpoint);
  } catch (error) {
    if (error instanceof Refusal) return failure(error.status, error.code, error.message);
    throw error;
  }
}

function generate(exchange: Exchange, order: Order): Reply {
  if (order.prompt.includes('[unsafe]')) {
    return failure(400, 'DataInspectionFailed', 'Output data may contain inappropriate content.');
  }
  const failed = order.n > 1 && (order.prompt.includes('[partial]') || exchange.takes('refused')) ? 1 : 0;
  const made = order.n - failed;
  const content = Array.from({ length: made }, (_, index) => ({ image: draw(exchange, order, index) }));
  return {
    cost: costOf(order, made),
    json: {
      request_id: exchange.nextId('req'),
      output: {
        choices: [{ finish_reason: 'stop', message: { role: 'assistant', content } }],
        task_metric: { TOTAL: order.n, SUCCEEDED: made, FAILED: failed },
      },
      usage: { ...order.size, image_count: made },
    },
  };
}

/** What the emulator keeps of a task. */
interface Task {
  readonly order: Order;
  readonly endpoint: Endpoint;
  readonly at: number;
  /** How many checks find it unfinished. */
  readonly checks: number;
  readonly failed: number;
}

function submit(exchange: Exchange, order: Order, endpoint: Endpoint): Reply {
  const id = exchange.nextId('task');
  const { checks, now } = exchange;
  const doomed = exchange.takes('failed') || /\[(unsafe|fail)\]/.test(order.prompt);
  const failed = doomed ? order.n : Number(order.prompt.includes('[partial]'));
  const body: Task = { order, endpoint, at: now, checks, failed };
  exchange.jobs.set(id, { id, state: 'running', checksLeft: checks, body });
  const output = { task_status: 'PENDING', task_id: id };
  return { cost: costOf(order, order.n - failed), json: { output, request_id: exchange.nextId('req') } };
}

/** Failures of a task come with status 200. */
function check(exchange: Exchange): Reply {
  const id = exchange.params.id ?? '';
  const job = exchange.jobs.get(id);
  const request_id = exchange.nextId('req');
  const told = (task_status: string, more: Fields = {}) => ({
    json: { request_id, output: { task_id: id, task_status, ...more } },
  });
  const task = job?.body as Task | undefined;
  if (!job || !task || exchange.now - task.at >= oneDay) return told('UNKNOWN');
  const { order, checks, failed } = task;
  if (exchange.takes('failed')) job.state = 'failed';
  const refused = exchange.takes('refused') ? 1 : 0;
  if (refused && order.n === 1) job.state = 'refused';
  if (job.state === 'cancelled') return told('CANCELED');
  if (job.state === 'running' && job.checksLeft > 0) {
    const status = job.checksLeft === checks ? 'PENDING' : 'RUNNING';
    job.checksLeft -= 1;
    return told(status);
  }
  if (job.state === 'running') job.state = failed === order.n ? 'failed' : 'done';
  const metrics = (lost: number) => ({ TOTAL: order.n, SUCCEEDED: order.n - lost, FAILED: lost });
  if (job.state === 'failed' || job.state === 'refused') {
    const blocked = job.state === 'refused' || order.prompt.includes('[unsafe]');
    const [code, message] = blocked
      ? ['DataInspectionFailed', 'Output data may contain inappropriate content.']
      : ['InternalError.Algo', 'The task has failed.'];
    return told('FAILED', { code, message, task_metrics: metrics(order.n) });
  }
  const lost = Math.max(failed, refused);
  const made = Array.from({ length: order.n - lost }, (_, index) => draw(exchange, order, index));
  return {
    json: {
      request_id,
      output: {
        task_id: id,
        task_status: 'SUCCEEDED',
        ...(task.endpoint === 'async' ? choicesOf(made) : resultsOf(order, made, refused)),
        task_metrics: metrics(lost),
      },
      usage: { image_count: made.length },
    },
  };
}

function choicesOf(urls: readonly string[]) {
  const messageOf = (image: string) => ({ role: 'assistant', content: [{ type: 'image', image }] });
  return { finished: true, choices: urls.map((image) => ({ finish_reason: 'stop', message: messageOf(image) })) };
}

function resultsOf({ prompt, n, extended }: Order, urls: readonly string[], refused: number) {
  const lost = refused
    ? { code: 'DataInspectionFailed', message: 'Output data may contain inappropriate content.' }
    : { code: 'InternalError.Timeout', message: 'The picture took too long.' };
  const made = urls.map((url) => ({
    orig_prompt: prompt,
    ...(extended && { actual_prompt: `${prompt}, in fine detail` }),
    url,
  }));
  return { results: [...made, ...Array(n - urls.length).fill(lost)] };
}

/** Only a waiting task can be cancelled. The forms of both answers are unverified. */
function cancel(exchange: Exchange): Reply {
  const job = exchange.jobs.get(exchange.params.id ?? '');
  const waits = job?.state === 'running' && job.checksLeft === (job.body as Task).checks;
  if (!waits) {
    return failure(400, 'UnsupportedOperation', 'Failed to cancel the task, is it in PENDING status?');
  }
  job.state = 'cancelled';
  return { json: { request_id: exchange.nextId('req') } };
}

function permit(exchange: Exchange): Reply {
  const query = new URLSearchParams(exchange.request.path.split('?')[1]);
  const model = query.get('model') ?? '';
  if (query.get('action') !== 'getPolicy') return failure(400, 'InvalidParameter', 'action is not getPolicy');
  if (!Object.hasOwn(models, model)) return failure(404, 'ModelNotFound', `Model can not be found: ${model}`);
  const policy = Buffer.from(JSON.stringify({ model, until: exchange.now + 300_000 })).toString('base64');
  return {
    json: {
      request_id: exchange.nextId('req'),
      data: {
        policy,
        signature: 'test-signature',
        upload_dir: `dashscope-instant/${exchange.nextId('dir')}`,
        upload_host: `${exchange.baseURL}/storage`,
        expire_in_seconds: 300,
        max_file_size_mb: 100,
        oss_access_key_id: 'test-access-key-id',
        x_oss_object_acl: 'private',
        x_oss_forbid_overwrite: 'true',
      },
    },
  };
}

/** The storage answers in XML, and reads no field after the file. */
async function upload(exchange: Exchange): Promise<Reply> {
  const fields = [...(exchange.form ?? [])];
  const before = Object.fromEntries(fields.slice(0, -1));
  const [lastName, file] = fields.at(-1) ?? [];
  if (lastName !== 'file' || !(file instanceof Blob))
    return storageFailure(400, 'InvalidArgument', 'The file is not last');
  const signed = before.Signature === 'test-signature' && before.OSSAccessKeyId === 'test-access-key-id';
  if (!signed) return storageFailure(403, 'SignatureDoesNotMatch', 'The signature is wrong');
  const { model, until } = JSON.parse(Buffer.from(String(before.policy), 'base64').toString());
  if (exchange.now >= until) return storageFailure(403, 'AccessDenied', 'Invalid according to Policy: Policy expired.');
  const proper =
    /^dashscope-instant\/dir-\d+\/[\w.-]+$/.test(String(before.key)) &&
    before['x-oss-object-acl'] === 'private' &&
    before['x-oss-forbid-overwrite'] === 'true' &&
    before.success_action_status === '200';
  if (!proper) return storageFailure(403, 'AccessDenied', 'Invalid according to Policy: Policy Condition failed.');
  const uploads = uploadsOf(exchange);
  const url = `oss://${String(before.key)}`;
  if (uploads.has(url)) return storageFailure(409, 'FileAlreadyExists', 'The object exists already');
  uploads.set(url, { model, bytes: new Uint8Array(await file.arrayBuffer()) });
  return { body: '', type: 'text/plain' };
}

function uploadsOf({ jobs }: Exchange): Map<string, Upload> {
  const known = storage.get(jobs) ?? new Map();
  storage.set(jobs, known);
  return known;
}

/** A signed URL, which names its end. */
function draw(exchange: Exchange, { prompt, size, seed }: Order, index: number): string {
  const card = seed === undefined ? { prompt: `${prompt} ${index || ''}`.trim() } : { prompt, seed: seed + index };
  const url = exchange.picture({ ...card, ...size });
  return `${url}?Expires=${Math.floor((exchange.now + oneDay) / 1000)}`;
}

function costOf({ id, model, extended }: Order, made: number): number {
  return made * model.price * (id === 'z-image-turbo' && extended ? 2 : 1);
}

function failure(status: number, code: string, message: string): Reply {
  return { status, json: { code, message, request_id: 'req-refused' } };
}

function storageFailure(status: number, code: string, message: string): Reply {
  const body = `<?xml version="1.0" encoding="UTF-8"?><Error><Code>${code}</Code><Message>${message}</Message></Error>`;
  return { status, body, type: 'application/xml' };
}
