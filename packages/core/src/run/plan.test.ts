import { expect, test } from 'vitest';
import { defineProvider } from '../access/define-provider.ts';
import type { ModelTable } from '../contract/capabilities.ts';
import type { ProviderCall } from '../contract/provider.ts';
import { createClient } from '../create-client.ts';

const row = {
  label: 'A model',
  source: 'https://docs.example',
  checked: '2026-11-20',
  operations: { generate: {} },
  delivery: { as: 'bytes' },
} as const;
const models: ModelTable = {
  dear: { ...row, prices: [{ amount: 0.2, currency: 'USD', per: 'image' }], latencyMs: [1000, 2000] },
  cheap: { ...row, prices: [{ amount: 0.01, currency: 'USD', per: 'image' }] },
  unknown: row,
};
const paint = defineProvider({
  id: 'paint',
  label: 'Paint',
  models,
  regions: { only: { baseURL: 'https://service.example' } },
  keys: [],
  sign: () => ({}),
  generate: async (_: ProviderCall) => ({ outputs: [] }),
})();
const client = createClient({ providers: [paint], env: {} });

test('of auto a plan tells what would be tried next, and what that costs', async () => {
  const plan = await client.plan({ model: 'auto', prompt: 'a boat', n: 2, route: { prefer: 'price' } });
  expect(plan.model).toBe('paint/cheap');
  expect(plan.others).toEqual([
    { model: 'paint/dear', estimate: { amount: 0.4, currency: 'USD', estimated: true }, latencyMs: [1000, 2000] },
    { model: 'paint/unknown', estimate: null },
  ]);
});

test('of named models it does not: the caller knows them', async () => {
  const plan = await client.plan({ model: ['paint/dear', 'paint/cheap'], prompt: 'a boat' });
  expect(plan).not.toHaveProperty('others');
});

test('what the app read otherwise comes first in what is told', async () => {
  const read = { option: 'size', asked: '16x9', sent: '16:9', because: 'it is a ratio' };
  const { applied } = await client.plan({ prompt: 'a boat', seed: 7, negotiation: 'adapt', applied: [read] });
  expect(applied).toMatchObject([read, { option: 'seed', sent: null }]);
  await expect(client.plan({ prompt: 'a boat', applied: 'size' as never })).rejects.toMatchObject({
    code: 'invalid-request',
    message: 'applied must be a list (got "size")',
  });
});

test('a value that is refused is not repeated at length', async () => {
  const error = await client
    .plan({ prompt: 'a boat', size: 'A'.repeat(500) as never })
    .catch((reason: Error) => reason);
  expect(JSON.stringify(error)).not.toContain('A'.repeat(81));
});
