// What only listens, or gives back, may fail in any way, at once or later: it ends neither the work nor the process.

import { beforeEach, expect, test } from 'vitest';
import { noisyPNG } from '../../test/pictures.ts';
import type { ClientOptions, ClientRequest } from '../contract/client.ts';
import { ImageError } from '../contract/errors.ts';
import type { ProviderFunctions } from '../contract/provider.ts';
import { memoryImageStore } from '../contract/store.ts';
import { memoryTicketStore } from '../contract/tickets.ts';
import { createClient } from '../create-client.ts';
import { defineProvider } from './define-provider.ts';

const unheard: unknown[] = [];
beforeEach(() => {
  unheard.length = 0;
  const note = (reason: unknown) => unheard.push(reason);
  process.on('unhandledRejection', note);
  return () => process.off('unhandledRejection', note);
});

/** What is no promise, and fails like one. */
class Thenable {
  // biome-ignore lint/suspicious/noThenProperty: what callers give may be anything.
  then(_: unknown, reject: (error: Error) => void): void {
    reject(new Error('no'));
  }
}

const picture = noisyPNG(8, 8);
const failing = {
  'throws at once': () => {
    throw new Error('no');
  },
  rejects: () => Promise.reject(new Error('no')),
  'rejects later': () => new Promise((_, reject) => setImmediate(() => reject(new Error('no')))),
  'gives something that is like a promise': () => new Thenable(),
  'gives something whose then cannot be read': () =>
    Object.defineProperty({}, 'then', {
      get() {
        throw new Error('no');
      },
    }),
} as const;
type Fail = (typeof failing)[keyof typeof failing];

/** A provider whose pictures cost nothing, with and without jobs. */
function paint(functions: Partial<ProviderFunctions> = {}) {
  return defineProvider({
    id: 'paint',
    label: 'Paint',
    models: {
      one: {
        label: 'One',
        source: 'https://docs.example',
        checked: '2026-11-20',
        prompt: { languages: ['en'] },
        operations: { generate: {} },
        delivery: { as: 'bytes' },
        prices: [{ amount: 1, currency: 'USD', per: 'image' }],
      },
    },
    regions: { only: { baseURL: 'http://127.0.0.1:9' } },
    keys: [],
    sign: () => ({}),
    generate: async (_, context) => {
      context.report({ phase: 'running', fraction: 0.5 });
      context.log('drawn', { by: 'hand' });
      return { outputs: [{ bytes: picture }] };
    },
    ...functions,
  })();
}

const listeners: readonly [
  what: string,
  set: (fail: Fail) => Partial<ClientOptions>,
  ask?: (fail: Fail) => ClientRequest,
][] = [
  ['onProgress', () => ({}), (fail) => ({ onProgress: fail as () => void })],
  ['the log', (fail) => ({ log: fail as () => void })],
  [
    'the log of a progress that fails',
    (fail) => ({ log: fail as () => void }),
    (fail) => ({ onProgress: fail as () => void }),
  ],
  [
    'a budget that settles',
    (fail) => ({ budget: { check: async () => {}, reserve: async () => ({ settle: fail as never }) } }),
  ],
  [
    'a store that gives room back',
    (fail) => ({ store: { ...memoryImageStore(), expect: async () => fail as () => void } }),
  ],
  [
    'a writer that aborts',
    (fail) => ({
      store: { open: async (hint) => ({ ...(await memoryImageStore().open(hint)), abort: fail as never }) },
    }),
  ],
  ['tickets that are let go of', (fail) => ({ tickets: { ...memoryTicketStore(), release: fail as never } })],
  ['tickets that are deleted', (fail) => ({ tickets: { ...memoryTicketStore(), delete: fail as never } })],
  [
    'a cache of prompts',
    (fail) => ({ prompts: { cache: { get: fail as never, set: fail as never } } }),
    () => ({ enhance: true }),
  ],
  ['a detector of languages', (fail) => ({ prompts: { detect: fail as never } })],
];

const cases = listeners.flatMap(([what, set, ask]) => {
  return Object.entries(failing).map(([how, fail]) => [what, how, set(fail), ask?.(fail) ?? {}] as const);
});

test.each(cases)('%s that %s ends nothing', async (_, __, options, request) => {
  const text = { write: async () => ({ text: 'a better boat' }) };
  const client = createClient({ providers: [paint({ text })], env: {}, ...options });
  const { images, error } = await client.run({ prompt: 'ein Boot', ...request });
  await client.close();
  for (let turn = 0; turn < 5; turn++) await new Promise(setImmediate);
  expect(unheard).toEqual([]);
  expect(error).toBeUndefined();
  expect(images).toHaveLength(1);
});

test.each(Object.entries(failing))('onProgress of a resumed job that %s ends nothing', async (_, fail) => {
  const tickets = memoryTicketStore();
  const jobs = {
    submit: async () => 'job-1',
    check: async () => ({ state: 'done', result: { outputs: [{ bytes: picture }] } }) as const,
  };
  const late = { ...jobs, check: () => Promise.reject(new ImageError('auth', 'no')) };
  const waiting = createClient({ providers: [jobsOnly(late)], env: {}, tickets, clock: instant });
  const { pending } = await waiting.run({ prompt: 'a boat' });
  const client = createClient({ providers: [jobsOnly(jobs)], env: {}, tickets });
  const { images } = await client.runTicket(pending[0]!.id, { onProgress: fail as () => void });
  for (let turn = 0; turn < 5; turn++) await new Promise(setImmediate);
  expect(unheard).toEqual([]);
  expect(images).toHaveLength(1);
});

const instant = { now: () => 0, sleep: async () => {} };

function jobsOnly(jobs: NonNullable<ProviderFunctions['jobs']>) {
  const provider = paint();
  const reporting: typeof jobs = {
    ...jobs,
    check: (ticket, context) => {
      context.report({ phase: 'running' });
      return jobs.check(ticket, context);
    },
  };
  const one = { ...provider.models.one!, modes: ['job'] } as const;
  return { ...provider, models: { one }, jobs: reporting };
}
