// How many requests a key may have at a time, and begin in any minute, over all processes. A list of the last beginnings is exact in
// every minute, wherever it begins; counts by a rate (GCRA) let in up to twice as many after a pause, or none at once.

import type { Excess, RequestLimits } from './contract.ts';
import { clockLua, goneMs, holdersKey, type Session } from './session.ts';

/** What of the places is held by processes that live. */
export const placesLua = `
local function taken(places, holders, ms)
  local all = redis.call('SMEMBERS', places)
  local count = 0
  for _, place in ipairs(all) do
    if lives(holders, string.match(place, '^%S+'), ms) then count = count + 1 else redis.call('SREM', places, place) end
  end
  return count
end
`;

/**
 * KEYS: places, beginnings, holders. ARGV: place, at a time, in a minute (empty = any number), the time, how long a silent process may
 * live. Tells what stands in the way, and for how long.
 */
const enter = `${clockLua}${placesLua}
local place, most, perMinute, at = ARGV[1], tonumber(ARGV[2]), tonumber(ARGV[3]), tonumber(ARGV[4])
if redis.call('SISMEMBER', KEYS[1], place) == 1 then return {'', 0} end
if most and redis.call('SCARD', KEYS[1]) >= most and taken(KEYS[1], KEYS[3], tonumber(ARGV[5])) >= most then return {'concurrency', 1000} end
if perMinute then
  local first = redis.call('LINDEX', KEYS[2], perMinute - 1)
  if first and tonumber(first) > at - 60000 then return {'perMinute', math.ceil(tonumber(first) + 60000 - at)} end
  redis.call('LPUSH', KEYS[2], ARGV[4])
  redis.call('LTRIM', KEYS[2], 0, perMinute - 1)
  redis.call('PEXPIRE', KEYS[2], 61000)
end
redis.call('SADD', KEYS[1], place)
return {'', 0}
`;

const leave = `return redis.call('SREM', KEYS[1], ARGV[1])`;

export function redisRequests(session: Session): RequestLimits {
  let count = 0;
  return {
    async enter({ id, perMinute = '', concurrency = '' }, at) {
      if (perMinute === '' && concurrency === '') return () => {};
      const place = `${session.holder} ${++count}`;
      const places = `places:${id}`;
      const keys = [places, `begun:${id}`, holdersKey];
      const values = [place, concurrency, perMinute, at, goneMs];
      const told = await session.run(enter, { action: 'count a request in', keys, values });
      const [limit, wait] = told as ['' | Excess['limit'], number];
      if (limit !== '') return { limit, wait };
      return () => {
        const call = { action: 'count a request in', keys: [places], values: [place], isLate: true };
        void session.run(leave, call).catch(() => {});
      };
    },
  };
}
