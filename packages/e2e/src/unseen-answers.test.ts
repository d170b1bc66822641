// Answers that hold pictures, in forms that relays, gateways, compatible servers and other services give: whatever the form, exactly
// the pictures that are results come, in order, and none that is not.

import { gzipSync } from 'node:zlib';
import type { ClientRequest } from '@anyimage/core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import {
  type Answer,
  type AnswerServer,
  ask,
  chat,
  events,
  gemini,
  json,
  type Picture,
  type ProviderName,
  pictures,
  startAnswerServer,
  text,
} from './answer-server.ts';

const { red, green, blue, large, jpeg, webp, thumb, logo, input } = pictures;

/** How an answer may hold a picture. */
const b64 = ({ bytes }: Picture) => Buffer.from(bytes).toString('base64');
const dataUri = (picture: Picture) => `data:${picture.type};base64,${b64(picture)}`;
const wrapped = (picture: Picture, width: number, end: string) =>
  (b64(picture).match(new RegExp(`.{1,${width}}`, 'g')) ?? []).join(end);
const file = ({ name }: Picture) => `/files/${name}`;

interface Shape {
  readonly name: string;
  readonly pictures: readonly Picture[];
  readonly answer: (origin: string) => Answer;
  /** Default openai. */
  readonly provider?: ProviderName;
  readonly request?: Partial<ClientRequest>;
}

const usage = { input_tokens: 10, output_tokens: 1056, total_tokens: 1066 };

/** By where such answers come from. */
const shapes: { readonly [origin: string]: readonly Shape[] } = {
  'servers that speak the API of OpenAI': [
    {
      name: 'LocalAI: a URL beside an empty embedding',
      pictures: [red],
      answer: (o) =>
        json({
          created: 1_762_267_811,
          id: '5b5a7249',
          data: [{ embedding: null, index: 0, url: `${o}${file(red)}` }],
          usage: { prompt_tokens: 0, completion_tokens: 0, total_tokens: 0 },
        }),
    },
    {
      name: 'LiteLLM: every field of the answer, most of them null',
      pictures: [red, green],
      answer: () =>
        json({
          created: 1,
          background: null,
          data: [red, green].map((picture) => ({ b64_json: b64(picture), revised_prompt: null, url: null })),
          output_format: null,
          usage,
        }),
    },
    {
      name: 'chatgpt2api: a data URI where base64 belongs',
      pictures: [red],
      answer: () => json({ created: 1, data: [{ b64_json: dataUri(red) }] }),
    },
    {
      name: 'gpt4free: a relative URL with another URL in its query',
      pictures: [webp],
      answer: () =>
        json({
          data: [{ url: `${file(webp)}?url=https%3A%2F%2Fcdn.example%2Fdog.webp`, revised_prompt: 'a dog' }],
          model: 'flux',
          provider: 'HuggingSpace',
          created: 1,
        }),
    },
    {
      name: 'gpt4free: a URL whose path holds the prompt unescaped',
      pictures: [red],
      answer: (o) => json({ data: [{ url: `${o}/files/1740146846_画一只狗 + 科幻/${red.name}` }] }),
    },
    {
      name: 'xAI: a JPEG with its type beside it',
      pictures: [jpeg],
      answer: (o) => json({ data: [{ url: `${o}${file(jpeg)}`, mime_type: 'image/jpeg', revised_prompt: '' }] }),
    },
    {
      name: 'Together: a list object with times',
      pictures: [red, green],
      answer: (o) =>
        json({
          id: 'o1',
          model: 'FLUX.1-schnell',
          object: 'list',
          data: [red, green].map((picture, index) => ({
            index,
            timings: { inference: 0.3 },
            url: `${o}${file(picture)}`,
          })),
        }),
    },
    {
      name: 'SiliconFlow: the same pictures under images and under data',
      pictures: [red, green],
      answer: (o) => {
        const list = [red, green].map((picture) => ({ url: `${o}${file(picture)}` }));
        return json({ images: list, timings: { inference: 1.2 }, seed: 7, shared_id: '0', data: list });
      },
    },
    {
      name: 'a relay: base64 and a URL of the same picture in one entry',
      pictures: [red],
      answer: (o) => json({ data: [{ b64_json: b64(red), url: `${o}${file(red)}` }] }),
    },
    {
      name: 'a relay: base64url without padding',
      pictures: [red],
      answer: () => json({ data: [{ b64_json: Buffer.from(red.bytes).toString('base64url') }] }),
    },
    {
      name: 'a relay in PHP: base64 in lines of 76 characters',
      pictures: [large],
      answer: () => json({ data: [{ b64_json: wrapped(large, 76, '\r\n') }] }),
    },
    {
      name: 'a relay in Python: base64 printed as bytes',
      pictures: [red],
      answer: () => json({ data: [{ b64_json: `b'${b64(red)}'` }] }),
    },
    {
      name: 'a relay behind a path: a URL from the root',
      pictures: [red],
      answer: () => json({ data: [{ url: file(red) }] }),
    },
    {
      name: 'a CDN: a URL without scheme',
      pictures: [red],
      answer: (o) => json({ data: [{ url: `${o.replace('http:', '')}${file(red)}` }] }),
    },
    {
      name: 'a CDN: host and path alone',
      pictures: [red],
      answer: (o) => json({ data: [{ url: `${o.replace('http://', '')}${file(red)}` }] }),
    },
    {
      name: 'a relay: more pictures than were asked for',
      pictures: [red, green],
      request: { n: 1 },
      answer: () => json({ data: [{ b64_json: b64(red) }, { b64_json: b64(green) }] }),
    },
    {
      name: 'a relay: data is one object',
      pictures: [red],
      answer: (o) => json({ created: 1, data: { url: `${o}${file(red)}` } }),
    },
    {
      name: 'a relay: data is a list of strings',
      pictures: [red, green],
      answer: (o) => json({ created: 1, data: [`${o}${file(red)}`, `${o}${file(green)}`] }),
    },
    {
      name: 'a relay: url is a list',
      pictures: [red, green],
      answer: (o) => json({ created: 1, data: [{ url: [`${o}${file(red)}`, `${o}${file(green)}`] }] }),
    },
    {
      name: 'a relay: the document is JSON inside a JSON string',
      pictures: [red],
      answer: (o) => json(JSON.stringify({ data: [{ url: `${o}${file(red)}` }] })),
    },
    {
      name: 'a relay in PHP: a warning before the JSON',
      pictures: [red],
      answer: () =>
        text(
          `<br />\n<b>Warning</b>:  Undefined array key "size" in <b>/var/www/relay.php</b> on line <b>41</b><br />\n${JSON.stringify({ data: [{ b64_json: b64(red) }] })}`,
          'text/html; charset=UTF-8',
        ),
    },
    {
      name: 'a relay: a byte order mark before the JSON',
      pictures: [red],
      answer: () => text(`\uFEFF${JSON.stringify({ data: [{ b64_json: b64(red) }] })}`, 'application/json'),
    },
    {
      name: 'a gateway: compressed, and not labelled so',
      pictures: [red],
      answer: () => ({
        headers: { 'content-type': 'application/json' },
        body: gzipSync(JSON.stringify({ data: [{ b64_json: b64(red) }] })),
      }),
    },
    {
      name: 'a gateway: labelled compressed, and plain',
      pictures: [red],
      answer: () => json({ data: [{ b64_json: b64(red) }] }, { 'content-encoding': 'gzip' }),
    },
    {
      name: 'a gateway: NaN among the figures',
      pictures: [red],
      answer: () =>
        text(`{"data":[{"b64_json":"${b64(red)}","aesthetic_score":NaN}],"cost":Infinity}`, 'application/json'),
    },
    {
      name: 'a gateway: keeps the connection alive with white space before the JSON',
      pictures: [red],
      answer: () => text(`${'\n'.repeat(40)}  ${JSON.stringify({ data: [{ b64_json: b64(red) }] })}`, 'text/plain'),
    },
    {
      name: 'a relay that was asked to change a picture: the input comes back beside the result',
      pictures: [red],
      request: { images: [input.bytes] },
      answer: () => json({ input_image: dataUri(input), data: [{ b64_json: b64(red) }] }),
    },
  ],

  'chat completions in place of pictures': [
    {
      name: 'OpenRouter: message.images',
      pictures: [red],
      answer: () =>
        chat({
          content: 'Here you go.',
          images: [{ type: 'image_url', index: 0, image_url: { url: dataUri(red) } }],
        }),
    },
    {
      name: 'new-api: Gemini, a data URI in markdown',
      pictures: [red],
      answer: () => chat(`Here's a red apple!\n![image](${dataUri(red)})`),
    },
    {
      name: 'grok2api: the content is a URL',
      pictures: [red],
      answer: (o) => chat(`${o}${file(red)}`),
    },
    {
      name: 'grok2api: several pictures in markdown',
      pictures: [red, green, blue],
      answer: (o) => chat([red, green, blue].map((p) => `![${p.name}](${o}${file(p)})`).join('\n')),
    },
    {
      name: 'WebAI2API: the content is a data URI',
      pictures: [large],
      answer: () => chat(dataUri(large)),
    },
    {
      name: 'a relay of gpt-4o-image: progress, the picture, and a link to load it down',
      pictures: [red],
      answer: (o) =>
        chat(
          `\`\`\`json\n{"prompt": "a boat", "ratio": "1:1"}\n\`\`\`\n\n> 🕐 排队中.\n\n> ⚡ 生成中.....\n\n> 🏃‍ 进度 14....38....[100](${o}/docs/help)\n\n> ✅ 生成完成\n\n\n![file_00000](${o}/files/cdn/20250401/${red.name})\n\n[点击下载](${o}/files/cdn/download/20250401/${red.name})\n`,
        ),
    },
    {
      name: 'Poe: the picture in markdown, and its URL once more below',
      pictures: [red],
      answer: (o) => chat(`![a boat](${o}${file(red)})\n\n${o}${file(red)}`),
    },
    {
      name: 'Pollinations: the picture, and an advertisement with a link',
      pictures: [red],
      answer: (o) =>
        chat(
          `![boat](${o}/files/prompt/a%20boat/${red.name}?width=1024&nologo=true)\n\n---\n\n**Support:** 🌸 **Ad** 🌸 Powered by Pollinations.AI free text APIs. [Support our mission](${o}/docs/kofi) to keep AI accessible.`,
        ),
    },
    {
      name: 'a relay: an img element with an escaped query',
      pictures: [red],
      answer: (o) => chat(`<p>Done.</p><img alt="boat" src="${o}${file(red)}?sig=1&amp;exp=2" width="512">`),
    },
    {
      name: 'a relay: a picture that is a link to itself',
      pictures: [red],
      answer: (o) => chat(`[![boat](${o}${file(red)})](${o}${file(red)})`),
    },
    {
      name: 'a relay: parts with text and a picture',
      pictures: [red],
      answer: () =>
        chat({
          content: [
            { type: 'text', text: 'Here it is:' },
            { type: 'image_url', image_url: { url: dataUri(red), detail: 'auto' } },
          ],
        }),
    },
    {
      name: 'a relay: the content is JSON of the images API',
      pictures: [red],
      answer: (o) => chat(JSON.stringify({ created: 1, data: [{ url: `${o}${file(red)}` }] })),
    },
    {
      name: 'a relay: one picture in each choice',
      pictures: [red, green],
      answer: () =>
        json({
          object: 'chat.completion',
          choices: [red, green].map((picture, index) => ({
            index,
            finish_reason: 'stop',
            message: { role: 'assistant', content: `![image](${dataUri(picture)})` },
          })),
        }),
    },
    {
      name: 'Responses API: a call of the image tool',
      pictures: [red],
      answer: () =>
        json({
          id: 'resp_1',
          object: 'response',
          status: 'completed',
          output: [
            { id: 'rs_1', type: 'reasoning', summary: [] },
            {
              id: 'ig_1',
              type: 'image_generation_call',
              status: 'completed',
              output_format: 'png',
              revised_prompt: 'A boat',
              result: b64(red),
            },
            {
              id: 'msg_1',
              type: 'message',
              role: 'assistant',
              content: [{ type: 'output_text', text: '', annotations: [] }],
            },
          ],
        }),
    },
    {
      name: 'Responses API: Gemini behind it, markdown in output_text',
      pictures: [jpeg],
      answer: () =>
        json({
          model: 'gemini-3.1-flash-image-2K',
          output: [
            {
              type: 'message',
              status: 'completed',
              role: 'assistant',
              content: [
                { type: 'output_text', text: `Here is the result.\n![image](${dataUri(jpeg)})`, annotations: [] },
              ],
            },
          ],
        }),
    },
    {
      name: 'Messages API: a block of base64',
      pictures: [red],
      answer: () =>
        json({
          type: 'message',
          role: 'assistant',
          content: [
            { type: 'text', text: 'A boat.' },
            { type: 'image', source: { type: 'base64', media_type: 'image/png', data: b64(red) } },
          ],
          stop_reason: 'end_turn',
        }),
    },
    {
      name: 'an MCP gateway: a tool result',
      pictures: [red],
      answer: () =>
        json({
          jsonrpc: '2.0',
          id: 1,
          result: {
            content: [
              { type: 'text', text: 'Generated 1 image' },
              { type: 'image', data: b64(red), mimeType: 'image/png' },
            ],
            isError: false,
          },
        }),
    },
    {
      name: 'a relay: the pictures under attachments, and the avatar of the bot beside them',
      pictures: [red],
      answer: (o) =>
        chat({
          content: 'Done',
          author: { name: 'Painter', avatar_url: `${o}${file(logo)}` },
          attachments: [{ content_type: 'image/png', filename: 'boat.png', url: `${o}${file(red)}` }],
        }),
    },
  ],

  'streams that nobody asked for': [
    {
      name: 'stdapi: events without a name',
      pictures: [red],
      answer: () => events({ type: 'image_generation.completed', b64_json: b64(red), usage }, 'data: [DONE]'),
    },
    {
      name: 'a relay: events without name and type, after comments',
      pictures: [red],
      answer: () => events(': ping', ': ping', { created: 1, b64_json: b64(red) }, 'data: [DONE]'),
    },
    {
      name: 'a relay: an answer of the images API as one event, labelled JSON',
      pictures: [red, green],
      answer: (o) => ({
        ...events({ data: [{ url: `${o}${file(red)}` }, { url: `${o}${file(green)}` }] }, 'data: [DONE]'),
        headers: { 'content-type': 'application/json' },
      }),
    },
    {
      name: 'Bifrost: partial pictures before the whole one',
      pictures: [red],
      answer: () =>
        events(
          { type: 'image_generation.partial_image', partial_image_index: 0, b64_json: b64(thumb) },
          { type: 'image_generation.partial_image', partial_image_index: 1, b64_json: b64(blue) },
          { type: 'image_generation.completed', b64_json: b64(red) },
        ),
    },
    {
      name: 'OpenRouter: chat chunks with delta.images',
      pictures: [red],
      answer: () =>
        events(
          ': OPENROUTER PROCESSING',
          { object: 'chat.completion.chunk', choices: [{ index: 0, delta: { role: 'assistant', content: '' } }] },
          {
            object: 'chat.completion.chunk',
            choices: [{ index: 0, delta: { images: [{ type: 'image_url', image_url: { url: dataUri(red) } }] } }],
          },
          { object: 'chat.completion.chunk', choices: [{ index: 0, delta: {}, finish_reason: 'stop' }] },
          'data: [DONE]',
        ),
    },
    {
      name: 'a relay of gpt-4o-image: a link cut across chat chunks',
      pictures: [red],
      answer: (o) =>
        events(
          ...`生成完成\n![file](${o}${file(red)})\n`
            .match(/[\s\S]{1,9}/g)!
            .map((content) => ({ object: 'chat.completion.chunk', choices: [{ index: 0, delta: { content } }] })),
          'data: [DONE]',
        ),
    },
    {
      name: 'a relay of Gemini: a data URI cut across chat chunks',
      pictures: [red],
      answer: () =>
        events(
          ...`Here:\n![image](${dataUri(red)})`
            .match(/[\s\S]{1,500}/g)!
            .map((content) => ({ object: 'chat.completion.chunk', choices: [{ index: 0, delta: { content } }] })),
          'data: [DONE]',
        ),
    },
    {
      name: 'Responses API: the finished item of a stream',
      pictures: [red],
      answer: () =>
        events(
          { type: 'response.created', response: { status: 'in_progress', output: [] } },
          {
            type: 'response.image_generation_call.partial_image',
            partial_image_index: 0,
            partial_image_b64: b64(blue),
          },
          {
            type: 'response.output_item.done',
            output_index: 0,
            item: { id: 'ig_1', type: 'image_generation_call', status: 'generating', result: b64(red) },
          },
          {
            type: 'response.completed',
            response: {
              status: 'completed',
              output: [{ id: 'ig_1', type: 'image_generation_call', status: 'completed', result: b64(red) }],
            },
          },
        ),
    },
    {
      name: 'Ollama: lines of JSON with progress',
      pictures: [red],
      answer: () =>
        text(
          `${[
            { model: 'x/z-image-turbo', created_at: '2026-01-20T10:00:00Z', completed: 1, total: 2, done: false },
            { model: 'x/z-image-turbo', created_at: '2026-01-20T10:00:01Z', completed: 2, total: 2, done: false },
            { model: 'x/z-image-turbo', created_at: '2026-01-20T10:00:02Z', image: b64(red), done: true },
          ]
            .map((line) => JSON.stringify(line))
            .join('\n')}\n`,
          'application/x-ndjson',
        ),
    },
    {
      name: 'Gradio: a completed event with a file of the server',
      pictures: [webp],
      answer: (o) =>
        text(
          `event: generating\ndata: null\n\nevent: complete\ndata: ${JSON.stringify([{ path: '/tmp/gradio/0a1b/image.webp', url: `${o}${file(webp)}`, size: null, orig_name: 'image.webp', mime_type: null, is_stream: false, meta: { _type: 'gradio.FileData' } }, 1_234_567])}\n\n`,
          'text/event-stream',
        ),
    },
    {
      name: 'two documents, one behind the other',
      pictures: [red],
      answer: () =>
        text(
          `${JSON.stringify({ status: 'processing', progress: 0.5 })}${JSON.stringify({ status: 'done', data: [{ b64_json: b64(red) }] })}`,
          'application/json',
        ),
    },
  ],

  'bytes and bare texts': [
    {
      name: 'Workers AI: a PNG labelled image/jpeg',
      pictures: [red],
      answer: () => ({ headers: { 'content-type': 'image/jpeg' }, body: red.bytes }),
    },
    {
      name: 'a wrapper: a WebP as octet stream',
      pictures: [webp],
      answer: () => ({ headers: { 'content-type': 'application/octet-stream' }, body: webp.bytes }),
    },
    {
      name: 'a wrapper: a JPEG with no label',
      pictures: [jpeg],
      answer: () => ({ body: jpeg.bytes }),
    },
    {
      name: 'a wrapper: a large PNG labelled JSON',
      pictures: [large],
      answer: () => ({ headers: { 'content-type': 'application/json' }, body: large.bytes }),
    },
    {
      name: 'a wrapper: base64 alone, in lines',
      pictures: [red],
      answer: () => text(`${wrapped(red, 64, '\n')}\n`),
    },
    {
      name: 'a wrapper: base64 alone, as a JSON string',
      pictures: [red],
      answer: () => json(b64(red)),
    },
    {
      name: 'a wrapper: a data URI alone',
      pictures: [red],
      answer: () => text(dataUri(red), 'text/html'),
    },
    {
      name: 'a wrapper: a URL alone',
      pictures: [red],
      answer: (o) => text(`${o}${file(red)}\n`),
    },
    {
      name: 'a wrapper: a URL on each line',
      pictures: [red, green],
      answer: (o) => text(`${o}${file(red)}\n${o}${file(green)}\n`),
    },
    {
      name: 'a wrapper: a multipart answer with the facts and the file',
      pictures: [red],
      answer: () => ({
        headers: { 'content-type': 'multipart/mixed; boundary=part7' },
        body: Buffer.concat([
          Buffer.from('--part7\r\ncontent-type: application/json\r\n\r\n{"seed":7,"format":"png"}\r\n'),
          Buffer.from(
            '--part7\r\ncontent-disposition: attachment; filename="0.png"\r\ncontent-type: image/png\r\n\r\n',
          ),
          red.bytes,
          Buffer.from('\r\n--part7--\r\n'),
        ]),
      }),
    },
    {
      name: 'a wrapper in Node: a Buffer as JSON writes it',
      pictures: [red],
      answer: () => json({ image: Buffer.from(red.bytes) }),
    },
  ],

  'services of other forms behind a relay': [
    {
      name: 'fal',
      pictures: [jpeg],
      answer: (o) =>
        json({
          images: [{ url: `${o}${file(jpeg)}`, width: 32, height: 24, content_type: 'image/jpeg' }],
          timings: { inference: 0.4 },
          seed: 42,
          has_nsfw_concepts: [false],
          prompt: 'a boat',
        }),
    },
    {
      name: 'fal, one picture',
      pictures: [red],
      answer: (o) =>
        json({ image: { url: `${o}${file(red)}`, content_type: 'image/png', file_name: 'z.png', file_size: 1048576 } }),
    },
    {
      name: 'Automatic1111: the picture, and what was asked with its input',
      pictures: [red],
      request: { images: [input.bytes] },
      answer: () =>
        json({
          images: [b64(red)],
          parameters: { init_images: [b64(input)], mask: null, prompt: 'a boat', steps: 20 },
          info: JSON.stringify({ prompt: 'a boat', seed: 7, infotexts: ['a boat\nSteps: 20, Sampler: Euler'] }),
        }),
    },
    {
      name: 'Workers AI: result.image',
      pictures: [red],
      answer: () => json({ result: { image: b64(red) }, success: true, errors: [], messages: [] }),
    },
    {
      name: 'Replicate: output, and links of the job',
      pictures: [webp],
      request: { images: [input.bytes] },
      answer: (o) =>
        json({
          id: 'p1',
          model: 'black-forest-labs/flux-schnell',
          input: { prompt: 'a boat', image: `${o}${file(input)}` },
          output: [`${o}${file(webp)}`],
          status: 'succeeded',
          error: null,
          logs: 'Using seed: 42\n100%|██████████| 4/4',
          urls: { get: `${o}/docs/p1`, cancel: `${o}/docs/p1/cancel`, web: `${o}/docs/p1` },
        }),
    },
    {
      name: 'RunPod: ComfyUI, files as base64',
      pictures: [red, green],
      answer: () =>
        json({
          delayTime: 2188,
          executionTime: 2297,
          id: 'sync-1',
          output: {
            images: [red, green].map((picture, at) => ({
              data: b64(picture),
              filename: `ComfyUI_0000${at}_.png`,
              type: 'base64',
            })),
          },
          status: 'COMPLETED',
        }),
    },
    {
      name: 'RunPod: ComfyUI of an older worker, the message is the file',
      pictures: [red],
      answer: () => json({ id: 'sync-1', output: { message: b64(red), status: 'success' }, status: 'COMPLETED' }),
    },
    {
      name: 'a wrapper of ComfyUI: the path of a view',
      pictures: [red],
      answer: () => json({ prompt_id: 'a1', images: [`${file(red)}?filename=ComfyUI_1_.png&subfolder=&type=output`] }),
    },
    {
      name: 'a wrapper: base64, and where the server keeps the file',
      pictures: [red],
      answer: () =>
        json({ images: [b64(red)], files: ['/home/sd/outputs/2026-01-20/00001.png'], path: 'C:\\out\\00001.png' }),
    },
    {
      name: 'Fooocus: a list at the root',
      pictures: [red, green],
      answer: (o) =>
        json(
          [red, green].map((picture, at) => ({
            base64: null,
            url: `${o}${file(picture)}`,
            seed: `${at}`,
            finish_reason: 'SUCCESS',
          })),
        ),
    },
    {
      name: 'Stability: artifacts',
      pictures: [red, green],
      answer: () =>
        json({
          artifacts: [red, green].map((picture, seed) => ({ base64: b64(picture), seed, finishReason: 'SUCCESS' })),
        }),
    },
    {
      name: 'Stability: image and finish_reason',
      pictures: [webp],
      answer: () => json({ image: b64(webp), finish_reason: 'SUCCESS', seed: 343_940_597 }),
    },
    {
      name: 'Black Forest Labs: result.sample',
      pictures: [jpeg],
      answer: (o) =>
        json({
          id: 'b1',
          status: 'Ready',
          result: { sample: `${o}${file(jpeg)}?se=2026-01-01T00%3A10%3A00Z&sig=a%2Bb%3D`, prompt: 'a boat', seed: 1 },
        }),
    },
    {
      name: 'Novita: image_url with the time it lives',
      pictures: [jpeg],
      answer: (o) =>
        json({
          images: [{ image_url: `${o}${file(jpeg)}`, image_url_ttl: '3600', image_type: 'jpeg' }],
          task: { task_id: 't', status: 'TASK_STATUS_SUCCEED' },
        }),
    },
    {
      name: 'DeepInfra: data URIs in a list',
      pictures: [red],
      answer: () =>
        json({
          images: [dataUri(red)],
          nsfw_content_detected: [false],
          seed: 7,
          inference_status: { status: 'succeeded' },
        }),
    },
    {
      name: 'MiniMax: image_urls below data',
      pictures: [red, green],
      answer: (o) =>
        json({
          id: 'm1',
          data: { image_urls: [`${o}${file(red)}`, `${o}${file(green)}`] },
          metadata: { failed_count: '0', success_count: '2' },
          base_resp: { status_code: 0, status_msg: 'success' },
        }),
    },
    {
      name: 'Volcengine visual: binary_data_base64 beside an empty list',
      pictures: [jpeg],
      answer: () =>
        json({
          code: 10000,
          message: 'Success',
          request_id: 'v1',
          data: { binary_data_base64: [b64(jpeg)], image_urls: null, algorithm_base_resp: { status_code: 0 } },
        }),
    },
    {
      name: 'Tencent: ResultImage',
      pictures: [red],
      answer: (o) => json({ Response: { ResultImage: `${o}${file(red)}`, RequestId: 'r1', Seed: 7 } }),
    },
    {
      name: 'Baidu: final_image_list',
      pictures: [red],
      answer: (o) =>
        json({
          log_id: 1,
          data: {
            task_status: 'SUCCESS',
            sub_task_result_list: [
              {
                sub_task_status: 'SUCCESS',
                final_image_list: [{ img_url: `${o}${file(red)}`, width: 64, height: 48 }],
              },
            ],
          },
        }),
    },
    {
      name: 'Spark: base64 as the content of a text',
      pictures: [red],
      answer: () =>
        json({
          header: { code: 0, message: 'Success', status: 2 },
          payload: { choices: { status: 2, seq: 0, text: [{ content: b64(red), index: 0, role: 'assistant' }] } },
        }),
    },
    {
      name: 'Midjourney proxy: the picture, its thumbnail, and buttons',
      pictures: [red],
      answer: (o) =>
        json({
          code: 1,
          description: '成功',
          result: {
            id: 'mj1',
            status: 'SUCCESS',
            progress: '100%',
            imageUrl: `${o}${file(red)}`,
            thumbnailUrl: `${o}${file(thumb)}`,
            buttons: [{ customId: 'MJ::JOB::upsample::1', label: 'U1' }],
          },
        }),
    },
    {
      name: 'an image host: display, medium and thumbnail of one picture',
      pictures: [red],
      answer: (o) =>
        json({
          data: {
            id: '2ndCYJK',
            url: `${o}${file(red)}`,
            thumb: { filename: 'thumb.png', mime: 'image/png', url: `${o}${file(thumb)}` },
          },
          success: true,
          status: 200,
        }),
    },
    {
      name: 'Leonardo: generated_images below the generation',
      pictures: [red, green],
      answer: (o) =>
        json({
          generations_by_pk: {
            generated_images: [red, green].map((picture) => ({
              url: `${o}${file(picture)}`,
              nsfw: false,
              likeCount: 0,
            })),
            modelId: 'm',
            prompt: 'a boat',
            status: 'COMPLETE',
            initStrength: null,
          },
        }),
    },
    {
      name: 'a web form of a relay: a JSON string below data',
      pictures: [red],
      answer: (o) => json({ code: 0, msg: 'success', data: JSON.stringify({ image_list: [`${o}${file(red)}`] }) }),
    },
    {
      name: 'a relay that advertises: the logo of its sponsor',
      pictures: [red],
      answer: (o) =>
        json({
          provider: { name: 'Relay', logo: `${o}${file(logo)}`, icon_url: `${o}${file(logo)}` },
          output: { picture: `${o}${file(red)}` },
        }),
    },
  ],

  'Gemini and its relays': [
    {
      name: 'gemini-balance: markdown in a text part',
      provider: 'google',
      pictures: [red],
      answer: (o) => gemini([{ text: `Here is a boat.\n\n![image](${o}${file(red)})` }]),
    },
    {
      name: 'a relay: a data URI in a text part',
      provider: 'google',
      pictures: [red],
      answer: () => gemini([{ text: 'Sure!' }, { text: dataUri(red) }]),
    },
    {
      name: 'a relay in Python: snake case',
      provider: 'google',
      pictures: [red],
      answer: () => gemini([{ inline_data: { mime_type: 'image/png', data: b64(red) } }]),
    },
    {
      name: 'Gemini 3: pictures of its thoughts before the final one',
      provider: 'google',
      pictures: [red],
      answer: () =>
        gemini([
          { thought: true, text: 'Composing…' },
          { thought: true, inlineData: { mimeType: 'image/png', data: b64(blue) } },
          { inlineData: { mimeType: 'image/png', data: b64(red) }, thoughtSignature: 'c2lnbmF0dXJl' },
        ]),
    },
    {
      name: 'Gemini 3: nothing but pictures of its thoughts, which are paid for',
      provider: 'google',
      pictures: [red],
      answer: () =>
        json({
          candidates: [
            {
              finishReason: 'MAX_TOKENS',
              content: {
                parts: [blue, red].map((draft) => ({
                  thought: true,
                  inlineData: { mimeType: 'image/png', data: b64(draft) },
                })),
              },
            },
          ],
        }),
    },
    {
      name: 'several pictures with text between them',
      provider: 'google',
      pictures: [red, jpeg],
      answer: () =>
        gemini([
          { text: 'One' },
          { inlineData: { mimeType: 'image/png', data: b64(red) } },
          { text: 'Two' },
          { inlineData: { mimeType: 'image/jpeg', data: b64(jpeg) } },
        ]),
    },
    {
      name: 'a file of the service in place of bytes',
      provider: 'google',
      pictures: [red],
      answer: (o) => gemini([{ fileData: { mimeType: 'image/png', fileUri: `${o}${file(red)}` } }]),
    },
    {
      name: 'Code Assist: the answer below response',
      provider: 'google',
      pictures: [red],
      answer: () =>
        json({
          response: {
            candidates: [{ content: { parts: [{ inlineData: { mimeType: 'image/png', data: b64(red) } }] } }],
          },
          traceId: 't',
        }),
    },
    {
      name: 'streamGenerateContent: a list of answers',
      provider: 'google',
      pictures: [red],
      answer: () =>
        json([
          { candidates: [{ content: { parts: [{ text: 'A boat' }] } }] },
          { candidates: [{ content: { parts: [{ inlineData: { mimeType: 'image/png', data: b64(red) } }] } }] },
          { candidates: [{ finishReason: 'STOP' }], usageMetadata: { totalTokenCount: 1298 } },
        ]),
    },
    {
      name: 'streamGenerateContent: events',
      provider: 'google',
      pictures: [red],
      answer: () =>
        events(
          { candidates: [{ content: { parts: [{ text: 'A boat' }] } }] },
          { candidates: [{ content: { parts: [{ inlineData: { mimeType: 'image/png', data: b64(red) } }] } }] },
        ),
    },
    {
      name: 'a relay that answers as OpenAI does',
      provider: 'google',
      pictures: [red],
      answer: () => json({ created: 1, data: [{ b64_json: b64(red) }] }),
    },
    {
      name: 'the form of Imagen',
      provider: 'google',
      pictures: [red],
      answer: () => json({ predictions: [{ mimeType: 'image/png', bytesBase64Encoded: b64(red) }] }),
    },
    {
      name: 'the form of the SDK',
      provider: 'google',
      pictures: [red],
      answer: () => json({ generatedImages: [{ image: { imageBytes: b64(red), mimeType: 'image/png' } }] }),
    },
  ],

  'Seedream, Bailian, CogView and their relays': [
    {
      name: 'Ark: b64_json that was not asked for',
      provider: 'seedream',
      pictures: [jpeg],
      answer: () => json({ model: 'doubao', created: 1, data: [{ b64_json: b64(jpeg), size: '32x24' }] }),
    },
    {
      name: 'Ark: events',
      provider: 'seedream',
      pictures: [jpeg],
      answer: (o) =>
        text(
          `event: image_generation.partial_succeeded\ndata: ${JSON.stringify({ type: 'image_generation.partial_succeeded', model: 'doubao', created: 1, image_index: 0, url: `${o}${file(jpeg)}`, size: '32x24' })}\n\nevent: image_generation.completed\ndata: ${JSON.stringify({ type: 'image_generation.completed', usage: { generated_images: 1 } })}\n\ndata: [DONE]\n\n`,
          'text/event-stream; charset=utf-8',
        ),
    },
    {
      name: 'a relay of Ark: a link in a chat completion',
      provider: 'seedream',
      pictures: [jpeg],
      answer: (o) => chat(`![seedream](${o}${file(jpeg)})`),
    },
    {
      name: 'DashScope: image beside text in a message',
      provider: 'bailian',
      pictures: [red],
      answer: (o) =>
        json({
          request_id: 'd1',
          output: {
            finished: true,
            choices: [
              {
                finish_reason: 'stop',
                message: { role: 'assistant', content: [{ type: 'image', image: `${o}${file(red)}` }, { text: 'ok' }] },
              },
            ],
          },
          usage: { image_count: 1 },
        }),
    },
    {
      name: 'DashScope: results of a finished task in place of choices',
      provider: 'bailian',
      pictures: [red],
      answer: (o) =>
        json({
          request_id: 'd1',
          output: {
            task_id: 't',
            task_status: 'SUCCEEDED',
            results: [{ orig_prompt: 'a boat', url: `${o}${file(red)}` }],
          },
        }),
    },
    {
      name: 'a relay of DashScope: the form of OpenAI',
      provider: 'bailian',
      pictures: [red],
      answer: () => json({ created: 1, data: [{ b64_json: b64(red) }] }),
    },
    {
      name: 'a relay of CogView: base64',
      provider: 'cogview',
      pictures: [red],
      answer: () =>
        json({ created: 1, data: [{ b64_json: b64(red) }], content_filter: [{ role: 'assistant', level: 3 }] }),
    },
    {
      name: 'a relay of CogView: the finished task',
      provider: 'cogview',
      pictures: [red],
      answer: (o) =>
        json({ id: 'z', model: 'cogview-4', task_status: 'SUCCESS', image_result: [{ url: `${o}${file(red)}` }] }),
    },
    {
      name: 'a relay of CogView: the content of a message',
      provider: 'cogview',
      pictures: [red],
      answer: (o) => chat({ content: [{ type: 'image_url', image_url: { url: `${o}${file(red)}` } }] }),
    },
  ],
};

describe.each(Object.entries(shapes))('%s', (_, members) => {
  let server: AnswerServer;
  beforeAll(async () => {
    server = await startAnswerServer();
  });
  afterAll(() => server.close());

  test.each(members)('$name', async ({ pictures, answer, request, provider = 'openai' }) => {
    server.answers(answer(server.origin));
    const n = provider === 'openai' ? pictures.length : 1;
    const outcome = await ask(server, provider, { prompt: 'a boat', n, ...request });
    const came = await Promise.all(outcome.images.map((image) => image.bytes()));
    const told = outcome.errors.map(({ code, message }) => `${code}: ${message}`);
    expect({ came: came.map(nameOf), told }).toEqual({ came: pictures.map(({ name }) => name), told: [] });
    expect(server.asked).toBe(1);
  });
});

/** Which of the pictures these bytes are. */
function nameOf(bytes: Uint8Array): string {
  const found = Object.values(pictures).find((picture) => Buffer.compare(picture.bytes, bytes) === 0);
  return found?.name ?? `another of ${bytes.length} bytes`;
}
