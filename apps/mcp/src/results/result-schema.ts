// JSON Schema of what document.ts makes. Every list of tools holds it: this file loads nothing, and every word of it is paid for by all.
// No `anyOf`, `$ref`, `format` and null: strict modes of several services refuse them.

import type { OutputSchema } from './tool-result.ts';

const text = { type: 'string' } as const;
const whole = { type: 'integer' } as const;
const objects = { type: 'array', items: { type: 'object' } } as const;

/** The structured output of the tools that make pictures. What there is nothing of is absent. */
export const resultSchema: OutputSchema = {
  type: 'object',
  properties: {
    images: {
      type: 'array',
      items: {
        type: 'object',
        properties: {
          id: { ...text, description: 'For get_image, and anyimage://images/{id}.' },
          path: { ...text, description: 'The file on this machine, absolute.' },
          uri: text,
          width: whole,
          height: whole,
          mediaType: text,
          bytes: whole,
          model: text,
          seed: whole,
          prompt: text,
        },
      },
    },
    cost: { ...objects, description: 'amount and currency; absent: unknown, or nothing was made.' },
    applied: { ...objects, description: 'What was sent otherwise than asked: option, asked, sent, because.' },
    warnings: { type: 'array', items: text },
    errors: {
      ...objects,
      description: 'code, message, hint (what to do), mayHaveBeenBilled (absent: no), retryAfter (ms), count.',
    },
    pending: {
      type: 'array',
      description: 'Not over: get_image with the id.',
      items: {
        type: 'object',
        properties: {
          id: text,
          state: { ...text, enum: ['running', 'waiting', 'uncertain'] },
          model: text,
          prompt: text,
          askedAt: text,
          phase: text,
          cost: objects,
        },
      },
    },
    next: {
      type: 'object',
      description: 'What to do now.',
      properties: { say: text, tool: text, arguments: { type: 'object' } },
    },
  },
};
