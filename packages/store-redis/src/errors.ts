// What a server of Redis complains of, as errors of core.

import { ImageError } from '@anyimage/core';

/** What the client says of a connection that is not there, or was lost; what a server says that is not ready. */
const awayTexts =
  /connection is closed|isn't writeable|command timed out|max retries per request|ECONN|EPIPE|ETIMEDOUT|EHOSTUNREACH|ENETUNREACH|ENOTFOUND|EAI_AGAIN|socket|^(?:LOADING|BUSY|MASTERDOWN|READONLY|CLUSTERDOWN|TRYAGAIN)\b/i;

/** Whether it may be there in a moment. */
export function isAway(error: unknown): boolean {
  const { message = '', code = '' } = error as { readonly message?: string; readonly code?: string };
  return awayTexts.test(message) || awayTexts.test(code);
}

export function awayError(cause: unknown, place: string): ImageError {
  return new ImageError('unavailable', `${place} cannot be reached, where it is noted what is sent`, {
    cause,
    retryable: true,
    retryAfter: 2000,
    hint: 'Try again in a moment; whoever runs this starts the server again.',
  });
}

export function serverError(cause: unknown, action: string, place: string): ImageError {
  const text = cause instanceof Error ? cause.message.slice(0, 200) : String(cause);
  const isFull = /^(?:OOM|MISCONF)\b/.test(text);
  return new ImageError('storage', `cannot ${action} ${place}: ${text}`, {
    cause,
    hint: isFull
      ? 'Whoever runs the server gives it more memory or room on its disk.'
      : 'Check the address, name and password, and what the server allows.',
  });
}
