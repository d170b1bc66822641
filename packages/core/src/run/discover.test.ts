import { expect, test } from 'vitest';
import { defineProvider } from '../access/define-provider.ts';
import { ImageError } from '../contract/errors.ts';
import type { ProviderFunctions } from '../contract/provider.ts';
import { createClient } from '../create-client.ts';

const instant = { now: () => Date.now(), sleep: async () => {} };

function connect(functions: Partial<ProviderFunctions>, env: Record<string, string> = { HUB_KEY: 'test-key-hub' }) {
  const hub = defineProvider({
    id: 'hub',
    label: 'Hub',
    models: {},
    regions: { only: { baseURL: 'http://127.0.0.1:9/v1/' } },
    keys: [{ env: 'HUB_KEY', page: 'https://hub.example/keys' }],
    sign: () => ({}),
    ...functions,
  });
  return createClient({ providers: [hub()], env, clock: instant });
}

test('a service is asked for its models, again after a failure that passes', async () => {
  let asked = 0;
  const client = connect({
    async discover() {
      asked += 1;
      if (asked === 1) throw new ImageError('unavailable', 'busy', { retryable: true });
      return [
        { id: 'flux', retires: '2027-01-01' },
        { id: 'a/b', label: 'A to B' },
      ];
    },
  });
  expect(await client.discover('hub')).toEqual({
    baseURL: 'http://127.0.0.1:9/v1',
    models: [
      { id: 'flux', retires: '2027-01-01' },
      { id: 'a/b', label: 'A to B' },
    ],
    warnings: [],
  });
  expect(asked).toBe(2);
});

test('what cannot be asked says why', async () => {
  await expect(connect({}).discover('hub')).rejects.toMatchObject({ code: 'unsupported', provider: 'hub' });
  await expect(connect({}).discover('hug')).rejects.toMatchObject({
    code: 'not-found',
    hint: expect.stringContaining('hub'),
  });
  const keyless = connect({ discover: async () => [] }, {});
  await expect(keyless.discover('hub')).rejects.toMatchObject({
    code: 'auth',
    hint: 'Set HUB_KEY (get one at https://hub.example/keys).',
  });
});

test('no failure shows the key', async () => {
  const client = connect({
    async discover() {
      throw new ImageError('auth', 'wrong key test-key-hub', { status: 401 });
    },
  });
  const error = await client.discover('hub').catch((reason: unknown) => reason as ImageError);
  expect(error).toMatchObject({ code: 'auth', hint: expect.stringContaining('HUB_KEY was tried on 127.0.0.1:9') });
  expect(String(error)).not.toContain('test-key');
});

test('what a server says of itself cannot forge lines, nor repeat the key', async () => {
  const client = connect({
    async discover() {
      return [
        { id: 'two words' },
        { id: 'line\nbreak' },
        { id: '\u001b[31mred' },
        { id: 'x'.repeat(201) },
        { id: '' },
        { id: 'Bearer-test-key-hub' },
        { id: 'flux', label: 'Flux\n  of\u202e test-key-hub' },
        ...Array.from({ length: 3000 }, (_, index) => ({ id: `m${index}` })),
      ];
    },
  });
  const { models, warnings } = await client.discover('hub');
  expect(models[0]).toEqual({ id: 'flux', label: 'Flux of ***' });
  expect(models).toHaveLength(1994);
  expect(warnings.map(({ message }) => message)).toEqual([
    'the catalogue of Hub has 3,007 models, more than 2,000: the others are left out',
    'the catalogue of Hub has 6 models that no request can name: left out',
  ]);
});

test('a list that never comes ends with the timeout', async () => {
  const client = connect({ discover: () => new Promise(() => {}) });
  await expect(client.discover('hub', { timeout: 20 })).rejects.toMatchObject({
    code: 'timeout',
    hint: expect.stringContaining('without the list'),
  });
});
