// The service's language model, with which core translates prompts.

import {
  type CallContext,
  ImageError,
  type Price,
  type TextApi,
  type TextQuestion,
  toChat,
  tokenCost,
} from '@anyimage/core';
import { askPaid } from './send.ts';
import { readText } from './wire.ts';

interface TextModel {
  readonly id: string;
  readonly prices: readonly Price[];
}

/** The default first; the second is for regions that lack it. Prices are China's of about April 2026. */
const models = [
  { id: 'qwen-flash', prices: yuan(0.15, 1.5) },
  { id: 'qwen-plus', prices: yuan(0.8, 2) },
] as const satisfies readonly TextModel[];

export const text = {
  // At most 2000 tokens are written, and no prompt has more.
  atMost: ({ region, textModel }) =>
    region === 'china' && !textModel ? { amount: 0.006, currency: 'CNY', estimated: true } : undefined,

  async write(question, context) {
    if (context.textModel) return writeWith({ id: context.textModel, prices: [] }, question, context);
    return writeWith(models[0], question, context).catch((error: unknown) => {
      if (ImageError.isInstance(error) && error.code === 'not-found') return writeWith(models[1], question, context);
      throw error;
    });
  },
} satisfies TextApi;

async function writeWith({ id, prices }: TextModel, question: TextQuestion, context: CallContext) {
  const json = { ...toChat(id, question), temperature: 0.1, max_tokens: 2000, enable_thinking: false };
  const { envelope, body } = await askPaid(context, 'compatible-mode/v1/chat/completions', json);
  const written = readText(envelope, body);
  const cost = context.region === 'china' && written.usage && tokenCost(written.usage, prices);
  return { ...written, ...(cost && { cost }) };
}

/** Prices of a million tokens that are read, and that are written. */
function yuan(textIn: number, textOut: number): readonly Price[] {
  return [
    { amount: textIn, currency: 'CNY', per: '1M text in' },
    { amount: textOut, currency: 'CNY', per: '1M text out' },
  ];
}
