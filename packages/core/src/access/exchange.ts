import { ImageError } from '../contract/errors.ts';
import type { Answer, AnswerHeaders, CallContext, HttpRequest } from '../contract/provider.ts';

/** The part of a service's answer outside its body. */
export interface Envelope {
  readonly status: number;
  readonly headers: AnswerHeaders;
  /** When it came, Unix time in ms. */
  readonly now: number;
}

/**
 * Sends a request of a JSON API and reads the answer, whatever its status. A body that is not JSON says nothing on a failure (a
 * gateway's own page): it is `undefined` then, and the status decides. On a success it throws `bad-response`, which may have been
 * billed if the request spends.
 */
export async function exchange(
  context: Pick<CallContext, 'http' | 'now' | 'signal'>,
  request: HttpRequest,
): Promise<{ readonly envelope: Envelope; readonly body: unknown }> {
  const answer = await context.http.send(request);
  const body = await readJSON(answer, context, request);
  return { envelope: envelopeOf(answer, context), body };
}

/** What `exchange` reads of an answer that is here already, such as one that might have been a stream. Throws as it does. */
export async function readJSON(
  answer: Answer,
  { signal }: Pick<CallContext, 'signal'>,
  { spends }: Pick<HttpRequest, 'spends'>,
): Promise<unknown> {
  return answer.json().catch((error: unknown) => {
    if (answer.status >= 400 && !signal.aborted) return undefined;
    throw ImageError.isInstance(error) && spends ? error.with({ mayHaveBeenBilled: true }) : error;
  });
}

/** An answer without its body. */
export function envelopeOf({ status, headers }: Answer, { now }: Pick<CallContext, 'now'>): Envelope {
  return { status, headers, now: now() };
}
