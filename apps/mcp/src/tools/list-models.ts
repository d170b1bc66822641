import type { Tool } from './tool.ts';

export const listModels: Tool = {
  name: 'list_models',
  title: 'List models',
  description:
    'The models that can make pictures: what they can do, what they cost, whether a key is set. With the full name of one ' +
    'model: all about it, its own options included.',
  inputSchema: {
    type: 'object',
    properties: {
      text: { type: 'string', description: 'Part of a name, or provider/model for all about one model.' },
      provider: { type: 'string', description: 'Only models of this provider.', examples: ['sketch', 'cogview'] },
      operation: {
        type: 'string',
        description: 'Only models that can do this.',
        examples: ['generate', 'edit', 'inpaint', 'upscale'],
      },
      configured: { type: 'boolean', description: 'true: only models that could be used now.' },
    },
    additionalProperties: false,
  },
  outputSchema: {
    type: 'object',
    properties: {
      models: {
        type: 'array',
        items: {
          type: 'object',
          properties: {
            model: { type: 'string', description: 'The name to ask for: provider/model.' },
            label: { type: 'string' },
            status: { type: 'string', enum: ['stable', 'preview', 'deprecated', 'retired'] },
            origin: {
              type: 'string',
              enum: ['written', 'catalogue', 'updated', 'own', 'listed'],
              description:
                "Whose word it is: of anyimage, of the service's catalogue, of a newer package, of the person; listed: the service has it, " +
                'and what it can do is unknown.',
            },
            checked: { type: 'string', description: 'The day on which that was true.' },
            default: { type: 'boolean', description: 'Drawn with when no model is named.' },
            configured: { type: 'boolean', description: 'A key is set, or none is needed.' },
            operations: { type: 'array', items: { type: 'string' } },
          },
          required: ['model', 'configured', 'operations'],
        },
      },
    },
  },
  annotations: { readOnlyHint: true, destructiveHint: false, idempotentHint: true, openWorldHint: false },

  /** Throws `not-found` if no model fits. */
  async run(given, { services }) {
    const { withLeftOpen } = await import('../results/result.ts');
    const { findModels } = await import('./find-models.ts');
    const { modelsResult } = await import('../results/model-result.ts');
    return withLeftOpen(modelsResult(findModels(given, services.settings)), services);
  },
};
