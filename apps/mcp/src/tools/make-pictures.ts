// What generate_image, edit_image and estimate_cost share: a request of given words, begun or only planned.

import type { ClientRequest } from '@anyimage/core';
import { describeRequest, modelWord, type RequestTarget, requestTarget } from '@anyimage/host';
import type { Settings } from '../calls/settings.ts';
import { planResult } from '../results/plan-result.ts';
import type { Document, ToolResult } from '../results/tool-result.ts';
import { callAnswer } from './call-answer.ts';
import { freeModelStep } from './free-model.ts';
import { askFirst } from './questions.ts';
import type { ToolContext } from './tool.ts';

/**
 * Starts a call, or joins that of an equal request, and answers with what there is of it when the client has waited. `given`: the words of
 * a request, its pictures as core may read them. `written`: those that are to be recorded otherwise, such as a mask in words. Throws
 * `storage`, and what `askFirst` throws.
 */
export async function makePictures(given: Document, context: ToolContext, written: Document = {}): Promise<ToolResult> {
  const { settings, calls } = context.services;
  const { request, named } = askedRequest(given, settings);
  const { prompt = '', n = 1 } = request;
  context.signal.throwIfAborted();
  const facts = {
    model: named.models.join(', '),
    prompt,
    n,
    request: describeRequest({ ...request, ...written }),
    usualMs: named.limits[0]?.latencyMs,
  };
  const call = await calls.generate(facts, request, named, {
    again: given.again === true,
    before: () => askFirst(request, named, context),
  });
  return callAnswer(call, given, context, { isAsker: true, step: freeModelStep(given, named, settings) });
}

/** All that a call would decide; nothing of it is sent. `given` as for a call. Throws what a call would be refused with. */
export async function planPictures(given: Document, { services, signal }: ToolContext): Promise<ToolResult> {
  const { settings, calls } = services;
  const { request, named } = askedRequest(given, settings);
  return planResult(await calls.plan({ ...request, signal }, named), request.n ?? 1);
}

interface AskedRequest {
  readonly request: ClientRequest;
  /** Whom it is for. */
  readonly named: RequestTarget;
}

function askedRequest(given: Document, settings: Settings): AskedRequest {
  const { waitSeconds: _, again: __, ...words } = given;
  const named = requestTarget(words, settings);
  const prompt = (given.prompt as string | undefined) ?? '';
  return { request: { negotiation: 'adapt', ...words, model: modelWord(named.models), prompt }, named };
}
