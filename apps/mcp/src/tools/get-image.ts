import { waitFor } from '../calls/wait.ts';
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
    const { callResult, overviewResult, pictureResult } = await import('../results/result.ts');
    const { readView } = await import('../results/view.ts');
    const { services, signal, report, client } = context;
    const view = readView(given);
    const id = given.id as string | undefined;
    if (id === undefined) return overviewResult(services, given.limit as number | undefined);
    const showing = { client, view, outputFolder: services.settings.outputFolder };
    if (!/^[ct]-[0-9a-z]+$/i.test(id)) return pictureResult(await pictureOf(id, context), showing);
    const call = await services.calls.open(id);
    const seconds = (given.waitSeconds as number | undefined) ?? services.settings.waitSeconds ?? client.waitSeconds;
    await waitFor(call, { seconds, signal, report });
    return {
      ...(await callResult(call, showing)),
      onDelivered: () => services.calls.delivered(call),
      onMissed: () => services.calls.missed(call),
    };
  },
};

/** A picture by its id, path or name. */
async function pictureOf(id: string, context: ToolContext): Promise<KnownPicture> {
  const { findPicture, pictureFile, withFacts } = await import('../results/picture-file.ts');
  if (/^(?:anyimage:\/\/images\/)?p-/i.test(id) && !id.includes('.')) return findPicture(id, context.services);
  const { inputFolders, resolveInput } = await import('./input-path.ts');
  return withFacts(await pictureFile(await resolveInput(id, inputFolders(context), 'id')));
}
