// The text models, in the OpenAI style.

import { writeText } from '@anyimage/testkit';
import { textModels } from './models.ts';
import type { Fields } from './requests.ts';

/** What the answer depends on. */
interface Asked {
  readonly body: unknown;
  /** Unix time, ms. */
  readonly now: number;
  nextId(kind: string): string;
}

/** Writes as every emulated text model does. */
export function answerChat(exchange: Asked) {
  const known = ['model', 'messages', 'temperature', 'max_tokens', 'enable_thinking', 'stream'];
  const fields = (exchange.body ?? {}) as Fields;
  const { model, messages, temperature = 1, enable_thinking, stream } = fields;
  const wrong = (message: string) => chatFailure(400, 'invalid_parameter_error', message);
  const unknown = Object.keys(fields).find((name) => !known.includes(name));
  if (unknown) return wrong(`${unknown} is no parameter`);
  if (!textModels.includes(String(model))) {
    return chatFailure(404, 'model_not_found', `The model ${String(model)} does not exist.`);
  }
  const texts = Array.isArray(messages) ? (messages as Fields[]) : [];
  const last = (role: string) => texts.findLast((message) => message.role === role)?.content;
  const asked = last('user');
  if (typeof asked !== 'string') return wrong('messages is invalid');
  if (typeof temperature !== 'number' || temperature < 0 || temperature >= 2)
    return wrong('temperature is not in [0, 2)');
  if (stream) return wrong('this emulator does not stream');
  if (enable_thinking === true) return wrong('enable_thinking must be false for non-streaming calls');
  if (asked.includes('[unsafe]')) return chatFailure(400, 'data_inspection_failed', 'Input data may be unsafe.');
  const content = writeText(String(last('system') ?? ''), asked);
  const prompt_tokens = [...asked].length + 12;
  const completion_tokens = [...content].length;
  return {
    json: {
      id: exchange.nextId('chatcmpl'),
      object: 'chat.completion',
      created: Math.floor(exchange.now / 1000),
      model,
      choices: [{ index: 0, finish_reason: 'stop', message: { role: 'assistant', content } }],
      usage: { prompt_tokens, completion_tokens, total_tokens: prompt_tokens + completion_tokens },
    },
  };
}

/** An error in the OpenAI style. */
export function chatFailure(status: number, code: string, message: string) {
  return {
    status,
    json: { error: { code, message, type: 'invalid_request_error', param: null }, request_id: 'req-refused' },
  };
}
