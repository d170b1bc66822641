// A request that is cancelled while it is being prepared is never sent, at whatever step that happens, and leaves nothing behind.

import { expect, test } from 'vitest';
import { noisyPNG } from '../../test/pictures.ts';
import { defineProvider } from '../access/define-provider.ts';
import type { ClientOptions, ClientRequest } from '../contract/client.ts';
import type { ProviderFunctions } from '../contract/provider.ts';
import { memoryImageStore } from '../contract/store.ts';
import { memoryTicketStore } from '../contract/tickets.ts';
import { createClient } from '../create-client.ts';

const picture = noisyPNG(16, 16);
const instant = { now: () => Date.now(), sleep: async (_: number, signal?: AbortSignal) => signal?.throwIfAborted() };

/** Passes each step that comes before the sending, and cancels at one of them: before it does its work, or after. */
class Steps {
  readonly passed: string[] = [];
  readonly controller = new AbortController();
  readonly #at: number;
  readonly #when: 'before' | 'after';

  constructor(at: number, when: 'before' | 'after') {
    this.#at = at;
    this.#when = when;
  }

  /** The object, each of whose functions is a step. */
  of<T extends object>(what: string, given: T): T {
    const members = Object.entries(given).map(([name, member]) => {
      if (typeof member !== 'function') return [name, member];
      return [name, (...args: unknown[]) => this.#step(`${what}.${name}`, () => Reflect.apply(member, given, args))];
    });
    return Object.fromEntries(members);
  }

  #step(name: string, work: () => unknown): unknown {
    const isHere = this.passed.push(name) - 1 === this.#at;
    if (isHere && this.#when === 'before') this.controller.abort();
    const result = work();
    if (!isHere || this.#when === 'before') return result;
    if (!(result instanceof Promise)) this.controller.abort();
    return result instanceof Promise ? result.finally(() => this.controller.abort()) : result;
  }
}

interface Attempt {
  readonly steps: Steps;
  /** What reached the provider. */
  readonly sent: readonly string[];
  readonly outcome: Awaited<ReturnType<ReturnType<typeof createClient>['run']>>;
  readonly left: number;
  /** What the books hold as spent. */
  readonly spent: number;
}

/** Which of a request's two signals cancels it. */
type Way = 'signal' | 'stopSending';

async function attempt(mode: 'call' | 'job', way: Way, at: number, when: 'before' | 'after'): Promise<Attempt> {
  const steps = new Steps(at, when);
  const sent: string[] = [];
  const result = { outputs: [{ bytes: picture }] };
  const functions: Partial<ProviderFunctions> = {
    text: {
      async write({ user }) {
        sent.push('text');
        return { text: `${user} in English`, cost: { amount: 1, currency: 'USD', estimated: false } };
      },
    },
    generate: async () => {
      sent.push('call');
      return result;
    },
    jobs: {
      submit: async () => {
        sent.push('job');
        return { id: '1' };
      },
      check: async () => ({ state: 'done', result }),
    },
  };
  const provider = defineProvider({
    id: 'paint',
    label: 'paint',
    models: {
      one: {
        label: 'One',
        source: 'https://docs.example',
        checked: '2026-11-20',
        operations: { generate: {} },
        delivery: { as: 'bytes' },
        modes: [mode],
        prompt: { languages: ['en'] },
        prices: [{ amount: 1, currency: 'USD', per: 'image' }],
      },
    },
    regions: { only: { baseURL: 'http://127.0.0.1:9' } },
    keys: [],
    sign: () => ({}),
    ...functions,
  })();
  const books = { spent: 0 };
  const tickets = memoryTicketStore();
  const budget: ClientOptions['budget'] = steps.of('budget', {
    check: async () => {},
    async reserve({ cost }) {
      const amount = cost?.amount ?? 0;
      books.spent += amount;
      return {
        async settle({ costs, mayHaveBeenBilled }) {
          const real = costs.reduce((sum, cost) => sum + cost.amount, 0);
          books.spent += (mayHaveBeenBilled ? amount : real) - amount;
        },
      };
    },
  });
  const store = memoryImageStore();
  const client = createClient({
    providers: [{ ...provider, ...steps.of('provider', { check: () => undefined }) }],
    env: {},
    clock: instant,
    tickets: { ...tickets, ...steps.of('tickets', { create: tickets.create, get: tickets.get }) },
    budget,
    store: { ...store, ...steps.of('store', { open: store.open, expect: async () => () => {} }) },
    prompts: steps.of('prompts', {
      detect: async () => 'zh',
      cache: steps.of('cache', { get: async () => undefined, set: async () => {} }),
      styles: steps.of('styles', { find: () => ({ words: 'in ink', label: 'Ink' }), names: () => ['ink'] }),
    }),
  });
  const request: ClientRequest = { prompt: '一只小船', style: 'ink', [way]: steps.controller.signal };
  const outcome = await client.run(request);
  const left = (await tickets.list()).length;
  await client.close();
  return { steps, sent, outcome, left, spent: books.spent };
}

const never = Number.POSITIVE_INFINITY;

test.each([
  ['call', 'signal'],
  ['job', 'signal'],
  ['call', 'stopSending'],
  ['job', 'stopSending'],
] as const)('a request that is cancelled at any step before it is sent: %s by %s', async (mode, way) => {
  const whole = await attempt(mode, way, never, 'before');
  expect(whole.sent).toEqual(['text', mode]);
  const names = whole.steps.passed.slice(0, whole.steps.passed.indexOf('tickets.create') + 1);
  expect(new Set(names)).toEqual(
    new Set([
      'provider.check',
      'styles.find',
      'budget.reserve',
      'store.expect',
      'prompts.detect',
      'cache.get',
      'cache.set',
      'store.open',
      'tickets.create',
    ]),
  );
  for (const when of ['before', 'after'] as const) {
    for (const [at, name] of names.entries()) {
      const { sent, outcome, left, spent } = await attempt(mode, way, at, when);
      const said = { name, when, at };
      const textWasAsked = sent.includes('text');
      expect({ ...said, sent: sent.filter((one) => one !== 'text'), left }).toEqual({ ...said, sent: [], left: 0 });
      expect({ ...said, spent }).toEqual({ ...said, spent: textWasAsked ? 1 : 0 });
      expect({ ...said, images: outcome.images.length, sent: outcome.sent }).toEqual({
        ...said,
        images: 0,
        sent: textWasAsked,
      });
      const { error } = outcome;
      const told = { code: error?.code, billed: error?.mayHaveBeenBilled };
      expect({ ...said, ...told }).toEqual({ ...said, code: 'aborted', billed: false });
      const isBeforeText = at < names.indexOf('cache.set');
      expect({ ...said, textWasAsked }).toEqual({ ...said, textWasAsked: !isBeforeText });
    }
  }
});

test.each(['call', 'job'] as const)(
  'once sending is stopped, what was sent comes home, and the rest is dropped: %s',
  async (mode) => {
    const stop = new AbortController();
    const drawn = Promise.withResolvers<void>();
    const result = { outputs: [{ bytes: picture }] };
    let sent = 0;
    const send = () => {
      sent += 1;
      if (sent < 2) return;
      // Both places of the account are taken: the others wait for one.
      stop.abort('enough');
      drawn.resolve();
    };
    const provider = defineProvider({
      id: 'paint',
      label: 'paint',
      models: {
        one: {
          label: 'One',
          source: 'https://docs.example',
          checked: '2026-11-20',
          operations: { generate: {} },
          delivery: { as: 'bytes' },
          modes: [mode],
          prices: [{ amount: 1, currency: 'USD', per: 'image' }],
        },
      },
      regions: { only: { baseURL: 'http://127.0.0.1:9' } },
      keys: [],
      sign: () => ({}),
      async generate() {
        send();
        await drawn.promise;
        return result;
      },
      jobs: {
        async submit() {
          send();
          return { id: String(sent) };
        },
        async check() {
          await drawn.promise;
          return { state: 'done', result };
        },
      },
    })();
    const tickets = memoryTicketStore();
    const client = createClient({ providers: [provider], env: {}, clock: instant, tickets });
    const request: ClientRequest = { prompt: 'a boat', n: 5, stopSending: stop.signal, intent: 'job 7' };
    const outcome = await client.run(request);
    const said = outcome.errors.map(({ code, mayHaveBeenBilled }) => [code, mayHaveBeenBilled]);
    expect({ sent, images: outcome.images.length, said }).toEqual({
      sent: 2,
      images: 2,
      said: Array(3).fill(['aborted', false]),
    });
    // Who asks with the intent again gets those, and the rest is sent.
    const again = await client.run({ prompt: 'a boat', n: 5, intent: 'job 7' });
    expect({ sent, images: again.images.length }).toEqual({ sent: 5, images: 5 });
    await client.close();
  },
);
