import fc from 'fast-check';
import { expect, test } from 'vitest';
import { defineProvider } from '../access/define-provider.ts';
import type { ModelCapabilities, SizeConstraint } from '../contract/capabilities.ts';
import { createClient } from '../create-client.ts';
import { ImageError } from '../index.ts';
import { judgeSize, satisfies } from '../negotiate/shape/size.ts';

const row: ModelCapabilities = {
  label: 'Paint',
  source: 'https://paint.example',
  checked: '2026-11-20',
  size: { rules: [{ side: [512, 2048], multiple: 16, pixels: [2 ** 18, 2 ** 22] }], default: '1024x1024' },
  delivery: { as: 'bytes' },
  operations: { generate: {} },
};

function clientOf(count: number) {
  const models = Object.fromEntries(Array.from({ length: count }, (_, at) => [`paint-${at}`, row]));
  const paint = defineProvider({
    id: 'paint',
    label: 'Paint',
    keys: [],
    regions: { world: { baseURL: 'https://paint.example' } },
    models,
    sign: () => ({}),
    generate: async () => ({ outputs: [] }),
  });
  return createClient({ providers: [paint()] });
}

async function refusalOf(count: number, request: object): Promise<string> {
  const error = await clientOf(count)
    .plan({ prompt: 'a boat', ...request })
    .then(
      () => undefined,
      (error: unknown) => error,
    );
  if (!ImageError.isInstance(error)) throw new Error('it was not refused');
  return JSON.stringify(error.toJSON());
}

test.each([
  { model: 'paint/nothing-like-it' },
  { model: 'paint/paint' },
  { model: 'no-such-thing' },
  { model: 'paint/paint-1', n: 5, quality: 'odd' },
  { model: 'paint/paint-1', style: 'odd' },
  { model: 'auto', quality: 'odd' },
  { model: 'auto', size: '100x100' },
])('a refusal is as long with 3,000 models as with 30: %j', async (request) => {
  const [few, many] = [await refusalOf(30, request), await refusalOf(3000, request)];
  expect(many.length).toBeLessThan(few.length + 100);
  expect(many.length).toBeLessThan(2500);
});

test('auto says in full why the models refuse, though it looks for a way out for one of them alone', async () => {
  const said = await refusalOf(30, { model: 'auto', size: '100x100' });
  expect(said).toContain('mostly because paint/paint-0 does not take size 100x100');
  expect(said).toContain('nearest: 512x512');
});

test('whether a size fits is the same with and without the words for what it breaks', () => {
  const range = fc.tuple(fc.integer({ min: 1, max: 64 }), fc.integer({ min: 64, max: 4096 }));
  const constraint = fc.record<SizeConstraint>(
    {
      side: range as fc.Arbitrary<[number, number]>,
      pixels: fc.tuple(fc.integer({ min: 1, max: 4096 }), fc.integer({ min: 4096, max: 2 ** 20 })),
      multiple: fc.constantFrom(1, 8, 16),
      aspect: fc.constantFrom(1, 2, 3),
    },
    { requiredKeys: [] },
  );
  const length = fc.oneof(
    fc.integer({ min: 1, max: 5000 }),
    fc.integer({ min: 1, max: 300 }).map((steps) => steps * 16),
  );
  fc.assert(
    fc.property(length, length, constraint, (width, height, rule) => {
      const { verdict } = judgeSize(`${width}x${height}`, { rules: [rule], default: 'auto' });
      expect(satisfies({ width, height }, rule)).toBe(verdict === 'yes');
    }),
  );
});
