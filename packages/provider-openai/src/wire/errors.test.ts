import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { errorCodes, serviceError } from './errors.ts';

const envelope = (status: number, headers: Record<string, string> = {}) => ({
  status,
  headers: new Headers(headers),
  now: 1_790_000_000_000,
});
const openai = (code: string | null, type = 'invalid_request_error', message = 'no', param: string | null = null) => ({
  error: { message, type, param, code },
});

// Reviewed against docs/providers/openai.md, section 4.
test.each([
  [400, openai('unknown_parameter'), 'invalid-request', false, false],
  [400, openai('invalid_value'), 'invalid-request', false, false],
  [400, openai('missing_required_parameter'), 'invalid-request', false, false],
  [400, openai('something_new'), 'invalid-request', false, false],
  [400, openai('moderation_blocked', 'image_generation_user_error'), 'content-blocked', false, true],
  [400, openai('content_policy_violation'), 'content-blocked', false, true],
  [400, openai(null, 'image_generation_user_error', 'rejected by our safety system'), 'content-blocked', false, true],
  [400, openai('invalid_type', 'invalid_request_error', 'moderation: expected text'), 'invalid-request', false, false],
  [400, openai(null, 'invalid_request_error', 'Billing hard limit has been reached'), 'quota', false, false],
  [400, openai('billing_hard_limit_reached'), 'quota', false, false],
  [400, openai('invalid_image_mode'), 'invalid-request', false, false],
  [400, openai('image_parse_error'), 'invalid-request', false, false],
  [400, openai('image_too_large'), 'invalid-request', false, false],
  [400, openai('failed_to_download_image'), 'invalid-request', false, false],
  [401, openai('invalid_api_key'), 'auth', false, false],
  [401, openai(null), 'auth', false, false],
  [403, openai('unsupported_country_region_territory', 'request_forbidden'), 'permission', false, false],
  [403, openai(null, 'invalid_request_error', 'Your organization must be verified'), 'permission', false, false],
  [404, openai('model_not_found'), 'not-found', false, false],
  [408, undefined, 'timeout', true, true],
  [409, undefined, 'unavailable', true, true],
  [413, undefined, 'invalid-request', false, false],
  [429, openai('rate_limit_exceeded', 'images'), 'rate-limit', true, false],
  [429, openai(null, 'tokens'), 'rate-limit', true, false],
  [429, openai('slow_down'), 'rate-limit', true, false],
  [429, openai('insufficient_quota', 'insufficient_quota'), 'quota', false, false],
  [429, openai(null, 'insufficient_quota'), 'quota', false, false],
  [429, openai('credit_balance_exhausted'), 'quota', false, false],
  [500, openai('server_error', 'server_error'), 'server', true, true],
  [503, openai('server_is_overloaded'), 'unavailable', true, false],
  [503, openai('slow_down'), 'unavailable', true, false],
  [503, openai(null, 'service_unavailable_error'), 'unavailable', true, false],
  [502, '<!DOCTYPE html><html>Bad gateway</html>', 'unavailable', true, true],
  [524, '<html>A timeout occurred</html>', 'unavailable', true, true],
  [507, '', 'server', true, true],
  [402, { error: { message: 'pay' } }, 'quota', false, false],
] as const)('HTTP %i %j is %s', (status, body, code, retryable, mayHaveBeenBilled) => {
  const error = serviceError(envelope(status), body);
  expect(error).toMatchObject({ code, retryable, mayHaveBeenBilled, status, hint: expect.stringMatching(/\.$/) });
});

// Reviewed against docs/providers/openai.md, section 5.
test.each([
  ['LocalAI', 500, { error: { code: 500, message: 'no backend', type: '' } }, 'server', 'no backend'],
  ['LocalAI while loading', 503, { error: { code: 'model_loading', message: 'soon' } }, 'unavailable', 'soon'],
  ['stable-diffusion.cpp', 400, { error: 'prompt required' }, 'invalid-request', 'prompt required'],
  ['stable-diffusion.cpp', 500, { error: 'server_error', message: 'oom' }, 'server', 'oom'],
  ['stable-diffusion.cpp', 429, { error: 'job queue is full' }, 'rate-limit', 'job queue is full'],
  ['vLLM', 422, { detail: [{ loc: ['body', 'size'], msg: 'bad size', type: 'x' }] }, 'invalid-request', 'bad size'],
  ['vLLM', 503, { detail: 'engine not ready' }, 'unavailable', 'engine not ready'],
  ['DeepInfra', 404, { detail: { error: 'no such model' } }, 'not-found', 'no such model'],
  ['SiliconFlow', 400, { code: 20012, message: 'Model does not exist', data: null }, 'invalid-request', 'Model does'],
  ['SiliconFlow', 403, { code: 30001, message: 'account balance is insufficient' }, 'quota', 'balance'],
  ['SiliconFlow', 403, { code: 30001, message: 'real-name check needed' }, 'permission', 'real-name'],
  ['SiliconFlow', 401, 'Invalid token', 'auth', 'Invalid token'],
  ['Ollama', 404, '404 page not found', 'not-found', '404 page not found'],
])('%s: HTTP %i %j', (_, status, body, code, message) => {
  const error = serviceError(envelope(status), body);
  expect(error.code).toBe(code);
  expect(error.message).toContain(message);
});

test('every code of the table is found by its name, whatever the status', () => {
  // Written out from docs/providers/openai.md, section 4; the last of not-found is Azure's.
  const sheet = {
    'invalid-request': [
      ...['unknown_parameter', 'invalid_value', 'missing_required_parameter', 'invalid_image*', 'image_parse_error'],
      ...['image_too_large', 'image_too_small', 'image_file_too_large', 'unsupported_image_media_type'],
      ...['empty_image_file', 'invalid_base64_image', 'failed_to_download_image', 'image_file_not_found'],
    ],
    'content-blocked': ['moderation_blocked', 'content_policy_violation'],
    quota: ['billing_hard_limit_reached', 'insufficient_quota', 'credit_balance_exhausted'],
    auth: ['invalid_api_key'],
    'not-found': ['model_not_found', 'DeploymentNotFound'],
    'rate-limit': ['rate_limit_exceeded', 'tokens', 'requests', 'images'],
    unavailable: ['slow_down', 'server_is_overloaded', 'service_unavailable_error', 'model_loading'],
    server: ['server_error'],
  };
  const rows = Object.entries(sheet).flatMap(([kind, codes]) => codes.map((code) => [code, kind]));
  expect(
    Object.keys(errorCodes)
      .map((code) => [code, serviceError(envelope(400), openai(code)).code])
      .sort(),
  ).toEqual(rows.sort());
  expect(serviceError(envelope(400), openai('constructor')).code).toBe('invalid-request');
});

test('the refused field is named', () => {
  const error = serviceError(envelope(400), openai('invalid_value', 'invalid_request_error', 'no', 'size'));
  expect(error).toMatchObject({ details: { field: 'size' }, hint: 'Correct size, or leave it out.' });
  const other = serviceError(envelope(422), { detail: [{ loc: ['body', 'seed'], msg: 'no' }] });
  expect(other.details).toEqual({ field: 'seed' });
});

test('what moderation found is kept', () => {
  const message = 'rejected by the safety system. safety_violations=[sexual, violence].';
  expect(serviceError(envelope(400), openai('moderation_blocked', 'x', message)).details).toEqual({
    safetyViolations: ['sexual', 'violence'],
  });
});

describe('headers', () => {
  test.each([
    [{ 'retry-after-ms': '1500', 'retry-after': '9' }, 1500],
    [{ 'retry-after': '7' }, 7000],
    [{ 'retry-after': '0.5' }, 500],
    [{}, undefined],
  ])('%j is a wait of %s ms', (headers, wait) => {
    expect(serviceError(envelope(429, headers as Record<string, string>), undefined).retryAfter).toBe(wait);
  });

  test('x-should-retry has the last word, but not over money', () => {
    const retryable = (status: number, asked: string, body?: unknown) =>
      serviceError(envelope(status, { 'x-should-retry': asked }), body).retryable;
    expect(retryable(503, 'false')).toBe(false);
    expect(retryable(429, 'false')).toBe(false);
    expect(retryable(429, 'true', openai('insufficient_quota'))).toBe(false);
    expect(retryable(400, 'true')).toBe(false);
  });

  test.each(['x-request-id', 'x-siliconcloud-trace-id'])('%s is the id of the request', (name) => {
    expect(serviceError(envelope(500, { [name]: 'r-1' }), undefined).requestId).toBe('r-1');
  });
});

test('a web page is not quoted', () => {
  expect(serviceError(envelope(404), '<!doctype html><html>hello</html>')).toMatchObject({
    code: 'not-found',
    hint: expect.stringContaining('/v1'),
  });
});

test('whatever is said beside a code, the code is read', () => {
  const beside = fc.record(
    { message: fc.jsonValue(), type: fc.jsonValue(), param: fc.jsonValue() },
    { requiredKeys: [] },
  );
  fc.assert(
    fc.property(beside, fc.jsonValue(), (odd, other) => {
      const body = { error: { ...odd, code: 'insufficient_quota' }, detail: other, message: other, code: other };
      expect(serviceError(envelope(429), body)).toMatchObject({ code: 'quota', serviceCode: 'insufficient_quota' });
    }),
  );
});
