import type { LazyProvider } from '@anyimage/core';
import { expect, test } from 'vitest';
import { adviceFor } from './advice.ts';

function provider(id: string, ...keys: string[]): LazyProvider {
  const regions = { world: { baseURL: `https://${id}.example` } };
  const definition = { id, label: id.toUpperCase(), models: {}, regions, keys: keys.map((env) => ({ env })) };
  return { definition, load: () => Promise.reject(new Error('advice must not load code')) };
}

const providers = [provider('sketch'), provider('paint', 'PAINT_KEY', 'PAINT_OLD_KEY'), provider('ink', 'INK_KEY')];

test('the key of one service is worth a line that says how to use it', () => {
  const advice = adviceFor(providers, { PAINT_OLD_KEY: 'test-key' });
  expect(advice).toBe('PAINT_OLD_KEY is set: -m paint draws with PAINT, anyimage use paint makes it the usual one');
});

test('no key, or keys of several services, are not', () => {
  expect(adviceFor(providers, {})).toBeUndefined();
  expect(adviceFor(providers, { PAINT_KEY: ' ' })).toBeUndefined();
  expect(adviceFor(providers, { PAINT_KEY: 'test-key', INK_KEY: 'test-key' })).toBeUndefined();
});
