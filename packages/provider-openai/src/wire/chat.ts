// The text model of a compatible server. Source: docs/providers/openai.md, section 6.

import { ImageError, type Usage } from '@anyimage/core';
import * as z from 'zod';

const count = z.number().nullish().catch(undefined);
const answer = z.object({
  choices: z
    .array(
      z.object({ message: z.object({ content: z.string().nullish() }).nullish(), finish_reason: z.string().nullish() }),
    )
    .nullish(),
  usage: z.object({ prompt_tokens: count, completion_tokens: count }).nullish().catch(undefined),
});

/** The body of a question to the text model. */
export function toChat(model: string, { system, user }: { system: string; user: string }) {
  const messages = [
    { role: 'system', content: system },
    { role: 'user', content: user },
  ];
  return { model, messages };
}

/** The text of an answer. Throws `bad-response` for an empty or cut one, `content-blocked` for a refused one. */
export function fromChat(body: unknown): { text: string; usage?: Usage } {
  const read = answer.safeParse(body).data;
  const choice = read?.choices?.[0];
  const text = choice?.message?.content?.trim();
  if (choice?.finish_reason === 'content_filter') {
    throw new ImageError('content-blocked', 'the text model refused the prompt', { hint: 'Reword the prompt.' });
  }
  if (choice?.finish_reason === 'length') {
    throw new ImageError('bad-response', 'the text model broke off in the middle', { hint: 'Shorten the prompt.' });
  }
  if (!text) {
    throw new ImageError('bad-response', 'the text model answered with nothing', {
      retryable: true,
      hint: 'Try again.',
    });
  }
  const { prompt_tokens, completion_tokens } = read?.usage ?? {};
  const usage = {
    ...(prompt_tokens != null && { textIn: prompt_tokens }),
    ...(completion_tokens != null && { textOut: completion_tokens }),
  };
  return { text, ...(Object.keys(usage).length && { usage }) };
}
