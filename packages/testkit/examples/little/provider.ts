// A provider in full: what a service of the plainest kind takes.

import {
  type CallContext,
  defineErrorMap,
  defineProvider,
  type ErrorCode,
  exchange,
  ImageError,
  nothingMade,
  type ProviderCall,
  type ProviderResult,
  perhapsMade,
  present,
  quoted,
  readComplaint,
  toBase64,
} from '@anyimage/core';
import { models } from './capabilities.ts';

/** The little service's own JSON. */
export interface LittleAnswer {
  readonly job?: string;
  readonly state?: string;
  readonly pictures?: readonly { readonly url: string }[];
  readonly error?: string;
}

/** States in which a job ended without a picture. */
const endings: { readonly [state: string]: ErrorCode } = { failed: 'server', refused: 'content-blocked' };

export const little = defineProvider({
  id: 'little',
  label: 'Little',
  models,
  regions: { world: { baseURL: 'https://api.example.com/v1' } },
  keys: [{ env: 'LITTLE_API_KEY', page: 'https://example.com/keys' }],
  baseURLs: [{ env: 'LITTLE_BASE_URL' }],
  sign: (key) => ({ authorization: `Bearer ${key}` }),

  async generate(call, context) {
    const to = call.operation === 'edit' ? 'edits' : 'pictures';
    return resultOf(await ask(context, { to, json: toWire(call) }));
  },

  jobs: {
    async submit(call, context) {
      const { job } = await ask(context, { to: 'jobs', json: toWire(call) });
      if (job) return job;
      throw new ImageError('bad-response', 'the service gave no job id', perhapsMade);
    },
    async check(ticket, context) {
      const answer = await ask(context, { to: `jobs/${ticket}` });
      if (answer.state === 'running') return { state: 'running' };
      if (answer.state === 'done') return { state: 'done', result: resultOf(answer) };
      const code = endings[String(answer.state)];
      if (!code)
        throw new ImageError('bad-response', `the service told an unknown state ${quoted(String(answer.state))}`);
      return { state: 'failed', error: new ImageError(code, `the job failed: ${answer.error}`, perhapsMade) };
    },
  },
});

export function toWire({ model, prompt, n, seed, size, quality, images, options }: ProviderCall) {
  return present({
    model,
    prompt,
    n,
    seed,
    width: size?.width,
    height: size?.height,
    quality,
    images: images.length ? images.map((image) => ('bytes' in image ? toBase64(image.bytes) : '')) : undefined,
    ...options,
  });
}

export function resultOf({ pictures = [] }: LittleAnswer): ProviderResult {
  if (pictures.length > 0) return { outputs: pictures.map(({ url }) => ({ url })) };
  throw nothingMade();
}

/** Sends a request, which spends if it has a body. Throws what it complains of: Little has no codes of its own, what is on the way may. */
export async function ask(context: CallContext, { to, json }: { to: string; json?: unknown }): Promise<LittleAnswer> {
  const { envelope, body } = await exchange(context, { to, ...(json !== undefined && { json, spends: true }) });
  if (envelope.status >= 400) throw toError(envelope, readComplaint(body));
  return (body ?? {}) as LittleAnswer;
}

const toError = defineErrorMap({ service: 'Little', codes: {}, statuses: { 422: 'content-blocked' } });
