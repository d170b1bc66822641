import { drawTestCard, type Emulator, pngSize } from '@anyimage/testkit';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { emulator as openai } from './emulator.ts';

let today = '2026-11-20';
let service: Emulator;
beforeAll(async () => {
  service = await openai.start({ clock: { now: () => Date.parse(today), sleep: async () => {} } });
});
afterEach(() => {
  today = '2026-11-20';
  service.reset();
});
afterAll(() => service.close());

interface Answer {
  readonly status: number;
  readonly type: string;
  readonly requestId: string | null;
  readonly text: string;
  readonly body: { [name: string]: unknown } & {
    error?: { message: string; type: string; param: string | null; code: string | null };
    data?: { b64_json: string }[];
  };
}

async function call(path: string, body?: unknown, authorization = 'Bearer test-key'): Promise<Answer> {
  const isForm = body instanceof FormData;
  const answer = await fetch(`${service.baseURL}/${path}`, {
    method: body === undefined ? 'GET' : 'POST',
    headers: { ...(authorization && { authorization }), ...(!isForm && { 'content-type': 'application/json' }) },
    ...(body !== undefined && { body: isForm ? body : JSON.stringify(body) }),
  });
  const text = await answer.text();
  const type = answer.headers.get('content-type') ?? '';
  const requestId = answer.headers.get('x-request-id');
  return { status: answer.status, type, requestId, text, body: type.includes('json') ? JSON.parse(text) : {} };
}
const generate = (fields: object) =>
  call('images/generations', { model: 'gpt-image-2.5-flare', prompt: 'A red kite', ...fields });
const codeOf = ({ status, body: { error } }: Answer) => [status, error?.code];
const ok = [200, undefined];
const sizeOf = ({ body }: Answer, index = 0) => pngSize(Buffer.from(body.data![index]!.b64_json, 'base64'));

const boat = drawTestCard({ prompt: 'a boat', width: 320, height: 256 });
/** Of colour type 6 by its header, which is all that is looked at. */
const clear = Uint8Array.from(boat, (byte, at) => (at === 25 ? 6 : byte));
const file = (bytes: Uint8Array, type = 'image/png') => new Blob([Uint8Array.from(bytes)], { type });

function form(fields: Record<string, string | Blob | Blob[]>): FormData {
  const made = new FormData();
  for (const [name, value] of Object.entries({ model: 'gpt-image-2.6-flare', prompt: 'at night', ...fields })) {
    for (const each of [value].flat())
      typeof each === 'string' ? made.append(name, each) : made.append(name, each, 'a.png');
  }
  return made;
}
const edit = (fields: Record<string, string | Blob | Blob[]>) => call('images/edits', form(fields));

describe('POST images/generations', () => {
  it('answers in the documented form, with base64 alone', async () => {
    const answer = await generate({ n: 2, size: '1536x864', quality: 'low', user: 'u-1' });
    expect(answer.body).toEqual({
      created: Date.parse(today) / 1000,
      background: 'opaque',
      output_format: 'png',
      size: '1536x864',
      quality: 'low',
      data: [{ b64_json: expect.any(String) }, { b64_json: expect.any(String) }],
      usage: {
        input_tokens: 3,
        output_tokens: 590,
        total_tokens: 593,
        input_tokens_details: { text_tokens: 3, image_tokens: 0 },
      },
    });
    expect(answer.requestId).toMatch(/^req-/);
    expect([sizeOf(answer), sizeOf(answer, 1)]).toEqual(Array(2).fill({ width: 1536, height: 864 }));
    expect(answer.body.data![0]).not.toEqual(answer.body.data![1]);
    expect(service.submissions).toBe(1);
    expect(service.spent).toBeCloseTo((3 * 5 + 590 * 30) / 1e6);
  });

  it.each([
    ['response_format', { response_format: 'b64_json' }, 'unknown_parameter'],
    ['a seed', { seed: 1 }, 'unknown_parameter'],
    ['no prompt', { prompt: undefined }, 'missing_required_parameter'],
    ['a size that is too small', { size: '512x512' }, 'invalid_value'],
    ['a size that is no multiple of 16', { size: '1920x1080' }, 'invalid_value'],
    ['an unknown quality', { quality: 'hd' }, 'invalid_value'],
    ['max of gpt-image-2', { model: 'gpt-image-2', quality: 'max' }, 'invalid_value'],
    ['complexity of 2.5', { complexity: 'low' }, 'unknown_parameter'],
    ['11 pictures', { n: 11 }, 'invalid_value'],
    ['transparent jpeg', { background: 'transparent', output_format: 'jpeg' }, 'invalid_value'],
    ['compression of png', { output_compression: 50 }, 'invalid_value'],
    ['a gif of 2.5', { output_format: 'gif' }, 'invalid_value'],
    ['frames of no gif', { model: 'gpt-image-2.6-flare', frame_count: 3 }, 'invalid_value'],
    ['partial pictures without a stream', { partial_images: 1 }, 'invalid_value'],
    ['several pictures in one stream', { stream: true, n: 2 }, 'invalid_value'],
    ['4 partial pictures', { stream: true, partial_images: 4 }, 'invalid_value'],
    ['input_fidelity', { input_fidelity: 'high' }, 'unknown_parameter'],
    ['32,001 characters', { prompt: 'a'.repeat(32_001) }, 'string_above_max_length'],
    ['unsafe words', { prompt: 'something [unsafe]' }, 'moderation_blocked'],
  ])('refuses %s', async (_, fields, code) => {
    expect(codeOf(await generate(fields))).toEqual([400, code]);
    expect(service.submissions).toBe(0);
  });

  it.each(['dall-e-2', 'dall-e-3', 'gpt-image-1', undefined])('does not know the model %s', async (model) => {
    expect(codeOf(await generate({ model }))).toEqual([404, 'model_not_found']);
  });

  it('knows gpt-image-1.5 until its last day', async () => {
    const old = () => generate({ model: 'gpt-image-1.5', size: '1024x1536' });
    today = '2026-11-30';
    expect(codeOf(await old())).toEqual(ok);
    today = '2026-12-01';
    expect(codeOf(await old())).toEqual([404, 'model_not_found']);
    expect((await call('models')).text).not.toContain('gpt-image-1.5');
  });

  it.each([
    ['jpeg', /^\xff\xd8/],
    ['webp', /^RIFF.{4}WEBPVP8L/s],
    ['gif', /^GIF89a/],
    ['svg', /^<svg /],
  ])('makes %s', async (output_format, start) => {
    const { body } = await generate({ model: 'gpt-image-2.6-sunburst', output_format });
    expect(body.output_format).toBe(output_format);
    expect(Buffer.from(body.data![0]!.b64_json, 'base64').toString('latin1')).toMatch(start);
  });
});

describe('a stream', () => {
  it('has partial pictures, then the last one with its usage', async () => {
    const { text, type } = await generate({ stream: true, partial_images: 2, quality: 'low' });
    expect(type).toContain('text/event-stream');
    const events = text
      .trim()
      .split('\n\n')
      .map((event) => event.split('\n'));
    expect(events.map(([name]) => name)).toEqual([
      'event: image_generation.partial_image',
      'event: image_generation.partial_image',
      'event: image_generation.completed',
    ]);
    const data = events.map(([, line]) => JSON.parse(line!.slice('data: '.length)));
    expect(data[1]).toMatchObject({
      type: 'image_generation.partial_image',
      partial_image_index: 1,
      size: '1024x1024',
      quality: 'low',
      background: 'opaque',
      output_format: 'png',
      created_at: Date.parse(today) / 1000,
    });
    expect(data[2].usage).toMatchObject({ output_tokens: 233 + 200 });
  });

  it('of an edit has names of its own, and may end in an error', async () => {
    const { text } = await edit({ image: file(boat), stream: 'true', partial_images: '1', prompt: 'a [late] one' });
    expect(text.match(/^event: .*/gm)).toEqual(['event: image_edit.partial_image', 'event: error']);
    expect(text).toContain('moderation_blocked');
  });
});

describe('POST images/edits', () => {
  it('takes one file as image, several as image[], and numbers as text', async () => {
    expect(codeOf(await edit({ image: file(boat) }))).toEqual(ok);
    const answer = await edit({ 'image[]': [file(boat), file(boat)], size: '1920x1088', n: '2' });
    expect([answer.body.data?.length, sizeOf(answer)]).toEqual([2, { width: 1920, height: 1088 }]);
  });

  it('takes a mask or markup with alpha', async () => {
    expect(codeOf(await edit({ image: file(boat), mask: file(clear) }))).toEqual(ok);
    expect(codeOf(await edit({ image: file(boat), markup: file(clear) }))).toEqual(ok);
  });

  const small = drawTestCard({ prompt: 'x', width: 64, height: 64 });
  it.each<[string, Record<string, string | Blob | Blob[]>, string]>([
    ['no picture', {}, 'missing_required_parameter'],
    ['17 pictures', { 'image[]': Array<Blob>(17).fill(file(boat)) }, 'invalid_value'],
    ['a picture that is text', { image: 'AAAA' }, 'invalid_value'],
    ['a file without its type', { image: file(boat, 'application/octet-stream') }, 'unsupported_image_media_type'],
    ['a file of another type', { image: file(boat, 'image/webp') }, 'unsupported_image_media_type'],
    ['a mask without alpha', { image: file(boat), mask: file(boat) }, 'invalid_image_format'],
    ['a mask of another size', { image: file(small), mask: file(clear) }, 'invalid_value'],
    ['a mask and markup', { image: file(boat), mask: file(clear), markup: file(clear) }, 'invalid_value'],
    ['markup of gpt-image-2', { model: 'gpt-image-2', image: file(boat), markup: file(clear) }, 'unknown_parameter'],
    ['a gif with a mask', { image: file(boat), mask: file(clear), output_format: 'gif' }, 'invalid_value'],
    ['a number that is none', { image: file(boat), n: 'two' }, 'invalid_value'],
    ['a file of another name', { image: file(boat), picture: file(boat) }, 'unknown_parameter'],
    ['input_fidelity of 2.6', { image: file(boat), input_fidelity: 'high' }, 'unknown_parameter'],
  ])('refuses %s', async (_, fields, code) => {
    expect(codeOf(await edit(fields))).toEqual([400, code]);
  });

  const json = (fields: object) => call('images/edits', { model: 'gpt-image-2', prompt: 'at night', ...fields });
  const image_url = 'https://example.invalid/a.png';
  it.each([
    ['a URL', { images: [{ image_url }] }, ok],
    [
      'a data URL and a file of the account',
      {
        images: [{ image_url: `data:image/png;base64,${Buffer.from(boat).toString('base64')}` }, { file_id: 'file-1' }],
      },
      ok,
    ],
    ['both in one', { images: [{ image_url, file_id: 'file-1' }] }, [400, 'invalid_value']],
    ['none', { images: [] }, [400, 'invalid_value']],
    ['no list', {}, [400, 'missing_required_parameter']],
    ['a size that JSON does not list', { images: [{ image_url }], size: '1536x864' }, [400, 'invalid_value']],
  ])('as JSON: %s', async (_, fields, code) => {
    expect(codeOf(await json(fields))).toEqual(code);
  });
});

it.each([
  ['Translate to English.', '雪山', 'A snowy mountain'],
  ['Translate to English.', 'ein Hut', '[in English] ein Hut'],
  ['Rewrite the text.', 'a hat', 'a hat, in soft morning light'],
])('a text model, told %j, makes of %s %s', async (system, user, content) => {
  const messages = [
    { role: 'system', content: system },
    { role: 'user', content: user },
  ];
  const { body } = await call('chat/completions', { model: 'some-text', messages });
  expect(body.choices).toMatchObject([{ message: { content } }]);
});

describe('access', () => {
  it('tells a missing key from a wrong one, in the documented envelope', async () => {
    expect(codeOf(await call('models', undefined, ''))).toEqual([401, null]);
    const { status, body } = await call('models', undefined, 'Bearer other-key');
    expect([status, body.error]).toEqual([
      401,
      { message: expect.any(String), type: 'invalid_request_error', param: null, code: 'invalid_api_key' },
    ]);
  });

  it('lists its models, with the last day of those that end', async () => {
    const { body } = await call('models');
    expect(body.data).toContainEqual(expect.objectContaining({ id: 'gpt-image-2.6-flare', object: 'model' }));
    expect((await call('models/gpt-image-1-mini')).body.shutdown_date).toBe('2026-12-01');
    expect(codeOf(await call('models/dall-e-3'))).toEqual([404, 'model_not_found']);
  });

  it('knows no other API', async () => {
    expect(codeOf(await call('images/variations', {}))).toEqual([404, null]);
  });
});
