// Who else takes what a model refuses: those at hand, with their price, the cheapest first.

import { expect, onTestFinished, test } from 'vitest';
import { defineProvider } from '../access/define-provider.ts';
import type { ModelCapabilities, ModelTable, Price } from '../contract/capabilities.ts';
import { ImageError } from '../contract/errors.ts';
import { createClient } from '../create-client.ts';

const shared = {
  label: 'A model',
  source: 'https://docs.example',
  checked: '2026-11-20',
  operations: { generate: {} },
  delivery: { as: 'bytes' },
  background: { values: ['transparent'] },
} as const satisfies ModelCapabilities;
const costs = (amount: number, when?: Price['when']): { readonly prices: readonly Price[] } => ({
  prices: [{ amount, currency: 'USD', per: 'image', ...(when && { when }) }],
});

function provider(id: string, models: ModelTable, key?: string) {
  return defineProvider({
    id,
    label: id,
    models,
    regions: { only: { baseURL: 'https://service.example' } },
    keys: key === undefined ? [] : [{ env: key }],
    sign: () => ({}),
    generate: async () => ({ outputs: [] }),
  })();
}

const opaque = provider('opaque', { one: { ...shared, background: false } });
const priceless = provider('priceless', { one: shared });
const dear = provider('dear', { one: { ...shared, ...costs(0.2) } });
const cheap = provider('cheap', {
  one: { ...shared, ...costs(0.03) },
  'one-2026-01-01': { ...shared, ...costs(0.01) },
});
const ending = provider('ending', { one: { ...shared, ...costs(0.001), deprecated: '2026-01-01' } });
const open = provider('open', {
  one: { ...shared, ...costs(0.02, { quality: 'low' }), quality: { values: ['low', 'auto'], default: 'auto' } },
});
const free = provider('free', { one: { ...shared, ...costs(0) } });
const rules = provider('rules', { one: { ...shared, ...costs(0), procedural: true } });
const keyed = provider(
  'keyed',
  { one: { ...shared, ...costs(0.04) }, two: { ...shared, ...costs(0.02) } },
  'KEYED_KEY',
);

async function refused(providers: readonly ReturnType<typeof provider>[], words: object = {}): Promise<ImageError> {
  const client = createClient({ providers: [opaque, ...providers], env: {} });
  onTestFinished(() => client.close());
  const request = { prompt: 'a logo', model: 'opaque', background: 'transparent', negotiation: 'adapt', ...words };
  const error: unknown = await client.plan(request as never).catch((error: unknown) => error);
  if (ImageError.isInstance(error)) return error;
  throw new Error('it was not refused');
}

test.each([
  [
    'the cheapest first, unknown prices last',
    [priceless, dear, cheap],
    'cheap/one (0.03 USD a picture) or dear/one (0.2 USD a picture) or priceless/one',
  ],
  [
    'what is free before all',
    [dear, rules, free],
    'free/one (free) or dear/one (0.2 USD a picture) or rules/one (free)',
  ],
  ['what ends after what stays', [ending, dear], 'dear/one (0.2 USD a picture) or ending/one (0.001 USD a picture)'],
  [
    'a price that hangs on words, with the least',
    [open, dear],
    'open/one (from 0.02 USD a picture) or dear/one (0.2 USD a picture)',
  ],
] as const)('%s', async (_, providers, names) => {
  const { code, hint } = await refused(providers);
  expect([code, hint]).toEqual(['unsupported', `As it is, ${names} would take it. Leave background out.`]);
});

test('what passes a word on without knowing it does not take it, with a key or without', async () => {
  const { background: _, ...unknowing } = { ...shared, ...costs(0), open: true } as const;
  const [withKey, atHand] = [
    provider('maybe', { one: unknowing }, 'MAYBE_KEY'),
    provider('passes', { one: unknowing }),
  ];
  expect((await refused([withKey, atHand])).hint).toBe('Leave background out.');
  expect((await refused([withKey, atHand, dear])).hint).not.toMatch(/maybe|passes/);
  const own = provider('own', {
    one: { ...shared, options: { steps: { type: 'integer' }, mode: { type: 'string' } } },
  });
  const asked = { model: 'own', background: 'auto', providerOptions: { seedream: { watermark: false } } };
  expect((await refused([own, withKey, atHand], asked)).hint).toBe('Leave seedream out; own/one has steps, mode.');
});

test('with a key, too, a known price comes before an unknown one', async () => {
  const unpriced = provider('odd', { one: shared }, 'ODD_KEY');
  expect((await refused([unpriced, keyed])).hint).toContain('With a key for keyed (KEYED_KEY), keyed/two');
});

test('the price is that of one picture, and the names are in the details', async () => {
  const { hint, details } = await refused([dear], { n: 3 });
  expect(hint).toContain('dear/one (0.2 USD a picture)');
  expect(details).toMatchObject({ option: 'background', models: ['dear/one'] });
});

test('without adapt, to leave the word out comes first', async () => {
  expect((await refused([dear], { negotiation: 'strict' })).hint).toBe(
    'Leave background out. As it is, dear/one (0.2 USD a picture) would take it.',
  );
});

test('where nothing neural at hand takes it, the cheapest with a key is named', async () => {
  const next = 'With a key for keyed (KEYED_KEY), keyed/two (0.02 USD a picture) would take it.';
  expect((await refused([keyed])).hint).toBe(`${next} Leave background out.`);
  expect((await refused([rules, keyed])).hint).toBe(
    `As it is, rules/one (free) would take it. ${next} Leave background out.`,
  );
  expect((await refused([dear, keyed])).hint).not.toContain('key');
  expect((await refused([])).hint).toBe('Leave background out.');
});

test('where nobody takes it as it is asked for, it is said who does such a thing at all', async () => {
  const toner = provider('toner', {
    one: { ...shared, operations: { colorize: { images: { count: [2, 2], types: ['image/png'], as: ['bytes'] } } } },
  });
  const picture = new Uint8Array(
    Buffer.from(
      'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==',
      'base64',
    ),
  );
  const words = { operation: 'colorize', images: [picture], background: undefined };
  expect((await refused([toner], words)).hint).toContain('Of all models toner/one can colorize');
  expect((await refused([], words)).hint).not.toContain('can colorize');
});
