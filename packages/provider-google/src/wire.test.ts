import { ImageError, type ModelCapabilities, type ProviderCall } from '@anyimage/core';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { models } from './capabilities.ts';
import {
  errorCodes,
  finishReasons,
  fromPredict,
  fromWire,
  methodPath,
  readAnswer,
  readText,
  refuseImagenAtGoogle,
  serviceError,
  toPredict,
  toWire,
} from './wire.ts';

const now = 1_760_000_000_000;
const envelope = (status: number, headers: Record<string, string> = {}) => ({
  status,
  headers: new Headers(headers),
  now,
});

const call: ProviderCall = {
  intent: 'i-0',
  model: 'gemini-nano-banana-2.1',
  operation: 'generate',
  limits: {},
  prompt: 'a paper boat',
  n: 1,
  images: [],
  partials: 0,
  options: {},
};
const generationConfig = { responseModalities: ['TEXT', 'IMAGE'] };

describe('toWire', () => {
  test('sends no more than was asked', () => {
    expect(toWire(call)).toEqual({
      contents: [{ role: 'user', parts: [{ text: 'a paper boat' }] }],
      generationConfig,
    });
  });

  test.each([
    ['aspectRatio', { aspectRatio: '16:9' }, { imageConfig: { aspectRatio: '16:9' } }],
    ['resolution', { resolution: '4K' }, { imageConfig: { imageSize: '4K' } }],
    ['seed 0', { seed: 0 }, { seed: 0 }],
    ['thinkingLevel', { options: { thinkingLevel: 'minimal' } }, { thinkingConfig: { thinkingLevel: 'minimal' } }],
  ])('sends %s alone', (_, words, expected) => {
    expect(toWire({ ...call, ...(words as Partial<ProviderCall>) }).generationConfig).toEqual({
      ...generationConfig,
      ...expected,
    });
  });

  test.each([
    ['none', undefined],
    ['web', [{ googleSearch: {} }]],
    ['web+image', [{ googleSearch: { searchTypes: { webSearch: {}, imageSearch: {} } } }]],
  ])('grounding %s', (grounding, tools) => {
    expect(toWire({ ...call, options: { grounding } })).toEqual({ ...toWire(call), ...(tools && { tools }) });
  });
});

describe('methodPath', () => {
  test.each([
    ['https://generativelanguage.googleapis.com/v1beta', 'gemini', 'models/m:predict'],
    ['https://generativelanguage.googleapis.com', 'gemini', 'v1beta/models/m:predict'],
    ['https://gateway.example/google', 'gemini', 'v1beta/models/m:predict'],
    ['https://gateway.example/v1beta1/google', 'gemini', 'models/m:predict'],
    ['https://aiplatform.googleapis.com/v1/projects/p/locations/l', 'vertex', 'publishers/google/models/m:predict'],
    [
      'https://us-east1-aiplatform.googleapis.com/v1/projects/p/locations/l',
      'gemini',
      'publishers/google/models/m:predict',
    ],
    ['https://aiplatform.googleapis.com/projects/p/locations/l', 'vertex', 'v1/publishers/google/models/m:predict'],
    ['https://aiplatform.googleapis.com/v1/publishers/google', 'vertex', 'models/m:predict'],
  ])('below %s in region %s', (baseURL, region, path) => {
    expect(methodPath({ baseURL, region }, 'm', 'predict')).toBe(path);
    expect(methodPath({ baseURL, region }, 'models/m', 'predict')).toBe(path);
  });

  test('Vertex without a project is a matter of configuration', () => {
    for (const baseURL of ['https://aiplatform.googleapis.com/v1', 'https://aiplatform.googleapis.com/v1/projects/p']) {
      expect(() => methodPath({ baseURL, region: 'vertex' }, 'm', 'x')).toThrow(
        expect.objectContaining({ code: 'config' }),
      );
    }
  });

  test('no id leads out of the path', () => {
    fc.assert(
      fc.property(fc.string({ minLength: 1 }), (id) => {
        const path = methodPath({ baseURL: 'https://g.example', region: 'gemini' }, id, 'x');
        expect(path).toMatch(/^v1beta\/models\/[^/?#]*:x$/);
      }),
    );
  });
});

describe('successes', () => {
  const picture = (data: string, more = {}) => ({ inlineData: { mimeType: 'image/png', data }, ...more });
  const read = (parts: unknown[], more = {}, options = {}, region = 'gemini') =>
    fromWire(
      envelope(200),
      readAnswer(envelope(200), { candidates: [{ finishReason: 'STOP', content: { parts } }], ...more }),
      { limits: { wire: { usdPerMillion: { in: 1, textOut: 10, imageOut: 100 } } }, options },
      region,
    );

  test('the pictures that are no drafts are the result', () => {
    const result = read([
      { text: 'Planning', thought: true },
      picture('d1', { thought: true }),
      { text: 'Here: ' },
      picture('p1'),
      { text: 'better' },
      picture('p2', { thoughtSignature: new Uint8Array(5000) }),
      picture('d2', { thought: true }),
    ]);
    expect(result.outputs).toEqual([
      { base64: 'p1', mediaType: 'image/png' },
      { base64: 'p2', mediaType: 'image/png' },
    ]);
    expect(result.metadata).toEqual({ text: 'Here: better', pictures: 2, drafts: 2 });
  });

  test('a draft is the result if there is nothing else', () => {
    const result = read([picture('d1', { thought: true }), picture('d2', { thought: true })]);
    expect(result.outputs).toMatchObject([{ base64: 'd2' }]);
    expect(result.metadata).toEqual({ drafts: 2, onlyDraft: true });
    expect(result.warnings).toMatchObject([{ code: 'provider', message: expect.stringContaining('its drafts') }]);
  });

  test('what is inline and no picture is passed over', () => {
    const result = read([picture('p1'), { inlineData: { mimeType: 'audio/wav', data: 'a' } }]);
    expect(result.outputs).toMatchObject([{ base64: 'p1' }]);
  });

  test('bytes that arrive decoded are taken as they are', () => {
    const bytes = new Uint8Array([1, 2]);
    expect(read([{ inlineData: { mimeType: 'image/jpeg', data: bytes } }]).outputs).toEqual([
      { base64: bytes, mediaType: 'image/jpeg' },
    ]);
  });

  const usageMetadata = {
    promptTokenCount: 30,
    candidatesTokenCount: 1150,
    thoughtsTokenCount: 200,
    candidatesTokensDetails: [
      { modality: 'IMAGE', tokenCount: 1120 },
      { modality: 'TEXT', tokenCount: 30 },
    ],
  };

  test('the cost is that of the tokens, thoughts included', () => {
    expect(read([picture('p')], { usageMetadata })).toMatchObject({
      usage: { textIn: 30, textOut: 230, imageOut: 1120 },
      cost: { amount: 0.11433, currency: 'USD', estimated: true },
    });
  });

  test.each([
    ['searches are billed beside it', {}, { grounding: 'web' }, 'gemini'],
    ['prices are not those of Vertex', {}, {}, 'vertex'],
    ['the picture has no tokens', { candidatesTokensDetails: [] }, {}, 'gemini'],
  ])('no cost is told where %s', (_, counts, options, region) => {
    const result = read([picture('p')], { usageMetadata: { ...usageMetadata, ...counts } }, options, region);
    expect(result.usage).toBeDefined();
    expect(result.cost).toBeUndefined();
  });

  test('pictures that were given count as input', () => {
    const promptTokensDetails = [{ modality: 'IMAGE', tokenCount: 20 }];
    const result = read([picture('p')], { usageMetadata: { ...usageMetadata, promptTokensDetails } });
    expect(result.usage).toEqual({ textIn: 10, imageIn: 20, textOut: 230, imageOut: 1120 });
    expect(result.cost).toEqual({ amount: 0.11433, currency: 'USD', estimated: true });
  });

  const priced = Object.entries<ModelCapabilities>(models).filter(([, { wire }]) => wire?.usdPerMillion);

  test.each(priced)('with %s more tokens never cost less, and thoughts cost something', (_, limits) => {
    const tokens = fc.nat({ max: 100_000 });
    const costOf = (textIn: number, imageIn: number, thoughts: number, imageOut: number) => {
      const usageMetadata = {
        promptTokenCount: textIn + imageIn,
        promptTokensDetails: [{ modality: 'IMAGE', tokenCount: imageIn }],
        candidatesTokenCount: imageOut,
        thoughtsTokenCount: thoughts,
        candidatesTokensDetails: [{ modality: 'IMAGE', tokenCount: imageOut }],
      };
      const body = { candidates: [{ content: { parts: [picture('p')] } }], usageMetadata };
      const read = readAnswer(envelope(200), body);
      return fromWire(envelope(200), read, { limits, options: {} }, 'gemini').cost!.amount;
    };
    fc.assert(
      fc.property(tokens, tokens, tokens, fc.integer({ min: 1, max: 10_000 }), (text, image, thoughts, out) => {
        const plain = costOf(0, 0, 0, out);
        const withText = costOf(text, 0, 0, out);
        expect(withText).toBeGreaterThanOrEqual(plain);
        expect(costOf(text, image, 0, out)).toBeGreaterThanOrEqual(withText);
        expect(costOf(text, image, 1000 + thoughts, out)).toBeGreaterThan(costOf(text, image, 0, out));
      }),
    );
  });

  test('the sources of a search are kept', () => {
    const groundingMetadata = { webSearchQueries: ['boats'] };
    const body = { candidates: [{ content: { parts: [picture('p')] }, groundingMetadata }] };
    const result = fromWire(envelope(200), readAnswer(envelope(200), body), { limits: {}, options: {} }, 'gemini');
    expect(result.metadata).toEqual({ groundingMetadata });
  });
});

describe('what is said beside a picture', () => {
  const anything = (names: readonly string[]) =>
    fc.record(Object.fromEntries(names.map((name) => [name, fc.jsonValue()])), { requiredKeys: [] });
  const inlineData = { mimeType: 'image/png', data: 'p1' };
  const outputsOf = (body: unknown) =>
    fromWire(envelope(200), readAnswer(envelope(200), body), { limits: {}, options: {} }, 'gemini').outputs;

  test('does not lose it, whatever it is', () => {
    const beside = anything(['promptFeedback', 'usageMetadata', 'modelVersion', 'responseId', 'error', 'createTime']);
    const besideContent = anything(['finishReason', 'finishMessage', 'safetyRatings', 'groundingMetadata', 'index']);
    const inPart = anything(['thought', 'text', 'thoughtSignature']);
    fc.assert(
      fc.property(beside, besideContent, inPart, fc.jsonValue(), (odd, oddCandidate, oddPart, other) => {
        const content = { role: other, parts: [other, { ...oddPart, inlineData }, { text: other }] };
        const body = { ...odd, candidates: [{ ...oddCandidate, content }, other] };
        expect(outputsOf(body)).toMatchObject([{ base64: 'p1' }]);
      }),
    );
  });

  test('does not lose it where it names a reason or an error, or the type of the picture is missing', () => {
    const candidates = [{ content: { parts: [{ inlineData: { mimeType: 5, data: 'p1' } }] } }];
    const oddities = [
      { promptFeedback: { blockReason: 'OTHER' } },
      { promptFeedback: { blockReason: 4, safetyRatings: 'none' } },
      { error: { code: 1, message: 'slow' } },
    ];
    for (const odd of oddities) expect(outputsOf({ ...odd, candidates })).toEqual([{ base64: 'p1' }]);
  });

  test('counts that cannot be are no usage', () => {
    const candidates = [{ content: { parts: [{ inlineData }] } }];
    const usageMetadata = { promptTokenCount: 3, thoughtsTokenCount: -9 };
    const read = readAnswer(envelope(200), { candidates, usageMetadata });
    expect(fromWire(envelope(200), read, { limits: {}, options: {} }, 'gemini')).not.toHaveProperty('usage');
  });

  test('an error that says nothing is none', () => {
    for (const error of [null, '', {}, false]) {
      expect(thrown(() => outputsOf({ error }))).toMatchObject({ code: 'bad-response', mayHaveBeenBilled: true });
    }
  });

  test('Imagen: does not lose it, whatever it is', () => {
    const beside = anything(['mimeType', 'raiFilteredReason', 'prompt', 'safetyAttributes']);
    fc.assert(
      fc.property(beside, fc.jsonValue(), fc.jsonValue(), (odd, error, other) => {
        const body = { error, deployedModelId: other, predictions: [{ ...odd, bytesBase64Encoded: 'p1' }, other] };
        expect(fromPredict(envelope(200), body, 1).outputs[0]).toMatchObject({ base64: 'p1' });
      }),
    );
  });

  test('a page that does not exist is one of the base URL, not of the model', () => {
    expect(serviceError(envelope(404), undefined).hint).toContain('base URL');
    expect(serviceError(envelope(404), { error: { status: 'NOT_FOUND' } }).hint).not.toContain('base URL');
  });
});

describe('answers without a picture', () => {
  const failure = (body: unknown) =>
    thrown(() => fromWire(envelope(200), readAnswer(envelope(200), body), { limits: {}, options: {} }, 'gemini'));

  test.each(['SAFETY', 'OTHER', 'BLOCKLIST', 'PROHIBITED_CONTENT', 'IMAGE_SAFETY', 'MODEL_ARMOR', 'JAILBREAK'])(
    'a prompt blocked for %s',
    (blockReason) => {
      expect(failure({ promptFeedback: { blockReason }, responseId: 'r-1' })).toMatchObject({
        code: 'content-blocked',
        serviceCode: blockReason,
        requestId: 'r-1',
        details: { stage: 'prompt', reason: blockReason },
        retryable: false,
        mayHaveBeenBilled: false,
      });
    },
  );

  // docs/providers/google.md section 3.2.
  const sheet: Record<string, string> = {
    'content-blocked':
      'SAFETY IMAGE_SAFETY PROHIBITED_CONTENT IMAGE_PROHIBITED_CONTENT BLOCKLIST SPII RECITATION IMAGE_RECITATION',
    'invalid-request': 'LANGUAGE MAX_TOKENS',
    'server retry': 'NO_IMAGE IMAGE_OTHER OTHER MALFORMED_FUNCTION_CALL UNEXPECTED_TOOL_CALL TOO_MANY_TOOL_CALLS',
  };
  const rows = Object.entries(sheet).flatMap(([kind, reasons]) =>
    reasons.split(' ').map((reason) => [reason, ...kind.split(' ')] as const),
  );

  test('every reason of the sheet is known, and no other', () => {
    expect(Object.keys(finishReasons).sort()).toEqual(rows.map(([reason]) => reason).sort());
  });

  test.each(rows)('a candidate that ended with %s is %s %s', (finishReason, code, retry) => {
    const ratings = [{ category: 'HARM_CATEGORY_HARASSMENT', probability: 'HIGH', blocked: true }];
    const candidate = {
      finishReason,
      finishMessage: 'as told',
      safetyRatings: ratings,
      content: { parts: [{ text: 'I tried.' }] },
    };
    const error = failure({ candidates: [candidate] });
    expect(error).toMatchObject({
      code,
      serviceCode: finishReason,
      message: expect.stringContaining('as told'),
      details: { stage: 'candidate', text: 'I tried.', safetyRatings: ratings },
      retryable: retry === 'retry',
      mayHaveBeenBilled: true,
    });
    expect(error.hint).toMatch(/\.$/);
  });

  test.each([
    ["I'm sorry, but I can't create that image.", 'content-blocked'],
    ['I cannot fulfil this request.', 'content-blocked'],
    ['This goes against my guidelines.', 'content-blocked'],
    ['抱歉，我无法生成这张图片。', 'content-blocked'],
    ['A paper boat is folded from paper.', 'bad-response'],
    ['Canterbury is a city.', 'bad-response'],
  ])('the words %j are %s', (words, code) => {
    expect(failure({ candidates: [{ finishReason: 'STOP', content: { parts: [{ text: words }] } }] })).toMatchObject({
      code,
      details: { stage: 'text', text: words },
      mayHaveBeenBilled: true,
    });
  });

  test('thoughts are no words of the answer', () => {
    const parts = [{ text: 'I cannot decide', thought: true }];
    expect(failure({ candidates: [{ finishReason: 'STOP', content: { parts } }] })).toMatchObject({
      code: 'bad-response',
      details: { stage: 'candidate' },
    });
  });

  test.each([
    {},
    { candidates: [] },
    { candidates: null },
    { candidates: [{ finishReason: 'NEW_REASON' }] },
    { candidates: [{ finishReason: 'constructor' }] },
  ])('%j may have been billed', (body) =>
    expect(failure(body)).toMatchObject({ code: 'bad-response', mayHaveBeenBilled: true }),
  );

  test('an answer in another form is a bad response', () => {
    expect(failure({ candidates: 'none' })).toMatchObject({ code: 'bad-response', mayHaveBeenBilled: true });
  });
});

describe('the error map', () => {
  const info = (reason: string) => ({ '@type': 'type.googleapis.com/google.rpc.ErrorInfo', reason });
  const quota = (quotaId: string) => ({ '@type': 'x/google.rpc.QuotaFailure', violations: [{ quotaId }] });

  // docs/providers/google.md section 6: status, its name, message, details, code, retryable, may have been billed.
  test.each([
    [400, 'INVALID_ARGUMENT', 'API key not valid.', [info('API_KEY_INVALID')], 'auth', false, false],
    [400, 'INVALID_ARGUMENT', 'API key not valid. Please pass a valid one.', [], 'auth', false, false],
    [400, 'INVALID_ARGUMENT', 'Unknown name "responseModalities"', [], 'invalid-request', false, false],
    [400, 'INVALID_ARGUMENT', 'Unable to process input image', [], 'invalid-request', false, false],
    [400, 'INVALID_ARGUMENT', 'Imagen is only accessible to billed users', [], 'permission', false, false],
    [400, '', 'refused', [info('PUBLIC_ERROR_UNSAFE_GENERATION')], 'content-blocked', false, false],
    [400, 'INVALID_ARGUMENT', 'The prompt violates the usage policies', [], 'content-blocked', false, false],
    [400, 'FAILED_PRECONDITION', 'User location is not supported', [], 'permission', false, false],
    [400, 'INVALID_ARGUMENT', 'Request payload size exceeds the limit', [], 'invalid-request', false, false],
    [401, 'UNAUTHENTICATED', 'invalid authentication credentials', [], 'auth', false, false],
    [403, 'PERMISSION_DENIED', "doesn't allow unregistered callers", [], 'auth', false, false],
    [403, 'PERMISSION_DENIED', 'API not enabled', [info('SERVICE_DISABLED')], 'permission', false, false],
    [403, 'PERMISSION_DENIED', 'Your API key was reported as leaked', [], 'permission', false, false],
    [404, 'NOT_FOUND', 'models/x is not found', [], 'not-found', false, false],
    [413, '', 'too large', [], 'invalid-request', false, false],
    [429, 'RESOURCE_EXHAUSTED', 'Quota exceeded', [quota('RequestsPerDayPerProject')], 'quota', false, false],
    [429, 'RESOURCE_EXHAUSTED', 'Quota exceeded, limit: 0, model: x', [], 'quota', false, false],
    [429, 'RESOURCE_EXHAUSTED', 'Your spend cap is reached', [], 'quota', false, false],
    [429, 'RESOURCE_EXHAUSTED', 'Quota exceeded, limit: 10', [quota('RequestsPerMinute')], 'rate-limit', true, false],
    [429, 'RESOURCE_EXHAUSTED', 'No capacity', [info('MODEL_CAPACITY_EXHAUSTED')], 'unavailable', true, false],
    [499, 'CANCELLED', 'cancelled', [], 'aborted', false, false],
    [500, 'INTERNAL', 'internal', [], 'server', true, true],
    [503, 'UNAVAILABLE', 'The model is overloaded', [], 'unavailable', true, false],
    [504, 'DEADLINE_EXCEEDED', 'late', [], 'timeout', true, true],
  ])('%i %s "%s" %j means %s', (status, name, message, details, code, retryable, mayHaveBeenBilled) => {
    const error = { code: status, message, ...(name && { status: name }), details };
    const reason = details.find((each) => 'reason' in each)?.reason;
    for (const body of [{ error }, [{ error }]]) {
      const failure = thrown(() => readAnswer(envelope(status), body));
      expect(failure).toMatchObject({ code, retryable, mayHaveBeenBilled, status });
      expect(failure.serviceCode).toBe(reason ?? (name || undefined));
      expect(failure.message).toContain(message);
      expect(failure.hint).toMatch(/\.$/);
    }
  });

  test.each([
    [401, 'auth', false, false],
    [403, 'permission', false, false],
    [404, 'not-found', false, false],
    [408, 'timeout', true, true],
    [422, 'invalid-request', false, false],
    [429, 'rate-limit', true, false],
    [500, 'server', true, true],
    [502, 'server', true, true],
    [503, 'unavailable', true, true],
    [504, 'timeout', true, true],
  ])('without a body, HTTP %i means %s', (status, code, retryable, mayHaveBeenBilled) => {
    expect(serviceError(envelope(status), undefined)).toMatchObject({ code, retryable, mayHaveBeenBilled, status });
  });

  test('every code has a hint that is a sentence, whatever the status', () => {
    for (const reason of Object.keys(errorCodes)) {
      for (const status of [400, 403, 429, 499, 503]) {
        expect(serviceError(envelope(status), { error: { details: [{ reason }] } }).hint).toMatch(/^[A-Z].*\.$/s);
      }
    }
  });

  test('the flat form of the newer API is read too', () => {
    const error = { code: 'invalid_request', message: 'no such field' };
    expect(serviceError(envelope(400), { error })).toMatchObject({
      code: 'invalid-request',
      serviceCode: 'invalid_request',
      message: expect.stringContaining('no such field'),
    });
  });

  test('fields and quotas are in the details', () => {
    const details = [{ fieldViolations: [{ field: 'seed', description: 'too large' }] }, quota('PerDay')];
    expect(serviceError(envelope(400), { error: { message: 'x', details } })).toMatchObject({
      details: { violations: [{ field: 'seed', description: 'too large' }, { quotaId: 'PerDay' }] },
    });
  });

  test('an error told with status 200 is an error', () => {
    expect(thrown(() => readAnswer(envelope(200), { error: { code: 500, message: 'x' } }))).toMatchObject({
      code: 'server',
    });
  });

  test('the wait is that of the details, else of the message, else of the header', () => {
    const wait = (error: unknown) => serviceError(envelope(429, { 'retry-after': '9' }), { error }).retryAfter;
    const message = 'Please retry in 37.4s.';
    expect(wait({ message, details: [{ retryDelay: '0.5s' }] })).toBe(500);
    expect(wait({ message })).toBe(37_400);
    expect(wait({ message: 'Quota exceeded' })).toBe(9_000);
  });

  test('any delay is read to the millisecond', () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 86_400_000 }), (ms) => {
        const details = [{ retryDelay: `${(ms / 1000).toFixed(3)}s` }];
        const { retryAfter } = serviceError(envelope(429), { error: { message: 'x', details } });
        expect(Math.abs(retryAfter! - ms)).toBeLessThanOrEqual(1);
      }),
    );
  });

  test('no body breaks the reading', () => {
    fc.assert(
      fc.property(fc.jsonValue(), fc.integer({ min: 400, max: 599 }), (error, status) => {
        expect(serviceError(envelope(status), { error }).status).toBe(status);
        expect(serviceError(envelope(status), error).status).toBe(status);
      }),
    );
  });
});

describe('Imagen', () => {
  test('takes as many pictures as one call gives', () => {
    expect(toPredict({ ...call, n: 3 })).toEqual({
      instances: [{ prompt: 'a paper boat' }],
      parameters: { sampleCount: 3, includeRaiReason: true },
    });
  });

  test.each([
    ['seed', { seed: 1 }],
    ['images', { images: [{ as: 'url' as const, url: 'https://a.example/b.png' }] }],
    ['providerOptions.safety', { options: { safety: 'OFF' } }],
  ])('has no %s', (word, words) => {
    expect(() => toPredict({ ...call, ...words })).toThrow(
      expect.objectContaining({ code: 'unsupported', message: expect.stringContaining(word) }),
    );
  });

  test('what was filtered, with or without a word about it, is one error for each picture', () => {
    const body = {
      predictions: [
        { contentType: 'Positive Prompt', safetyAttributes: { categories: ['x'], scores: [0.1] } },
        { bytesBase64Encoded: 'a', mimeType: 'image/png' },
        { raiFilteredReason: 'violates the policy' },
      ],
    };
    const blocked = expect.objectContaining({ code: 'content-blocked', mayHaveBeenBilled: true });
    expect(fromPredict(envelope(200), body, 3).outputs).toEqual([
      { base64: 'a', mediaType: 'image/png' },
      { error: expect.objectContaining({ details: { stage: 'candidate', reason: 'violates the policy' } }) },
      { error: blocked },
    ]);
    for (const empty of [{}, { predictions: [] }, { predictions: null }]) {
      expect(fromPredict(envelope(200), empty, 1).outputs).toEqual([{ error: blocked }]);
    }
  });

  test('errors are those of the service', () => {
    const error = { code: 404, status: 'NOT_FOUND', message: 'gone' };
    expect(thrown(() => fromPredict(envelope(404), { error }, 1))).toMatchObject({ code: 'not-found' });
  });

  test('at Google itself it is not asked for', () => {
    for (const host of ['generativelanguage.googleapis.com', 'us-central1-aiplatform.googleapis.com']) {
      expect(() => refuseImagenAtGoogle({ baseURL: `https://${host}/v1` })).toThrow(
        expect.objectContaining({ code: 'not-found', hint: expect.stringContaining('gemini-nano-banana-2.1') }),
      );
    }
    for (const host of ['gateway.example', 'notgoogleapis.com', '127.0.0.1:4000']) {
      expect(() => refuseImagenAtGoogle({ baseURL: `https://${host}/v1` })).not.toThrow();
    }
  });
});

test.each([
  [{ promptFeedback: { blockReason: 'SAFETY' } }, 'content-blocked'],
  [{ candidates: [{ finishReason: 'PROHIBITED_CONTENT' }] }, 'content-blocked'],
  [{ candidates: [{ finishReason: 'MAX_TOKENS', content: { parts: [{ text: 'half' }] } }] }, 'invalid-request'],
  [{ candidates: [{ finishReason: 'STOP', content: { parts: [{ text: ' ' }] } }] }, 'bad-response'],
  [{ candidates: [] }, 'bad-response'],
])('the text model answering %j is an error', (body, code) => {
  expect(thrown(() => readText(envelope(200), readAnswer(envelope(200), body)))).toMatchObject({ code });
});

test('the thoughts of the text model are no text', () => {
  const parts = [{ text: 'Hm.', thought: true }, { text: 'A paper ' }, { text: 'boat' }];
  const body = readAnswer(envelope(200), { candidates: [{ finishReason: 'STOP', content: { parts } }] });
  expect(readText(envelope(200), body)).toEqual({ text: 'A paper boat' });
});

function thrown(work: () => unknown): ImageError {
  try {
    work();
  } catch (error) {
    if (ImageError.isInstance(error)) return error;
    throw error;
  }
  throw new Error('no error');
}
