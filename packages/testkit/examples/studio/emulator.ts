// The studio on loopback. It reads its own names of the words and answers with all that an answer may tell.

import { defineEmulator, type Exchange, type Fields, lookAt, type Reply, type Understood } from '../../src/index.ts';

const understood: Understood = {
  model: 'model',
  operation: (_, { request }) => request.path.split('/').at(-1),
  prompt: 'prompt',
  negativePrompt: 'negativePrompt',
  n: 'n',
  size: 'size',
  aspectRatio: 'aspectRatio',
  resolution: 'resolution',
  quality: 'quality',
  style: 'style',
  background: 'background',
  outputFormat: 'outputFormat',
  outputCompression: 'outputCompression',
  seed: 'seed',
  images: 'images',
  mask: { at: 'mask', repaint: 'black' },
  strength: 'strength',
  factor: 'factor',
  expand: 'expand',
  partials: 'partials',
  user: 'user',
  options: { frame: 'frame', weight: 'weight' },
};
const told = { seed: 'pictures.*.seed', revisedPrompt: 'pictures.*.drawn', cost: 'cost' };
const operations = ['generate', 'edit', 'inpaint', 'outpaint', 'upscale'];

export const emulator = defineEmulator({
  id: 'studio',
  label: 'Studio',
  keyEnv: 'STUDIO_API_KEY',
  baseURLEnv: 'STUDIO_BASE_URL',
  basePath: '/v1',
  currency: 'USD',
  filesLiveSeconds: 3600,
  otherHost: 'jobs.example.com',
  authorize: ({ request, key }) =>
    request.headers.authorization === `Bearer ${key}` ? undefined : failure(401, 'the key is wrong'),
  unknown: failure(404, 'no such address'),
  failures: {
    auth: failure(401, 'the key is wrong'),
    'content-blocked': failure(422, 'unsafe'),
    'rate-limit': failure(429, 'slow down'),
    server: failure(500, 'something broke here'),
  },
  routes: [
    ...operations.map(
      (path) => ({ method: 'POST', path, point: path, spends: true, understood, told, answer: draw }) as const,
    ),
    {
      method: 'POST',
      path: 'jobs',
      point: 'submit',
      spends: true,
      understood: { ...understood, operation: () => 'generate' },
      answer: submit,
    },
    { method: 'GET', path: 'jobs/:id', point: 'check', told, answer: check },
    { method: 'DELETE', path: 'jobs/:id', point: 'cancel', answer: cancel },
    {
      method: 'GET',
      path: 'models',
      point: 'models',
      answer: () => ({ json: { models: ['studio-1', 'studio-jobs'] } }),
    },
  ],
});

function draw(exchange: Exchange): Reply {
  const fields = (exchange.body ?? {}) as Fields;
  const { prompt, n, images, strength = 0 } = fields;
  if (typeof prompt !== 'string' || prompt === '') return failure(400, 'prompt');
  if (![1, 2].includes(n as number)) return failure(400, 'n');
  if (!(Number(strength) >= 0 && Number(strength) <= 1)) return failure(400, 'strength');
  const given = Array.isArray(images) ? images : [];
  if (!given.every(isPicture)) return failure(400, 'images');
  const cost = costOf(fields);
  const { pictures } = made(exchange, fields);
  const answer = exchange.takes('refused') ? [{}, ...pictures.slice(1)] : pictures;
  return { cost, json: { pictures: answer, cost } };
}

/** A `data:` URL of a picture, or a URL, which is not fetched here. */
function isPicture(text: unknown): boolean {
  const [, base64 = ''] = String(text).split(';base64,');
  return String(text).startsWith('https:') || lookAt(Buffer.from(base64, 'base64')) !== undefined;
}

function submit(exchange: Exchange): Reply {
  const fields = (exchange.body ?? {}) as Fields;
  if (fields.n !== 1) return failure(400, 'n');
  const { id } = exchange.startJob(fields);
  return { cost: costOf(fields), json: { job: id, ask: `${exchange.otherOrigin}/v1/jobs/${id}` } };
}

function check(exchange: Exchange): Reply {
  const job = exchange.checkJob(exchange.params.id);
  if (!job) return failure(404, 'no such job');
  const { state } = job;
  const fields = job.body as Fields;
  if (state !== 'done') return { json: { state, share: 0.5 } };
  return { json: { state, ...made(exchange, fields), cost: costOf(fields) } };
}

/** Only a job that nobody has asked for. */
function cancel({ jobs, params, checks }: Exchange): Reply {
  const job = jobs.get(params.id ?? '');
  if (!job) return failure(404, 'no such job');
  if (job.state === 'running' && job.checksLeft >= checks - 1) job.state = 'cancelled';
  return { json: { state: job.state } };
}

function made(exchange: Exchange, { prompt, n, seed, size }: Fields) {
  const { width, height } = (size ?? { width: 64, height: 64 }) as { width: number; height: number };
  const first = Number(seed ?? 100);
  const pictures = Array.from({ length: Number(n) }, (_, index) => ({
    url: exchange.picture({ prompt: String(prompt), width, height, seed: first + index }),
    seed: first + index,
    drawn: `${String(prompt)}, in soft light`,
  }));
  return { pictures };
}

function costOf({ n, quality }: Fields): number {
  return Number(n) * (quality === 'fine' ? 0.02 : 0.01);
}

function failure(status: number, error: string): Reply {
  return { status, json: { error }, headers: { 'x-request-id': 'req-0001' } };
}
