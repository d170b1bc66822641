// Asks for pictures: at once, or shown while they are made.

import {
  brokenOff,
  type CallContext,
  envelopeOf,
  exchange,
  mediaTypeIn,
  oneByOne,
  type ProviderCall,
  type ProviderResult,
  readJSON,
} from '@anyimage/core';
import { fromWire, readEvent, serviceError, toWire } from './wire.ts';

/** Makes the pictures of a call. Whether one stream may make several is unverified: each that is shown has its own. */
export async function draw(call: ProviderCall, context: CallContext): Promise<ProviderResult> {
  if (call.partials > 0) {
    let shown = 0;
    const show = (partial: Uint8Array) => context.report({ partial, index: shown++ });
    return oneByOne(call, (one) => drawOne(one, context, show));
  }
  const { envelope, body } = await exchange(context, { to: 'images', json: toWire(call), spends: true });
  return fromWire(call, envelope, body);
}

/** How many partial pictures there are, the service decides. One that does not stream answers as always. */
async function drawOne(
  call: ProviderCall,
  context: CallContext,
  show: (partial: Uint8Array) => void,
): Promise<ProviderResult> {
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
    show(read.partial);
  }
  throw brokenOff();
}
