// Whatever the answer looks like, a picture that is in it is kept, and what nobody can read is kept as it is.

import { createServer, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import {
  createClient,
  type ImageProvider,
  type Json,
  memoryImageStore,
  memoryTicketStore,
  type Output,
} from '@anyimage/core';
import { bailian } from '@anyimage/provider-bailian';
import { cogview } from '@anyimage/provider-cogview';
import { google } from '@anyimage/provider-google';
import { openAICompatible, openai } from '@anyimage/provider-openai';
import { openrouter } from '@anyimage/provider-openrouter';
import { seedream } from '@anyimage/provider-seedream';
import { drawTestCard } from '@anyimage/testkit';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';

const small = encode(8);
const large = encode(300);

function encode(side: number): Buffer {
  return Buffer.from(drawTestCard({ prompt: 'a boat', width: side * 8, height: side * 8, seed: 1 }));
}

/** Says `body` to everything that is posted, and has the pictures at `/made/…`. */
let answer: (response: ServerResponse) => void = () => {};
const server = createServer((request, response) => {
  if (request.method === 'GET' && request.url?.startsWith('/made/')) {
    response.writeHead(200, { 'content-type': 'image/png' }).end(small);
    return;
  }
  request.resume().on('end', () => answer(response));
});
let base = '';
beforeAll(async () => {
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  base = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
});
afterAll(() => server.close());

const access = () => ({ apiKey: 'test-key', baseURL: `${base}/v1` });
const services: Readonly<Record<string, () => ImageProvider>> = {
  cogview: () => cogview(access()),
  'openai/gpt-image-2': () => openai(access()),
  openrouter: () => openrouter(access()),
  seedream: () => seedream(access()),
  google: () => google(access()),
  'bailian/qwen-image-plus': () => bailian(access()),
  'relay/flux': () => openAICompatible({ id: 'relay', label: 'Relay', ...access() }),
};

/** How a picture is said. */
const carriers: Readonly<Record<string, () => string>> = {
  base64: () => small.toString('base64'),
  'long base64': () => large.toString('base64'),
  'base64 in lines': () => small.toString('base64').replace(/.{76}/g, '$&\n'),
  'data URL': () => `data:image/png;base64,${small.toString('base64')}`,
  'long data URL': () => `data:image/png;base64,${large.toString('base64')}`,
  URL: () => `${base}/made/a.png?x=1`,
  'URL without an ending': () => `${base}/made/a`,
  'URL in spaces': () => ` \n ${base}/made/a.png `,
  'URL without a scheme': () => `//${base.slice('http://'.length)}/made/a`,
  path: () => '/made/a.png',
  'path without an ending': () => '/made/a',
  'path without a slash': () => 'made/a.png',
  Markdown: () => `![a boat](${base}/made/a)`,
  'Markdown with words': () => `Here it is:\n\n![a boat](<${base}/made/a.png> "a boat")\n\nEnjoy!`,
  'Markdown with a data URL': () => `![boat](data:image/png;base64,${small.toString('base64')})`,
  'host and path': () => `${base.slice('http://'.length)}/made/a`,
  'base64 as Python prints it': () => `b'${small.toString('base64')}'`,
  'angle brackets': () => `<${base}/made/a.png>`,
};
/** Those that stand out in a text for people. */
const inText = new Set(Object.keys(carriers).filter((name) => name.startsWith('Markdown')));

/** Where it is said. `text`: in words for people. */
const positions: readonly { readonly name: string; readonly text?: true; readonly body: (said: string) => unknown }[] =
  [
    { name: 'data[].b64_json', body: (b64_json) => ({ created: 1, data: [{ b64_json }] }) },
    { name: 'data[].url', body: (url) => ({ created: 1, data: [{ url, b64_json: null }] }) },
    { name: 'data[]', body: (said) => ({ data: [said] }) },
    { name: 'data', body: (said) => ({ code: 200, data: said }) },
    { name: 'data.url', body: (url) => ({ code: 0, msg: 'ok', data: { url } }) },
    { name: 'images[]', body: (said) => ({ images: [said] }) },
    { name: 'images[].url', body: (url) => ({ images: [{ url, content_type: 'image/png' }] }) },
    { name: 'image_result[].url', body: (url) => ({ task_status: 'SUCCESS', image_result: [{ url }] }) },
    { name: 'artifacts[].base64', body: (base64) => ({ artifacts: [{ base64, seed: 1 }] }) },
    { name: 'predictions[]', body: (said) => ({ predictions: [{ bytesBase64Encoded: said, mimeType: 'image/png' }] }) },
    { name: 'output.results[].url', body: (url) => ({ output: { task_status: 'SUCCEEDED', results: [{ url }] } }) },
    {
      name: 'output.choices[].message.content[].image',
      body: (image) => ({ output: { choices: [{ message: { role: 'assistant', content: [{ image }] } }] } }),
    },
    { name: 'output[].result', body: (result) => ({ output: [{ type: 'image_generation_call', result }] }) },
    { name: 'output[]', body: (said) => ({ status: 'succeeded', output: [said] }) },
    { name: 'url', body: (url) => ({ url }) },
    { name: 'image.url', body: (url) => ({ image: { url } }) },
    { name: 'result.image_url', body: (image_url) => ({ success: true, result: { image_url } }) },
    {
      name: 'choices[].message.images[]',
      body: (url) => ({
        choices: [{ index: 0, message: { content: '', images: [{ type: 'image_url', image_url: { url } }] } }],
      }),
    },
    {
      name: 'choices[].message.content[]',
      body: (url) => ({ choices: [{ message: { content: [{ type: 'image_url', image_url: { url } }] } }] }),
    },
    {
      name: 'candidates[].content.parts[].inlineData',
      body: (data) => ({ candidates: [{ content: { parts: [{ inlineData: { mimeType: 'image/png', data } }] } }] }),
    },
    {
      name: 'candidates[].content.parts[].fileData',
      body: (fileUri) => ({ candidates: [{ content: { parts: [{ fileData: { fileUri } }] } }] }),
    },
    {
      name: 'choices[].message.content',
      text: true,
      body: (content) => ({ choices: [{ index: 0, message: { role: 'assistant', content } }] }),
    },
    {
      name: 'candidates[].content.parts[].text',
      text: true,
      body: (text) => ({ candidates: [{ finishReason: 'STOP', content: { parts: [{ text }] } }] }),
    },
    { name: 'JSON in a text', body: (url) => ({ choices: [{ message: { content: JSON.stringify({ url }) } }] }) },
    { name: 'the body', body: (said) => said },
  ];

const noise = {
  id: 'x-1',
  model: 'flux-2',
  prompt: `a boat ${'https://example.com/asked.png'}`,
  usage: { total_tokens: 3 },
  thumbnail: 'https://example.com/small.png',
  error: null,
  documentation_url: 'https://example.com/docs',
  n: 1,
};

/** How a body is sent, and called: as it should be, and otherwise. */
const labels: readonly { readonly name: string; readonly type?: string; readonly send: (body: unknown) => string }[] = [
  { name: 'as JSON', type: 'application/json', send: JSON.stringify },
  { name: 'as a web page', type: 'text/html; charset=utf-8', send: JSON.stringify },
  { name: 'as text', type: 'text/plain', send: JSON.stringify },
  { name: 'without a type', send: JSON.stringify },
  { name: 'as events, and is JSON', type: 'Text/Event-Stream', send: JSON.stringify },
  { name: 'as events', type: 'Text/Event-Stream; charset=utf-8', send: asEvents },
  { name: 'as JSON, and is events', type: 'application/json', send: asEvents },
  {
    name: 'as events that end in the middle',
    type: 'text/event-stream',
    send: (body) => `data: ${JSON.stringify(body)}`,
  },
];

/**
 * Each way of saying a picture is heard as JSON and under one other label, in turn: under all of them over the services and places.
 * `npm run test:long` tries all with all.
 */
function labelsAt(service: number, position: number, carrier: number) {
  const [plain, ...others] = labels;
  return process.env.ANYIMAGE_CASES ? labels : [plain!, others[(service + position + carrier) % others.length]!];
}

function asEvents(body: unknown): string {
  return `: ping\n\ndata: {"type":"start"}\n\ndata: ${JSON.stringify(body)}\n\ndata: [DONE]\n\n`;
}

function say(body: string | Buffer, type?: string, status = 200): void {
  answer = (response) => response.writeHead(status, type === undefined ? {} : { 'content-type': type }).end(body);
}

async function ask(model: string, more: object = {}) {
  const make = services[model]!;
  const client = createClient({ providers: [make()], env: {}, allowNetworks: ['127.0.0.0/8'], maxRetries: 0 });
  try {
    return await client.run({ model, prompt: 'a boat', ...more });
  } finally {
    await client.close();
  }
}

describe.each(Object.keys(services).map((model, service) => ({ model, service })))('$model', ({ model, service }) => {
  test.each(positions)('a picture is found at $name, however it is said', async ({ name: place, body, text }) => {
    const position = positions.findIndex(({ name }) => name === place);
    const lost: string[] = [];
    let turn = 0;
    for (const [carrier, [name, said]] of Object.entries(carriers).entries()) {
      if (text && !inText.has(name)) continue;
      for (const label of labelsAt(service, position, carrier)) {
        turn += 1;
        const plain = body(said());
        const noisy = turn % 3 === 0 && typeof plain === 'object' ? { ...noise, ...plain, more: [null, 1, ''] } : plain;
        say(label.send(noisy), label.type);
        const { images, error } = await ask(model);
        const isRight = images.length === 1 && [small.length, large.length].includes(images[0]!.byteLength);
        if (!isRight) lost.push(`${name}, ${label.name}: ${images.length} pictures, ${error?.message}`);
      }
    }
    expect(lost).toEqual([]);
  });

  test.each(['image/png', 'application/json', 'application/octet-stream', 'text/html', undefined])(
    'the bytes of a picture in place of JSON, as %s',
    async (type) => {
      say(small, type);
      const { images } = await ask(model);
      expect(images.map(({ byteLength }) => byteLength)).toEqual([small.length]);
    },
  );

  test('Markdown that arrives in pieces', async () => {
    const said = `Here: ![boat](data:image/png;base64,${small.toString('base64')})`;
    const pieces = said.match(/.{1,100}/gs)!;
    const events = pieces.map(
      (content) => `data: ${JSON.stringify({ choices: [{ index: 0, delta: { content } }] })}\n\n`,
    );
    say(events.join(''), 'text/event-stream');
    expect((await ask(model)).images).toHaveLength(1);
  });
});

describe('an answer without a picture that can be found', () => {
  const nothing: readonly { readonly name: string; readonly body: string; readonly type?: string }[] = [
    { name: 'an empty list', body: '{"created":1,"data":[]}' },
    { name: 'an empty object', body: '{}' },
    { name: 'an empty body', body: '' },
    { name: 'null', body: 'null' },
    { name: 'a number', body: '7' },
    { name: 'words', body: 'ok', type: 'text/plain' },
    { name: 'JSON that breaks off', body: '{"data":[{"url":"' },
    {
      name: 'what was asked',
      body: '{"prompt":"https://example.com/a.png","input":{"image":"https://example.com/b.png"}}',
    },
    {
      name: 'a preview',
      body: '{"id":"x","thumbnail_url":"https://example.com/a.png","preview":{"url":"https://example.com/b.png"}}',
    },
    { name: 'an address for later', body: '{"id":"x","status":"queued","webhook_url":"https://example.com/a"}' },
    {
      name: 'a drawing that was not asked for',
      body: '{"choices":[{"message":{"content":"<svg xmlns=\'http://www.w3.org/2000/svg\'/>"}}]}',
    },
    {
      name: 'a link to a page',
      body: '{"choices":[{"message":{"content":"See [our policy](https://example.com/policy)."}}]}',
    },
    {
      name: 'a draft',
      body: `{"type":"image_generation.partial_image","partial_image_index":0,"b64_json":"${small.toString('base64')}"}`,
    },
    { name: 'a form of its own', body: '{"art":{"pixels":"AAECAwQ=","w":1,"h":1}}' },
  ];

  test.each(nothing)(
    '$name: it is kept, and nobody is told to pay again',
    async ({ body, type = 'application/json' }) => {
      for (const model of Object.keys(services)) {
        say(body, type);
        const { images, error, pending } = await ask(model);
        expect(images).toEqual([]);
        expect(error?.mayHaveBeenBilled, `${model}: ${error?.message}`).toBe(true);
        expect(error?.retryable).toBe(false);
        expect(error?.hint).toMatch(/resume ticket .* with a later version/);
        expect(pending).toMatchObject([{ state: 'delivered', answer: expect.any(String) }]);
      }
    },
  );

  const failures: readonly { readonly body: unknown; readonly code: string; readonly words: string }[] = [
    { body: { code: 400, message: 'size is no size' }, code: 'invalid-request', words: 'size is no size' },
    { body: { code: 401, msg: 'no such key' }, code: 'auth', words: 'no such key' },
    { body: { code: 429, message: 'slow down' }, code: 'rate-limit', words: 'slow down' },
    { body: { code: 500, message: 'the card fell out' }, code: 'server', words: 'the card fell out' },
    { body: { success: false, message: 'the card fell out' }, code: 'server', words: 'the card fell out' },
    {
      body: { success: false, errors: [{ code: 3030, message: 'NSFW content' }] },
      code: 'content-blocked',
      words: 'NSFW',
    },
    { body: { status: 'failed', reason: '用户额度不足' }, code: 'quota', words: '额度不足' },
    { body: { base_resp: { status_code: 1008, status_msg: 'insufficient balance' } }, code: 'quota', words: 'balance' },
    { body: { code: 'sensitive_words_detected', message: 'no' }, code: 'content-blocked', words: 'sensitive_words' },
  ];
  test.each(failures)(
    'a failure inside a 200 is told in the words of the service: $body',
    async ({ body, code, words }) => {
      for (const model of Object.keys(services)) {
        say(JSON.stringify(body), 'application/json');
        const { images, error } = await ask(model);
        expect(images).toEqual([]);
        expect(error?.code, `${model}: ${error?.message}`).toBe(code);
        if (error?.mayHaveBeenBilled && error.retryable) expect(error.hint).toMatch(/look at the account first/);
        expect(error?.message, model).toContain(words);
      }
    },
  );

  test.each(['text/html', 'application/json'])('a web page as %s: its pictures are none of ours', async (type) => {
    for (const model of Object.keys(services)) {
      say('<!doctype html><html><img src="https://example.com/logo.png"></html>', type);
      const { images, error } = await ask(model);
      expect(images).toEqual([]);
      expect(error).toMatchObject({ mayHaveBeenBilled: true, hint: expect.stringMatching(/base URL/) });
    }
  });

  test('a version that learns its form reads what an earlier one kept, and pays nothing', async () => {
    const [tickets, store] = [memoryTicketStore(), memoryImageStore()];
    const surroundings = { env: {}, allowNetworks: ['127.0.0.0/8'], maxRetries: 0, tickets, store };
    const pixels = [...small].map((byte) => byte ^ 0x5a);
    say(JSON.stringify({ art: { pixels } }), 'application/json');
    const earlier = createClient({ providers: [seedream(access())], ...surroundings });
    const { pending } = await earlier.run({ model: 'seedream', prompt: 'a boat' });
    expect(pending).toHaveLength(1);
    const again = await earlier.runTicket(pending[0]!.id);
    expect(again).toMatchObject({ images: [], pending: [{ id: pending[0]!.id }], error: { code: 'bad-response' } });
    await earlier.close();

    const readAnswer = (body: Json): Output[] => {
      const { art } = body as { art?: { pixels: number[] } };
      return art ? [{ bytes: Uint8Array.from(art.pixels, (byte) => byte ^ 0x5a) }] : [];
    };
    const later = createClient({ providers: [{ ...seedream(access()), readAnswer }], ...surroundings });
    say('{}');
    const { images, cost } = await later.runTicket(pending[0]!.id);
    expect(images.map(({ byteLength }) => byteLength)).toEqual([small.length]);
    expect(cost).toMatchObject([{ amount: expect.any(Number) }]);
    expect(await tickets.list()).toEqual([]);
    await later.close();
  });
});
