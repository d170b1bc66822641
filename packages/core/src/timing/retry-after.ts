import type { AnswerHeaders } from '../contract/provider.ts';

/**
 * How long an answer says to wait, in ms from `now` (Unix time, ms): by `retry-after-ms`, which some services send, else by
 * `Retry-After` in seconds or as an HTTP date. `undefined` if neither says.
 */
export function retryAfter(headers: AnswerHeaders, now: number): number | undefined {
  const exact = headers.get('retry-after-ms')?.trim() ?? '';
  if (isNumber.test(exact)) return Number(exact);
  const value = headers.get('retry-after')?.trim();
  if (!value) return undefined;
  const ms = isNumber.test(value) ? Number(value) * 1000 : Date.parse(value) - now;
  return Number.isNaN(ms) ? undefined : Math.max(0, ms);
}

const isNumber = /^\d+(\.\d+)?$/;
