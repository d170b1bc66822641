// Prices by megapixels and input pictures, wherever money is looked at: plans, ceilings, the automatic choice, budgets, tickets, results.

import { expect, test } from 'vitest';
import { noisyPNG } from '../../test/pictures.ts';
import { defineProvider } from '../access/define-provider.ts';
import { memoryBudget } from '../contract/budget.ts';
import type { ModelCapabilities, Price } from '../contract/capabilities.ts';
import type { ClientOptions } from '../contract/client.ts';
import { createClient } from '../create-client.ts';

const picture = noisyPNG(16, 16);
const megapixel = { per: 'megapixel', rounds: 'up', megapixel: 2 ** 20 } as const;
const flux: Price = {
  amount: 0.03,
  further: 0.015,
  currency: 'USD',
  ...megapixel,
  inputs: { amount: 0.015, ...megapixel },
};
const flat: Price = { amount: 0.05, currency: 'USD', per: 'image' };

const row = (price: Price): ModelCapabilities => ({
  label: 'One',
  source: 'https://docs.example',
  checked: '2026-11-20',
  operations: {
    generate: {},
    edit: { images: { count: [1, 8], types: ['image/png'], as: ['url', 'bytes'] } },
  },
  size: { rules: [{ side: [64, 4096], multiple: 16 }], default: '1024x1024' },
  delivery: { as: 'bytes' },
  prices: [price],
});

function connect(options: Partial<ClientOptions> = {}) {
  const provider = defineProvider({
    id: 'paint',
    label: 'Paint',
    models: { flux: row(flux), flat: row(flat) },
    regions: { only: { baseURL: 'http://127.0.0.1:9' } },
    keys: [],
    sign: () => ({}),
    generate: async ({ n }) => ({ outputs: Array(n).fill({ bytes: picture }) }),
  })();
  return createClient({ providers: [provider], env: {}, ...options });
}

const words = { model: 'paint/flux', prompt: 'x', size: '2048x2048' } as const;
const edit = { ...words, images: [picture, picture] };
const url = 'https://pictures.example/a.png';

test('a plan and a result say what it costs', async () => {
  const client = connect();
  expect((await client.plan(words)).estimate).toEqual({ amount: 0.075, currency: 'USD', estimated: true });
  expect((await client.plan(edit)).estimate?.amount).toBe(0.105);
  expect((await client.plan({ ...edit, n: 2 })).estimate?.amount).toBe(0.21);
  expect((await client.run(edit)).cost).toEqual([{ amount: 0.105, currency: 'USD', estimated: true }]);
});

test('a ceiling is held against it', async () => {
  const route = { maxCost: { amount: 0.1, currency: 'USD' } };
  const client = connect();
  expect((await client.run({ ...words, route })).images).toHaveLength(1);
  expect(await client.run({ ...edit, route })).toMatchObject({
    sent: false,
    error: { details: { option: 'route.maxCost' } },
  });
});

test('the automatic choice compares what this request costs', async () => {
  const client = connect();
  const chosen = async (request: object) => {
    const asked = { ...words, ...request, model: 'auto', route: { prefer: 'price' } } as const;
    return (await client.run(asked)).images[0]?.model;
  };
  expect(await chosen({ size: '1024x1024' })).toBe('paint/flux');
  expect(await chosen({ size: '1024x1024', images: [picture] })).toBe('paint/flux');
  expect(await chosen({ size: '1024x1024', images: [picture, picture] })).toBe('paint/flat');
  expect(await chosen({ size: '2048x2048' })).toBe('paint/flat');
});

test('a budget refuses what is too much, and what nobody knows', async () => {
  const budget = memoryBudget({ currency: 'USD', perCall: 0.1 });
  const client = connect({ budget });
  expect((await client.run(words)).images).toHaveLength(1);
  expect((await client.run(edit)).error).toMatchObject({ code: 'budget', details: { limit: 'perCall', asked: 0.105 } });
  expect((await client.run({ ...words, images: [url] })).error).toMatchObject({
    code: 'budget',
    details: { limit: 'allowUnknown' },
  });
});
