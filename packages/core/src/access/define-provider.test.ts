import { inspect } from 'node:util';
import { expect, test } from 'vitest';
import { createClient } from '../create-client.ts';
import { generateImage } from '../generate-image.ts';
import { defineProvider } from './define-provider.ts';

const paint = defineProvider({
  id: 'paint',
  label: 'Paint',
  models: {
    one: {
      label: 'One',
      source: 'https://docs.example',
      checked: '2026-11-20',
      operations: { generate: {} },
      delivery: { as: 'bytes' },
    },
  },
  regions: { only: { baseURL: 'https://paint.example' } },
  keys: [{ env: 'PAINT_KEY' }],
  sign: () => ({}),
});

test('an instance shows its key nowhere, and has it all the same', () => {
  const provider = paint({ apiKey: 'test-key-paint', region: 'only' });
  for (const shown of [provider, { deep: [provider] }, createClient({ providers: [provider] })]) {
    expect(inspect(shown, { depth: 9 })).not.toContain('test-key');
    expect(JSON.stringify(shown)).not.toContain('test-key');
  }
  expect(inspect(provider)).toContain("apiKey: '***'");
  expect(provider.access).toMatchObject({ apiKey: 'test-key-paint', region: 'only' });
});

test('the name that results have is understood where an id is wanted', async () => {
  const provider = paint();
  const ask = (model: string) =>
    generateImage({ provider, model, prompt: 'x' } as never).catch((error: unknown) => error);
  expect(await ask('paint/one')).toMatchObject({ code: 'auth' });
  expect(await ask('one')).toMatchObject({ code: 'auth' });
  expect(await ask('other/one')).toMatchObject({ code: 'not-found' });
});

test('without a provider the error says so', async () => {
  await expect(generateImage({ prompt: 'x' } as never)).rejects.toMatchObject({
    code: 'invalid-request',
    message: 'no provider is given',
  });
});

test('a key that cannot be sent is refused before anything is', async () => {
  const client = createClient({ providers: [paint({ apiKey: 'ключ' })] });
  const outcome = await client.run({ prompt: 'x' });
  expect(outcome).toMatchObject({ sent: false, error: { code: 'auth', message: expect.stringContaining('apiKey') } });
});
