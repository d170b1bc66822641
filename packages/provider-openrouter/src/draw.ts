// Asks for pictures: at once, or shown while they are made.

import {
  type Answer,
  type CallContext,
  exchange,
  ImageError,
  mediaTypeIn,
  type Output,
  type ProviderCall,
  type ProviderResult,
} from '@anyimage/core';
import { brokenOff, fromWire, readEvent, serviceError, together, toWire } from './wire.ts';

/** Makes the pictures of a call. */
export async function draw(call: ProviderCall, context: CallContext): Promise<ProviderResult> {
  if (call.partials > 0) return drawOneByOne(call, context);
  const { envelope, body } = await exchange(context, { to: 'images', json: toWire(call), spends: true });
  return fromWire(call, envelope, body);
}

/** Whether one stream may make several pictures is unverified: each has its own. What was made stays made if a later one fails. */
async function drawOneByOne(call: ProviderCall, context: CallContext): Promise<ProviderResult> {
  const made: ProviderResult[] = [];
  let shown = 0;
  const show = (partial: Uint8Array) => context.report({ partial, index: shown++ });
  while (made.length < call.n) {
    try {
      made.push(await drawOne({ ...call, n: 1 }, context, show));
    } catch (error) {
      if (made.length === 0 || !ImageError.isInstance(error)) throw error;
      return together(made, Array<Output>(call.n - made.length).fill({ error }));
    }
  }
  return together(made, []);
}

/** How many partial pictures there are, the service decides. One that does not stream answers as always. */
async function drawOne(
  call: ProviderCall,
  context: CallContext,
  show: (partial: Uint8Array) => void,
): Promise<ProviderResult> {
  const answer = await context.http.send({ to: 'images', json: toWire(call), spends: true });
  const envelope = { status: answer.status, headers: answer.headers, now: context.now() };
  const isStream = mediaTypeIn(answer.headers.get('content-type') ?? '') === 'text/event-stream';
  if (!isStream || answer.status >= 400) return fromWire(call, envelope, await bodyOf(answer, context));
  for await (const event of answer.events()) {
    const read = readEvent(event);
    if (!read) continue;
    if ('failed' in read) throw serviceError(envelope, read.failed).with({ mayHaveBeenBilled: true });
    // The picture may arrive before the last partial ones, which nobody needs then.
    if ('done' in read) return fromWire(call, envelope, read.done);
    show(read.partial);
  }
  throw brokenOff();
}

/** As `exchange` reads it. */
async function bodyOf(answer: Answer, { signal }: CallContext): Promise<unknown> {
  return answer.json().catch((error: unknown) => {
    if (answer.status >= 400 && !signal.aborted) return undefined;
    throw ImageError.isInstance(error) ? error.with({ mayHaveBeenBilled: true }) : error;
  });
}
