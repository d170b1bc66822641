import { connect } from 'node:net';
import { drawTestCard } from '@anyimage/testkit';
import { afterAll, describe, expect, test } from 'vitest';
import { useGateway } from '../../test/gateway.ts';

const model = 'openai/gpt-image-2.5-flare';
const card = drawTestCard({ prompt: 'a boat', width: 64, height: 64 });

const at = useGateway('file', {
  config: { limits: { bodyBytes: 4_000_000, uploadSeconds: 1 } },
});
afterAll(() => {
  // The model that no table knows is the service's to refuse.
  expect(at.service.requests.map(({ status }) => status)).toEqual([404]);
});

/** OpenAI's envelope, with one sentence of advice at least. */
async function problemOf(answer: Response) {
  expect(answer.headers.get('content-type')).toBe('application/json');
  expect(answer.headers.get('x-should-retry')).toMatch(/^(?:true|false)$/);
  const { error } = (await answer.json()) as { error: Record<string, unknown> };
  expect(error).toMatchObject({ message: expect.any(String), type: expect.any(String), code: expect.any(String) });
  expect(error).toHaveProperty('param');
  return { status: answer.status, code: error.code, param: error.param, message: String(error.message) };
}

const asked = { model, prompt: 'a boat' };

describe('generations', () => {
  test.each([
    ['', 400, 'invalid_json', null],
    ['{', 400, 'invalid_json', null],
    ['[]', 400, 'invalid_json', null],
    ['"text"', 400, 'invalid_json', null],
    [{}, 400, 'missing_required_parameter', 'prompt'],
    [{ model, promt: 'a boat' }, 400, 'unknown_parameter', 'promt'],
    [{ ...asked, prompt: 5 }, 400, 'invalid_type', 'prompt'],
    [{ ...asked, prompt: '' }, 400, 'invalid_value', 'prompt'],
    [{ ...asked, n: 'two' }, 400, 'invalid_type', 'n'],
    [{ ...asked, n: 0 }, 400, 'invalid_value', 'n'],
    [{ ...asked, n: 1.5 }, 400, 'invalid_type', 'n'],
    [{ ...asked, size: 'big' }, 400, 'invalid_value', 'size'],
    [{ ...asked, size: ['1024x1024'] }, 400, 'invalid_type', 'size'],
    [{ ...asked, colour: 'red' }, 400, 'unknown_parameter', 'colour'],
    [{ ...asked, stream: 'yes' }, 400, 'invalid_type', 'stream'],
    [{ ...asked, response_format: 'png' }, 400, 'invalid_value', 'response_format'],
    [{ ...asked, size: '1000x1000' }, 400, 'unsupported_value', 'size'],
    [{ ...asked, quality: 'best' }, 400, 'unsupported_value', 'quality'],
    [{ ...asked, negative_prompt: 'fog' }, 400, 'unsupported_value', 'negative_prompt'],
    [{ ...asked, seed: 7 }, 400, 'unsupported_value', 'seed'],
    [{ ...asked, model: 'sketch', moderation: 'low' }, 400, 'unsupported_value', 'moderation'],
    [{ ...asked, model: 'openai/nope' }, 404, 'model_not_found', 'model'],
    [{ ...asked, model: 'nobody' }, 404, 'model_not_found', 'model'],
    [{ ...asked, model: '' }, 400, 'invalid_value', 'model'],
  ] as const)('%j is %i %s', async (body, status, code, param) => {
    const problem = await problemOf(await at.gateway.post('/v1/images/generations', body));
    expect(problem).toMatchObject({ status, code, param });
    expect(problem.message).toMatch(/\w{3,}/);
  });

  test('the nearest value is named, and taken where the caller says so', async () => {
    const { message } = await problemOf(
      await at.gateway.post('/v1/images/generations', { ...asked, size: '1000x1000' }),
    );
    expect(message).toMatch(/\d+x\d+/);
    const adapted = await at.gateway.post(
      '/v1/images/generations',
      { model: 'sketch', prompt: 'a boat', size: '64x64', quality: 'high' },
      { 'x-anyimage-negotiation': 'adapt' },
    );
    expect(await adapted.json()).toMatchObject({
      applied: [{ option: 'quality', asked: 'high', sent: null, because: expect.any(String) }],
    });
    const refused = { model: 'sketch', prompt: 'a boat', quality: 'high' };
    expect((await problemOf(await at.gateway.post('/v1/images/generations', refused))).message).toContain(
      'header x-anyimage-negotiation',
    );
    const wrong = await at.gateway.post('/v1/images/generations', asked, { 'x-anyimage-negotiation': 'bend' });
    expect(await problemOf(wrong)).toMatchObject({ status: 400, param: 'x-anyimage-negotiation' });
  });

  test('a body of 100 MB is refused while it is read', async () => {
    const answer = await at.gateway.post('/v1/images/generations', `{"prompt":"${'x'.repeat(100_000_000)}"}`);
    expect(await problemOf(answer)).toMatchObject({ status: 413, code: 'body_too_large' });
    const chunked = await fetch(`${at.gateway.url}/v1/images/generations`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      duplex: 'half',
      body: new ReadableStream({
        start: (controller) => controller.enqueue(Buffer.alloc(5_000_000, 'x')),
      }),
    } as RequestInit);
    expect(await problemOf(chunked)).toMatchObject({ status: 413 });
  });

  test('a body of another type is 415, an unknown path 404', async () => {
    expect(
      await problemOf(await at.gateway.post('/v1/images/generations', 'x', { 'content-type': 'text/plain' })),
    ).toMatchObject({ status: 415 });
    expect(await problemOf(await at.gateway.post('/v1/chat/completions', {}))).toMatchObject({
      status: 404,
      code: 'unknown_url',
    });
    expect(await problemOf(await fetch(`${at.gateway.url}/v1/models/%E0%A4%A`))).toMatchObject({ status: 400 });
  });
});

describe('edits', () => {
  const png = new Blob([card as Uint8Array<ArrayBuffer>], { type: 'image/png' });
  const form = (entries: readonly (readonly [string, string | Blob])[]) => {
    const made = new FormData();
    for (const [name, value] of entries) {
      if (typeof value === 'string') made.append(name, value);
      else made.append(name, value, 'a.png');
    }
    return made;
  };
  const edit = (body: FormData | string, headers = {}) =>
    fetch(`${at.gateway.url}/v1/images/edits`, { method: 'POST', body, headers });

  test.each([
    ['no picture', [['prompt', 'x']], 400, 'missing_required_parameter', 'image'],
    ['17 pictures', Array.from({ length: 17 }, () => ['image[]', png]), 400, 'too_many_images', 'image'],
    ['a text as a picture', [['image', new Blob(['a text'], { type: 'image/png' })]], 400, 'invalid_image', 'image'],
    ['an empty file', [['image', new Blob([])]], 400, 'empty_image_file', 'image'],
    ['a text in place of a file', [['image', 'a.png']], 400, 'invalid_image', 'image'],
    ['an unknown file', [['picture', png]], 400, 'unknown_parameter', 'picture'],
    [
      'two masks',
      [
        ['image', png],
        ['mask', png],
        ['mask', png],
      ],
      400,
      'invalid_value',
      'mask',
    ],
    [
      'a mask without transparency',
      [
        ['image', png],
        ['mask', png],
      ],
      400,
      'invalid_mask',
      'mask',
    ],
    [
      'an unknown field',
      [
        ['image', png],
        ['colour', 'red'],
      ],
      400,
      'unknown_parameter',
      'colour',
    ],
    [
      'a number that is none',
      [
        ['image', png],
        ['n', 'two'],
      ],
      400,
      'invalid_type',
      'n',
    ],
    [
      'a model without masks',
      [
        ['image', png],
        ['markup', png],
        ['model', 'sketch'],
      ],
      400,
      'unsupported_value',
      'markup',
    ],
  ] as const)('%s: %#', async (_, entries, status, code, param) => {
    const given = [['prompt', 'x'], ...entries] as [string, string | Blob][];
    if (!given.some(([name]) => name === 'model')) given.push(['model', model]);
    expect(await problemOf(await edit(form(given)))).toMatchObject({ status, code, param });
  });

  test.each([
    ['without a boundary', 'multipart/form-data', 'x'],
    [
      'that stops halfway',
      'multipart/form-data; boundary=b',
      '--b\r\ncontent-disposition: form-data; name="prompt"\r\n\r\nx',
    ],
    ['of nothing', 'multipart/form-data; boundary=b', ''],
    ['with another boundary', 'multipart/form-data; boundary=b', '--c\r\n\r\n--c--'],
  ])('a form %s is refused', async (_, type, body) => {
    const { status, code } = await problemOf(await edit(body, { 'content-type': type }));
    expect([status, ['invalid_form', 'missing_required_parameter'].includes(String(code))]).toEqual([400, true]);
  });

  test('a form of 100 MB is refused while it is read', async () => {
    const large = form([['image', new Blob([Buffer.alloc(100_000_000)])]]);
    expect(await problemOf(await edit(large))).toMatchObject({ status: 413 });
  });

  test.each([
    [{ ...asked, images: [] }, 'images'],
    [{ ...asked, images: [{ file_id: 'file-1' }] }, 'images'],
    [{ ...asked, images: [{ image_url: '/etc/passwd' }] }, 'images.0.image_url'],
    [{ ...asked, images: ['x'] }, 'images.0'],
    [{ ...asked, images: Array.from({ length: 17 }, () => ({ image_url: 'data:,' })) }, 'images'],
    [{ ...asked, images: [{ image_url: 'data:image/png;base64,AAAA' }] }, null],
  ])('JSON: %j', async (body, param) => {
    const problem = await problemOf(await at.gateway.post('/v1/images/edits', body));
    expect(problem.status).toBe(400);
    if (param) expect(String(problem.param)).toMatch(/^images/);
  });
});

describe('connections', () => {
  /** What comes back for what is written, until the other side closes. */
  function exchange(write: (send: (text: string) => void) => void): Promise<string> {
    const { hostname, port } = new URL(at.gateway.url);
    const socket = connect(Number(port), hostname);
    let text = '';
    write((chunk) => socket.write(chunk));
    socket.on('data', (chunk) => {
      text += chunk;
    });
    return new Promise((resolve) => {
      socket.on('error', () => {});
      socket.on('close', () => resolve(text));
    });
  }

  test('what is no HTTP is answered in the envelope', async () => {
    const answer = await exchange((send) => send('HELLO\r\n\r\n'));
    expect(answer).toMatch(/^HTTP\/1\.1 400 [\s\S]*"code":"invalid_http"/);
  });

  test('headers that are too large are 431', async () => {
    const answer = await exchange((send) => send(`GET / HTTP/1.1\r\nhost: x\r\nx: ${'a'.repeat(70_000)}\r\n\r\n`));
    expect(answer).toMatch(/^HTTP\/1\.1 431 /);
  });

  test('a client that sends a byte now and then is 408, and a thousand idle connections keep nobody out', async () => {
    const { hostname, port } = new URL(at.gateway.url);
    const idle = Array.from({ length: 1000 }, () => connect(Number(port), hostname));
    await Promise.all(idle.map((socket) => new Promise((resolve) => socket.once('connect', resolve))));
    let timer: NodeJS.Timeout | undefined;
    const slow = exchange((send) => {
      send(`POST /v1/images/generations HTTP/1.1\r\nhost: ${hostname}:${port}\r\ncontent-length: 100\r\n\r\n`);
      timer = setInterval(() => send('x'), 200);
    });
    expect((await fetch(`${at.gateway.url}/healthz`)).status).toBe(200);
    const answer = await slow;
    clearInterval(timer);
    for (const socket of idle) socket.destroy();
    expect(answer).toMatch(/^HTTP\/1\.1 408 [\s\S]*"code":"request_timeout"/);
  });
});
