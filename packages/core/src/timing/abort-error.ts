import { ImageError } from '../contract/errors.ts';

/** The reason of an aborted signal as an ImageError: its own, if it is one, else what it means. */
export function abortError({ reason }: AbortSignal): ImageError {
  return ImageError.isInstance(reason) ? reason : endedBy(reason);
}

/**
 * What the end of a caller's own signal means, by its reason: `timeout` where time ran out, as with `AbortSignal.timeout`, alone or
 * among others, else `aborted`. Who aborts with an `aborted` of their own says in it what is told.
 */
export function endedBy(reason: unknown): ImageError {
  if (ImageError.isInstance(reason) && reason.code === 'aborted') return reason;
  if (!isTimeout(reason)) {
    return new ImageError('aborted', 'the request was cancelled', { cause: reason, hint: 'Nothing more is done.' });
  }
  return new ImageError('timeout', "not finished before the time of the caller's own signal was over", {
    cause: reason,
    retryable: true,
    hint: 'Give the signal more time, or let timeout say how long the request may take.',
  });
}

/** By its name: the signal may be of another realm, or of a library. */
function isTimeout(reason: unknown): boolean {
  if (ImageError.isInstance(reason)) return reason.code === 'timeout';
  return typeof reason === 'object' && reason !== null && 'name' in reason && reason.name === 'TimeoutError';
}
