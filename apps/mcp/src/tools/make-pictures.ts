// What generate_image and edit_image share: they start a call, and answer with what there is of it when the client has waited.

import type { ClientRequest } from '@anyimage/core';
import { describeRequest, modelWord, requestTarget } from '@anyimage/host';
import { waitFor } from '../calls/wait.ts';
import { callResult } from '../results/result.ts';
import type { Document, ToolResult } from '../results/tool-result.ts';
import { askFirst } from './questions.ts';
import type { ToolContext } from './tool.ts';

/**
 * `given`: the words of a request, its pictures as core may read them. `written`: those that are to be recorded otherwise, such as a mask
 * in words. Throws `storage`.
 */
export async function makePictures(given: Document, context: ToolContext, written: Document = {}): Promise<ToolResult> {
  const { settings, calls } = context.services;
  const { waitSeconds, again, ...words } = given;
  const named = requestTarget(words, settings);
  const { models } = named;
  const prompt = (given.prompt as string | undefined) ?? '';
  const request: ClientRequest = { negotiation: 'adapt', ...words, model: modelWord(models), prompt };
  context.signal.throwIfAborted();
  const facts = {
    model: models.join(', '),
    prompt,
    n: (given.n as number | undefined) ?? 1,
    request: describeRequest({ ...request, ...written }),
    usualMs: named.limits[0]?.latencyMs,
  };
  const call = await calls.generate(facts, request, named, {
    again: again === true,
    before: () => askFirst(request, named, context),
  });
  await waitFor(call, {
    seconds: (waitSeconds as number | undefined) ?? settings.waitSeconds ?? context.client.waitSeconds,
    signal: context.signal,
    report: context.report,
    isAsker: true,
  });
  return {
    ...(await callResult(call, { client: context.client, outputFolder: settings.outputFolder })),
    onDelivered: () => calls.delivered(call),
    onMissed: () => calls.missed(call),
  };
}
