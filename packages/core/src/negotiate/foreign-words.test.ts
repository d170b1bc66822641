// No word from outside is found in what every object has: `constructor`, `__proto__` and the like are as unknown as any other.

import type { RequestListener } from 'node:http';
import { describe, expect, onTestFinished, test } from 'vitest';
import { serve } from '../../test/loopback.ts';
import { noisyPNG } from '../../test/pictures.ts';
import { defineProvider } from '../access/define-provider.ts';
import { exchange } from '../access/exchange.ts';
import type { ModelCapabilities } from '../contract/capabilities.ts';
import type { ClientOptions, ClientRequest } from '../contract/client.ts';
import { createClient } from '../create-client.ts';
import { byPrice, canCompare, comparable, isWithin } from './money.ts';

const names = [...Object.getOwnPropertyNames(Object.prototype), 'prototype', 'length', 'name'];
const picture = noisyPNG(4, 4);

const row: ModelCapabilities = {
  label: 'One',
  source: 'https://docs.example',
  checked: '2026-11-20',
  operations: { generate: {}, edit: { images: { count: [1, 1], types: ['image/png'], as: ['bytes'] } } },
  delivery: { as: 'bytes' },
  size: {
    default: '512x512',
    presets: ['512x512'],
    tiers: ['1K'],
    ratios: ['1:1'],
    pixels: { '1K': { '1:1': '512x512' } },
    renamed: { '500x500': '512x512' },
  },
  quality: { values: ['low', 'high'] },
  style: { values: ['vivid'] },
  background: { values: ['transparent'] },
  outputFormat: { values: ['png', 'jpeg'] },
  options: { steps: { type: 'integer' } },
  prices: [{ amount: 1, currency: 'USD', per: 'image' }],
};

function clientOf(baseURL = 'http://127.0.0.1:9', options: Partial<ClientOptions> = {}) {
  const paint = defineProvider({
    id: 'paint',
    label: 'Paint',
    models: { one: row },
    regions: { only: { baseURL } },
    keys: [],
    sign: () => ({}),
    async generate(_, context) {
      const { body } = await exchange(context, { to: 'generate', json: {}, spends: true });
      return { outputs: [{ bytes: picture }], metadata: body as never };
    },
  })();
  const client = createClient({ providers: [paint], env: {}, maxRetries: 0, ...options });
  onTestFinished(() => client.close());
  return client;
}

const words: readonly (readonly [word: string, ask: (name: string) => object])[] = [
  ['operation', (operation) => ({ operation })],
  ['resolution', (resolution) => ({ resolution })],
  ['quality', (quality) => ({ quality })],
  ['style', (style) => ({ style })],
  ['background', (background) => ({ background })],
  ['outputFormat', (outputFormat) => ({ outputFormat })],
  ['a word that is none', (name) => JSON.parse(`{"${name}":1}`)],
  ['a model', (model) => ({ model })],
  ['a model of a provider', (name) => ({ model: `paint/${name}` })],
  ['a model in a list', (name) => ({ model: [name, 'paint'] })],
  ['an option of a provider', (name) => ({ providerOptions: { steps: 1, [`${name}`]: 1 } })],
  ['a currency', (currency) => ({ route: { maxCost: { amount: 1, currency } } })],
];

describe.each(words)('%s', (word, ask) => {
  test.each(names)('named %s is refused as unknown', async (name) => {
    const request: ClientRequest = { prompt: 'a boat', ...ask(name) };
    const { error, sent } = await clientOf().run(request);
    // What cannot even be written as a property of its own is not there.
    if (name === '__proto__' && /^(a word|an option)/.test(word)) return;
    expect(sent).toBe(false);
    expect(error?.code).toMatch(/^(unsupported|not-found|invalid-request)$/);
    expect(error?.message).not.toContain('the provider failed');
    expect(error?.message).not.toMatch(/function|\[object|native code/);
  });
});

test('a provider and a ticket of such a name are unknown', async () => {
  for (const name of names) {
    await expect(clientOf().discover(name)).rejects.toMatchObject({ code: 'not-found' });
    await expect(clientOf().cancel(name)).rejects.toMatchObject({ code: 'not-found' });
  }
});

describe('of a service', () => {
  async function answered(listener: RequestListener) {
    const { origin } = await serve(listener);
    return clientOf(origin).run({ prompt: 'a boat' });
  }

  test.each(names)('a content encoding named %s is unknown', async (name) => {
    const { error } = await answered((_, response) => response.writeHead(200, { 'content-encoding': name }).end('{}'));
    expect(error).toMatchObject({
      code: 'bad-response',
      mayHaveBeenBilled: true,
      message: expect.stringContaining('unknown content encoding'),
    });
  });

  test.each(names)('a header named %s is a header', async (name) => {
    const { error, images } = await answered((_, response) =>
      response.writeHead(200, [name, 'x', name, 'y']).end('{}'),
    );
    expect(error).toBeUndefined();
    expect(images).toHaveLength(1);
  });

  test.each(names)('facts named %s are facts', async (name) => {
    const body = `{"${name}":{"${name}":"x"},"polluted":1}`;
    const { images } = await answered((_, response) => response.end(body));
    expect(JSON.stringify(images[0]!.metadata)).toBe(body);
    expect(({} as { polluted?: number }).polluted).toBeUndefined();
  });
});

test.each(names)('money in %s is in a currency of its own', (currency) => {
  const usd = { amount: 1, currency: 'USD', estimated: false };
  const other = { amount: 1, currency, estimated: false };
  const rates = { USD: 1, CNY: 0.14 };
  expect(canCompare('USD', currency, rates)).toBe(false);
  expect(isWithin(other, usd, rates)).toBe(false);
  expect(comparable([usd, other], rates)).toEqual([['USD'], [currency]]);
  expect([other, usd].sort(byPrice([usd, other], rates, 1))).toEqual([usd, other]);
});
