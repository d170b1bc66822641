// The service's language model, with which core translates prompts.

import { type CallContext, exchange, ImageError, type TextApi, type TextQuestion, tokenCost } from '@anyimage/core';
import { methodPath, readAnswer, readText, textToWire } from './wire.ts';

/** The default first: the newest small model, whose price is known, then a name for whatever is newest, at an unknown price. */
const models = ['gemini-3.5-flash-lite', 'gemini-flash-lite-latest'] as const;
const prices = [
  { amount: 0.3, currency: 'USD', per: '1M text in' },
  { amount: 2.5, currency: 'USD', per: '1M text out' },
] as const;

export const text = {
  // At most 4096 tokens are written, and few prompts have as many.
  atMost: ({ region, textModel }) =>
    region === 'gemini' && !textModel ? { amount: 0.012, currency: 'USD', estimated: true } : undefined,

  async write(question, context) {
    if (context.textModel) return writeWith(context.textModel, question, context);
    const first = await writeWith(models[0], question, context, 'minimal').catch((error: unknown) => {
      if (isRefused(error)) return undefined;
      throw error;
    });
    if (!first) return writeWith(models[1], question, context);
    const cost = context.region === 'gemini' && first.usage && tokenCost(first.usage, prices);
    return { ...first, ...(cost && { cost }) };
  },
} satisfies TextApi;

async function writeWith(model: string, question: TextQuestion, context: CallContext, thinkingLevel?: 'minimal') {
  const { envelope, body } = await exchange(context, {
    to: methodPath(context, model, 'generateContent'),
    json: textToWire(question, thinkingLevel),
  });
  return readText(envelope, readAnswer(envelope, body));
}

/** The model may be gone, or not know the level of thinking. */
function isRefused(error: unknown): boolean {
  if (!ImageError.isInstance(error)) return false;
  const { status, code } = error;
  return (status === 400 || status === 404) && (code === 'invalid-request' || code === 'not-found');
}
