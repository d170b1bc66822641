import { drawTestCard, type Emulator, pngSize } from '@anyimage/testkit';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { emulator as google } from './emulator.ts';

let service: Emulator;
beforeAll(async () => {
  service = await google.start();
});
afterEach(() => service.reset());
afterAll(() => service.close());

interface Part {
  text?: string;
  thought?: boolean;
  inlineData?: { mimeType: string; data: string };
}
interface Body {
  candidates?: { finishReason?: string; content?: { parts: Part[] } }[];
  promptFeedback?: { blockReason: string };
  usageMetadata?: Record<string, unknown>;
  error?: { code: number; status: string; message: string; details?: Record<string, unknown>[] };
}

async function call(path: string, body?: unknown, headers: Record<string, string> = { 'x-goog-api-key': 'test-key' }) {
  const answer = await fetch(`${service.baseURL}/${path}`, {
    method: body === undefined ? 'GET' : 'POST',
    headers: { ...headers, 'content-type': 'application/json' },
    ...(body !== undefined && { body: typeof body === 'string' ? body : JSON.stringify(body) }),
  });
  return { status: answer.status, body: (await answer.json()) as Body };
}

const draw = 'v1beta/models/gemini-nano-banana-2.1:generateContent';
const saying = (text: string, fields: object = {}) => ({ contents: [{ role: 'user', parts: [{ text }] }], ...fields });
const generate = (fields: object = {}, model = 'gemini-nano-banana-2.1') =>
  call(`v1beta/models/${model}:generateContent`, saying('A red kite', fields));
const config = (generationConfig: object, model?: string) => generate({ generationConfig }, model);

function pictures({ candidates }: Body, thought: boolean) {
  const inline = (candidates?.[0]?.content?.parts ?? []).filter(
    (part) => part.inlineData && !!part.thought === thought,
  );
  return inline.map((part) => pngSize(Buffer.from(part.inlineData!.data, 'base64')));
}

describe('generateContent', () => {
  it('answers in the documented form, a draft before the picture', async () => {
    const { status, body } = await generate();
    expect(status).toBe(200);
    expect(body).toEqual({
      candidates: [
        {
          index: 0,
          finishReason: 'STOP',
          content: {
            role: 'model',
            parts: [
              { text: 'Planning the picture.', thought: true },
              { thought: true, inlineData: { mimeType: 'image/png', data: expect.any(String) } },
              { text: 'Here it is.' },
              { inlineData: { mimeType: 'image/png', data: expect.any(String) }, thoughtSignature: expect.any(String) },
            ],
          },
        },
      ],
      usageMetadata: {
        promptTokenCount: 14,
        candidatesTokenCount: 1120,
        thoughtsTokenCount: 200,
        totalTokenCount: 1334,
        candidatesTokensDetails: [{ modality: 'IMAGE', tokenCount: 1120 }],
      },
      modelVersion: 'gemini-nano-banana-2.1',
      responseId: expect.any(String),
    });
    expect(pictures(body, true)).toEqual([{ width: 64, height: 64 }]);
    expect(pictures(body, false)).toEqual([{ width: 1024, height: 1024 }]);
    expect(service).toMatchObject({ submissions: 1, currency: 'USD' });
    // The picture, and 200 tokens of thought at 7.50 a million; the prompt is a few more.
    expect(service.spent).toBeCloseTo(0.0336 + 0.0015, 4);
  });

  it('takes the names in snake case too', async () => {
    const { body } = await call(draw, {
      contents: [{ role: 'user', parts: [{ text: 'x' }] }],
      generation_config: {
        response_modalities: ['IMAGE'],
        image_config: { aspect_ratio: '21:9', image_size: '2K' },
        thinking_config: { thinking_level: 'minimal' },
      },
    });
    expect(pictures(body, false)).toEqual([{ width: 3168, height: 1344 }]);
    expect(body.candidates![0]!.content!.parts).toHaveLength(1);
  });

  it('keeps the shape of the first picture of an edit', async () => {
    const inlineData = {
      mimeType: 'image/png',
      data: Buffer.from(drawTestCard({ prompt: 'x', width: 160, height: 90 })).toString('base64'),
    };
    const { body } = await call(draw, { contents: [{ parts: [{ inlineData }, { text: 'make it blue' }] }] });
    expect(pictures(body, false)).toEqual([{ width: 1376, height: 768 }]);
  });

  it.each([
    ['1:8', 'gemini-nano-banana-2.1', 200],
    ['1:8', 'gemini-3-pro-image', 400],
    ['9:21', 'gemini-nano-banana-2.1', 400],
    ['16:9', 'gemini-3.1-flash-lite-image', 200],
  ])('aspectRatio %s of %s is %i', async (aspectRatio, model, status) => {
    expect((await config({ imageConfig: { aspectRatio } }, model)).status).toBe(status);
  });

  it.each([
    ['2K', 'gemini-nano-banana-2.1', 200],
    ['2k', 'gemini-nano-banana-2.1', 400],
    ['512', 'gemini-nano-banana-2.1', 400],
    ['512', 'gemini-3.1-flash-image', 200],
    ['2K', 'gemini-3.1-flash-lite-image', 400],
  ])('imageSize %s of %s is %i', async (imageSize, model, status) => {
    expect((await config({ imageConfig: { imageSize } }, model)).status).toBe(status);
  });

  it.each([
    ['medium', 'gemini-nano-banana-2.1', 200],
    ['HIGH', 'gemini-nano-banana-2.1', 200],
    ['medium', 'gemini-3.1-flash-image', 400],
    ['high', 'gemini-3-pro-image', 400],
    ['max', 'gemini-nano-banana-2.1', 400],
  ])('thinkingLevel %s of %s is %i', async (thinkingLevel, model, status) => {
    expect((await config({ thinkingConfig: { thinkingLevel } }, model)).status).toBe(status);
  });

  it.each([
    [{}, 'gemini-3-pro-image', 200],
    [{ searchTypes: { imageSearch: {} } }, 'gemini-nano-banana-2.1', 200],
    [{ searchTypes: { imageSearch: {} } }, 'gemini-3-pro-image', 400],
    [{}, 'gemini-3.1-flash-lite-image', 400],
  ])('googleSearch %j of %s is %i', async (googleSearch, model, status) => {
    expect((await generate({ tools: [{ googleSearch }] }, model)).status).toBe(status);
  });

  it.each([
    ['an unknown field', { negativePrompt: 'fog' }, 'negativePrompt'],
    ['an unknown setting', { generationConfig: { n: 2 } }, "at 'generation_config'"],
    ['a size in px', { generationConfig: { imageConfig: { size: '1024x1024' } } }, 'image_config'],
    ['several candidates', { generationConfig: { candidateCount: 2 } }, 'candidates'],
    ['a seed that is no whole number', { generationConfig: { seed: 1.5 } }, 'seed'],
    ['a seed beyond 32 bits', { generationConfig: { seed: 2 ** 31 } }, 'seed'],
    ['an unknown threshold', { safetySettings: [{ category: 'HARM_CATEGORY_HARASSMENT', threshold: 'MAX' }] }, 'MAX'],
    ['an unknown modality', { generationConfig: { responseModalities: ['VIDEO'] } }, 'VIDEO'],
    ['text alone', { generationConfig: { responseModalities: ['TEXT'] } }, 'modalities'],
    ['no contents', { contents: [] }, 'contents'],
    ['no parts', { contents: [{ parts: [] }] }, 'parts'],
    ['a part of two kinds', { contents: [{ parts: [{ text: 'x', fileData: { fileUri: 'y' } }] }] }, 'exactly one'],
    ['a video', { contents: [{ parts: [{ inlineData: { mimeType: 'video/mp4', data: '' } }] }] }, 'video/mp4'],
    ['no picture', { contents: [{ parts: [{ inlineData: { mimeType: 'image/png', data: 'AAAA' } }] }] }, 'process'],
  ])('refuses %s', async (_, fields, said) => {
    const { status, body } = await generate(fields);
    expect([status, body.error]).toMatchObject([
      400,
      { code: 400, status: 'INVALID_ARGUMENT', message: expect.stringContaining(said) },
    ]);
    expect(service.submissions).toBe(0);
  });

  it('takes as many pictures as the model, and no more', async () => {
    const data = Buffer.from(drawTestCard({ prompt: 'x', width: 8, height: 8 })).toString('base64');
    const part = { inlineData: { mimeType: 'image/png', data } };
    const ask = (count: number) => call(draw, { contents: [{ parts: [{ text: 'x' }, ...Array(count).fill(part)] }] });
    expect([(await ask(14)).status, (await ask(15)).status]).toEqual([200, 400]);
  });

  it.each(['gemini-2.5-flash-image', 'imagen-4.0-generate-001', 'toString'])('no longer knows %s', async (model) => {
    expect(await generate({}, model)).toMatchObject({ status: 404, body: { error: { status: 'NOT_FOUND' } } });
  });

  it('answers in its first version too, which the official client asks by default', async () => {
    const { status } = await call(
      draw.replace('v1beta', 'v1'),
      saying('x', { generationConfig: { responseModalities: ['IMAGE'] } }),
    );
    expect(status).toBe(200);
  });

  it('streams the same in pieces', async () => {
    const answer = await fetch(`${service.baseURL}/${draw.replace('generate', 'streamGenerate')}?alt=sse`, {
      method: 'POST',
      headers: { 'x-goog-api-key': 'test-key', 'content-type': 'application/json' },
      body: JSON.stringify(saying('A red kite')),
    });
    expect(answer.headers.get('content-type')).toBe('text/event-stream');
    const events = (await answer.text()).split('\r\n\r\n').filter(Boolean);
    const pieces = events.map((event) => JSON.parse(event.slice('data: '.length)) as Body);
    expect(pieces.map(({ candidates }) => candidates![0]!.finishReason)).toEqual([
      ...[undefined, undefined, undefined],
      'STOP',
    ]);
    expect(pictures(pieces.at(-1)!, false)).toHaveLength(1);
    expect(service.spent).toBeCloseTo(0.0336 + 0.0015, 4);
  });

  it('refuses what is no JSON', async () => {
    expect((await call(draw, '{')).status).toBe(400);
  });
});

describe('words that choose an outcome', () => {
  it.each([
    ['[unsafe]', { promptFeedback: { blockReason: 'SAFETY' } }],
    ['[unsafe picture]', { candidates: [{ finishReason: 'IMAGE_SAFETY' }] }],
    ['[no image]', { candidates: [{ finishReason: 'NO_IMAGE' }] }],
    ['[words]', { candidates: [{ finishReason: 'STOP', content: { parts: [{ text: expect.any(String) }] } }] }],
  ])('%s', async (words, body) => {
    expect(await call(draw, saying(`A kite ${words}`))).toMatchObject({ status: 200, body });
    expect(service.spent).toBe(0);
  });

  it('[only draft]', async () => {
    const { body } = await call(draw, saying('A kite [only draft]'));
    expect([pictures(body, true).length, pictures(body, false).length]).toEqual([1, 0]);
  });
});

describe('keys', () => {
  const vertex = 'v1beta1/projects/p/locations/global/publishers/google/models/gemini-3-pro-image:generateContent';

  it.each([
    ['no key', draw, {}, 403, 'PERMISSION_DENIED'],
    ['a wrong key', draw, { 'x-goog-api-key': 'wrong-test-key' }, 400, 'INVALID_ARGUMENT'],
    ['a key for a token', vertex, { 'x-goog-api-key': 'test-key' }, 401, 'UNAUTHENTICATED'],
    ['a wrong token', vertex, { authorization: 'Bearer wrong-test-key' }, 401, 'UNAUTHENTICATED'],
  ])('refuses %s', async (_, path, headers, status, name) => {
    expect(await call(path, saying('x'), headers)).toMatchObject({ status, body: { error: { status: name } } });
  });

  it('says the reason of a wrong key in the details alone', async () => {
    const { body } = await call(draw, saying('x'), { 'x-goog-api-key': 'wrong-test-key' });
    expect(body.error!.details).toMatchObject([{ reason: 'API_KEY_INVALID' }]);
  });

  it('takes a key in the address, and a token for Vertex', async () => {
    expect((await call(`${draw}?key=test-key`, saying('x'), {})).status).toBe(200);
    expect((await call(vertex, saying('x'), { authorization: 'Bearer test-key' })).status).toBe(200);
  });
});

describe('the models', () => {
  it('are listed in pages', async () => {
    const first = await call('v1beta/models?pageSize=4');
    const second = await call('v1beta/models?pageSize=100&pageToken=4');
    expect(first.body).toMatchObject({ models: { length: 4 }, nextPageToken: '4' });
    expect(second.body).not.toHaveProperty('nextPageToken');
    expect(JSON.stringify([first, second])).not.toContain('imagen');
  });

  it('are told one by one', async () => {
    expect((await call('v1beta/models/gemini-3-pro-image')).body).toMatchObject({ name: 'models/gemini-3-pro-image' });
    expect((await call('v1beta/models/imagen-4.0-generate-001')).status).toBe(404);
  });
});

describe('the text models', () => {
  const ask = (text: string, generationConfig: object = {}, fields: object = {}) =>
    call('v1beta/models/gemini-3.5-flash-lite:generateContent', saying(text, { generationConfig, ...fields }));

  it('translate or enrich, think, and cost nothing here', async () => {
    const { body } = await ask('黎明的纸船', {}, { systemInstruction: { parts: [{ text: 'Translate to English.' }] } });
    expect(body.candidates).toMatchObject([{ content: { parts: [{ text: 'A paper boat at dawn' }] } }]);
    const enriched = await ask('A hat');
    expect(enriched.body.candidates).toMatchObject([
      { content: { parts: [{ text: 'A hat, in soft morning light' }] } },
    ]);
    expect(body.usageMetadata).toMatchObject({ thoughtsTokenCount: 200 });
    expect(service.submissions).toBe(0);
  });

  it('think away the tokens they are given', async () => {
    const { body } = await ask('x', { maxOutputTokens: 100 });
    expect(body.candidates).toEqual([{ index: 0, finishReason: 'MAX_TOKENS' }]);
    const brief = await ask('x', { maxOutputTokens: 100, thinkingConfig: { thinkingLevel: 'minimal' } });
    expect(brief.body.candidates).toMatchObject([{ finishReason: 'STOP' }]);
  });

  it('make no pictures', async () => {
    expect((await ask('x', { responseModalities: ['IMAGE'] })).status).toBe(400);
  });
});

describe('the gateway', () => {
  const imagen = (parameters: object, prompt = 'A kite', id = 'imagen-4.0-generate-001') =>
    call(`gateway/v1beta/models/${id}:predict`, { instances: [{ prompt }], parameters });

  it('makes several pictures with Imagen', async () => {
    const { body } = await imagen({ sampleCount: 3, aspectRatio: '16:9' });
    expect((body as { predictions?: unknown[] }).predictions).toHaveLength(3);
    expect(service).toMatchObject({ submissions: 1, spent: 0.12 });
  });

  it('filters without a word unless asked for the reason', async () => {
    const silent = await imagen({ sampleCount: 2 }, '[unsafe]');
    const told = await imagen({ sampleCount: 2, includeRaiReason: true }, '[unsafe]');
    expect((silent.body as { predictions?: unknown[] }).predictions).toHaveLength(1);
    expect(told.body).toMatchObject({ predictions: [{}, { raiFilteredReason: expect.any(String) }] });
  });

  it.each([
    [{ sampleCount: 5 }, undefined],
    [{ aspectRatio: '21:9' }, undefined],
    [{ seed: 1 }, undefined],
    [{ sampleImageSize: '2K' }, 'imagen-4.0-fast-generate-001'],
  ])('refuses %j', async (parameters, id) => {
    expect((await imagen(parameters, 'x', id)).status).toBe(400);
  });

  it('is the only place that has it', async () => {
    const path = 'v1beta/models/imagen-4.0-generate-001:predict';
    expect((await call(path, { instances: [{ prompt: 'x' }] })).status).toBe(404);
  });
});
