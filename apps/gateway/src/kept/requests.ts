// How many requests a key has at a time, and began in the last minute, in one process.

import type { GatewayKey, RequestLimits } from '@anyimage/store-redis/contract';

const minuteMs = 60_000;

/** Limits of one process. In no minute, wherever it begins, do more requests begin than a key may. */
export function memoryRequests(): RequestLimits {
  const begun = new Map<string, number[]>();
  const running = new Map<string, number>();

  /** How long it may not begin another, ms; 0 = it does. */
  function begin({ id, perMinute }: GatewayKey, at: number): number {
    if (perMinute === undefined) return 0;
    const recent = (begun.get(id) ?? []).filter((time) => time > at - minuteMs);
    begun.set(id, recent);
    if (recent.length >= perMinute) return recent[recent.length - perMinute]! + minuteMs - at;
    recent.push(at);
    return 0;
  }

  return {
    async enter(key, at) {
      const { id, concurrency } = key;
      const count = running.get(id) ?? 0;
      if (concurrency !== undefined && count >= concurrency) return { limit: 'concurrency', wait: 1000 };
      const wait = begin(key, at);
      if (wait > 0) return { limit: 'perMinute', wait };
      running.set(id, count + 1);
      let isIn = true;
      return () => {
        if (!isIn) return;
        isIn = false;
        const left = running.get(id)! - 1;
        if (left > 0) running.set(id, left);
        else running.delete(id);
      };
    },
  };
}
