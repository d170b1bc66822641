// What generate_image and edit_image share: they start a call, and answer with what there is of it when the client has waited.

import type { ClientRequest } from '@anyimage/core';
import { describeRequest, modelWord, requestTarget } from '@anyimage/host';
import { waitFor } from '../calls/wait.ts';
import { callResult } from '../results/result.ts';
import type { Document, ToolResult } from '../results/tool-result.ts';
import type { ToolContext } from './tool.ts';

/**
 * `given`: the words of a request, its pictures as core may read them. `written`: those that are to be recorded otherwise, such as a mask
 * in words. Throws `storage`.
 */
export async function makePictures(given: Document, context: ToolContext, written: Document = {}): Promise<ToolResult> {
  const { settings, calls } = context.services;
  const { waitSeconds, ...words } = given;
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
  };
  const call = await calls.generate(facts, request, named);
  await waitFor(call, {
    seconds: (waitSeconds as number | undefined) ?? settings.waitSeconds,
    signal: context.signal,
    report: context.report,
    abortWithClient: true,
  });
  return callResult(call);
}
