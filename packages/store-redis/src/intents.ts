// Requests and what became of them, in Redis.

import { doubtMs, type Intent, type IntentStore } from './contract.ts';
import type { Session } from './session.ts';

const ages = 'intents';
const tasks = 'tasks';
const count = 'intents-count';

/** An intent is a hash; its names are those of the contract. `order`: its number, for those of one moment. */
const readLua = `
local function read(intent)
  local found = redis.call('HMGET', intent, 'id', 'key', 'fingerprint', 'at', 'answer', 'task')
  return found[1] and found
end
`;

/**
 * KEYS: intents by age, tasks, count, the new intent, those of its name or fingerprint. ARGV: prefix of intents, id, key, fingerprint, at,
 * tries, task, whether it has a name, since when an answer may not have arrived.
 */
const open = `${readLua}
local prefix, id, tries = ARGV[1], ARGV[2], tonumber(ARGV[6])
local before
if ARGV[8] == '1' then
  local known = redis.call('GET', KEYS[5])
  before = known and redis.call('EXISTS', prefix .. known) == 1 and known
elseif tries > 0 then
  local best
  for _, one in ipairs(redis.call('ZRANGE', KEYS[5], 0, -1)) do
    local at, tried, answeredAt, order = unpack(redis.call('HMGET', prefix .. one, 'at', 'tries', 'answeredAt', 'order'))
    if not at then
      redis.call('ZREM', KEYS[5], one)
    elseif not answeredAt or tonumber(answeredAt) > tonumber(ARGV[9]) then
      local rank = {tonumber(tried) < tries and 1 or 0, answeredAt and 0 or 1, tonumber(at), tonumber(order)}
      local isBetter = not best
      for place = 1, best and 4 or 0 do
        if rank[place] ~= best[place] then
          isBetter = rank[place] > best[place]
          break
        end
      end
      if isBetter then best, before = rank, one end
    end
  end
end
if before then
  if tonumber(redis.call('HGET', prefix .. before, 'tries')) < tries then redis.call('HSET', prefix .. before, 'tries', tries) end
  return {before == id and 1 or 0, read(prefix .. before)}
end
if redis.call('EXISTS', KEYS[4]) == 0 then
  local order = redis.call('INCR', KEYS[3])
  redis.call('HSET', KEYS[4], 'id', id, 'key', ARGV[3], 'fingerprint', ARGV[4], 'at', ARGV[5], 'tries', tries, 'order', order, 'by', KEYS[5])
  redis.call('ZADD', KEYS[1], ARGV[5], id)
  if ARGV[7] ~= '' then
    redis.call('HSET', KEYS[4], 'task', ARGV[7])
    redis.call('ZADD', KEYS[2], ARGV[5], id)
  end
  if ARGV[8] == '1' then redis.call('SET', KEYS[5], id) else redis.call('ZADD', KEYS[5], order, id) end
end
return {1, read(KEYS[4])}
`;

const get = `${readLua}
return read(KEYS[1])
`;

const answer = `
if redis.call('EXISTS', KEYS[1]) == 0 then return 0 end
if ARGV[4] == '0' and redis.call('HEXISTS', KEYS[1], 'answer') == 1 then return 0 end
redis.call('HSET', KEYS[1], 'answer', ARGV[1], 'answeredAt', ARGV[2])
redis.call('ZREM', KEYS[2], ARGV[3])
return 1
`;

/** A further try never finds it by its fingerprint again. */
const arrived = `
local by = redis.call('HGET', KEYS[1], 'by')
if by and redis.call('TYPE', by).ok == 'zset' then redis.call('ZREM', by, ARGV[1]) end
return 1
`;

const openTasks = `${readLua}
local found = {}
for _, id in ipairs(redis.call('ZRANGE', KEYS[1], 0, -1)) do
  local one = read(ARGV[1] .. id)
  if one then table.insert(found, one) end
end
return found
`;

/** Tells how many were looked at, and how many of them stay. */
const forget = `
local ids = redis.call('ZRANGEBYSCORE', KEYS[1], '-inf', '(' .. ARGV[2], 'LIMIT', ARGV[3], ARGV[4])
local kept = 0
for _, id in ipairs(ids) do
  local intent = ARGV[1] .. id
  local task, answer, by = unpack(redis.call('HMGET', intent, 'task', 'answer', 'by'))
  if task and not answer then
    kept = kept + 1
  else
    if by and redis.call('TYPE', by).ok == 'zset' then redis.call('ZREM', by, id)
    elseif by and redis.call('GET', by) == id then redis.call('DEL', by) end
    redis.call('DEL', intent)
    redis.call('ZREM', KEYS[1], id)
  end
end
return {#ids, kept}
`;

const slice = 500;

/** Where an intent is. */
export const keyOf = (id: string): string => `intent:${id}`;

export function redisIntents(session: Session): IntentStore {
  const { prefix } = session;
  const start = `${prefix}:intent:`;
  return {
    async open({ id, key, name, fingerprint, at, tries, task = '' }) {
      const by = name === undefined ? `prints:${key}:${fingerprint}` : `name:${key}:${name}`;
      const keys = [ages, tasks, count, keyOf(id), by];
      const hasName = name === undefined ? 0 : 1;
      const values = [start, id, key, fingerprint, at, tries, task, hasName, at - doubtMs];
      const found = await session.run(open, { action: 'note a request in', keys, values });
      const [isNew, facts] = found as [number, Facts];
      return { ...intentOf(facts), isNew: isNew === 1 };
    },
    async get(id) {
      const facts = await session.run(get, { action: 'look for a request in', keys: [keyOf(id)] });
      return Array.isArray(facts) ? intentOf(facts as unknown as Facts) : undefined;
    },
    async answer(id, text, at, isMade) {
      const values = [text, at, id, isMade ? 1 : 0];
      await session.run(answer, { action: 'keep an answer in', keys: [keyOf(id), tasks], values, isLate: true });
    },
    async arrived(id) {
      await session.run(arrived, { action: 'note an answer in', keys: [keyOf(id)], values: [id] });
    },
    async openTasks() {
      const found = await session.run(openTasks, { action: 'look for tasks in', keys: [tasks], values: [start] });
      return (found as readonly Facts[]).map(intentOf);
    },
    async forget(before) {
      for (let from = 0; ; ) {
        const call = { action: 'tidy up', keys: [ages], values: [start, before, from, slice] };
        const [seen, stay] = (await session.run(forget, call)) as [number, number];
        from += stay;
        if (seen < slice) return;
      }
    },
  };
}

type Facts = readonly [
  id: string,
  key: string,
  fingerprint: string,
  at: string,
  answer: string | null,
  task: string | null,
];

function intentOf([id, key, fingerprint, at, answer, task]: Facts): Intent {
  return {
    id,
    key,
    fingerprint,
    at: Number(at),
    ...(answer !== null && { answer }),
    ...(task !== null && { task }),
  };
}
