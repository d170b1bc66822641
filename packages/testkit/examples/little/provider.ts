// A provider in full: what a service of the plainest kind takes.

import {
  type Answer,
  type CallContext,
  defineProvider,
  type ErrorCode,
  ImageError,
  type ProviderCall,
  type ProviderResult,
} from '@anyimage/core';
import { models } from './capabilities.ts';

/** The little service's own JSON. */
export interface LittleAnswer {
  readonly job?: string;
  readonly state?: 'running' | 'done' | 'failed';
  readonly pictures?: readonly { readonly url: string }[];
  readonly error?: string;
}

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
      throw new ImageError('bad-response', 'the service gave no job id', { mayHaveBeenBilled: true });
    },
    async check(ticket, context) {
      const answer = await ask(context, { to: `jobs/${String(ticket)}` });
      if (answer.state === 'running') return { state: 'running' };
      if (answer.state === 'done') return { state: 'done', result: resultOf(answer) };
      const error = new ImageError('server', `the job failed: ${answer.error}`, { mayHaveBeenBilled: true });
      return { state: 'failed', error };
    },
  },
});

export function toWire({ model, prompt, n, seed, size, quality, images, options }: ProviderCall) {
  return {
    model,
    prompt,
    n,
    ...(seed !== undefined && { seed }),
    ...(size && { width: size.width, height: size.height }),
    ...(quality && { quality }),
    ...(images.length && {
      images: images.map((image) => ('bytes' in image ? Buffer.from(image.bytes).toString('base64') : '')),
    }),
    ...options,
  };
}

export function resultOf({ pictures = [] }: LittleAnswer): ProviderResult {
  if (pictures.length > 0) return { outputs: pictures.map(({ url }) => ({ url })) };
  throw new ImageError('bad-response', 'the service answered without pictures', {
    mayHaveBeenBilled: true,
    hint: 'Look at the account before asking again.',
  });
}

export async function ask(context: CallContext, { to, json }: { to: string; json?: unknown }): Promise<LittleAnswer> {
  const answer = await context.http.send({ to, ...(json !== undefined && { json, spends: true }) });
  if (answer.status >= 400) throw await failureOf(answer);
  return (await answer.json().catch((error: unknown) => {
    throw ImageError.isInstance(error) ? error.with({ mayHaveBeenBilled: json !== undefined }) : error;
  })) as LittleAnswer;
}

const codes: { readonly [status: number]: ErrorCode } = {
  401: 'auth',
  402: 'quota',
  403: 'permission',
  404: 'not-found',
  422: 'content-blocked',
  429: 'rate-limit',
  503: 'unavailable',
};

export async function failureOf(answer: Answer): Promise<ImageError> {
  const { status, headers } = answer;
  const body = (await answer.json().catch(() => ({}))) as LittleAnswer;
  const code = codes[status] ?? (status < 500 ? 'invalid-request' : 'server');
  const seconds = Number(headers.get('retry-after'));
  return new ImageError(code, `Little answered ${status}: ${body.error ?? 'no reason'}`, {
    status,
    retryable: status === 429 || status >= 500,
    ...(seconds > 0 && { retryAfter: seconds * 1000 }),
    mayHaveBeenBilled: status >= 500,
    hint: 'See https://example.com/docs/errors.',
  });
}
