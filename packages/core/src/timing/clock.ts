import type { Day } from '../contract/capabilities.ts';
import type { Clock } from '../contract/client.ts';

/** The longest a timer of Node can be set to, ms: beyond it, it would end at once. */
const longestTimer = 2 ** 31 - 1;

/** The machine's own time. */
export const systemClock: Clock = {
  now: () => Date.now(),
  async sleep(ms, signal) {
    let left = ms;
    for (; left > longestTimer; left -= longestTimer) await timer(longestTimer, signal);
    await timer(left, signal);
  },
};

function timer(ms: number, signal: AbortSignal | undefined): Promise<void> {
  return new Promise((resolve, reject) => {
    if (signal?.aborted) return reject(signal.reason);
    const stop = () => {
      clearTimeout(running);
      reject(signal?.reason);
    };
    const running = setTimeout(() => {
      signal?.removeEventListener('abort', stop);
      resolve();
    }, ms);
    signal?.addEventListener('abort', stop, { once: true });
  });
}

/** The clock's day, UTC. */
export function utcDay(clock: Pick<Clock, 'now'>): Day {
  return new Date(clock.now()).toISOString().slice(0, 10) as Day;
}
