import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { describe, expect, onTestFinished, test } from 'vitest';
import { serve, signalled } from '../../test/loopback.ts';
import { Secret } from '../access/secret.ts';
import type { Json } from '../contract/capabilities.ts';
import { ImageError } from '../contract/errors.ts';
import { userAgent } from './manifest.ts';
import { createHttp, type HttpOptions, isBelow } from './service.ts';
import { createTransport } from './transport.ts';

function make(baseURL: string, options: Partial<HttpOptions> & { allowNetworks?: readonly string[] } = {}) {
  const { allowNetworks = [], ...rest } = options;
  const transport = createTransport({ env: {}, allowNetworks });
  onTestFinished(() => transport.close());
  return createHttp({
    transport,
    baseURL,
    trustedHosts: [],
    key: new Secret('test-key'),
    hidden: () => 'test-key',
    sign: (key) => ({ Authorization: `Bearer ${key}` }),
    signal: new AbortController().signal,
    log: () => {},
    ...rest,
  });
}

interface Seen {
  readonly url: string;
  readonly headers: { readonly [name: string]: string | string[] | undefined };
  readonly body: string;
}

/** A server that answers with what it was asked. */
async function echo() {
  return serve(async (request, response) => {
    const body = Buffer.concat(await Array.fromAsync(request)).toString();
    const seen: Seen = { url: `${request.method} ${request.url}`, headers: request.headers, body };
    response.setHeader('content-type', 'application/json');
    response.end(JSON.stringify(seen));
  });
}

async function failure(work: Promise<unknown>): Promise<ImageError> {
  const error = await work.then(
    () => new Error('nothing was thrown'),
    (reason: unknown) => reason,
  );
  if (!ImageError.isInstance(error)) throw error;
  return error;
}

describe('a request', () => {
  test('keeps the query of the base URL, and its own', async () => {
    const { origin } = await echo();
    const http = make(`${origin}/openai/v1?api-version=2026-05-01&x=1`);
    const seen = (await (await http.send({ to: 'images/generations?x=2', json: {} })).json()) as Seen;
    expect(seen.url).toBe('POST /openai/v1/images/generations?x=2&api-version=2026-05-01');
  });

  test('goes below the base URL, signed, as JSON', async () => {
    const { origin } = await echo();
    const http = make(`${origin}/api/v4/`);
    const seen = (await (await http.send({ to: '/images/generations?a=b', json: { prompt: 'grüße' } })).json()) as Seen;
    expect(seen.url).toBe('POST /api/v4/images/generations?a=b');
    expect(seen.body).toBe('{"prompt":"grüße"}');
    expect(seen.headers).toMatchObject({
      authorization: 'Bearer test-key',
      'content-type': 'application/json',
      'user-agent': userAgent,
    });
    expect(userAgent).toMatch(/^anyimage\/\d+\.\d+\.\d+/);
  });

  test('carries a form with its files and a declared length', async () => {
    const { origin } = await echo();
    const form = new FormData();
    form.append('prompt', 'a boat');
    form.append('image', new Blob([Uint8Array.of(1, 2, 3)], { type: 'image/png' }), 'a.png');
    const seen = (await (await make(origin).send({ to: 'edits', form })).json()) as Seen;
    expect(seen.url).toBe('POST /edits');
    expect(seen.headers['content-type']).toMatch(/^multipart\/form-data; boundary=/);
    expect(Number(seen.headers['content-length'])).toBe(Buffer.byteLength(seen.body));
    expect(seen.body).toContain('name="image"; filename="a.png"');
  });

  test('takes the headers of the provider, which the signature overrides', async () => {
    const { origin } = await echo();
    const headers = { 'Accept-Language': 'en', AUTHORIZATION: 'none' };
    const seen = (await (await make(origin).send({ method: 'DELETE', to: 'x', headers })).json()) as Seen;
    expect(seen.url).toBe('DELETE /x');
    expect(seen.headers).toMatchObject({ 'accept-language': 'en', authorization: 'Bearer test-key' });
  });

  test('is not signed without a key', async () => {
    const { origin } = await echo();
    const seen = (await (await make(origin, { key: undefined }).send({ to: 'x' })).json()) as Seen;
    expect(seen.url).toBe('GET /x');
    expect(seen.headers).not.toHaveProperty('authorization');
  });

  test.each(['../admin', 'a/../../admin', '..%2f/../../x'])(
    '%s, which leads out of the base URL, is refused',
    async (to) => {
      const error = await failure(make('http://127.0.0.1:9/api/v4').send({ to }));
      expect(error.code).toBe('bad-response');
      expect(error.message).toContain('no path below the base URL');
    },
  );

  test('with a colon in its first segment stays a path', async () => {
    const { origin } = await echo();
    const seen = (await (await make(`${origin}/v1`).send({ to: 'model:generate', json: {} })).json()) as Seen;
    expect(seen.url).toBe('POST /v1/model:generate');
  });
});

describe('an absolute URL', () => {
  test('of another origin is neither signed nor trusted', async () => {
    const { origin: base } = await echo();
    const { origin: other } = await echo();
    const refused = await failure(make(base).send({ to: `${other}/x` }));
    expect(refused.code).toBe('bad-response');
    expect(refused.message).toContain('leads to 127.0.0.1, a loopback address');

    const open = make(base, { allowNetworks: ['127.0.0.0/8'], headers: { 'x-organisation': 'mine' } });
    const seen = (await (await open.send({ to: `${other}/x` })).json()) as Seen;
    expect(seen.headers).not.toHaveProperty('authorization');
    expect(seen.headers).not.toHaveProperty('x-organisation');
    const own = (await (await open.send({ to: 'x' })).json()) as Seen;
    expect(own.headers['x-organisation']).toBe('mine');
  });

  test.each([401, 403])(
    'that answers %d without a key says which host, why it got none, and what to do',
    async (status) => {
      const { origin: other, port } = await serve((_, response) => response.writeHead(status).end('{"detail":"no"}'));
      const { origin: base } = await echo();
      const http = make(base, { allowNetworks: ['127.0.0.0/8'] });
      const error = await failure(http.send({ to: `${other}/x` }));
      expect(error).toMatchObject({
        code: 'permission',
        status,
        retryable: false,
        message: `127.0.0.1:${port} refused a request without a key (HTTP ${status}); no key was sent there: it is neither the origin of the base URL nor in trustedHosts`,
        hint: expect.stringContaining('has to name it in trustedHosts'),
        details: { problem: 'key-kept', host: `127.0.0.1:${port}` },
      });
      // Without a key nothing was kept back, and any other status is the service's own affair.
      const keyless = make(base, { allowNetworks: ['127.0.0.0/8'], key: undefined });
      expect((await keyless.send({ to: `${other}/x` })).status).toBe(status);
    },
  );

  test('that answers 404 without a key is read by the provider', async () => {
    const { origin: other } = await serve((_, response) => response.writeHead(404).end('{}'));
    const { origin: base } = await echo();
    const http = make(base, { allowNetworks: ['127.0.0.0/8'] });
    expect((await http.send({ to: `${other}/x` })).status).toBe(404);
  });

  test('of another port of loopback is a host of the service, if the base URL is there and the service has others', async () => {
    const { origin: base } = await echo();
    const { origin: other } = await echo();
    const http = make(base, { trustedHosts: ['.service.example'] });
    const seen = (await (await http.send({ to: `${other}/x` })).json()) as Seen;
    expect(seen.headers.authorization).toBe('Bearer test-key');
  });

  test('of a trusted host is signed over https only', async () => {
    const signed: string[] = [];
    const sign: HttpOptions['sign'] = (_, { url }) => {
      signed.push(url.origin);
      throw new ImageError('aborted', 'far enough');
    };
    const http = make('http://127.0.0.1:9', { trustedHosts: ['files.example', '.service.example'], sign });
    await failure(http.send({ to: 'https://files.example/a' }));
    await failure(http.send({ to: 'https://eu.service.example/a' }));
    expect(signed).toEqual(['https://files.example', 'https://eu.service.example']);
    const away = make('https://api.invalid', { trustedHosts: ['127.0.0.1:1', '127.0.0.1', '.invalid'], sign });
    for (const to of ['http://127.0.0.1:1/', 'https://127.0.0.1:2/', 'https://a.invalid'])
      await failure(away.send({ to }));
    expect(signed).toHaveLength(2);
  });

  test('of the base URL itself is signed', async () => {
    const { origin } = await echo();
    const seen = (await (await make(`${origin}/v1`).send({ to: `${origin}/elsewhere` })).json()) as Seen;
    expect(seen.url).toBe('GET /elsewhere');
    expect(seen.headers.authorization).toBe('Bearer test-key');
  });
});

describe('a redirect', () => {
  test('of a question is followed, and signed on the same origin only', async () => {
    const { origin: other } = await echo();
    const { origin, port } = await serve((request, response) => {
      const to = request.url === '/there' ? `${other}/x` : '/there';
      if (request.url === '/there') expect(request.headers.authorization).toBe('Bearer test-key');
      response.writeHead(302, { location: to }).end('moved');
    });
    const http = make(origin, { allowNetworks: ['127.0.0.0/8'] });
    const seen = (await (await http.send({ to: 'here', headers: { 'x-account': '7' } })).json()) as Seen;
    expect(seen.headers).not.toHaveProperty('authorization');
    expect(seen.headers).not.toHaveProperty('x-account');
    expect(seen.headers.host).not.toContain(String(port));
  });

  test('to a private address is refused', async () => {
    const { origin } = await serve((_, response) => {
      response.writeHead(307, { location: 'http://169.254.169.254/latest/meta-data' }).end();
    });
    const error = await failure(make(origin).send({ to: 'x' }));
    expect(error).toMatchObject({ code: 'bad-response', details: { problem: 'address' } });
  });

  test('of anything else is an error that names the host and repeats nothing', async () => {
    let requests = 0;
    const { origin, port } = await serve((_, response) => {
      requests += 1;
      response.writeHead(308, { location: 'https://other.example/v2?token=secret' }).end();
    });
    const error = await failure(make(origin).send({ to: 'x', json: {}, spends: true }));
    expect(error).toMatchObject({ code: 'bad-response', mayHaveBeenBilled: false, retryable: false });
    expect(error.message).toBe(`127.0.0.1:${port} redirected a POST request to other.example`);
    expect(requests).toBe(1);
  });

  test('is followed five times and no more', async () => {
    let requests = 0;
    const { origin } = await serve((request, response) => {
      requests += 1;
      const left = Number(request.url!.slice(1));
      if (left === 0) response.end('{}');
      else response.writeHead(303, { location: `/${left - 1}` }).end();
    });
    expect((await make(origin).send({ to: '5' })).status).toBe(200);
    requests = 0;
    expect((await failure(make(origin).send({ to: '99' }))).message).toContain('more than 5 redirects');
    expect(requests).toBe(6);
  });

  test('to nowhere is an error', async () => {
    const { origin } = await serve((_, response) => response.writeHead(302, { location: 'http://' }).end());
    expect((await failure(make(origin).send({ to: 'x' }))).message).toContain('redirected to no valid URL');
  });
});

describe('an answer', () => {
  test('gives its pictures as bytes, whatever its status', async () => {
    const bytes = new Uint8Array(100_000).map((_, index) => index % 251);
    const { origin } = await serve((_, response) => {
      response.writeHead(201, { 'x-request-id': 'r-1' });
      response.end(JSON.stringify({ data: [{ b64_json: Buffer.from(bytes).toString('base64') }] }));
    });
    const answer = await make(origin).send({ to: 'x' });
    expect(answer.status).toBe(201);
    expect(answer.headers.get('x-request-id')).toBe('r-1');
    expect(await answer.json()).toEqual({ data: [{ b64_json: bytes }] });
  });

  test('gives its bytes, or its events as they arrive', async () => {
    const second = signalled();
    const { origin } = await serve(async (request, response) => {
      if (request.url === '/bytes') return void response.end(Uint8Array.of(1, 2, 3));
      response.write('data: one\n\n');
      await second.promise;
      response.end('event: last\ndata: two\n\n');
    });
    const http = make(origin);
    expect(await (await http.send({ to: 'bytes' })).bytes()).toEqual(Uint8Array.of(1, 2, 3));
    const events = [];
    for await (const event of (await http.send({ to: 'events' })).events()) {
      events.push(event);
      second.resolve();
    }
    expect(events).toEqual([
      { event: 'message', data: 'one' },
      { event: 'last', data: 'two' },
    ]);
  });

  test('can be read once', async () => {
    const { origin } = await echo();
    const answer = await make(origin).send({ to: 'x' });
    await answer.json();
    await expect(answer.bytes()).rejects.toThrow('only once');
  });

  test('that is no JSON says host and status, and may have been billed if it was a success that costs', async () => {
    const { origin, port } = await serve((request, response) => {
      response.writeHead(request.url === '/ok' ? 200 : 502).end('<html>Bad gateway</html>');
    });
    const http = make(origin);
    const bad = await failure((await http.send({ to: 'bad', json: {}, spends: true })).json());
    expect(bad).toMatchObject({ code: 'bad-response', status: 502, mayHaveBeenBilled: false });
    expect(bad.message).toBe(
      `127.0.0.1:${port} (HTTP 502): the answer is not JSON; it starts with “<html>Bad gateway</html>”`,
    );
    const good = await failure((await http.send({ to: 'ok', json: {}, spends: true })).json());
    expect(good).toMatchObject({ status: 200, mayHaveBeenBilled: true });
  });

  test('never puts the key into an error, though the service echoes it', async () => {
    const { origin } = await serve((request, response) => response.end(`denied: ${request.headers.authorization}`));
    const error = await failure((await make(origin).send({ to: 'x' })).json());
    expect(error.message).toContain('denied: Bearer ***');
    expect(JSON.stringify(error)).not.toContain('test-key');
  });

  test('that nobody reads lets its connection go when it is forgotten', async () => {
    setFlagsFromString('--expose-gc');
    const collect = runInNewContext('gc') as () => void;
    const closed = signalled();
    const { origin } = await serve((request, response) => {
      request.socket.on('close', () => closed.resolve());
      response.write(Buffer.alloc(1_000_000));
    });
    const http = make(origin);
    const ask = async () => (await http.send({ to: 'x' })).status;
    expect(await ask()).toBe(200);
    let isClosed = false;
    void closed.promise.then(() => {
      isClosed = true;
    });
    while (!isClosed) {
      collect();
      await new Promise((resolve) => setImmediate(resolve));
    }
  });

  test('is cut off by the signal, with the reason of the signal', async () => {
    const controller = new AbortController();
    const { origin } = await serve((_, response) => response.write('{"a":'));
    const answer = await make(origin, { signal: controller.signal }).send({ to: 'x', json: {}, spends: true });
    const reading = failure(answer.json());
    controller.abort(new ImageError('timeout', 'too late', { retryable: true }));
    expect(await reading).toMatchObject({ code: 'timeout', message: 'too late', mayHaveBeenBilled: true });
  });
});

describe('the log', () => {
  test('says what went there and back, and nothing that a person wrote', async () => {
    const { origin, port } = await echo();
    const lines: { event: string; facts?: Json }[] = [];
    const log: HttpOptions['log'] = (event, facts) => lines.push({ event, ...(facts !== undefined && { facts }) });
    const json = { model: 'boat-1', prompt: 'private', n: 1, image: 'A'.repeat(100), user: 'me', key: 'test-key' };
    const answer = await make(origin, { log }).send({ to: 'a/test-key/b?secret=1', json });
    await answer.json();
    const place = { host: `127.0.0.1:${port}`, path: '/a/***/b' };
    const body = {
      model: 'boat-1',
      prompt: '(7 characters)',
      n: 1,
      image: '(100 characters)',
      user: '(2 characters)',
      key: '***',
    };
    expect(JSON.stringify(lines)).not.toMatch(/private|secret|test-key/);
    expect(lines).toEqual([
      { event: 'request', facts: { method: 'POST', ...place, body } },
      {
        event: 'http',
        facts: { method: 'POST', ...place, status: 200, ms: expect.any(Number) },
      },
      {
        event: 'answer',
        facts: { ...place, status: 200, body: expect.objectContaining({ body: expect.stringMatching(/characters/) }) },
      },
    ]);
  });

  test('says what failed', async () => {
    const lines: Json[] = [];
    const signal = AbortSignal.abort();
    await failure(
      make('http://127.0.0.1:9', { signal, log: (_, facts = null) => lines.push(facts) }).send({ to: 'x' }),
    );
    const place = { method: 'GET', host: '127.0.0.1:9', path: '/x' };
    expect(lines).toMatchObject([place, { ...place, error: 'aborted' }]);
  });
});

test.each([
  ['https://a.example/v1', 'https://a.example/v1/files/a.png', true],
  ['https://a.example/v1/', 'https://a.example:443/v1/a.png?x=%2f', true],
  ['https://a.example/v1?api-version=1', 'https://A.example/v1/a.png#x', true],
  ['https://a.example', 'https://a.example/a.png', true],
  ['https://a.example:8443/v1', 'https://a.example:8443/v1/a.png', true],
  ['https://a.example/v1', 'http://a.example/v1/a.png', false],
  ['http://a.example/v1', 'https://a.example/v1/a.png', false],
  ['https://a.example/v1', 'https://a.example:8443/v1/a.png', false],
  ['https://a.example:8443/v1', 'https://a.example/v1/a.png', false],
  ['https://a.example/v1', 'https://a.example./v1/a.png', false],
  ['https://a.example/v1', 'https://a.example.org/v1/a.png', false],
  ['https://a.example/v1', 'https://cdn.a.example/v1/a.png', false],
  ['https://a.example/v1', 'https://a.example@b.example/v1/a.png', false],
  ['https://a.example/v1', 'https://b.example/https://a.example/v1/a.png', false],
  ['https://a.example', 'https://a.example/a%2fb.png', false],
])('what is below %s: %s is %j', (baseURL, url, expected) => {
  expect(isBelow(new URL(url), baseURL)).toBe(expected);
});
