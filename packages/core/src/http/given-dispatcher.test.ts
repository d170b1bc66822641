import { Agent, type Dispatcher, MockAgent, type ProxyAgent } from 'undici';
import { describe, expect, expectTypeOf, onTestFinished, test } from 'vitest';
import { serve, signalled } from '../../test/loopback.ts';
import { noisyPNG } from '../../test/pictures.ts';
import { defineProvider } from '../access/define-provider.ts';
import type { HttpDispatcher } from '../contract/client.ts';
import { ImageError } from '../contract/errors.ts';
import type { TransportRequest } from '../contract/transport.ts';
import { createClient } from '../create-client.ts';
import { generateImage } from '../generate-image.ts';
import { AddressRefused } from './address-guard.ts';
import { createTransport, type TransportOptions } from './transport.ts';

function make(dispatcher: HttpDispatcher, options: Partial<TransportOptions> = {}) {
  const transport = createTransport({ env: {}, dispatcher, ...options });
  onTestFinished(() => transport.close());
  return transport;
}

function agent(): Agent {
  const made = new Agent();
  onTestFinished(() => made.destroy());
  return made;
}

/** What undici 6 calls of a handler, and nothing else. */
interface EarlierHandler {
  onConnect(abort: (reason?: Error) => void): void;
  onHeaders(status: number, headers: Buffer[], resume: () => void): boolean;
  onData(chunk: Buffer): boolean;
  onComplete(trailers: Buffer[]): void;
  onError(error: Error): void;
}

/** A dispatcher that speaks to its handler as undici 6 does. */
function earlier(over: Dispatcher): HttpDispatcher {
  return {
    dispatch(options, given) {
      const handler = given as EarlierHandler;
      return over.dispatch(options as Dispatcher.DispatchOptions, {
        onRequestStart: (controller) => handler.onConnect((reason) => controller.abort(reason ?? new Error('aborted'))),
        onResponseStart(controller, status, headers) {
          const raw = Object.entries(headers).flatMap(([name, value]) => {
            return [value ?? []].flat().flatMap((one) => [Buffer.from(name), Buffer.from(String(one))]);
          });
          if (!handler.onHeaders(status, raw, () => controller.resume())) controller.pause();
        },
        onResponseData(controller, chunk) {
          if (!handler.onData(chunk)) controller.pause();
        },
        onResponseEnd: () => handler.onComplete([]),
        onResponseError: (_, error) => handler.onError(error),
      });
    },
  };
}

const post = (url: string, more: Partial<TransportRequest> = {}): TransportRequest => ({
  url: new URL(url),
  method: 'POST',
  body: '{}',
  trusted: true,
  spends: true,
  ...more,
});

async function textOf(body: AsyncIterable<Uint8Array>): Promise<string> {
  return Buffer.concat(await Array.fromAsync(body)).toString();
}

async function failure(work: Promise<unknown>): Promise<ImageError> {
  const error = await work.then(
    () => new Error('nothing was thrown'),
    (reason: unknown) => reason,
  );
  if (!ImageError.isInstance(error)) throw error;
  return error;
}

test('a dispatcher of undici is one by its type', () => {
  expectTypeOf<Dispatcher>().toExtend<HttpDispatcher>();
  expectTypeOf<Agent>().toExtend<HttpDispatcher>();
  expectTypeOf<ProxyAgent>().toExtend<HttpDispatcher>();
});

describe.each([
  ['of this version of undici', (over: Dispatcher): HttpDispatcher => over],
  ['as undici 6 is', earlier],
])('a dispatcher %s', (_, from) => {
  test('carries a request, and its answer with all its headers', async () => {
    const { origin } = await serve(async (request, response) => {
      const body = await textOf(request);
      response.writeHead(418, { 'X-Echo': `${request.method} ${request.url}`, 'set-cookie': ['a=1', 'b=2'] });
      response.end(body);
    });
    const { status, headers, body } = await make(from(agent())).request(post(`${origin}/path?q=1`, { body: 'grüße' }));
    expect([status, headers.get('x-echo'), headers.get('Set-Cookie')]).toEqual([418, 'POST /path?q=1', 'a=1, b=2']);
    expect(await textOf(body)).toBe('grüße');
  });

  test('is made to wait where nobody reads, and goes on', async () => {
    const long = Buffer.alloc(8_000_000, 'a');
    const { origin } = await serve((_request, response) => response.end(long));
    const { body } = await make(from(agent())).request(post(origin));
    await new Promise((resolve) => setImmediate(resolve));
    expect(await textOf(body)).toHaveLength(long.length);
  });

  test('is told when the caller gives up, also before the head', async () => {
    const closed = signalled();
    const stop = new AbortController();
    const { origin } = await serve((request) => {
      request.socket.on('close', () => closed.resolve());
      stop.abort(new ImageError('aborted', 'enough'));
    });
    const asking = failure(make(from(agent())).request(post(origin, { signal: stop.signal })));
    expect(await asking).toMatchObject({ code: 'aborted', mayHaveBeenBilled: true });
    await closed.promise;
  });

  test('that cannot connect, or is cut, says so as core does', async () => {
    const refused = await failure(make(from(agent())).request(post('http://127.0.0.1:1')));
    expect(refused).toMatchObject({ code: 'network', retryable: true, mayHaveBeenBilled: false });
    const { origin } = await serve((request) => void request.socket.destroy());
    const cut = await failure(make(from(agent())).request(post(origin)));
    expect(cut).toMatchObject({ code: 'network', mayHaveBeenBilled: true });
  });
});

test.each<[string, () => unknown]>([
  [
    'at once',
    () => {
      throw new Error('no way out');
    },
  ],
  [
    'in its promise',
    async () => {
      throw new Error('no way out');
    },
  ],
])('a dispatcher that fails %s is told of, and ends nothing else', async (_, dispatch) => {
  const refused = await failure(make({ dispatch } as HttpDispatcher).request(post('http://paint.example')));
  expect(refused).toMatchObject({ code: 'network', mayHaveBeenBilled: false });
  expect(refused.message).toContain('no way out');
});

describe('with a dispatcher', () => {
  test('no proxy of the environment is asked, and closing the client leaves it open', async () => {
    const { origin } = await serve((_, response) => response.end('here'));
    const own = agent();
    const transport = make(own, { env: { HTTP_PROXY: 'http://127.0.0.1:1' } });
    expect(await textOf((await transport.request(post(origin))).body)).toBe('here');
    await transport.close();
    expect(own.closed).toBe(false);
    expect(await failure(transport.request(post(origin)))).toMatchObject({ code: 'aborted' });
  });

  test('that answers from memory no server is needed', async () => {
    const mock = new MockAgent();
    mock.disableNetConnect();
    onTestFinished(() => mock.close());
    mock.get('https://api.service.example').intercept({ path: '/v1/x', method: 'POST' }).reply(200, { a: 1 });
    const { status, body } = await make(mock).request(post('https://api.service.example/v1/x'));
    expect([status, await textOf(body)]).toEqual([200, '{"a":1}']);
  });

  /** Notes what it is asked for, and answers nothing. */
  function noting() {
    const origins: unknown[] = [];
    const dispatch: HttpDispatcher['dispatch'] = (options) => {
      origins.push((options as Dispatcher.DispatchOptions).origin);
      throw new Error('far enough');
    };
    return { dispatcher: { dispatch }, origins };
  }
  const names: { readonly [host: string]: string } = {
    'public.example': '93.184.216.34',
    'private.example': '10.0.0.1',
    'metadata.example': '169.254.169.254',
  };
  const resolve = async (host: string) => {
    const address = names[host];
    if (!address) throw Object.assign(new Error('no such name'), { code: 'ENOTFOUND' });
    return [{ address, family: 4 }];
  };

  test.each([
    ['http://127.0.0.1/', false],
    ['http://[::ffff:10.0.0.1]/', false],
    ['http://0x7f.1/', false],
    ['http://169.254.169.254/', false],
    ['https://private.example/', false],
    ['https://metadata.example/', false],
    ['http://printer.local/', false],
    ['http://localhost/', false],
    ['ftp://public.example/', false],
    ['https://me@public.example/', false],
    ['https://public.example/', true],
    ['https://known-to-the-proxy.example/', true],
    ['https://93.184.216.34/', true],
  ])('the address guard still sees to %s: %s', async (url, passes) => {
    const { dispatcher, origins } = noting();
    const asking = make(dispatcher, { resolve }).request({ url: new URL(url) });
    const error = await asking.catch((reason: unknown) => reason);
    expect(error instanceof AddressRefused).toBe(!passes);
    expect(origins).toHaveLength(passes ? 1 : 0);
  });

  test('its own limits for slow answers do not hold', async () => {
    const asked: object[] = [];
    const dispatch: HttpDispatcher['dispatch'] = (options) => {
      asked.push(options);
      throw new Error('far enough');
    };
    await failure(make({ dispatch }).request(post('https://public.example/')));
    expect(asked).toMatchObject([{ headersTimeout: 0, bodyTimeout: 0, method: 'POST' }]);
  });

  test('what the person set up is reached anywhere', async () => {
    const { dispatcher, origins } = noting();
    await failure(make(dispatcher, { resolve }).request({ url: new URL('http://127.0.0.1:9/'), trusted: true }));
    expect(origins).toEqual(['http://127.0.0.1:9']);
  });

  test('URLs of agents are refused, unless their address is allowed', async () => {
    const { dispatcher } = noting();
    const transport = make(dispatcher, { resolve, allowNetworks: ['203.0.113.0/24'] });
    const ask = (url: string) =>
      transport.request({ url: new URL(url), directOnly: true }).catch((error: unknown) => error);
    expect(await ask('https://public.example/')).toBeInstanceOf(AddressRefused);
    expect(await ask('https://203.0.113.7/')).not.toBeInstanceOf(AddressRefused);
  });
});

test('a client and the one-liner send all through it: the request, and the picture', async () => {
  const mock = new MockAgent();
  mock.disableNetConnect();
  onTestFinished(() => mock.close());
  const picture = Buffer.from(noisyPNG(16, 16));
  mock.get('https://api.service.example').intercept({ path: '/v1/draw', method: 'POST' }).reply(200, {}).times(2);
  // A literal address: nothing is resolved.
  const result = mock.get('https://93.184.216.34').intercept({ path: '/a.png' });
  result.reply(200, picture, { headers: { 'content-type': 'image/png' } }).times(2);
  const provider = defineProvider({
    id: 'paint',
    label: 'Paint',
    models: {
      one: {
        label: 'One',
        source: 'https://docs.example',
        checked: '2026-11-20',
        operations: { generate: {} },
        delivery: { as: 'url', livesSeconds: 60 },
      },
    },
    defaultModel: 'one',
    regions: { only: { baseURL: 'https://api.service.example/v1' } },
    keys: [],
    sign: () => ({}),
    async generate(call, { http }) {
      await (await http.send({ to: 'draw', json: { prompt: call.prompt }, spends: true })).json();
      return { outputs: [{ url: 'https://93.184.216.34/a.png' }] };
    },
  })();
  const client = createClient({ providers: [provider], dispatcher: mock, env: {} });
  expect((await client.generate({ prompt: 'x' })).images).toHaveLength(1);
  await client.close();
  expect((await generateImage({ provider, prompt: 'x', dispatcher: mock })).images).toHaveLength(1);
  mock.assertNoPendingInterceptors();
});

test('what is no dispatcher is refused at once', () => {
  for (const dispatcher of [{}, 'http://proxy.example', fetch]) {
    expect(() => createTransport({ env: {}, dispatcher: dispatcher as unknown as HttpDispatcher })).toThrow(
      'dispatcher is none',
    );
  }
});
