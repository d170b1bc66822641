// What one account may do at once. One limiter per provider, host and key.

import type { AccountRate, Clock, Limiter, LimitStore } from '../contract/client.ts';
import { ImageError } from '../contract/errors.ts';
import { systemClock } from './clock.ts';

export interface LimiterOptions extends AccountRate {
  readonly clock: Clock;
}

const minute = 60_000;

/** Limits of this process alone: the default of the library. */
export function memoryLimitStore({ clock = systemClock }: { readonly clock?: Clock } = {}): LimitStore {
  const limiters = new Map<string, Limiter>();
  return {
    for(account, rate) {
      const limiter = limiters.get(account) ?? createLimiter({ ...rate, clock });
      limiters.set(account, limiter);
      return limiter;
    },
  };
}

/** Who waits for a place. */
interface Waiter {
  /** Unix time, ms. */
  readonly deadline: number;
  go(): void;
  refuse(error: unknown): void;
}

/** Places are given in the order in which they were asked for: nobody overtakes. */
export function createLimiter({ concurrent, perMinute, clock }: LimiterOptions): Limiter {
  const waiting = new Set<Waiter>();
  const starts: number[] = [];
  let allowed = concurrent;
  let running = 0;
  let successes = 0;
  let pausedUntil = 0;
  /** Ends the sleep until the account may start a call again, once nobody waits for that. */
  let nap: AbortController | undefined;

  /** For how long the account may start no call, ms. */
  function waitFrom(now: number): number {
    while (starts.length && starts[0]! <= now - minute) starts.shift();
    const isFull = perMinute !== undefined && starts.length >= perMinute;
    return Math.max(pausedUntil - now, isFull ? starts[0]! + minute - now : 0);
  }

  /** Refuses those who would wait past their deadline, and lets in as many of the others as there are places. */
  function letIn(): void {
    const now = clock.now();
    const pause = waitFrom(now);
    if (pause > 0) for (const waiter of waiting) if (now + pause >= waiter.deadline) waiter.refuse(tooLate(pause));
    for (const waiter of waiting) {
      if (running >= allowed) break;
      const wait = waitFrom(now);
      if (wait > 0) {
        sleep(wait);
        break;
      }
      running += 1;
      if (perMinute !== undefined) starts.push(now);
      waiter.go();
    }
    if (waiting.size === 0) nap?.abort();
  }

  function sleep(wait: number): void {
    if (nap) return;
    const own = new AbortController();
    nap = own;
    const wake = () => {
      if (nap !== own) return;
      nap = undefined;
      letIn();
    };
    // One that was woken for nobody looks, and finds that.
    clock.sleep(wait, own.signal).then(wake, wake);
  }

  /** Waits for a place. Rejects with the signal's reason, or `rate-limit`. */
  function enter(signal: AbortSignal, deadline: number): Promise<void> {
    return new Promise((resolve, reject) => {
      signal.throwIfAborted();
      const leave = () => {
        waiting.delete(waiter);
        signal.removeEventListener('abort', stop);
      };
      const waiter: Waiter = {
        deadline,
        go() {
          leave();
          resolve();
        },
        refuse(error) {
          leave();
          reject(error);
        },
      };
      const stop = () => {
        waiter.refuse(signal.reason);
        letIn();
      };
      signal.addEventListener('abort', stop, { once: true });
      waiting.add(waiter);
      letIn();
    });
  }

  /** After a good stretch the account is trusted with one more at a time, up to what the table says. */
  function trust(): void {
    successes += 1;
    if (allowed >= concurrent || successes < 10) return;
    allowed += 1;
    successes = 0;
  }

  function learn(error: unknown): void {
    if (!ImageError.isInstance(error) || error.code !== 'rate-limit') return;
    allowed = Math.max(1, Math.floor(allowed / 2));
    successes = 0;
    pausedUntil = Math.max(pausedUntil, clock.now() + (error.retryAfter ?? 0));
  }

  return {
    async run(work, signal, deadline = Number.POSITIVE_INFINITY) {
      await enter(signal, deadline);
      try {
        const result = await work();
        trust();
        return result;
      } catch (error) {
        learn(error);
        throw error;
      } finally {
        running -= 1;
        letIn();
      }
    },
  };
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
