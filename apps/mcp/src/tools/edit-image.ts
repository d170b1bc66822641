import { resultSchema } from '../results/result-schema.ts';
import type { ToolResult } from '../results/tool-result.ts';
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

  /** Throws `invalid-request` for input paths that may not be read, and for a mask in words that is none. */
  async run(given, context) {
    const { inputFolders, resolveInput } = await import('./input-path.ts');
    const { makePictures } = await import('./make-pictures.ts');
    const { isMaskShape, maskFromShape } = await import('@anyimage/host');
    const folders = inputFolders(context);
    const asked = given.images as readonly string[];
    const mask = given.mask as string | undefined;
    const images = await Promise.all(asked.map((image) => resolveInput(image, folders)));
    if (mask === undefined) return makePictures({ ...given, images }, context);
    if (!isMaskShape(mask)) {
      return makePictures({ ...given, images, mask: await resolveInput(mask, folders, 'mask') }, context);
    }
    const { bytes, said } = await maskFromShape(mask, images[0]!);
    const drawn = `data:image/png;base64,${Buffer.from(bytes).toString('base64')}`;
    return withShape(await makePictures({ ...given, images, mask: drawn }, context, { mask }), mask, said);
  },
};

/** The answer, with what a mask in words came to. */
function withShape({ content, structuredContent, ...result }: ToolResult, mask: string, said: string): ToolResult {
  const applied = structuredContent?.applied;
  const read = { option: 'mask', asked: mask, sent: 'a picture of that shape', because: said };
  return {
    ...result,
    content: [...content, { type: 'text', text: said }],
    structuredContent: { ...structuredContent, applied: [...(Array.isArray(applied) ? applied : []), read] },
  };
}
