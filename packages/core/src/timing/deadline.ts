import { ImageError } from '../contract/errors.ts';
import { endedBy } from './abort-error.ts';

/** The usual deadline, ms. */
export const fiveMinutes = 300_000;

export interface Deadline {
  /** Aborts with an {@link ImageError} `timeout` or `aborted` as its reason. */
  readonly signal: AbortSignal;
  /** Unix time, ms. */
  readonly at: number;
  /** Stops the timer and lets go of the caller's signal. */
  clear(): void;
}

/** The same deadline for what may still be given up: it ends with `signal`, too. `clear` lets go of both, and leaves the timer. */
export function endedWith(deadline: Deadline, signal: AbortSignal): Deadline {
  const controller = new AbortController();
  const expire = () => controller.abort(deadline.signal.reason);
  const abort = () => controller.abort(endedBy(signal.reason));
  const ends = [
    { of: deadline.signal, end: expire },
    { of: signal, end: abort },
  ];
  for (const { of, end } of ends) {
    if (of.aborted) end();
    else of.addEventListener('abort', end, { once: true });
  }
  return {
    signal: controller.signal,
    at: deadline.at,
    clear() {
      for (const { of, end } of ends) of.removeEventListener('abort', end);
    },
  };
}

/** One deadline for everything a request does, joined with the caller's own signal. */
export function createDeadline(timeout: number, signal: AbortSignal | undefined, now: number): Deadline {
  const controller = new AbortController();
  const abort = () => controller.abort(endedBy(signal?.reason));
  const expire = () => {
    const limit = timeout < 1000 ? `${timeout} ms` : `${Math.round(timeout / 100) / 10} s`;
    controller.abort(
      new ImageError('timeout', `not finished within the timeout of ${limit}`, {
        retryable: true,
        hint: `Give a timeout longer than ${limit}.`,
      }),
    );
  };
  const timer = setTimeout(expire, Math.min(Math.max(timeout, 0), 2 ** 31 - 1));
  if (signal?.aborted) abort();
  else signal?.addEventListener('abort', abort, { once: true });
  return {
    signal: controller.signal,
    at: now + timeout,
    clear() {
      clearTimeout(timer);
      signal?.removeEventListener('abort', abort);
    },
  };
}
