// What a service says of the cost when it takes a job: it is on the ticket from then on, counted by budgets, and in the result.

import { expect, test } from 'vitest';
import { noisyPNG } from '../../test/pictures.ts';
import { defineProvider } from '../access/define-provider.ts';
import { memoryBudget } from '../contract/budget.ts';
import type { Price } from '../contract/capabilities.ts';
import type { ClientOptions } from '../contract/client.ts';
import { ImageError } from '../contract/errors.ts';
import type { JobState, Money } from '../contract/provider.ts';
import { memoryTicketStore } from '../contract/tickets.ts';
import { createClient } from '../create-client.ts';

const picture = noisyPNG(16, 16);
const instant = { now: () => Date.now(), sleep: async (_: number, signal?: AbortSignal) => signal?.throwIfAborted() };
const usd = (amount: number): Money => ({ amount, currency: 'USD', estimated: false });
const done: JobState = { state: 'done', result: { outputs: [{ bytes: picture }] } };

type Job = { readonly id: string; readonly credits?: number };

/** A service of jobs: by its table a picture costs 1 USD; what a job costs it says in credits of a cent. */
function paint(
  states: readonly (JobState<Job> | ImageError)[],
  {
    credits = 450 as number | null,
    prices = [{ amount: 1, currency: 'USD', per: 'image' }] as readonly Price[],
    cost = (job: Job): Money | undefined => (job.credits === undefined ? undefined : usd(job.credits / 100)),
  } = {},
) {
  const left = [...states];
  return defineProvider({
    id: 'paint',
    label: 'Paint',
    models: {
      one: {
        label: 'One',
        source: 'https://docs.example',
        checked: '2026-11-20',
        operations: { generate: {} },
        delivery: { as: 'bytes' },
        modes: ['job'],
        prices,
      },
    },
    regions: { only: { baseURL: 'http://127.0.0.1:9' } },
    keys: [],
    sign: () => ({}),
    jobs: {
      submit: async (): Promise<Job> => ({ id: '1', ...(credits !== null && { credits }) }),
      cost,
      async check() {
        const state = left.length > 1 ? left.shift()! : left[0]!;
        if (state instanceof ImageError) throw state;
        return state;
      },
    },
  })();
}

function connect(provider: ReturnType<typeof paint>, options: Partial<ClientOptions> = {}) {
  return createClient({ providers: [provider], env: {}, clock: instant, ...options });
}

test('a result without a cost has the one that was told', async () => {
  expect((await connect(paint([done])).run({ prompt: 'x' })).cost).toEqual([usd(4.5)]);
});

test('a result with a cost of its own keeps it', async () => {
  const own: JobState = { state: 'done', result: { outputs: [{ bytes: picture }], cost: usd(3) } };
  expect((await connect(paint([own])).run({ prompt: 'x' })).cost).toEqual([usd(3)]);
});

test('where the service says nothing, the table counts', async () => {
  const { cost } = await connect(paint([done], { credits: null })).run({ prompt: 'x' });
  expect(cost).toEqual([{ amount: 1, currency: 'USD', estimated: true }]);
});

test.each<[string, (job: Job) => Money | undefined]>([
  [
    'throws',
    () => {
      throw new Error('a slip');
    },
  ],
  ['is below 0', () => usd(-4)],
  ['is no number', () => usd(Number.NaN)],
  ['is endless', () => usd(Number.POSITIVE_INFINITY)],
])('a cost that %s loses no picture, and does not count', async (_, cost) => {
  const events: string[] = [];
  const outcome = await connect(paint([done], { cost }), { log: (event) => events.push(event) }).run({ prompt: 'x' });
  expect(outcome).toMatchObject({ images: [{}], cost: [{ amount: 1 }] });
});

test.each<[string, unknown]>([
  ['is below 0', usd(-4)],
  ['is no number', usd(Number.NaN)],
  ['is endless', usd(Number.POSITIVE_INFINITY)],
  ['is more than can be summed up', usd(1e300)],
  ['is a text', { amount: '4', currency: 'USD' }],
  ['has no currency', { amount: 4 }],
  ['is a number alone', 4],
  ['is null', null],
])('a result whose cost %s loses no picture: what is known besides counts, in the budget too', async (_, cost) => {
  const usage = { textIn: -7, textOut: Number.NaN, imageOut: 5 };
  const nonsense = { state: 'done', result: { outputs: [{ bytes: picture }], cost, usage } } as JobState;
  for (const [credits, known] of [
    [450, 4.5],
    [null, 1],
  ] as const) {
    const budget = memoryBudget({ currency: 'USD', perRun: 10 });
    const outcome = await connect(paint([nonsense], { credits }), { budget }).run({ prompt: 'x' });
    expect(outcome).toMatchObject({ images: [{}], cost: [{ amount: known, currency: 'USD' }] });
    expect(outcome.usage).toEqual({ imageOut: 5 });
    await budget.check({ model: 'paint/one', cost: usd(10 - known) });
    const more = budget.check({ model: 'paint/one', cost: usd(10.01 - known) });
    await expect(more).rejects.toMatchObject({ code: 'budget' });
  }
});

test.each<[string, JobState<Job> | ImageError, number]>([
  ['made the picture', done, 4.5],
  ['is still at work', new ImageError('auth', 'no'), 4.5],
  ['does not know the job any more', { state: 'gone', error: new ImageError('not-found', 'gone') }, 4.5],
  [
    'failed, and may have billed',
    { state: 'failed', error: new ImageError('server', 'no', { mayHaveBeenBilled: true }) },
    4.5,
  ],
  ['failed, and says that it is free', { state: 'failed', error: new ImageError('content-blocked', 'no') }, 0],
])('a budget counts what was told, if the service %s', async (_, state, spent) => {
  const budget = memoryBudget({ currency: 'USD', perRun: 10 });
  await connect(paint([state]), { budget }).run({ prompt: 'x' });
  await budget.check({ model: 'paint/one', cost: usd(10 - spent) });
  const more = budget.check({ model: 'paint/one', cost: usd(10.01 - spent) });
  await expect(more).rejects.toMatchObject({ code: 'budget' });
});

test('a budget that allows unknown prices counts what was told', async () => {
  const budget = memoryBudget({ currency: 'USD', perRun: 5, allowUnknown: true });
  await connect(paint([done], { prices: [] }), { budget }).run({ prompt: 'x' });
  await expect(budget.check({ model: 'paint/one', cost: usd(0.6) })).rejects.toMatchObject({ code: 'budget' });
});

test('the ticket has it, and what is resumed costs as much', async () => {
  const tickets = memoryTicketStore();
  const first = await connect(paint([new ImageError('permission', 'no')]), { tickets }).run({ prompt: 'x' });
  expect(first.pending).toMatchObject([{ state: 'submitted', cost: usd(4.5) }]);
  const [ticket] = first.pending;
  const again = JSON.parse(JSON.stringify(await tickets.get(ticket!.id)));
  const later = memoryTicketStore();
  await later.create(again);
  await later.release(again.id);
  expect((await connect(paint([done]), { tickets: later }).resume(again.id)).cost).toEqual([usd(4.5)]);
});

test('a cost that changes while the service works is the last that was told', async () => {
  const tickets = memoryTicketStore();
  const dearer: JobState<Job> = { state: 'running', ticket: { id: '1', credits: 600 } };
  const first = await connect(paint([dearer, new ImageError('permission', 'no')]), { tickets }).run({ prompt: 'x' });
  expect(first.pending).toMatchObject([{ cost: usd(6) }]);
  expect((await connect(paint([done]), { tickets }).resume(first.pending[0]!.id)).cost).toEqual([usd(6)]);
});
