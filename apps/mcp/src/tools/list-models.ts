import type { Tool } from './tool.ts';

export const listModels: Tool = {
  name: 'list_models',
  title: 'List models',
  description:
    'The models that can make pictures: the price of one picture, what each can do, which one draws when none is named, which need a key. ' +
    'With the full name of one: all about it, its sizes, qualities, prices and own options.',
  inputSchema: {
    type: 'object',
    properties: {
      text: { type: 'string', description: 'Part of a name; or provider/model for all about one.' },
      provider: { type: 'string', description: 'Only models of this provider.' },
      operation: {
        type: 'string',
        description: 'Only models that can do this: generate, edit, inpaint, outpaint, upscale.',
      },
      configured: { type: 'boolean', description: 'true: only models that can be used now.' },
      maxPrice: { type: 'string', description: 'Only models with a picture for at most this: "0.05 USD".' },
    },
  },
  annotations: { readOnlyHint: true, destructiveHint: false, idempotentHint: true, openWorldHint: false },

  /** Throws `not-found` if no model fits, `invalid-request` for a price that is none. */
  async run(given, { services }) {
    const { withLeftOpen } = await import('../results/result.ts');
    const { findModels } = await import('./find-models.ts');
    const { modelsResult } = await import('../results/model-result.ts');
    return withLeftOpen(modelsResult(findModels(given, services.settings)), services);
  },
};
