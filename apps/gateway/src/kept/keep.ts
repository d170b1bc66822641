// What a gateway keeps: by itself, in the folder for its data, or with others in Redis.

import { join } from 'node:path';
import { isRecord } from '@anyimage/core';
import { fileTicketStore } from '@anyimage/host';
import type { RedisStoreOptions, Session } from '@anyimage/store-redis';
import type { GatewayKey, Kept, KeyStore } from '@anyimage/store-redis/contract';
import type { GatewaySettings } from '../config/load-config.ts';
import { type Database, openKeptDatabase } from './database.ts';
import { intentStore } from './intents.ts';
import { memoryRequests } from './requests.ts';
import { secretIn } from './signing.ts';
import { spendingStore } from './spending.ts';

/** Opens what the config says. Throws `storage`, and of Redis `config` where it may forget what it is told, `unavailable`. */
export async function openKept({ data, redis }: Pick<GatewaySettings, 'data' | 'redis'>): Promise<Kept> {
  return redis ? (await openShared(redis)).kept : keepInFolder(data);
}

/** What several processes keep together, and the session for what else they share. */
export async function openShared(
  redis: RedisStoreOptions,
): Promise<{ readonly kept: Kept; readonly session: Session }> {
  const { openSession, redisKept } = await import('@anyimage/store-redis');
  const session = await openSession(redis);
  return { kept: redisKept(session), session };
}

/** Opens what is kept in a folder; several processes may. Throws `storage`. */
export async function keepInFolder(folder: string): Promise<Kept> {
  const database = await openKeptDatabase(folder);
  const tickets = fileTicketStore(join(folder, 'tickets'));
  return {
    keys: keyStore(database),
    intents: intentStore(database),
    spending: spendingStore(database),
    // One process is at it, and makes all of an intent one after the other.
    tickets: { ...tickets, createFor: (_, ticket) => tickets.createOwn(ticket) },
    requests: memoryRequests(),
    secret: () => secretIn(folder),
    check: () => database.change('write to', ({ run }) => void run('DELETE FROM keys WHERE id IS NULL')),
    async close() {
      await tickets.close();
      database.close();
    },
  };
}

function keyStore(database: Database): KeyStore {
  return {
    async add(key, hash) {
      const sql = 'INSERT INTO keys (id, hash, at, facts) VALUES (?, ?, ?, ?)';
      await database.change(
        'add a key to',
        ({ run }) => void run(sql, key.id, hash, key.createdAt, JSON.stringify(key)),
      );
    },
    find: async (hash) =>
      database.look('look for a key in', ({ get }) => keyIn(get('SELECT facts FROM keys WHERE hash = ?', hash))),
    list: async () =>
      database.look('look for keys in', ({ all }) =>
        all('SELECT facts FROM keys ORDER BY at, id').flatMap((row) => keyIn(row) ?? []),
      ),
    revoke: (id, at) =>
      database.change('revoke a key in', ({ run, get }) => {
        const key = keyIn(get('SELECT facts FROM keys WHERE id = ?', id));
        if (!key || key.revokedAt !== undefined) return false;
        run('UPDATE keys SET facts = ? WHERE id = ?', JSON.stringify({ ...key, revokedAt: at }), id);
        return true;
      }),
  };
}

function keyIn(row: Record<string, unknown> | undefined): GatewayKey | undefined {
  const facts: unknown = row && JSON.parse(String(row.facts));
  return isRecord(facts) ? (facts as unknown as GatewayKey) : undefined;
}
