// Asks a server for pictures, and for its models: the one way for OpenAI and for everything that speaks its API.

import {
  brokenOff,
  type CallContext,
  envelopeOf,
  ImageError,
  type ListedModel,
  mediaTypeIn,
  oneByOne,
  type ProviderCall,
  type ProviderResult,
} from '@anyimage/core';
import { readBody, send } from './send.ts';
import { fromWire, readEvent, readModels, serviceError, toWire, wantsSVG } from './wire.ts';

/** Makes the pictures of a call. */
export async function draw(call: ProviderCall, context: CallContext): Promise<ProviderResult> {
  if (call.partials > 0) return drawShown(call, context);
  // One request makes one drawing.
  if (call.n > 1 && wantsSVG(call)) return oneByOne(call, (one) => draw(one, context));
  const { envelope, body } = await send(context, toWire(call));
  return fromWire(call, envelope, body);
}

/**
 * Asks a server for its models, by `GET /models`. OpenAI's own list holds models of all kinds: of it only those with `image` in their
 * id are returned. Throws `bad-response` for an answer that is no list, and what the service says is wrong.
 */
export async function listModels(
  context: Pick<CallContext, 'http' | 'now' | 'baseURL'>,
): Promise<readonly ListedModel[]> {
  const { body } = await send(context, { to: 'models' });
  const models = readModels(body);
  const isMixed = new URL(context.baseURL).hostname === 'api.openai.com';
  if (models) return isMixed ? models.filter(({ id }) => id.includes('image')) : models;
  throw new ImageError('bad-response', 'the server does not list its models in the usual form', {
    hint: 'Name a model that the server has.',
  });
}

/** Makes a picture that is shown while it is made. */
async function drawShown(call: ProviderCall, context: CallContext): Promise<ProviderResult> {
  const answer = await context.http.send(toWire(call));
  const envelope = envelopeOf(answer, context);
  const isStream = mediaTypeIn(answer.headers.get('content-type') ?? '') === 'text/event-stream';
  // A server that does not stream answers as always.
  if (!isStream) return fromWire(call, envelope, await readBody(answer, envelope, true));
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
