// How a batch goes: a line that moves on a terminal, elsewhere a line now and then.

import type { Money } from '@anyimage/core';
import { type BatchCounts, progressText } from '../../print/batch-text.ts';
import { note } from '../../print/terminal/output.ts';
import { cut } from '../../print/terminal/wrap.ts';

export interface BatchProgress {
  /** A row is over. */
  over(spent: readonly Money[]): void;
  /** Clears the line; again does nothing. */
  stop(): void;
}

export interface ProgressOptions {
  readonly toMake: number;
  /** What the journal says by now. */
  readonly counts: () => BatchCounts;
}

const frameMs = 250;
/** Elsewhere than on a terminal, the first line comes after this, and each further one after twice as long, ms. */
const firstLineMs = 15_000;
const longestWaitMs = 600_000;
/** So many rows say how fast it goes. */
const mostTimes = 100;

export function startProgress(stream: NodeJS.WriteStream, { toMake, counts }: ProgressOptions): BatchProgress {
  const started = performance.now();
  const times: number[] = [];
  let over = 0;
  let spent: readonly Money[] = [];
  let timer: NodeJS.Timeout | undefined;

  const text = () => {
    const now = performance.now();
    const first = times.length > 1 ? times[0]! : undefined;
    const rate = first === undefined ? undefined : ((times.length - 1) / Math.max(1, now - first)) * 1000;
    const moment = { over, toMake, counts: counts(), spent, elapsedMs: now - started };
    return progressText(rate === undefined ? moment : { ...moment, rate });
  };

  function draw(): void {
    stream.write(`\r\u001b[K${cut(text(), (stream.columns ?? 80) - 1)}`);
    timer = setTimeout(draw, frameMs);
  }

  function tell(waited: number): void {
    note(text());
    wait(Math.min(2 * waited, longestWaitMs));
  }

  function wait(ms: number): void {
    timer = setTimeout(tell, ms, ms);
    timer.unref();
  }

  if (stream.isTTY) draw();
  else wait(firstLineMs);
  return {
    over(costs) {
      over += 1;
      spent = costs;
      times.push(performance.now());
      if (times.length > mostTimes) times.shift();
    },
    stop() {
      if (timer === undefined) return;
      clearTimeout(timer);
      timer = undefined;
      if (stream.isTTY) stream.write('\r\u001b[K');
    },
  };
}
