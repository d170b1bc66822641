// The process that works on large pictures: does what it is told, one work after the other, until nobody listens.

import type { WorkAnswer, WorkOrder } from './pixel-process.ts';
import { works } from './works.ts';

/** Most that this process may hold, bytes: what a picture takes is not always what it says. */
const mostHeld = 560_000_000;
const watchMs = 10;

process.on('message', async ({ name, args }: WorkOrder) => {
  const work = works[name] as (...args: readonly unknown[]) => Promise<unknown>;
  const watch = setInterval(endIfHeavy, watchMs);
  const answer: WorkAnswer = await work(...args).then(
    (done) => ({ done }),
    (error: Error) => ({ error: error.message }),
  );
  clearInterval(watch);
  process.send?.(answer);
});

/** Works run on threads of the image library, which nothing else ends. */
function endIfHeavy(): void {
  if (process.memoryUsage.rss() > mostHeld) process.kill(process.pid, 'SIGKILL');
}

// Ctrl-C is for the program that waits for the work.
process.on('SIGINT', () => {});
// A work in hand would keep the process until it is done.
process.on('disconnect', () => process.kill(process.pid, 'SIGKILL'));
