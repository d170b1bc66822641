// What is said of a request that its caller ends, at each point that it may have come to: whether it may be billed, and how to go on.

import { expect, test } from 'vitest';
import { noisyPNG } from '../../test/pictures.ts';
import { defineProvider } from '../access/define-provider.ts';
import { ImageError } from '../contract/errors.ts';
import type { Money, ProviderFunctions } from '../contract/provider.ts';
import type { CallProgress } from '../contract/request.ts';
import { memoryTicketStore } from '../contract/tickets.ts';
import { createClient } from '../create-client.ts';

const picture = noisyPNG(16, 16);
const never = new Promise<never>(() => {});
const result = { outputs: [{ bytes: picture }] };
const dollar: Money = { amount: 1, currency: 'USD', estimated: true };

interface Case {
  readonly functions: Partial<ProviderFunctions>;
  /** Ended once that is told. */
  readonly at: 'waiting' | 'sent' | 'accepted';
  readonly price?: Money;
  readonly mode?: 'job';
  readonly billed: boolean;
  readonly hint: RegExp;
  readonly pending?: 1;
  /** Tickets that are left. */
  readonly left: number;
}

const cases: Readonly<Record<string, Case>> = {
  'before it is sent': {
    functions: { generate: async () => result },
    at: 'waiting',
    billed: false,
    hint: /^Ask again\.$/,
    left: 0,
  },
  'while its answer is waited for': {
    functions: { generate: () => never },
    at: 'sent',
    billed: true,
    hint: /look at the account of the service before asking again, and drop ticket t-\w+ then\.$/,
    left: 1,
  },
  'while it is drawn for nothing': {
    functions: { generate: () => never },
    at: 'sent',
    price: { ...dollar, amount: 0 },
    billed: false,
    hint: /^Ask again\.$/,
    left: 0,
  },
  'while a job is being sent': {
    functions: { jobs: { submit: () => never, check: () => never } },
    at: 'sent',
    mode: 'job',
    billed: true,
    hint: /look at the account/,
    pending: 1,
    left: 1,
  },
  'while a job of an id of ours is being sent': {
    functions: { jobs: { plan: () => ({ id: 'ours' }), submit: () => never, check: () => never } },
    at: 'sent',
    mode: 'job',
    billed: true,
    hint: /resume ticket t-\w+ to ask for it without paying again/,
    pending: 1,
    left: 1,
  },
  'once the service has the job': {
    functions: { jobs: { submit: async () => ({ id: '1' }), check: () => never } },
    at: 'accepted',
    mode: 'job',
    billed: true,
    hint: /^The job goes on at the service: resume ticket t-\w+ to fetch the picture without paying again\.$/,
    pending: 1,
    left: 1,
  },
};

test.each(Object.entries(cases))(
  '%s',
  async (_, { functions, at, price = dollar, mode, billed, hint, pending, left }) => {
    const provider = defineProvider({
      id: 'paint',
      label: 'Paint',
      models: {
        one: {
          label: 'One',
          source: 'https://docs.example',
          checked: '2026-11-20',
          operations: { generate: {} },
          delivery: { as: 'bytes' },
          prices: [{ amount: price.amount, currency: 'USD', per: 'image' }],
          ...(mode && { modes: [mode] }),
        },
      },
      regions: { only: { baseURL: 'http://127.0.0.1:9' } },
      keys: [],
      sign: () => ({}),
      ...functions,
    })();
    const tickets = memoryTicketStore();
    const controller = new AbortController();
    const client = createClient({ providers: [provider], env: {}, tickets });
    const onProgress = (progress: CallProgress) => {
      if (!('phase' in progress) || progress.phase !== at) return;
      controller.abort(new ImageError('aborted', 'interrupted', { hint: 'Ask again.' }));
    };
    const outcome = await client.run({ prompt: 'a boat', signal: controller.signal, onProgress });
    await client.close();
    expect(outcome.error).toMatchObject({ code: 'aborted', message: 'interrupted', mayHaveBeenBilled: billed });
    expect(outcome.error?.hint).toMatch(hint);
    expect(outcome.pending).toHaveLength(pending ?? 0);
    expect(await tickets.list()).toHaveLength(left);
  },
);
