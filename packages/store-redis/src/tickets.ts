// Tickets in Redis: each is made once, and held by a process that lives.

import { pageOf, type Ticket, type TicketPage } from '@anyimage/core';
import type { KeptTickets } from './contract.ts';
import { keyOf } from './intents.ts';
import { clockLua, goneMs, holdersKey, type Session } from './session.ts';

const ticketKey = (id: string) => `ticket:${id}`;
const index = 'tickets';

/** A ticket is a hash: its JSON, who holds it (`HOLDER NONCE`), and whether nobody knows if it was sent. */
const write = `
local function write(ticket, index, json, at, id, expires)
  redis.call('HSET', ticket, 'json', json)
  redis.call('HDEL', ticket, 'uncertain')
  redis.call('ZADD', index, at, id)
  if expires ~= '' then redis.call('PEXPIREAT', ticket, expires) else redis.call('PERSIST', ticket) end
end
local function holderOf(hold) return hold and string.match(hold, '^%S+') end
`;

const create = `${write}
if redis.call('EXISTS', KEYS[1]) == 1 then return redis.call('HGET', KEYS[1], 'hold') == ARGV[5] and 1 or 0 end
if KEYS[3] and redis.call('HEXISTS', KEYS[3], 'answer') == 1 then return 0 end
write(KEYS[1], KEYS[2], ARGV[1], ARGV[2], ARGV[3], ARGV[4])
if redis.call('EXISTS', KEYS[1]) == 1 then redis.call('HSET', KEYS[1], 'hold', ARGV[5]) end
return 1
`;

const put = `${write}
write(KEYS[1], KEYS[2], ARGV[1], ARGV[2], ARGV[3], ARGV[4])
return 1
`;

const remove = `
redis.call('DEL', KEYS[1])
redis.call('ZREM', KEYS[2], ARGV[1])
return 1
`;

const unmake = `
if redis.call('HGET', KEYS[1], 'hold') ~= ARGV[2] then return 0 end
redis.call('DEL', KEYS[1])
redis.call('ZREM', KEYS[2], ARGV[1])
return 1
`;

/** Whoever holds it with the same nonce asks again, because the answer was lost. */
const claim = `${clockLua}${write}
if redis.call('EXISTS', KEYS[1]) == 0 then return 0 end
local hold = redis.call('HGET', KEYS[1], 'hold')
if hold == ARGV[1] then return 1 end
if hold and lives(KEYS[2], holderOf(hold), tonumber(ARGV[2])) then return 0 end
redis.call('HSET', KEYS[1], 'hold', ARGV[1], 'uncertain', '1')
return 1
`;

const release = `${write}
if holderOf(redis.call('HGET', KEYS[1], 'hold')) ~= ARGV[1] then return 0 end
redis.call('HDEL', KEYS[1], 'hold')
redis.call('HSET', KEYS[1], 'uncertain', '1')
return 1
`;

const shownLua = `${clockLua}
local function shown(ticket, holders, ms)
  local json, hold, uncertain = unpack(redis.call('HMGET', ticket, 'json', 'hold', 'uncertain'))
  if not json then return false end
  local holder = hold and string.match(hold, '^%S+')
  local isLeft = uncertain or not holder or not lives(holders, holder, ms)
  return {json, isLeft and 1 or 0}
end
`;

const get = `${shownLua}
return shown(KEYS[1], KEYS[2], tonumber(ARGV[1]))
`;

/** Those from a moment on, so many; marks that are over go. */
const list = `${shownLua}
local found = {}
local ids = redis.call('ZRANGEBYSCORE', KEYS[1], ARGV[3], '+inf', 'LIMIT', ARGV[4], ARGV[5])
for _, id in ipairs(ids) do
  local one = shown(ARGV[1] .. id, KEYS[2], tonumber(ARGV[2]))
  if one then table.insert(found, one) else table.insert(found, id) end
end
return found
`;

const forgetOver = `
if redis.call('EXISTS', KEYS[2]) == 0 then redis.call('ZREM', KEYS[1], ARGV[1]) end
return 1
`;

/** So many at a time, so that the server answers others between them. */
const slice = 500;

type Shown = readonly [json: string, isLeft: number];

export function redisTickets(session: Session): KeptTickets {
  const { holder, prefix } = session;
  let nonces = 0;
  const nonce = () => `${holder} ${++nonces}`;
  const action = (id: string) => `keep ticket ${id} in`;
  const factsOf = (ticket: Ticket) => {
    const expires = ticket.state === 'done' && ticket.expiresAt !== undefined ? Math.ceil(ticket.expiresAt) : '';
    return [JSON.stringify(ticket), ticket.at, ticket.id, expires];
  };

  async function make(ticket: Ticket, intent?: string): Promise<boolean> {
    const keys = [ticketKey(ticket.id), index, ...(intent === undefined ? [] : [keyOf(intent)])];
    const hold = nonce();
    const call = { action: action(ticket.id), keys, values: [...factsOf(ticket), hold] };
    try {
      return (await session.run(create, call)) === 1;
    } catch (error) {
      // It may have been made all the same: nothing is sent for it.
      void session.run(unmake, { ...call, values: [ticket.id, hold], isLate: true }).catch(() => {});
      throw error;
    }
  }

  async function forget(id: string): Promise<void> {
    await session.run(forgetOver, { action: 'tidy up', keys: [index, ticketKey(id)], values: [id] });
  }

  return {
    create: (ticket) => make(ticket),
    createFor: (intent, ticket) => make(ticket, intent),
    async put(ticket) {
      const call = { action: action(ticket.id), keys: [ticketKey(ticket.id), index], values: factsOf(ticket) };
      await session.run(put, { ...call, isLate: true });
    },
    async get(id) {
      const call = { action: 'look for a ticket in', keys: [ticketKey(id), holdersKey], values: [goneMs] };
      return ticketIn(await session.run(get, call));
    },
    async list(page: TicketPage = {}) {
      const { after, limit = Number.POSITIVE_INFINITY } = page;
      const seen = new Map<string, Ticket>();
      let from: number | string = after?.at ?? '-inf';
      for (let offset = 0; ; ) {
        const values = [`${prefix}:ticket:`, goneMs, from, offset, slice];
        const call = { action: 'look for tickets in', keys: [index, holdersKey], values };
        const found = (await session.run(list, call)) as readonly unknown[];
        const before = seen.size;
        for (const one of found) {
          if (typeof one === 'string') await forget(one);
          const ticket = ticketIn(one);
          if (ticket) seen.set(ticket.id, ticket);
          from = ticket?.at ?? from;
        }
        const tickets = pageOf([...seen.values()], page);
        if (found.length < slice || tickets.length >= limit) return tickets;
        // More of one moment than fit at a time.
        offset = seen.size === before ? offset + slice : 0;
      }
    },
    async delete(id) {
      const call = { action: `delete ticket ${id} in`, keys: [ticketKey(id), index], values: [id], isLate: true };
      await session.run(remove, call);
    },
    async claim(id) {
      const call = { action: `claim ticket ${id} in`, keys: [ticketKey(id), holdersKey], values: [nonce(), goneMs] };
      return (await session.run(claim, call)) === 1;
    },
    async release(id) {
      const call = { action: `let go of ticket ${id} in`, keys: [ticketKey(id)], values: [holder], isLate: true };
      await session.run(release, call).catch(() => {});
    },
  };
}

/** Of what was to be sent, its maker knows alone whether it was. */
function ticketIn(shown: unknown): Ticket | undefined {
  if (!Array.isArray(shown)) return undefined;
  const [json, isLeft] = shown as unknown as Shown;
  const ticket = JSON.parse(json) as Ticket;
  return isLeft === 1 && ticket.state === 'intended' ? { ...ticket, uncertain: true } : ticket;
}
