// Every request that spends leaves a trace before it is sent, and an intent that is given again sends nothing a second time.

import { afterEach, describe, expect, test } from 'vitest';
import { noisyPNG } from '../../test/pictures.ts';
import { defineProvider } from '../access/define-provider.ts';
import type { ModelCapabilities } from '../contract/capabilities.ts';
import type { Client, ClientOptions, ClientRequest } from '../contract/client.ts';
import { ImageError } from '../contract/errors.ts';
import type { ImageProvider, ProviderCall, ProviderResult } from '../contract/provider.ts';
import { type ImageStore, memoryImageStore } from '../contract/store.ts';
import { memoryTicketStore, type TicketStore } from '../contract/tickets.ts';
import { createClient } from '../create-client.ts';

const picture = noisyPNG(16, 16);
const instant = {
  now: () => Date.now(),
  sleep: (_: number, signal?: AbortSignal) =>
    new Promise<void>((resolve, reject) => setImmediate(() => (signal?.aborted ? reject(signal.reason) : resolve()))),
};
const drawn = async ({ n }: { n: number }) => ({ outputs: Array(n).fill({ bytes: picture }) });
const open: Client[] = [];
afterEach(() => Promise.all(open.splice(0).map((client) => client.close())));

/** A provider of two models that cost 1 USD a picture, and who it was called by. */
function paint(
  generate: (call: ProviderCall) => Promise<ProviderResult>,
  functions: Partial<ImageProvider> = {},
  row: Partial<ModelCapabilities> = {},
) {
  const calls: ProviderCall[] = [];
  const one: ModelCapabilities = {
    label: 'One',
    source: 'https://docs.example',
    checked: '2026-11-20',
    operations: { generate: {} },
    perCall: 4,
    delivery: { as: 'bytes' },
    prices: [{ amount: 1, currency: 'USD', per: 'image' }],
    ...row,
  };
  const provider = defineProvider({
    id: 'paint',
    label: 'Paint',
    models: { one, two: one },
    regions: { only: { baseURL: 'http://127.0.0.1:9' } },
    keys: [],
    sign: () => ({}),
    async generate(call) {
      calls.push(call);
      return generate(call);
    },
    ...functions,
  })();
  return { provider, calls };
}

function connect(provider: ImageProvider, options: Partial<ClientOptions> = {}) {
  const client = createClient({ providers: [provider], env: {}, clock: instant, maxRetries: 0, ...options });
  open.push(client);
  return client;
}

describe('a synchronous call', () => {
  test('has a ticket while it is under way, and none when its pictures are kept', async () => {
    const tickets = memoryTicketStore();
    const seen: unknown[] = [];
    const { provider } = paint(async (call) => {
      seen.push(...(await tickets.list()));
      return drawn(call);
    });
    const outcome = await connect(provider, { tickets }).run({ prompt: 'x', n: 2 });
    expect(outcome.images).toHaveLength(2);
    expect(seen[0]).toMatchObject({ state: 'intended', mode: 'call', request: { prompt: 'x' }, cost: { amount: 2 } });
    expect(await tickets.list()).toEqual([]);
  });

  test.each([
    ['cut off', new ImageError('network', 'cut', { mayHaveBeenBilled: true }), [{ uncertain: true }]],
    ['not an ImageError', new TypeError('x is not a function'), [{ uncertain: true }]],
    ['refused for free', new ImageError('rate-limit', 'slow down'), []],
    ['moderated, billed or not', new ImageError('content-blocked', 'no', { mayHaveBeenBilled: true }), []],
  ])('that is %s leaves what is known of it', async (_, error, left) => {
    const tickets = memoryTicketStore();
    const { provider } = paint(() => Promise.reject(error));
    const outcome = await connect(provider, { tickets }).run({ prompt: 'x' });
    expect(outcome).toMatchObject({ images: [], pending: [] });
    expect(await tickets.list()).toMatchObject(left);
    expect(await tickets.list()).toHaveLength(left.length);
  });

  test('that costs nothing needs no ticket', async () => {
    const create = () => Promise.reject(new ImageError('storage', 'the disk is full'));
    const prices = [{ amount: 0, currency: 'USD', per: 'image' }] as const;
    const { provider } = paint(drawn, {}, { prices });
    const outcome = await connect(provider, { tickets: { ...memoryTicketStore(), create } }).run({ prompt: 'x', n: 2 });
    expect(outcome).toMatchObject({ sent: true, images: [{}, {}], warnings: [] });
  });

  test('is not sent without its ticket', async () => {
    const create = () => Promise.reject(new ImageError('storage', 'the disk is full'));
    const { provider, calls } = paint(drawn);
    const outcome = await connect(provider, { tickets: { ...memoryTicketStore(), create } }).run({ prompt: 'x' });
    expect(outcome).toMatchObject({ sent: false, error: { code: 'storage' } });
    expect(calls).toEqual([]);
  });
});

/** A store whose disk takes no byte; with `elsewhere`, the second of two other places does, for as many pictures as it has `room`. */
function fullStore(elsewhere?: ImageStore, room = Number.POSITIVE_INFINITY): ImageStore {
  let left = room;
  const refuse = () => Promise.reject(new ImageError('storage', 'the disk is full'));
  const open = async () => ({ write: refuse, commit: refuse, abort: async () => {} });
  return {
    open,
    ...(elsewhere && {
      async *rescue(hint) {
        yield await open();
        if (left-- > 0) yield await elsewhere.open({ ...hint, keep: true });
      },
      find: (ref) => elsewhere.find!(ref),
    }),
  };
}

describe('a full disk', () => {
  test('stops the calls that are not sent yet', async () => {
    const { provider, calls } = paint(drawn, {}, { perCall: 1 });
    const outcome = await connect(provider, { store: fullStore() }).run({ prompt: 'x', n: 8 });
    expect(outcome.images).toEqual([]);
    expect(calls).toHaveLength(2);
    expect(outcome.errors.filter(({ mayHaveBeenBilled }) => mayHaveBeenBilled)).toHaveLength(2);
  });

  test('leaves a ticket of what was paid and could be kept nowhere', async () => {
    const tickets = memoryTicketStore();
    const { provider } = paint(drawn);
    const { error } = await connect(provider, { tickets, store: fullStore() }).run({ prompt: 'x' });
    const [ticket] = await tickets.list();
    expect(ticket).toMatchObject({ uncertain: true });
    expect(error!.hint).toContain(ticket!.id);
  });

  test('loses no bytes if there is another place: resuming the ticket puts them where they belong', async () => {
    const tickets = memoryTicketStore();
    const { provider, calls } = paint(drawn);
    const elsewhere = memoryImageStore();
    const { pending } = await connect(provider, { tickets, store: fullStore(elsewhere) }).run({ prompt: 'x' });
    expect(pending).toMatchObject([
      { state: 'delivered', outputs: [{ ref: expect.any(String), mediaType: 'image/png' }] },
    ]);
    const forgotten: string[] = [];
    const store = {
      ...memoryImageStore(),
      find: elsewhere.find!,
      forget: async (ref: string) => void forgotten.push(ref),
    };
    const resumed = await connect(provider, { tickets, store }).runTicket(pending[0]!.id);
    expect(Buffer.from(await resumed.images[0]!.bytes())).toEqual(Buffer.from(picture));
    expect([calls.length, forgotten.length, await tickets.list()]).toEqual([1, 1, []]);
  });
});

test('a ticket tells which pictures of a call can be fetched and which are lost, and goes on telling', async () => {
  const tickets = memoryTicketStore();
  const { provider } = paint(drawn, {}, { perCall: 2 });
  const elsewhere = memoryImageStore();
  const first = await connect(provider, { tickets, store: fullStore(elsewhere, 1) }).run({ prompt: 'x', n: 2 });
  const [ticket] = await tickets.list();
  expect(first).toMatchObject({ images: [], errors: [{ code: 'storage' }, { code: 'storage' }] });
  expect(ticket).toMatchObject({ state: 'delivered', outputs: [{ ref: expect.any(String) }, {}], cost: { amount: 2 } });
  const store = { ...memoryImageStore(), find: elsewhere.find! };
  const resumed = await connect(provider, { tickets, store }).runTicket(ticket!.id);
  expect(resumed).toMatchObject({ images: [{}], errors: [], cost: [{ amount: 1 }] });
  const rest = await tickets.list();
  expect(rest).toMatchObject([{ id: ticket!.id, uncertain: true, outputs: [{}], cost: { amount: 1 } }]);
  expect(new Set([ticket!.outputs![0]!.index, rest[0]!.outputs![0]!.index])).toEqual(new Set([0, 1]));
});

describe('an intent that is given again', () => {
  let tickets: TicketStore;
  let store: ImageStore;
  const request: ClientRequest = { prompt: 'x', n: 2, intent: 'job 7' };
  const again = (provider: ImageProvider, options: Partial<ClientOptions> = {}) =>
    connect(provider, { tickets, store, ...options }).run(request);
  const fresh = () => {
    tickets = memoryTicketStore();
    store = memoryImageStore();
  };

  test('returns the pictures of the first time', async () => {
    fresh();
    const { provider, calls } = paint(drawn, {}, { perCall: 1 });
    const first = await again(provider);
    const second = await again(provider);
    expect(calls).toHaveLength(2);
    expect(new Set(calls.map(({ intent }) => intent))).toEqual(new Set(['job 7-0', 'job 7-1']));
    expect(second.images.map((image) => ({ ...image }))).toMatchObject(
      first.images.map(({ mediaType, width, byteLength }) => ({ mediaType, width, byteLength })),
    );
    expect(Buffer.from(await second.images[1]!.bytes())).toEqual(Buffer.from(picture));
    const [mark] = await tickets.list();
    expect(mark).toMatchObject({ state: 'done' });
    expect(mark!.expiresAt! - Date.now()).toBeGreaterThan(29 * 24 * 3600 * 1000);
  });

  test('at the same time, by clients that share the tickets, is sent once', async () => {
    fresh();
    const { provider, calls } = paint(drawn);
    const outcomes = await Promise.all([1, 2, 3].map(() => again(provider)));
    expect(calls).toHaveLength(1);
    expect(outcomes.map(({ images }) => images.length)).toEqual([2, 2, 2]);
  });

  test('is not paid again when nobody knows, and is sent again when the first time was free', async () => {
    fresh();
    const cut = paint(() => Promise.reject(new ImageError('network', 'cut', { mayHaveBeenBilled: true })));
    await again(cut.provider);
    const repeated = await again(cut.provider);
    expect(cut.calls).toHaveLength(1);
    expect(repeated.error).toMatchObject({
      mayHaveBeenBilled: true,
      message: expect.stringContaining('nobody can say'),
    });
    fresh();
    const refused = paint(() => Promise.reject(new ImageError('unavailable', 'busy')));
    await again(refused.provider);
    await again(refused.provider);
    expect(refused.calls).toHaveLength(2);
  });

  test('stays with the model that made its pictures', async () => {
    fresh();
    let isBusy = true;
    const { provider, calls } = paint(async (call) => {
      if (call.model === 'one' && isBusy) throw new ImageError('unavailable', 'busy');
      return drawn(call);
    });
    const client = connect(provider, { tickets, store });
    const list = { ...request, model: ['paint/one', 'paint/two'] };
    await client.run(list);
    isBusy = false;
    const second = await client.run(list);
    expect(calls.map(({ model }) => model)).toEqual(['one', 'two']);
    expect(second.images[0]!.model).toBe('paint/two');
  });

  test('reserves nothing a second time', async () => {
    fresh();
    const seen: unknown[] = [];
    const budget = {
      check: async () => {},
      async reserve({ cost }: { cost: unknown }) {
        seen.push(cost);
        return { settle: async () => {} };
      },
    };
    const { provider } = paint(drawn);
    await again(provider, { budget });
    await again(provider, { budget });
    expect(seen).toMatchObject([{ amount: 2 }]);
  });

  test('for another request is refused, and so is a picture that is not kept any more', async () => {
    fresh();
    const { provider, calls } = paint(drawn);
    await again(provider);
    const other = await connect(provider, { tickets, store }).run({ ...request, prompt: 'y' });
    expect(other.error).toMatchObject({ code: 'invalid-request', message: expect.stringContaining('another request') });
    store = memoryImageStore();
    expect((await again(provider)).error).toMatchObject({ code: 'not-found', mayHaveBeenBilled: true });
    expect(calls).toHaveLength(1);
  });
});

describe('a job of an intent that somebody waits for', () => {
  /** A job that ends when the test says so, of clients that share tickets and store. */
  function jobs() {
    let isDone = false;
    let submitted = 0;
    const { provider } = paint(
      drawn,
      {
        jobs: {
          submit: async () => ({ id: String(++submitted) }),
          check: async () => (isDone ? { state: 'done', result: await drawn({ n: 1 }) } : { state: 'running' }),
        },
      },
      { modes: ['job'] },
    );
    const shared = { provider, tickets: memoryTicketStore(), store: memoryImageStore() };
    return {
      shared,
      client: () => connect(provider, shared),
      finish: () => {
        isDone = true;
      },
      submissions: () => submitted,
    };
  }

  test('is brought home by another, and is found by who waits, and by who asks later: nothing is sent again', async () => {
    const { shared, client, finish, submissions } = jobs();
    const request = { prompt: 'x', intent: 'mine' };
    const cut = new AbortController();
    const first = client().run({ ...request, signal: cut.signal });
    await until(async () => (await shared.tickets.list())[0]?.state === 'submitted');
    const id = (await shared.tickets.list())[0]!.id;
    cut.abort();
    expect((await first).pending).toHaveLength(1);
    finish();
    const [resumed, waiting] = await Promise.all([client().runTicket(id), client().run(request)]);
    const later = await client().run(request);
    expect([waiting.images.length, later.images.length]).toEqual([1, 1]);
    // Whoever was first: the other heard that somebody else is at it, or what came of it.
    expect(resumed.images.length === 1 || resumed.error?.code === 'unavailable').toBe(true);
    expect(submissions()).toBe(1);
    expect(await shared.tickets.list()).toMatchObject([{ id, state: 'done' }]);
  });

  test('is left to who waits for it, whatever is asked of its ticket', async () => {
    const { shared, client, finish, submissions } = jobs();
    const waiting = client().run({ prompt: 'x', intent: 'mine' });
    await until(async () => (await shared.tickets.list())[0]?.state === 'submitted');
    const id = (await shared.tickets.list())[0]!.id;
    const other = client();
    expect((await other.runTicket(id)).error).toMatchObject({ code: 'unavailable', details: { problem: 'held' } });
    await expect(other.cancel(id)).rejects.toMatchObject({ code: 'unavailable' });
    finish();
    expect((await waiting).images).toHaveLength(1);
    expect(submissions()).toBe(1);
  });

  test('is not sent again by who waits when somebody cancels or drops it', async () => {
    const { shared, client, submissions } = jobs();
    const request = { prompt: 'x', intent: 'mine' };
    const cut = new AbortController();
    const first = client().run({ ...request, signal: cut.signal });
    await until(async () => (await shared.tickets.list())[0]?.state === 'submitted');
    const id = (await shared.tickets.list())[0]!.id;
    cut.abort();
    await first;
    await shared.tickets.claim(id);
    let looks = 0;
    const get = (one: string) => {
      looks++;
      return shared.tickets.get(one);
    };
    const budget = { check: async () => {}, reserve: () => Promise.reject(new Error('no money was asked for')) };
    const waiting = connect(shared.provider, { ...shared, tickets: { ...shared.tickets, get }, budget }).run(request);
    await until(async () => looks > 5);
    await shared.tickets.delete(id);
    expect(await waiting).toMatchObject({
      images: [],
      error: { code: 'not-found', mayHaveBeenBilled: true, details: { problem: 'gone' } },
    });
    expect(submissions()).toBe(1);
    void client().run(request);
    await until(async () => submissions() === 2);
  });
});

test('who waits for a call that fails for nothing sends nothing that no money was asked for', async () => {
  const tickets = memoryTicketStore();
  const failing = Promise.withResolvers<void>();
  const { provider, calls } = paint(async () => {
    await failing.promise;
    throw new ImageError('unavailable', 'busy');
  });
  const reserved: unknown[] = [];
  const budget = {
    check: async () => {},
    async reserve({ cost }: { cost: unknown }) {
      reserved.push(cost);
      return { settle: async () => {} };
    },
  };
  const client = connect(provider, { tickets, budget });
  const request = { prompt: 'x', intent: 'mine', model: ['paint/one', 'paint/two'] };
  const first = client.run({ ...request, model: 'paint/one' });
  await until(async () => calls.length === 1);
  const waiting = client.run(request);
  await new Promise(setImmediate);
  failing.resolve();
  expect((await first).error).toMatchObject({ code: 'unavailable' });
  expect((await waiting).error).toMatchObject({ code: 'not-found' });
  expect(calls.length).toBe(reserved.length);
});

/** Looks until it is so. */
async function until(isSo: () => Promise<boolean>): Promise<void> {
  while (!(await isSo())) await new Promise(setImmediate);
}
