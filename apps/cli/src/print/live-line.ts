// One line that moves while something is on its way: what, how long it takes, how long it usually takes, how many are here.

import { cleanText, type Progress } from '@anyimage/core';
import { duration, durationRange } from '@anyimage/host';
import { type Paint, paintFor } from './terminal/paint.ts';

export interface LiveFacts {
  /** What it is about: a model, or what is done. */
  readonly title: string;
  readonly elapsedMs: number;
  readonly latencyMs?: readonly [number, number];
  readonly done: number;
  readonly total: number;
  readonly progress?: Progress;
}

const frames = '⠋⠙⠹⠸⠼⠴⠦⠧⠇⠏';
const frameMs = 100;

/** The line at one moment, at most `columns` wide. */
export function liveText(facts: LiveFacts, columns: number, paint: Paint): string {
  const { title, elapsedMs, latencyMs, done, total } = facts;
  const frame = frames[Math.floor(elapsedMs / frameMs) % frames.length]!;
  const parts = [
    cleanText(title),
    elapsedMs < 9950 ? duration(elapsedMs) : duration(Math.floor(elapsedMs / 1000) * 1000),
    latencyMs && latencyMs[1] >= 2000 && `usually ${durationRange(latencyMs)}`,
    total > 1 && `${done} of ${total}`,
    phase(facts.progress),
  ].filter(Boolean);
  const text = parts.join('  ').slice(0, Math.max(0, columns - 3));
  return `${paint('name', frame)} ${text}`;
}

function phase(progress: Progress | undefined): string | undefined {
  if (!progress || !('phase' in progress)) return undefined;
  const { fraction, position } = progress;
  if (progress.phase === 'queued') return position ? `queued, number ${position}` : 'queued';
  return fraction === undefined ? undefined : `${Math.round(fraction * 100)} %`;
}

export interface LiveLine {
  /** A picture is here. */
  made(): void;
  report(progress: Progress): void;
  /** Clears the line; again does nothing. */
  stop(): void;
}

/** Shows the line on a terminal; elsewhere it is silent. */
export function startLiveLine(
  stream: NodeJS.WriteStream,
  about: Pick<LiveFacts, 'title' | 'latencyMs' | 'total'>,
): LiveLine {
  if (!stream.isTTY) return { made() {}, report() {}, stop() {} };
  const started = performance.now();
  const paint = paintFor(stream);
  let done = 0;
  let progress: Progress | undefined;
  const draw = () => {
    const facts = { ...about, elapsedMs: performance.now() - started, done, ...(progress && { progress }) };
    stream.write(`\r\u001b[K${liveText(facts, stream.columns ?? 80, paint)}`);
  };
  draw();
  let timer: NodeJS.Timeout | undefined = setInterval(draw, frameMs);
  return {
    made() {
      done += 1;
    },
    report(next) {
      progress = next;
    },
    stop() {
      if (timer === undefined) return;
      clearInterval(timer);
      timer = undefined;
      stream.write('\r\u001b[K');
    },
  };
}
