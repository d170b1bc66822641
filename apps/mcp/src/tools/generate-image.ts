import { resultSchema } from '../results/result-schema.ts';
import { again, paying, pictureWords, waitSeconds } from './request-schema.ts';
import type { Tool } from './tool.ts';

export const generateImage: Tool = {
  name: 'generate_image',
  title: 'Generate image',
  description:
    'Make pictures from a text; prompt alone is enough. Without model, the one draws that the person chose; if none was chosen, sketch: free, on this ' +
    'machine, simple drawings by rules, no photos. Answers with a preview and the full picture as a file. What is still being made, or timed ' +
    'out, get_image fetches: asking again would be billed again.',
  inputSchema: {
    type: 'object',
    properties: {
      prompt: { type: 'string', description: 'What to draw, in plain words, in any language.' },
      ...pictureWords,
      waitSeconds,
      again,
    },
    required: ['prompt'],
  },
  outputSchema: resultSchema,
  takesRequest: true,
  annotations: paying,

  async run(given, context) {
    const { makePictures } = await import('./make-pictures.ts');
    return makePictures(given, context);
  },
};
