import type { ImageErrorFacts } from '../contract/errors.ts';
import { abortError } from './abort-error.ts';

/** How long work that should end by itself after an abort may still take to say how far it got, ms. */
const graceMs = 300;

/**
 * The work's outcome; or, once the signal aborts, its own rejection if it comes soon, else the signal's reason. For work of
 * others (providers, stores, file systems), which may not listen to the signal at all: nothing may outlive the deadline. `facts`
 * are those of work that was given up on.
 */
export async function orAbort<T>(work: Promise<T>, signal: AbortSignal, facts: ImageErrorFacts = {}): Promise<T> {
  work.catch(() => {}); // whoever gave up on it must not be told again
  let timer: NodeJS.Timeout | undefined;
  let stop = () => {};
  const aborted = new Promise<never>((_, reject) => {
    stop = () => {
      timer = setTimeout(() => reject(abortError(signal).with(facts)), graceMs);
    };
    if (signal.aborted) stop();
    else signal.addEventListener('abort', stop, { once: true });
  });
  try {
    return await Promise.race([work, aborted]);
  } finally {
    signal.removeEventListener('abort', stop);
    clearTimeout(timer);
  }
}
