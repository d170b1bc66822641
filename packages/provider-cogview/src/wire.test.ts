import { ImageError, type ProviderCall } from '@anyimage/core';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { errorCodes, fromWire, jobState, readAnswer, readText, serviceError, toWire } from './wire.ts';

const now = 1_760_000_000_000;
const envelope = (status: number, headers: Record<string, string> = {}) => ({
  status,
  headers: new Headers(headers),
  now,
});

const call: ProviderCall = {
  intent: 'i-0',
  model: 'cogview-4-250304',
  operation: 'generate',
  limits: {},
  prompt: 'a red kite',
  n: 1,
  images: [],
  partials: 0,
  options: {},
};

describe('toWire', () => {
  test('sends no more than was asked', () => {
    expect(toWire(call)).toEqual({ model: 'cogview-4-250304', prompt: 'a red kite' });
  });

  test('sends every word under its wire name', () => {
    const full = {
      ...call,
      size: { width: 1152, height: 864 },
      quality: 'hd',
      user: 'user-000123',
      options: { watermark: false },
    };
    expect(toWire(full)).toEqual({
      model: 'cogview-4-250304',
      prompt: 'a red kite',
      size: '1152x864',
      quality: 'hd',
      watermark_enabled: false,
      user_id: 'user-000123',
    });
  });

  test('omits quality for models that only know the standard one', () => {
    expect(toWire({ ...call, quality: 'standard', limits: { wire: { omitQuality: true } } })).not.toHaveProperty(
      'quality',
    );
  });
});

describe('successes', () => {
  const url = 'https://example.invalid/a.png';

  test('the URL lives 30 days from its creation, told in seconds as number or text', () => {
    for (const created of [1_760_000_000, '1760000000']) {
      const body = readAnswer(envelope(200), { created, data: [{ url }] });
      expect(fromWire(body, now + 5000).outputs).toEqual([{ url, expiresAt: now + 30 * 86_400_000 }]);
    }
    expect(fromWire(readAnswer(envelope(200), { data: [{ url }] }), now).outputs).toMatchObject([
      { expiresAt: now + 30 * 86_400_000 },
    ]);
  });

  test('a time of creation that cannot be is no time', () => {
    for (const created of [1_760_000_000_000_000, -1, 1, '', 'soon', true, 1e308]) {
      const body = readAnswer(envelope(200), { created, data: [{ url }] });
      expect(fromWire(body, now).outputs).toEqual([{ url, expiresAt: now + 30 * 86_400_000 }]);
    }
  });

  test('what moderation found in a success is kept', () => {
    const body = readAnswer(envelope(200), {
      id: 'r-1',
      data: [{ url }],
      content_filter: [{ role: 'assistant', level: 3 }],
    });
    expect(fromWire(body, now)).toMatchObject({
      requestId: 'r-1',
      metadata: { contentFilter: [{ role: 'assistant', level: 3 }] },
    });
  });

  test('numbers and text are taken for each other', () => {
    const body = readAnswer(envelope(200), {
      request_id: 5,
      data: [{ url }],
      content_filter: [{ role: 'assistant', level: '3' }],
    });
    expect(fromWire(body, now)).toMatchObject({
      requestId: '5',
      metadata: { contentFilter: [{ role: 'assistant', level: 3 }] },
    });
  });

  const advisory = ['created', 'id', 'request_id', 'model', 'usage', 'choices', 'error', 'content_filter'] as const;
  const anything = (names: readonly string[]) =>
    fc.record(Object.fromEntries(names.map((name) => [name, fc.jsonValue()])), { requiredKeys: [] });

  test('whatever is said beside the picture, the picture is kept', () => {
    const beside = anything([...advisory, 'contentFilter', 'task_status']);
    const besideURL = anything(['b64_json', 'revised_prompt']);
    fc.assert(
      fc.property(beside, besideURL, fc.jsonValue(), (odd, oddItem, code) => {
        for (const error of [odd.error, { code, message: odd.id }]) {
          const body = { ...odd, error, data: [{ ...oddItem, url }] };
          const [output] = fromWire(readAnswer(envelope(200), body), now).outputs;
          expect(output).toMatchObject({ url });
          const { expiresAt } = output as { expiresAt: number };
          expect(new Date(expiresAt).getTime()).toBeGreaterThanOrEqual(now);
        }
      }),
    );
  });

  test('whatever is said beside the pictures of a task, it is done', () => {
    fc.assert(
      fc.property(anything([...advisory, 'contentFilter']), (odd) => {
        const body = { ...odd, task_status: 'SUCCESS', image_result: [{ url }] };
        expect(jobState(envelope(200), body)).toMatchObject({ state: 'done', result: { outputs: [{ url }] } });
      }),
    );
  });

  test.each(['', {}, [], 0, false])('an error that says nothing (%j) is none', (error) => {
    expect(jobState(envelope(200), { error, task_status: 'PROCESSING' })).toEqual({ state: 'running' });
    expect(() => fromWire(readAnswer(envelope(200), { error }), now)).toThrow(
      expect.objectContaining({ code: 'bad-response', mayHaveBeenBilled: true }),
    );
  });

  test('an error told in words alone is an error', () => {
    expect(() => readAnswer(envelope(200), { error: 'out of order' })).toThrow(/out of order/);
  });

  test('a picture in the body and a rewritten prompt are taken if they are there', () => {
    const bytes = new Uint8Array([1]);
    const body = readAnswer(envelope(200), { data: [{ b64_json: bytes, revised_prompt: 'a crimson kite' }] });
    expect(fromWire(body, now).outputs).toEqual([{ base64: bytes, revisedPrompt: 'a crimson kite' }]);
  });

  test.each([{}, { data: [] }, { data: null }, { data: [{}] }])(
    'a success without a picture (%j) is an error',
    (body) => {
      expect(() => fromWire(readAnswer(envelope(200), body), now)).toThrow(
        expect.objectContaining({ code: 'bad-response', mayHaveBeenBilled: true, retryable: false }),
      );
    },
  );

  test('an empty list for what the filter found is a refusal', () => {
    const read = (level: number) => {
      const body = { data: [], content_filter: [{ role: 'user', level }] };
      return () => fromWire(readAnswer(envelope(200), body), now);
    };
    const details = { contentFilter: [{ role: 'user', level: 0 }] };
    expect(read(0)).toThrow(expect.objectContaining({ code: 'content-blocked', mayHaveBeenBilled: true, details }));
    expect(read(3)).toThrow(expect.objectContaining({ code: 'bad-response', mayHaveBeenBilled: true }));
  });

  test('an error told with status 200 is an error', () => {
    const body = { error: { code: '1210', message: 'bad' } };
    expect(() => readAnswer(envelope(200), body)).toThrow(
      expect.objectContaining({ code: 'invalid-request', serviceCode: '1210' }),
    );
  });

  test.each([[[]], ['text'], [null], [{ data: 'x' }]])('a success of another form (%j) is a bad response', (body) => {
    expect(() => readAnswer(envelope(200), body)).toThrow(
      expect.objectContaining({ code: 'bad-response', mayHaveBeenBilled: true }),
    );
  });
});

describe('tasks', () => {
  test.each([
    [{ task_status: 'PROCESSING' }, { state: 'running' }],
    [{ task_status: 'SUCCESS', image_result: [{ url: 'https://x.example/b.png' }] }, { state: 'done' }],
    [
      { task_status: 'FAIL', request_id: 'r-1' },
      { state: 'failed', error: expect.objectContaining({ code: 'server', requestId: 'r-1' }) },
    ],
    [
      { task_status: 'FAIL', error: { code: '1301', message: 'unsafe' } },
      { state: 'failed', error: expect.objectContaining({ code: 'content-blocked' }) },
    ],
    [
      { task_status: 'FAIL', error: { code: '1230', message: 'broken' } },
      { state: 'failed', error: expect.objectContaining({ code: 'server', serviceCode: '1230' }) },
    ],
  ])('%j', (body, state) => {
    expect(jobState(envelope(200), body)).toMatchObject(state);
  });

  test('a task that the service does not know is gone, and may have been billed', () => {
    expect(jobState(envelope(400), { error: { code: '1214', message: 'id' } })).toMatchObject({
      state: 'gone',
      error: { mayHaveBeenBilled: true },
    });
  });

  test('nobody says that a task that failed is free', () => {
    const failed = { task_status: 'FAIL', error: { code: '1301', message: 'unsafe' } };
    expect(jobState(envelope(200), failed)).toMatchObject({ error: { mayHaveBeenBilled: true } });
  });

  test('a refusal that does not speak of the task leaves it alone', () => {
    const codes = [undefined, ...Object.keys(errorCodes).filter((code) => code !== '1214'), 'constructor'];
    for (const code of codes) {
      for (const status of [400, 403, 404, 405, 410, 422]) {
        const body = code && { error: { code, message: 'said' } };
        expect(() => jobState(envelope(status), body)).toThrow(ImageError);
      }
    }
  });

  test('the number of a task is its name, unless it lost digits on its way', () => {
    expect(readAnswer(envelope(200), { id: 7 }).id).toBe('7');
    expect(readAnswer(envelope(200), { id: 2 ** 60 }).id).toBeUndefined();
  });

  test('a question that failed is no answer', () => {
    expect(() => jobState(envelope(500), undefined)).toThrow(
      expect.objectContaining({ code: 'server', retryable: true }),
    );
  });

  test('an unknown state is an error', () => {
    expect(() => jobState(envelope(200), { task_status: 'DANCING' })).toThrow(
      expect.objectContaining({ code: 'bad-response' }),
    );
  });
});

describe('errors', () => {
  // code -> kind, retryable; written out from docs/providers/cogview.md section 6
  const sheet: Record<string, string> = {
    auth: '1000 1001 1002 1003 1004 1005 1111',
    permission: '1110 1112 1121 1220 1311 1313',
    quota: '1113 1304 1308 1309 1310 1314 1315 1316 1317 1318 1319 1320 1321',
    'server retry': '500 1100 1120 1200 1230 1234',
    'invalid-request': '1210 1212 1213 1214 1215 1231 1261',
    'not-found': '1211 1221 1222',
    'content-blocked': '1300 1301',
    'rate-limit retry': '1302 1303',
    'unavailable retry': '1305 1312',
  };
  const rows = Object.entries(sheet).flatMap(([kind, codes]) =>
    codes.split(' ').map((code) => [code, ...kind.split(' ')] as const),
  );

  test('every code of the sheet is in the map, and no other', () => {
    expect(Object.keys(errorCodes).sort()).toEqual(rows.map(([code]) => code).sort());
  });

  test.each(rows)('code %s means %s %s', (code, kind, retry) => {
    for (const spelled of [code, Number(code)]) {
      const error = failure(code === '1113' || kind === 'rate-limit' ? 429 : 400, {
        error: { code: spelled, message: 'said' },
      });
      expect(error).toMatchObject({
        code: kind,
        retryable: retry === 'retry',
        serviceCode: code,
        mayHaveBeenBilled: kind === 'server',
      });
      expect(error.hint).toMatch(/\.$/);
    }
  });

  test('an empty account is no rate limit, though it comes as 429', () => {
    expect(failure(429, { error: { code: '1113', message: 'x' } })).toMatchObject({ code: 'quota', retryable: false });
  });

  test.each([
    [400, 'invalid-request', false],
    [401, 'auth', false],
    [403, 'permission', false],
    [404, 'not-found', false],
    [408, 'timeout', true],
    [422, 'invalid-request', false],
    [429, 'rate-limit', true],
    [434, 'permission', false],
    [435, 'invalid-request', false],
    [500, 'server', true],
    [502, 'server', true],
    [503, 'unavailable', true],
    [504, 'timeout', true],
  ])('without a code, HTTP %i means %s', (status, code, retryable) => {
    expect(serviceError(envelope(status), undefined)).toMatchObject({ code, retryable, status });
  });

  test('an unknown code with 429 is not repeated by itself', () => {
    expect(failure(429, { error: { code: '1999', message: 'new' } })).toMatchObject({
      code: 'rate-limit',
      retryable: false,
    });
  });

  test('moderation of a refusal is kept with role and level; a finding in the output may have been billed', () => {
    const blocked = (role: string) =>
      failure(400, { contentFilter: [{ level: 1, role }], error: { code: '1301', message: 'unsafe' } });
    expect(blocked('user')).toMatchObject({
      details: { contentFilter: [{ role: 'user', level: 1 }] },
      mayHaveBeenBilled: false,
    });
    expect(blocked('assistant')).toMatchObject({ mayHaveBeenBilled: true });
  });

  test('an address without an API is one of the base URL first; what names a model is of the model alone', () => {
    for (const error of [failure(400, { error: { code: '1222', message: 'x' } }), failure(404, undefined)]) {
      expect(error).toMatchObject({ code: 'not-found', details: { option: 'baseURL' } });
      expect(error.hint).toMatch(/base URL.*model/);
    }
    expect(failure(404, { error: { code: '1211', message: 'x' } }).hint).toContain('another model');
  });

  test('a code is read whatever stands in place of the pictures', () => {
    const body = { data: {}, image_result: 'none', error: { code: '1113', message: 'x' } };
    expect(failure(429, body)).toMatchObject({ code: 'quota' });
  });

  test('no code is one of JavaScript', () => {
    fc.assert(
      fc.property(fc.constantFrom('constructor', '__proto__', 'toString', 'valueOf'), (code) => {
        expect(failure(400, { error: { code, message: 'x' } })).toMatchObject({ code: 'invalid-request' });
      }),
    );
  });

  test('Retry-After is passed on', () => {
    expect(serviceError(envelope(429, { 'retry-after': '7' }), undefined)).toMatchObject({ retryAfter: 7000 });
  });

  function failure(status: number, body: unknown): ImageError {
    try {
      readAnswer(envelope(status), body);
    } catch (error) {
      if (ImageError.isInstance(error)) return error;
    }
    throw new Error('no error');
  }
});

test.each([
  [{ choices: [{ finish_reason: 'sensitive', message: { content: '' } }] }, 'content-blocked'],
  [{ choices: [{ finish_reason: 'network_error' }] }, 'server'],
  [{ choices: [{ finish_reason: 'model_context_window_exceeded' }] }, 'invalid-request'],
  [{ choices: [{ finish_reason: 'stop', message: { content: '  ' } }] }, 'bad-response'],
  [{ choices: [] }, 'bad-response'],
])('the text model answering %j is an error', (body, code) => {
  expect(() => readText(envelope(200), body)).toThrow(expect.objectContaining({ code }));
});
