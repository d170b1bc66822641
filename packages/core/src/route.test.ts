import { expect, onTestFinished, test } from 'vitest';
import type { ModelTable } from './capabilities.ts';
import { createClient } from './create-client.ts';
import { defineProvider } from './define-provider.ts';
import type { ProviderCall } from './provider.ts';

const shared = {
  label: 'A model',
  source: 'https://docs.example',
  checked: '2026-11-20',
  operations: { generate: {} },
  delivery: { as: 'bytes' },
} as const;

function provider(id: string, models: ModelTable, keys = [{ env: 'KEY' }]) {
  return defineProvider({
    id,
    label: id,
    models,
    regions: { only: { baseURL: 'https://service.example' } },
    keys,
    sign: () => ({}),
    generate: async (_: ProviderCall) => ({ outputs: [] }),
  })();
}
const per = (amount: number, currency: 'USD' | 'CNY' = 'USD') => [{ amount, currency, per: 'image' }] as const;

const providers = [
  provider('paint', {
    cheap: { ...shared, prices: per(0.01), latencyMs: [9000, 9000], prompt: { languages: ['en'] } },
    fine: { ...shared, prices: per(0.2), latencyMs: [20_000, 30_000], background: { values: ['transparent'] } },
    old: { ...shared, retires: '2020-01-01' },
  }),
  provider('ink', { quick: { ...shared, prices: per(0.05), latencyMs: [1000, 2000] }, odd: { ...shared } }),
  provider('nokey', { free: { ...shared, prices: per(0) } }, [{ env: 'OTHER_KEY' }]),
  provider(
    'local',
    { rules: { ...shared, prices: per(0), procedural: true, background: { values: ['transparent'] } } },
    [],
  ),
];
const client = createClient({
  providers,
  env: { KEY: 'test-key' },
  clock: { now: () => Date.parse('2026-11-20'), sleep: async () => {} },
});
const chosen = async (request: object) => (await client.plan({ model: 'auto', prompt: 'a boat', ...request })).model;

test.each([
  ['nothing said: the first provider', {}, 'paint/cheap'],
  ['price', { route: { prefer: 'price' } }, 'paint/cheap'],
  ['speed', { route: { prefer: 'speed' } }, 'ink/quick'],
  ['quality', { route: { prefer: 'quality' } }, 'paint/fine'],
  ['what the request needs decides first', { background: 'transparent', route: { prefer: 'price' } }, 'paint/fine'],
  [
    'a ceiling leaves out the dear and the unknown',
    { route: { maxCost: { amount: 0.06, currency: 'USD' }, prefer: 'quality' } },
    'ink/quick',
  ],
  [
    'the ceiling is for all pictures',
    { n: 4, route: { maxCost: { amount: 0.06, currency: 'USD' }, prefer: 'quality' } },
    'paint/cheap',
  ],
  ['a model that understands the prompt comes first', { prompt: '一只猫', route: { prefer: 'price' } }, 'ink/quick'],
])('%s', async (_, request, model) => {
  expect(await chosen(request)).toBe(model);
});

test('a procedural model is taken only when no other fits', async () => {
  expect(await chosen({ background: 'transparent', route: { maxCost: { amount: 0.1, currency: 'USD' } } })).toBe(
    'local/rules',
  );
});

test('the choice is told, with its reason', async () => {
  const { applied } = await client.plan({ model: 'auto', prompt: 'a boat', route: { prefer: 'speed' } });
  expect(applied).toEqual([
    {
      option: 'model',
      asked: 'auto',
      sent: 'ink/quick',
      because: 'chosen for its speed among 5 models that take the request as it is',
    },
  ]);
});

test('if no model fits, that is said before anything is sent', async () => {
  await expect(chosen({ background: 'plaid' })).rejects.toMatchObject({
    code: 'unsupported',
    details: { option: 'model' },
    message: expect.stringContaining('mostly because'),
    hint: expect.stringContaining('background'),
  });
});

test('a detector that fails leaves the choice to the rest', async () => {
  const detect = () => Promise.reject(new Error('no dictionary'));
  const other = createClient({ providers, env: { KEY: 'test-key' }, prompts: { detect } });
  onTestFinished(() => other.close());
  expect((await other.plan({ model: 'auto', prompt: '一只猫' })).model).toBe('paint/cheap');
});
