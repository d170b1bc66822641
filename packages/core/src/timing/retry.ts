// The retry law: what spends is repeated only after a failure known to be free; what only asks may be asked again.

import type { Clock } from '../contract/client.ts';
import { ImageError } from '../contract/errors.ts';

export interface RetryOptions {
  readonly clock: Clock;
  readonly signal: AbortSignal;
  /** Unix time of the deadline, ms: no wait goes past it. */
  readonly deadline: number;
  /** Repetitions, besides the first try. */
  readonly maxRetries: number;
  readonly spends: boolean;
  readonly log?: (event: string, facts: { [key: string]: string | number }) => void;
  readonly random?: () => number;
}

const firstWaitMs = 500;
const longestWaitMs = 20_000;

/** Runs `work`, and again after failures that allow it: backoff with jitter, at least as long as `retryAfter`. */
export async function withRetries<T>(work: () => Promise<T>, options: RetryOptions): Promise<T> {
  const { clock, signal, deadline, maxRetries, spends, log, random = Math.random } = options;
  for (let attempt = 0; ; attempt++) {
    try {
      return await work();
    } catch (error) {
      if (!mayRepeat(error, spends) || attempt >= maxRetries || signal.aborted) throw error;
      const backoff = Math.min(longestWaitMs, firstWaitMs * 2 ** attempt) * (0.5 + random() / 2);
      const wait = Math.max(backoff, error.retryAfter ?? 0);
      if (clock.now() + wait >= deadline) {
        throw error.with({
          hint: `${error.hint ?? ''} Waiting ${Math.ceil(wait / 1000)} s for it would pass the timeout.`.trim(),
        });
      }
      log?.('retry', { code: error.code, waitMs: Math.round(wait), attempt: attempt + 1 });
      await clock.sleep(wait, signal);
    }
  }
}

function mayRepeat(error: unknown, spends: boolean): error is ImageError {
  return ImageError.isInstance(error) && error.retryable && !(spends && error.mayHaveBeenBilled);
}
