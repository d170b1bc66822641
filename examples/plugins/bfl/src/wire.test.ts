import { ImageError } from '@anyimage/core';
import { expect, test } from 'vitest';
import { jobState, readTask } from './wire.ts';

const envelope = (status: number) => ({ status, headers: new Headers(), now: 0 });
const at = 'https://api.eu2.bfl.ai/v1/get_result';

test.each([
  [{ id: 't-1', polling_url: `${at}?id=t-1` }, `${at}?id=t-1`],
  [{ id: 't-1', polling_url: at }, `${at}?id=t-1`],
  [{ polling_url: `${at}?id=t-2` }, `${at}?id=t-2`],
])('%j is asked after at %s', (body, pollingURL) => {
  expect(readTask(envelope(200), body)).toMatchObject({ pollingURL });
});

test.each([
  [4.5, 4.5],
  [0, 0],
  [null, undefined],
  ['4.5', undefined],
  [-1, undefined],
])('a cost of %j is %j credits', (cost, credits) => {
  expect(readTask(envelope(200), { id: 't-1', polling_url: at, cost }).credits).toBe(credits);
});

test.each([{}, { id: 't-1' }, { id: 't-1', polling_url: 'file:///etc/passwd' }, [], null, undefined])(
  'a task nobody can ask after (%j) may have been billed',
  (body) => {
    expect(failureOf(() => readTask(envelope(200), body))).toMatchObject({
      code: 'bad-response',
      mayHaveBeenBilled: true,
    });
  },
);

test.each([
  [400, 'anything', 'invalid-request'],
  [402, 'Insufficient credits', 'quota'],
  [403, 'Not authenticated', 'auth'],
  [403, 'Your account does not have access', 'permission'],
  [404, 'Not Found', 'not-found'],
  [422, 'Invalid API key format', 'auth'],
  [422, [{ loc: ['body', 'width'], msg: 'Input should be a multiple of 16', type: 'value_error' }], 'invalid-request'],
  [429, 'Too many', 'rate-limit'],
  [500, 'oops', 'server'],
  [503, 'busy', 'unavailable'],
])('%i %j is %s', (status, detail, code) => {
  expect(failureOf(() => readTask(envelope(status), { detail }))).toMatchObject({ code, status });
});

test('what is said beside the picture, in whatever form, does not lose it', () => {
  const body = { status: 'Ready', progress: 'all', result: { sample: 'https://x.bfl.ai/a.jpg', seed: -1, prompt: [] } };
  expect(jobState(envelope(200), body)).toEqual({
    state: 'done',
    result: { outputs: [{ url: 'https://x.bfl.ai/a.jpg' }] },
  });
});

test('a success without a picture is none', () => {
  expect(failureOf(() => jobState(envelope(200), { status: 'Ready', result: {} }))).toMatchObject({
    code: 'bad-response',
  });
});

function failureOf(act: () => unknown): ImageError {
  try {
    act();
  } catch (error) {
    if (ImageError.isInstance(error)) return error;
  }
  throw new Error('no error');
}
