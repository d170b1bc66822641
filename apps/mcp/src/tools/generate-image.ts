import { resultSchema } from '../results/result-schema.ts';
import { again, pictureWords, waitSeconds } from './request-schema.ts';
import type { Tool } from './tool.ts';

export const generateImage: Tool = {
  name: 'generate_image',
  title: 'Generate image',
  description:
    'Make pictures from a text. Answers with a small preview, and the full picture as a file and resource link. If the answer ' +
    'says that the picture is still being made, or the call timed out, do not call this again (it would be billed again): ' +
    'get_image fetches it.',
  inputSchema: {
    type: 'object',
    properties: {
      prompt: { type: 'string', minLength: 1, description: 'What to draw, in plain words.' },
      ...pictureWords,
      waitSeconds,
      again,
    },
    required: ['prompt'],
    additionalProperties: false,
  },
  outputSchema: resultSchema,
  annotations: { readOnlyHint: false, destructiveHint: false, idempotentHint: false, openWorldHint: true },

  async run(given, context) {
    const { makePictures } = await import('./make-pictures.ts');
    return makePictures(given, context);
  },
};
