import { resultSchema } from '../results/result-schema.ts';
import { again, inputWords, pictureWords, waitSeconds } from './request-schema.ts';
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
      again,
    },
    required: ['images'],
    additionalProperties: false,
  },
  outputSchema: resultSchema,
  annotations: { readOnlyHint: false, destructiveHint: false, idempotentHint: false, openWorldHint: true },

  /** Throws `invalid-request` for input paths that may not be read. */
  async run(given, context) {
    const { inputFolders, resolveInput } = await import('./input-path.ts');
    const { makePictures } = await import('./make-pictures.ts');
    const folders = inputFolders(context);
    const images = given.images as readonly string[];
    const mask = given.mask as string | undefined;
    const inputs = {
      images: await Promise.all(images.map((image) => resolveInput(image, folders))),
      ...(mask !== undefined && { mask: await resolveInput(mask, folders, 'mask') }),
    };
    return makePictures({ ...given, ...inputs }, context);
  },
};
