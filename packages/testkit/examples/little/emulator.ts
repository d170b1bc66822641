// The little service on loopback, as its documentation tells.

import { defineEmulator, type Exchange, lookAt, type Reply, type Understood } from '../../src/index.ts';

type Fields = Readonly<Record<string, unknown>>;

const known = ['model', 'prompt', 'n', 'seed', 'width', 'height', 'quality', 'images', 'frame', 'steps'];

/** What the fields mean in anyimage's words. */
const understood: Understood = {
  model: 'model',
  prompt: 'prompt',
  n: 'n',
  seed: 'seed',
  size: ({ width, height }) => ({ width, height }),
  quality: 'quality',
  images: 'images',
  options: { frame: 'frame', steps: 'steps' },
};

export const emulator = defineEmulator({
  id: 'little',
  label: 'Little',
  keyEnv: 'LITTLE_API_KEY',
  baseURLEnv: 'LITTLE_BASE_URL',
  basePath: '/v1',
  currency: 'USD',
  filesLiveSeconds: 3600,
  authorize: ({ request, key }) =>
    request.headers.authorization === `Bearer ${key}` ? undefined : failure(401, 'bad key'),
  unknown: failure(404, 'no such address'),
  failures: {
    auth: failure(401, 'bad key'),
    quota: failure(402, 'the account is empty'),
    permission: failure(403, 'not for you'),
    'content-blocked': failure(422, 'unsafe'),
    'rate-limit': failure(429, 'slow down'),
    server: failure(500, 'internal error'),
    unavailable: failure(503, 'busy'),
  },
  routes: [
    { method: 'POST', path: 'pictures', point: 'generate', spends: true, understood, answer: generate },
    { method: 'POST', path: 'edits', point: 'edit', spends: true, understood, answer: generate },
    { method: 'POST', path: 'jobs', point: 'submit', spends: true, understood, answer: submit },
    { method: 'GET', path: 'jobs/:id', point: 'check', answer: check },
  ],
});

function generate(exchange: Exchange): Reply {
  const problem = problemOf(exchange, 'little-1');
  if (problem) return failure(400, problem);
  const { n } = exchange.body as { n: number };
  return {
    cost: 0.01 * n,
    json: { pictures: Array.from({ length: n }, (_, index) => draw(exchange, exchange.body, index)) },
  };
}

function submit(exchange: Exchange): Reply {
  const problem = problemOf(exchange, 'little-jobs');
  if (problem) return failure(400, problem);
  return { cost: 0.02, json: { job: exchange.startJob(exchange.body).id } };
}

function check(exchange: Exchange): Reply {
  const job = exchange.checkJob(exchange.params.id);
  if (!job) return failure(404, 'no such job');
  if (job.state === 'failed') return { json: { state: 'failed', error: 'out of paint' } };
  if (job.state === 'refused') return { json: { state: 'refused', error: 'unsafe' } };
  return { json: { state: job.state, ...(job.state === 'done' && { pictures: [draw(exchange, job.body, 0)] }) } };
}

function problemOf({ body, request }: Exchange, model: string): string | undefined {
  const fields = (body ?? {}) as Fields;
  const unknown = Object.keys(fields).find((name) => !known.includes(name));
  if (unknown) return `unknown field ${unknown}`;
  const { model: asked, prompt, n, seed, width = 64, height = 64, quality, images, frame, steps } = fields;
  if (asked !== model) return 'model';
  if (typeof prompt !== 'string' || prompt === '') return 'prompt';
  if (!isWhole(n, 1, model === 'little-1' ? 2 : 1)) return 'n';
  if (seed !== undefined && !isWhole(seed, 0, 2 ** 31 - 1)) return 'seed';
  const legal = [width, height].every((side) => isWhole(side, 32, 128) && (side as number) % 16 === 0);
  if (!legal) return 'width and height';
  if (quality !== undefined && !['low', 'high'].includes(quality as string)) return 'quality';
  if (frame !== undefined && typeof frame !== 'boolean') return 'frame';
  if (steps !== undefined && !isWhole(steps, 1, 50)) return 'steps';
  const pictures = Array.isArray(images) ? images : [];
  const isCount = request.point === 'edit' ? pictures.length > 0 && pictures.length <= 2 : pictures.length === 0;
  return isCount && pictures.every(isPicture) ? undefined : 'images';
}

/** A PNG with sides of 16 to 1024 px, in base64. */
function isPicture(base64: unknown): boolean {
  const { mediaType, width = 0, height = 0 } = lookAt(Buffer.from(String(base64), 'base64')) ?? {};
  return mediaType === 'image/png' && [width, height].every((side) => side >= 16 && side <= 1024);
}

function isWhole(value: unknown, min: number, max: number): boolean {
  return Number.isInteger(value) && (value as number) >= min && (value as number) <= max;
}

function draw(exchange: Exchange, body: unknown, index: number) {
  const {
    prompt,
    seed,
    width = 64,
    height = 64,
  } = body as { prompt: string; seed?: number; width?: number; height?: number };
  return { url: exchange.picture({ prompt, width, height, ...(seed !== undefined && { seed: seed + index }) }) };
}

function failure(status: number, error: string): Reply {
  return { status, json: { error } };
}
