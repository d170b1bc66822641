// How many requests a key may have at a time, and begin in any minute.

import type { GatewayKey } from '../kept/contract.ts';
import { Refusal } from '../wire/envelope.ts';

export interface RequestLimits {
  /** Lets a request in, until the function it resolves to is called. Throws a refusal that says how long to wait. */
  enter(key: GatewayKey): Promise<() => void>;
}

const minuteMs = 60_000;
const row = { status: 429, type: 'rate_limit_error', code: 'rate_limit_exceeded' };

/** Limits of one process. In no minute, wherever it begins, do more requests begin than a key may. `now`: Unix time in ms. */
export function memoryLimits(now: () => number = Date.now): RequestLimits {
  const begun = new Map<string, number[]>();
  const running = new Map<string, number>();

  function begin({ id, name, perMinute }: GatewayKey): void {
    if (perMinute === undefined) return;
    const at = now();
    const recent = (begun.get(id) ?? []).filter((time) => time > at - minuteMs);
    begun.set(id, recent);
    if (recent.length < perMinute) {
      recent.push(at);
      return;
    }
    const seconds = Math.max(1, Math.ceil((recent[recent.length - perMinute]! + minuteMs - at) / 1000));
    throw tooMany(`The key ${name} may begin ${perMinute} requests a minute. Try again in ${seconds} s.`, seconds);
  }

  return {
    async enter(key) {
      const { id, name, concurrency } = key;
      const count = running.get(id) ?? 0;
      if (concurrency !== undefined && count >= concurrency) {
        throw tooMany(`The key ${name} may have ${concurrency} requests at a time. Wait for one of them to end.`, 1);
      }
      begin(key);
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

function tooMany(message: string, seconds: number): Refusal {
  return new Refusal(row, message, { headers: { 'x-should-retry': 'true', 'retry-after': String(seconds) } });
}
