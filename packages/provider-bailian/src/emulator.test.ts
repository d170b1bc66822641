import { drawTestCard, type Emulator, pngSize } from '@anyimage/testkit';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { emulator as bailian } from './emulator.ts';

let time = 1_760_000_000_000;
let service: Emulator;
beforeAll(async () => {
  service = await bailian.start({ checks: 2, clock: { now: () => time, sleep: async () => {} } });
});
afterEach(() => service.reset());
afterAll(() => service.close());

interface Answer {
  status: number;
  body: Record<string, unknown> & { output?: Record<string, unknown>; code?: string };
}

const aigc = 'services/aigc';
const asynchronous = { 'x-dashscope-async': 'enable' };

async function call(path: string, body?: unknown, headers: Record<string, string> = {}): Promise<Answer> {
  const answer = await fetch(path.startsWith('/') ? `${service.origin}${path}` : `${service.baseURL}/${path}`, {
    method: body === undefined ? 'GET' : 'POST',
    headers: { authorization: 'Bearer test-key', 'content-type': 'application/json', ...headers },
    ...(body !== undefined && { body: JSON.stringify(body) }),
  });
  return { status: answer.status, body: (await answer.json()) as Answer['body'] };
}
const codeOf = ({ status, body }: Answer) => [status, body.code];
const ok = [200, undefined];
const invalid = [400, 'InvalidParameter'];

const draw = (parameters: object, model = 'wan2.2-t2i-flash', input: object = { prompt: 'A red kite' }) =>
  call(`${aigc}/text2image/image-synthesis`, { model, input, parameters }, asynchronous);
const say = (model: string, content: object[], parameters: object = {}, headers = {}) => {
  const input = { messages: [{ role: 'user', content }] };
  return call(`${aigc}/multimodal-generation/generation`, { model, input, parameters }, headers);
};
const edit = (input: object, parameters: object = {}) =>
  call(`${aigc}/image2image/image-synthesis`, { model: 'wanx2.1-imageedit', input, parameters }, asynchronous);
const dataURI = (side: number) => {
  const bytes = drawTestCard({ prompt: 'input', width: side, height: side });
  return `data:image/png;base64,${Buffer.from(bytes).toString('base64')}`;
};

describe('access', () => {
  it('tells the base URL of the native API', () => {
    expect(service.baseURL).toBe(`${service.origin}/api/v1`);
    expect(service.env).toEqual({ DASHSCOPE_API_KEY: 'test-key', DASHSCOPE_HTTP_BASE_URL: service.baseURL });
  });

  it('refuses a wrong key, in the words of each API', async () => {
    const wrong = { authorization: 'Bearer other-key' };
    expect(codeOf(await call('tasks/t-1', undefined, wrong))).toEqual([401, 'InvalidApiKey']);
    const chat = await call('/compatible-mode/v1/chat/completions', {}, wrong);
    expect(chat).toMatchObject({ status: 401, body: { error: { code: 'invalid_api_key' } } });
  });

  it('wants the asynchronous header where it belongs, and only there', async () => {
    const body = { model: 'wan2.2-t2i-flash', input: { prompt: 'A' } };
    const without = await call(`${aigc}/text2image/image-synthesis`, body);
    expect(without).toMatchObject({
      status: 403,
      body: { code: 'AccessDenied', message: expect.stringContaining(' synchronous') },
    });
    expect(codeOf(await say('qwen-image', [{ text: 'A' }], {}, asynchronous))).toEqual([403, 'AccessDenied']);
  });

  it('knows no other path and no other model', async () => {
    expect(codeOf(await call('services/aigc/video'))).toEqual([404, 'NotFound']);
    expect(codeOf(await draw({}, 'wan9-t2i'))).toEqual([404, 'ModelNotFound']);
    expect(codeOf(await draw({}, 'qwen-image-edit'))).toEqual(invalid);
  });
});

describe('tasks', () => {
  const check = async (id: unknown) => (await call(`tasks/${String(id)}`)).body.output!;

  it('wait, run, and give four pictures unless told how many, for 24 hours', async () => {
    const submitted = (await draw({ prompt_extend: true })).body.output!;
    expect(submitted).toEqual({ task_status: 'PENDING', task_id: expect.any(String) });
    const states = [await check(submitted.task_id), await check(submitted.task_id)].map((task) => task.task_status);
    expect(states).toEqual(['PENDING', 'RUNNING']);
    const done = await check(submitted.task_id);
    expect(done).toMatchObject({ task_status: 'SUCCEEDED', task_metrics: { TOTAL: 4, SUCCEEDED: 4, FAILED: 0 } });
    const [first] = done.results as Record<string, string>[];
    expect(first).toEqual({
      orig_prompt: 'A red kite',
      actual_prompt: 'A red kite, in fine detail',
      url: expect.stringMatching(/\/files\/.*\?Expires=1760086400$/),
    });
    expect(pngSize(await (await fetch(first!.url!)).bytes())).toEqual({ width: 1024, height: 1024 });
    expect(service.spent).toBeCloseTo(0.56);
    time += 86_400_000;
    expect(await check(submitted.task_id)).toMatchObject({ task_status: 'UNKNOWN' });
  });

  it('are cancelled while they wait, and no longer when they run', async () => {
    const cancel = (id: unknown) => call(`tasks/${String(id)}/cancel`, {});
    const waiting = (await draw({ n: 1 })).body.output!.task_id;
    expect((await cancel(waiting)).status).toBe(200);
    expect(await check(waiting)).toMatchObject({ task_status: 'CANCELED' });
    const running = (await draw({ n: 1 })).body.output!.task_id;
    await check(running);
    expect(codeOf(await cancel(running))).toEqual([400, 'UnsupportedOperation']);
  });

  it.each([
    ['[unsafe]', 'DataInspectionFailed'],
    ['[fail]', 'InternalError.Algo'],
  ])('fail with status 200 on %s', async (word, code) => {
    const { task_id } = (await draw({ n: 2 }, undefined, { prompt: `A kite ${word}` })).body.output!;
    await check(task_id);
    await check(task_id);
    expect(await check(task_id)).toMatchObject({ task_status: 'FAILED', code, task_metrics: { FAILED: 2 } });
    expect(service.spent).toBe(0);
  });

  it('of the message protocol answer in choices', async () => {
    const input = { messages: [{ role: 'user', content: [{ text: 'A kite' }] }] };
    const path = `${aigc}/image-generation/generation`;
    const { body } = await call(path, { model: 'wan2.6-t2i', input, parameters: { n: 2 } }, asynchronous);
    const id = body.output!.task_id;
    await check(id);
    await check(id);
    const done = await check(id);
    expect(done.results).toBeUndefined();
    expect(done.choices).toHaveLength(2);
  });
});

describe('what is refused', () => {
  it.each([
    ['wan2.2-t2i-flash', '512*1440', ok],
    ['wan2.2-t2i-flash', '1024x1024', invalid],
    ['wan2.2-t2i-flash', '511*1024', invalid],
    ['wan2.5-t2i-preview', '960*1696', ok],
    ['wan2.5-t2i-preview', '1024*1024', invalid],
    ['wan2.5-t2i-preview', '600*2800', invalid],
    ['qwen-image', '1328*1328', ok],
    ['qwen-image', '1472*1140', invalid],
  ])('%s in %s: %j', async (model, size, told) => {
    expect(codeOf(await draw({ size, n: 1 }, model))).toEqual(told);
  });

  it.each([
    ['five pictures', { n: 5 }],
    ['a seed beyond 31 bits', { seed: 2 ** 31 }],
    ['a watermark that is no boolean', { watermark: 1 }],
    ['an unknown parameter', { quality: 'hd' }],
    ['a negative prompt among the parameters', { negative_prompt: 'fog' }],
  ])('%s', async (_, parameters) => {
    expect(codeOf(await draw(parameters))).toEqual(invalid);
  });

  it.each([
    ['an unknown field', { prompt: 'A', n: 1 }],
    ['no prompt', {}],
    ['pictures for a model of text alone', { prompt: 'A', images: ['https://x.example/a.png'] }],
  ])('an input with %s', async (_, input) => {
    expect(codeOf(await draw({}, undefined, input))).toEqual(invalid);
  });

  it.each([
    ['two texts', [{ text: 'A' }, { text: 'B' }], invalid],
    ['no picture', [{ text: 'A' }], invalid],
    ['four pictures', [...Array(4).fill({ image: 'https://x.example/a.png' }), { text: 'A' }], invalid],
    ['a path', [{ image: '/a.png' }, { text: 'A' }], [400, 'InvalidURL']],
    ['characters beyond ASCII in a URL', [{ image: 'https://x.example/猫.png' }, { text: 'A' }], [400, 'InvalidURL']],
    ['an upload that was never made', [{ image: 'oss://x/a.png' }, { text: 'A' }], [400, 'InvalidURL']],
    ['a picture and a text', [{ image: 'https://x.example/a.png' }, { text: 'A' }], ok],
  ])('an edit with %s: %j', async (_, content, told) => {
    expect(codeOf(await say('qwen-image-edit-plus', content))).toEqual(told);
  });

  const base_image_url = 'https://x.example/a.png';
  it.each([
    ['an unknown function', { function: 'dance', prompt: '' }, {}, invalid],
    ['no prompt at all', { function: 'colorization' }, {}, invalid],
    ['an empty prompt', { function: 'colorization', prompt: '' }, {}, ok],
    ['no mask', { function: 'description_edit_with_mask', prompt: '' }, {}, invalid],
    ['a mask for another function', { function: 'doodle', prompt: '', mask_image_url: base_image_url }, {}, invalid],
    ['a strength beyond 1', { function: 'stylization_all', prompt: '' }, { strength: 1.5 }, invalid],
    ['a strength for another function', { function: 'expand', prompt: '' }, { strength: 0.5 }, invalid],
    ['a scale below 1', { function: 'expand', prompt: '' }, { top_scale: 0.5 }, invalid],
    ['a factor of 1.5', { function: 'super_resolution', prompt: '' }, { upscale_factor: 1.5 }, invalid],
    ['a size', { function: 'expand', prompt: '' }, { size: '512*512' }, invalid],
    ['prompt_extend', { function: 'expand', prompt: '' }, { prompt_extend: false }, invalid],
  ])('a function with %s', async (_, input, parameters, told) => {
    expect(codeOf(await edit({ base_image_url, ...input }, parameters))).toEqual(told);
  });

  it('a picture or a mask of the wrong size', async () => {
    const small = { function: 'colorization', prompt: '', base_image_url: dataURI(511) };
    expect(codeOf(await edit(small))).toEqual([400, 'InvalidImageResolution']);
    const masked = { function: 'description_edit_with_mask', prompt: '', base_image_url: dataURI(600) };
    expect(codeOf(await edit({ ...masked, mask_image_url: dataURI(512) }))).toEqual(invalid);
    expect(codeOf(await edit({ ...masked, mask_image_url: dataURI(600) }))).toEqual(ok);
  });

  it('an upload without a permit, for another model, after its time, or not resolved', async () => {
    const permit = await call('uploads?action=getPolicy&model=qwen-image-edit-plus');
    const data = permit.body.data as Record<string, string>;
    const upload = async (fields: object = {}, last = 'file') => {
      const form = new FormData();
      const all = {
        OSSAccessKeyId: data.oss_access_key_id,
        Signature: data.signature,
        policy: data.policy,
        key: `${data.upload_dir}/a.png`,
        'x-oss-object-acl': 'private',
        'x-oss-forbid-overwrite': 'true',
        success_action_status: '200',
        ...fields,
      };
      for (const [name, value] of Object.entries(all)) form.set(name, value!);
      form.set(last, new Blob([drawTestCard({ prompt: 'a', width: 64, height: 64 }) as Uint8Array<ArrayBuffer>]));
      const answer = await fetch(data.upload_host!, { method: 'POST', body: form });
      return [answer.status, /<Code>(\w+)</.exec(await answer.text())?.[1]];
    };
    expect(await upload({ Signature: 'x' })).toEqual([403, 'SignatureDoesNotMatch']);
    expect(await upload({ key: 'elsewhere/a.png' })).toEqual([403, 'AccessDenied']);
    expect(await upload({}, 'picture')).toEqual([400, 'InvalidArgument']);
    expect(await upload()).toEqual([200, undefined]);
    expect(await upload()).toEqual([409, 'FileAlreadyExists']);
    time += 300_000;
    expect(await upload({ key: `${data.upload_dir}/b.png` })).toEqual([403, 'AccessDenied']);

    const content = [{ image: `oss://${data.upload_dir}/a.png` }, { text: 'A' }];
    const resolve = { 'x-dashscope-ossresourceresolve': 'enable' };
    expect(codeOf(await say('qwen-image-edit-plus', content))).toEqual([400, 'InvalidURL']);
    expect(codeOf(await say('qwen-image-edit-max', content, {}, resolve))).toEqual([400, 'InvalidURL']);
    expect(codeOf(await say('qwen-image-edit-plus', content, {}, resolve))).toEqual(ok);
  });
});

it.each([
  ['Translate to English.', '雪山', 'A snowy mountain'],
  ['Translate to English.', 'ein Hut', '[in English] ein Hut'],
  ['Rewrite the text.', 'a hat', 'a hat, in soft morning light'],
])('the text model, told %j, makes of %s %s', async (system, user, content) => {
  const messages = [
    { role: 'system', content: system },
    { role: 'user', content: user },
  ];
  const { body } = await call('/compatible-mode/v1/chat/completions', { model: 'qwen-flash', messages });
  expect(body.choices).toMatchObject([{ message: { content } }]);
});

it.each([
  ['an unknown model', { model: 'qwen-9' }, [404, 'model_not_found']],
  ['a temperature of 2', { temperature: 2 }, [400, 'invalid_parameter_error']],
  ['thinking', { enable_thinking: true }, [400, 'invalid_parameter_error']],
  ['unsafe words', { messages: [{ role: 'user', content: '[unsafe]' }] }, [400, 'data_inspection_failed']],
])('the text model refuses %s', async (_, fields, told) => {
  const body = { model: 'qwen-flash', messages: [{ role: 'user', content: '雪山' }], ...fields };
  const answer = await call('/compatible-mode/v1/chat/completions', body);
  expect([answer.status, (answer.body.error as { code: string }).code]).toEqual(told);
});
