import { inputWords, pictureWords, resultSchema, waitSeconds } from './request-schema.ts';
import type { Tool } from './tool.ts';

export const editImage: Tool = {
  name: 'edit_image',
  title: 'Edit image',
  description:
    'Make new pictures from existing ones: change, repaint behind a mask, extend, enlarge. The originals stay as they are. ' +
    'Answers like generate_image; what is still being made, or timed out, is fetched with get_image, never asked for again.',
  inputSchema: {
    type: 'object',
    properties: {
      prompt: { type: 'string', description: 'What to change. Some operations, such as upscale, need none.' },
      ...inputWords,
      ...pictureWords,
      waitSeconds,
    },
    required: ['images'],
    additionalProperties: false,
  },
  outputSchema: resultSchema,
  annotations: { readOnlyHint: false, destructiveHint: false, idempotentHint: false, openWorldHint: true },
  run: async (given, context) => (await import('./make-pictures.ts')).makePictures(given, context),
  failed: async (error) => (await import('../results/document.ts')).failureDocument(error),
};
