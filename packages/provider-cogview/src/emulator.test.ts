import { type Emulator, pngSize } from '@anyimage/testkit';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { emulator as zhipu } from './emulator.ts';

let service: Emulator;
beforeAll(async () => {
  service = await zhipu.start({ clock: { now: () => 1_760_000_000_500, sleep: async () => {} } });
});
afterEach(() => service.reset());
afterAll(() => service.close());

interface Answer {
  status: number;
  body: Record<string, unknown>;
}

async function call(
  path: string,
  body?: unknown,
  authorization: string | undefined = 'Bearer test-key',
): Promise<Answer> {
  const answer = await fetch(`${service.baseURL}/${path}`, {
    method: body === undefined ? 'GET' : 'POST',
    headers: { ...(authorization && { authorization }), 'content-type': 'application/json' },
    ...(body !== undefined && { body: typeof body === 'string' ? body : JSON.stringify(body) }),
  });
  return { status: answer.status, body: (await answer.json()) as Record<string, unknown> };
}
const generate = (fields: Record<string, unknown>) =>
  call('images/generations', { model: 'cogview-4-250304', prompt: 'A red kite', ...fields });
const codeOf = ({ status, body }: Answer) => [status, (body.error as { code: string } | undefined)?.code];
async function sizeOf(list: unknown) {
  return pngSize(await (await fetch((list as { url: string }[])[0]!.url)).bytes());
}

describe('POST images/generations', () => {
  it('answers in the documented form and serves the picture without a key', async () => {
    const { status, body } = await generate({
      size: '1152x864',
      quality: 'hd',
      user_id: 'user-000123',
      watermark_enabled: true,
    });
    expect(status).toBe(200);
    expect(body).toEqual({
      created: 1_760_000_000,
      id: expect.any(String),
      request_id: expect.any(String),
      data: [{ url: expect.stringMatching(/^http:\/\/127\.0\.0\.1:\d+\/files\//) }],
    });
    expect(await sizeOf(body.data)).toEqual({ width: 1152, height: 864 });
    expect(service).toMatchObject({ submissions: 1, spent: 0.06, currency: 'CNY' });
  });

  it('draws the default size of the model when none is given', async () => {
    const sizes = await Promise.all(
      ['cogview-4-250304', 'cogview-4', 'cogview-3-flash', 'glm-image'].map(async (model) =>
        sizeOf((await generate({ model })).body.data),
      ),
    );
    expect(sizes.map((size) => size?.width)).toEqual([1024, 1024, 1024, 1280]);
    expect(service.spent).toBe(0.22);
  });

  it.each([
    ['cogview-4', '512x512', true],
    ['cogview-4', '2048x1024', true],
    ['cogview-4', '528x528', true],
    ['cogview-4', '496x512', false],
    ['cogview-4', '1032x1024', false],
    ['cogview-4', '2048x2048', false],
    ['cogview-4', '1024×1024', false],
    ['cogview-4', '01024x1024', false],
    ['glm-image', '2048x2048', true],
    ['glm-image', '1728x960', true],
    ['glm-image', '960x1728', true],
    ['glm-image', '992x1024', false],
    ['glm-image', '1040x1024', false],
    ['glm-image', '2080x1024', false],
  ])('%s at %s: %s', async (model, size, legal) => {
    expect(codeOf(await generate({ model, size }))).toEqual(legal ? [200, undefined] : [400, '1214']);
    expect(service.submissions).toBe(legal ? 1 : 0);
  });

  it.each([
    ['cogview-4-250304', 'standard', true],
    ['cogview-4-250304', 'hd', true],
    ['cogview-4-250304', 'high', false],
    ['cogview-4', 'hd', false],
    ['cogview-3-flash', 'hd', false],
    ['glm-image', 'hd', true],
    ['glm-image', 'standard', false],
  ])('%s in quality %s: %s', async (model, quality, legal) => {
    expect(codeOf(await generate({ model, quality }))).toEqual(legal ? [200, undefined] : [400, '1214']);
  });

  it.each([
    ['no model', { model: undefined }, '1213'],
    ['an unknown model', { model: 'cogView-4-250304' }, '1211'],
    ['a model of old', { model: 'cogview-3-plus' }, '1211'],
    ['no prompt', { prompt: undefined }, '1213'],
    ['an empty prompt', { prompt: '' }, '1213'],
    ['a prompt that is no text', { prompt: 5 }, '1214'],
    ['1001 characters for glm-image', { model: 'glm-image', prompt: '🎈'.repeat(1001) }, '1261'],
    ['an unknown field', { n: 2 }, '1210'],
    ['a watermark that is no boolean', { watermark_enabled: 'yes' }, '1214'],
    ['a short user id', { user_id: 'abcde' }, '1214'],
    ['a long user id', { user_id: 'a'.repeat(129) }, '1214'],
    ['unsafe words', { prompt: 'something [unsafe]' }, '1301'],
  ])('refuses %s', async (_, fields, code) => {
    expect(codeOf(await generate(fields))).toEqual([400, code]);
    expect(service.submissions).toBe(0);
  });

  it('takes 1000 characters for glm-image, counted as code points, and more for the others', async () => {
    expect((await generate({ model: 'glm-image', prompt: '🎈'.repeat(1000) })).status).toBe(200);
    expect((await generate({ prompt: 'a'.repeat(5000) })).status).toBe(200);
  });

  it('refuses a body that is not a JSON object', async () => {
    expect(codeOf(await call('images/generations', '{"model":'))).toEqual([400, '1210']);
    expect(codeOf(await call('images/generations', '[]'))).toEqual([400, '1210']);
  });

  it('says what moderation saw: camel case in an error, snake case in a success', async () => {
    expect((await generate({ prompt: '[unsafe]' })).body.contentFilter).toEqual([{ level: 1, role: 'user' }]);
    expect((await generate({ prompt: '[slight]' })).body.content_filter).toEqual([{ role: 'assistant', level: 3 }]);
  });
});

describe('access', () => {
  it('tells a missing key from a wrong one', async () => {
    const body = { model: 'cogview-4', prompt: 'A' };
    expect(codeOf(await call('images/generations', body, ''))).toEqual([401, '1001']);
    expect(codeOf(await call('images/generations', body, 'Bearer other-key'))).toEqual([401, '1000']);
    expect(codeOf(await call('images/generations', body, 'test-key'))).toEqual([401, '1000']);
  });

  it('knows no other API', async () => {
    expect(codeOf(await call('images/edits', {}))).toEqual([400, '1222']);
    expect(codeOf(await call('images/generations'))).toEqual([400, '1222']);
  });

  it.each([
    ['auth', 401, '1000'],
    ['permission', 403, '1220'],
    ['not-found', 400, '1211'],
    ['invalid-request', 400, '1210'],
    ['content-blocked', 400, '1301'],
    ['quota', 429, '1113'],
    ['rate-limit', 429, '1302'],
    ['unavailable', 429, '1305'],
    ['server', 500, '500'],
  ] as const)('fails with %s as documented', async (code, status, serviceCode) => {
    service.fault({ on: 'generate', kind: 'failure', code });
    expect(codeOf(await generate({}))).toEqual([status, serviceCode]);
  });
});

describe('the asynchronous path', () => {
  const submit = (fields: Record<string, unknown> = {}) =>
    call('async/images/generations', { model: 'glm-image', prompt: 'A poster', ...fields });
  const check = (task: Answer) => call(`async-result/${String(task.body.id)}`);

  it('is processing for one check, then gives the picture under image_result', async () => {
    const task = await submit({ size: '1568x1056' });
    expect(task.body).toMatchObject({ model: 'glm-image', id: expect.any(String), task_status: 'PROCESSING' });
    expect((await check(task)).body).toEqual({
      model: 'glm-image',
      request_id: expect.any(String),
      task_status: 'PROCESSING',
    });
    const { body } = await check(task);
    expect(body).toMatchObject({ task_status: 'SUCCESS' });
    expect(body.data).toBeUndefined();
    expect(await sizeOf(body.image_result)).toEqual({ width: 1568, height: 1056 });
    expect(service).toMatchObject({ submissions: 1, spent: 0.1 });
    expect(service.jobs.get(String(task.body.id))?.state).toBe('done');
  });

  it('stays in processing for as many checks as the emulator is told', async () => {
    const slow = await zhipu.start({ checks: 3 });
    const headers = { authorization: 'Bearer test-key', 'content-type': 'application/json' };
    const body = JSON.stringify({ model: 'glm-image', prompt: 'A' });
    const task = await fetch(`${slow.baseURL}/async/images/generations`, { method: 'POST', headers, body });
    const { id } = (await task.json()) as { id: string };
    const states: string[] = [];
    for (let i = 0; i < 4; i++) {
      const answer = await fetch(`${slow.baseURL}/async-result/${id}`, { headers });
      states.push(((await answer.json()) as { task_status: string }).task_status);
    }
    await slow.close();
    expect(states).toEqual(['PROCESSING', 'PROCESSING', 'PROCESSING', 'SUCCESS']);
  });

  it('fails on [fail] and on a fault', async () => {
    const doomed = await submit({ prompt: 'A poster [fail]' });
    await check(doomed);
    expect((await check(doomed)).body.task_status).toBe('FAIL');
    const task = await submit();
    service.fault({ on: 'check', kind: 'failed' });
    expect((await check(task)).body.task_status).toBe('FAIL');
    expect((await check(task)).body.task_status).toBe('FAIL');
  });

  it('refuses CogView models and unknown ids', async () => {
    expect(codeOf(await submit({ model: 'cogview-4' }))).toEqual([400, '1211']);
    expect(codeOf(await call('async-result/task-9999'))).toEqual([400, '1214']);
    expect(service.submissions).toBe(0);
  });
});

describe('POST chat/completions', () => {
  const chat = (fields: Record<string, unknown> = {}) =>
    call('chat/completions', {
      model: 'glm-4.7-flash',
      messages: [
        { role: 'system', content: 'Translate to English.' },
        { role: 'user', content: '一只在海边的猫' },
      ],
      thinking: { type: 'disabled' },
      ...fields,
    });
  const choiceOf = ({ body }: Answer) =>
    (body.choices as { finish_reason: string; message: Record<string, string> }[])[0]!;
  const says = (content: string) => ({ messages: [{ role: 'user', content }] });

  it('translates what it knows and changes the rest, at no cost', async () => {
    const answer = await chat();
    expect(choiceOf(answer)).toMatchObject({ finish_reason: 'stop', message: { content: 'A cat by the sea' } });
    expect(answer.body.usage).toEqual({ prompt_tokens: 19, completion_tokens: 16, total_tokens: 35 });
    expect(choiceOf(await chat(says('A hat'))).message.content).toBe('A hat, in soft morning light');
    expect(service.submissions).toBe(0);
  });

  it('thinks unless told not to, and then uses up a small limit', async () => {
    const limited = choiceOf(await chat({ thinking: undefined, max_tokens: 400 }));
    expect(limited).toMatchObject({ finish_reason: 'length', message: { content: '' } });
    expect(choiceOf(await chat({ thinking: undefined })).message.reasoning_content).toBeDefined();
    expect(choiceOf(await chat({ max_tokens: 400 })).message.reasoning_content).toBeUndefined();
    expect(
      choiceOf(await chat({ model: 'glm-4-flash-250414', thinking: undefined, max_tokens: 9 })).finish_reason,
    ).toBe('stop');
  });

  it('ends with sensitive on unsafe words', async () => {
    expect(choiceOf(await chat(says('[unsafe]')))).toMatchObject({
      finish_reason: 'sensitive',
      message: { content: '' },
    });
  });

  it.each([
    ['an unknown model', { model: 'glm-4' }, '1211'],
    ['no messages', { messages: [] }, '1213'],
    ['no user', { messages: [{ role: 'system', content: 'a' }] }, '1214'],
    ['a message that is null', { messages: [null] }, '1214'],
    ['a temperature above 1', { temperature: 1.5 }, '1214'],
    ['max_tokens of 0', { max_tokens: 0 }, '1214'],
    ['thinking on a model without it', { model: 'glm-4-flash-250414' }, '1210'],
    ['an unknown way of thinking', { thinking: { type: 'hard' } }, '1210'],
    ['streaming', { stream: true }, '1210'],
    ['an unknown field', { prompt: 'a' }, '1210'],
  ])('refuses %s', async (_, fields, code) => {
    expect(codeOf(await chat(fields))).toEqual([400, code]);
  });
});
