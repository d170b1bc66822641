// Answers without a picture, in forms that services, relays, gateways and what stands before them give: each is told as the error that
// it is, says whether it may have been billed, and does not advise to pay again where it may; nothing in it is taken for a picture.

import type { ClientRequest, ErrorCode } from '@anyimage/core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import {
  type Answer,
  type AnswerServer,
  ask,
  chat,
  events,
  gemini,
  json,
  type ProviderName,
  pictures,
  startAnswerServer,
  text,
} from './answer-server.ts';

const { red, blue, logo, input, jpeg } = pictures;
const base64 = (bytes: Uint8Array | string) => Buffer.from(bytes).toString('base64');
const dataUri = (bytes: Uint8Array) => `data:image/png;base64,${base64(bytes)}`;

interface Shape {
  readonly name: string;
  readonly code: ErrorCode;
  /** Whether it may have been billed. */
  readonly billed: boolean;
  readonly answer: (origin: string) => Answer;
  /** Default openai. */
  readonly provider?: ProviderName;
  readonly request?: Partial<ClientRequest>;
}

/** Nobody can read a picture out of it: it may have been made and billed all the same. */
const unread = { code: 'bad-response', billed: true } as const;
/** The service says what it did not do. */
const refused = (code: ErrorCode) => ({ code, billed: false });
/** A model or a filter refused, and nobody knows whether it had begun. */
const blocked = { code: 'content-blocked', billed: true } as const;

const page = (title: string, body: string) =>
  `<!doctype html><html lang="en"><head><title>${title}</title><link rel="icon" href="/files/logo.png"></head><body>${body}</body></html>`;
const pdf = `%PDF-1.7\n${'1 0 obj << /Type /Catalog >> endobj\n'.repeat(20)}%%EOF`;
const zip = Buffer.concat([Buffer.from('PK\x03\x04\x14\x00\x00\x00\x08\x00', 'latin1'), Buffer.alloc(400, 7)]);

const shapes: { readonly [kind: string]: readonly Shape[] } = {
  'an answer that is empty, or as good as': [
    { name: 'an empty list', ...unread, answer: () => json({ created: 1, data: [] }) },
    { name: 'null for the list', ...unread, answer: () => json({ created: 1, data: null }) },
    { name: 'an empty entry', ...unread, answer: () => json({ created: 1, data: [{}] }) },
    { name: 'null for the entry', ...unread, answer: () => json({ created: 1, data: [null] }) },
    {
      name: 'an entry of nulls',
      ...unread,
      answer: () => json({ data: [{ b64_json: null, url: null, revised_prompt: 'a boat' }] }),
    },
    { name: 'an empty URL', ...unread, answer: () => json({ data: [{ url: '' }] }) },
    { name: 'empty base64', ...unread, answer: () => json({ data: [{ b64_json: '' }] }) },
    { name: 'the word null for base64', ...unread, answer: () => json({ data: [{ b64_json: 'null' }] }) },
    { name: 'an empty data URI', ...unread, answer: () => json({ data: [{ url: 'data:image/png;base64,' }] }) },
    { name: 'an empty object', ...unread, answer: () => json({}) },
    { name: 'no body', ...unread, answer: () => ({ body: '' }) },
    { name: 'no body with status 204', ...unread, answer: () => ({ status: 204, body: '' }) },
    { name: 'white space', ...unread, answer: () => text('\n\n  \n', 'application/json') },
    { name: 'null', ...unread, answer: () => json(null) },
    { name: 'a number', ...unread, answer: () => json(200) },
    { name: 'true', ...unread, answer: () => json(true) },
    { name: 'a string', ...unread, answer: () => json('success') },
    { name: 'the text OK', ...unread, answer: () => text('OK') },
    { name: 'an empty list at the root', ...unread, answer: () => json([]) },
    {
      name: 'a byte order mark and an empty list',
      ...unread,
      answer: () => text('\uFEFF{"data":[]}', 'application/json'),
    },
    { name: 'NaN for the list', ...unread, answer: () => text('{"data": NaN}', 'application/json') },
    { name: 'a stream of comments', ...unread, answer: () => events(': ping', ': ping', 'data: [DONE]') },
  ],

  'bytes that are no picture, or not all of it': [
    {
      name: 'base64 of text',
      ...unread,
      answer: () => json({ data: [{ b64_json: base64('no picture. '.repeat(60)) }] }),
    },
    { name: 'base64 of a PDF', ...unread, answer: () => json({ data: [{ b64_json: base64(pdf) }] }) },
    { name: 'base64 of a zip', ...unread, answer: () => json({ data: [{ b64_json: base64(zip) }] }) },
    {
      name: 'base64 of a page',
      ...unread,
      answer: () =>
        json({ data: [{ b64_json: base64(page('502 Bad Gateway', '<center>nginx</center>'.repeat(20))) }] }),
    },
    {
      name: 'base64 of an SVG placeholder',
      ...unread,
      answer: () =>
        json({ data: [{ b64_json: base64('<svg xmlns="http://www.w3.org/2000/svg" width="9" height="9"/>') }] }),
    },
    {
      name: 'base64 of half a PNG',
      ...unread,
      answer: () => json({ data: [{ b64_json: base64(red.bytes.slice(0, red.bytes.length / 2)) }] }),
    },
    {
      name: 'half a PNG as the body',
      ...unread,
      answer: () => ({ headers: { 'content-type': 'image/png' }, body: red.bytes.slice(0, red.bytes.length / 2) }),
    },
    {
      name: 'half a JPEG as a data URI in a chat',
      ...unread,
      answer: () => chat(`![image](data:image/jpeg;base64,${base64(jpeg.bytes.slice(0, jpeg.bytes.length / 2))})`),
    },
    {
      name: 'a zip as octet stream',
      ...unread,
      answer: () => ({ headers: { 'content-type': 'application/octet-stream' }, body: zip }),
    },
    {
      name: 'a PDF as the body',
      ...unread,
      answer: () => ({ headers: { 'content-type': 'application/pdf' }, body: pdf }),
    },
    {
      name: 'JSON that is cut off',
      ...unread,
      answer: () => text(JSON.stringify({ data: [{ b64_json: base64(red.bytes) }] }).slice(0, 700), 'application/json'),
    },
    {
      name: 'rubbish labelled compressed',
      ...unread,
      answer: () => ({ headers: { 'content-type': 'application/json', 'content-encoding': 'gzip' }, body: zip }),
    },
    { name: 'a URL that leads to a page', ...unread, answer: (o) => json({ data: [{ url: `${o}/docs/errors` }] }) },
    {
      name: 'partial pictures, and then the end',
      ...unread,
      answer: () =>
        events({ type: 'image_generation.partial_image', partial_image_index: 0, b64_json: base64(blue.bytes) }),
    },
  ],

  'what something else answers': [
    {
      name: 'a list of models',
      ...unread,
      answer: () => json({ object: 'list', data: [{ id: 'gpt-image-2', object: 'model', owned_by: 'openai' }] }),
    },
    {
      name: 'embeddings',
      ...unread,
      answer: () => json({ object: 'list', data: [{ object: 'embedding', index: 0, embedding: [0.1, -0.2, 0.3] }] }),
    },
    {
      name: 'embeddings as base64',
      ...unread,
      answer: () =>
        json({ object: 'list', data: [{ object: 'embedding', index: 0, embedding: base64(Buffer.alloc(6144, 61)) }] }),
    },
    { name: 'a transcription', ...unread, answer: () => json({ text: 'a boat at dawn' }) },
    {
      name: 'the greeting of a relay',
      ...unread,
      answer: () =>
        json({ message: 'Welcome to One API', success: true, data: { version: 'v0.6.10', logo: '/files/logo.png' } }),
    },
    {
      name: 'a login page with a logo',
      ...unread,
      answer: (o) =>
        text(
          page('Log in', `<img src="${o}/files/logo.png" alt="logo"><form action="/login"><input></form>`),
          'text/html',
        ),
    },
    {
      name: 'the page of a web application, with its logo inline',
      ...unread,
      answer: () => text(page('New API', `<div id="root"><img src="${dataUri(logo.bytes)}"></div>`), 'text/html'),
    },
    {
      name: 'a challenge of Cloudflare',
      ...refused('permission'),
      answer: () => ({
        status: 403,
        ...text(page('Just a moment...', '<script>window._cf_chl_opt={}</script>'), 'text/html'),
      }),
    },
    {
      name: 'a redirect to a login page',
      code: 'bad-response',
      billed: false,
      answer: (o) => ({ status: 302, headers: { location: `${o}/docs/login` }, body: '' }),
    },
    {
      name: 'an XML error',
      ...unread,
      answer: () =>
        text(
          '<?xml version="1.0"?><Error><Code>AccessDenied</Code><Message>Access Denied</Message></Error>',
          'application/xml',
        ),
    },
    {
      name: 'a video',
      ...unread,
      answer: (o) => json({ id: 'v', object: 'video', status: 'completed', url: `${o}/docs/video.mp4` }),
    },
  ],

  'words in place of a picture': [
    {
      name: 'a refusal by name',
      ...blocked,
      answer: () => chat({ content: null, refusal: "I'm sorry, I can't help with that request." }),
    },
    { name: 'content_filter and no text', ...blocked, answer: () => chat('', 'content_filter') },
    {
      name: 'a refusal in words',
      ...blocked,
      answer: () => chat("I'm sorry, but I can't generate that image because it violates our content policy."),
    },
    { name: 'a question', ...unread, answer: () => chat('Sure! Which style would you like: photo or drawing?') },
    {
      name: 'a text with a link to the documentation',
      ...unread,
      answer: (o) => chat(`I cannot draw. See [the documentation](${o}/docs/images) for models that can.`),
    },
    {
      name: 'a refusal that names the picture of the prompt',
      ...unread,
      request: { prompt: 'a boat as in https://example.com/boat.png' },
      answer: () => chat('I cannot open https://example.com/boat.png, please describe it.'),
    },
    {
      name: 'a call of a tool that nobody runs',
      ...unread,
      answer: () =>
        chat(
          {
            content: null,
            tool_calls: [{ id: 'c', type: 'function', function: { name: 'dalle', arguments: '{"prompt":"a boat"}' } }],
          },
          'tool_calls',
        ),
    },
    {
      name: 'a stream of words',
      ...unread,
      answer: () =>
        events(
          ...['I can', 'not do', ' that.'].map((content) => ({ choices: [{ index: 0, delta: { content } }] })),
          'data: [DONE]',
        ),
    },
    {
      name: 'Responses API: a refusal',
      ...blocked,
      answer: () =>
        json({
          object: 'response',
          status: 'completed',
          output: [{ type: 'message', role: 'assistant', content: [{ type: 'refusal', refusal: 'I cannot.' }] }],
        }),
    },
  ],

  'work that is not done yet': [
    { name: 'a task id', ...unread, answer: () => json({ task_id: 'a1', status: 'queued' }) },
    {
      name: 'a task below data',
      ...unread,
      answer: () => json({ code: 200, data: [{ status: 'submitted', task_id: 't' }] }),
    },
    {
      name: 'a prediction that starts',
      ...unread,
      answer: (o) =>
        json({ id: 'p', status: 'starting', output: null, urls: { get: `${o}/docs/p` }, input: { prompt: 'a boat' } }),
    },
    { name: 'progress', ...unread, answer: () => json({ state: 'processing', progress: 0.4, current_image: null }) },
    {
      name: 'progress, with a preview of what it will be',
      ...unread,
      answer: () => json({ progress: 0.4, state: { job: 'txt2img' }, current_image: base64(blue.bytes) }),
    },
    {
      name: 'accepted, status 202',
      ...unread,
      answer: () => ({ status: 202, ...json({ id: 'j', status: 'queued', status_url: '/docs/j' }) }),
    },
    { name: 'a job that counts', ...unread, answer: () => text('{"status":"IN_QUEUE","queue_position":3}') },
  ],

  'a failure inside a success': [
    {
      name: 'an error of the API',
      ...refused('invalid-request'),
      answer: () =>
        json({ error: { message: 'Invalid size', type: 'invalid_request_error', param: 'size', code: null } }),
    },
    {
      name: 'code 400',
      ...refused('invalid-request'),
      answer: () => json({ code: 400, message: 'size is not supported' }),
    },
    {
      name: 'no money, in Chinese',
      ...refused('quota'),
      answer: () => json({ success: false, message: '余额不足，请充值' }),
    },
    {
      name: 'no money, as the code of an error',
      ...refused('quota'),
      answer: () => json({ error: { code: 'insufficient_quota', message: 'You exceeded your current quota' } }),
    },
    {
      name: 'Cloudflare: an authentication error',
      ...refused('auth'),
      answer: () =>
        json({
          result: null,
          success: false,
          errors: [{ code: 10000, message: 'Authentication error' }],
          messages: [],
        }),
    },
    {
      name: 'moderation, as OpenAI names it',
      ...blocked,
      answer: () =>
        json({
          error: {
            code: 'moderation_blocked',
            type: 'image_generation_user_error',
            message: 'Your request was rejected',
          },
        }),
    },
    {
      name: 'Gemini: errors as a list',
      ...refused('rate-limit'),
      answer: () => json([{ error: { code: 429, message: 'Resource exhausted', status: 'RESOURCE_EXHAUSTED' } }]),
    },
    {
      name: 'a failed task that says NSFW',
      ...blocked,
      answer: () => json({ id: 'p', status: 'failed', error: 'NSFW content detected', output: null }),
    },
    {
      name: 'a failed task with what was given to it',
      code: 'server',
      billed: true,
      request: { images: [input.bytes] },
      answer: () =>
        json({
          id: 'p',
          status: 'failed',
          error: 'CUDA out of memory',
          output: null,
          input: { image: dataUri(input.bytes) },
        }),
    },
    {
      name: 'an error that shows a picture of how it should be',
      ...refused('invalid-request'),
      answer: (o) =>
        json({
          error: {
            type: 'invalid_request_error',
            message: `Wrong size, see ${o}/files/red.png`,
            help_image: `${o}/files/red.png`,
          },
        }),
    },
    {
      name: 'MiniMax: sensitive content',
      ...blocked,
      answer: () => json({ base_resp: { status_code: 1026, status_msg: 'input new_sensitive' } }),
    },
    {
      name: 'an error event in a stream',
      ...refused('quota'),
      answer: () =>
        text(
          `event: error\ndata: ${JSON.stringify({ type: 'error', error: { code: 'insufficient_quota', message: 'quota' } })}\n\n`,
          'text/event-stream',
        ),
    },
    {
      name: 'an error after partial pictures',
      code: 'content-blocked',
      billed: true,
      answer: () =>
        events(
          { type: 'image_generation.partial_image', partial_image_index: 0, b64_json: base64(blue.bytes) },
          { type: 'error', error: { code: 'moderation_blocked', message: 'Your request was rejected' } },
        ),
    },
    {
      name: 'the error of a GraphQL gateway',
      code: 'server',
      billed: true,
      answer: () => json({ errors: [{ message: 'Internal server error', path: ['generate'] }], data: null }),
    },
  ],

  'the avatar, the echo, the example': [
    {
      name: 'the avatar of the account',
      ...unread,
      answer: (o) => json({ data: [], user: { name: 'me', avatar_url: `${o}/files/logo.png` } }),
    },
    {
      name: 'the prompt repeated',
      ...unread,
      answer: (o) => json({ data: [], prompt: `a boat as in ${o}/files/red.png` }),
    },
    {
      name: 'the input repeated',
      ...unread,
      request: { images: [input.bytes] },
      answer: () => json({ data: [], input: { image: dataUri(input.bytes) } }),
    },
    {
      name: 'the request repeated',
      ...unread,
      request: { images: [input.bytes] },
      answer: (o) => json({ request: { prompt: 'a boat', image: `${o}/files/input.png` }, status: 'accepted' }),
    },
    {
      name: 'an advertisement with a logo',
      ...unread,
      answer: (o) => json({ data: [], ad: { text: 'Try our service', logo: `${o}/files/logo.png` } }),
    },
    {
      name: 'where to get help, with a picture',
      ...unread,
      answer: (o) =>
        json({ data: [], message: `Scan ${o}/files/logo.png to join our group`, qr_code: `${o}/files/logo.png` }),
    },
  ],

  'Gemini, Seedream, Bailian, CogView': [
    {
      name: 'Gemini: the prompt is blocked',
      provider: 'google',
      ...refused('content-blocked'),
      answer: () => json({ promptFeedback: { blockReason: 'PROHIBITED_CONTENT' } }),
    },
    ...['IMAGE_SAFETY', 'PROHIBITED_CONTENT', 'RECITATION', 'SAFETY', 'BLOCKLIST', 'SPII'].map((reason) => ({
      name: `Gemini: ${reason}`,
      provider: 'google' as const,
      code: 'content-blocked' as const,
      billed: true,
      answer: () => json({ candidates: [{ finishReason: reason, index: 0 }] }),
    })),
    {
      name: 'Gemini: NO_IMAGE',
      provider: 'google',
      code: 'server',
      billed: true,
      answer: () => json({ candidates: [{ finishReason: 'NO_IMAGE' }] }),
    },
    {
      name: 'Gemini: only words',
      provider: 'google',
      ...unread,
      answer: () => gemini([{ text: 'I can only describe boats.' }]),
    },
    {
      name: 'Gemini: no more tokens',
      provider: 'google',
      code: 'invalid-request',
      billed: true,
      answer: () => gemini([{ text: 'The boat' }], 'MAX_TOKENS'),
    },
    { name: 'Gemini: no candidates', provider: 'google', ...unread, answer: () => json({ candidates: [] }) },
    {
      name: 'Gemini: an error inside a success',
      provider: 'google',
      ...refused('rate-limit'),
      answer: () =>
        json({
          error: {
            code: 429,
            status: 'RESOURCE_EXHAUSTED',
            message: 'You exceeded your current quota, please check your plan and billing details.',
          },
        }),
    },
    {
      name: 'Seedream: every picture was refused',
      provider: 'seedream',
      ...refused('content-blocked'),
      answer: () =>
        json({
          data: [
            { error: { code: 'OutputImageSensitiveContentDetected', message: 'may contain sensitive information' } },
          ],
        }),
    },
    {
      name: 'Bailian: every picture was refused',
      provider: 'bailian',
      ...refused('content-blocked'),
      answer: () =>
        json({
          output: {
            task_status: 'SUCCEEDED',
            results: [{ code: 'DataInspectionFailed', message: 'inappropriate content' }],
          },
        }),
    },
    {
      name: 'Bailian: an account in arrears',
      provider: 'bailian',
      ...refused('quota'),
      answer: () =>
        json({ code: 'Arrearage', message: 'Access denied, please make sure your account is in good standing.' }),
    },
    {
      name: 'CogView: content that is filtered',
      provider: 'cogview',
      ...refused('content-blocked'),
      answer: () => json({ error: { code: '1301', message: '系统检测到输入或生成内容可能包含不安全或敏感内容' } }),
    },
    {
      name: 'CogView: the filter without a picture',
      provider: 'cogview',
      code: 'content-blocked',
      billed: true,
      answer: () => json({ data: [], content_filter: [{ role: 'user', level: 0 }] }),
    },
  ],
};

/** Advice to spend once more: "try again", "generate it again", "retry". A warning of it is none: "asking again is billed again". */
const paysAgain =
  /(?:^|[.;:,]\s+|\b(?:or|and|then|to|please|may|can)\s+)(?:ask|try|generate|send|run|draw|repeat|request|submit)\b[^.;:,]*\b(?:again|once more)\b|\b(?:retry|resubmit|resend)\b/i;

test.each(['Try again later.', 'Reword it, or ask once more.', 'Retry.', 'Look at the account, then ask again.'])(
  '%s is advice to pay again',
  (hint) => expect(hint).toMatch(paysAgain),
);
test.each(['Do not ask again before.', 'Look at the account before asking again.', 'Reword the prompt.'])(
  '%s is none',
  (hint) => expect(hint).not.toMatch(paysAgain),
);

describe.each(Object.entries(shapes))('%s', (_, members) => {
  let server: AnswerServer;
  beforeAll(async () => {
    server = await startAnswerServer();
  });
  afterAll(() => server.close());

  test.each(members)('$name', async ({ code, billed, answer, request, provider = 'openai' }) => {
    server.answers(answer(server.origin));
    const { images, errors } = await ask(server, provider, { prompt: 'a boat', ...request });
    expect(images.map(({ sourceUrl, byteLength }) => sourceUrl ?? byteLength)).toEqual([]);
    expect(errors.map((error) => ({ code: error.code, billed: error.mayHaveBeenBilled }))).toEqual([{ code, billed }]);
    const [error] = errors;
    expect(error?.hint).toBeTruthy();
    if (error?.mayHaveBeenBilled) {
      expect(error.hint).not.toMatch(paysAgain);
      expect(server.asked).toBe(1);
    }
  });
});
