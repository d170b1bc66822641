import { once } from 'node:events';
import { connect } from 'node:net';
import { afterEach, describe, expect, it } from 'vitest';
import { pngSize } from '../picture/png.ts';
import { defineEmulator, type Emulator, type StartOptions } from './emulator.ts';
import { parseFault } from './faults.ts';

const example = defineEmulator({
  id: 'example',
  label: 'Example',
  keyEnv: 'EXAMPLE_API_KEY',
  baseURLEnv: 'EXAMPLE_BASE_URL',
  basePath: '/v1',
  currency: 'USD',
  filesLiveSeconds: 60,
  authorize: ({ request, key }) =>
    request.headers.authorization === `Bearer ${key}` ? undefined : { status: 401, json: { error: 'no' } },
  unknown: { status: 404, json: { error: 'unknown' } },
  failures: {
    'rate-limit': { status: 429, json: { error: 'slow down' } },
    'content-blocked': { status: 400, json: { error: 'blocked' } },
  },
  routes: [
    {
      method: 'POST',
      path: 'images',
      point: 'generate',
      spends: true,
      answer(exchange) {
        const body = exchange.body as { prompt?: string; inline?: boolean } | undefined;
        if (!body?.prompt) return { status: 400, json: { error: 'prompt' } };
        const card = { prompt: body.prompt, width: 64, height: 32 };
        if (body.inline)
          return { cost: 2, json: { base64: Buffer.from(exchange.pictureBytes(card)).toString('base64') } };
        return { cost: 2, json: { id: exchange.nextId('image'), url: exchange.picture(card) } };
      },
    },
    {
      method: 'POST',
      path: 'edit',
      point: 'edit',
      answer: ({ body, form }) => ({ json: { body, form: Boolean(form) } }),
    },
    { method: 'GET', path: 'jobs/:id', point: 'check', answer: ({ params }) => ({ json: params }) },
  ],
});

const running: Emulator[] = [];
async function start(options?: StartOptions): Promise<Emulator> {
  const emulator = await example.start(options);
  running.push(emulator);
  return emulator;
}
afterEach(async () => {
  await Promise.all(running.splice(0).map((emulator) => emulator.close()));
});

const headers = { authorization: 'Bearer test-key', 'content-type': 'application/json' };
const ask = (emulator: Emulator, body: unknown = { prompt: 'a boat' }, signal?: AbortSignal) =>
  fetch(`${emulator.baseURL}/images`, {
    method: 'POST',
    headers,
    body: JSON.stringify(body),
    ...(signal && { signal }),
  });
async function makePicture(emulator: Emulator): Promise<string> {
  return ((await (await ask(emulator)).json()) as { url: string }).url;
}

/** Sends a request over a bare socket and gives all that comes back until the other side ends it. */
async function raw(emulator: Emulator, path: string, method = 'GET', body = ''): Promise<string> {
  const socket = connect(emulator.port, '127.0.0.1');
  const lines = ['authorization: Bearer test-key', 'content-type: application/json', `content-length: ${body.length}`];
  socket.write(`${method} ${path} HTTP/1.1\r\nhost: x\r\n${lines.join('\r\n')}\r\n\r\n${body}`);
  let text = '';
  socket.on('data', (chunk) => {
    text += chunk.toString('latin1');
  });
  socket.on('error', () => {});
  await once(socket, 'close');
  return text;
}

describe('an emulator', () => {
  it('tells what to export, and answers on the origin it tells', async () => {
    const emulator = await start();
    expect(emulator.env).toEqual({ EXAMPLE_API_KEY: 'test-key', EXAMPLE_BASE_URL: `${emulator.origin}/v1` });
    expect(emulator.origin).toBe(`http://127.0.0.1:${emulator.port}`);
    expect(example.points).toEqual(['generate', 'edit', 'check', 'result']);
  });

  it('records requests, counts what is billed, and serves pictures of the size made', async () => {
    const emulator = await start();
    const url = await makePicture(emulator);
    const picture = await fetch(url);
    expect(picture.headers.get('content-type')).toBe('image/png');
    expect(pngSize(new Uint8Array(await picture.arrayBuffer()))).toEqual({ width: 64, height: 32 });
    expect(emulator).toMatchObject({ submissions: 1, spent: 2, currency: 'USD' });
    expect(emulator.requests).toMatchObject([
      {
        index: 0,
        method: 'POST',
        path: '/v1/images',
        body: { prompt: 'a boat' },
        point: 'generate',
        accepted: true,
        spends: true,
      },
      { index: 1, method: 'GET', point: 'result', accepted: true, spends: false, leaked: false },
    ]);
    emulator.reset();
    expect(emulator).toMatchObject({ submissions: 0, spent: 0, requests: [] });
  });

  it('does not bill what it refuses', async () => {
    const emulator = await start();
    expect((await fetch(`${emulator.baseURL}/images`, { method: 'POST' })).status).toBe(401);
    expect((await ask(emulator, {})).status).toBe(400);
    expect((await fetch(`${emulator.baseURL}/other`, { headers })).status).toBe(404);
    expect(emulator.requests.map(({ accepted }) => accepted)).toEqual([false, false, false]);
    expect(emulator.submissions).toBe(0);
  });

  it('notes when a picture is asked for with the key', async () => {
    const emulator = await start();
    const url = await makePicture(emulator);
    await fetch(url, { headers: { authorization: 'Bearer test-key' } });
    await fetch(`${url}?key=test-key`);
    await fetch(url);
    expect(emulator.requests.slice(1).map(({ leaked }) => leaked)).toEqual([true, true, false]);
  });

  it('stops serving a picture when its time is over', async () => {
    let now = 1_000_000;
    const emulator = await start({ clock: { now: () => now, sleep: async () => {} } });
    const url = await makePicture(emulator);
    now += 59_999;
    expect((await fetch(url)).status).toBe(200);
    now += 1;
    expect((await fetch(url)).status).toBe(403);
    expect((await fetch(`${emulator.origin}/files/other.png`)).status).toBe(404);
  });

  it('reads forms and path parameters', async () => {
    const emulator = await start();
    const form = new FormData();
    form.set('prompt', 'a boat');
    form.append('image', new File(['123'], 'a.png', { type: 'image/png' }));
    form.append('image', new File(['1234'], 'b.png', { type: 'image/png' }));
    const { authorization } = headers;
    const answer = await fetch(`${emulator.baseURL}/edit`, { method: 'POST', headers: { authorization }, body: form });
    const image = [3, 4].map((size, i) => ({ type: 'image/png', name: `${'ab'[i]}.png`, size }));
    expect(await answer.json()).toEqual({ form: true, body: { prompt: 'a boat', image } });
    expect(await (await fetch(`${emulator.baseURL}/jobs/j-1?x=1`, { headers })).json()).toEqual({ id: 'j-1' });
  });

  it('waits as long as it is told to before it answers', async () => {
    const waits: number[] = [];
    const emulator = await start({ latencyMs: 250, clock: { now: () => 0, sleep: async (ms) => void waits.push(ms) } });
    await ask(emulator);
    expect(waits).toEqual([250]);
  });

  it('logs a line for each answer and never the key', async () => {
    const lines: string[] = [];
    const emulator = await start({ log: (line) => lines.push(line), clock: { now: () => 0, sleep: async () => {} } });
    await (await ask(emulator)).text();
    await (await fetch(`${emulator.baseURL}/other?key=test-key`)).text();
    await emulator.waitFor(() => lines.length === 2);
    expect(lines).toEqual(['POST /v1/images 200 0 ms', 'GET /v1/other?key=*** 401 0 ms']);
  });

  it('answers 599 when its own service file throws', async () => {
    const broken = await defineEmulator({
      ...({ id: 'b', label: 'B', keyEnv: 'K', baseURLEnv: 'U', basePath: '', currency: 'USD', failures: {} } as const),
      authorize: () => undefined,
      unknown: { status: 404 },
      routes: [
        {
          method: 'GET',
          path: 'x',
          point: 'x',
          answer() {
            throw new Error('oops');
          },
        },
      ],
    }).start();
    running.push(broken);
    const answer = await fetch(`${broken.baseURL}/x`);
    expect([answer.status, await answer.text()]).toEqual([599, 'the emulator failed: oops\n']);
  });

  it('rejects those who still wait when it closes', async () => {
    const emulator = await start();
    const next = emulator.next('request');
    await emulator.close();
    await expect(next).rejects.toThrow('closed while someone waited');
  });
});

describe('faults', () => {
  it('answers any status, once, with headers and without doing the work', async () => {
    const emulator = await start();
    emulator.fault({ on: 'generate', kind: 'status', status: 503, headers: { 'retry-after': '7' }, body: { a: 1 } });
    const answer = await ask(emulator);
    expect([answer.status, answer.headers.get('retry-after'), await answer.json()]).toEqual([503, '7', { a: 1 }]);
    expect(emulator.submissions).toBe(0);
    expect((await ask(emulator)).status).toBe(200);
  });

  it('answers a web page where the body of a status is text', async () => {
    const emulator = await start();
    emulator.fault({ on: 'generate', kind: 'status', status: 502, body: '<html>bad gateway</html>' });
    const answer = await ask(emulator);
    expect([answer.status, answer.headers.get('content-type')]).toEqual([502, 'text/html; charset=utf-8']);
    expect(await answer.text()).toBe('<html>bad gateway</html>');
  });

  it('bills for a failure that comes after the work was done', async () => {
    const emulator = await start();
    emulator.fault({ on: 'generate', kind: 'status', status: 500, accepted: true });
    expect((await ask(emulator)).status).toBe(500);
    expect(emulator).toMatchObject({ submissions: 1, spent: 2 });
  });

  it('strikes the nth request, several times, or always', async () => {
    const emulator = await start();
    emulator.fault({ on: 'generate', kind: 'failure', code: 'rate-limit', after: 1, times: 2 });
    const statuses = async (count: number) => {
      const all: number[] = [];
      for (let i = 0; i < count; i++) all.push((await ask(emulator)).status);
      return all;
    };
    expect(await statuses(4)).toEqual([200, 429, 429, 200]);
    emulator.fault({ on: '/v1/images', kind: 'refused', times: 'always' });
    expect(await statuses(3)).toEqual([400, 400, 400]);
    expect(emulator.faultsLeft).toBe(1);
  });

  it('of moderation needs no documented refusal where jobs tell it', async () => {
    const { definition } = example;
    const moderated = defineEmulator({ ...definition, failures: {} });
    const silent = defineEmulator({ ...definition, failures: {}, routes: definition.routes.slice(0, 2) });
    const [one, other] = [await moderated.start(), await silent.start()];
    running.push(one, other);
    one.fault({ on: 'check', kind: 'refused' });
    const answer = await fetch(`${one.baseURL}/jobs/1`, { headers });
    expect([answer.status, await answer.text()]).toEqual([599, expect.stringContaining('does not say how moderation')]);
    expect(() => other.fault({ on: 'generate', kind: 'refused' })).toThrow('documents no error for "content-blocked"');
  });

  it('strikes only the requests that a test picks', async () => {
    const emulator = await start();
    emulator.fault({ on: ({ body }) => (body as { prompt: string }).prompt === 'b', kind: 'status', status: 500 });
    expect((await ask(emulator, { prompt: 'a' })).status).toBe(200);
    expect((await ask(emulator, { prompt: 'b' })).status).toBe(500);
  });

  it('is refused where it could never take effect', async () => {
    const emulator = await start();
    expect(() => emulator.fault({ on: 'genrate', kind: 'hang' })).toThrow('it has: generate, edit, check, result');
    expect(() => emulator.fault({ on: 'generate', kind: 'failure', code: 'quota' })).toThrow('rate-limit');
    expect(() => parseFault({ on: 'generate', kind: 'explode' })).toThrow('one of: status');
    expect(() => parseFault({ on: 'generate', kind: 'redirect' })).toThrow('needs "to"');
    expect(() => parseFault({ on: 'generate', kind: 'hang', times: 0 })).toThrow('"times"');
    expect(() => parseFault({ kind: 'hang' })).toThrow('"on"');
  });

  it('hangs after accepting, and sees when the other side leaves', async () => {
    const emulator = await start();
    emulator.fault({ on: 'generate', kind: 'hang' });
    const caller = new AbortController();
    const struck = emulator.next('fault');
    const left = emulator.next('aborted');
    const answer = ask(emulator, { prompt: 'a' }, caller.signal);
    expect((await struck).accepted).toBe(true);
    caller.abort();
    await expect(answer).rejects.toThrow();
    expect(await left).toMatchObject({ point: 'generate', aborted: true, fault: 'hang' });
    expect(emulator.submissions).toBe(1);
  });

  it('stops in the middle of the body and keeps the connection', async () => {
    const emulator = await start();
    const url = await makePicture(emulator);
    emulator.fault({ on: 'result', kind: 'hang', at: 'body' });
    const left = emulator.next('aborted');
    const answer = await fetch(url);
    const reader = answer.body!.getReader();
    const { value } = await reader.read();
    expect(value!.length).toBeGreaterThan(0);
    expect(value!.length).toBeLessThan(Number(answer.headers.get('content-length')));
    await reader.cancel();
    expect(await left).toMatchObject({ point: 'result', status: 200, fault: 'hang' });
  });

  it('cuts the connection before the headers, or in the body', async () => {
    const emulator = await start();
    emulator.fault({ on: 'generate', kind: 'cut' });
    expect(await raw(emulator, '/v1/images', 'POST', '{"prompt":"a"}')).toBe('');
    emulator.fault({ on: 'generate', kind: 'cut', at: 'body' });
    const text = await raw(emulator, '/v1/images', 'POST', '{"prompt":"a"}');
    const declared = Number(/content-length: (\d+)/i.exec(text)?.[1]);
    const received = text.split('\r\n\r\n')[1]!.length;
    expect(received).toBeGreaterThan(0);
    expect(received).toBeLessThan(declared);
    expect(emulator.submissions).toBe(2);
    expect(emulator.requests.map(({ aborted }) => aborted)).toEqual([false, false]);
  });

  it('sends half of the JSON as if it were all', async () => {
    const emulator = await start();
    emulator.fault({ on: 'generate', kind: 'malformed' });
    await expect((await ask(emulator)).json()).rejects.toThrow(SyntaxError);
  });

  it('truncates a picture with and without a declared length that gives it away', async () => {
    const emulator = await start();
    const url = await makePicture(emulator);
    const whole = await (await fetch(url)).bytes();
    emulator.fault({ on: 'result', kind: 'truncated' });
    await expect((await fetch(url)).bytes()).rejects.toThrow();
    emulator.fault({ on: 'result', kind: 'truncated', how: 'picture' });
    const part = await (await fetch(url)).bytes();
    expect(part.length).toBeLessThan(whole.length);
    expect(Buffer.from(part).includes('IEND')).toBe(false);
    expect(Buffer.from(whole).includes('IEND')).toBe(true);
  });

  it('serves a web page, a JSON error or an SVG in place of the picture', async () => {
    const emulator = await start();
    const url = await makePicture(emulator);
    const served: unknown[] = [];
    for (const kind of ['html', 'json', 'svg'] as const) {
      emulator.fault({ on: 'result', kind });
      const answer = await fetch(url);
      served.push([answer.status, answer.headers.get('content-type'), (await answer.text()).slice(0, 5)]);
    }
    expect(served).toEqual([
      [200, 'image/png', '<!doc'],
      [200, 'image/png', '{"err'],
      [200, 'image/svg+xml', '<svg '],
    ]);
  });

  it('sends far more than anyone wants, declared or without end', async () => {
    const emulator = await start();
    const url = await makePicture(emulator);
    emulator.fault({ on: 'result', kind: 'oversize' });
    const huge = await fetch(url);
    expect(Number(huge.headers.get('content-length'))).toBe(1024 ** 4);
    await huge.body?.cancel();
    emulator.fault({ on: 'result', kind: 'oversize', how: 'endless' });
    const left = emulator.next('aborted', ({ fault, index }) => fault === 'oversize' && index === 2);
    const reader = (await fetch(url)).body!.getReader();
    let size = 0;
    while (size < 4_000_000) size += (await reader.read()).value!.length;
    await reader.cancel();
    await left;
  });

  it('drips a whole answer in small pieces', async () => {
    const emulator = await start();
    const url = await makePicture(emulator);
    const whole = await (await fetch(url)).bytes();
    emulator.fault({ on: 'result', kind: 'drip', bytes: 16 });
    const pieces: Uint8Array[] = [];
    for await (const piece of (await fetch(url)).body!) pieces.push(piece);
    expect(Buffer.concat(pieces).equals(whole)).toBe(true);
    expect(pieces.length).toBeGreaterThan(1);
  });

  it('redirects, expires, points elsewhere, and draws another size', async () => {
    const emulator = await start();
    const url = await makePicture(emulator);
    emulator.fault({ on: 'result', kind: 'redirect', to: 'http://10.0.0.1/a.png', status: 307 });
    const moved = await fetch(url, { redirect: 'manual' });
    expect([moved.status, moved.headers.get('location')]).toEqual([307, 'http://10.0.0.1/a.png']);
    emulator.fault({ on: 'result', kind: 'expired' });
    expect((await fetch(url)).status).toBe(403);
    emulator.fault({ on: 'generate', kind: 'url', url: 'http://10.0.0.1/b.png' });
    expect(await makePicture(emulator)).toBe('http://10.0.0.1/b.png');
    emulator.fault({ on: 'result', kind: 'wrong-size', width: 10, height: 20 });
    expect(pngSize(await (await fetch(url)).bytes())).toEqual({ width: 10, height: 20 });
    expect(pngSize(await (await fetch(url)).bytes())).toEqual({ width: 64, height: 32 });
  });

  it('strikes pictures that travel inside the answer, too', async () => {
    const emulator = await start();
    const inline = async () => {
      const { base64 } = (await (await ask(emulator, { prompt: 'a', inline: true })).json()) as { base64: string };
      return Buffer.from(base64, 'base64');
    };
    expect((await inline()).includes('IEND')).toBe(true);
    emulator.fault({ on: 'result', kind: 'truncated', how: 'picture' });
    expect((await inline()).includes('IEND')).toBe(false);
    emulator.fault({ on: 'result', kind: 'wrong-size', width: 8, height: 8 });
    expect(pngSize(await inline())).toEqual({ width: 8, height: 8 });
    emulator.fault({ on: 'result', kind: 'html' });
    expect((await inline()).toString()).toContain('<html>');
  });
});

describe('the control address', () => {
  it('lets another process inject faults and read counters, without showing the key', async () => {
    const emulator = await start();
    const control = `${emulator.origin}/__emulator`;
    const post = (body: unknown) => fetch(`${control}/faults`, { method: 'POST', headers, body: JSON.stringify(body) });
    expect(await (await post([{ on: 'generate', kind: 'status', status: 500 }])).json()).toEqual({ waiting: 1 });
    expect((await ask(emulator)).status).toBe(500);
    await ask(emulator);
    const text = await (await fetch(`${control}/state`)).text();
    expect(text).not.toContain('test-key');
    expect(JSON.parse(text)).toMatchObject({
      emulator: 'example',
      submissions: 1,
      spent: 2,
      faults: 0,
      requests: [{ status: 500, headers: { authorization: 'Bearer ***' } }, { path: '/v1/images' }],
    });
    expect((await post({ on: 'generate', kind: 'hang' })).status).toBe(200);
    expect(await (await fetch(`${control}/faults`, { method: 'DELETE' })).json()).toEqual({ waiting: 0 });
    const refused = await post({ on: 'nowhere', kind: 'hang' });
    expect([refused.status, ((await refused.json()) as { error: string }).error]).toEqual([
      400,
      expect.stringContaining('nowhere'),
    ]);
    expect((await fetch(`${control}/other`)).status).toBe(404);
  });

  it('takes JSON whatever the request says that it is, and says what is none', async () => {
    const emulator = await start();
    const post = (body: string, type: string) =>
      fetch(`${emulator.origin}/__emulator/faults`, { method: 'POST', headers: { 'content-type': type }, body });
    const fault = JSON.stringify({ on: 'generate', kind: 'hang' });
    for (const [index, type] of ['text/plain', 'application/x-www-form-urlencoded', 'application/json'].entries()) {
      expect(await (await post(fault, type)).json()).toEqual({ waiting: index + 1 });
      const refused = await post('{on:', type);
      expect([refused.status, ((await refused.json()) as { error: string }).error]).toEqual([
        400,
        expect.stringContaining('no JSON'),
      ]);
    }
  });
});
