// What is spent: reserved before anything is sent, settled after. Sums are of few rows: one for each day, key, model and currency.

import {
  type Amounts,
  newEntry,
  type SpendingStore,
  type SpentSums,
  type UsageRow,
} from '@anyimage/store-redis/contract';
import type { Database, Statements } from './database.ts';

export function spendingStore(database: Database): SpendingStore {
  return {
    reserve: ({ intent, key, model, amount, currency, at }, decide) =>
      database.change('note what is spent in', (statements) => {
        decide?.(sumsIn(statements, key, at));
        const day = dayOf(at);
        spend(statements, { day, key, model, currency }, amount);
        const entry = newEntry();
        statements.run(
          'INSERT INTO reservations (entry, at, day, key, model, intent, amount, currency) VALUES (?, ?, ?, ?, ?, ?, ?, ?)',
          ...[entry, at, day, key, model, intent, amount, currency],
        );
        return entry;
      }),
    settle: (entry, amount, more = []) =>
      database.change('note what was spent in', (statements) => {
        const row = statements.get('SELECT * FROM reservations WHERE entry = ?', entry);
        if (!row) return;
        const [day, key, model, currency] = [row.day, row.key, row.model, row.currency].map(String) as Place;
        spend(statements, { day, key, model, currency }, amount - Number(row.amount));
        for (const one of more) spend(statements, { day, key, model, currency: one.currency }, one.amount);
        statements.run('DELETE FROM reservations WHERE entry = ?', entry);
      }),
    sums: async (key, at) => database.look('read what was spent from', (statements) => sumsIn(statements, key, at)),
    count: ({ key, model, pictures, failed, at }) =>
      database.change('count a request in', (statements) => {
        // Beside the amounts, where there are any.
        const day = dayOf(at);
        const sql = 'SELECT currency FROM usage WHERE day = ? AND key = ? AND model = ? LIMIT 1';
        const known = statements.get(sql, day, key, model)?.currency;
        statements.run(
          `INSERT INTO usage (day, key, model, currency, requests, pictures, failed) VALUES (?, ?, ?, ?, 1, ?, ?)
          ON CONFLICT DO UPDATE SET requests = requests + 1, pictures = pictures + excluded.pictures, failed = failed + excluded.failed`,
          ...[day, key, model, known === undefined ? '' : String(known), pictures, failed],
        );
      }),
    usage: async ({ key, from = '', to = '9999' }) =>
      database.look('read the usage from', ({ all }) =>
        all(
          `SELECT * FROM usage WHERE day >= ? AND day <= ? AND (? = '' OR key = ?) ORDER BY day, key, model, currency`,
          ...[from, to, key ?? '', key ?? ''],
        ).map(usageIn),
      ),
    open: async () =>
      database.look('look for reservations in', ({ all }) =>
        all('SELECT * FROM reservations ORDER BY at').map((row) => ({
          entry: Number(row.entry),
          at: Number(row.at),
          key: String(row.key),
          model: String(row.model),
          intent: String(row.intent),
          amount: Number(row.amount),
          currency: String(row.currency),
          // Who asks is the only one.
          isHeld: false,
        })),
      ),
  };
}

type Place = [day: string, key: string, model: string, currency: string];

interface Where {
  readonly day: string;
  readonly key: string;
  readonly model: string;
  readonly currency: string;
}

function spend({ run }: Statements, { day, key, model, currency }: Where, amount: number): void {
  if (amount === 0) return;
  const sql = `INSERT INTO usage (day, key, model, currency, amount) VALUES (?, ?, ?, ?, ?)
    ON CONFLICT DO UPDATE SET amount = amount + excluded.amount`;
  run(sql, day, key, model, currency, amount);
}

function sumsIn({ all }: Statements, key: string, at: number): SpentSums {
  const day = dayOf(at);
  const rows = all(
    `SELECT key = ? AS own, day = ? AS today, currency, sum(amount) AS sum FROM usage
    WHERE day >= ? AND day <= ? GROUP BY own, today, currency`,
    ...[key, day, `${day.slice(0, 7)}-01`, `${day.slice(0, 7)}-31`],
  );
  const sumOf = (isMeant: (row: Record<string, unknown>) => boolean): Amounts => {
    const sums = new Map<string, number>();
    for (const row of rows.filter(isMeant)) {
      const currency = String(row.currency);
      sums.set(currency, (sums.get(currency) ?? 0) + Number(row.sum));
    }
    return sums;
  };
  return {
    key: { day: sumOf(({ own, today }) => own === 1 && today === 1), month: sumOf(({ own }) => own === 1) },
    all: { day: sumOf(({ today }) => today === 1), month: sumOf(() => true) },
  };
}

function usageIn(row: Record<string, unknown>): UsageRow {
  return {
    day: String(row.day),
    key: String(row.key),
    model: String(row.model),
    requests: Number(row.requests),
    pictures: Number(row.pictures),
    failed: Number(row.failed),
    amount: Number(row.amount),
    currency: String(row.currency),
  };
}

/** UTC. */
export function dayOf(at: number): string {
  return new Date(at).toISOString().slice(0, 10);
}
