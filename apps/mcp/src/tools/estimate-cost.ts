import { again, inputWords, pictureWords, typesOf, waitSeconds } from './request-schema.ts';
import type { Tool } from './tool.ts';

export const estimateCost: Tool = {
  name: 'estimate_cost',
  title: 'Estimate cost',
  description:
    'What a call of generate_image or edit_image would do, without doing it: which model would draw, its price and usual time, what would be changed; ' +
    'for auto also the next choices. Takes the same arguments. Sends nothing to a service.',
  inputSchema: {
    type: 'object',
    properties: typesOf({ prompt: { type: 'string' }, ...pictureWords, ...inputWords, waitSeconds, again }),
  },
  takesRequest: true,
  annotations: { readOnlyHint: true, destructiveHint: false, idempotentHint: true, openWorldHint: false },

  /** Throws what `generate_image` would be refused with. */
  async run(given, context) {
    const { readInputs } = await import('./input-path.ts');
    const { planPictures } = await import('./make-pictures.ts');
    return planPictures((await readInputs(given, context)).words, context);
  },
};
