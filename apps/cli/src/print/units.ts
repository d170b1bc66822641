// Numbers as people read them.

import type { Money } from '@anyimage/core';

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

/** `0.06 CNY`, `free`, `price unknown`; empty for no amounts: nothing was made, or nobody counted. */
export function money(amounts: readonly Money[] | Money | null): string {
  if (amounts === null) return 'price unknown';
  const list = 'amount' in amounts ? [amounts] : amounts;
  if (list.length === 0) return '';
  const paid = list.filter(({ amount }) => amount > 0);
  if (paid.length === 0) return 'free';
  return paid.map(({ amount, currency, estimated }) => `${estimated ? 'about ' : ''}${amount} ${currency}`).join(' + ');
}

/** `812 kB`, `3.1 MB`. */
export function fileSize(bytes: number): string {
  if (bytes < 1000) return `${bytes} B`;
  return bytes < 999_500 ? `${Math.round(bytes / 1000)} kB` : `${(bytes / 1e6).toFixed(1)} MB`;
}
