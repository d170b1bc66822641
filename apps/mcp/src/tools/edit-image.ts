import { resultSchema } from '../results/result-schema.ts';
import { again, inputWords, paying, pictureWords, typesOf, waitSeconds } from './request-schema.ts';
import type { Tool } from './tool.ts';

export const editImage: Tool = {
  name: 'edit_image',
  title: 'Edit image',
  description:
    'Make new pictures from existing ones: change, restyle, repaint a part, extend, enlarge. The originals stay as they are. All words that ' +
    'are not described here mean what they mean to generate_image, and so do answers.',
  inputSchema: {
    type: 'object',
    properties: {
      ...inputWords,
      prompt: { type: 'string', description: 'What to change. Needless for upscale.' },
      ...typesOf(pictureWords),
      waitSeconds,
      again,
    },
    required: ['images'],
  },
  outputSchema: resultSchema,
  takesRequest: true,
  annotations: paying,

  /** Throws `invalid-request` for input paths that may not be read, and for a mask in words that is none. */
  async run(given, context) {
    const { readInputs } = await import('./input-path.ts');
    const { makePictures } = await import('./make-pictures.ts');
    const { words, written } = await readInputs(given, context);
    return makePictures(words, context, written);
  },
};
