import fc from 'fast-check';
import { expect, test } from 'vitest';
import { timeSpan } from './time-span.ts';

const now = new Date(2026, 2, 10, 15, 30).getTime();
const local = (...parts: [number, number, ...number[]]) => new Date(...parts).getTime();

test.each([
  ['today', local(2026, 2, 10), local(2026, 2, 11)],
  ['Yesterday', local(2026, 2, 9), local(2026, 2, 10)],
  ['2026-02-28', local(2026, 1, 28), local(2026, 2, 1)],
  ['2026-2-3', local(2026, 1, 3), local(2026, 1, 4)],
  ['2026-02', local(2026, 1), local(2026, 2)],
  ['2025', local(2025, 0), local(2026, 0)],
  ['2026-03-01T16:04', local(2026, 2, 1, 16, 4), local(2026, 2, 1, 16, 4)],
  ['2026-03-01 16:04:05', local(2026, 2, 1, 16, 4, 5), local(2026, 2, 1, 16, 4, 5)],
  ['12h', now - 12 * 3_600_000, now - 12 * 3_600_000],
  ['2w', now - 14 * 86_400_000, now - 14 * 86_400_000],
])('%s', (text, from, to) => {
  expect(timeSpan(text, now)).toEqual({ from, to });
});

test.each([
  '',
  'last week',
  '2026-02-30',
  '2026-13',
  '2026-00-10',
  '26-01-01',
  '1969',
  '2026-01-01T25:00',
  '7',
  '7y',
  '-1d',
  'NaN',
])('%j is no time', (text) => expect(() => timeSpan(text, now)).toThrow(/2026-11-20/));

test('each day of the calendar ends where the next begins', () => {
  const day = fc.date({ min: new Date(1971, 0), max: new Date(2200, 0), noInvalidDate: true });
  const text = (date: Date) => `${date.getFullYear()}-${date.getMonth() + 1}-${date.getDate()}`;
  fc.assert(
    fc.property(day, (date) => {
      const next = new Date(date.getFullYear(), date.getMonth(), date.getDate() + 1);
      const span = timeSpan(text(date), now);
      expect(span.to).toBe(timeSpan(text(next), now).from);
      expect(span.from <= date.getTime() && date.getTime() < span.to).toBe(true);
    }),
  );
});
