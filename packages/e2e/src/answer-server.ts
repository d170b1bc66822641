// A server that answers every request for pictures as a test tells it, serves the pictures by URL, and the client that asks it.

import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { type ClientRequest, createClient, type Outcome } from '@anyimage/core';
import { bailian } from '@anyimage/provider-bailian';
import { cogview } from '@anyimage/provider-cogview';
import { google } from '@anyimage/provider-google';
import { openai } from '@anyimage/provider-openai';
import { seedream } from '@anyimage/provider-seedream';
import { drawTestCard } from '@anyimage/testkit';

/** A picture that the server has. */
export interface Picture {
  readonly name: string;
  readonly type: string;
  readonly bytes: Uint8Array;
}

/** What the server answers. */
export interface Answer {
  /** Default 200. */
  readonly status?: number;
  readonly headers?: { readonly [name: string]: string };
  readonly body: string | Uint8Array;
}

const card = (name: string, width = 64, height = 48): Picture => ({
  name: `${name}.png`,
  type: 'image/png',
  bytes: drawTestCard({ prompt: name, width, height }),
});

const photo =
  '/9j/2wBDABsSFBcUERsXFhceHBsgKEIrKCUlKFE6PTBCYFVlZF9VXVtqeJmBanGQc1tdhbWGkJ6jq62rZ4C8ybqmx5moq6T/2wBDARweHigjKE4rK06kbl1u' +
  'pKSkpKSkpKSkpKSkpKSkpKSkpKSkpKSkpKSkpKSkpKSkpKSkpKSkpKSkpKSkpKSkpKT/wAARCAAYACADASIAAhEBAxEB/8QAFQABAQAAAAAAAAAAAAAAAAAAAAP/' +
  'xAAUEAEAAAAAAAAAAAAAAAAAAAAA/8QAFQEBAQAAAAAAAAAAAAAAAAAAAAX/xAAUEQEAAAAAAAAAAAAAAAAAAAAA/9oADAMBAAIRAxEAPwCYCaoAAAAAAP/Z';
const small =
  'UklGRkQAAABXRUJQVlA4IDgAAAAQAwCdASogABgAPxGCuVWsKKWjKAgBgCIJZQDCgBanXQAA/uxw3/Dn2x+9kr/AkrVfwEfmoeAAAA==';

/** The pictures: three PNG, a larger one, a JPEG, a WebP, a thumbnail, a logo, and what a caller gives as input. */
export const pictures = {
  red: card('red'),
  green: card('green'),
  blue: card('blue'),
  large: card('large', 640, 480),
  jpeg: { name: 'photo.jpg', type: 'image/jpeg', bytes: Buffer.from(photo, 'base64') },
  webp: { name: 'small.webp', type: 'image/webp', bytes: Buffer.from(small, 'base64') },
  thumb: card('thumb', 16, 12),
  logo: card('logo', 32, 32),
  input: card('input', 96, 96),
} as const satisfies { readonly [name: string]: Picture };

/** A server that answers as it is told. */
export interface AnswerServer {
  readonly origin: string;
  /** How often it was asked for pictures. */
  readonly asked: number;
  /** What it answers from now on. */
  answers(answer: Answer): void;
  close(): Promise<void>;
}

/**
 * Starts it on loopback. It has the pictures at `/files/NAME`, whatever the folder and the query, a page at `/docs/…`, and nothing
 * else to give.
 */
export async function startAnswerServer(): Promise<AnswerServer> {
  let current: Answer = { body: '' };
  let asked = 0;
  const byName = new Map<string, Picture>(Object.values(pictures).map((picture) => [picture.name, picture]));
  const server: Server = createServer((request, response) => {
    if (request.method === 'GET') {
      const path = decodeURIComponent(URL.parse(request.url ?? '/', 'http://here')?.pathname ?? '/');
      const picture = byName.get(path.slice(path.lastIndexOf('/') + 1));
      if (picture && path.startsWith('/files/') && !request.url?.includes('amp;')) {
        response.writeHead(200, { 'content-type': picture.type }).end(picture.bytes);
      } else if (path.startsWith('/docs/')) {
        response.writeHead(200, { 'content-type': 'text/html' }).end('<!doctype html><title>Documentation</title>');
      } else {
        response.writeHead(404, { 'content-type': 'text/plain' }).end('not here');
      }
      return;
    }
    asked++;
    request.resume();
    request.on('end', () => {
      response.writeHead(current.status ?? 200, current.headers).end(current.body);
    });
  });
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
  const origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  return {
    origin,
    get asked() {
      return asked;
    },
    answers(answer) {
      current = answer;
      asked = 0;
    },
    close: () =>
      new Promise((done) => {
        server.close(() => done());
        server.closeAllConnections();
      }),
  };
}

/** The providers that are asked, each with the model that answers in one call. */
export const models = {
  openai: 'openai/gpt-image-2',
  google: 'google/gemini-nano-banana-2.1',
  seedream: 'seedream/doubao-seedream-5-0-pro-260628',
  bailian: 'bailian/qwen-image-plus',
  cogview: 'cogview/cogview-4-250304',
} as const;
export type ProviderName = keyof typeof models;

/** Asks the server once, as `provider` does, and waits for nothing. */
export async function ask(
  { origin }: AnswerServer,
  provider: ProviderName,
  request: Omit<ClientRequest, 'model'>,
): Promise<Outcome> {
  const access = { apiKey: 'test-key', baseURL: `${origin}/v1` };
  const providers = [openai(access), google(access), seedream(access), bailian(access), cogview(access)];
  let ahead = 0;
  const clock = {
    now: () => Date.now() + ahead,
    async sleep(ms: number) {
      ahead += ms;
    },
  };
  const client = createClient({ providers, env: {}, clock });
  try {
    return await client.run({ ...request, model: models[provider] });
  } finally {
    await client.close();
  }
}

/** JSON, labelled so. */
export const json = (value: unknown, headers?: Answer['headers']): Answer => ({
  headers: { 'content-type': 'application/json', ...headers },
  body: JSON.stringify(value),
});

/** Text of some type. */
export const text = (body: string, type = 'text/plain'): Answer => ({ headers: { 'content-type': type }, body });

/** Server-sent events: a string is a line as it is, everything else the data of an event. */
export const events = (...all: readonly unknown[]): Answer =>
  text(
    all.map((event) => (typeof event === 'string' ? `${event}\n\n` : `data: ${JSON.stringify(event)}\n\n`)).join(''),
    'text/event-stream',
  );

/** A chat completion with this message. */
export const chat = (message: object | string, finish = 'stop'): Answer =>
  json({
    id: 'chatcmpl-1',
    object: 'chat.completion',
    created: 1_760_000_000,
    model: 'gpt-image-2',
    choices: [
      {
        index: 0,
        message: { role: 'assistant', ...(typeof message === 'string' ? { content: message } : message) },
        finish_reason: finish,
      },
    ],
    usage: { prompt_tokens: 12, completion_tokens: 1290, total_tokens: 1302 },
  });

/** A Gemini answer with these parts. */
export const gemini = (parts: readonly object[], finishReason = 'STOP'): Answer =>
  json({
    candidates: [{ content: { role: 'model', parts }, finishReason, index: 0 }],
    usageMetadata: { promptTokenCount: 8, candidatesTokenCount: 1290, totalTokenCount: 1298 },
    modelVersion: 'gemini-nano-banana-2.1',
  });
