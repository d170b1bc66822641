// Keys of a gateway in Redis.

import type { GatewayKey, KeyStore } from './contract.ts';
import type { Session } from './session.ts';

const facts = 'keys';
const hashes = 'key-hashes';

const add = `
redis.call('HSET', KEYS[1], ARGV[1], ARGV[2])
redis.call('HSET', KEYS[2], ARGV[3], ARGV[1])
return 1
`;

const find = `
local id = redis.call('HGET', KEYS[2], ARGV[1])
return id and redis.call('HGET', KEYS[1], id)
`;

const get = `return redis.call('HGET', KEYS[1], ARGV[1])`;

const all = `return redis.call('HVALS', KEYS[1])`;

/** Only what was seen is replaced. */
const replace = `
if redis.call('HGET', KEYS[1], ARGV[1]) ~= ARGV[2] then return 0 end
redis.call('HSET', KEYS[1], ARGV[1], ARGV[3])
return 1
`;

export function redisKeys(session: Session): KeyStore {
  const action = 'look for a key in';
  return {
    async add(key, hash) {
      const values = [key.id, JSON.stringify(key), hash];
      await session.run(add, { action: 'add a key to', keys: [facts, hashes], values });
    },
    async find(hash) {
      return keyIn(await session.run(find, { action, keys: [facts, hashes], values: [hash] }));
    },
    async list() {
      const found = (await session.run(all, { action, keys: [facts] })) as readonly string[];
      const keys = found.map((text) => keyIn(text)!);
      return keys.toSorted((a, b) => a.createdAt - b.createdAt || (a.id < b.id ? -1 : 1));
    },
    async revoke(id, at) {
      const text = await session.run(get, { action, keys: [facts], values: [id] });
      const key = keyIn(text);
      if (!key || key.revokedAt !== undefined) return false;
      const values = [id, String(text), JSON.stringify({ ...key, revokedAt: at })];
      return (await session.run(replace, { action: 'revoke a key in', keys: [facts], values })) === 1;
    },
  };
}

function keyIn(text: unknown): GatewayKey | undefined {
  return typeof text === 'string' ? (JSON.parse(text) as GatewayKey) : undefined;
}
