// Whatever stands where a request's words are due, it is the caller who is told, before anything is sent.

import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { noisyPNG } from '../../test/pictures.ts';
import { defineProvider } from '../access/define-provider.ts';
import type { ClientRequest } from '../contract/client.ts';
import { ImageError } from '../contract/errors.ts';
import { createClient } from '../create-client.ts';

const picture = noisyPNG(4, 4);
let sent = 0;
const paint = defineProvider({
  id: 'paint',
  label: 'Paint',
  models: {
    one: {
      label: 'One',
      source: 'https://docs.example',
      checked: '2026-11-20',
      operations: { generate: {}, edit: { images: { count: [1, 4], types: ['image/png'], as: ['bytes'] } } },
      delivery: { as: 'bytes' },
    },
  },
  regions: { only: { baseURL: 'https://paint.example' } },
  keys: [],
  sign: () => ({}),
  generate: async () => {
    sent += 1;
    return { outputs: [{ bytes: picture }] };
  },
})();
const client = createClient({ providers: [paint], env: {} });

async function refused(request: unknown): Promise<ImageError> {
  sent = 0;
  const planned = await client.plan(request as ClientRequest).catch((error: unknown) => error);
  const { error } = await client.run(request as ClientRequest);
  expect(sent).toBe(0);
  expect(ImageError.isInstance(planned)).toBe(true);
  expect(error?.message).toBe((planned as ImageError).message);
  return error!;
}

test.each<[word: string, value: unknown, says: string]>([
  ['images', 'a.png', 'images must be a list of pictures (got "a.png")'],
  ['images', picture, 'images must be a list of pictures (got Uint8Array)'],
  ['images', new Blob([]), 'images must be a list of pictures (got Blob)'],
  ['images', new URL('https://a.example/a.png'), 'images must be a list of pictures (got URL)'],
  ['images', new Set(['a.png']), 'images must be a list of pictures (got Set)'],
  ['images', { 0: 'a.png', length: 1 }, 'images must be a list of pictures (got Object)'],
  ['images', null, 'images must be a list of pictures (got null)'],
  ['images', 1, 'images must be a list of pictures (got 1)'],
  ['mask', ['m.png'], 'mask must be a picture (got Array)'],
  ['mask', null, 'mask must be a picture (got null)'],
  ['mask', 7, 'the input picture is given as Number, which is not read'],
  ['model', 7, 'model must be a name, or a list of names (got 7)'],
  ['model', ['paint', {}], 'model must be a name, or a list of names (got Array)'],
  ['model', null, 'model must be a name, or a list of names (got null)'],
  ['negotiation', 'adapts', 'negotiation must be one of strict, adapt (got "adapts")'],
  ['refusedKey', 'ask', 'refusedKey must be one of next, stop (got "ask")'],
  ['translate', false, 'translate must be one of auto, never (got false)'],
  ['enhance', 1, 'enhance must be true, false or the name of a style (got 1)'],
  ['intent', 12, 'intent must be a text that is not empty (got 12)'],
  ['intent', '', 'intent must be a text that is not empty (got "")'],
  ['signal', new AbortController(), 'signal must be an AbortSignal (got AbortController)'],
  ['stopSending', true, 'stopSending must be an AbortSignal (got true)'],
  ['timeout', '5000', 'timeout must be a number of ms above 0, at most 2147483647 (got "5000")'],
  ['timeout', Number.NaN, 'timeout must be a number of ms above 0, at most 2147483647 (got NaN)'],
  ['onProgress', 'yes', 'onProgress must be a function (got "yes")'],
  ['route', 'cheap', 'route'],
  ['prompt', 7, 'prompt must be text (got 7)'],
])('%s: %o is told as the caller’s', async (word, value, says) => {
  const error = await refused({ prompt: 'a boat', [word]: value });
  expect(error).toMatchObject({ code: 'invalid-request', mayHaveBeenBilled: false, hint: expect.any(String) });
  expect(error.message).toContain(says);
});

test.each([[undefined], [null], ['a boat'], [7], [['a boat']]])('%o is no request', async (request) => {
  expect(await refused(request)).toMatchObject({ code: 'invalid-request', message: expect.stringContaining('object') });
});

const words = [
  'images',
  'mask',
  'model',
  'negotiation',
  'refusedKey',
  'translate',
  'enhance',
  'intent',
  'signal',
  'stopSending',
  'timeout',
  'onProgress',
  'route',
];

describe('no value', () => {
  test('of any word is told as a defect of the provider', async () => {
    const value = fc.oneof(
      fc.anything({ withBigInt: true, withDate: true, withMap: true, withSet: true, withTypedArray: true }),
      fc.array(fc.anything(), { maxLength: 2 }),
    );
    await fc.assert(
      fc.asyncProperty(fc.constantFrom(...words), value, async (word, given) => {
        const { error } = await client.run({ prompt: 'a boat', [word]: given } as ClientRequest);
        expect(error?.message ?? '').not.toContain('the provider failed');
        expect(error?.code ?? 'not-found').toMatch(/^(invalid-request|not-found|unsupported|budget)$/);
      }),
    );
  });
});

test.each(['timeout', 'signal', 'onProgress'])('%s is checked of resuming, cancelling and lists, too', async (word) => {
  const run: object = { [word]: 'x' };
  const says = { code: 'invalid-request', details: { option: word } };
  expect((await client.runTicket('t-1', run)).error).toMatchObject(says);
  await expect(client.cancel('t-1', run)).rejects.toMatchObject(says);
  await expect(client.discover('paint', run)).rejects.toMatchObject(says);
});
