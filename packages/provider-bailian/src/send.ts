// How requests get to the service, and by which way the files of a request for pictures.

import {
  type CallContext,
  exchange,
  type HttpRequest,
  ImageError,
  type ProviderCall,
  type Warning,
} from '@anyimage/core';
import { hasFiles, type Sent, transfer, wayOf } from './transfer.ts';
import { type Envelope, readAnswer, readPermit, toWire, wireOf } from './wire.ts';

/** An answer and its body. */
interface Exchanged {
  readonly envelope: Envelope;
  readonly body: unknown;
}

/** The answer to a request for pictures. */
interface Answered extends Exchanged {
  /** The service was to rewrite the prompt and could not: the pictures are of the prompt as it is. */
  readonly unwritten: boolean;
}

/**
 * Asks for pictures: `now` while the request is open, `later` by a task. Files that the service refuses inside the request are
 * uploaded, and it is asked once more: a refusal is free, and the service's pages disagree on where files may be inside. A prompt
 * that it cannot rewrite is sent once more as it is, which is what the service advises.
 */
export async function askForPictures(
  call: ProviderCall,
  context: CallContext,
  spends: 'now' | 'later',
): Promise<Answered> {
  const way = wayOf(call);
  const getPermit = () => askForPermit(call.model, context);
  let inputs = await transfer(call, way, context, getPermit);
  let answered = await postCall(call, inputs, context, spends);
  const mayUpload = way === 'auto' && hasFiles(call) && !inputs.uploaded;
  if (mayUpload && refusesFilesInside(answered)) {
    context.log('upload', { because: 'the service wants URLs of pictures' });
    inputs = await transfer(call, 'upload', context, getPermit);
    answered = await postCall(call, inputs, context, spends);
  }
  if (!call.options.promptExtend || !couldNotRewrite(answered)) return { ...answered, unwritten: false };
  context.log('prompt', { because: 'the service could not rewrite it' });
  const plain = { ...call, options: { ...call.options, promptExtend: false } };
  return { ...(await postCall(plain, inputs, context, spends)), unwritten: true };
}

/** What a caller is told of pictures whose prompt could not be rewritten. */
export const unwrittenWarning = {
  code: 'prompt',
  message: 'the service could not rewrite the prompt: the pictures are of the prompt as it is',
} as const satisfies Warning;

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
function refusesFilesInside(answered: Exchanged): boolean {
  const { status, serviceCode = '', message = '' } = refusalIn(answered) ?? {};
  if (status !== 400) return false;
  return /^invalid_?url/i.test(serviceCode) || (/^invalid_?parameter/i.test(serviceCode) && /url/i.test(message));
}

function couldNotRewrite(answered: Exchanged): boolean {
  return /^rewrite_?failed/i.test(refusalIn(answered)?.serviceCode ?? '');
}

/** What an answer says is wrong. */
function refusalIn({ envelope, body }: Exchanged): ImageError | undefined {
  try {
    readAnswer(envelope, body);
    return undefined;
  } catch (error) {
    if (ImageError.isInstance(error)) return error;
    throw error;
  }
}

/** Stands for the id of a workspace in the base URLs of regions that have no shared host. */
export const noWorkspace = 'workspace-id';

/** The base URL without the path of either API: both are used. Throws `config` where the workspace is still to be named. */
function rootOf({ baseURL, region }: CallContext): string {
  if (new URL(baseURL).hostname.startsWith(`${noWorkspace}.`)) {
    throw new ImageError('config', `region ${region} has no shared host: the base URL of a workspace is needed`, {
      details: { option: 'baseURL', asked: baseURL },
      hint: `Set DASHSCOPE_HTTP_BASE_URL to that of your workspace: ${baseURL.replace(noWorkspace, 'WORKSPACE')}.`,
    });
  }
  return baseURL.replace(/\/(api|compatible-mode)\/v1$/, '');
}
