// The text models, in the OpenAI style.

import { textModels } from './models.ts';
import type { Fields } from './requests.ts';

const phrases: Readonly<Record<string, string>> = {
  一只在海边的猫: 'A cat by the sea',
  一艘红色的帆船: 'A red sailboat',
  黎明时分的纸船: 'A paper boat at dawn',
  雪山: 'A snowy mountain',
};

/** What the answer depends on. */
interface Asked {
  readonly body: unknown;
  /** Unix time, ms. */
  readonly now: number;
  nextId(kind: string): string;
}

/** Translates a few phrases and echoes everything else. */
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
  const asked = texts.findLast(({ role }) => role === 'user')?.content;
  if (typeof asked !== 'string') return wrong('messages is invalid');
  if (typeof temperature !== 'number' || temperature < 0 || temperature >= 2)
    return wrong('temperature is not in [0, 2)');
  if (stream) return wrong('this emulator does not stream');
  if (enable_thinking === true) return wrong('enable_thinking must be false for non-streaming calls');
  if (asked.includes('[unsafe]')) return chatFailure(400, 'data_inspection_failed', 'Input data may be unsafe.');
  const content = phrases[asked.trim()] ?? asked;
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
