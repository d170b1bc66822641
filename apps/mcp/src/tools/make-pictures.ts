// What generate_image and edit_image share: from arguments to a call, and as much of its result as the client waits for.

import type { ClientRequest, Json } from '@anyimage/core';
import type { Settings } from '../calls/settings.ts';
import { waitFor } from '../calls/wait.ts';
import { callResult } from '../results/result.ts';
import type { Document, ToolResult } from '../results/tool-result.ts';
import type { ToolContext } from './tool.ts';

/** `given`: the words of a request, its pictures as core may read them. Throws `storage`. */
export async function makePictures(given: Document, context: ToolContext): Promise<ToolResult> {
  const { settings, calls } = context.services;
  const { waitSeconds, ...words } = given;
  const model = modelOf(given, settings);
  const prompt = (given.prompt as string | undefined) ?? '';
  const request: ClientRequest = { negotiation: 'adapt', ...words, model, prompt };
  context.signal.throwIfAborted();
  const facts = {
    model: [model].flat().join(', '),
    prompt,
    n: (given.n as number | undefined) ?? 1,
    request: describeRequest(request),
  };
  const call = await calls.generate(facts, request);
  await waitFor(call, {
    seconds: (waitSeconds as number | undefined) ?? settings.waitSeconds,
    signal: context.signal,
    report: context.report,
    abortWithClient: true,
  });
  return callResult(call);
}

/** The names that draw: aliases stand for theirs, and whoever says how to choose wants the choice. */
function modelOf({ model, route }: Document, { model: usual, config }: Settings): string | readonly string[] {
  const { aliases = {} } = config;
  const prefer = (route as ClientRequest['route'])?.prefer;
  const asked = (model as string | undefined) ?? (prefer ? 'auto' : usual);
  const names = [asked].flat().flatMap((name) => (Object.hasOwn(aliases, name) ? aliases[name]! : [name]));
  return names.length === 1 ? names[0]! : names;
}

/** For the sidecar: the bytes of data: URIs left out. */
function describeRequest(request: ClientRequest): Json {
  const text = JSON.stringify(request, (_, value) =>
    typeof value === 'string' && /^data:/i.test(value) ? `${value.split(',')[0]},…` : value,
  );
  return JSON.parse(text);
}
