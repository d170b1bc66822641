import { ImageError } from '../contract/errors.ts';
import type { AnswerHeaders, CallContext, HttpRequest } from '../contract/provider.ts';

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
  { http, now, signal }: Pick<CallContext, 'http' | 'now' | 'signal'>,
  request: HttpRequest,
): Promise<{ readonly envelope: Envelope; readonly body: unknown }> {
  const answer = await http.send(request);
  const body = await answer.json().catch((error: unknown) => {
    if (answer.status >= 400 && !signal.aborted) return undefined;
    throw ImageError.isInstance(error) && request.spends ? error.with({ mayHaveBeenBilled: true }) : error;
  });
  return { envelope: { status: answer.status, headers: answer.headers, now: now() }, body };
}
