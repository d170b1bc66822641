import { ImageError, type ProviderCall } from '@anyimage/core';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { fromWire, toWire } from './wire.ts';

const envelope = (status: number, headers: Record<string, string> = {}) => ({
  status,
  headers: new Headers(headers),
  now: 1_760_000_000_000,
});
const url = 'https://example.invalid/s.jpg';

test('options that the table does not know go as they are, and change nothing that was decided', () => {
  const call: ProviderCall = {
    intent: 'i-0',
    model: 'ep-1',
    operation: 'generate',
    limits: {},
    prompt: 'a red kite',
    n: 1,
    seed: 7,
    images: [],
    partials: 0,
    options: { guidance_scale: 2.5, prompt: 'a blue kite', response_format: 'b64_json' },
  };
  expect(toWire(call)).toEqual({
    model: 'ep-1',
    prompt: 'a red kite',
    seed: 7,
    guidance_scale: 2.5,
    response_format: 'url',
  });
});

describe('successes', () => {
  test('pictures and tokens are taken, and what is new in an answer is passed over', () => {
    const body = { model: 'm', created: 1, data: [{ url, size: '2048x2048' }], usage: { output_tokens: 16_384 }, x: 1 };
    expect(fromWire(envelope(200), body)).toEqual({ outputs: [{ url }], usage: { imageOut: 16_384 } });
    expect(fromWire(envelope(200), { data: [{ url }] })).toEqual({ outputs: [{ url }] });
  });

  test('whatever is said beside a picture, it is kept', () => {
    const anything = (names: readonly string[]) =>
      fc.record(Object.fromEntries(names.map((name) => [name, fc.jsonValue()])), { requiredKeys: [] });
    const beside = anything(['model', 'created', 'usage', 'error', 'id']);
    fc.assert(
      fc.property(beside, anything(['error', 'size']), fc.jsonValue(), (odd, oddItem, other) => {
        for (const error of [odd.error, { code: other, message: other }]) {
          const body = { ...odd, error, data: [{ ...oddItem, url }, other] };
          expect(fromWire(envelope(200), body).outputs[0]).toEqual({ url });
        }
      }),
    );
    expect(fromWire(envelope(200), { data: [{ url }], usage: { output_tokens: -1 } })).toEqual({ outputs: [{ url }] });
  });

  test.each(['', {}, null, 0])('an error that says nothing (%j) is none', (error) => {
    expect(failureOf(200, { error })).toMatchObject({ code: 'bad-response', mayHaveBeenBilled: true });
  });

  test('a refused picture is an error in its place, and costs nothing', () => {
    const refusal = { error: { code: 'OutputImageSensitiveContentDetected', message: 'may be sensitive' } };
    const failure = { error: { code: 'InternalServiceError', message: 'internal' } };
    expect(fromWire(envelope(200), { data: [refusal, { url }, failure] }).outputs).toEqual([
      { error: expect.objectContaining({ code: 'content-blocked', mayHaveBeenBilled: false }) },
      { url },
      { error: expect.objectContaining({ code: 'server', mayHaveBeenBilled: false }) },
    ]);
  });

  test.each([{}, { data: [] }, { data: null }, { data: [{}] }, { data: 'x' }, [], null, 'text', undefined])(
    'a success without a picture (%j) is a bad response that may have been billed',
    (body) => {
      expect(failureOf(200, body)).toMatchObject({ code: 'bad-response', mayHaveBeenBilled: true, retryable: false });
    },
  );
});

describe('errors', () => {
  // Written out from docs/providers/seedream.md.
  test.each([
    [400, 'MissingParameter', 'invalid-request'],
    [400, 'InvalidParameter', 'invalid-request'],
    [400, 'InvalidParameter.Size', 'invalid-request'],
    [400, 'InputTextSensitiveContentDetected', 'content-blocked'],
    [400, 'InputImageSensitiveContentDetected', 'content-blocked'],
    [400, 'OutputImageSensitiveContentDetected', 'content-blocked'],
    [200, 'OutputImageSensitiveContentDetected', 'content-blocked'],
    [401, 'AuthenticationError', 'auth'],
    [403, 'AccountOverdueError', 'quota'],
    [403, 'AccessDenied', 'permission'],
    [404, 'ModelNotOpen', 'permission'],
    [404, 'InvalidEndpoint.NotFound', 'not-found'],
    [400, 'InvalidEndpoint.ClosedEndpoint', 'not-found'],
    [429, 'AnythingNew', 'rate-limit'],
    [500, 'InternalServiceError', 'server'],
    [400, undefined, 'invalid-request'],
    [401, undefined, 'auth'],
    [403, undefined, 'permission'],
    [404, undefined, 'not-found'],
    [422, undefined, 'invalid-request'],
    [429, undefined, 'rate-limit'],
    [500, undefined, 'server'],
    [503, undefined, 'server'],
  ])('HTTP %i with code %s is %s', (status, serviceCode, code) => {
    const error = failureOf(status, serviceCode && { error: { code: serviceCode, message: 'said', type: 'x' } });
    const isServer = code === 'server';
    expect(error).toMatchObject({ code, status, mayHaveBeenBilled: isServer });
    expect(error.serviceCode).toBe(serviceCode);
    expect(error.retryable).toBe(isServer || code === 'rate-limit');
    expect(error.hint).toMatch(/\.$/);
  });

  test.each([{ error: 'plain' }, { error: { code: 7 } }, 'text'])(
    'a refusal of another form (%j) is told by its status',
    (body) => {
      expect(failureOf(401, body)).toMatchObject({ code: 'auth' });
    },
  );

  test('a page that does not exist is one of the base URL, not of the model', () => {
    expect(failureOf(404, undefined).hint).toContain('base URL');
    expect(failureOf(404, { error: { code: 'InvalidEndpoint.NotFound' } }).hint).not.toContain('base URL');
  });

  test('a code is read whatever stands in place of the pictures', () => {
    expect(failureOf(403, { data: {}, error: { code: 'AccountOverdueError' } })).toMatchObject({ code: 'quota' });
  });

  test('Retry-After is passed on', () => {
    expect(failureOf(429, undefined, { 'retry-after': '7' })).toMatchObject({ retryAfter: 7000 });
  });
});

function failureOf(status: number, body: unknown, headers?: Record<string, string>): ImageError {
  try {
    fromWire(envelope(status, headers), body);
  } catch (error) {
    if (ImageError.isInstance(error)) return error;
  }
  throw new Error('no error');
}
