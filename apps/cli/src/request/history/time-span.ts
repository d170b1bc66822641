// Days and times as people type them.

import { InvalidArgumentError } from 'commander';

/** From a time to another, which is not of it any more. Unix time, ms. */
export interface TimeSpan {
  readonly from: number;
  readonly to: number;
}

const hourMs = 3_600_000;
const agoMs: Readonly<Record<string, number>> = { h: hourMs, d: 24 * hourMs, w: 7 * 24 * hourMs };

/**
 * The time that a text means, on this machine's clock: `2026-11-20`, `2026-11`, `2026`, `2026-11-20T16:04`, `today`, `yesterday`, or so
 * long ago as `12h`, `7d`, `2w`. Throws for what is none. `now`: Unix time, ms.
 */
export function timeSpan(text: string, now = Date.now()): TimeSpan {
  const said = text.trim().toLowerCase();
  const span = byName(said, now) ?? ago(said, now) ?? onCalendar(said);
  if (span) return span;
  throw new InvalidArgumentError(
    'Write a day such as 2026-11-20, a month such as 2026-11, today, yesterday, 7d or 12h.',
  );
}

function byName(said: string, now: number): TimeSpan | undefined {
  const back = said === 'today' ? 0 : said === 'yesterday' ? 1 : undefined;
  if (back === undefined) return undefined;
  const start = new Date(now).setHours(0, 0, 0, 0);
  const day = (ahead: number) => new Date(start).setDate(new Date(start).getDate() + ahead);
  return { from: day(-back), to: day(1 - back) };
}

function ago(said: string, now: number): TimeSpan | undefined {
  const [, count, unit] = /^(\d{1,5})\s*([hdw])$/.exec(said) ?? [];
  const at = unit === undefined ? undefined : now - Number(count) * agoMs[unit]!;
  return at === undefined ? undefined : { from: at, to: at };
}

function onCalendar(said: string): TimeSpan | undefined {
  const [, year, month, day, hour, minute, second = '0'] =
    /^(\d{4})(?:-(\d{1,2})(?:-(\d{1,2})(?:[t ](\d{1,2}):(\d{2})(?::(\d{2}))?)?)?)?$/.exec(said) ?? [];
  if (year === undefined) return undefined;
  const parts = [month ?? '1', day ?? '1', hour ?? '0', minute ?? '0'].map(Number);
  const [m = 1, d = 1, h = 0, min = 0] = parts;
  const date = new Date(Number(year), m - 1, d, h, min, Number(second));
  const isReal = date.getMonth() === m - 1 && date.getDate() === d && h < 24 && min < 60 && Number(second) < 60;
  if (!isReal || Number(year) < 1970) return undefined;
  if (hour !== undefined) return { from: date.getTime(), to: date.getTime() };
  if (day !== undefined) return from(Number(year), m - 1, d, 1);
  const months = month === undefined ? 12 : 1;
  return { from: date.getTime(), to: new Date(Number(year), m - 1 + months, 1).getTime() };
}

/** Days of the calendar: one may have 23 hours, or 25. */
function from(year: number, month: number, day: number, days: number): TimeSpan {
  return { from: new Date(year, month, day).getTime(), to: new Date(year, month, day + days).getTime() };
}
