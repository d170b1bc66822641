// How a batch goes: rows that move on a terminal, elsewhere a line now and then.

import type { Money } from '@anyimage/core';
import { type BatchCounts, type BatchMoment, batchBar, paceText, resultText } from '../../print/batch-text.ts';
import { startLive } from '../../print/terminal/live.ts';
import { note } from '../../print/terminal/output.ts';
import { paintFor } from '../../print/terminal/paint.ts';

export interface BatchProgress {
  /** A row is over. */
  over(spent: readonly Money[]): void;
  /** Takes the rows away; again does nothing. */
  stop(): void;
}

export interface ProgressOptions {
  readonly toMake: number;
  /** What became of the rows by now. */
  readonly counts: () => BatchCounts;
}

/** Elsewhere than on a terminal, the first line comes after this, and each further one after twice as long, ms. */
const firstLineMs = 15_000;
const longestWaitMs = 600_000;
/** So many rows say how fast it goes. */
const mostTimes = 200;

export function startProgress(stream: NodeJS.WriteStream, { toMake, counts }: ProgressOptions): BatchProgress {
  const started = performance.now();
  const times: number[] = [];
  const paint = paintFor(stream);
  let over = 0;
  let spent: readonly Money[] = [];
  let timer: NodeJS.Timeout | undefined;

  function moment(): BatchMoment {
    const now = performance.now();
    const first = times.length > 1 ? times[0]! : undefined;
    const rate = first === undefined ? undefined : ((times.length - 1) / Math.max(1, now - first)) * 1000;
    const facts = { over, toMake, counts: counts(), spent, elapsedMs: now - started };
    return rate === undefined ? facts : { ...facts, rate };
  }

  function tellAfter(ms: number): void {
    timer = setTimeout(() => {
      const now = moment();
      note(`${paceText(now)}  ${resultText(now)}`);
      tellAfter(Math.min(2 * ms, longestWaitMs));
    }, ms);
    timer.unref();
  }

  const live = startLive(stream, ({ spinner, columns }) => {
    const now = moment();
    const bar = paint('name', `${spinner} ${batchBar(now, columns)}`);
    return [`${bar}  ${paceText(now)}`, `  ${resultText(now)}`];
  });
  if (!stream.isTTY) tellAfter(firstLineMs);
  return {
    over(costs) {
      over += 1;
      spent = costs;
      times.push(performance.now());
      if (times.length > mostTimes) times.shift();
    },
    stop() {
      clearTimeout(timer);
      live.stop();
    },
  };
}
