// JSON Schema of what document.ts makes. Every list of tools holds it: this file loads nothing.

import type { OutputSchema } from './tool-result.ts';

/** The structured output of everything that makes pictures. */
export const resultSchema: OutputSchema = {
  type: 'object',
  properties: {
    images: {
      type: 'array',
      description: 'The pictures that are here: files on this machine.',
      items: {
        type: 'object',
        properties: {
          path: { type: 'string', description: 'Absolute.' },
          uri: { type: 'string', description: 'For resources/read.' },
          width: { type: 'integer' },
          height: { type: 'integer' },
          mediaType: { type: 'string' },
          bytes: { type: 'integer' },
          model: { type: 'string' },
          seed: { type: 'integer' },
        },
        required: ['path', 'uri'],
      },
    },
    errors: { type: 'array', description: 'One for each picture that was not made.', items: { type: 'object' } },
    error: {
      type: 'object',
      description: 'Present when no picture was made: code, message, hint, retryable, mayHaveBeenBilled.',
    },
    pending: {
      type: 'array',
      description: 'Paid for and not here: get_image with the id of the ticket fetches it.',
      items: { type: 'object', properties: { id: { type: 'string' } }, required: ['id'] },
    },
    running: {
      type: 'array',
      description: 'Being made now: get_image with the id waits for it.',
      items: { type: 'object', properties: { id: { type: 'string' } }, required: ['id'] },
    },
    applied: { type: 'array', description: 'What was sent otherwise than asked, and why.', items: { type: 'object' } },
    warnings: { type: 'array', items: { type: 'object' } },
    prompt: { type: 'object', description: 'original, and as it was sent.' },
    cost: {
      anyOf: [{ type: 'array', items: { type: 'object' } }, { type: 'null' }],
      description: 'One amount per currency; null = unknown.',
    },
    attempts: { type: 'array', items: { type: 'object' } },
    timings: { type: 'object' },
  },
  required: ['images', 'errors', 'pending', 'running', 'applied', 'warnings'],
};
