import { once } from 'node:events';
import type { RequestListener } from 'node:http';
import { connect } from 'node:net';
import { getCACertificates, setDefaultCACertificates } from 'node:tls';
import { gzipSync } from 'node:zlib';
import { beforeEach, describe, expect, onTestFinished, test } from 'vitest';
import { certificate } from '../../test/certificate.ts';
import { accept, closedPort, serve, signalled } from '../../test/loopback.ts';
import { ImageError } from '../contract/errors.ts';
import type { TransportRequest } from '../contract/transport.ts';
import { AddressRefused } from './address-guard.ts';
import { createTransport, type TransportOptions } from './transport.ts';

function make(options: Partial<TransportOptions> = {}) {
  const transport = createTransport({ env: {}, ...options });
  onTestFinished(() => transport.close());
  return transport;
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

test('a request arrives as it is, and so does its answer, whatever the status', async () => {
  const { origin } = await serve(async (request, response) => {
    const body = await textOf(request);
    response.writeHead(418, {
      'x-echo': `${request.method} ${request.url} ${request.headers['x-a']}`,
      'set-cookie': ['a=1', 'b=2'],
    });
    response.end(body);
  });
  const { status, headers, body } = await make().request(
    post(`${origin}/path?q=1`, { headers: { 'x-a': 'b' }, body: 'grüße' }),
  );
  expect(status).toBe(418);
  expect(headers.get('x-echo')).toBe('POST /path?q=1 b');
  expect(headers.get('Set-Cookie')).toBe('a=1, b=2');
  expect(headers.get('constructor')).toBeNull();
  expect(await textOf(body)).toBe('grüße');
});

test('connections are kept and used again', async () => {
  let connections = 0;
  const { origin, server } = await serve((_, response) => response.end('ok'));
  server.on('connection', () => {
    connections += 1;
  });
  const transport = make();
  for (let count = 0; count < 10; count++) await textOf((await transport.request(post(origin))).body);
  // A second one is made when a body ends a moment before its connection is free again.
  expect(connections).toBeLessThanOrEqual(2);
});

describe('what cannot have been billed', () => {
  test('a refused connection', async () => {
    const port = await closedPort();
    const error = await failure(make().request(post(`http://127.0.0.1:${port}/`)));
    expect(error).toMatchObject({ code: 'network', retryable: true, mayHaveBeenBilled: false });
    expect(error.message).toBe(`127.0.0.1:${port} refused the connection`);
    expect(error.hint).toBeTruthy();
    expect(error.cause).toBeInstanceOf(Error);
  });

  test('a name without address', async () => {
    const resolve = () => Promise.reject(Object.assign(new Error('no'), { code: 'ENOTFOUND' }));
    const error = await failure(make({ resolve }).request(post('https://nowhere.example/', { trusted: false })));
    expect(error).toMatchObject({ code: 'network', retryable: true, mayHaveBeenBilled: false });
    expect(error.message).toContain('nowhere.example could not be found');
  });

  test('a server that does not speak TLS', async () => {
    const { port } = await accept((socket) => socket.end('HTTP/1.1 400 Bad Request\r\n\r\n'));
    const error = await failure(make().request(post(`https://127.0.0.1:${port}/`)));
    expect(error).toMatchObject({ code: 'network', mayHaveBeenBilled: false });
  });

  test('a header that HTTP does not allow, such as a key with a line break, and its value is not shown', async () => {
    const { origin } = await serve((_, response) => response.end());
    const error = await failure(make().request(post(origin, { headers: { authorization: 'Bearer test-key\nx' } })));
    expect(error).toMatchObject({ code: 'config', mayHaveBeenBilled: false });
    expect(error.message).not.toContain('test-key');
  });
});

describe('a connection cut after the request was received', () => {
  test.each([
    { spends: true, retryable: false, mayHaveBeenBilled: true },
    { spends: false, retryable: true, mayHaveBeenBilled: false },
  ])('with spends $spends', async ({ spends, ...expected }) => {
    const { origin, port } = await serve(async (request) => {
      await textOf(request);
      request.socket.destroy();
    });
    const error = await failure(make().request(post(origin, { spends })));
    expect(error).toMatchObject({ code: 'network', ...expected });
    expect(error.message).toContain(`the connection to 127.0.0.1:${port} was cut`);
  });

  test.each([{ 'content-length': '1000' }, {}])('in the middle of the body, with %j', async (headers) => {
    const { origin } = await serve((_, response) => {
      response.writeHead(200, headers);
      response.write('half', () => response.destroy());
    });
    const { body } = await make().request(post(origin));
    expect(await failure(textOf(body))).toMatchObject({ code: 'network', mayHaveBeenBilled: true });
  });

  test('an answer that is not HTTP', async () => {
    const { port } = await accept((socket) => socket.on('data', () => socket.end('SSH-2.0-OpenSSH\r\n')));
    const error = await failure(make().request(post(`http://127.0.0.1:${port}/`)));
    expect(error).toMatchObject({ code: 'bad-response', mayHaveBeenBilled: true });
  });
});

describe('an aborted signal', () => {
  const timeout = new ImageError('timeout', 'not finished in time', { retryable: true });

  test('that is aborted already sends nothing', async () => {
    const { origin } = await serve(() => expect.unreachable());
    const error = await failure(make().request(post(origin, { signal: AbortSignal.abort(timeout) })));
    expect(error).toBe(timeout);
  });

  test('while connecting closes the connection at once and nothing was billed', async () => {
    const closed = signalled();
    const controller = new AbortController();
    // A server that takes the connection and never answers the TLS greeting.
    const { port } = await accept((socket) => {
      socket.on('close', () => closed.resolve());
      socket.once('data', () => controller.abort(timeout));
    });
    const error = await failure(make().request(post(`https://127.0.0.1:${port}/`, { signal: controller.signal })));
    expect(error).toMatchObject({ code: 'timeout', mayHaveBeenBilled: false });
    await closed.promise;
  });

  test('while resolving the name ends the wait', async () => {
    const controller = new AbortController();
    const resolve = () => {
      queueMicrotask(() => controller.abort());
      return new Promise<never>(() => {});
    };
    const request = post('https://name.example/', { trusted: false, signal: controller.signal });
    expect(await failure(make({ resolve }).request(request))).toMatchObject({
      code: 'aborted',
      mayHaveBeenBilled: false,
    });
  });

  test.each([true, false])('while waiting for the answer closes the connection; with spends %s', async (spends) => {
    const closed = signalled();
    const controller = new AbortController();
    const { origin } = await serve((request) => {
      request.socket.on('close', () => closed.resolve());
      controller.abort(timeout);
    });
    const error = await failure(make().request(post(origin, { spends, signal: controller.signal })));
    expect(error).toMatchObject({
      code: 'timeout',
      message: timeout.message,
      retryable: true,
      mayHaveBeenBilled: spends,
    });
    await closed.promise;
  });

  test('in the middle of the body closes the connection, also if nobody reads', async () => {
    const closed = [signalled(), signalled()];
    let requests = 0;
    const { origin } = await serve((request, response) => {
      const { resolve } = closed[requests++]!;
      request.socket.on('close', () => resolve());
      response.write('x'.repeat(100_000));
    });
    const controller = new AbortController();
    const transport = make();
    const { body } = await transport.request(post(origin, { signal: controller.signal }));
    await transport.request(post(origin, { signal: controller.signal }));
    const reading = failure(textOf(body));
    controller.abort('enough');
    expect(await reading).toMatchObject({ code: 'aborted', mayHaveBeenBilled: true, cause: 'enough' });
    await Promise.all(closed.map(({ promise }) => promise));
  });

  test('of one request leaves another one to the same host alone', async () => {
    const first = new AbortController();
    const { origin } = await serve((request, response) => {
      if (request.url === '/first') first.abort();
      else response.end('second');
    });
    const transport = make();
    const aborted = failure(transport.request(post(`${origin}/first`, { signal: first.signal })));
    const other = await transport.request(post(`${origin}/second`));
    expect((await aborted).code).toBe('aborted');
    expect(await textOf(other.body)).toBe('second');
  });
});

describe('letting go', () => {
  const endless = () => {
    const closed = signalled();
    const served = serve((request, response) => {
      request.socket.on('close', () => closed.resolve());
      const more = () => {
        while (response.write(Buffer.alloc(65_536)));
      };
      response.on('drain', more);
      more();
    });
    return { served, closed: closed.promise };
  };

  test('discard closes the connection of a body that goes on', async () => {
    const { served, closed } = endless();
    const { discard } = await make().request(post((await served).origin));
    discard();
    await closed;
  });

  test('so does breaking off', async () => {
    const { served, closed } = endless();
    const { body } = await make().request(post((await served).origin));
    for await (const chunk of body) if (chunk.length) break;
    await closed;
  });

  test('closing the transport ends what runs and refuses what comes', async () => {
    const arrived = signalled();
    const { origin } = await serve(() => arrived.resolve());
    const transport = make();
    const running = failure(transport.request(post(origin)));
    await arrived.promise;
    await transport.close();
    expect((await running).code).toBe('network');
    expect(await failure(transport.request(post(origin)))).toMatchObject({ code: 'aborted', mayHaveBeenBilled: false });
  });
});

describe('the guard', () => {
  test('keeps an untrusted request off loopback, by literal and by name', async () => {
    let connections = 0;
    const { origin, port, server } = await serve((_, response) => response.end('ok'));
    server.on('connection', () => {
      connections += 1;
    });
    const resolve = async () => [{ address: '127.0.0.1', family: 4 }];
    const transport = make({ resolve });
    await expect(transport.request({ url: new URL(origin) })).rejects.toThrow(AddressRefused);
    await expect(transport.request({ url: new URL(`http://name.example:${port}/`) })).rejects.toThrow(AddressRefused);
    expect(connections).toBe(0);
    expect((await transport.request({ url: new URL(origin), trusted: true })).status).toBe(200);
  });

  test('never lets an untrusted request use a trusted connection', async () => {
    const { origin } = await serve((_, response) => response.end('ok'));
    const transport = make();
    await textOf((await transport.request({ url: new URL(origin), trusted: true })).body);
    await expect(transport.request({ url: new URL(origin) })).rejects.toThrow(AddressRefused);
  });

  test('lets through what allowNetworks names', async () => {
    const { origin, port } = await serve((_, response) => response.end('ok'));
    const resolve = async () => [{ address: '127.0.0.1', family: 4 }];
    const transport = make({ allowNetworks: ['127.0.0.0/8'], resolve });
    expect((await transport.request({ url: new URL(origin) })).status).toBe(200);
    expect((await transport.request({ url: new URL(`http://name.example:${port}/`) })).status).toBe(200);
  });
});

describe('through a proxy', () => {
  const withCredentials = (port: number) => `http://user:proxy-secret@127.0.0.1:${port}`;

  test('plain http is forwarded, with the credentials for the proxy only', async () => {
    const { port } = await serve((request, response) => {
      response.end(`${request.url} ${request.headers['proxy-authorization']}`);
    });
    const transport = make({ env: { http_proxy: withCredentials(port) } });
    const { body } = await transport.request(post('http://service.example/v1'));
    const basic = Buffer.from('user:proxy-secret').toString('base64');
    expect(await textOf(body)).toBe(`http://service.example/v1 Basic ${basic}`);
  });

  test('https asks for a tunnel; one that is refused is free, and says which proxy without its credentials', async () => {
    const { port, server } = await serve(() => expect.unreachable());
    server.on('connect', (request, socket) => {
      expect(request.url).toBe('service.example:443');
      socket.end('HTTP/1.1 407 Proxy Authentication Required\r\n\r\n');
    });
    const transport = make({ env: { HTTPS_PROXY: withCredentials(port) } });
    const error = await failure(transport.request(post('https://service.example/v1')));
    expect(error).toMatchObject({ code: 'network', retryable: false, mayHaveBeenBilled: false });
    expect(error.message).toBe(`the proxy 127.0.0.1:${port} refused the way to service.example (HTTP 407)`);
    expect(JSON.stringify(error)).not.toContain('secret');
  });

  test('407 on plain http is free too', async () => {
    const { port } = await serve((_, response) => response.writeHead(407).end());
    const error = await failure(
      make({ env: { http_proxy: withCredentials(port) } }).request(post('http://service.example/')),
    );
    expect(error).toMatchObject({ code: 'network', mayHaveBeenBilled: false, details: { proxyStatus: 407 } });
  });

  test('a proxy that cannot be reached is named', async () => {
    const port = await closedPort();
    const error = await failure(
      make({ env: { https_proxy: withCredentials(port) } }).request(post('https://service.example/')),
    );
    expect(error).toMatchObject({ code: 'network', retryable: true, mayHaveBeenBilled: false });
    expect(error.message).toBe(`the proxy 127.0.0.1:${port}, on the way to service.example, refused the connection`);
  });

  test('an abort while the tunnel is made lets the caller go', async () => {
    const controller = new AbortController();
    const { port, server } = await serve(() => expect.unreachable());
    server.on('connect', () => controller.abort());
    const transport = make({ env: { https_proxy: withCredentials(port) } });
    const error = await failure(transport.request(post('https://service.example/', { signal: controller.signal })));
    expect(error).toMatchObject({ code: 'aborted', mayHaveBeenBilled: false });
  });

  test('the guard still refuses literals and local names', async () => {
    const { port } = await serve(() => expect.unreachable());
    const transport = make({ env: { http_proxy: `http://127.0.0.1:${port}` } });
    await expect(transport.request({ url: new URL('http://10.0.0.1/') })).rejects.toThrow(AddressRefused);
    await expect(transport.request({ url: new URL('http://localhost/') })).rejects.toThrow(AddressRefused);
  });

  test('the environment is read at the time of the request', async () => {
    const { origin } = await serve((_, response) => response.end('direct'));
    const { port } = await serve((_, response) => response.end('proxied'));
    const env: Record<string, string> = {};
    const transport = make({ env });
    expect(await textOf((await transport.request(post(origin))).body)).toBe('direct');
    env.http_proxy = `http://127.0.0.1:${port}`;
    expect(await textOf((await transport.request(post('http://service.example/'))).body)).toBe('proxied');
    expect(await textOf((await transport.request(post(origin))).body)).toBe('direct');
  });
});

describe('limits of the HTTP client', () => {
  /** Servers that take a request, over each way, and say nothing more than `begin`. */
  async function ways(begin: string) {
    const answer: RequestListener = (_, response) => void (begin && response.write(begin));
    const plain = await serve(answer);
    const secure = await serve(answer, certificate);
    const proxy = await serve(answer);
    proxy.server.on('connect', (_, socket) => {
      const upstream = connect(secure.port, '127.0.0.1', () => {
        socket.write('HTTP/1.1 200 OK\r\n\r\n');
        socket.pipe(upstream).pipe(socket);
      });
      upstream.on('error', () => socket.destroy());
      socket.on('error', () => upstream.destroy());
    });
    const env = { http_proxy: proxy.origin, https_proxy: proxy.origin };
    const through = 'service.example';
    return [
      { url: plain.origin, env: {} },
      { url: secure.origin, env: {} },
      { url: `http://${through}/`, env },
      { url: `https://${through}/`, env },
    ];
  }

  beforeEach(() => {
    const known = getCACertificates('default');
    setDefaultCACertificates([...known, certificate.cert]);
    return () => setDefaultCACertificates(known);
  });

  const limited = { headersTimeout: 100, bodyTimeout: 100 };
  const other = { headersTimeout: 60_000, bodyTimeout: 60_000 };

  test('are ours on every way: direct and proxied, http and https', { timeout: 10_000 }, async () => {
    const tried = (await ways('')).map(({ url, env }) =>
      failure(make({ env, limits: { ...other, headersTimeout: limited.headersTimeout } }).request(post(url))),
    );
    for (const error of await Promise.all(tried)) expect(error.message).toContain('Headers Timeout');
  });

  test('are ours for bodies, too', { timeout: 10_000 }, async () => {
    const tried = (await ways('half')).map(async ({ url, env }) => {
      const { body } = await make({ env, limits: { ...other, bodyTimeout: limited.bodyTimeout } }).request(post(url));
      return failure(textOf(body));
    });
    for (const error of await Promise.all(tried)) expect(error.message).toContain('Body Timeout');
  });
});

describe('a compressed answer', () => {
  test('is unpacked, although none was asked for', async () => {
    const { origin } = await serve((request, response) => {
      expect(request.headers['accept-encoding']).toBe('identity');
      response.writeHead(200, { 'content-encoding': 'gzip' }).end(gzipSync('unpacked'));
    });
    expect(await textOf((await make().request(post(origin))).body)).toBe('unpacked');
  });

  test.each(['gzip', 'x-gzip', 'deflate'])('that is called %s and is not is taken as it is', async (encoding) => {
    const { origin } = await serve((_, response) => {
      response.writeHead(200, { 'content-encoding': encoding }).end('{"plain":true}');
    });
    expect(await textOf((await make().request(post(origin))).body)).toBe('{"plain":true}');
  });

  test('that is broken, or packed in an unknown way, is a bad response', async () => {
    const broken = Buffer.concat([gzipSync('packed').subarray(0, 10), Buffer.alloc(20, 0xff)]);
    const { origin } = await serve((request, response) => {
      response.writeHead(200, { 'content-encoding': request.url === '/a' ? 'gzip' : 'zork' }).end(broken);
    });
    const transport = make();
    const { body } = await transport.request(post(`${origin}/a`));
    expect(await failure(textOf(body))).toMatchObject({ code: 'bad-response', mayHaveBeenBilled: true });
    expect(await failure(transport.request(post(`${origin}/b`)))).toMatchObject({ code: 'bad-response' });
  });

  test('cut in the middle is a cut', async () => {
    const packed = gzipSync(Buffer.alloc(1000, 'x'));
    const { origin } = await serve((_, response) => {
      response.writeHead(200, { 'content-encoding': 'gzip', 'content-length': packed.length });
      response.write(packed.subarray(0, 12), () => response.destroy());
    });
    const { body } = await make().request(post(origin));
    expect(await failure(textOf(body))).toMatchObject({ code: 'network' });
  });
});

test('requests that wait for the same host connect side by side', async () => {
  const both = signalled();
  let running = 0;
  const { origin, server } = await serve(async (_, response) => {
    running += 1;
    if (running === 2) both.resolve();
    await both.promise;
    response.end('ok');
  });
  const transport = make();
  const answers = await Promise.all([transport.request(post(origin)), transport.request(post(origin))]);
  expect(await Promise.all(answers.map(({ body }) => textOf(body)))).toEqual(['ok', 'ok']);
  server.closeIdleConnections();
  await once(server.close(), 'close');
});
