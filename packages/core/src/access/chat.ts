// A language model in the form that many services share (`chat/completions`): the question, and the text of an answer.

import * as z from 'zod';
import { ImageError } from '../contract/errors.ts';
import { present, unlessEmpty } from '../contract/objects.ts';
import type { TextQuestion, Usage } from '../contract/provider.ts';

// Strict only where the text depends on it: what is said beside it, in whatever form, must not lose it.
const words = z.string().nullish().catch(undefined);
const count = z.int().min(0).nullish().catch(undefined);
const choice = z.object({ finish_reason: words, message: z.object({ content: words }).nullish().catch(undefined) });
const answer = z.object({
  choices: z.array(choice).nullish().catch(undefined),
  usage: z.object({ prompt_tokens: count, completion_tokens: count }).nullish().catch(undefined),
});

/** The body of a question. What a service wants beside it (`temperature`, `max_tokens`) is added by the provider. */
export function toChat(model: string, { system, user }: TextQuestion) {
  const messages = [
    { role: 'system', content: system },
    { role: 'user', content: user },
  ];
  return { model, messages };
}

/**
 * The text of an answer, and the tokens that were counted. Throws `content-blocked` for a refused question, `invalid-request` for a
 * text that was too long for the model, `server` for one that broke off, `bad-response` for an empty one.
 */
export function fromChat(body: unknown): { readonly text: string; readonly usage?: Usage } {
  const { choices, usage } = answer.safeParse(body).data ?? {};
  const [choice] = choices ?? [];
  const text = choice?.message?.content?.trim();
  throwUnfinished(choice?.finish_reason);
  if (!text) {
    throw new ImageError('bad-response', 'the text model answered with nothing', {
      retryable: true,
      hint: 'Try again.',
    });
  }
  const counted = present({
    textIn: usage?.prompt_tokens ?? undefined,
    textOut: usage?.completion_tokens ?? undefined,
  });
  return present({ text, usage: unlessEmpty(counted) });
}

/** Throws if the model stopped for a reason other than that the text is complete. */
function throwUnfinished(reason: string | null | undefined): void {
  switch (reason) {
    case 'content_filter':
    case 'sensitive':
      throw new ImageError('content-blocked', 'the text model refused the prompt', { hint: 'Reword the prompt.' });
    case 'length':
    case 'model_context_window_exceeded':
      throw new ImageError('invalid-request', 'the text is too long for the text model', {
        hint: 'Shorten the prompt.',
      });
    case 'network_error':
      throw new ImageError('server', 'the text model broke off', { retryable: true, hint: 'Try again.' });
  }
}
