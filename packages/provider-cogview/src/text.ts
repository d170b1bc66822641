// The service's language model, with which core translates prompts.

import { type CallContext, exchange, ImageError, type TextApi, type TextQuestion, toChat } from '@anyimage/core';
import { readText } from './wire.ts';

/** The default first; the second answers on the China host only. Both are free. */
const models = ['glm-4.7-flash', 'glm-4-flash-250414'] as const;
const free = { amount: 0, currency: 'CNY', estimated: false } as const;
const thinkingByDefault = /^glm-(4\.[5-9]|[5-9])/;

export const text = {
  atMost: ({ textModel }) => (textModel ? undefined : free),

  async write(question, context) {
    if (context.textModel) return writeWith(context.textModel, question, context);
    const written = await writeWith(models[0], question, context).catch((error: unknown) => {
      if (ImageError.isInstance(error) && error.code === 'not-found') return writeWith(models[1], question, context);
      throw error;
    });
    return { ...written, cost: free };
  },
} satisfies TextApi;

async function writeWith(model: string, question: TextQuestion, context: CallContext) {
  const json = {
    ...toChat(model, question),
    temperature: 0.1,
    max_tokens: 2000,
    stream: false,
    ...(thinkingByDefault.test(model) && { thinking: { type: 'disabled' } }),
  };
  const { envelope, body } = await exchange(context, { to: 'chat/completions', json });
  return readText(envelope, body);
}
