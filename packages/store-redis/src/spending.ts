// What is spent, in Redis: amounts by period for the budgets, and by day, key and model for the records.

import { type Amounts, newEntry, type SpendingStore, type SpentSums, type UsageRow } from './contract.ts';
import { clockLua, goneMs, holdersKey, type Session, surelyGoneMs } from './session.ts';

const version = 'spent-version';
const reservations = 'reservations';
const days = 'days';
/** The entry of an intent and a model. */
const entries = 'reserved';

/** Adds to the sums of a period, of all and of a key; and to the row of a day. Budgets decide anew after each. */
const spendLua = `
local function spend(prefix, day, key, model, currency, amount)
  if amount == 0 then return end
  for _, period in ipairs({day, string.sub(day, 1, 7)}) do
    for _, whose in ipairs({'', ':' .. key}) do
      local sums = prefix .. ':spent:' .. period .. whose
      redis.call('HINCRBY', sums, currency, amount)
      redis.call('EXPIRE', sums, 8640000)
    end
  end
  local row = cjson.encode({key, model, currency})
  redis.call('ZADD', prefix .. ':days', 0, day)
  redis.call('ZADD', prefix .. ':rows:' .. day, 0, row)
  redis.call('HINCRBY', prefix .. ':usage:' .. day, row .. 'amount', amount)
  if amount > 0 then redis.call('INCR', prefix .. ':spent-version') end
end
`;

/** Whose sums there are, with the version that they are of. */
const sums = `return {redis.call('GET', KEYS[1]) or '0', redis.call('HGETALL', KEYS[2]), redis.call('HGETALL', KEYS[3]), redis.call('HGETALL', KEYS[4]), redis.call('HGETALL', KEYS[5])}`;

/**
 * Gives the entry: of the same intent and model, that of a process that is gone, for what it stands for is sent once. Nothing = others
 * spent since the sums were read.
 */
const reserve = `${clockLua}${spendLua}
if redis.call('HEXISTS', KEYS[2], ARGV[2]) == 1 then return ARGV[2] end
if ARGV[1] ~= '' and (redis.call('GET', KEYS[1]) or '0') ~= ARGV[1] then return '' end
local old = redis.call('HGET', KEYS[3], ARGV[10])
local text = old and redis.call('HGET', KEYS[2], old)
local was = text and cjson.decode(text)
if was and not lives(KEYS[4], was.holder, tonumber(ARGV[11])) then
  spend(ARGV[4], was.day, was.key, was.model, was.currency, -was.amount)
  redis.call('HDEL', KEYS[2], old)
end
redis.call('HSET', KEYS[2], ARGV[2], ARGV[3])
redis.call('HSET', KEYS[3], ARGV[10], ARGV[2])
spend(ARGV[4], ARGV[5], ARGV[6], ARGV[7], ARGV[8], tonumber(ARGV[9]))
return ARGV[2]
`;

const settle = `${spendLua}
local text = redis.call('HGET', KEYS[1], ARGV[1])
if not text then return 0 end
local was = cjson.decode(text)
spend(ARGV[2], was.day, was.key, was.model, was.currency, tonumber(ARGV[3]) - was.amount)
for index = 4, #ARGV, 2 do spend(ARGV[2], was.day, was.key, was.model, ARGV[index], tonumber(ARGV[index + 1])) end
redis.call('HDEL', KEYS[1], ARGV[1])
local place = was.intent .. ' ' .. was.model
if redis.call('HGET', KEYS[2], place) == ARGV[1] then redis.call('HDEL', KEYS[2], place) end
return 1
`;

/** Beside the amounts, where there are any. */
const count = `
local prefix, day = ARGV[1], ARGV[2]
local start = string.sub(cjson.encode({ARGV[3], ARGV[4]}), 1, -2) .. ','
local known = redis.call('ZRANGEBYLEX', prefix .. ':rows:' .. day, '[' .. start, '[' .. start .. '\\255', 'LIMIT', 0, 1)
local row = known[1] or cjson.encode({ARGV[3], ARGV[4], ''})
redis.call('ZADD', prefix .. ':days', 0, day)
redis.call('ZADD', prefix .. ':rows:' .. day, 0, row)
redis.call('HINCRBY', prefix .. ':usage:' .. day, row .. 'requests', 1)
redis.call('HINCRBY', prefix .. ':usage:' .. day, row .. 'pictures', ARGV[5])
redis.call('HINCRBY', prefix .. ':usage:' .. day, row .. 'failed', ARGV[6])
return 1
`;

const usage = `
local found = {}
for _, day in ipairs(redis.call('ZRANGEBYLEX', KEYS[1], '[' .. ARGV[2], '[' .. ARGV[3])) do
  for _, row in ipairs(redis.call('ZRANGE', ARGV[1] .. ':rows:' .. day, 0, -1)) do
    local counts = redis.call('HMGET', ARGV[1] .. ':usage:' .. day, row .. 'requests', row .. 'pictures', row .. 'failed', row .. 'amount')
    table.insert(found, {day, row, unpack(counts)})
  end
end
return found
`;

const open = `${clockLua}
local found = {}
local all = redis.call('HGETALL', KEYS[1])
for index = 1, #all, 2 do
  local holder = cjson.decode(all[index + 1]).holder
  table.insert(found, {all[index], all[index + 1], lives(KEYS[2], holder, tonumber(ARGV[1])) and 1 or 0})
end
return found
`;

export function redisSpending(session: Session): SpendingStore {
  const { prefix, holder } = session;
  /** Those of one process come one after the other: they need not overtake each other. */
  let turn: Promise<unknown> = Promise.resolve();

  async function sumsNow(key: string, at: number) {
    const day = dayOf(at);
    const month = day.slice(0, 7);
    const periods = [`${day}:${key}`, `${month}:${key}`, day, month].map((period) => `spent:${period}`);
    const call = { action: 'read what was spent from', keys: [version, ...periods] };
    const [read, ...found] = (await session.run(sums, call)) as [string, ...(readonly string[])[]];
    const [ownDay, ownMonth, allDay, allMonth] = found.map(amountsIn) as [Amounts, Amounts, Amounts, Amounts];
    const told: SpentSums = { key: { day: ownDay, month: ownMonth }, all: { day: allDay, month: allMonth } };
    return { read, told };
  }

  async function inTurn<T>(work: () => Promise<T>): Promise<T> {
    const next = turn.then(work);
    turn = next.catch(() => {});
    return next;
  }

  return {
    async reserve(spending, decide) {
      const { intent, key, model, amount, currency, at } = spending;
      const entry = newEntry();
      const day = dayOf(at);
      const note = (read: string) => {
        const facts = JSON.stringify({ ...spending, day, holder });
        const place = `${intent} ${model}`;
        const values = [read, entry, facts, prefix, day, key, model, currency, amount, place, goneMs];
        const keys = [version, reservations, entries, holdersKey];
        return session.run(reserve, { action: 'note what is spent in', keys, values });
      };
      if (!decide) {
        await note('');
        return entry;
      }
      return inTurn(async () => {
        for (;;) {
          const { read, told } = await sumsNow(key, at);
          decide(told);
          if ((await note(read)) !== '') return entry;
        }
      });
    },
    async settle(entry, amount, more = []) {
      const values = [entry, prefix, amount, ...more.flatMap((one) => [one.currency, one.amount])];
      await session.run(settle, {
        action: 'note what was spent in',
        keys: [reservations, entries],
        values,
        isLate: true,
      });
    },
    sums: async (key, at) => (await sumsNow(key, at)).told,
    async count({ key, model, pictures, failed, at }) {
      const values = [prefix, dayOf(at), key, model, pictures, failed];
      await session.run(count, { action: 'count a request in', keys: [days], values, isLate: true });
    },
    async usage({ key, from = '', to = '9999' }) {
      const call = { action: 'read the usage from', keys: [days], values: [prefix, from, to] };
      const rows = ((await session.run(usage, call)) as readonly Counts[]).map(usageIn);
      return rows.filter((row) => key === undefined || row.key === key).toSorted(byPlace);
    },
    async open() {
      const call = { action: 'look for reservations in', keys: [reservations, holdersKey], values: [surelyGoneMs] };
      const found = (await session.run(open, call)) as readonly [string, string, number][];
      return found.map(([entry, text, isHeld]) => {
        const { intent, key, model, amount, currency, at } = JSON.parse(text);
        return { entry: Number(entry), intent, key, model, amount, currency, at, isHeld: isHeld === 1 };
      });
    },
  };
}

type Counts = readonly [day: string, row: string, ...(string | null)[]];

function usageIn([day, row, ...counts]: Counts): UsageRow {
  const [key, model, currency] = JSON.parse(row) as [string, string, string];
  const [requests, pictures, failed, amount] = counts.map(Number) as [number, number, number, number];
  return { day, key, model, requests, pictures, failed, amount, currency };
}

function byPlace(a: UsageRow, b: UsageRow): number {
  const [one, other] = [a, b].map(({ day, key, model, currency }) => [day, key, model, currency]);
  const place = one!.findIndex((word, index) => word !== other![index]);
  return place === -1 ? 0 : one![place]! < other![place]! ? -1 : 1;
}

function amountsIn(pairs: readonly string[]): Amounts {
  const amounts = new Map<string, number>();
  for (let index = 0; index < pairs.length; index += 2) {
    const amount = Number(pairs[index + 1]);
    if (amount !== 0) amounts.set(pairs[index]!, amount);
  }
  return amounts;
}

/** UTC. */
function dayOf(at: number): string {
  return new Date(at).toISOString().slice(0, 10);
}
