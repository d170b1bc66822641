// The process that works on large pictures: does what it is told, one work after the other, until nobody listens.

import type { WorkAnswer, WorkOrder } from './pixel-process.ts';
import { works } from './works.ts';

process.on('message', async ({ name, args }: WorkOrder) => {
  const work = works[name] as (...args: readonly unknown[]) => Promise<unknown>;
  const answer: WorkAnswer = await work(...args).then(
    (done) => ({ done }),
    (error: Error) => ({ error: error.message }),
  );
  process.send?.(answer);
});
// Ctrl-C is for the program that waits for the work.
process.on('SIGINT', () => {});
// A work in hand would keep the process until it is done.
process.on('disconnect', () => process.kill(process.pid, 'SIGKILL'));
