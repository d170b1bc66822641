// Numbers as people read them.

import type { Money, Price } from '@anyimage/core';

/** `0.4 s`, `12 s`, `3 min 5 s`. */
export function duration(ms: number): string {
  const seconds = ms / 1000;
  if (seconds < 9.95) return `${seconds.toFixed(1)} s`;
  const whole = Math.round(seconds);
  if (whole < 60) return `${whole} s`;
  return whole % 60 ? `${Math.floor(whole / 60)} min ${whole % 60} s` : `${whole / 60} min`;
}

/** `5–20 s`. */
export function durationRange([min, max]: readonly [number, number]): string {
  return max < 60_000 && min >= 1000
    ? `${Math.round(min / 1000)}–${Math.round(max / 1000)} s`
    : `${duration(min)} to ${duration(max)}`;
}

/**
 * When something was or will be, as people are told it everywhere, of Unix time in ms: in the time of the place where they are,
 * `2026-11-20 16:04`. Documents that programs read have `isoTime`.
 */
export function timeText(ms: number): string {
  const date = new Date(ms);
  return Number.isNaN(date.getTime()) ? 'unknown' : `${dayText(ms)} ${two(date.getHours())}:${two(date.getMinutes())}`;
}

/** The day of `timeText`: `2026-11-20`. */
export function dayText(ms: number): string {
  const date = new Date(ms);
  if (Number.isNaN(date.getTime())) return 'unknown';
  return `${date.getFullYear()}-${two(date.getMonth() + 1)}-${two(date.getDate())}`;
}

function two(part: number): string {
  return String(part).padStart(2, '0');
}

/** ISO 8601, of Unix time in ms. */
export function isoTime(ms: number): string;
export function isoTime(ms: number | undefined): string | undefined;
export function isoTime(ms: number | undefined): string | undefined {
  return ms === undefined ? undefined : new Date(ms).toISOString();
}

/** The day of a Unix time in ms, UTC, as the dates of tables are: `2026-12-20`. */
export function isoDay(ms: number): `${number}-${number}-${number}` {
  return new Date(ms).toISOString().slice(0, 10) as `${number}-${number}-${number}`;
}

/** `0.06 CNY`, `free`, `price unknown`. Empty for no amounts: nothing was made, or nobody counted. */
export function money(amounts: readonly Money[] | Money | null): string {
  if (amounts === null) return 'price unknown';
  const list = 'amount' in amounts ? [amounts] : amounts;
  if (list.length === 0) return '';
  const paid = list.filter(({ amount }) => amount > 0);
  if (paid.length === 0) return 'free';
  return paid.map(({ amount, currency, estimated }) => `${estimated ? 'about ' : ''}${amount} ${currency}`).join(' + ');
}

/**
 * `free`, `0.06 CNY`, `0.01–0.04 USD`; `~` where sources disagree; `undefined` if no price is known. In one region, per picture
 * unless it says otherwise.
 */
export function priceRange(prices: readonly Price[] | undefined, region: string): string | undefined {
  const here = (prices ?? []).filter(({ when }) => when?.region === undefined || when.region === region);
  const [first] = here;
  if (!first) return undefined;
  const alike = here.filter(({ per, currency }) => per === first.per && currency === first.currency);
  const amounts = alike.map(({ amount }) => amount);
  const [min, max] = [Math.min(...amounts), Math.max(...amounts)];
  const besides = besidesText(first);
  if (max === 0 && !besides) return first.unsure ? 'free ~' : 'free';
  const amount = min === max ? `${min}` : `${min}–${max}`;
  const isFirst = first.per === 'megapixel' && first.further !== undefined;
  const unit = first.per === 'image' || isFirst ? '' : ` per ${first.per}`;
  return `${amount} ${first.currency}${unit}${besides}${alike.some(({ unsure }) => unsure) ? ' ~' : ''}`;
}

/** What is paid besides the amount: ` + 0.015 per further megapixel + 0.008 per picture given`. */
function besidesText({ per, further, inputs }: Price): string {
  const more = per === 'megapixel' && further !== undefined ? ` + ${further} per further megapixel` : '';
  if (!inputs) return more;
  return `${more} + ${inputs.amount} per ${inputs.per === 'image' ? 'picture' : 'megapixel'} given`;
}

/** `812 kB`, `3.1 MB`; `10 MiB` where it is exactly that. Rounded down: a limit that is shown must not be higher than it is. */
export function fileSize(bytes: number): string {
  if (bytes < 1000) return `${bytes} B`;
  if (bytes % 1_048_576 === 0) return `${bytes / 1_048_576} MiB`;
  return bytes < 1e6 ? `${Math.floor(bytes / 1000)} kB` : `${(Math.floor(bytes / 1e5) / 10).toFixed(1)} MB`;
}
