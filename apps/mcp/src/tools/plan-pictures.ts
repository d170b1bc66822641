// What estimate_cost does: all that a call would decide, and nothing of it is sent.

import type { ClientRequest } from '@anyimage/core';
import { modelWord, requestTarget } from '@anyimage/host';
import { planResult } from '../results/plan-result.ts';
import type { Document, ToolResult } from '../results/tool-result.ts';
import type { ToolContext } from './tool.ts';

/** `given`: the words of a request, its pictures as core may read them. Throws what a call would be refused with. */
export async function planPictures(given: Document, { services, signal }: ToolContext): Promise<ToolResult> {
  const { settings, calls } = services;
  const { waitSeconds: _, again: __, ...words } = given;
  const named = requestTarget(words, settings);
  const prompt = (given.prompt as string | undefined) ?? '';
  const request: ClientRequest = { negotiation: 'adapt', ...words, model: modelWord(named.models), prompt, signal };
  const plan = await calls.plan(request, named);
  return planResult(plan, (given.n as number | undefined) ?? 1);
}
