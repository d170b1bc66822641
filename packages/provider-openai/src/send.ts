// How requests get to a server, and how the bodies of its answers are read.

import {
  type Answer,
  type CallContext,
  type Envelope,
  envelopeOf,
  type HttpRequest,
  ImageError,
  mediaTypeIn,
} from '@anyimage/core';
import { serviceError } from './wire.ts';

/** The key as OpenAI takes it. */
export const bearer = (key: string) => ({ authorization: `Bearer ${key}` });

/** Sends a request and reads the JSON of a success. Throws the error of anything else. */
export async function send({ http, now }: Pick<CallContext, 'http' | 'now'>, request: HttpRequest) {
  const answer = await http.send(request);
  const envelope = envelopeOf(answer, { now });
  return { envelope, body: await readBody(answer, envelope, request.spends === true) };
}

/** The JSON of a success. Throws what a refusal tells, in whatever form: JSON, plain text, or a gateway's own page. */
export async function readBody(answer: Answer, envelope: Envelope, spends: boolean): Promise<unknown> {
  const type = mediaTypeIn(answer.headers.get('content-type') ?? '');
  if (answer.status >= 400) {
    const text = new TextDecoder().decode(await answer.bytes());
    throw serviceError(envelope, parsed(text));
  }
  if (type !== 'text/html') return answer.json();
  await answer.bytes();
  throw new ImageError('bad-response', 'the base URL answers with a web page', {
    status: answer.status,
    mayHaveBeenBilled: spends,
    hint: 'Check the base URL: most end in /v1.',
  });
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}
