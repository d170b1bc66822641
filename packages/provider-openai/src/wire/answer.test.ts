import type { Limits, ModelCapabilities, ProviderCall } from '@anyimage/core';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { models } from '../capabilities.ts';
import { fromWire } from './answer.ts';

const call: ProviderCall = {
  intent: 'i-0',
  model: 'some-model',
  operation: 'generate',
  limits: {},
  prompt: 'a red kite',
  n: 1,
  images: [],
  partials: 0,
  options: {},
};
const envelope = { status: 200, headers: new Headers({ 'x-request-id': 'r-1' }), now: 0 };
const read = (body: unknown, words: Partial<ProviderCall> = {}) => fromWire({ ...call, ...words }, envelope, body);
const bytes = new Uint8Array([1, 2, 3]);
const one = { data: [{ b64_json: 'AQID' }] };

describe('pictures', () => {
  test.each([
    ['OpenAI', { data: [{ b64_json: bytes }], output_format: 'webp' }, [{ base64: bytes, mediaType: 'image/webp' }]],
    ['a server with URLs', { data: [{ url: 'https://x.invalid/a.png' }] }, [{ url: 'https://x.invalid/a.png' }]],
    [
      'SiliconFlow',
      { images: [{ url: 'https://x.invalid/a.png' }], seed: 42 },
      [{ url: 'https://x.invalid/a.png', seed: 42 }],
    ],
    ['DeepInfra', { images: ['data:image/png;base64,AQID'] }, [{ base64: 'data:image/png;base64,AQID' }]],
    ['a data URL, decoded on its way', { data: [{ url: bytes }] }, [{ base64: bytes }]],
    ['bare text', { data: ['AQID', bytes] }, [{ base64: 'AQID' }, { base64: bytes }]],
    [
      'a rewritten prompt',
      { data: [{ b64_json: 'AQID', revised_prompt: 'a kite' }] },
      [{ base64: 'AQID', revisedPrompt: 'a kite' }],
    ],
    [
      'both lists',
      { data: [{ b64_json: 'AQID' }], images: [{ url: 'https://x.invalid/a.png' }] },
      [{ base64: 'AQID' }],
    ],
    [
      'null beside the picture',
      { data: [{ b64_json: 'AQID', url: null, revised_prompt: null }] },
      [{ base64: 'AQID' }],
    ],
  ])('of %s', (_, body, outputs) => {
    expect(read(body)).toEqual({
      outputs,
      requestId: 'r-1',
      ...('output_format' in body && { metadata: { outputFormat: 'webp' } }),
    });
  });

  test('nonsense beside them does not lose them', () => {
    const body = { ...one, usage: { input_tokens: 'many' }, size: 7, quality: null, seed: 'x' };
    expect(read(body)).toEqual({ outputs: [{ base64: 'AQID' }], requestId: 'r-1' });
  });

  test('whatever is said beside one, it is kept', () => {
    const anything = (names: readonly string[]) =>
      fc.record(Object.fromEntries(names.map((name) => [name, fc.jsonValue()])), { requiredKeys: [] });
    const words = ['size', 'quality', 'background', 'output_format'];
    const beside = anything(['created', 'usage', 'seed', 'error', 'id', ...words]);
    const source = fc.constantFrom({ b64_json: 'AQID' }, { url: 'https://x.invalid/a.png' });
    fc.assert(
      fc.property(beside, anything(['revised_prompt', 'id']), source, fc.jsonValue(), (odd, oddItem, item, other) => {
        const list = [other, { ...oddItem, ...item }];
        for (const body of [
          { ...odd, data: list },
          { ...odd, data: list, images: other },
          { ...odd, data: other === 'AQID' ? 0 : { other }, images: list },
        ]) {
          const expected = 'url' in item ? { url: item.url } : { base64: 'AQID' };
          expect(read(body).outputs).toContainEqual(expect.objectContaining(expected));
        }
      }),
    );
  });

  test('a format that is none of a picture is not declared', () => {
    for (const output_format of ['svg+xml', 'auto', '__proto__']) {
      expect(read({ ...one, output_format }).outputs).toEqual([{ base64: 'AQID' }]);
    }
  });

  test('counts that cannot be are no cost', () => {
    for (const cost_in_usd_ticks of [-1, '5', Number.POSITIVE_INFINITY]) {
      expect(read({ ...one, usage: { cost_in_usd_ticks } }).cost).toBeUndefined();
    }
  });

  test.each(['', {}, [], 0, false, null])('an error that says nothing (%j) is none', (error) => {
    expect(() => read({ error })).toThrow(expect.objectContaining({ code: 'bad-response', mayHaveBeenBilled: true }));
  });

  test.each([{}, { data: [] }, { data: null }, { data: [{}] }])('a success without one (%j) is an error', (body) => {
    expect(() => read(body)).toThrow(expect.objectContaining({ code: 'bad-response', mayHaveBeenBilled: true }));
  });

  test.each([[[]], ['text'], [null], [{ data: 'x' }], [{ data: [7] }]])(
    'another form (%j) is a bad response',
    (body) => {
      expect(() => read(body)).toThrow(expect.objectContaining({ code: 'bad-response', mayHaveBeenBilled: true }));
    },
  );

  test('an error told with status 200 is an error', () => {
    const body = { error: { code: 'invalid_value', message: 'no' } };
    expect(() => read(body)).toThrow(expect.objectContaining({ code: 'invalid-request' }));
  });
});

describe('xAI', () => {
  const limits: Limits = { wire: { emptyIsBlocked: true } };

  test('a picture that moderation holds back is an error of its own', () => {
    const body = {
      data: [
        { b64_json: 'AQID', respect_moderation: true },
        { url: '', respect_moderation: false },
      ],
    };
    expect(read(body, { limits }).outputs).toMatchObject([
      { base64: 'AQID' },
      { error: { code: 'content-blocked', mayHaveBeenBilled: true } },
    ]);
  });

  test('no picture at all is a refusal too', () => {
    expect(() => read({ data: [] }, { limits })).toThrow(
      expect.objectContaining({ code: 'content-blocked', requestId: 'r-1' }),
    );
  });

  test('tells what it cost', () => {
    expect(read({ ...one, usage: { cost_in_usd_ticks: 550_000_000 } }, { limits }).cost).toEqual({
      amount: 0.055,
      currency: 'USD',
      estimated: false,
    });
  });
});

describe('usage and cost', () => {
  const usage = {
    input_tokens: 220,
    output_tokens: 1100,
    total_tokens: 1320,
    input_tokens_details: { text_tokens: 20, image_tokens: 200 },
  };
  const limits: Limits = models['gpt-image-2.5-flare'];

  test('tokens are charged by kind', () => {
    const { usage: used, cost } = read({ ...one, usage }, { limits });
    expect(used).toEqual({ textIn: 20, imageIn: 200, imageOut: 1100 });
    expect(cost).toEqual({ amount: 0.0347, currency: 'USD', estimated: false });
    expect(read({ ...one, usage }, { limits: models['gpt-image-1-mini'] }).cost?.amount).toBe(0.00934);
  });

  test('without prices or details the cost is left to the estimate', () => {
    expect(read({ ...one, usage }).cost).toBeUndefined();
    expect(read({ ...one, usage }, { limits: models['gpt-image-1.5'] }).cost).toBeUndefined();
  });

  test('input without details is text, or, where pictures were given, counted as pictures', () => {
    const vague = { input_tokens: 220, output_tokens: 1100 };
    const plain = read({ ...one, usage: vague }, { limits });
    expect(plain.usage).toEqual({ textIn: 220, imageOut: 1100 });
    expect(plain.cost).toEqual({ amount: 0.0341, currency: 'USD', estimated: false });
    const edited = read({ ...one, usage: vague }, { limits, images: url });
    expect(edited.cost).toEqual({ amount: 0.03476, currency: 'USD', estimated: true });
  });

  test.each([
    ['both kinds', { text_tokens: 50, image_tokens: 1050 }],
    ['text alone', { text_tokens: 50 }],
  ])('text that the model wrote is charged by tokens, at most as pictures are (%s)', (_, output_tokens_details) => {
    const result = read({ ...one, usage: { ...usage, output_tokens_details } }, { limits });
    expect(result.usage).toEqual({ textIn: 20, imageIn: 200, textOut: 50, imageOut: 1050 });
    expect(result.cost).toEqual({ amount: 0.0347, currency: 'USD', estimated: true });
  });

  const priced = Object.entries<ModelCapabilities>(models).filter(([, { prices }]) =>
    prices?.some(({ per }) => per === '1M image out'),
  );

  test.each(priced)('of %s, whatever tokens are told are what it costs', (_, row) => {
    const tokens = fc.nat({ max: 20_000 });
    fc.assert(
      fc.property(tokens, tokens, tokens, fc.integer({ min: 1, max: 20_000 }), (textIn, imageIn, textOut, imageOut) => {
        const told = {
          input_tokens: textIn + imageIn,
          output_tokens: textOut + imageOut,
          input_tokens_details: { text_tokens: textIn, image_tokens: imageIn },
          output_tokens_details: { text_tokens: textOut, image_tokens: imageOut },
        };
        const { cost } = read({ ...one, usage: told }, { limits: row });
        const price = (per: string) => row.prices!.find((one) => one.per === per)!.amount / 1e6;
        const least = imageOut * price('1M image out') + textIn * price('1M text in') + imageIn * price('1M image in');
        expect(cost!.amount).toBeGreaterThanOrEqual(least - 1e-6);
        expect(cost!.estimated).toBe(textOut > 0);
      }),
    );
  });

  const url = [{ as: 'url', url: 'https://x.invalid/a.png' }] as const;

  // 220 tokens of input of which 200 are of pictures, 1100 of output, at 5, 8 and 30 US$ for a million, unless told otherwise.
  test.each([
    ['the details name text alone', { input_tokens_details: { text_tokens: 20 } }, 0.0347, false],
    ['the details name pictures alone', { input_tokens_details: { image_tokens: 200 } }, 0.0347, false],
    ['the details are empty', { input_tokens_details: {}, output_tokens_details: {} }, 0.03476, true],
    [
      'the details of the output are zeros',
      { output_tokens_details: { text_tokens: 0, image_tokens: 0 } },
      0.0347,
      true,
    ],
    ['those of the input are', { input_tokens_details: { text_tokens: 0, image_tokens: 0 } }, 0.03476, true],
    ['the output has pictures alone', { output_tokens_details: { image_tokens: 1100 } }, 0.0347, false],
    ['the output has fewer of them', { output_tokens_details: { image_tokens: 1000 } }, 0.0347, true],
    ['some were cached', { input_tokens_details: { ...usage.input_tokens_details, cached_tokens: 200 } }, 0.0347, true],
    ['none was cached', { input_tokens_details: { ...usage.input_tokens_details, cached_tokens: 0 } }, 0.0347, false],
    ['the output follows from the sum', { output_tokens: undefined }, 0.0347, false],
    ['all is in the sum', { output_tokens: null, input_tokens: null, input_tokens_details: null }, 0.0396, true],
    ['there is no sum', { input_tokens: undefined, output_tokens_details: { image_tokens: 1100 } }, 0.0347, false],
  ])('an edit costs what its tokens cost, or at most that, where %s', (_, more, amount, estimated) => {
    const { cost } = read({ ...one, usage: { ...usage, ...more } }, { limits, images: url });
    expect(cost).toEqual({ amount, currency: 'USD', estimated });
  });

  test.each([
    { output_tokens: 0 },
    { output_tokens: undefined, total_tokens: undefined },
    { output_tokens: 50, output_tokens_details: { text_tokens: 50, image_tokens: 0 } },
  ])('a picture without tokens of its own (%j) has no cost by tokens', (more) => {
    expect(read({ ...one, usage: { ...usage, ...more } }, { limits }).cost).toBeUndefined();
  });

  test('zeros are no usage', () => {
    expect(read({ ...one, usage: { input_tokens: 0, output_tokens: 0 } })).not.toHaveProperty('usage');
  });
});
