// Whether a server keeps what it is told: one that does not would have paid calls forgotten, and sent a second time.

import { ImageError } from '@anyimage/core';
import type { Redis } from 'ioredis';

const needed = [
  ['appendonly', 'yes'],
  ['appendfsync', 'always'],
  ['maxmemory-policy', 'noeviction'],
] as const;

/** Throws `config`, with the lines to set, for a server that may lose or throw away what it was told. `place`: how the server is named. */
export async function refuseForgetful(redis: Redis, place: string): Promise<void> {
  const lines = needed.map(([name, value]) => `${name} ${value}`).join(', ');
  const hint = `Set in redis.conf: ${lines}. Or start it with: redis-server ${needed.map(([name, value]) => `--${name} ${value}`).join(' ')}`;
  const told = await redis.config('GET', ...(needed.map(([name]) => name) as [string])).catch((error: Error) => {
    if (!/unknown command|NOPERM|not allowed|disabled/i.test(error.message)) throw error;
    throw new ImageError('config', `${place} does not tell whether it keeps what it is told (${error.message})`, {
      cause: error,
      hint: `Allow CONFIG GET to its user. ${hint}`,
    });
  });
  const pairs = told as unknown as readonly string[];
  const found = new Map(pairs.flatMap((name, index) => (index % 2 === 0 ? [[name, pairs[index + 1]!] as const] : [])));
  const wrong = needed.filter(([name, value]) => found.get(name) !== value);
  if (wrong.length === 0) return;
  const has = wrong.map(([name]) => `${name} ${found.get(name) ?? 'unknown'}`).join(', ');
  throw new ImageError('config', `${place} may forget what was paid for: it has ${has}`, { hint });
}
