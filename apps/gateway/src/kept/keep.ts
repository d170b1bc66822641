// What one gateway keeps by itself, in the folder for its data.

import { isRecord } from '@anyimage/core';
import type { GatewayKey, Kept, KeyStore } from './contract.ts';
import { type Database, openKeptDatabase } from './database.ts';
import { intentStore } from './intents.ts';
import { spendingStore } from './spending.ts';

/** Opens what is kept in a folder; several processes may. Throws `storage`. */
export async function openKept(folder: string): Promise<Kept> {
  const database = await openKeptDatabase(folder);
  return {
    keys: keyStore(database),
    intents: intentStore(database),
    spending: spendingStore(database),
    check: () => database.change('write to', ({ run }) => void run('DELETE FROM keys WHERE id IS NULL')),
    close: async () => database.close(),
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
