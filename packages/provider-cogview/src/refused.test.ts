// The sentences of docs/providers/cogview.md that say what is refused. Where the page says no more than that there is no such
// field, that the service refuses one is unverified.

import type { ClientRequest } from '@anyimage/core';
import { drawTestCard } from '@anyimage/testkit';
import { type Refused, refuses } from '@anyimage/testkit/conformance';
import { emulator } from './emulator.ts';
import { cogview } from './provider.ts';

type Fields = Readonly<Record<string, unknown>>;
interface More extends Partial<Refused> {
  readonly code: string;
}

/** A request for a picture. `ask`: the same in a caller's words. */
function picture(says: string, fields: Fields, { code, ...more }: More, ask?: ClientRequest): Refused {
  const json = { model: 'cogview-4-250304', prompt: 'A red kite', ...fields };
  const model = `cogview/${String(json.model)}`;
  return {
    ...{ says, to: 'images/generations', json, status: 400, holds: { error: { code } } },
    ...(ask && { ask: { model, prompt: 'A red kite', ...ask } }),
    ...more,
  };
}
const chat = (says: string, fields: Fields, code: string): Refused => {
  const messages = [{ role: 'user', content: 'a boat' }];
  const json = { model: 'glm-4.7-flash', messages, ...fields };
  return { says, to: 'chat/completions', json, status: 400, holds: { error: { code } } };
};
const invalid = { code: '1214' };
const unknown = { code: '1210' };
const glm = { model: 'glm-image' };
const card = drawTestCard({ prompt: 'a boat', width: 64, height: 64 });

refuses({ provider: cogview, emulator }, [
  // 1. Access
  picture('1: no auth header is 1001', {}, { code: '1001', status: 401, headers: { authorization: '' } }),
  picture('1: a wrong key is 1000', {}, { code: '1000', status: 401, headers: { authorization: 'Bearer no' } }),
  { ...picture('6: an API that does not exist is 1222', {}, { code: '1222' }), to: 'images/edits' },

  // 0.4, 3.1: there is no such field
  ...(
    [
      ['n', 2, undefined],
      ['seed', 7, { seed: 7 }],
      ['negative_prompt', 'fog', { negativePrompt: 'fog' }],
      ['response_format', 'b64_json', undefined],
      ['style', 'ink', { style: 'ink' }],
      ['user', 'user-000123', undefined],
      ['sensitive_word_check', { type: 'ALL', status: 'DISABLE' }, undefined],
      ['request_id', 'req-1', undefined],
      ['disable_strict_validation', true, undefined],
      ['image', 'https://example.com/a.png', { images: [card] }],
      ['mask', 'https://example.com/a.png', { images: [card], mask: card }],
      ['background', 'transparent', { background: 'transparent' }],
      ['output_format', 'webp', { outputFormat: 'webp' }],
    ] as const
  ).map(([name, value, ask]) => picture(`0.4, 3.1: there is no ${name}`, { [name]: value }, unknown, ask)),

  // 2, 3.1: model and prompt
  ...['cogview-3-plus', 'cogview-3', 'cogView-4-250304', 'cogview-5'].map((model) =>
    picture(`2: today's list has no ${model}`, { model }, { code: '1211' }),
  ),
  picture('3.1: model is required', { model: undefined }, { code: '1213' }),
  picture('3.1: prompt is required', { prompt: undefined }, { code: '1213' }),
  picture('3.1: prompt is non-empty', { prompt: '' }, { code: '1213' }, { prompt: '' }),
  picture('3.1: prompt is a string', { prompt: ['a'] }, invalid),
  picture(
    '2: a prompt of glm-image has at most 1000 characters',
    { ...glm, prompt: '纸'.repeat(1001) },
    { code: '1261' },
    {
      prompt: '纸'.repeat(1001),
    },
  ),

  // 3.2: sizes
  picture('0.2: on the wire the sign of a size is x', { size: '1024×1024' }, invalid),
  picture('3.2: a size is WxH', { size: '1024*1024' }, invalid),
  picture('3.2: a size is a string', { size: 1024 }, invalid),
  ...(
    [
      ['a side of cogview-4 is at least 512', '496x1024'],
      ['a side of cogview-4 is at most 2048', '2064x512'],
      ['a side of cogview-4 is a multiple of 16', '1000x1000'],
      ['cogview-4 makes at most 2^21 pixels', '2048x2048'],
      ['cogview-4 makes at most 2^21 pixels, and not one row more', '2048x1040'],
    ] as const
  ).map(([says, size]) => picture(`3.2: ${says}`, { size }, invalid, { size })),
  ...(
    [
      ['a side of glm-image is at most 2048', '2080x1024', true],
      ['a side of glm-image is a multiple of 32', '1040x1040', true],
      // Sides of 512 to 1023 are a conflict of the sources: we send them with a warning.
      ['a side of glm-image is at least 1024', '1024x992', false],
      ['a side of glm-image is at least 1024, however long the other', '512x2048', false],
    ] as const
  ).map(([says, size, sure]) => picture(`3.2: ${says}`, { ...glm, size }, invalid, sure ? { size } : undefined)),
  picture('3.2: cogview-3-flash has the sizes of cogview-4', { model: 'cogview-3-flash', size: '256x256' }, invalid, {
    size: '256x256',
  }),

  // 3.3: quality
  picture('3.3: glm-image has hd alone', { ...glm, quality: 'standard' }, invalid, { quality: 'standard' }),
  picture('3.3: cogview-4-250304 has standard and hd', { quality: 'high' }, invalid, { quality: 'high' }),
  ...['cogview-4', 'cogview-3-flash'].map((model) =>
    picture(`3.3: ${model} has standard alone`, { model, quality: 'hd' }, invalid, { quality: 'hd' }),
  ),

  // 3.1: watermark and user
  picture('3.1: watermark_enabled is a boolean', { watermark_enabled: 'no' }, invalid, {
    providerOptions: { watermark: 'no' },
  }),
  picture('3.1: user_id has at least 6 characters', { user_id: '12345' }, invalid, { user: '12345' }),
  picture('3.1: user_id has at most 128 characters', { user_id: 'u'.repeat(129) }, invalid, { user: 'u'.repeat(129) }),

  // 4: tasks
  ...['cogview-4-250304', 'cogview-4', 'cogview-3-flash'].map((model) =>
    picture(
      `4: only glm-image works by tasks, not ${model}`,
      { model },
      { code: '1211', to: 'async/images/generations' },
    ),
  ),
  picture(
    '4: a task is refused for what a call is',
    { ...glm, size: '1040x1040' },
    { ...invalid, to: 'async/images/generations' },
  ),
  {
    says: '6: an unknown task is 1214',
    method: 'GET',
    to: 'async-result/none',
    status: 400,
    holds: { error: invalid },
  },

  // 5: content
  picture(
    '5: unsafe content is 1301, with what was found',
    { prompt: '[unsafe]' },
    {
      code: '1301',
      holds: { contentFilter: [{ level: 1, role: 'user' }], error: { code: '1301' } },
    },
  ),

  // 7: chat
  ...[-0.01, 1.5, '0.5', null].map((temperature) =>
    chat(`7: temperature is 0 to 1, not ${JSON.stringify(temperature)}`, { temperature }, '1214'),
  ),
  chat('7: temperature has two decimals', { temperature: 0.125 }, '1214'),
  chat(
    '7: thinking is not for the 250414 models',
    { model: 'glm-4-flash-250414', thinking: { type: 'disabled' } },
    '1210',
  ),
  chat('7: thinking is enabled or disabled', { thinking: { type: 'low' } }, '1210'),
  chat('7: user_id has 6 to 128 characters', { user_id: '12345' }, '1214'),
  chat('7: request_id has 6 to 64 characters', { request_id: '12345' }, '1214'),
  ...['glm-4-plus', 'glm-4', 'glm-4-flash', 'glm-4-air'].map((model) => chat(`7: ${model} is gone`, { model }, '1211')),
]);
