// What one account may do at once. One limiter per provider, host and key.

import type { AccountRate, Clock, Limiter, LimitStore } from '../contract/client.ts';
import { ImageError } from '../contract/errors.ts';
import { systemClock } from './clock.ts';

export interface LimiterOptions extends AccountRate {
  readonly clock: Clock;
}

const second = 1000;
const minute = 60_000;

/** How many accounts are known before those that do nothing are forgotten. */
const manyAccounts = 1000;

/** Limits of this process alone. */
export function memoryLimitStore({ clock = systemClock }: { readonly clock?: Clock } = {}): LimitStore {
  const accounts = new Map<string, Account>();
  return {
    for(name, rate) {
      return {
        run(work, signal, deadline) {
          const account = accounts.get(name) ?? createAccount(clock);
          if (accounts.size >= manyAccounts) forgetIdle(accounts);
          accounts.set(name, account);
          return account.run(work, rate, signal, deadline);
        },
      };
    },
  };
}

/** A server may see a key once, and never again. */
function forgetIdle(accounts: Map<string, Account>): void {
  for (const [name, account] of accounts) if (account.isIdle()) accounts.delete(name);
}

/** The limits of all clients of this process that are given none: an account has one owner, however many clients it has. */
export const processLimits: LimitStore = memoryLimitStore();

/** What one account is doing. Each caller brings what it may do at once by its own settings. */
interface Account {
  run<T>(work: () => Promise<T>, rate: AccountRate, signal: AbortSignal, deadline?: number): Promise<T>;
  /** Nothing runs or waits, and nothing is known that a call would have to heed. */
  isIdle(): boolean;
}

/** Who waits for a place. */
interface Waiter extends AccountRate {
  /** Unix time, ms. */
  readonly deadline: number;
  go(): void;
  refuse(error: unknown): void;
}

/** The limiter of one account, all of whose callers have the same settings. */
export function createLimiter({ clock, ...rate }: LimiterOptions): Limiter {
  const account = createAccount(clock);
  return { run: (work, signal, deadline) => account.run(work, rate, signal, deadline) };
}

/** Places are given in the order in which they were asked for: nobody overtakes. */
function createAccount(clock: Clock): Account {
  const waiting = new Set<Waiter>();
  const starts: number[] = [];
  /** Calls at a time that the service is known to bear. */
  let allowed = Number.POSITIVE_INFINITY;
  let running = 0;
  let successes = 0;
  let pausedUntil = 0;
  /** When a call ended last, Unix time in ms. */
  let endedAt = 0;
  /** Ends the sleep until the account may start a call again, once nobody waits for that. */
  let nap: AbortController | undefined;

  /** For how long the account may start no call, ms. */
  function waitFrom(now: number, { perSecond, perMinute }: AccountRate): number {
    while (starts.length && starts[0]! <= now - minute) starts.shift();
    const endOf = (most: number | undefined, window: number) => {
      const first = most === undefined ? undefined : starts.at(-most);
      return first === undefined ? 0 : first + window - now;
    };
    return Math.max(pausedUntil - now, endOf(perSecond, second), endOf(perMinute, minute));
  }

  /** Refuses those who would wait past their deadline, and lets in as many of the others as there are places. */
  function letIn(): void {
    const now = clock.now();
    for (const waiter of waiting) {
      const pause = waitFrom(now, waiter);
      if (pause > 0 && now + pause >= waiter.deadline) waiter.refuse(tooLate(pause));
    }
    for (const waiter of waiting) {
      if (running >= Math.min(allowed, waiter.concurrent)) break;
      const wait = waitFrom(now, waiter);
      if (wait > 0) {
        sleep(wait);
        break;
      }
      running += 1;
      if ((waiter.perMinute ?? waiter.perSecond) !== undefined) starts.push(now);
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
  function enter(rate: AccountRate, signal: AbortSignal, deadline: number): Promise<void> {
    return new Promise((resolve, reject) => {
      signal.throwIfAborted();
      const leave = () => {
        waiting.delete(waiter);
        signal.removeEventListener('abort', stop);
      };
      const waiter: Waiter = {
        ...rate,
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

  /** After a good stretch the account is trusted with one more at a time, up to what the caller may do. */
  function trust({ concurrent }: AccountRate): void {
    successes += 1;
    if (allowed >= concurrent || successes < 10) return;
    allowed += 1;
    successes = 0;
  }

  function learn(error: unknown, { concurrent }: AccountRate): void {
    if (!ImageError.isInstance(error) || error.code !== 'rate-limit') return;
    allowed = Math.max(1, Math.floor(Math.min(allowed, concurrent) / 2));
    successes = 0;
    pausedUntil = Math.max(pausedUntil, clock.now() + (error.retryAfter ?? 0));
  }

  return {
    isIdle() {
      const isFree = running === 0 && waiting.size === 0;
      return isFree && Math.max(pausedUntil, endedAt + minute) <= clock.now();
    },

    async run(work, rate, signal, deadline = Number.POSITIVE_INFINITY) {
      await enter(rate, signal, deadline);
      try {
        const result = await work();
        trust(rate);
        return result;
      } catch (error) {
        learn(error, rate);
        throw error;
      } finally {
        endedAt = clock.now();
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
