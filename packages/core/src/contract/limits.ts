// What an account of a service may do at once.

import { ImageError } from './errors.ts';

/** What one account may do at once. */
export interface Limiter {
  /**
   * Waits for a free place, runs the work, and learns from a `rate-limit` error. Rejects with the signal's reason while waiting.
   * `deadline`, Unix time in ms: throws `rate-limit` at once if the account is known not to be free before it.
   */
  run<T>(work: () => Promise<T>, signal: AbortSignal, deadline?: number): Promise<T>;
}

/** What a service lets one account do. */
export interface AccountRate {
  /** Calls at a time. */
  readonly concurrent: number;
  /** Calls that begin within a minute; default any number. */
  readonly perMinute?: number;
}

/** Where it is known what the accounts are doing: for one client, or for all that share the store. */
export interface LimitStore {
  /** The limiter of an account, which `account` names. */
  for(account: string, rate: AccountRate): Limiter;
}

/** The refusal of a wait, in ms, that would not end before the deadline. */
export function tooLate(wait: number): ImageError {
  const seconds = Math.ceil(wait / 1000);
  return new ImageError(
    'rate-limit',
    `the account may make no call for another ${seconds} s, which is past the timeout`,
    {
      retryable: true,
      retryAfter: wait,
      mayHaveBeenBilled: false,
      hint: `Ask again in ${seconds} s, give a longer timeout, or name a second model to go on to.`,
    },
  );
}
