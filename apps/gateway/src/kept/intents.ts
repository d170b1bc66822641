// Requests and what became of them.

import { present } from '@anyimage/core';
import { doubtMs, type Intent, type IntentStore } from '@anyimage/store-redis/contract';
import type { Database, Statements } from './database.ts';

export function intentStore(database: Database): IntentStore {
  return {
    open: (asked) =>
      database.change('note a request in', (statements) => {
        const { id, key, name, fingerprint, at, tries, task } = asked;
        const before =
          name === undefined
            ? tried(statements, asked)
            : statements.get(`${select} WHERE key = ? AND name = ?`, key, name);
        if (before) {
          statements.run('UPDATE intents SET tries = max(tries, ?) WHERE id = ?', tries, String(before.id));
          return { ...intentOf(before), isNew: false };
        }
        statements.run(
          'INSERT INTO intents (id, key, name, fingerprint, at, tries, task) VALUES (?, ?, ?, ?, ?, ?, ?)',
          ...[id, key, name ?? null, fingerprint, at, tries, task ?? null],
        );
        return { ...(present({ id, key, fingerprint, at, task }) as Intent), isNew: true };
      }),
    get: async (id) =>
      database.look('look for a request in', ({ get }) => {
        const row = get(`${select} WHERE id = ?`, id);
        return row && intentOf(row);
      }),
    answer: (id, answer, at, isMade) =>
      database.change('keep an answer in', ({ run }) => {
        run(
          'UPDATE intents SET answer = ?, answeredAt = ? WHERE id = ? AND (answer IS NULL OR ?)',
          answer,
          at,
          id,
          isMade ? 1 : 0,
        );
      }),
    arrived: (id) =>
      database.change('note an answer in', ({ run }) => void run('UPDATE intents SET arrived = 1 WHERE id = ?', id)),
    openTasks: async () =>
      database.look('look for tasks in', ({ all }) =>
        all(`${select} WHERE task IS NOT NULL AND answer IS NULL ORDER BY at`).map(intentOf),
      ),
    forget: (before) =>
      database.change('tidy up', ({ run }) => {
        run('DELETE FROM intents WHERE at < ? AND (answer IS NOT NULL OR task IS NULL)', before);
      }),
  };
}

const select = 'SELECT id, key, fingerprint, at, answer, task FROM intents';

/** Of a further try: which request it is that was tried before. */
function tried(
  { get }: Statements,
  {
    key,
    fingerprint,
    tries,
    at,
  }: { readonly key: string; readonly fingerprint: string; readonly tries: number; readonly at: number },
): Record<string, unknown> | undefined {
  if (tries === 0) return undefined;
  const sql = `${select} WHERE key = ? AND fingerprint = ? AND name IS NULL AND arrived = 0 AND (answer IS NULL OR answeredAt > ?)
    ORDER BY tries < ? DESC, answer IS NULL DESC, at DESC, rowid DESC LIMIT 1`;
  return get(sql, key, fingerprint, at - doubtMs, tries);
}

function intentOf({ id, key, fingerprint, at, answer, task }: Record<string, unknown>): Intent {
  return present({
    id: String(id),
    key: String(key),
    fingerprint: String(fingerprint),
    at: Number(at),
    answer: answer === null ? undefined : String(answer),
    task: task === null ? undefined : String(task),
  }) as Intent;
}
