import type { KnownPicture } from '../results/picture-file.ts';
import { waitSeconds } from './request-schema.ts';
import type { Tool, ToolContext } from './tool.ts';

export const getImage: Tool = {
  name: 'get_image',
  title: 'Get image',
  description:
    'Fetch a picture that was asked for before, without paying again: wait for one that is still being made, or show an earlier one, at ' +
    'another size, a part of it, or in another format. Without id: what is being made, what is paid for and not here yet, and the newest pictures.',
  inputSchema: {
    type: 'object',
    properties: {
      id: {
        type: 'string',
        description: 'An id from an earlier answer (t-…, c-…, p-…), or the path or name of a picture file.',
      },
      size: { type: 'string', description: 'Longest side or WIDTHxHEIGHT, px: 1024.' },
      crop: { type: 'string', description: 'X,Y,WIDTH,HEIGHT, px or %: 25%,0,50%,100%.' },
      format: { type: 'string', enum: ['png', 'jpeg', 'webp'] },
      limit: { type: 'integer', description: 'Newest pictures, without id: 1 to 50, default 5.' },
      waitSeconds,
    },
  },
  annotations: { readOnlyHint: false, destructiveHint: false, idempotentHint: true, openWorldHint: true },

  /** Throws `not-found`, `invalid-request`, `storage`. */
  async run(given, context) {
    const { overviewResult, pictureResult } = await import('../results/result.ts');
    const { readView } = await import('../results/view.ts');
    const { callAnswer } = await import('./call-answer.ts');
    const { services, client } = context;
    const view = readView(given);
    const id = given.id as string | undefined;
    if (id === undefined) return overviewResult(services, given.limit as number | undefined);
    if (/^[ct]-[0-9a-z]+$/i.test(id)) return callAnswer(await services.calls.open(id), given, context, { view });
    const { outputFolder } = services.settings;
    return pictureResult(await pictureOf(id, context), { client, view, outputFolder });
  },
};

/** A picture by its id, path or name. */
async function pictureOf(id: string, context: ToolContext): Promise<KnownPicture> {
  const { findPicture, pictureFile, withFacts } = await import('../results/picture-file.ts');
  if (/^(?:anyimage:\/\/images\/)?p-/i.test(id) && !id.includes('.')) return findPicture(id, context.services);
  const { inputFolders, resolveInput } = await import('./input-path.ts');
  return withFacts(await pictureFile(await resolveInput(id, inputFolders(context), 'id')));
}
