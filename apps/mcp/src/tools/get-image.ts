import { resultSchema, waitSeconds } from './request-schema.ts';
import type { Tool } from './tool.ts';

export const getImage: Tool = {
  name: 'get_image',
  title: 'Get image',
  description:
    'Fetch a picture that was asked for before, without paying again: wait for one that is still being made, or show a file ' +
    'again. Without id: what is being made, what is paid for and not here yet, and the newest pictures.',
  inputSchema: {
    type: 'object',
    properties: {
      id: {
        type: 'string',
        minLength: 1,
        description: 'A ticket (t-…) or call (c-…) from an earlier answer, or the path or name of a picture file.',
      },
      waitSeconds,
    },
    additionalProperties: false,
  },
  outputSchema: resultSchema,
  annotations: { readOnlyHint: false, destructiveHint: false, idempotentHint: true, openWorldHint: true },
  run: async (given, context) => (await import('./get-picture.ts')).getPicture(given, context),
  failed: async (error) => (await import('../results/document.ts')).failureDocument(error),
};
