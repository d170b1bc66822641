// How requests get to the service, and by which way the files of a request for pictures.

import { type CallContext, exchange, type HttpRequest, ImageError, type ProviderCall } from '@anyimage/core';
import { hasFiles, type Sent, transfer, wayOf } from './transfer.ts';
import { type Envelope, readAnswer, readPermit, toWire, wireOf } from './wire.ts';

/** An answer and its body. */
interface Exchanged {
  readonly envelope: Envelope;
  readonly body: unknown;
}

/**
 * Asks for pictures: `now` while the request is open, `later` by a task. Files that the service refuses inside the request are
 * uploaded, and it is asked once more: a refusal is free, and the service's pages disagree on where files may be inside.
 */
export async function askForPictures(
  call: ProviderCall,
  context: CallContext,
  spends: 'now' | 'later',
): Promise<Exchanged> {
  const way = wayOf(call);
  const getPermit = () => askForPermit(call.model, context);
  const inputs = await transfer(call, way, context, getPermit);
  const answered = await postCall(call, inputs, context, spends);
  const mayUpload = way === 'auto' && hasFiles(call) && !inputs.uploaded;
  if (!mayUpload || !refusesFilesInside(answered)) return answered;
  context.log('upload', { because: 'the service wants URLs of pictures' });
  return postCall(call, await transfer(call, 'upload', context, getPermit), context, spends);
}

/** Sends a question that costs nothing. `path`: below the root of the base URL, with that of the native or the OpenAI-style API. */
export async function askFree(
  context: CallContext,
  path: string,
  request: Omit<HttpRequest, 'to' | 'spends'> = {},
): Promise<Exchanged> {
  const { envelope, body } = await exchange(context, { ...request, to: `${rootOf(context)}/${path}` });
  return { envelope: { ...envelope, spends: 'never' }, body };
}

/** The same for one that is paid for by the token. */
export async function askPaid(context: CallContext, path: string, json: unknown): Promise<Exchanged> {
  const { envelope, body } = await exchange(context, { json, to: `${rootOf(context)}/${path}`, spends: true });
  return { envelope: { ...envelope, spends: 'now' }, body };
}

async function askForPermit(model: string, context: CallContext) {
  const query = new URLSearchParams({ action: 'getPolicy', model });
  const { envelope, body } = await askFree(context, `api/v1/uploads?${query}`);
  return readPermit(envelope, body);
}

/** Posts a call whose pictures are on their way already. */
async function postCall(
  call: ProviderCall,
  inputs: Sent,
  context: CallContext,
  spends: 'now' | 'later',
): Promise<Exchanged> {
  const { job, call: path } = wireOf(call);
  const { envelope, body } = await exchange(context, {
    to: `${rootOf(context)}/api/v1/services/aigc/${spends === 'later' ? job : path}`,
    json: toWire(call, inputs),
    headers: {
      ...(spends === 'later' && { 'x-dashscope-async': 'enable' }),
      ...(inputs.uploaded && { 'x-dashscope-ossresourceresolve': 'enable' }),
    },
    spends: true,
  });
  return { envelope: { ...envelope, spends }, body };
}

/** Whether an answer says that pictures must be given as URLs. */
function refusesFilesInside({ envelope, body }: Exchanged): boolean {
  try {
    readAnswer(envelope, body);
    return false;
  } catch (error) {
    if (!ImageError.isInstance(error) || error.status !== 400) return false;
    const { serviceCode = '', message } = error;
    return /^invalid_?url/i.test(serviceCode) || (/^invalid_?parameter/i.test(serviceCode) && /url/i.test(message));
  }
}

/** The base URL without the path of either API: both are used. */
function rootOf({ baseURL }: CallContext): string {
  return baseURL.replace(/\/(api|compatible-mode)\/v1$/, '');
}
