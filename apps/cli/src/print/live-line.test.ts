import { expect, test } from 'vitest';
import { liveText } from './live-line.ts';
import { plain } from './terminal/paint.ts';

const facts = { title: 'paint/paint-1', elapsedMs: 6200, done: 0, total: 1 };

test('the line says how long it takes, how long it usually takes and how many are here', () => {
  const text = liveText({ ...facts, latencyMs: [5_000, 20_000], done: 2, total: 4 }, 80, plain);
  expect(text.slice(2)).toBe('paint/paint-1  6.2 s  usually 5–20 s  2 of 4');
});

test('one picture needs no count, a quick model no expectation', () => {
  expect(liveText({ ...facts, latencyMs: [100, 800] }, 80, plain).slice(2)).toBe('paint/paint-1  6.2 s');
});

test.each([
  [{ phase: 'queued', position: 3 } as const, 'queued, number 3'],
  [{ phase: 'running', fraction: 0.5 } as const, '50 %'],
])('progress of a job is shown', (progress, text) => {
  expect(liveText({ ...facts, progress }, 80, plain)).toContain(text);
});

test('it never breaks into a second line', () => {
  for (const columns of [1, 2, 3, 10, 20]) {
    expect([...liveText({ ...facts, total: 4 }, columns, plain)].length).toBeLessThanOrEqual(Math.max(2, columns));
  }
});

test('it moves', () => {
  const first = liveText({ ...facts, elapsedMs: 0 }, 80, plain)[0];
  expect(liveText({ ...facts, elapsedMs: 100 }, 80, plain)[0]).not.toBe(first);
});
