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

const dayMs = 86_400_000;

/** The day that was asked for last, by its number since 1970: most requests ask several times for the same. */
let lastDay: { readonly number: number; readonly name: Day } | undefined;

/** The clock's day, UTC. */
export function utcDay(clock: Pick<Clock, 'now'>): Day {
  const now = clock.now();
  const number = Math.floor(now / dayMs);
  if (lastDay?.number !== number) lastDay = { number, name: new Date(now).toISOString().slice(0, 10) as Day };
  return lastDay.name;
}
