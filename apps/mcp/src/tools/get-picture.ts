// get_image: by ticket, by call or by file; without any, what there is.

import { ImageError } from '@anyimage/core';
import type { Call } from '../calls/calls.ts';
import { waitFor } from '../calls/wait.ts';
import { pictureFile } from '../results/picture-file.ts';
import { callResult, fileResult, overviewResult } from '../results/result.ts';
import type { Document, ToolResult } from '../results/tool-result.ts';
import { resolveInput } from './input-path.ts';
import type { ToolContext } from './tool.ts';

/** Throws `not-found`, `invalid-request`, `storage`. */
export async function getPicture(given: Document, context: ToolContext): Promise<ToolResult> {
  const { services } = context;
  const id = given.id as string | undefined;
  if (id === undefined) return overviewResult(services);
  if (!/^[ct]-[0-9a-z]+$/i.test(id)) {
    const { outputFolder, roots } = services.settings;
    const path = await resolveInput(id, { outputFolder, roots, clientRoots: context.clientRoots }, 'id');
    return fileResult(await pictureFile(path));
  }
  const call = await openCall(id, context);
  await waitFor(call, {
    seconds: (given.waitSeconds as number | undefined) ?? services.settings.waitSeconds,
    signal: context.signal,
    report: context.report,
  });
  return callResult(call);
}

/** The call that makes, made or fetches the picture; a ticket that is nobody's concern is taken up. */
async function openCall(id: string, { services: { calls, tickets } }: ToolContext): Promise<Call> {
  const call = calls.find(id);
  if (id.startsWith('t-')) {
    const isPending = call?.outcome?.pending.some((ticket) => ticket.id === id);
    return call && !isPending ? call : calls.resume(id);
  }
  if (call) return call;
  const running = calls.running().map((one) => one.id);
  const open = (await tickets.list()).map((ticket) => ticket.id);
  throw new ImageError('not-found', `no call ${JSON.stringify(id)}: calls are forgotten when the server restarts`, {
    details: { allowed: [...running, ...open] },
    hint: 'Call get_image without id: it shows open tickets and the newest pictures.',
  });
}
