// What is paid for is never lost, never paid twice, and never said to be free: the pipeline under callers, stores, ledgers and
// providers that fail in their own ways.

import { createServer, type RequestListener, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, describe, expect, test } from 'vitest';
import { noisyPNG } from '../../test/pictures.ts';
import { defineProvider } from '../access/define-provider.ts';
import { exchange } from '../access/exchange.ts';
import { memoryBudget } from '../contract/budget.ts';
import type { ModelCapabilities } from '../contract/capabilities.ts';
import type { ClientOptions } from '../contract/client.ts';
import { ImageError } from '../contract/errors.ts';
import type { ImageProvider, JobApi, Money, ProviderCall, ProviderFunctions } from '../contract/provider.ts';
import {
  type ImageFacts,
  type ImageHint,
  type ImageStore,
  memoryImageStore,
  type PictureRecord,
} from '../contract/store.ts';
import { memoryTicketStore, type Ticket } from '../contract/tickets.ts';
import { createClient } from '../create-client.ts';

const picture = noisyPNG(16, 16);
const instant = { now: () => Date.now(), sleep: async (_: number, signal?: AbortSignal) => signal?.throwIfAborted() };
const servers: Server[] = [];
afterEach(() => {
  for (const server of servers.splice(0)) server.close();
});

/** A provider of one model that costs 1 USD a picture. */
function paint(
  functions: Partial<ProviderFunctions>,
  row: Partial<ModelCapabilities> = {},
  id = 'paint',
): ImageProvider {
  return defineProvider({
    id,
    label: id,
    models: {
      one: {
        label: 'One',
        source: 'https://docs.example',
        checked: '2026-11-20',
        operations: { generate: {} },
        delivery: { as: 'bytes' },
        prices: [{ amount: 1, currency: 'USD', per: 'image' }],
        ...row,
      },
    },
    regions: { only: { baseURL: 'http://127.0.0.1:9' } },
    keys: [],
    sign: () => ({}),
    ...functions,
  })();
}

const job = (jobs: Partial<JobApi>): Partial<ProviderFunctions> => ({
  jobs: {
    submit: async () => ({ id: '1' }),
    check: async () => ({ state: 'done', result: { outputs: [{ bytes: picture }] } }),
    ...jobs,
  },
});
const call = (generate: (call: ProviderCall) => ReturnType<NonNullable<ProviderFunctions['generate']>>) => ({
  generate,
});
const drawn = call(async ({ n }) => ({ outputs: Array(n).fill({ bytes: picture }) }));
const jobMode = { modes: ['job'] } as const;

function connect(providers: readonly ImageProvider[], options: Partial<ClientOptions> = {}) {
  return createClient({ providers, env: {}, clock: instant, ...options });
}

/** Serves pictures at any path; `gone` decides what is not found. */
function serve(gone: (path: string) => boolean = () => false): Promise<string> {
  return listen((request, response) => {
    if (gone(request.url!)) response.writeHead(404).end();
    else response.setHeader('content-type', 'image/png').end(picture);
  });
}

async function listen(answer: RequestListener): Promise<string> {
  const server = createServer(answer);
  servers.push(server);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

const fullStore: ClientOptions['store'] = {
  open: async () => ({
    write: () => Promise.reject(new ImageError('storage', 'the disk is full', { hint: 'Free some space.' })),
    commit: () => Promise.reject(new ImageError('storage', 'the disk is full')),
    abort: async () => {},
  }),
};

test('a ledger that fails to settle costs a warning, not the picture', async () => {
  const settle = () => Promise.reject(new Error('the ledger is locked'));
  const budget = { check: async () => {}, reserve: async () => ({ settle }) };
  const outcome = await connect([paint(drawn)], { budget }).run({ prompt: 'x' });
  expect(outcome.images).toHaveLength(1);
  expect(outcome.warnings).toMatchObject([{ code: 'budget', message: expect.stringContaining('locked') }]);
});

describe('a budget counts what was really charged', () => {
  const charged = (amount: number, currency: string): Money => ({ amount, currency, estimated: false });

  test.each<[what: string, charges: (Money | undefined)[], spent: number]>([
    ['in one currency', [charged(1, 'USD'), charged(2, 'USD')], 3],
    ['in two currencies', [charged(2, 'USD'), charged(10, 'CNY')], 3],
    ['in a currency without a rate, as much as was reserved', [charged(0.5, 'USD'), charged(10, 'JPY')], 2],
    ['where the service does not say it, by the table', [charged(3, 'USD'), undefined], 4],
    ['by a failed call that may have been billed, as much as was reserved', [charged(0.5, 'USD')], 2],
  ])('%s', async (_, charges, spent) => {
    const budget = memoryBudget({ currency: 'USD', perRun: 10, rates: { CNY: 0.1 } });
    const left = [...charges];
    const drawing = call(async () => {
      if (left.length === 0) throw new ImageError('server', 'broken', { mayHaveBeenBilled: true });
      const cost = left.shift();
      return { outputs: [{ bytes: picture }], ...(cost && { cost }) };
    });
    await connect([paint(drawing)], { budget, concurrency: 1 }).run({ prompt: 'x', n: 2 });
    await budget.check({ model: 'paint/one', cost: charged(10 - spent, 'USD') });
    const more = budget.check({ model: 'paint/one', cost: charged(10.01 - spent, 'USD') });
    await expect(more).rejects.toMatchObject({ code: 'budget' });
  });
});

test('the next model of a list is not tried while the first may have been paid', async () => {
  let second = 0;
  const first = paint(call(() => Promise.reject(new ImageError('unavailable', 'busy', { mayHaveBeenBilled: true }))));
  const other = paint(
    call(async () => ({
      outputs: [{ bytes: picture }],
      cost: { amount: ++second, currency: 'USD', estimated: false },
    })),
    {},
    'other',
  );
  const outcome = await connect([first, other]).run({ model: ['paint', 'other'], prompt: 'x' });
  expect(second).toBe(0);
  expect(outcome.error).toMatchObject({ code: 'unavailable', mayHaveBeenBilled: true });
});

test('a provider that breaks after sending may have been billed, and the ticket of its job stays', async () => {
  const broken = () => Promise.reject(new TypeError('x is undefined'));
  const direct = await connect([paint(call(broken))]).run({ prompt: 'x' });
  expect(direct.error).toMatchObject({ code: 'bad-response', mayHaveBeenBilled: true });
  const tickets = memoryTicketStore();
  const outcome = await connect([paint(job({ submit: broken }), jobMode)], { tickets }).run({ prompt: 'x' });
  expect(outcome.pending).toMatchObject([{ state: 'intended', uncertain: true }]);
  expect(await tickets.list()).toHaveLength(1);
});

test('what a person must do first stands before the ticket in the hint', async () => {
  const origin = await serve();
  const byURL = call(async () => ({ outputs: [{ url: `${origin}/a.png` }] }));
  const row = { delivery: { as: 'url', livesSeconds: 60 } } as const;
  const guarded = await connect([paint(byURL, row)]).run({ prompt: 'x' });
  expect(guarded.errors[0]!.hint).toMatch(/allowNetworks.* resume ticket t-/);
  const store = fullStore!;
  const full = await connect([paint(job({}), jobMode)], { store }).run({ prompt: 'x' });
  expect(full.errors[0]!.hint).toMatch(/^Free some space\. .* resume ticket t-/);
  const check = () => Promise.reject(new ImageError('config', 'moved', { hint: 'Correct the base URL.' }));
  const moved = await connect([paint(job({ check }), jobMode)]).run({ prompt: 'x' });
  expect(moved.errors[0]!.hint).toMatch(/^Correct the base URL\. .* resume ticket t-/);
});

test('a store that cannot be written to is told of before anything is sent', async () => {
  const open = () => Promise.reject(new ImageError('storage', 'the disk is full'));
  const outcome = await connect([paint(drawn)], { store: { open } }).run({ prompt: 'x', n: 3 });
  expect(outcome).toMatchObject({ sent: false, error: { code: 'storage', mayHaveBeenBilled: false } });
});

test('what is free was not billed, whatever becomes of it', async () => {
  const row = { prices: [{ amount: 0, currency: 'USD', per: 'image' }] } as const;
  const { error } = await connect([paint(drawn, row)], { store: fullStore! }).run({ prompt: 'x' });
  expect(error).toMatchObject({ code: 'storage', mayHaveBeenBilled: false });
});

test('what the service said of a call is with each of its pictures, and of several calls by call', async () => {
  const flagged = call(async ({ intent }) => ({
    outputs: [{ bytes: picture, metadata: { own: 1 } }],
    ...(intent.endsWith('-1') && { metadata: { flagged: true } }),
  }));
  const { images, providerMetadata } = await connect([paint(flagged)]).run({ prompt: 'x', n: 3 });
  expect(providerMetadata).toEqual([null, { flagged: true }, null]);
  expect(images.map(({ metadata }) => metadata)).toEqual([{ own: 1 }, { flagged: true, own: 1 }, { own: 1 }]);
});

test('a job that the service says has failed was asked about: something was sent', async () => {
  let failed = false;
  const check = async () =>
    failed
      ? ({ state: 'failed', error: new ImageError('server', 'no') } as const)
      : Promise.reject(new ImageError('network', 'cut'));
  const client = connect([paint(job({ check }), jobMode)], { maxRetries: 0 });
  const { pending } = await client.run({ prompt: 'x' });
  failed = true;
  expect(await client.runTicket(pending[0]!.id)).toMatchObject({ sent: true, error: { message: 'no' } });
});

test('a ticket store that is full after the submission does not end the wait', async () => {
  const tickets = memoryTicketStore();
  const put = (ticket: Ticket) =>
    ticket.state === 'intended' ? tickets.put(ticket) : Promise.reject(new ImageError('storage', 'the disk is full'));
  const outcome = await connect([paint(job({}), jobMode)], { tickets: { ...tickets, put } }).run({ prompt: 'x' });
  expect(outcome.images).toHaveLength(1);
  expect(outcome.warnings).toMatchObject([{ code: 'ticket' }]);
});

test('a job whose bytes could not be kept can be asked again', async () => {
  const tickets = memoryTicketStore();
  const provider = paint(job({}), jobMode);
  const outcome = await connect([provider], { tickets, store: fullStore }).run({ prompt: 'x' });
  expect(outcome.pending).toMatchObject([{ state: 'submitted' }]);
  const resumed = await connect([provider], { tickets }).resume(outcome.pending[0]!.id);
  expect(resumed.images).toHaveLength(1);
  expect(await tickets.list()).toEqual([]);
});

test("a caller's progress function or log that throws loses nothing", async () => {
  const telling = {
    generate: async (_: ProviderCall, { report }: { report(progress: object): void }) => {
      report({ phase: 'running' });
      return { outputs: [{ bytes: picture }] };
    },
  } as Partial<ProviderFunctions>;
  const fail = () => {
    throw new Error('closed');
  };
  const { images } = await connect([paint(telling)], { log: fail }).run({ prompt: 'x', onProgress: fail });
  expect(images).toHaveLength(1);
});

test('a job is cancelled by who holds its ticket alone, and the ticket is free again if it goes on', async () => {
  const tickets = memoryTicketStore();
  let cancelled = 0;
  const answers = ['too late', 'cancelled'] as const;
  const provider = paint(
    job({
      check: () => Promise.reject(new ImageError('network', 'cut')),
      cancel: async () => answers[cancelled++]!,
    }),
    jobMode,
  );
  const client = connect([provider], { tickets, maxRetries: 0 });
  const { pending } = await client.run({ prompt: 'x' });
  const { id } = pending[0]!;
  await tickets.claim(id);
  await expect(client.cancel(id)).rejects.toMatchObject({ code: 'unavailable', details: { problem: 'held' } });
  expect(cancelled).toBe(0);
  await tickets.release(id);
  expect(await client.cancel(id)).toBe('too late');
  expect(await client.cancel(id)).toBe('cancelled');
  expect(await tickets.list()).toEqual([]);
});

test('a picture of a job is the same to its store when its ticket is resumed', async () => {
  const hints: ImageHint[] = [];
  const store: ImageStore = {
    open(hint) {
      hints.push(hint);
      return hints.length <= 2 ? fullStore!.open(hint) : memoryImageStore().open(hint);
    },
  };
  const provider = paint(job({}), { ...jobMode, perCall: 1 });
  const client = connect([provider], { store, tickets: memoryTicketStore() });
  const { pending } = await client.run({ prompt: 'x', n: 2 });
  for (const { id } of pending) await client.resume(id);
  const [first, second, ...later] = hints.toSorted(
    (a, b) => a.index - b.index || Number(a.resumed) - Number(b.resumed),
  );
  expect([first, second, ...later].map((hint) => hint?.index)).toEqual([0, 0, 1, 1]);
  expect(second).toEqual({ ...first, resumed: true });
  expect(later[1]).toEqual({ ...later[0], resumed: true });
  expect(later[0]!.id).not.toBe(first!.id);
});

test('a planned job whose submission was cut off is found by its own id', async () => {
  const cut = () => Promise.reject(new ImageError('network', 'cut', { mayHaveBeenBilled: true }));
  const asked: unknown[] = [];
  const provider = paint(
    job({
      plan: ({ intent }) => ({ id: intent }),
      submit: cut,
      check: async (ticket) => {
        asked.push(ticket);
        return { state: 'done', result: { outputs: [{ bytes: picture }] } };
      },
    }),
    jobMode,
  );
  const client = connect([provider]);
  const { pending } = await client.run({ prompt: 'x' });
  const { images } = await client.resume(pending[0]!.id);
  expect(images).toHaveLength(1);
  expect(asked).toEqual([{ id: pending[0]!.intent }]);
});

test('nothing outlives the deadline: a deaf provider, a hanging store', async () => {
  const forever = () => new Promise<never>(() => {});
  const deaf = await connect([paint(call(forever))]).run({ prompt: 'x', timeout: 1000 });
  expect(deaf.error).toMatchObject({ code: 'timeout', mayHaveBeenBilled: true });
  const origin = await serve();
  const byURL = call(async () => ({ outputs: [{ url: `${origin}/a.png` }] }));
  const store = { open: async () => ({ write: forever, commit: forever, abort: async () => {} }) };
  const options = { store, allowNetworks: ['127.0.0.0/8'] };
  const row = { delivery: { as: 'url', livesSeconds: 60 } } as const;
  const hung = await connect([paint(byURL, row)], options).run({ prompt: 'x', timeout: 1000 });
  expect(hung).toMatchObject({ images: [], errors: [{ code: 'timeout' }], pending: [{ state: 'delivered' }] });
});

test('bytes that are here when time is over are kept', async () => {
  const stop = new AbortController();
  const late = call(async () => {
    stop.abort();
    return { outputs: [{ bytes: picture }] };
  });
  const { images } = await connect([paint(late)]).run({ prompt: 'x', signal: stop.signal });
  expect(images).toHaveLength(1);
});

test('each picture counts its cost once, and keeps its seed, whenever it arrives', async () => {
  let isGone = true;
  const origin = await serve((path) => path === '/1.png' && isGone);
  const two = call(async ({ n }) => ({
    outputs: Array.from({ length: n }, (_, i) => ({ url: `${origin}/${i}.png` })),
  }));
  const row = { perCall: 2, seed: { max: 100, within: 'step' }, delivery: { as: 'url', livesSeconds: 60 } } as const;
  const client = connect([paint(two, row)], { allowNetworks: ['127.0.0.0/8'] });
  const first = await client.run({ prompt: 'x', n: 2, seed: 7 });
  expect(first).toMatchObject({ images: [{ seed: 7 }], cost: [{ amount: 1 }], errors: [{ code: 'not-found' }] });
  isGone = false;
  const resumed = await client.resume(first.pending[0]!.id);
  expect(resumed).toMatchObject({ images: [{ seed: 8 }], cost: [{ amount: 1 }] });
});

describe('a picture whose URL came just now', () => {
  const row = { delivery: { as: 'url', livesSeconds: 60 } } as const;
  const byURL = (origin: string) => call(async () => ({ outputs: [{ url: `${origin}/a.png` }] }));

  /** Is not ready for so many times. */
  async function becoming(times: number, answer: (response: ServerResponse) => void) {
    let asked = 0;
    const server = createServer((_, response) => {
      asked += 1;
      if (asked <= times) answer(response);
      else response.end(picture);
    });
    servers.push(server);
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const waits: number[] = [];
    const clock = { now: () => Date.now(), sleep: async (ms: number) => void waits.push(ms) };
    const origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
    return { origin, waits, options: { clock, allowNetworks: ['127.0.0.0/8'], maxRetries: 0 }, asked: () => asked };
  }

  const moments: readonly (readonly [string, (response: ServerResponse) => void])[] = [
    ...[202, 204, 403, 404, 425].map(
      (status) => [`HTTP ${status}`, (response: ServerResponse) => void response.writeHead(status).end()] as const,
    ),
    ['an empty body', (response) => void response.writeHead(200, { 'content-length': '0' }).end()],
    ['an empty body of no length', (response) => void response.writeHead(200).end()],
  ];

  test.each(moments)('and is not ready (%s) is fetched a moment later', async (_, answer) => {
    const { origin, waits, options } = await becoming(1, answer);
    const outcome = await connect([paint(byURL(origin), row)], options).run({ prompt: 'x' });
    expect(outcome).toMatchObject({ images: [{}], errors: [], pending: [] });
    expect(waits).toEqual([2000]);
  });

  test.each(moments)('and does not become ready (%s) leaves its ticket after one more try', async (_, answer) => {
    const { origin, waits, options, asked } = await becoming(99, answer);
    const outcome = await connect([paint(byURL(origin), row)], options).run({ prompt: 'x' });
    expect(outcome).toMatchObject({
      images: [],
      errors: [{ mayHaveBeenBilled: true }],
      pending: [{ state: 'delivered' }],
    });
    expect([asked(), waits]).toEqual([2, [2000]]);
  });

  test.each([400, 410, 418])('and is refused otherwise (HTTP %i) is not asked for again', async (status) => {
    const { origin, options, asked } = await becoming(99, (response) => void response.writeHead(status).end());
    await connect([paint(byURL(origin), row)], options).run({ prompt: 'x' });
    expect(asked()).toBe(1);
  });

  test('of a job that was resumed, too; not one whose ticket had the URL already', async () => {
    const { origin, waits, options, asked } = await becoming(3, (response) => void response.writeHead(404).end());
    const done = { state: 'done', result: { outputs: [{ url: `${origin}/a.png` }] } } as const;
    let isKnown = false;
    const check = async () => {
      if (isKnown) return done;
      throw new ImageError('auth', 'not now');
    };
    const client = connect([paint(job({ check }), { ...row, ...jobMode })], options);
    const { pending } = await client.run({ prompt: 'x' });
    isKnown = true;
    waits.length = 0;
    const { id } = pending[0]!;
    expect(await client.runTicket(id)).toMatchObject({ images: [], pending: [{ state: 'delivered' }] });
    expect([asked(), waits]).toEqual([2, [2000]]);
    // Its URL is gone, as far as one can see: the job is asked for a fresh one.
    expect(await client.runTicket(id)).toMatchObject({ images: [{}] });
    expect([asked(), waits]).toEqual([4, [2000]]);
  });

  test('is not waited for past the deadline', async () => {
    const { origin, options, asked } = await becoming(1, (response) => void response.writeHead(404).end());
    const outcome = await connect([paint(byURL(origin), row)], options).run({ prompt: 'x', timeout: 1500 });
    expect(outcome).toMatchObject({ errors: [{ code: 'not-found' }], pending: [{ state: 'delivered' }] });
    expect(asked()).toBe(1);
  });
});

test('a job whose URL is gone is asked for a fresh one', async () => {
  const origin = await serve((path) => path === '/old.png');
  let checks = 0;
  const provider = paint(
    job({
      check: async () => ({
        state: 'done',
        result: { outputs: [{ url: `${origin}/${checks++ ? 'new' : 'old'}.png` }] },
      }),
    }),
    { ...jobMode, delivery: { as: 'url', livesSeconds: 60 } },
  );
  const client = connect([provider], { allowNetworks: ['127.0.0.0/8'] });
  const { pending } = await client.run({ prompt: 'x' });
  expect((await client.resume(pending[0]!.id)).images).toHaveLength(1);
});

test('a data: URL is a picture at hand, and no URL to keep', async () => {
  const url = `data:image/png;base64,${Buffer.from(picture).toString('base64')}`;
  const { images } = await connect([paint(call(async () => ({ outputs: [{ url }] })))]).run({ prompt: 'x' });
  expect(images).toMatchObject([{ width: 16 }]);
  expect(images[0]).not.toHaveProperty('sourceUrl');
});

test('a failed call is repeated in its turn, so that its neighbours wait too', async () => {
  const starts: number[] = [];
  let now = 0;
  const clock = {
    now: () => now,
    sleep: async (ms: number) => {
      now += ms;
    },
  };
  const once = call(async () => {
    starts.push(now);
    if (starts.length === 1) throw new ImageError('rate-limit', 'slow down', { retryable: true, retryAfter: 5000 });
    return { outputs: [{ bytes: picture }] };
  });
  const client = connect([paint(once)], { clock, concurrency: 1 });
  const { images } = await client.run({ prompt: 'x', n: 3, timeout: 100_000 });
  expect(images).toHaveLength(3);
  expect(starts[0]).toBe(0);
  expect(Math.min(...starts.slice(1))).toBeGreaterThanOrEqual(5000);
});

test('the next call is sent when the pictures are in the store: it does not wait for the ticket of those', async () => {
  const tickets = memoryTicketStore();
  const second = Promise.withResolvers<void>();
  let calls = 0;
  const counted = call(async () => {
    calls += 1;
    if (calls === 2) second.resolve();
    return { outputs: [{ bytes: picture }] };
  });
  const put: typeof tickets.put = async (ticket) => {
    await second.promise;
    await tickets.put(ticket);
  };
  const client = connect([paint(counted)], { concurrency: 1, tickets: { ...tickets, put } });
  const outcomes = await Promise.all(['a', 'b'].map((intent) => client.run({ prompt: 'x', intent })));
  expect(outcomes.map(({ images }) => images.length)).toEqual([1, 1]);
});

test('the next call is not sent while nobody knows whether pictures can be kept', async () => {
  let calls = 0;
  const counted = call(async () => {
    calls += 1;
    return { outputs: [{ bytes: picture }] };
  });
  const { errors } = await connect([paint(counted)], { concurrency: 1, store: fullStore }).run({ prompt: 'x', n: 3 });
  expect(calls).toBe(1);
  expect(errors).toHaveLength(3);
});

/** Time in which sleeps pass side by side, as soon as nothing else is to do. */
function sharedTime() {
  let now = 0;
  let isPassing = false;
  const sleepers: { at: number; wake: () => void }[] = [];
  async function pass() {
    isPassing = true;
    while (sleepers.length > 0) {
      for (let turn = 0; turn < 5; turn++) await new Promise(setImmediate);
      const [next] = sleepers.sort((a, b) => a.at - b.at).splice(0, 1);
      now = next!.at;
      next!.wake();
    }
    isPassing = false;
  }
  const sleep = (ms: number) =>
    new Promise<void>((wake) => {
      sleepers.push({ at: now + ms, wake });
      if (!isPassing) void pass();
    });
  return { now: () => now, sleep };
}

test('so is a submission that was refused: the others of the account hold until the pause is over', async () => {
  const starts: number[] = [];
  const clock = sharedTime();
  const submitted: Partial<ProviderFunctions> = job({
    submit: async () => {
      starts.push(clock.now());
      if (starts.length === 1) throw new ImageError('rate-limit', 'slow down', { retryable: true, retryAfter: 60_000 });
      return { id: String(starts.length) };
    },
  });
  const client = connect([paint(submitted, jobMode)], { clock, concurrency: 2 });
  const requests = [1, 2].map(() => client.run({ prompt: 'x', n: 3, timeout: 1_000_000 }));
  for (const { images, errors } of await Promise.all(requests)) {
    expect(errors).toEqual([]);
    expect(images).toHaveLength(3);
  }
  // Those that were on their way when the refusal came are two at most.
  const inPause = starts.slice(2).filter((start) => start < 60_000);
  expect(inPause).toEqual([]);
  expect(starts).toHaveLength(7);
});

test('a gateway’s page and a cut answer to a poll do not end the wait for a job', async () => {
  const answers = ['<html>502</html>', '{"status":"run', '{"status":"running"}', '<html>', '{"status":"done"}'];
  const baseURL = await listen((_, response) => response.end(answers.shift()));
  const polled: Partial<ProviderFunctions> = job({
    check: async (_, context) => {
      const { body } = await exchange(context, { to: 'tasks/1' });
      const { status } = body as { status: string };
      return status === 'done' ? { state: 'done', result: { outputs: [{ bytes: picture }] } } : { state: 'running' };
    },
  });
  const provider = { ...paint(polled, jobMode), access: { baseURL } };
  const { images, errors } = await connect([provider]).run({ prompt: 'x' });
  expect(errors).toEqual([]);
  expect(images).toHaveLength(1);
  expect(answers).toEqual([]);
});

test.each([0, -1, Number.NaN])('a timeout of %s is refused', async (timeout) => {
  const outcome = await connect([paint(drawn)]).run({ prompt: 'x', timeout });
  expect(outcome).toMatchObject({ sent: false, error: { code: 'invalid-request', details: { option: 'timeout' } } });
});

describe('what the record of a picture says of money', () => {
  /** Keeps what each record says. */
  function recordingStore() {
    const records: PictureRecord[] = [];
    const store = memoryImageStore();
    const open = async (hint: ImageHint) => {
      const writer = await store.open(hint);
      return {
        ...writer,
        commit(facts: ImageFacts, record: PictureRecord) {
          records.push(record);
          return writer.commit(facts, record);
        },
      };
    };
    return { records, store: { ...store, open } };
  }

  test.each([
    { n: 1, perCall: 4, cost: undefined, shares: [1], totals: [undefined] },
    { n: 4, perCall: 4, cost: undefined, shares: [1, 1, 1, 1], totals: [4, 4, 4, 4] },
    { n: 4, perCall: 4, cost: 0.1, shares: [0.025, 0.025, 0.025, 0.025], totals: [0.1, 0.1, 0.1, 0.1] },
    { n: 4, perCall: 1, cost: 0.1, shares: [0.1, 0.1, 0.1, 0.1], totals: [undefined, undefined, undefined, undefined] },
    { n: 3, perCall: 2, cost: 0.1, shares: [0.05, 0.05, 0.1], totals: [0.1, 0.1, undefined] },
  ])('$n pictures, $perCall a call', async ({ n, perCall, cost, shares, totals }) => {
    const { records, store } = recordingStore();
    const generate = async (asked: ProviderCall) => ({
      outputs: Array(asked.n).fill({ bytes: picture }),
      ...(cost !== undefined && { cost: { amount: cost, currency: 'USD', estimated: false } }),
    });
    const outcome = await connect([paint(call(generate), { perCall })], { store }).run({ prompt: 'x', n });
    expect(records.map((record) => record.cost?.amount).sort()).toEqual([...shares].sort());
    expect(records.map((record) => record.callCost?.amount).sort()).toEqual([...totals].sort());
    const sum = records.reduce((all, record) => all + record.cost!.amount, 0);
    expect(sum).toBeCloseTo(outcome.cost![0]!.amount);
  });

  test('of a price that nobody knows, nothing is said of the whole', async () => {
    const { records, store } = recordingStore();
    await connect([paint(drawn, { perCall: 4, prices: [] })], { store }).run({ prompt: 'x', n: 2 });
    expect(records.map(({ cost, callCost }) => [cost, callCost])).toEqual(Array(2).fill([null, undefined]));
  });
});

describe('a service that returns more pictures than were asked for', () => {
  const one = { bytes: picture };

  test.each([
    [1, 1, 1],
    [1, 4, 4],
    [1, 10, 10],
    [1, 11, 10],
    [1, 500, 10],
    [12, 12, 12],
    [12, 500, 12],
    [1, 100_000, 10],
  ])('%d asked, %d returned: %d are kept, and the others are told of', async (n, returned, kept) => {
    const drawing = call(async () => ({ outputs: Array(returned).fill(one) }));
    const provider = paint(drawing, { perCall: 100 });
    const { images, errors, warnings, cost } = await connect([provider]).run({ prompt: 'x', n });
    expect(errors).toEqual([]);
    expect(images).toHaveLength(kept);
    expect(cost).toMatchObject([{ amount: kept }]);
    const told = warnings.filter(({ message }) => message.startsWith('the service returned'));
    expect(told).toHaveLength(returned > kept ? 1 : 0);
    if (returned > kept) expect(told[0]!.message).toContain(`${returned} pictures where ${n} were asked for`);
  });

  test('asks for no more URLs than it keeps', async () => {
    let fetched = 0;
    const origin = await listen((_, response) => {
      fetched += 1;
      response.end(picture);
    });
    const urls = Array.from({ length: 500 }, (_, index) => ({ url: `${origin}/${index}.png` }));
    const provider = { ...paint(call(async () => ({ outputs: urls }))), access: { baseURL: origin } };
    const { images } = await connect([provider]).run({ prompt: 'x' });
    expect([images.length, fetched]).toEqual([10, 10]);
  });
});
