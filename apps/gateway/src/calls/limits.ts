// Whether a key may have one more request now.

import type { GatewayKey, RequestLimits } from '@anyimage/store-redis/contract';
import { Refusal } from '../wire/envelope.ts';

const row = { status: 429, type: 'rate_limit_error', code: 'rate_limit_exceeded' };

/** Lets a request in, until the function it resolves to is called. Throws a refusal that says how long to wait. */
export async function enter(limits: RequestLimits, key: GatewayKey, at: number): Promise<() => void> {
  const entered = await limits.enter(key, at);
  if (typeof entered === 'function') return entered;
  const { name, perMinute, concurrency } = key;
  const seconds = Math.max(1, Math.ceil(entered.wait / 1000));
  throw tooMany(
    entered.limit === 'concurrency'
      ? `The key ${name} may have ${concurrency} requests at a time. Wait for one of them to end.`
      : `The key ${name} may begin ${perMinute} requests a minute. Try again in ${seconds} s.`,
    seconds,
  );
}

function tooMany(message: string, seconds: number): Refusal {
  return new Refusal(row, message, { headers: { 'x-should-retry': 'true', 'retry-after': String(seconds) } });
}
