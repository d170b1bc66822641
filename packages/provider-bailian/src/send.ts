// Requests to the service, and the second way that files may have to take.

import {
  type CallContext,
  type HttpRequest,
  ImageError,
  type ProviderCall,
  exchange as sendJSON,
} from '@anyimage/core';
import { hasFiles, transfer, wayOf } from './transfer.ts';
import type { Envelope } from './wire/errors.ts';
import { readAnswer, readPermit, toWire, wireOf } from './wire.ts';

/** An answer and its body. */
export interface Exchanged {
  readonly envelope: Envelope;
  readonly body: unknown;
}

/**
 * Asks for pictures. Files that the service refuses inside the request are uploaded, and it is asked once more: a refusal is
 * free, and its pages disagree on where files may be inside.
 */
export async function make(call: ProviderCall, context: CallContext, spends: 'now' | 'later'): Promise<Exchanged> {
  const { job, call: path } = wireOf(call);
  const permit = async () => {
    const query = new URLSearchParams({ action: 'getPolicy', model: call.model });
    const { envelope, body } = await ask(context, `uploads?${query}`);
    return readPermit(envelope, body);
  };
  const way = wayOf(call);
  const inputs = await transfer(call, way, context, permit);
  const post = (sent: typeof inputs) =>
    exchange(context, spends, {
      to: `${rootOf(context)}/api/v1/services/aigc/${spends === 'later' ? job : path}`,
      json: toWire(call, sent),
      headers: {
        ...(spends === 'later' && { 'x-dashscope-async': 'enable' }),
        ...(sent.uploaded && { 'x-dashscope-ossresourceresolve': 'enable' }),
      },
      spends: true,
    });
  const answered = await post(inputs);
  if (way !== 'auto' || inputs.uploaded || !hasFiles(call) || !refusesData(answered)) return answered;
  context.log('upload', { because: 'the service wants URLs of pictures' });
  return post(await transfer(call, 'upload', context, permit));
}

function refusesData({ envelope, body }: Exchanged): boolean {
  try {
    readAnswer(envelope, body);
    return false;
  } catch (error) {
    if (!ImageError.isInstance(error) || error.status !== 400) return false;
    const { serviceCode = '', message } = error;
    return /^invalid_?url/i.test(serviceCode) || (/^invalid_?parameter/i.test(serviceCode) && /url/i.test(message));
  }
}

/** Asks the native API, below its path: free. */
export function ask(context: CallContext, path: string, method: 'GET' | 'POST' = 'GET'): Promise<Exchanged> {
  return exchange(context, 'never', { method, to: `${rootOf(context)}/api/v1/${path}` });
}

/** The base URL without the path of either API: both are used. */
export function rootOf({ baseURL }: CallContext): string {
  return baseURL.replace(/\/(api|compatible-mode)\/v1$/, '');
}

/** Sends one request. A body that is not JSON says nothing on a failure (a gateway's own page); the status does. */
export async function exchange(
  context: CallContext,
  spends: Envelope['spends'],
  request: HttpRequest,
): Promise<Exchanged> {
  const { envelope, body } = await sendJSON(context, request);
  return { envelope: { ...envelope, spends }, body };
}
