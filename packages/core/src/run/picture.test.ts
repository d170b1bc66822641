import { describe, expect, onTestFinished, test } from 'vitest';
import { accept, serve, signalled } from '../../test/loopback.ts';
import { noisyPNG, pictures } from '../../test/pictures.ts';
import { ImageError } from '../contract/errors.ts';
import type { PictureSource } from '../contract/provider.ts';
import type { ImageFacts, ImageWriter } from '../contract/store.ts';
import { createTransport } from '../http/transport.ts';
import { type ReceiveOptions, receivePicture } from './picture.ts';

/** A writer that notes what is asked of it. */
function recorder(fail: { write?: Error; commit?: Error } = {}) {
  const written: Uint8Array[] = [];
  const calls: string[] = [];
  const facts: ImageFacts[] = [];
  const announced: number[] = [];
  const writer: ImageWriter = {
    expect(byteLength) {
      announced.push(byteLength);
    },
    async write(chunk) {
      if (fail.write) throw fail.write;
      calls.push('write');
      written.push(Uint8Array.from(chunk));
    },
    async commit(found) {
      if (fail.commit) throw fail.commit;
      calls.push('commit');
      facts.push(found);
      const bytes = Buffer.concat(written);
      return { bytes: async () => bytes, stream: () => new Blob([bytes]).stream() };
    },
    async abort() {
      calls.push('abort');
    },
  };
  return { writer, calls, facts, announced, written };
}

function receive(source: PictureSource, options: Partial<ReceiveOptions> & { allowNetworks?: readonly string[] } = {}) {
  const { allowNetworks = ['127.0.0.0/8'], ...rest } = options;
  const transport = createTransport({ env: {}, allowNetworks });
  onTestFinished(() => transport.close());
  const record = recorder();
  const prompt = { original: 'x', sent: 'x' };
  const work = receivePicture(source, {
    transport,
    trustedOrigins: [],
    writer: record.writer,
    signal: new AbortController().signal,
    maxBytes: 2 ** 20,
    record: () => ({ model: 'x/y', prompt, applied: [], warnings: [], timings: { totalMs: 1 } }),
    ...rest,
  });
  return { ...record, work };
}

async function refused(source: PictureSource, options?: Parameters<typeof receive>[1]): Promise<ImageError> {
  const { work, calls } = receive(source, options);
  const error = await work.then(
    () => new Error('nothing was thrown'),
    (reason: unknown) => reason,
  );
  if (!ImageError.isInstance(error)) throw error;
  if (!options?.writer) expect(calls.filter((call) => call !== 'write')).toEqual(['abort']);
  return error;
}

const base64 = (bytes: Uint8Array) => Buffer.from(bytes).toString('base64');
const png = { mediaType: 'image/png', width: 9, height: 7, byteLength: pictures.png.length };
const streamOf = (...chunks: Uint8Array[]) => ReadableStream.from(chunks) as ReadableStream<Uint8Array>;

describe('wherever a picture comes from, it is verified, written as it is and committed once', () => {
  test.each<[string, PictureSource]>([
    ['bytes', { bytes: pictures.png }],
    ['base64 text', { base64: base64(pictures.png) }],
    ['base64 decoded already', { base64: pictures.png }],
    ['a data URI for base64', { base64: `data:image/png;base64,${base64(pictures.png)}` }],
    ['a data URI for a URL', { url: `data:image/png;base64,${base64(pictures.png)}` }],
    ['a stream', { stream: streamOf(pictures.png.subarray(0, 100), pictures.png.subarray(100)) }],
  ])('%s', async (_, source) => {
    const { work, calls, facts, written } = receive(source);
    const received = await work;
    expect(received).toEqual({ facts: png, stored: expect.anything() });
    expect(facts).toEqual([png]);
    expect(calls.filter((call) => call !== 'write')).toEqual(['commit']);
    expect(Buffer.concat(written).equals(pictures.png)).toBe(true);
    expect(await received.stored.bytes()).toEqual(Buffer.from(pictures.png));
  });

  test('a URL, asked for without authorization', async () => {
    const { origin } = await serve((request, response) => {
      expect(request.headers).not.toHaveProperty('authorization');
      expect(request.headers['user-agent']).toMatch(/^anyimage\//);
      response.end(pictures.png);
    });
    const { work, announced } = receive({ url: `${origin}/a.png` });
    expect(await work).toEqual({ facts: png, stored: expect.anything(), sourceUrl: `${origin}/a.png` });
    expect(announced).toEqual([pictures.png.length]);
  });

  test('a large picture goes from socket to store piece by piece, before all of it is there', async () => {
    const bytes = noisyPNG(700, 700);
    const firstWritten = signalled();
    const { origin } = await serve(async (_, response) => {
      response.write(bytes.subarray(0, 100_000));
      await firstWritten.promise;
      response.end(bytes.subarray(100_000));
    });
    const record = recorder();
    const _prompt = { original: 'x', sent: 'x' };
    const writer: ImageWriter = {
      ...record.writer,
      async write(chunk) {
        firstWritten.resolve();
        await record.writer.write(chunk);
      },
    };
    const { facts } = await receive({ url: origin }, { writer }).work;
    expect(facts).toEqual({ mediaType: 'image/png', width: 700, height: 700, byteLength: bytes.length });
    expect(record.announced).toEqual([]);
    expect(record.written.length).toBeGreaterThan(2);
    expect(Buffer.concat(record.written).equals(bytes)).toBe(true);
  });
});

test('a type other than declared is a warning, and the bytes decide', async () => {
  const { work } = receive({ bytes: pictures.jpeg }, { declaredType: 'image/png' });
  expect(await work).toMatchObject({
    facts: { mediaType: 'image/jpeg' },
    warnings: [{ code: 'type-differs', message: 'the service declared image/png, the picture is image/jpeg' }],
  });
  expect(await receive({ bytes: pictures.jpeg }, { declaredType: 'image/JPG; q=1' }).work).not.toHaveProperty(
    'warnings',
  );
});

describe('what is no picture is refused and leaves nothing behind', () => {
  test('a web page or JSON served as image/png with status 200, cut off early', async () => {
    const closed = signalled();
    const { origin } = await serve((request, response) => {
      response.writeHead(200, { 'content-type': 'image/png' });
      if (request.url === '/json') return void response.end('{"error":"expired"}');
      request.socket.on('close', () => closed.resolve());
      const more = () => {
        while (response.write('<html>'.repeat(1000)));
      };
      response.on('drain', more);
      more();
    });
    expect((await refused({ url: `${origin}/page` })).message).toBe('a web page was served as a picture');
    await closed.promise;
    const json = await refused({ url: `${origin}/json` });
    expect(json).toMatchObject({ code: 'bad-response', retryable: false });
    expect(json.message).toBe('JSON was served as a picture: “{"error":"expired"}”');
  });

  test('a truncated picture: from a URL it may be fetched again', async () => {
    const half = pictures.png.subarray(0, 200);
    const { origin } = await serve((_, response) => response.end(half));
    expect(await refused({ url: origin })).toMatchObject({ code: 'bad-response', retryable: true });
    expect(await refused({ bytes: half })).toMatchObject({ code: 'bad-response', retryable: false });
    expect(await refused({ base64: base64(half) })).toMatchObject({ code: 'bad-response' });
  });

  test('a body shorter than its declared length', async () => {
    const { origin } = await serve((_, response) => {
      response.writeHead(200, { 'content-length': '5000' });
      response.write(pictures.png, () => response.destroy());
    });
    expect(await refused({ url: origin })).toMatchObject({ code: 'network', retryable: true });
  });

  test('a picture too large, before it is read if its length is declared', async () => {
    const { origin } = await serve((request, response) => {
      if (request.url === '/declared') response.writeHead(200, { 'content-length': '999999' });
      response.write(noisyPNG(100, 100), () => {
        if (request.url === '/declared') return;
        response.end();
      });
    });
    const declared = await refused({ url: `${origin}/declared` }, { maxBytes: 5000 });
    expect(declared.message).toBe('the result URL leads to 999999 bytes, more than the 5000 allowed');
    expect(await refused({ url: origin }, { maxBytes: 5000 })).toMatchObject({ details: { problem: 'too-large' } });
  });

  test('broken base64 and a stream that fails or is in use', async () => {
    expect((await refused({ base64: 'not base64!' })).message).toContain('base64 is broken');
    expect((await refused({ url: 'data:image/png;base64,%' })).code).toBe('bad-response');
    const failing = new ReadableStream<Uint8Array>({ pull: (controller) => controller.error(new Error('pipe burst')) });
    expect(await refused({ stream: failing })).toMatchObject({
      code: 'bad-response',
      message: 'the stream failed: pipe burst',
    });
    const used = streamOf(pictures.png);
    used.getReader();
    expect((await refused({ stream: used })).message).toBe('the stream is in use already');
  });
});

describe('a result URL that answers with an error', () => {
  const answering = (status: number, headers = {}) =>
    serve((_, response) => response.writeHead(status, headers).end('no'));

  test.each([403, 404, 410])('HTTP %d: it has expired or is gone', async (status) => {
    const { origin, port } = await answering(status);
    const error = await refused({ url: `${origin}/a.png?signature=s3cret` });
    expect(error).toMatchObject({ code: 'not-found', status, retryable: false });
    expect(error.message).toBe(`the result URL has expired or is gone: 127.0.0.1:${port} answered HTTP ${status}`);
  });

  test.each([
    [500, 'server'],
    [502, 'server'],
    [503, 'unavailable'],
    [429, 'unavailable'],
  ])('HTTP %d: %s, after the wait it names', async (status, code) => {
    const { origin } = await answering(status, { 'retry-after': '7' });
    expect(await refused({ url: origin })).toMatchObject({ code, status, retryable: true, retryAfter: 7000 });
  });

  test.each([401, 204, 206, 418])('HTTP %d: a bad response', async (status) => {
    const { origin } = await answering(status);
    expect(await refused({ url: origin })).toMatchObject({ code: 'bad-response', status, retryable: false });
  });
});

describe('the way to a result URL', () => {
  test('private addresses are refused, but for the origin of the base URL', async () => {
    const { origin } = await serve((_, response) => response.end(pictures.png));
    const error = await refused({ url: origin }, { allowNetworks: [], trustedOrigins: ['http://127.0.0.1:1'] });
    expect(error).toMatchObject({ code: 'bad-response', details: { problem: 'address' } });
    expect(error.message).toBe('the result URL leads to 127.0.0.1, a loopback address');
    expect(error.hint).toContain('allowNetworks');
    const trusted = receive({ url: origin }, { allowNetworks: [], trustedOrigins: [origin] });
    expect((await trusted.work).facts).toEqual(png);
  });

  test('redirects are followed and guarded at each hop', async () => {
    const { origin } = await serve((request, response) => {
      const to = { '/a': '/b', '/b': 'http://10.0.0.1/c.png', '/d': '/e', '/loop': '/loop' }[request.url!];
      if (to) response.writeHead(302, { location: to }).end();
      else response.end(pictures.png);
    });
    expect((await refused({ url: `${origin}/a` })).message).toBe('the result URL leads to 10.0.0.1, a private address');
    expect((await receive({ url: `${origin}/d` }).work).facts).toEqual(png);
    expect((await refused({ url: `${origin}/loop` })).message).toContain('redirects more than 5 times');
  });

  test('http is upgraded to https, but for the configured origin and networks', async () => {
    const greeting = signalled<Buffer>();
    const { port } = await accept((socket) =>
      socket.once('data', (data) => {
        greeting.resolve(data);
        socket.destroy();
      }),
    );
    const transport = createTransport({
      env: {},
      allowNetworks: ['127.0.0.0/8'],
      resolve: async () => [{ address: '127.0.0.1', family: 4 }],
    });
    onTestFinished(() => transport.close());
    expect((await refused({ url: `http://cdn.example:${port}/a.png` }, { transport })).code).toBe('network');
    // The first byte of a TLS handshake record.
    expect((await greeting.promise)[0]).toBe(0x16);
  });

  test.each(['', 'a.png', 'ftp://example.com/a.png', 'https://user:pw@example.com/a.png', 'file:///etc/passwd'])(
    '%j is no result URL',
    async (url) => {
      expect(await refused({ url })).toMatchObject({ code: 'bad-response' });
    },
  );
});

describe('a result URL that wants the key', () => {
  /** Answers 401 or 403 to who has no key; redirects at /v1/to, and at /v1/open/to without one. Notes which paths saw the key. */
  async function guarded(refusal = 401) {
    const seen: string[] = [];
    const asked: string[] = [];
    const { origin, port } = await serve((request, response) => {
      asked.push(request.url!);
      const hasKey = JSON.stringify(request.headers).includes('test-key');
      if (hasKey) seen.push(request.url!);
      const [, to] = /\/to\?(.*)$/.exec(request.url!) ?? [];
      if (to !== undefined && (hasKey || request.url!.startsWith('/v1/open/'))) {
        response.writeHead(302, { location: to }).end();
      } else if (request.headers.authorization === 'Bearer test-key') response.end(pictures.png);
      else response.writeHead(refusal).end();
    });
    const signing = (baseURL: string) => ({ baseURL, headers: async () => ({ Authorization: 'Bearer test-key' }) });
    return { origin, port, seen, asked, trustedOrigins: [origin], signing };
  }

  test.each([401, 403])('below the base URL gets it, once it has answered HTTP %i without', async (refusal) => {
    for (const base of ['/v1', '/v1/', '/v1?api-version=1', '']) {
      const { origin, asked, seen, trustedOrigins, signing } = await guarded(refusal);
      const options = { trustedOrigins, signing: signing(`${origin}${base}`) };
      expect((await receive({ url: `${origin}/v1/files/a.png?x=1` }, options).work).facts).toEqual(png);
      expect([asked, seen]).toEqual([['/v1/files/a.png?x=1', '/v1/files/a.png?x=1'], ['/v1/files/a.png?x=1']]);
    }
  });

  test('that needs none is not told it', async () => {
    const seen: unknown[] = [];
    const { origin } = await serve((request, response) => {
      seen.push(request.headers.authorization);
      response.end(pictures.png);
    });
    const signing = { baseURL: `${origin}/v1`, headers: async () => ({ authorization: 'Bearer test-key' }) };
    await receive({ url: `${origin}/v1/a.png` }, { trustedOrigins: [origin], signing }).work;
    expect(seen).toEqual([undefined]);
  });

  test('and does not take it, is one of a wrong key', async () => {
    const { origin } = await serve((_, response) => response.writeHead(401).end());
    const signing = { baseURL: origin, headers: async () => ({ authorization: 'Bearer test-key' }) };
    const error = await refused({ url: `${origin}/a.png` }, { trustedOrigins: [origin], signing });
    expect(error).toMatchObject({ code: 'auth', status: 401 });
  });

  test('outside the base URL says where the key goes', async () => {
    const { origin, trustedOrigins, signing, seen } = await guarded();
    const options = { trustedOrigins, signing: signing(`${origin}/v1`) };
    const error = await refused({ url: `${origin}/files/a.png` }, options);
    expect(error).toMatchObject({ code: 'bad-response', status: 401 });
    expect(error.hint).toMatch(/key.*below the base URL/);
    expect(seen).toEqual([]);
  });

  const alike: readonly (readonly [string, (own: string, port: number, other: string) => string])[] = [
    ['another port', (_, __, other) => `${other}/v1/a.png`],
    ['another scheme', (own) => `${own.replace('http:', 'https:')}/v1/a.png`],
    ['another name of the host', (_, port) => `http://localhost:${port}/v1/a.png`],
    ['another form of the address, as IPv6', (_, port) => `http://[::ffff:127.0.0.1]:${port}/v1/a.png`],
    ['a user name', (own) => `${own.replace('//', '//user@')}/v1/a.png`],
    ['a user name and password', (own) => `${own.replace('//', '//user:pw@')}/v1/a.png`],
    ['the host as a user name', (own, _, other) => `${own}@${other.slice('http://'.length)}/v1/a.png`],
    ['a longer word', (own) => `${own}/v1a/a.png`],
    ['a longer version', (own) => `${own}/v1.5/a.png`],
    ['the base URL itself', (own) => `${own}/v1`],
    ['another case', (own) => `${own}/V1/a.png`],
    ['a path before', (own) => `${own}/x/v1/a.png`],
    ['two slashes before', (own) => `${own}//v1/a.png`],
    ['two dots', (own) => `${own}/v1/../a.png`],
    ['two dots and back', (own) => `${own}/v1/../v1x/a.png`],
    ['two dots, encoded', (own) => `${own}/v1/%2e%2E/a.png`],
    ['two dots, half encoded', (own) => `${own}/v1/.%2e/a.png`],
    ['two dots with backslashes', (own) => `${own}/v1\\..\\a.png`],
    ['a slash, encoded', (own) => `${own}/v1/..%2fa.png`],
    ['a slash, encoded, before', (own) => `${own}/v1%2fa.png`],
    ['all of it encoded', (own) => `${own}/v1/%2e%2e%2Fa.png`],
    ['a backslash, encoded', (own) => `${own}/v1/..%5Ca.png`],
    ['encoded twice', (own) => `${own}/v1/%252e%252e%252fa.png`],
    ['dots with a parameter', (own) => `${own}/v1/..;/a.png`],
    ['dots with an encoded parameter', (own) => `${own}/v1/..%3b/a.png`],
    ['a redirect to another port', (own, _, other) => `${own}/v1/to?${other}/v1/a.png`],
    ['a redirect to another path', (own) => `${own}/v1/to?/a.png`],
    ['a redirect upwards', (own) => `${own}/v1/open/to?/v1/../a.png`],
    ['an open redirect to another port', (own, _, other) => `${own}/v1/open/to?${other}/v1/a.png`],
  ];

  test.each(alike)('that only looks like one of the service never sees it: %s', async (_, url) => {
    const own = await guarded();
    const other = await guarded();
    const address = url(own.origin, own.port, other.origin);
    const options = { trustedOrigins: own.trustedOrigins, signing: own.signing(`${own.origin}/v1`) };
    await refused({ url: address }, options);
    expect(other.seen).toEqual([]);
    // What redirects below the base URL may see it; where it leads to may not.
    expect(own.seen.filter((path) => !path.startsWith('/v1/to?'))).toEqual([]);
  });

  test('is redirected below the base URL: each hop that wants it gets it', async () => {
    const { origin, seen, trustedOrigins, signing } = await guarded();
    const options = { trustedOrigins, signing: signing(`${origin}/v1`) };
    const url = `${origin}/v1/to?/v1/b.png`;
    expect((await receive({ url }, options).work).facts).toEqual(png);
    expect(seen).toEqual(['/v1/to?/v1/b.png', '/v1/b.png']);
  });
});

describe('failures of the store', () => {
  test.each(['write', 'commit'] as const)('in %s pass through, and the writer is aborted', async (place) => {
    const full = new ImageError('storage', 'the disk is full');
    const { writer, calls } = recorder({ [place]: full });
    expect(await refused({ bytes: pictures.png }, { writer })).toBe(full);
    expect(calls.at(-1)).toBe('abort');
  });
});

describe('the signal', () => {
  const late = new ImageError('timeout', 'too late');

  test('in the middle of a download closes the connection', async () => {
    const controller = new AbortController();
    const closed = signalled();
    const { origin } = await serve((request, response) => {
      request.socket.on('close', () => closed.resolve());
      response.write(pictures.png.subarray(0, 100), () => controller.abort(late));
    });
    expect(await refused({ url: origin }, { signal: controller.signal })).toMatchObject({ code: 'timeout' });
    await closed.promise;
  });

  test('ends the wait for a stream that stays silent, and cancels it', async () => {
    const controller = new AbortController();
    const cancelled = signalled<unknown>();
    const stream = new ReadableStream<Uint8Array>({
      pull: () => {
        queueMicrotask(() => controller.abort(late));
        return new Promise(() => {});
      },
      cancel: (reason) => cancelled.resolve(reason),
    });
    expect(await refused({ stream }, { signal: controller.signal })).toBe(late);
    expect(await cancelled.promise).toBe(late);
  });

  test('that is aborted keeps bytes from being stored', async () => {
    expect(await refused({ bytes: pictures.png }, { signal: AbortSignal.abort(late) })).toBe(late);
  });
});

test.each([
  'image/svg+xml',
  'image/svg+xml; charset=utf-8',
  'Image/SVG+XML;charset="utf-8"',
  ' image/svg+xml ;x=y',
  'image/svg',
])('what is declared as %s is a drawing', async (declaredType) => {
  const bytes = Buffer.from('<svg xmlns="http://www.w3.org/2000/svg" width="3" height="4"/>');
  const received = await receive({ bytes }, { declaredType }).work;
  expect(received).toMatchObject({ facts: { mediaType: 'image/svg+xml', width: 3, height: 4 } });
  expect(received).not.toHaveProperty('warnings');
});

test.each(['image/png', 'text/html; x=image/svg+xml', 'image/svg+xmlx', undefined])(
  'what is declared as %s is none',
  async (declaredType) => {
    const bytes = Buffer.from('<svg xmlns="http://www.w3.org/2000/svg" width="3" height="4"/>');
    const { work } = receive({ bytes }, declaredType === undefined ? {} : { declaredType });
    await expect(work).rejects.toMatchObject({ code: 'bad-response' });
  },
);
