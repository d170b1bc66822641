// Asks for pictures: at once, or shown while they are made.

import {
  brokenOff,
  type CallContext,
  envelopeOf,
  exchange,
  mediaTypeIn,
  type ProviderCall,
  type ProviderResult,
  readJSON,
} from '@anyimage/core';
import { fromWire, readEvent, serviceError, toWire } from './wire.ts';

/** Makes the pictures of a call. */
export async function draw(call: ProviderCall, context: CallContext): Promise<ProviderResult> {
  if (call.partials > 0) return drawShown(call, context);
  const { envelope, body } = await exchange(context, { to: 'images', json: toWire(call), spends: true });
  return fromWire(call, envelope, body);
}

/** How many partial pictures there are, the service decides. One that does not stream answers as always. */
async function drawShown(call: ProviderCall, context: CallContext): Promise<ProviderResult> {
  const request = { to: 'images', json: toWire(call), spends: true } as const;
  const answer = await context.http.send(request);
  const envelope = envelopeOf(answer, context);
  const isStream = mediaTypeIn(answer.headers.get('content-type') ?? '') === 'text/event-stream';
  if (!isStream || answer.status >= 400) return fromWire(call, envelope, await readJSON(answer, context, request));
  for await (const event of answer.events()) {
    const read = readEvent(event);
    if (!read) continue;
    if ('failed' in read) throw serviceError(envelope, read.failed).with({ mayHaveBeenBilled: true });
    // The picture may arrive before the last partial ones, which nobody needs then.
    if ('done' in read) return fromWire(call, envelope, read.done);
    context.report({ partial: read.partial, index: 0 });
  }
  throw brokenOff();
}
