import { ImageError, type Limits, type ProviderCall } from '@anyimage/core';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  type Envelope,
  errorCodes,
  fromWire,
  jobState,
  readAnswer,
  readCancelled,
  readPermit,
  readTaskId,
  readText,
  serviceError,
  toWire,
} from './wire.ts';

const now = 1_760_000_000_000;
const envelope = (
  status: number,
  spends: Envelope['spends'] = 'now',
  headers: Record<string, string> = {},
): Envelope => ({ status, headers: new Headers(headers), now, spends });

const call = (limits: Limits, words: Partial<ProviderCall> = {}): ProviderCall => ({
  intent: 'i-0',
  model: 'a-model',
  operation: 'generate',
  limits,
  prompt: 'a red kite',
  n: 1,
  images: [],
  partials: 0,
  options: {},
  ...words,
});

describe('toWire', () => {
  test('sends n, and no more than was asked', () => {
    expect(toWire(call({ wire: { shape: 'prompt' } }), { images: [] })).toEqual({
      model: 'a-model',
      input: { prompt: 'a red kite' },
      parameters: { n: 1 },
    });
  });

  test('writes sizes with an asterisk, and resolutions as they are', () => {
    const wire = { wire: { shape: 'prompt' } };
    const size = (words: Partial<ProviderCall>) => toWire(call(wire, words), { images: [] }).parameters;
    expect(size({ size: { width: 1280, height: 720 } })).toMatchObject({ size: '1280*720' });
    expect(size({ resolution: '2K' })).toMatchObject({ size: '2K' });
  });

  test('extends by ratios of the whole, without binary fractions', () => {
    const hundredths = fc.integer({ min: 0, max: 100 }).map((part) => part / 100);
    fc.assert(
      fc.property(fc.record({ top: hundredths, right: hundredths, bottom: hundredths, left: hundredths }), (expand) => {
        const made = call({ wire: { shape: 'function', function: 'expand' } }, { expand });
        const { parameters } = toWire(made, { images: ['https://x.example/a.png'] });
        for (const [side, length] of Object.entries(expand)) {
          const scale = (parameters as Record<string, unknown>)[`${side}_scale`];
          expect(scale).toBe(length === 0 ? undefined : Number((1 + length).toFixed(2)));
        }
      }),
    );
  });

  test('options that the table does not know keep their names; how files travel is nobody’s parameter', () => {
    const options = { promptExtend: true, transfer: 'upload', style_strength: 3 };
    const { parameters } = toWire(call({ wire: { shape: 'messages' } }, { options }), { images: [] });
    expect(parameters).toEqual({ n: 1, prompt_extend: true, style_strength: 3 });
  });
});

describe('successes', () => {
  const url = 'https://x.example/a.png';
  const of = (output: unknown, seed?: number) => {
    const told = envelope(200);
    return fromWire(readAnswer(told, { request_id: 'r-1', output }), told, seed);
  };

  test('results of a task: pictures and failures in their places, each with its seed', () => {
    const results = [
      { orig_prompt: 'a', actual_prompt: 'a, finely', url },
      { code: 'DataInspectionFailed', message: 'unsafe' },
      { url },
    ];
    expect(of({ results }, 5)).toEqual({
      requestId: 'r-1',
      outputs: [
        { url, seed: 5, revisedPrompt: 'a, finely', expiresAt: now + 86_400_000 },
        { error: expect.objectContaining({ code: 'content-blocked', mayHaveBeenBilled: false }) },
        { url, seed: 7, expiresAt: now + 86_400_000 },
      ],
    });
  });

  test.each([
    ['one choice with several pictures', [{ message: { content: [{ image: url }, { image: url }] } }]],
    ['a choice for each', [{ message: { content: [{ image: url }] } }, { message: { content: [{ image: url }] } }]],
    [
      'texts among them',
      [
        { message: { content: [{ text: 'thus' }, { type: 'image', image: url }] } },
        { message: { content: [{ image: url }] } },
      ],
    ],
  ])('messages: %s', (_, choices) => {
    expect(of({ choices }).outputs).toMatchObject([{ url }, { url }]);
  });

  test.each(['task_metrics', 'task_metric'])('messages: pictures that are only missing, told in %s', (metrics) => {
    const choices = [{ message: { content: [{ image: url }, { image: url }, { image: url }] } }];
    const { outputs } = of({ choices, [metrics]: { TOTAL: 4, SUCCEEDED: 3, FAILED: 1 } });
    expect(outputs).toMatchObject([
      ...[{ url }, { url }, { url }],
      {
        error: {
          code: 'server',
          message: expect.stringContaining('1 of 4'),
          retryable: true,
          mayHaveBeenBilled: false,
          requestId: 'r-1',
        },
      },
    ]);
  });

  test('failures that have their own place are not counted again', () => {
    const results = [{ url }, { code: 'InternalError.Timeout', message: 'late' }];
    const { outputs } = of({ results, task_metrics: { TOTAL: 2, SUCCEEDED: 1, FAILED: 1 } });
    expect(outputs).toMatchObject([{ url }, { error: { code: 'timeout' } }]);
  });

  test('a success in which every picture failed costs nothing', () => {
    const { outputs } = of({ choices: [], task_metrics: { TOTAL: 2, SUCCEEDED: 0, FAILED: 2 } });
    expect(outputs).toMatchObject([
      { error: { code: 'server', mayHaveBeenBilled: false } },
      { error: { code: 'server', mayHaveBeenBilled: false } },
    ]);
  });

  test('whatever the counts say, pictures that were made are kept', () => {
    fc.assert(
      fc.property(fc.jsonValue(), (task_metrics) => {
        const { outputs } = of({ results: [{ url }], task_metrics });
        expect(outputs[0]).toMatchObject({ url });
      }),
    );
    expect(of({ results: [{ url }], task_metrics: { TOTAL: 1e9, FAILED: 1e9 } }).outputs).toHaveLength(1);
  });

  const anything = (names: readonly string[]) =>
    fc.record(Object.fromEntries(names.map((name) => [name, fc.jsonValue()])), { requiredKeys: [] });
  const beside = anything(['request_id', 'code', 'message', 'msg', 'error', 'usage']);
  const besideOutput = anything(['task_id', 'code', 'message', 'choices', 'task_metrics', 'task_metric']);

  test('whatever is said beside a picture, the picture is kept', () => {
    const besideURL = anything(['actual_prompt', 'orig_prompt', 'code', 'message']);
    fc.assert(
      fc.property(beside, besideOutput, besideURL, fc.jsonValue(), (odd, oddOutput, oddItem, other) => {
        const told = envelope(200);
        const results = [{ ...oddItem, url }, other];
        const body = { ...odd, output: { ...oddOutput, task_status: 'SUCCEEDED', results } };
        expect(fromWire(readAnswer(told, body), told).outputs[0]).toMatchObject({ url });
        expect(jobState(told, body)).toMatchObject({ state: 'done', result: { outputs: expect.anything() } });
      }),
    );
  });

  test('whatever is said beside a picture in a choice, the picture is kept', () => {
    const besideOutput = anything(['results', 'task_status', 'task_metric']);
    fc.assert(
      fc.property(beside, besideOutput, fc.jsonValue(), (odd, oddOutput, other) => {
        const told = envelope(200);
        const choices = [{ finish_reason: other, message: { role: other, content: [other, { image: url }] } }];
        const body = { ...odd, output: { ...oddOutput, choices } };
        expect(fromWire(readAnswer(told, body), told).outputs).toContainEqual(expect.objectContaining({ url }));
      }),
    );
  });

  test('an error without words is none, a number of a request is its name', () => {
    const told = envelope(200);
    const body = { code: {}, error: '', request_id: 5, output: { task_status: 'RUNNING' } };
    expect(readAnswer(told, body)).toMatchObject({ request_id: '5' });
    expect(jobState(told, body)).toMatchObject({ state: 'running' });
  });

  test('a signed URL says itself when it ends', () => {
    const signed = `${url}?Expires=1760000600&Signature=x`;
    expect(of({ results: [{ url: signed }] }).outputs).toEqual([{ url: signed, expiresAt: 1_760_000_600_000 }]);
  });

  test('whatever a URL says of its end, the end is a time', () => {
    const ends = fc.oneof(fc.string(), fc.double().map(String), fc.bigInt().map(String));
    fc.assert(
      fc.property(ends, (end) => {
        const query = new URLSearchParams({ Expires: end });
        const [output] = of({ results: [{ url: `${url}?${query}` }] }).outputs;
        expect(new Date((output as { expiresAt: number }).expiresAt).getTime()).toBeGreaterThan(0);
      }),
    );
  });

  test.each([
    {},
    { output: null },
    { output: { results: [] } },
    { output: { choices: [{ message: { content: [{ text: 'no' }] } }] } },
  ])('a success without a picture (%j) is an error', (body) => {
    expect(() => fromWire(readAnswer(envelope(200), body), envelope(200))).toThrow(
      expect.objectContaining({ code: 'bad-response', mayHaveBeenBilled: true, retryable: false }),
    );
  });

  test.each([[[]], ['text'], [null], [{ output: 'x' }]])('a success of another form (%j) is a bad response', (body) => {
    expect(() => readAnswer(envelope(200), body)).toThrow(
      expect.objectContaining({ code: 'bad-response', mayHaveBeenBilled: true }),
    );
  });

  test('a submission without a task id is a bad response that may have been billed', () => {
    expect(readTaskId(envelope(200), { output: { task_id: 't-1', task_status: 'PENDING' } })).toBe('t-1');
    expect(() => readTaskId(envelope(200, 'later'), { output: {} })).toThrow(
      expect.objectContaining({ code: 'bad-response', mayHaveBeenBilled: true }),
    );
  });
});

describe('tasks', () => {
  const state = (output: unknown) => jobState(envelope(200, 'never'), { request_id: 'r-1', output }, 3);

  test.each([
    [{ task_status: 'PENDING' }, { state: 'queued' }],
    [{ task_status: 'RUNNING' }, { state: 'running' }],
    [{ task_status: 'SUSPENDED' }, { state: 'running' }],
    [
      { task_status: 'SUCCEEDED', results: [{ url: 'https://x.example/b.png' }] },
      { state: 'done', result: { outputs: [{ seed: 3 }] } },
    ],
    [
      { task_status: 'FAILED', code: 'DataInspectionFailed', message: 'unsafe' },
      {
        state: 'failed',
        error: expect.objectContaining({ code: 'content-blocked', requestId: 'r-1', mayHaveBeenBilled: false }),
      },
    ],
    [
      { task_status: 'FAILED' },
      { state: 'failed', error: expect.objectContaining({ code: 'server', mayHaveBeenBilled: false }) },
    ],
    [
      { task_status: 'CANCELED' },
      { state: 'cancelled', error: expect.objectContaining({ code: 'unavailable', retryable: false }) },
    ],
    [{ task_status: 'UNKNOWN' }, { state: 'gone', error: expect.objectContaining({ code: 'not-found' }) }],
  ])('%j', (output, told) => {
    expect(state(output)).toMatchObject(told);
  });

  test('an unknown state is an error', () => {
    expect(() => state({ task_status: 'DANCING' })).toThrow(expect.objectContaining({ code: 'bad-response' }));
  });

  test('a task that the service does not know is gone; a gateway’s own 404 is no answer', () => {
    const unknown = jobState(envelope(404, 'never'), { code: 'NotFound', message: 'no such task' });
    expect(unknown).toMatchObject({ state: 'gone' });
    expect(unknown).toMatchObject({ error: { mayHaveBeenBilled: true } });
    expect(() => jobState(envelope(404, 'never'), undefined)).toThrow(expect.objectContaining({ code: 'not-found' }));
  });

  test.each([
    'ModelNotFound',
    'model_not_supported',
    'WorkSpaceNotFound',
    'InvalidParameter',
    '404',
    'NotFoundAtGateway',
  ])('%s does not speak of the task', (code) => {
    expect(() => jobState(envelope(404, 'never'), { code, message: 'said' })).toThrow(ImageError);
  });

  test('a gateway’s own JSON is not asked for its reason', () => {
    const spring = { status: 404, error: 'Not Found', path: '/api/v1/tasks/t-1' };
    expect(() => jobState(envelope(404, 'never'), spring)).toThrow(expect.objectContaining({ code: 'not-found' }));
  });

  test('a page that does not exist is one of the base URL, not of the model', () => {
    expect(serviceError(envelope(404), {}).hint).toContain('base URL');
    expect(serviceError(envelope(404), { code: 'ModelNotFound' }).hint).toContain('another model');
  });

  test.each([429, 500, 503, 504])('a question that failed with %i may be asked again', (status) => {
    expect(() => jobState(envelope(status, 'never'), undefined)).toThrow(
      expect.objectContaining({ retryable: true, mayHaveBeenBilled: false }),
    );
  });

  test('a task is cancelled, or it is too late', () => {
    expect(readCancelled(envelope(200, 'never'), { request_id: 'r-1' })).toBe('cancelled');
    const late = { code: 'UnsupportedOperation', message: 'not PENDING' };
    expect(readCancelled(envelope(400, 'never'), late)).toBe('too late');
    expect(() => readCancelled(envelope(401, 'never'), { code: 'InvalidApiKey' })).toThrow(
      expect.objectContaining({ code: 'auth' }),
    );
  });
});

describe('errors', () => {
  // Kind and retry of each code; written out from docs/providers/bailian.md section 7.
  const sheet: Record<string, string[]> = {
    'invalid-request': [
      ...['InvalidParameter', 'invalid_parameter_error', 'InvalidParameter.Size', 'InvalidURL'],
      ...['InvalidURL.ConnectionRefused', 'InvalidImage.Resolution', 'InvalidImageResolution', 'InvalidImageFormat'],
      ...['InvalidFile.Format', 'BadRequest.EmptyInput', 'UnsupportedOperation', 'InvalidInputLength', 'Conflict'],
      'BadRequest.TooLarge',
    ],
    'invalid-request retry': ['InvalidParameter.DataInspection', 'InvalidURL.Timeout'],
    'content-blocked': [
      ...['DataInspectionFailed', 'data_inspection_failed', 'IPInfringementSuspect', 'FaqRuleBlocked'],
      'CustomRoleBlocked',
    ],
    quota: ['Arrearage', 'AllocationQuota.FreeTierOnly', 'PrepaidBillOverdue', 'PostpaidBillOverdue'],
    auth: ['InvalidApiKey', 'invalid_api_key'],
    permission: [
      ...['NOT AUTHORIZED', 'AccessDenied', 'AccessDenied.Unpurchased', 'Model.AccessDenied'],
      ...['Workspace.AccessDenied', 'App.AccessDenied', 'CommodityNotPurchased'],
    ],
    'not-found': ['ModelNotFound', 'model_not_found', 'model_not_supported', 'WorkSpaceNotFound', 'NotFound'],
    'timeout retry': ['RequestTimeOut', 'InternalError.Timeout'],
    'rate-limit retry': [
      ...['Throttling', 'Throttling.RateQuota', 'LimitRequests', 'limit_requests', 'Throttling.BurstRate'],
      ...['limit_burst_rate', 'Throttling.AllocationQuota', 'insufficient_quota'],
    ],
    'server retry': [
      ...['InternalError', 'InternalError.Algo', 'InternalError.Upload', 'InternalError.FileUpload', 'SystemError'],
      'ModelServiceFailed',
    ],
    server: ['RewriteFailed'],
    'unavailable retry': ['ModelUnavailable', 'ModelServingError'],
  };
  const rows = Object.entries(sheet).flatMap(([kind, codes]) =>
    codes.map((code) => [code, ...kind.split(' ')] as const),
  );

  test.each(rows)('code %s means %s %s', (code, kind, retry) => {
    const error = failure(envelope(418), { code, message: 'said', request_id: 'r-1' });
    expect(error).toMatchObject({
      code: kind,
      retryable: retry === 'retry',
      serviceCode: code,
      status: 418,
      requestId: 'r-1',
      message: expect.stringContaining('said'),
    });
    expect(error.hint).toMatch(/\.$/);
  });

  test('every code of the map is one of the sheet', () => {
    const plain = (code: string) => code.toLowerCase().replaceAll(/[_ ]/g, '');
    const known = rows.map(([code]) => plain(code));
    expect(Object.keys(errorCodes).filter((code) => !known.some((one) => one.startsWith(plain(code))))).toEqual([]);
  });

  test.each([
    ['flat', { code: 'Arrearage', message: 'owed', request_id: 'r-1' }],
    ['flat with msg', { code: 'Arrearage', msg: 'owed', request_id: 'r-1' }],
    [
      'in the OpenAI style',
      { error: { code: 'Arrearage', message: 'owed', type: 'x', param: null }, request_id: 'r-1' },
    ],
    [
      'in the OpenAI style with a type alone',
      { error: { code: null, message: 'owed', type: 'Arrearage' }, request_id: 'r-1' },
    ],
    [
      'with a body that is not in form otherwise',
      { code: 'Arrearage', message: 'owed', request_id: 'r-1', output: 'x' },
    ],
  ])('an error told %s is read', (_, body) => {
    expect(failure(envelope(400), body)).toMatchObject({
      code: 'quota',
      serviceCode: 'Arrearage',
      requestId: 'r-1',
      message: expect.stringContaining('owed'),
    });
  });

  test('an error told with status 200 is an error', () => {
    expect(failure(envelope(200), { code: 'InvalidParameter', message: 'bad' })).toMatchObject({
      code: 'invalid-request',
    });
  });

  test.each(['Throttling.AllocationQuota', 'insufficient_quota'])(
    '%s is the free part used up if the message says so, and then waiting is of no use',
    (code) => {
      const told = failure(envelope(429), { code, message: 'Free allocated quota exceeded.' });
      expect(told).toMatchObject({ code: 'quota', retryable: false });
    },
  );

  test.each(['synchronous', 'asynchronous'])('denied %s calls are a wrong request, not a lack of rights', (kind) => {
    const message = `current user api does not support ${kind} calls.`;
    expect(failure(envelope(403), { code: 'AccessDenied', message })).toMatchObject({ code: 'invalid-request' });
  });

  test.each([
    [400, 'invalid-request', false, false],
    [401, 'auth', false, false],
    [403, 'permission', false, false],
    [404, 'not-found', false, false],
    [408, 'timeout', true, true],
    [413, 'invalid-request', false, false],
    [415, 'invalid-request', false, false],
    [429, 'rate-limit', true, false],
    [500, 'server', true, true],
    [502, 'server', true, true],
    [503, 'unavailable', true, true],
    [504, 'timeout', true, true],
  ])('without a known code, HTTP %i means %s', (status, code, retryable, billed) => {
    for (const complaint of [{}, { code: 'NewlyInvented' }]) {
      const error = serviceError(envelope(status), complaint);
      expect(error).toMatchObject({ code, retryable, status, mayHaveBeenBilled: billed });
      expect(serviceError(envelope(status, 'never'), complaint).mayHaveBeenBilled).toBe(false);
    }
  });

  test('a refused task was not made, so its repetition is safe; a call that failed may have been billed', () => {
    const body = { code: 'InternalError', message: 'oops' };
    expect(failure(envelope(500, 'later'), body)).toMatchObject({ retryable: true, mayHaveBeenBilled: false });
    expect(failure(envelope(500, 'now'), body)).toMatchObject({ retryable: true, mayHaveBeenBilled: true });
    const late = { code: 'RequestTimeOut', message: 'late' };
    expect(failure(envelope(500, 'later'), late)).toMatchObject({ mayHaveBeenBilled: true });
  });

  test.each(Object.keys(errorCodes))('the hint to %s speaks of a bill only where there may be one', (code) => {
    for (const status of [400, 503]) {
      for (const spends of ['now', 'later', 'never'] as const) {
        const { hint, mayHaveBeenBilled } = serviceError(envelope(status, spends), { code });
        if (hint?.includes('billed')) expect(mayHaveBeenBilled).toBe(true);
      }
    }
  });

  test('Retry-After is passed on', () => {
    const told = serviceError(envelope(429, 'now', { 'retry-after': '7' }), {});
    expect(told).toMatchObject({ retryAfter: 7000 });
  });

  function failure(told: Envelope, body: unknown): ImageError {
    try {
      readAnswer(told, body);
    } catch (error) {
      if (ImageError.isInstance(error)) return error;
    }
    throw new Error('no error');
  }
});

test.each([
  [{ choices: [{ finish_reason: 'length', message: { content: 'a' } }] }, 'invalid-request'],
  [{ choices: [{ finish_reason: 'stop', message: { content: '  ' } }] }, 'bad-response'],
  [{ choices: [] }, 'bad-response'],
])('the text model answering %j is an error', (body, code) => {
  expect(() => readText(envelope(200, 'never'), body)).toThrow(expect.objectContaining({ code }));
});

test('a permit that is not in its form is a bad response and free', () => {
  expect(() => readPermit(envelope(200, 'never'), { data: { policy: 'p' } })).toThrow(
    expect.objectContaining({ code: 'bad-response', mayHaveBeenBilled: false }),
  );
});
