import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { type Complaint, defineErrorMap, type ErrorMap, type ErrorMeaning } from './error-map.ts';

const envelope = (status: number, headers: Record<string, string> = {}) => ({
  status,
  headers: new Headers(headers),
  now: 1_790_000_000_000,
});

const codes = {
  '1301': 'content-blocked',
  '1303': { kind: 'rate-limit', hint: 'Wait for tomorrow.' },
  InvalidParameter: 'invalid-request',
  'InvalidParameter*': 'bad-picture',
  'InvalidParameter.Busy*': { kind: 'invalid-request', retryable: true },
  '*SensitiveContent*': 'content-blocked',
  model_gone: 'not-found',
  wrong_address: 'no-address',
  InternalError: { kind: 'server', billed: 'open' },
  cautious: { kind: 'content-blocked', billed: true },
  AccessDenied: [{ says: /synchronous/i, means: 'invalid-request' }, { means: 'permission' }],
  slow_down: [{ status: 429, means: 'rate-limit' }, { means: 'unavailable' }],
  only_429: [{ status: 429, means: 'quota' }],
} as const satisfies ErrorMap['codes'];

const toError = defineErrorMap({
  service: 'Example',
  codes,
  statuses: { 434: 'permission', 503: [{ says: /overloaded/, means: 'unavailable' }] },
  hints: { 'content-blocked': 'Read the details.' },
});

const later = 'The picture may have been billed: look at the account first, and ask for another only if it was not.';

describe('the meaning of a refusal', () => {
  test.each([
    ['a code', 400, { codes: ['1301'] }, ['content-blocked', false, false]],
    ['a code that is a number', 400, { codes: [1301] }, ['content-blocked', false, false]],
    ['a code in another spelling', 400, { codes: ['MODEL GONE'] }, ['not-found', false, false]],
    ['a code whole', 400, { codes: ['InvalidParameter'] }, ['invalid-request', false, false]],
    ['a code that begins so', 400, { codes: ['InvalidParameter.Busy.Now'] }, ['invalid-request', true, false]],
    ['a code that holds it', 200, { codes: ['InputTextSensitiveContentDetected'] }, ['content-blocked', false, false]],
    ['a code that differs from the usual', 400, { codes: ['cautious'] }, ['content-blocked', false, true]],
    ['the second code, if the first is new', 400, { codes: ['new', 'model_gone'] }, ['not-found', false, false]],
    ['the first of two codes', 400, { codes: ['1301', 'model_gone'] }, ['content-blocked', false, false]],
    ['a code before the status', 500, { codes: ['1301'] }, ['content-blocked', false, false]],
    ['words beside a code', 403, { codes: ['AccessDenied'], message: 'no asynchronous calls' }, ['invalid-request']],
    ['no such words', 403, { codes: ['AccessDenied'], message: 'no' }, ['permission', false, false]],
    ['a status beside a code', 429, { codes: ['slow_down'] }, ['rate-limit', true, false]],
    ['another status', 503, { codes: ['slow_down'] }, ['unavailable', true, false]],
    ['a code whose cases do not apply', 400, { codes: ['only_429'] }, ['invalid-request', false, false]],
    ['a status of the service’s own', 434, {}, ['permission', false, false]],
    ['words beside a status', 503, { message: 'overloaded' }, ['unavailable', true, false]],
    ['a code that only repeats the status', 404, { codes: [404] }, ['not-found', false, false]],
    ['an empty code', 401, { codes: ['', null, undefined] }, ['auth', false, false]],
  ] as const)('%s: HTTP %i %j', (_, status, complaint: Complaint, [code, retryable = false, billed = false]) => {
    expect(toError(envelope(status), complaint)).toMatchObject({ code, retryable, mayHaveBeenBilled: billed, status });
  });

  test.each([
    [400, 'invalid-request', false, false],
    [401, 'auth', false, false],
    [402, 'quota', false, false],
    [403, 'permission', false, false],
    [404, 'not-found', false, false],
    [405, 'not-found', false, false],
    [408, 'timeout', true, true],
    [413, 'invalid-request', false, false],
    [418, 'invalid-request', false, false],
    [422, 'invalid-request', false, false],
    [429, 'rate-limit', true, false],
    [500, 'server', true, true],
    [502, 'server', true, true],
    [503, 'unavailable', true, true],
    [504, 'timeout', true, true],
    [507, 'server', true, true],
    [524, 'unavailable', true, true],
    [200, 'server', true, true],
  ] as const)('without a word, HTTP %i is %s', (status, code, retryable, mayHaveBeenBilled) => {
    expect(toError(envelope(status))).toMatchObject({ code, retryable, mayHaveBeenBilled, status });
  });

  test.each(['constructor', '__proto__', 'toString', 'hasOwnProperty'])(
    'the name %s of JavaScript is no code',
    (code) => {
      expect(toError(envelope(400), { codes: [code] })).toMatchObject({ code: 'invalid-request', serviceCode: code });
    },
  );
});

describe('an address without an API', () => {
  test.each([
    [404, {}],
    [405, {}],
    [404, { codes: ['404'] }],
    [404, { message: 'page not found' }],
    [400, { codes: ['wrong_address'] }],
  ])('HTTP %i %j is one of the base URL', (status, complaint) => {
    const error = toError(envelope(status), complaint);
    expect(error).toMatchObject({ code: 'not-found', details: { option: 'baseURL' } });
    expect(error.hint).toContain('base URL');
  });

  test.each([
    [{ message: 'The model `flux` does not exist.' }],
    [{ codes: ['404'], message: 'deployment not found' }],
    [{ message: '模型不存在' }],
  ])('HTTP 404 %j is one of the model', (complaint) => {
    const error = toError(envelope(404), complaint);
    expect(error).toMatchObject({ code: 'not-found', hint: expect.stringContaining('another model') });
    expect(error).not.toHaveProperty('details');
  });

  test('a 404 with a code is one of the model', () => {
    for (const code of ['model_gone', 'something_new']) {
      const error = toError(envelope(404), { codes: [code] });
      expect(error).toMatchObject({ code: 'not-found', hint: expect.stringContaining('another model') });
      expect(error).not.toHaveProperty('details');
    }
  });
});

describe('the bill', () => {
  test.each([
    ['server', 500, {}, [true, true, false]],
    ['a failure in the service’s own words', 500, { codes: ['InternalError'] }, [true, false, false]],
    ['timeout', 504, {}, [true, true, false]],
    ['a rate limit', 429, {}, [false, false, false]],
    ['a finding', 400, { codes: ['cautious'] }, [true, true, false]],
  ] as const)('%s: of a request that charges now, later and never', (_, status, complaint, billed) => {
    const told = (['now', 'later', 'never'] as const).map(
      (spends) => toError(envelope(status), { ...complaint, spends }).mayHaveBeenBilled,
    );
    expect(told).toEqual(billed);
  });

  test('who may try again is told to look at the account first, if there may be a bill', () => {
    expect(toError(envelope(500)).hint).toBe(later);
    expect(toError(envelope(500), { spends: 'never' }).hint).toBe('Try again later.');
    expect(toError(envelope(400), { codes: ['cautious'] }).hint).toBe('Read the details.');
  });
});

test.each([
  ['invalid_request_error', 'invalid-request'],
  ['INVALID_ARGUMENT', 'invalid-request'],
  ['authentication_error', 'auth'],
  ['Unauthorized', 'auth'],
  ['permission_denied', 'permission'],
  ['not_found_error', 'not-found'],
  ['rate_limit_exceeded', 'rate-limit'],
  ['RESOURCE_EXHAUSTED', 'rate-limit'],
  ['timeout_error', 'timeout'],
  ['something_else', 'server'],
])('a failure that is told with status 200 as %s is %s', (code, kind) => {
  const told = defineErrorMap({ service: 'A', codes: {} });
  expect(told(envelope(200), { codes: [code], message: 'no' })).toMatchObject({ code: kind });
  // With a status of its own the name says nothing more.
  expect(told(envelope(418), { codes: [code], message: 'no' })).toMatchObject({ code: 'invalid-request' });
});

describe('what the error holds', () => {
  test('everything that the answer says', () => {
    const complaint = {
      codes: ['1303', 'second'],
      message: 'slower',
      requestId: 'r-1',
      details: { field: 'size', nothing: undefined },
    };
    const error = toError(envelope(429, { 'retry-after': '7', 'x-request-id': 'r-2' }), complaint);
    expect(error.toJSON()).toEqual({
      code: 'rate-limit',
      message: 'Example answered code 1303 (HTTP 429): “slower”',
      status: 429,
      serviceCode: '1303',
      requestId: 'r-1',
      retryable: true,
      retryAfter: 7000,
      mayHaveBeenBilled: false,
      details: { field: 'size' },
      hint: 'Wait for tomorrow.',
    });
  });

  test('nothing that it does not say', () => {
    expect(toError(envelope(401), { codes: [401], message: null, requestId: '' }).toJSON()).toEqual({
      code: 'auth',
      message: 'Example answered HTTP 401',
      status: 401,
      retryable: false,
      mayHaveBeenBilled: false,
      hint: 'Check that the key is complete and belongs to this host.',
    });
  });

  test('the id of the request from the header', () => {
    expect(toError(envelope(500, { 'x-request-id': 'r-2' })).requestId).toBe('r-2');
  });

  test.each([
    [{ 'retry-after': '7' }, undefined, 7000],
    [{ 'retry-after': '0.5' }, undefined, 500],
    [{ 'retry-after': 'Mon, 21 Sep 2026 14:13:25 GMT' }, undefined, 5000],
    [{ 'retry-after-ms': '1500', 'retry-after': '9' }, undefined, 1500],
    [{ 'retry-after-ms': 'soon', 'retry-after': '9' }, undefined, 9000],
    [{ 'retry-after': '9' }, 500, 500],
    [{ 'retry-after': 'soon' }, undefined, undefined],
    [{}, undefined, undefined],
  ])('with %j and %s ms in the body, a wait of %s ms', (headers, retryAfter, wait) => {
    const error = toError(envelope(429, headers as Record<string, string>), { retryAfter });
    expect(error.retryAfter).toBe(wait);
  });
});

describe('whatever a service answers', () => {
  const kinds = [
    ...(['auth', 'permission', 'quota', 'rate-limit', 'invalid-request', 'too-large', 'bad-picture'] as const),
    ...(['content-blocked', 'not-found', 'no-address', 'timeout', 'aborted', 'server', 'unavailable', 'down'] as const),
  ];
  const meaning: fc.Arbitrary<ErrorMeaning> = fc.oneof(
    fc.constantFrom(...kinds),
    fc.record(
      {
        kind: fc.constantFrom(...kinds),
        retryable: fc.boolean(),
        billed: fc.constantFrom(true, false, 'open' as const),
        hint: fc.constant('Do it.'),
      },
      { requiredKeys: ['kind'] },
    ),
  );
  const status = fc.oneof(
    fc.constantFrom(200, 400, 401, 402, 403, 404, 405, 408, 429, 446, 500, 503, 504),
    fc.nat(999),
  );
  const complaint: fc.Arbitrary<Complaint> = fc.record(
    {
      codes: fc.array(fc.oneof(fc.string(), fc.integer(), fc.constant(null), fc.constant(undefined))),
      message: fc.oneof(fc.string(), fc.constant(null)),
      requestId: fc.oneof(fc.string(), fc.constant(null)),
      details: fc.dictionary(fc.string(), fc.oneof(fc.jsonValue(), fc.constant(undefined))),
      spends: fc.constantFrom('now', 'later', 'never'),
    },
    { requiredKeys: [] },
  ) as fc.Arbitrary<Complaint>;

  test('every code of a table yields what the table says, whatever stands beside it', () => {
    // A number of three digits may repeat the status, and is no code then.
    const code = fc.stringMatching(/^[a-z][a-zA-Z0-9._]{0,20}$/);
    fc.assert(
      fc.property(
        fc.dictionary(code, meaning, { minKeys: 1, maxKeys: 9 }),
        fc.nat(),
        status,
        complaint,
        (table, pick, status, beside) => {
          const names = Object.keys(table);
          const name = names[pick % names.length]!;
          const alike = names.filter((other) => spelled(other) === spelled(name));
          fc.pre(alike.length === 1);
          const means = table[name]!;
          const said = { ...beside, codes: [name, ...(beside.codes ?? [])] };
          const error = defineErrorMap({ service: 'Example', codes: table })(envelope(status), said);
          const usually = defineErrorMap({ service: 'Example', codes: { it: kindOf(means) } });
          const expected = usually(envelope(status), { ...beside, codes: ['it'] });
          expect(error.code).toBe(expected.code);
          expect(error.serviceCode).toBe(name);
          expect(error.retryable).toBe(differing(means, 'retryable') ?? expected.retryable);
          expect(error.mayHaveBeenBilled).toBe(billOf(means, said.spends ?? 'now') ?? expected.mayHaveBeenBilled);
          if (differing(means, 'hint')) expect(error.hint).toMatch(/^Do it[.;]/);
        },
      ),
    );
  });

  test('it is an error with a code that fits its status, a sentence what to do, and no throw', () => {
    fc.assert(
      fc.property(status, complaint, fc.string(), (status, said, header) => {
        const printable = header.replace(/[^\x21-\x7e]/g, '');
        const error = toError(envelope(status, { 'retry-after': printable }), {
          ...said,
          codes: (said.codes ?? []).map((code) => (typeof code === 'string' ? `new ${code}` : code)),
        });
        expect(error.hint).toMatch(/^[A-Z].*\.$/);
        expect(error.status).toBe(status);
        const isCallers = status >= 400 && status < 500 && ![408, 429, 446].includes(status);
        if (isCallers) expect([error.retryable, error.mayHaveBeenBilled]).toEqual([false, false]);
        if (status >= 500) expect(error.retryable).toBe(true);
        if (error.mayHaveBeenBilled) expect(said.spends).not.toBe('never');
        // Who has to change the request first is told how, and not of the account.
        expect(error.hint?.includes('billed')).toBe(error.mayHaveBeenBilled && error.retryable);
      }),
    );
  });

  function spelled(code: string): string {
    return code.toLowerCase().replaceAll('_', '');
  }

  function kindOf(meaning: ErrorMeaning) {
    return typeof meaning === 'string' ? meaning : meaning.kind;
  }

  function differing<K extends 'retryable' | 'billed' | 'hint'>(meaning: ErrorMeaning, fact: K) {
    return typeof meaning === 'string' ? undefined : meaning[fact];
  }

  function billOf(meaning: ErrorMeaning, spends: 'now' | 'later' | 'never'): boolean | undefined {
    const billed = differing(meaning, 'billed');
    return billed === 'open' ? spends === 'now' : billed === undefined ? undefined : billed && spends !== 'never';
  }
});
