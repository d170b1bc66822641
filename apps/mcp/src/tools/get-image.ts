import { waitFor } from '../calls/wait.ts';
import { resultSchema } from '../results/result-schema.ts';
import { waitSeconds } from './request-schema.ts';
import type { Tool } from './tool.ts';

export const getImage: Tool = {
  name: 'get_image',
  title: 'Get image',
  description:
    'Fetch a picture that was asked for before, without paying again: wait for one that is still being made, or show a file ' +
    'again. Without id: what is being made, what is paid for and not here yet, and the newest pictures.',
  inputSchema: {
    type: 'object',
    properties: {
      id: {
        type: 'string',
        minLength: 1,
        description: 'A ticket (t-…) or call (c-…) from an earlier answer, or the path or name of a picture file.',
      },
      waitSeconds,
    },
    additionalProperties: false,
  },
  outputSchema: resultSchema,
  annotations: { readOnlyHint: false, destructiveHint: false, idempotentHint: true, openWorldHint: true },

  /** Throws `not-found`, `invalid-request`, `storage`. */
  async run(given, context) {
    const { callResult, fileResult, overviewResult } = await import('../results/result.ts');
    const { services, signal, report, client } = context;
    const id = given.id as string | undefined;
    if (id === undefined) return overviewResult(services);
    if (!/^[ct]-[0-9a-z]+$/i.test(id)) {
      const { inputFolders, resolveInput } = await import('./input-path.ts');
      return fileResult(await resolveInput(id, inputFolders(context), 'id'));
    }
    const call = await services.calls.open(id);
    const seconds = (given.waitSeconds as number | undefined) ?? services.settings.waitSeconds ?? client.waitSeconds;
    await waitFor(call, { seconds, signal, report });
    return {
      ...(await callResult(call)),
      onDelivered: () => services.calls.delivered(call),
      onMissed: () => services.calls.missed(call),
    };
  },
};
