// Nothing outlives the deadline, whatever of the caller's never answers: neither a plan nor a run, nor a download for a request that is over.

import { once } from 'node:events';
import { expect, onTestFinished, test } from 'vitest';
import { serve, signalled } from '../../test/loopback.ts';
import { noisyPNG } from '../../test/pictures.ts';
import { defineProvider } from '../access/define-provider.ts';
import type { ClientOptions, ClientRequest, LazyProvider } from '../contract/client.ts';
import type { ImageCodec } from '../contract/codec.ts';
import type { ImageProvider } from '../contract/provider.ts';
import { memoryImageStore } from '../contract/store.ts';
import { memoryTicketStore } from '../contract/tickets.ts';
import { createClient } from '../create-client.ts';

const picture = noisyPNG(4, 4);
const never = () => new Promise<never>(() => {});
const timeout = 40;

function paint(functions: Partial<ImageProvider> = {}): ImageProvider {
  return {
    ...defineProvider({
      id: 'paint',
      label: 'Paint',
      models: {
        one: {
          label: 'One',
          source: 'https://docs.example',
          checked: '2026-11-20',
          prompt: { languages: ['en'] },
          operations: {
            generate: {},
            edit: { images: { count: [1, 4], types: ['image/png'], as: ['bytes'] } },
            inpaint: { images: { count: [1, 4], types: ['image/png'], as: ['bytes'] }, mask: { repaint: 'black' } },
          },
          delivery: { as: 'bytes' },
          prices: [{ amount: 1, currency: 'USD', per: 'image' }],
        },
      },
      regions: { only: { baseURL: 'https://paint.example' } },
      keys: [],
      sign: () => ({}),
      generate: async () => ({ outputs: [{ bytes: picture }] }),
      text: { write: never },
    })(),
    ...functions,
  };
}

const codec: ImageCodec = {
  convert: never,
  mask: never,
  upright: async () => undefined,
  pixels: async (image) => new Uint8Array(image.width * image.height * 4).fill(255),
};
const store = memoryImageStore();
const tickets = memoryTicketStore();
const lazy: LazyProvider = { definition: paint(), load: never };
const edit = { images: [picture] };

/** What never answers, and a request that needs it. */
const before: readonly (readonly [what: string, options: Partial<ClientOptions>, request: () => ClientRequest])[] = [
  ['a codec that turns', { codec: { ...codec, upright: never } }, () => edit],
  ['a codec that reads pixels', { codec: { ...codec, pixels: never } }, () => ({ ...edit, mask: picture })],
  ['a codec that encodes masks', { codec }, () => ({ ...edit, mask: picture })],
  ['a stream of a picture', {}, () => ({ images: [new ReadableStream({ pull: never })] })],
  ['an iteration of a picture', {}, () => ({ images: [{ [Symbol.asyncIterator]: () => ({ next: never }) }] })],
  ['a style book', { prompts: { styles: { find: never } } }, () => ({ style: 'inked' })],
  [
    'the names of a style book',
    { prompts: { styles: { find: () => undefined, names: never } } },
    () => ({ style: 'inked' }),
  ],
  ['a detector of languages', { prompts: { detect: never } }, () => ({ model: 'auto' })],
  ['the code of a provider', { providers: [lazy] }, () => ({})],
  ['a budget that is asked', { budget: { check: never, reserve: never } }, () => ({})],
];
const after: typeof before = [
  ['a detector of languages', { prompts: { detect: never } }, () => ({})],
  ['a store that opens', { store: { ...store, open: never } }, () => ({})],
  ['a store that makes room', { store: { ...store, expect: never } }, () => ({})],
  ['tickets that are created', { tickets: { ...tickets, create: never } }, () => ({})],
  ['tickets that are looked up', { tickets: { ...tickets, get: never } }, () => ({ intent: 'mine' })],
  ['a provider', { providers: [paint({ generate: never })] }, () => ({})],
];

function clientOf(options: Partial<ClientOptions>) {
  const client = createClient({ providers: [paint()], env: {}, ...options });
  onTestFinished(() => client.close());
  return client;
}

test.each(before)('%s that never answers ends a plan at its timeout', async (_, options, request) => {
  const plan = clientOf(options).plan({ prompt: 'ein Boot', timeout, ...request() });
  await expect(plan).rejects.toMatchObject({ code: 'timeout' });
});

test.each([...before, ...after])('%s that never answers ends a run at its timeout', async (_, options, request) => {
  const { error } = await clientOf(options).run({ prompt: 'ein Boot', timeout, ...request() });
  expect(error).toMatchObject({ code: 'timeout' });
});

test.each(['plan', 'run'] as const)('of a %s that fails, no download of an input goes on', async (how) => {
  const arrived = signalled();
  const { origin, server } = await serve((request, response) => {
    if (request.url === '/bad') {
      void arrived.promise.then(() => response.writeHead(404).end());
      return;
    }
    response.writeHead(200).write(picture.subarray(0, 20), () => arrived.resolve());
  });
  const closed = once(server, 'request').then(async ([, response]) => once(response, 'close'));
  const client = clientOf({ allowNetworks: ['127.0.0.1/32'] });
  const request = { prompt: 'a boat', images: [`${origin}/slow`, `${origin}/bad`] };
  const error =
    how === 'plan' ? await client.plan(request).catch((e: unknown) => e) : (await client.run(request)).error;
  expect(error).toMatchObject({ code: 'invalid-request', message: expect.stringContaining('404') });
  await closed;
});

test('of a run that fails, no stream of an input is read on', async () => {
  const cancelled = signalled<unknown>();
  const endless = new ReadableStream({ pull: never, cancel: (reason) => cancelled.resolve(reason) });
  const { error } = await clientOf({}).run({ prompt: 'a boat', images: [endless, '/nowhere/a.png'] });
  expect(error).toMatchObject({ code: 'invalid-request', message: expect.stringContaining('does not exist') });
  await cancelled.promise;
});
