// A provider of a service that has every word, jobs that can be cancelled, and a second host.

import {
  type CallContext,
  defineErrorMap,
  defineProvider,
  exchange,
  type HttpRequest,
  ImageError,
  isRecord,
  type JobState,
  nothingMade,
  type Output,
  type ProviderCall,
  type ProviderResult,
  perhapsMade,
  present,
  quoted,
  readComplaint,
  toURL,
} from '@anyimage/core';
import { models } from './capabilities.ts';

interface Picture {
  readonly url?: string;
  readonly seed?: number;
  readonly drawn?: string;
}

interface Answer {
  readonly pictures?: readonly Picture[];
  readonly cost?: number;
  readonly job?: string;
  readonly ask?: string;
  readonly state?: string;
  readonly share?: number;
  readonly models?: readonly string[];
}

export const studio = defineProvider({
  id: 'studio',
  label: 'Studio',
  models,
  regions: { world: { baseURL: 'https://api.example.com/v1' } },
  keys: [{ env: 'STUDIO_API_KEY' }],
  baseURLs: [{ env: 'STUDIO_BASE_URL' }],
  trustedHosts: ['.example.com'],
  sign: (key) => ({ authorization: `Bearer ${key}` }),

  async generate(call, context) {
    return resultOf(await ask(context, { to: call.operation, json: toWire(call), spends: true }));
  },

  jobs: {
    async submit(call, context) {
      const answer = await ask(context, { to: 'jobs', json: toWire(call), spends: true });
      if (answer.ask) return answer.ask;
      throw new ImageError('bad-response', 'the service does not say where to ask for the job', perhapsMade);
    },
    async check(ticket, context) {
      return stateOf(await ask(context, { to: String(ticket) }));
    },
    async cancel(ticket, context) {
      const { state } = await ask(context, { to: String(ticket), method: 'DELETE' });
      return state === 'cancelled' ? 'cancelled' : 'too late';
    },
  },

  async discover(context) {
    const { models = [] } = await ask(context, { to: 'models' });
    return models.map((id) => ({ id }));
  },
});

function toWire({ limits: _, intent: __, operation: ___, images, mask, options, ...words }: ProviderCall) {
  return present({ ...words, ...options, images: images.map(toURL), mask: mask && toURL(mask) });
}

function resultOf({ pictures = [], cost }: Answer): ProviderResult {
  if (pictures.length === 0) throw nothingMade();
  const outputs = pictures.map(({ url, seed, drawn }): Output => {
    if (url) return { url, ...present({ seed, revisedPrompt: drawn }) };
    return { error: new ImageError('content-blocked', 'the service held the picture back', perhapsMade) };
  });
  return { outputs, ...(cost !== undefined && { cost: { amount: cost, currency: 'USD', estimated: false } }) };
}

function stateOf(answer: Answer): JobState {
  const { state, share } = answer;
  if (state === 'running') return { state, ...present({ fraction: share }) };
  if (state === 'done') return { state, result: resultOf(answer) };
  const code = state === 'failed' ? 'server' : state === 'refused' ? 'content-blocked' : undefined;
  if (code) return { state: 'failed', error: new ImageError(code, `the job ended: ${state}`, perhapsMade) };
  throw new ImageError('bad-response', `the service told an unknown state ${quoted(String(state))}`, perhapsMade);
}

async function ask(context: CallContext, request: HttpRequest): Promise<Answer> {
  const { envelope, body } = await exchange(context, request);
  if (envelope.status >= 400) throw toError(envelope, readComplaint(body));
  return isRecord(body) ? (body as Answer) : {};
}

const toError = defineErrorMap({ service: 'Studio', codes: {}, statuses: { 422: 'content-blocked' } });
