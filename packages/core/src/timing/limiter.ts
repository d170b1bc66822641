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

export function createLimiter({ concurrent, perMinute, clock }: LimiterOptions): Limiter {
  const waiting = new Set<() => void>();
  const starts: number[] = [];
  let allowed = concurrent;
  let running = 0;
  let successes = 0;
  let pausedUntil = 0;

  function wake(): void {
    for (const go of [...waiting].slice(0, Math.max(0, allowed - running))) go();
  }

  /** For how long the account may start no call, ms. */
  function waitFrom(now: number): number {
    while (starts.length && starts[0]! <= now - minute) starts.shift();
    const isFull = perMinute !== undefined && starts.length >= perMinute;
    return Math.max(pausedUntil - now, isFull ? starts[0]! + minute - now : 0);
  }

  async function enter(signal: AbortSignal, deadline: number): Promise<void> {
    for (;;) {
      signal.throwIfAborted();
      const now = clock.now();
      const wait = waitFrom(now);
      if (wait > 0 && now + wait >= deadline) throw tooLate(wait);
      if (running >= allowed) await turn(signal);
      else if (wait > 0) await clock.sleep(wait, signal);
      else break;
    }
    running += 1;
    if (perMinute !== undefined) starts.push(clock.now());
  }

  function turn(signal: AbortSignal): Promise<void> {
    return new Promise((resolve, reject) => {
      const go = () => {
        waiting.delete(go);
        signal.removeEventListener('abort', stop);
        resolve();
      };
      const stop = () => {
        waiting.delete(go);
        reject(signal.reason);
      };
      signal.addEventListener('abort', stop, { once: true });
      waiting.add(go);
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
      try {
        await enter(signal, deadline);
      } catch (error) {
        wake(); // the place this caller was woken for goes to the next
        throw error;
      }
      try {
        const result = await work();
        trust();
        return result;
      } catch (error) {
        learn(error);
        throw error;
      } finally {
        running -= 1;
        wake();
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
