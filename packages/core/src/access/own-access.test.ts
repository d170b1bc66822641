// What a person gives to an instance besides a plain key: a function that gives keys, and headers.

import { inspect } from 'node:util';
import { describe, expect, test } from 'vitest';
import { serve } from '../../test/loopback.ts';
import { noisyPNG } from '../../test/pictures.ts';
import type { ClientOptions } from '../contract/client.ts';
import { ImageError } from '../contract/errors.ts';
import type { ProviderAccess } from '../contract/provider.ts';
import { memoryTicketStore } from '../contract/tickets.ts';
import { createClient } from '../create-client.ts';
import { defineProvider } from './define-provider.ts';
import { exchange } from './exchange.ts';

const picture = noisyPNG(16, 16);
const instant = { now: () => Date.now(), sleep: async (_: number, signal?: AbortSignal) => signal?.throwIfAborted() };

interface Asked {
  readonly url: string;
  readonly key: string;
  readonly headers: { readonly [name: string]: string | string[] | undefined };
}
type Reply = { readonly status: number; readonly json: object };

const drawn: Reply = { status: 200, json: { picture: Buffer.from(picture).toString('base64') } };
const refused: Reply = { status: 401, json: { error: 'the key has expired' } };

/** A service in two modes, whose answers `answer` decides, and what it was asked. */
async function service(answer: (asked: Asked, count: number) => Reply = () => drawn) {
  const asked: Asked[] = [];
  const { origin } = await serve(async (request, response) => {
    for await (const _ of request) {
      // The body is of no interest.
    }
    const key = String(request.headers.authorization ?? '').replace('Bearer ', '');
    const one = { url: `${request.method} ${request.url}`, key, headers: request.headers };
    asked.push(one);
    const { status, json } = answer(one, asked.length);
    response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(json));
  });
  return { origin, asked };
}

function connect(
  origin: string,
  access: ProviderAccess,
  {
    mode = 'call' as 'call' | 'job',
    own = {} as Record<string, string>,
    ...options
  }: Partial<ClientOptions> & {
    mode?: 'call' | 'job';
    own?: Record<string, string>;
  } = {},
) {
  const read = (status: number, body: unknown) => {
    const { picture, error } = body as { picture?: Uint8Array | string; error?: string };
    if (status === 401) throw new ImageError('auth', `refused: ${error}`, { status });
    if (status === 429) throw new ImageError('rate-limit', 'slower', { status, retryable: true });
    return { outputs: [{ base64: picture! }] };
  };
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
        modes: [mode],
        prices: [{ amount: 1, currency: 'USD', per: 'image' }],
      },
    },
    regions: { only: { baseURL: 'https://paint.example' } },
    keys: [{ env: 'PAINT_KEY' }],
    sign: (key) => ({ Authorization: `Bearer ${key}` }),
    async generate(call, context) {
      const request = { to: 'draw', json: { prompt: call.prompt }, headers: own, spends: true } as const;
      const { envelope, body } = await exchange(context, request);
      return read(envelope.status, body);
    },
    jobs: {
      async submit(call, context) {
        const { envelope, body } = await exchange(context, { to: 'jobs', json: { prompt: call.prompt }, spends: true });
        read(envelope.status, body);
        return 'job-1';
      },
      async check(_, context) {
        const { envelope, body } = await exchange(context, { to: 'jobs/job-1' });
        return { state: 'done', result: read(envelope.status, body) };
      },
    },
  })({ baseURL: origin, ...access });
  return createClient({ providers: [provider], env: {}, clock: instant, ...options });
}

/** A function that gives one key after the other. */
function keys(...names: readonly string[]) {
  const left = [...names];
  const give = async () => {
    give.count += 1;
    return left.length > 1 ? left.shift()! : left[0]!;
  };
  give.count = 0;
  return give;
}

describe('a function as apiKey', () => {
  test('is asked for each request, once for all its calls and repetitions', async () => {
    const { origin, asked } = await service((_, count) => (count === 1 ? { status: 429, json: {} } : drawn));
    const apiKey = keys('test-key-1', 'test-key-2');
    const client = connect(origin, { apiKey });
    expect(apiKey.count).toBe(0);
    await client.plan({ prompt: 'x' });
    expect(apiKey.count).toBe(0);
    expect((await client.run({ prompt: 'x', n: 3 })).images).toHaveLength(3);
    expect(apiKey.count).toBe(1);
    expect((await client.run({ prompt: 'x' })).images).toHaveLength(1);
    expect(asked.map(({ key }) => key)).toEqual([...Array(4).fill('test-key-1'), 'test-key-2']);
  });

  test('may give its key at once', async () => {
    const { origin, asked } = await service();
    await connect(origin, { apiKey: () => ' test-key \n' }).generate({ prompt: 'x' });
    expect(asked[0]?.key).toBe('test-key');
  });

  test('may give a token of thousands of characters, which stands nowhere', async () => {
    const token = Array.from({ length: 6000 }, (_, index) => ((index * index) % 36).toString(36)).join('');
    const { origin } = await service((_, count) =>
      count === 1 ? drawn : { status: 401, json: { error: `not ${token}` } },
    );
    const client = connect(origin, { apiKey: () => token });
    expect((await client.run({ prompt: 'x' })).images).toHaveLength(1);
    expect((await client.run({ prompt: 'x' })).error).toMatchObject({
      code: 'auth',
      message: expect.stringContaining('***'),
    });
  });

  test.each<[string, () => unknown, string]>([
    [
      'throws',
      () => {
        throw new Error('no session');
      },
      'the function apiKey failed: no session',
    ],
    [
      'rejects',
      async () => {
        throw new Error('no session');
      },
      'the function apiKey failed: no session',
    ],
    ['gives nothing', () => undefined, 'the function apiKey gave undefined, and not text'],
    ['gives null', async () => null, 'the function apiKey gave null, and not text'],
    ['gives an empty text', async () => '  ', 'the function apiKey gave an empty text'],
    [
      'gives what cannot be sent',
      async () => 'test\nkey',
      'the function apiKey gave a key with characters that no key has',
    ],
  ])('that %s is the caller’s: auth, nothing sent, nothing billed, no ticket', async (_, apiKey, message) => {
    const { origin, asked } = await service();
    const tickets = memoryTicketStore();
    const outcome = await connect(origin, { apiKey: apiKey as () => string }, { tickets }).run({ prompt: 'x' });
    expect(outcome.error).toMatchObject({ code: 'auth', message, mayHaveBeenBilled: false, provider: 'paint' });
    expect(outcome.error?.hint).toContain('your own');
    expect(asked).toEqual([]);
    expect(await tickets.list()).toEqual([]);
  });

  test('that throws an ImageError of its own is told in its words', async () => {
    const { origin } = await service();
    const apiKey = () => Promise.reject(new ImageError('config', 'sign in first', { hint: 'Run my-login.' }));
    expect((await connect(origin, { apiKey }).run({ prompt: 'x' })).error).toMatchObject({
      code: 'config',
      message: 'sign in first',
      hint: 'Run my-login.',
    });
  });

  test('that never answers ends with the deadline', async () => {
    const { origin, asked } = await service();
    const apiKey = () => new Promise<string>(() => {});
    const outcome = await connect(origin, { apiKey }).run({ prompt: 'x', timeout: 50 });
    expect(outcome.error).toMatchObject({ code: 'timeout' });
    expect(asked).toEqual([]);
  });

  test('gives another key where a poll is refused, and the poll is put once more', async () => {
    const { origin, asked } = await service(({ url, key }) => {
      if (url === 'POST /jobs') return { status: 200, json: {} };
      return key === 'test-key-2' ? drawn : refused;
    });
    const apiKey = keys('test-key-1', 'test-key-2');
    expect((await connect(origin, { apiKey }, { mode: 'job' }).run({ prompt: 'x' })).images).toHaveLength(1);
    expect(asked.map(({ url, key }) => `${url} ${key}`)).toEqual([
      'POST /jobs test-key-1',
      'GET /jobs/job-1 test-key-1',
      'GET /jobs/job-1 test-key-2',
    ]);
  });

  test('that has no other key, or another that is refused too, is asked no more: the ticket stays', async () => {
    for (const [names, polls] of [
      [['test-key-1'], 1],
      [['test-key-1', 'test-key-2', 'test-key-3'], 2],
    ] as const) {
      const { origin, asked } = await service(({ url }) =>
        url === 'POST /jobs' ? { status: 200, json: {} } : refused,
      );
      const apiKey = keys(...names);
      const outcome = await connect(origin, { apiKey }, { mode: 'job' }).run({ prompt: 'x' });
      expect(outcome).toMatchObject({ images: [], pending: [{ state: 'submitted', keyPrint: '' }] });
      expect(apiKey.count).toBe(2);
      expect(asked).toHaveLength(1 + polls);
    }
  });

  test('does not send a second time what costs money', async () => {
    const { origin, asked } = await service(() => refused);
    const apiKey = keys('test-key-1', 'test-key-2');
    const { error } = await connect(origin, { apiKey }).run({ prompt: 'x' });
    expect(error).toMatchObject({ code: 'auth', mayHaveBeenBilled: false });
    expect(error?.hint).toContain('The key from the function apiKey was tried on');
    expect(asked).toHaveLength(1);
    expect(apiKey.count).toBe(1);
  });

  test('may give another key when a ticket is resumed', async () => {
    const tickets = memoryTicketStore();
    let isDown = true;
    const { origin } = await service(({ url }) => {
      if (url === 'POST /jobs') return { status: 200, json: {} };
      return isDown ? refused : drawn;
    });
    const client = connect(
      origin,
      { apiKey: keys('test-key-1', 'test-key-1', 'test-key-2') },
      { mode: 'job', tickets },
    );
    const { pending } = await client.run({ prompt: 'x' });
    isDown = false;
    expect((await client.resume(pending[0]!.id)).images).toHaveLength(1);
  });

  test('is the account: its keys share one limit, and another function has its own', async () => {
    const accounts: string[] = [];
    const limits = {
      for: (account: string) => {
        accounts.push(account);
        return { run: <T>(work: () => Promise<T>) => work() };
      },
    };
    const { origin } = await service();
    const [one, other] = [keys('test-key-1', 'test-key-2'), keys('test-key-3')];
    for (const apiKey of [one, one, other]) await connect(origin, { apiKey }, { limits }).run({ prompt: 'x' });
    expect(accounts[0]).toBe(accounts[1]);
    expect(accounts[2]).not.toBe(accounts[0]);
    expect(accounts.join()).not.toContain('test-key');
  });

  test('gives keys that stand nowhere', async () => {
    const { origin } = await service(({ url, key }) => {
      if (url === 'POST /jobs') return { status: 200, json: {} };
      return { status: 401, json: { error: `not ${key}, nor test-key-first` } };
    });
    const lines: string[] = [];
    const apiKey = keys('test-key-first', 'test-key-other');
    const log: ClientOptions['log'] = (event, facts) => lines.push(JSON.stringify([event, facts]));
    const outcome = await connect(origin, { apiKey }, { mode: 'job', log }).run({ prompt: 'x' });
    expect(outcome.error?.message).toContain('not ***, nor ***');
    expect(`${lines.join()} ${inspect(outcome, { depth: 9 })} ${JSON.stringify(outcome)}`).not.toContain('test-key');
  });
});

describe('headers', () => {
  const headers = { 'X-Organisation': 'test-organisation', 'cf-access-client-secret': 'test-secret-1' };

  test('go where the key goes', async () => {
    const { origin, asked } = await service();
    await connect(origin, { apiKey: 'test-key', headers }).generate({ prompt: 'x' });
    expect(asked[0]?.headers).toMatchObject({
      'x-organisation': 'test-organisation',
      'cf-access-client-secret': 'test-secret-1',
      authorization: 'Bearer test-key',
    });
  });

  test('stand nowhere, and are hidden in what the service says', async () => {
    const { origin } = await service(() => ({ status: 401, json: { error: 'no test-secret-1 of test-organisation' } }));
    const lines: string[] = [];
    const log: ClientOptions['log'] = (event, facts) => lines.push(JSON.stringify([event, facts]));
    const client = connect(origin, { apiKey: 'test-key', headers }, { log });
    const outcome = await client.run({ prompt: 'x' });
    expect(outcome.error?.message).toContain('no *** of ***');
    for (const shown of [lines.join(), inspect([outcome, client], { depth: 9 }), JSON.stringify([outcome, client])]) {
      expect(shown).not.toMatch(/test-secret|test-organisation|test-key/);
    }
  });

  test('are shown by their names alone where an instance is', () => {
    const paint = defineProvider({ id: 'a', label: 'A', models: {}, regions: {}, keys: [], sign: () => ({}) });
    for (const shown of [inspect(paint({ headers })), JSON.stringify(paint({ headers }))]) {
      expect(shown).toContain('X-Organisation');
      expect(shown).not.toMatch(/test-secret|test-organisation/);
    }
    expect(paint({ headers }).access.headers).toEqual(headers);
  });

  test.each([
    ['bad name', { 'bad name': 'x' }, 'is no name of a header'],
    ['', { '': 'x' }, 'is no name of a header'],
    ['naïve', { naïve: 'x' }, 'is no name of a header'],
    ['Host', { Host: 'evil.example' }, 'core says how a request is carried'],
    ['content-type', { 'content-type': 'text/plain' }, 'core says how a request is carried'],
    ['Transfer-Encoding', { 'Transfer-Encoding': 'chunked' }, 'core says how a request is carried'],
    ['x-a', { 'X-A': '1', 'x-a': '2' }, 'is there twice'],
    ['x-a', { 'x-a': 'test-secret\r\nx-b: 1' }, 'has a value that cannot be sent'],
    ['x-a', { 'x-a': 'test-secret-ключ' }, 'has a value that cannot be sent'],
    ['x-a', { 'x-a': '' }, 'has a value that cannot be sent'],
    ['x-a', { 'x-a': 7 }, 'has a value that is no text'],
  ])(
    'of which %j cannot be sent are refused before anything is, without their values: %j',
    async (name, given, problem) => {
      const { origin, asked } = await service();
      const client = connect(origin, { apiKey: 'test-key', headers: given as Record<string, string> });
      const { error, sent } = await client.run({ prompt: 'x' });
      expect({ sent, error }).toMatchObject({
        sent: false,
        error: { code: 'config', details: { option: 'headers', name } },
      });
      expect(error?.message).toBe(`headers for Paint: ${JSON.stringify(name)} ${error?.message.split('" ')[1]}`);
      expect(error?.message).toContain(problem);
      expect(error?.message).not.toContain('test-secret');
      expect(asked).toEqual([]);
    },
  );

  test.each<[keyof ProviderAccess, readonly unknown[]]>([
    ['apiKey', [5, {}, ['test-secret'], true, Symbol('test-secret')]],
    [
      'headers',
      [
        null,
        'test-secret',
        [['x-a', 'test-secret']],
        new Headers({ 'x-a': 'test-secret' }),
        new Map([['x-a', 'test-secret']]),
        5,
      ],
    ],
    ['baseURL', [5, {}, new URL('https://test-secret.example')]],
    ['region', [5, {}]],
  ])('%s of another type is refused, and not left out without a word', async (option, values) => {
    for (const value of values) {
      const { origin, asked } = await service();
      const { error, sent } = await connect(origin, { apiKey: 'test-key', [option]: value }).run({ prompt: 'x' });
      expect({ sent, error }).toMatchObject({
        sent: false,
        error: { code: 'config', details: { option }, provider: 'paint' },
      });
      expect(error?.message).toMatch(new RegExp(`^${option} for Paint must be a`));
      expect(JSON.stringify(error)).not.toContain('test-secret');
      expect(asked).toEqual([]);
    }
  });

  test.each(['Authorization', 'x-own'])('cannot take the place of %s, which the provider sets', async (name) => {
    const { origin, asked } = await service();
    const client = connect(origin, { apiKey: 'test-key', headers: { [name]: 'mine' } }, { own: { 'X-Own': '1' } });
    const { error } = await client.run({ prompt: 'x' });
    expect(error).toMatchObject({ code: 'config', mayHaveBeenBilled: false });
    expect(error?.message).toBe(`headers: "${name.toLowerCase()}" is set by the provider itself`);
    expect(asked).toEqual([]);
  });
});
