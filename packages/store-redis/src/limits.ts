// What accounts of services are doing, for all processes together.

import {
  type AccountRate,
  type Clock,
  ImageError,
  type Limiter,
  type LimitStore,
  systemClock,
  tooLate,
} from '@anyimage/core';
import { placesLua } from './requests.ts';
import { clockLua, goneMs, holdersKey, type Session } from './session.ts';

export interface RedisLimitOptions {
  /** Default the server's, so that clocks of several machines need not agree. */
  readonly clock?: Clock;
}

/** How often it is looked whether a place is free, ms. */
const lookMs = 100;

/**
 * KEYS: account, places, beginnings, holders. ARGV: place, calls at a time, in a second, in a minute, the time (empty = the server's), how
 * long a silent process may live. Takes a place, or tells how long to wait, and whether for sure so long.
 */
const enter = `${clockLua}${placesLua}
local place, concurrent = ARGV[1], tonumber(ARGV[2])
local at = tonumber(ARGV[5]) or now
if redis.call('SISMEMBER', KEYS[2], place) == 1 then return {0, 0} end
local allowed, pausedUntil = unpack(redis.call('HMGET', KEYS[1], 'allowed', 'pausedUntil'))
local wait = (tonumber(pausedUntil) or 0) - at
local longest = 0
for index, window in ipairs({1000, 60000}) do
  local most = tonumber(ARGV[2 + index])
  if most then
    longest = math.max(longest, most)
    local first = redis.call('LINDEX', KEYS[3], most - 1)
    if first then wait = math.max(wait, tonumber(first) + window - at) end
  end
end
if wait > 0 then return {math.ceil(wait), 1} end
local most = math.min(tonumber(allowed) or concurrent, concurrent)
if redis.call('SCARD', KEYS[2]) >= most and taken(KEYS[2], KEYS[4], tonumber(ARGV[6])) >= most then return {-1, 0} end
if longest > 0 then
  redis.call('LPUSH', KEYS[3], at)
  redis.call('LTRIM', KEYS[3], 0, longest - 1)
  redis.call('PEXPIRE', KEYS[3], 61000)
end
redis.call('SADD', KEYS[2], place)
return {0, 0}
`;

/** KEYS: account, places. ARGV: place, calls at a time, how it ended, until when nobody begins. So many that went well let one more run. */
const leave = `
if redis.call('SREM', KEYS[2], ARGV[1]) == 0 then return 0 end
local concurrent, how = tonumber(ARGV[2]), ARGV[3]
local known, successes, pausedUntil = unpack(redis.call('HMGET', KEYS[1], 'allowed', 'successes', 'pausedUntil'))
local allowed = math.min(tonumber(known) or concurrent, concurrent)
if how == 'limited' then
  local paused = math.max(tonumber(pausedUntil) or 0, tonumber(ARGV[4]))
  redis.call('HSET', KEYS[1], 'allowed', math.max(1, math.floor(allowed / 2)), 'successes', 0, 'pausedUntil', paused)
elseif how == 'well' and allowed < concurrent then
  if (tonumber(successes) or 0) + 1 >= 10 then redis.call('HSET', KEYS[1], 'allowed', allowed + 1, 'successes', 0)
  else redis.call('HINCRBY', KEYS[1], 'successes', 1) end
end
redis.call('EXPIRE', KEYS[1], 86400)
return 1
`;

export function redisLimits(session: Session, { clock }: RedisLimitOptions = {}): LimitStore {
  let count = 0;
  return {
    for: (account, rate) => limiterOf(session, account, rate, { clock, place: () => `${session.holder} ${++count}` }),
  };
}

interface Places {
  readonly clock: Clock | undefined;
  readonly place: () => string;
}

function limiterOf(session: Session, account: string, rate: AccountRate, { clock, place }: Places): Limiter {
  const { now, sleep } = clock ?? systemClock;
  const [state, places, begun] = ['account', 'account-places', 'account-begun'].map((name) => `${name}:${account}`);
  const action = 'use the limits in';

  async function wait(own: string, signal: AbortSignal, deadline: number): Promise<void> {
    for (;;) {
      signal.throwIfAborted();
      const { concurrent, perSecond = '', perMinute = '' } = rate;
      const values = [own, concurrent, perSecond, perMinute, clock ? now() : '', goneMs];
      const keys = [state!, places!, begun!, holdersKey];
      const [ms, isCertain] = (await session.run(enter, { action, keys, values })) as [number, number];
      if (ms === 0) return;
      if (isCertain === 1 && now() + ms >= deadline) throw tooLate(ms);
      await sleep(ms > 0 ? ms : lookMs, signal);
    }
  }

  async function end(own: string, failure: unknown): Promise<void> {
    const isLimited = ImageError.isInstance(failure) && failure.code === 'rate-limit';
    const how = isLimited ? 'limited' : failure === undefined ? 'well' : 'failed';
    const pausedUntil = isLimited ? Math.ceil(now() + (failure.retryAfter ?? 0)) : 0;
    const values = [own, rate.concurrent, how, pausedUntil];
    // What cannot be noted costs nobody the picture: the place is free when the process ends.
    await session.run(leave, { action, keys: [state!, places!], values, isLate: true }).catch(() => {});
  }

  return {
    async run(work, signal, deadline = Number.POSITIVE_INFINITY) {
      const own = place();
      await wait(own, signal, deadline);
      let failure: unknown;
      try {
        return await work();
      } catch (error) {
        failure = error ?? new Error('failed');
        throw error;
      } finally {
        const ended = end(own, failure);
        if (failure === undefined) void ended;
        else await ended;
      }
    },
  };
}
