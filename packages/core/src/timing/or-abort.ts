import type { ImageErrorFacts } from '../contract/errors.ts';
import { abortError } from './abort-error.ts';

/** How long work that should end by itself after an abort may still take to say how far it got, ms. */
const graceMs = 300;

/**
 * The work's outcome; or, once the signal aborts, its own rejection if it comes soon, else the signal's reason. For work of
 * others (providers, stores, file systems), which may not listen to the signal at all: nothing may outlive the deadline. `facts`
 * are those of work that was given up on.
 */
export function orAbort<T>(work: Promise<T>, signal: AbortSignal, facts: ImageErrorFacts = {}): Promise<T> {
  return new Promise((resolve, reject) => {
    let timer: NodeJS.Timeout | undefined;
    const giveUp = () => {
      timer = setTimeout(() => reject(abortError(signal).with(facts)), graceMs);
    };
    const stopWaiting = () => {
      signal.removeEventListener('abort', giveUp);
      clearTimeout(timer);
    };
    work.then(
      (outcome) => {
        stopWaiting();
        resolve(outcome);
      },
      (error) => {
        stopWaiting();
        reject(error);
      },
    );
    if (signal.aborted) giveUp();
    else signal.addEventListener('abort', giveUp, { once: true });
  });
}

/** {@link orAbort} for work that takes something: what it takes after it was given up on is given back. */
export async function orUndo<T>(work: Promise<T>, signal: AbortSignal, undo: (taken: T) => unknown): Promise<T> {
  try {
    return await orAbort(work, signal);
  } catch (error) {
    if (signal.aborted) work.then(undo).catch(() => {});
    throw error;
  }
}
