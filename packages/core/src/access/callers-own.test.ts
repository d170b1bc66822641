// What a caller gives to a client may fail in any of its functions: it is told as the caller's own, and no picture is lost by it.

import { describe, expect, test } from 'vitest';
import { serve } from '../../test/loopback.ts';
import { noisyPNG } from '../../test/pictures.ts';
import { memoryBudget } from '../contract/budget.ts';
import type { ModelCapabilities } from '../contract/capabilities.ts';
import type { ClientOptions, ClientRequest, LimitStore, Outcome } from '../contract/client.ts';
import type { ImageCodec } from '../contract/codec.ts';
import { ImageError } from '../contract/errors.ts';
import type { ProviderFunctions } from '../contract/provider.ts';
import { type ImageStore, type ImageWriter, memoryImageStore } from '../contract/store.ts';
import { memoryTicketStore, type Ticket, type TicketStore } from '../contract/tickets.ts';
import { createClient } from '../create-client.ts';
import { memoryLimitStore } from '../timing/limiter.ts';
import { defineProvider } from './define-provider.ts';

const picture = noisyPNG(16, 16);
const instant = { now: () => Date.now(), sleep: async (_: number, signal?: AbortSignal) => signal?.throwIfAborted() };

/** A provider that draws, and how often it was asked to. */
function paint(functions: Partial<ProviderFunctions> = {}, row: Partial<ModelCapabilities> = {}) {
  let calls = 0;
  const provider = defineProvider({
    id: 'paint',
    label: 'Paint',
    models: {
      one: {
        label: 'One',
        source: 'https://docs.example',
        checked: '2026-11-20',
        operations: { generate: {}, edit: { images: { count: [1, 1], types: ['image/png'], as: ['bytes'] } } },
        delivery: { as: 'bytes' },
        prices: [{ amount: 1, currency: 'USD', per: 'image' }],
        ...row,
      },
    },
    regions: { only: { baseURL: 'http://127.0.0.1:9' } },
    keys: [],
    sign: () => ({}),
    async generate({ n }) {
      calls += 1;
      return { outputs: Array(n).fill({ bytes: picture }) };
    },
    ...functions,
  })();
  return { provider, calls: () => calls };
}

const fail = () => {
  throw new TypeError('the cable was cut');
};
/** The function, which fails at once or in its promise. */
const ways = { 'at once': fail, 'in its promise': () => Promise.reject(new TypeError('the cable was cut')) } as const;
type Fail = (typeof ways)[keyof typeof ways];

const tickets = (members: { readonly [K in keyof TicketStore]?: unknown }): Partial<ClientOptions> => ({
  tickets: { ...memoryTicketStore(), ...members } as TicketStore,
});
const store = (members: { readonly [K in keyof ImageStore]?: unknown }): Partial<ClientOptions> => ({
  store: { ...memoryImageStore(), ...members } as ImageStore,
});
/** A store whose writers lack a function. */
const writers = (members: { readonly [K in keyof ImageWriter]?: unknown }, more: object = {}) =>
  store({
    open: async (hint: Parameters<ImageStore['open']>[0]) => ({ ...(await memoryImageStore().open(hint)), ...members }),
    ...more,
  });
const codec = (members: { readonly [K in keyof ImageCodec]?: unknown }): Partial<ClientOptions> => ({
  codec: {
    convert: async (image) => image,
    mask: async (mask) => mask,
    upright: async () => undefined,
    ...members,
  } as ImageCodec,
});
const budget = (members: object): Partial<ClientOptions> => ({
  budget: { ...memoryBudget({ currency: 'USD' }), ...members },
});
const limits = (run: Fail): Partial<ClientOptions> => ({ limits: { for: () => ({ run }) } as LimitStore });

describe('before anything is sent, it ends the request with its own name, and nothing is billed', () => {
  type Row = readonly [string, string, (fail: Fail) => Partial<ClientOptions>, ClientRequest];
  const cases: readonly Row[] = [
    ['the ticket store failed in create', 'storage', (create) => tickets({ create }), {}],
    ['the ticket store failed in get', 'storage', (get) => tickets({ get }), { intent: 'mine' }],
    ['the store failed in open', 'storage', (open) => store({ open }), {}],
    ['the store failed in expect', 'storage', (expected) => store({ expect: expected }), {}],
    ['the budget failed in reserve', 'budget', (reserve) => budget({ reserve }), {}],
    ['the limit store failed in run', 'storage', (run) => limits(run), {}],
    ['the image codec failed in upright', 'config', (upright) => codec({ upright }), { images: [picture] }],
    [
      'the style book failed in find',
      'config',
      (find) => ({ prompts: { styles: { find } as never } }),
      { style: 'noir' },
    ],
    [
      'the style book failed in names',
      'config',
      (names) => ({ prompts: { styles: { find: () => undefined, names } as never } }),
      { style: 'noir' },
    ],
  ];

  test.each(cases)('%s', async (told, code, options, words) => {
    for (const [way, failing] of Object.entries(ways)) {
      const { provider, calls } = paint();
      const client = createClient({ providers: [provider], env: {}, clock: instant, ...options(failing) });
      const { error, images, pending, sent } = await client.run({ prompt: 'x', ...words });
      expect(error, way).toMatchObject({
        code,
        message: `${told}: the cable was cut`,
        mayHaveBeenBilled: false,
        retryable: false,
        cause: expect.any(TypeError),
      });
      expect(error?.hint).toMatch(/your own/);
      expect([images, pending, sent, calls()]).toEqual([[], [], false, 0]);
    }
  });

  test('a limit store that gives no limiter', async () => {
    const { provider, calls } = paint();
    const client = createClient({ providers: [provider], env: {}, clock: instant, limits: { for: fail } });
    const { error } = await client.run({ prompt: 'x' });
    expect(error).toMatchObject({ code: 'storage', message: 'the limit store failed in for: the cable was cut' });
    expect(calls()).toBe(0);
  });

  test.each<[string, string, Partial<ClientOptions>, ClientRequest]>([
    [
      'the ticket store failed in create: it must be a function, and is undefined',
      'storage',
      tickets({ create: undefined }),
      {},
    ],
    [
      'the ticket store failed in get: it must be a function, and is of type string',
      'storage',
      tickets({ get: 'no' }),
      { intent: 'a' },
    ],
    ['the store failed in open: it must be a function, and is null', 'storage', store({ open: null }), {}],
    [
      'the store failed in open: it must come to an object, and came to what is undefined',
      'storage',
      store({ open: async () => undefined }),
      {},
    ],
    [
      'the store failed in expect: it must come to an object, and came to what is of type number',
      'storage',
      store({ expect: async () => 1 }),
      {},
    ],
    [
      'the budget failed in reserve: it must come to an object, and came to what is undefined',
      'budget',
      budget({ reserve: async () => undefined }),
      {},
    ],
    [
      'the image codec failed in upright: it must be a function, and is undefined',
      'config',
      codec({ upright: undefined }),
      { images: [picture] },
    ],
    [
      'the limit store failed in for: it must come to a limiter, which has a function run',
      'storage',
      { limits: { for: () => undefined as never } },
      {},
    ],
    [
      'the style book failed in find: it must be a function, and is undefined',
      'config',
      { prompts: { styles: {} as never } },
      { style: 'noir' },
    ],
  ])('%s', async (message, code, options, words) => {
    const { provider, calls } = paint();
    const client = createClient({ providers: [provider], env: {}, clock: instant, ...options });
    const { error, sent } = await client.run({ prompt: 'x', ...words });
    expect(error).toMatchObject({ code, message, mayHaveBeenBilled: false });
    expect([sent, calls()]).toEqual([false, 0]);
  });

  const whole = { as: 'bytes', bytes: picture, mediaType: 'image/png', width: 16, height: 16 };
  const noPicture = [
    [{}, /must come to a picture as: 'bytes', and came to one as undefined/],
    [{ ...whole, as: 'url' }, /came to one as "url"/],
    [{ ...whole, bytes: undefined }, /the bytes of its picture must be a Uint8Array, and are undefined/],
    [{ ...whole, bytes: 'iVBORw0KGgo' }, /and are of type string/],
    [{ ...whole, bytes: new Uint8Array() }, /its picture has no bytes/],
    [{ ...whole, mediaType: undefined }, /the mediaType of its picture must be a text, and is undefined/],
    [{ ...whole, width: '16' }, /the sides of its picture must be whole numbers of px, and are "16" and 16/],
    [{ ...whole, height: Number.NaN }, /are 16 and null/],
  ] as const;
  const sixteen = {
    images: { count: [1, 1], types: ['image/jpeg'], as: ['bytes'] },
    mask: { repaint: 'black' },
  } as const;
  test.each<[string, ClientRequest, readonly (readonly [unknown, RegExp])[]]>([
    ['upright', { images: [picture] }, noPicture],
    ['convert', { images: [picture], negotiation: 'adapt' }, noPicture],
    ['mask', { images: [picture], mask: picture }, noPicture],
    [
      'pixels',
      { images: [picture], mask: picture },
      [
        [[], /its pixels must be a Uint8Array of 1024, and what came is of type object/],
        [new Uint8Array(), /and what came has 0/],
        [new Uint8Array(768), /and what came has 768/],
      ],
    ],
  ])('an image codec whose %s comes to what is no picture', async (member, words, results) => {
    for (const [result, said] of results) {
      const types = member === 'convert' ? ['image/jpeg'] : ['image/png'];
      const operations = {
        edit: { ...sixteen, images: { ...sixteen.images, types } },
        inpaint: { ...sixteen, images: { ...sixteen.images, types } },
      };
      const { provider, calls } = paint({}, { operations } as Partial<ModelCapabilities>);
      const own = codec({ [member]: async () => result });
      const { error, sent } = await createClient({ providers: [provider], env: {}, ...own }).run({
        prompt: 'x',
        ...words,
      });
      expect(error).toMatchObject({
        code: 'config',
        mayHaveBeenBilled: false,
        hint: expect.stringContaining('your own'),
      });
      expect(error?.message).toMatch(new RegExp(`^the image codec failed in ${member}: `));
      expect(error?.message).toMatch(said);
      expect([sent, calls()]).toEqual([false, 0]);
    }
  });

  test('a budget that fails in check refuses the plan', async () => {
    for (const check of Object.values(ways)) {
      const client = createClient({ providers: [paint().provider], env: {}, ...budget({ check }) });
      await expect(client.plan({ prompt: 'x' })).rejects.toMatchObject({
        code: 'budget',
        message: 'the budget failed in check: the cable was cut',
      });
    }
  });

  test('what it says in our words stays as it said it', async () => {
    const said = new ImageError('budget', 'enough for today', { hint: 'Wait.' });
    const client = createClient({
      providers: [paint().provider],
      env: {},
      ...budget({
        reserve: async () => {
          throw said;
        },
      }),
    });
    expect((await client.run({ prompt: 'x' })).error).toBe(said);
  });

  test.each([
    ['claim', 'runTicket'],
    ['get', 'runTicket'],
    ['list', 'runTicket'],
  ] as const)('a ticket store that fails in %s when a ticket is resumed', async (member, way) => {
    for (const failing of Object.values(ways)) {
      const options = tickets({
        get: async (id: string) =>
          member === 'claim'
            ? { id, provider: 'paint', model: 'one', host: 'paint.example', state: 'submitted' }
            : undefined,
        [member]: failing,
      });
      const client = createClient({ providers: [paint().provider], env: {}, ...options });
      expect((await client[way]('t-1')).error).toMatchObject({
        code: 'storage',
        message: `the ticket store failed in ${member}: the cable was cut`,
        mayHaveBeenBilled: false,
      });
      await expect(client.cancel('t-1')).rejects.toMatchObject({ code: 'storage' });
    }
  });
});

describe('once something was sent, no picture is lost by it', () => {
  const run = (options: Partial<ClientOptions>, words: ClientRequest = {}): Promise<Outcome> =>
    createClient({ providers: [paint().provider], env: {}, clock: instant, ...options }).run({ prompt: 'x', ...words });

  type Row = readonly [string, (fail: Fail) => Partial<ClientOptions>, ClientRequest];
  const harmless: readonly Row[] = [
    ['a ticket store in delete', (remove) => tickets({ delete: remove }), {}],
    ['a ticket store in release', (release) => tickets({ release }), {}],
    ['a ticket store in put, with an intent', (put) => tickets({ put }), { intent: 'mine' }],
    ['a store that is to give its room back', (giveBack) => store({ expect: async () => giveBack }), {}],
    ['a budget in settle', (settle) => budget({ reserve: async () => ({ settle }) }), {}],
    ['a prompt cache', (failing) => ({ prompts: { cache: { get: failing, set: failing } as never } }), {}],
    ['a detector', (detect) => ({ prompts: { detect } as never }), {}],
  ];
  test.each(harmless)('%s', async (_, options, words) => {
    for (const failing of Object.values(ways)) {
      const { images, errors } = await run(options(failing), words);
      expect([images.length, errors]).toEqual([1, []]);
    }
  });

  test('a limit store that fails after the work', async () => {
    const own = memoryLimitStore();
    const after: LimitStore = {
      for: (account, rate) => ({
        async run(work, signal, deadline) {
          await own.for(account, rate).run(work, signal, deadline);
          throw new TypeError('the cable was cut');
        },
      }),
    };
    expect((await run({ limits: after })).images).toHaveLength(1);
    // What the work itself failed with says more.
    const { provider } = paint({ generate: () => Promise.reject(new ImageError('content-blocked', 'no')) });
    expect((await run({ limits: after, providers: [provider] })).error).toMatchObject({ code: 'content-blocked' });
  });

  const written: readonly (readonly [string, (fail: Fail) => object])[] = [
    ['write', (write) => ({ write })],
    ['commit', (commit) => ({ commit })],
  ];
  test.each(written)('a writer in %s: the bytes are kept elsewhere', async (member, broken) => {
    for (const failing of Object.values(ways)) {
      const kept = memoryImageStore();
      const rescue: ImageStore['rescue'] = async function* (hint) {
        // The first of the other places is as broken as the one.
        yield { ...(await kept.open(hint)), ...broken(failing) };
        yield await kept.open({ ...hint, keep: true });
      };
      const { images, errors, pending } = await run(writers(broken(failing), { rescue }));
      expect(images).toEqual([]);
      expect(errors).toMatchObject([{ code: 'storage', mayHaveBeenBilled: true }]);
      expect(errors[0]!.message).toBe(`the store failed in ${member}: the cable was cut`);
      expect(pending).toMatchObject([{ state: 'delivered', outputs: [{ ref: 'memory-1' }] }]);
    }
  });

  test.each(written)('a writer in %s, where nothing else can keep them: a ticket says so', async (_, broken) => {
    for (const failing of Object.values(ways)) {
      const never = async function* () {
        yield await failing();
      };
      for (const rescue of [undefined, failing, never]) {
        const kept = memoryTicketStore();
        const { errors } = await run({ ...writers(broken(failing), { rescue }), tickets: kept });
        expect(errors).toMatchObject([{ code: 'storage', mayHaveBeenBilled: true }]);
        expect(errors[0]!.hint).toMatch(/paid for, and its bytes could be kept nowhere/);
        expect(await kept.list()).toMatchObject([{ uncertain: true }]);
      }
    }
  });

  test('what a writer gives for a picture: if it is none, the bytes are kept elsewhere; if it fails later, that is told as its own', async () => {
    const none = await run(writers({ commit: async () => undefined }));
    expect(none.errors[0]!.message).toBe(
      'the store failed in commit: it must come to an object, and came to what is undefined',
    );
    for (const failing of Object.values(ways)) {
      const { images } = await run(writers({ commit: async () => ({ bytes: failing, stream: fail }) }));
      const told = { code: 'storage', message: 'the store failed in bytes: the cable was cut' };
      await expect(images[0]!.bytes()).rejects.toMatchObject(told);
      expect(() => images[0]!.stream()).toThrow('the store failed in stream: the cable was cut');
    }
  });

  test('what a store adds to a picture reaches it, and what core knows of it stays', async () => {
    const commit = async () => ({
      ...{ url: 'https://cdn.example/a.png', id: 7, tags: ['boat'], path: '/a.png', width: 3, model: 'mine' },
      bytes: async () => picture,
      stream: () => new Blob([Uint8Array.from(picture)]).stream(),
    });
    const { images } = await run(writers({ commit }));
    expect({ ...images[0] }).toMatchObject({ url: 'https://cdn.example/a.png', id: 7, tags: ['boat'], path: '/a.png' });
    expect(images[0]).toMatchObject({ width: 16, model: 'paint/one' });
    expect(await images[0]!.bytes()).toBe(picture);
  });

  test('a writer that is told how long the picture is', async () => {
    const { origin } = await serve((_, response) => response.end(picture));
    for (const announced of Object.values(ways)) {
      const { provider } = paint({ generate: async () => ({ outputs: [{ url: `${origin}/a.png` }] }) });
      const options = { ...writers({ expect: announced }), providers: [provider], allowNetworks: ['127.0.0.0/8'] };
      expect((await run(options)).images).toHaveLength(1);
    }
  });

  test('a writer in abort: what went wrong before is told', async () => {
    for (const abort of Object.values(ways)) {
      const { provider } = paint({ generate: () => Promise.reject(new ImageError('content-blocked', 'no')) });
      expect((await run({ ...writers({ abort }), providers: [provider] })).error).toMatchObject({
        code: 'content-blocked',
      });
    }
  });

  test('a store in forget, once a picture that it kept elsewhere is where it belongs', async () => {
    for (const forget of Object.values(ways)) {
      const kept = memoryImageStore();
      const writer = await kept.open({ id: 'x', model: 'paint/one', prompt: 'x', index: 0, count: 1, keep: true });
      await writer.write(picture);
      const facts = { mediaType: 'image/png', width: 16, height: 16, byteLength: picture.length };
      const { ref } = await writer.commit(facts, {} as never);
      const own = memoryTicketStore();
      await own.put(delivered({ ref: ref! }));
      const options = { tickets: own, store: { ...memoryImageStore(), find: kept.find!, forget: forget as never } };
      const client = createClient({ providers: [paint().provider], env: {}, ...options });
      const { images, errors } = await client.runTicket('t-1');
      expect([images.length, errors]).toEqual([1, []]);
    }
  });

  test('a store in find leaves the ticket', async () => {
    for (const find of Object.values(ways)) {
      const own = memoryTicketStore();
      await own.put(delivered({ ref: 'memory-1' }));
      const options = { tickets: own, ...store({ find }) };
      const client = createClient({ providers: [paint().provider], env: {}, ...options });
      const { error, pending } = await client.runTicket('t-1');
      expect(error).toMatchObject({ code: 'storage', message: 'the store failed in find: the cable was cut' });
      expect(pending).toMatchObject([{ id: 't-1' }]);
    }
  });
});

test('an object of a class, frozen or with private parts, works as it is', async () => {
  class OwnTickets {
    readonly #inner = memoryTicketStore();
    create = (ticket: Ticket) => this.#inner.create(ticket);
    async put(ticket: Ticket) {
      await this.#inner.put(ticket);
    }
    get(id: string) {
      return this.#inner.get(id);
    }
    list() {
      return this.#inner.list();
    }
    delete(id: string) {
      return this.#inner.delete(id);
    }
    claim(id: string) {
      return this.#inner.claim(id);
    }
    release(id: string) {
      return this.#inner.release(id);
    }
  }
  const own = Object.freeze(new OwnTickets());
  const client = createClient({
    providers: [paint().provider],
    env: {},
    tickets: own,
    store: Object.freeze(memoryImageStore()),
  });
  expect((await client.run({ prompt: 'x', intent: 'mine' })).images).toHaveLength(1);
  expect(await own.list()).toMatchObject([{ state: 'done' }]);
});

function delivered(output: object): Ticket {
  return {
    id: 't-1',
    provider: 'paint',
    model: 'one',
    host: '127.0.0.1:9',
    region: 'only',
    at: 1,
    intent: 'x-0',
    keyPrint: '',
    state: 'delivered',
    mode: 'call',
    request: { prompt: 'x', sent: 'x', n: 1 },
    outputs: [output],
  };
}
