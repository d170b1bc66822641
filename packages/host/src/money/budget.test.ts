import { execFile } from 'node:child_process';
import { mkdtemp, readdir, readFile, readlink, rename, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { DatabaseSync } from 'node:sqlite';
import { promisify } from 'node:util';
import type { ImageError } from '@anyimage/core';
import fc from 'fast-check';
import { beforeEach, describe, expect, onTestFinished, test, vi } from 'vitest';
import type { BudgetLimits } from '../config/config-schema.ts';
import { openDatabase, versionOf } from '../files/sqlite.ts';
import { fileBudget } from './budget.ts';
import { sumsQuery } from './ledger.ts';

const run = promisify(execFile);
const noon = new Date(2026, 10, 20, 12).getTime();
let home: string;
let now: number;
beforeEach(async () => {
  home = await mkdtemp(join(tmpdir(), 'anyimage-home-'));
  now = noon;
});

const budget = (limits?: BudgetLimits, run?: string) =>
  fileBudget(home, limits, { now: () => now, ...(run !== undefined && { run }) });
const price = (amount: number, currency = 'EUR') => ({ amount, currency, estimated: true });
const ask = (amount: number | null, currency?: string) => ({
  model: 'paint/paint-1',
  intent: 'intent',
  cost: amount === null ? null : price(amount, currency),
});

test.each([
  ['perCall', [0.5, 0.5], 0.51],
  ['perRun', [0.3], 0.21],
  ['perDay', [0.3], 0.21],
] as const)('%s holds to the cent: as much as allowed, and no more', async (key, allowed, tooMuch) => {
  const purse = budget({ currency: 'EUR', [key]: 0.5 });
  for (const amount of allowed) await purse.reserve(ask(amount));
  await expect(purse.reserve(ask(tooMuch))).rejects.toMatchObject({
    code: 'budget',
    message: expect.stringContaining(`${tooMuch} EUR`),
    details: { limit: key, allowed: 0.5 },
    hint: expect.stringContaining(`budget.${key}`),
  });
  if (key !== 'perCall') await purse.reserve(ask(0.2));
});

test('what other runs and days have cost is not read', async () => {
  await budget({ currency: 'EUR', perRun: 1 }).reserve(ask(1));
  const database = await openDatabase(join(home, 'budget.sqlite'));
  const plan = (column: 'run' | 'day') => database.prepare(`EXPLAIN QUERY PLAN ${sumsQuery(column)}`).all('x');
  for (const column of ['run', 'day'] as const) {
    expect(plan(column)).toContainEqual(
      expect.objectContaining({ detail: expect.stringMatching(/^SEARCH .*USING INDEX/) }),
    );
  }
  database.close();
});

test('another run has its own limit, another day too', async () => {
  await budget({ currency: 'EUR', perRun: 1 }).reserve(ask(1));
  await budget({ currency: 'EUR', perRun: 1 }).reserve(ask(1));
  await expect(budget({ currency: 'EUR', perDay: 2 }).reserve(ask(0.1))).rejects.toMatchObject({ code: 'budget' });
  now += 24 * 3_600_000;
  await budget({ currency: 'EUR', perDay: 2 }).reserve(ask(2));
});

test('what was not spent is given back; what may have been billed is not', async () => {
  const purse = budget({ currency: 'EUR', perDay: 1 });
  await (await purse.reserve(ask(1))).settle({ costs: [], mayHaveBeenBilled: false });
  await (await purse.reserve(ask(1))).settle({ costs: [price(0.4)], mayHaveBeenBilled: false });
  await (await purse.reserve(ask(0.6))).settle({ costs: [], mayHaveBeenBilled: true });
  await expect(purse.reserve(ask(0.01))).rejects.toMatchObject({ code: 'budget' });
});

test('a reservation that was never settled stays counted', async () => {
  await budget({ currency: 'EUR', perDay: 1 }).reserve(ask(1));
  await expect(budget({ currency: 'EUR', perDay: 1 }).reserve(ask(1))).rejects.toMatchObject({ code: 'budget' });
});

test('an unknown price is refused unless it is allowed; what is free never is', async () => {
  await expect(budget({ currency: 'EUR', perDay: 1 }).reserve(ask(null))).rejects.toMatchObject({ code: 'budget' });
  await budget({ currency: 'EUR', perDay: 1, allowUnknown: true }).reserve(ask(null));
  await budget({ currency: 'EUR', perDay: 0 }).reserve(ask(0, 'USD'));
});

test('other currencies count by their rate, and are refused without one', async () => {
  const rates = { CNY: { rate: 0.12, date: '2026-11-20' } };
  const purse = budget({ currency: 'EUR', perDay: 1, rates });
  await purse.reserve(ask(8, 'CNY'));
  await expect(purse.reserve(ask(1, 'CNY'))).rejects.toMatchObject({ details: { spent: 0.96, asked: 0.12 } });
  await expect(purse.reserve(ask(1, 'USD'))).rejects.toMatchObject({
    code: 'budget',
    hint: expect.stringContaining('budget.rates.USD'),
  });
});

test('processes that spend at the same time do not spend more than the day allows together', async () => {
  const script = `
    import { fileBudget } from ${JSON.stringify(new URL('./budget.ts', import.meta.url).href)};
    const budget = fileBudget(process.argv[1], { currency: 'EUR', perDay: 1 }, { now: () => ${noon} });
    let spent = 0;
    for (let index = 0; index < 30; index++) {
      const cost = { amount: 0.05, currency: 'EUR', estimated: true };
      try {
        const reservation = await budget.reserve({ model: 'paint/paint-1', intent: String(index), cost });
        await reservation.settle({ costs: [cost], mayHaveBeenBilled: false });
        spent += 1;
      } catch (error) {
        if (error.code !== 'budget') throw error;
      }
    }
    console.log(spent);`;
  const args = ['--conditions=anyimage-source', '--input-type=module', '-e', script, home];
  const ended = await Promise.all([0, 1, 2].map(() => run(process.execPath, args)));
  expect(ended.reduce((sum, { stdout }) => sum + Number(stdout), 0)).toBe(20);
  expect(ended.map(({ stderr }) => stderr)).toEqual(['', '', '']);
});

test('a damaged ledger refuses to spend, and stays as it is', async () => {
  await writeFile(join(home, 'budget.sqlite'), 'no database at all, but long enough to be read'.repeat(100));
  await expect(budget({ currency: 'EUR', perDay: 1 }).reserve(ask(0.1))).rejects.toMatchObject({
    code: 'storage',
    hint: expect.stringContaining('move the file away'),
  });
  expect(await readdir(home)).toEqual(['budget.sqlite']);
  await rename(join(home, 'budget.sqlite'), join(home, 'old'));
  await budget({ currency: 'EUR', perDay: 1 }).reserve(ask(0.1));
});

test('a ledger of the first program, which gave it no number, goes on', async () => {
  const limits = { currency: 'EUR', perDay: 1 } as const;
  await budget(limits).reserve(ask(0.6));
  await withLedger((database) => database.exec('PRAGMA user_version = 0'));
  await expect(budget(limits).reserve(ask(0.5))).rejects.toMatchObject({ details: { spent: 0.6 } });
  expect(await withLedger(versionOf)).toBe(1);
});

test('a ledger of a newer version refuses to spend, and stays as it is', async () => {
  await budget({ currency: 'EUR', perDay: 1 }).reserve(ask(0.6));
  await withLedger((database) => database.exec('PRAGMA user_version = 2; ALTER TABLE spending RENAME TO sealed'));
  const before = await readFile(join(home, 'budget.sqlite'));
  await expect(budget({ currency: 'EUR', perDay: 1 }).reserve(ask(0.1))).rejects.toMatchObject({
    code: 'storage',
    message: expect.stringMatching(/budget\.sqlite was made by a newer version of anyimage/),
  });
  expect(await readFile(join(home, 'budget.sqlite'))).toEqual(before);
});

async function withLedger<T>(work: (database: DatabaseSync) => T | Promise<T>): Promise<T> {
  const database = await openDatabase(join(home, 'budget.sqlite'));
  try {
    return await work(database);
  } finally {
    database.close();
  }
}

test('nothing is opened before something is to be spent', async () => {
  budget({ currency: 'EUR', perDay: 1 });
  expect(await readdir(home)).toEqual([]);
});

test('a run goes on with the same name, whatever its limits become meanwhile', async () => {
  await budget({ currency: 'EUR', perRun: 1 }, 'mine').reserve(ask(0.6));
  await expect(budget({ currency: 'EUR', perRun: 1.1 }, 'mine').reserve(ask(0.6))).rejects.toMatchObject({
    details: { limit: 'perRun', spent: 0.6 },
  });
  await budget({ currency: 'EUR', perRun: 1.2 }, 'mine').reserve(ask(0.6));
});

test('a limit counts what was spent before it was set, in whatever currency', async () => {
  const unlimited = budget();
  await (await unlimited.reserve(ask(0.3))).settle({ costs: [price(0.2)], mayHaveBeenBilled: false });
  await (await unlimited.reserve(ask(5, 'CNY'))).settle({ costs: [], mayHaveBeenBilled: true });
  await (await unlimited.reserve(ask(9))).settle({ costs: [], mayHaveBeenBilled: false });
  await (await unlimited.reserve(ask(null))).settle({ costs: [price(0.1)], mayHaveBeenBilled: false });
  await (await unlimited.reserve(ask(9))).settle({ costs: [price(0.05), price(0.5, 'USD')], mayHaveBeenBilled: false });
  await (await unlimited.reserve(ask(null))).settle({ costs: [], mayHaveBeenBilled: true });
  await budget({ currency: 'EUR', perCall: 1 }).reserve(ask(0.1));
  const rates = { CNY: { rate: 0.12, date: '2026-11-20' }, USD: { rate: 0.9, date: '2026-11-20' } };
  await expect(budget({ currency: 'EUR', perDay: 1, rates }).reserve(ask(0.01))).rejects.toMatchObject({
    details: { limit: 'perDay', spent: 1.5, asked: 0.01 },
  });
  await expect(budget({ currency: 'EUR', perDay: 5 }).reserve(ask(0.01))).rejects.toMatchObject({
    code: 'budget',
    message: expect.stringContaining('5 CNY'),
    hint: expect.stringContaining('budget.rates.CNY'),
  });
  // Neither of a call nor of another run do they stand in the way.
  await budget({ currency: 'EUR', perCall: 1, perRun: 1 }).reserve(ask(0.01));
  now += 24 * 3_600_000;
  await budget({ currency: 'EUR', perDay: 1 }).reserve(ask(1));
});

test('whatever limits and rates become, the sum of a day is that of all that was spent', async () => {
  const rates = { CNY: { rate: 0.125, date: '2026-11-20' }, USD: { rate: 0.5, date: '2026-11-20' } };
  const worth = { EUR: 1, CNY: 0.125, USD: 0.5 };
  const kinds = [undefined, 'EUR', 'CNY', 'USD'] as const;
  const spending = fc.record({
    limit: fc.constantFrom(...kinds),
    currency: fc.constantFrom('EUR', 'CNY', 'USD'),
    expected: fc.option(fc.integer({ min: 0, max: 400 })),
    real: fc.option(fc.integer({ min: 0, max: 400 })),
    mayHaveBeenBilled: fc.boolean(),
  });
  await fc.assert(
    fc.asyncProperty(fc.array(spending, { maxLength: 6 }), async (all) => {
      now += 24 * 3_600_000;
      let sum = 0;
      for (const { limit, currency, expected, real, mayHaveBeenBilled } of all) {
        const ratesTo = Object.entries(rates).map(([name, { rate, date }]) => [
          name,
          { rate: rate / (limit ? worth[limit] : 1), date },
        ]);
        const limits = limit && {
          currency: limit,
          perDay: 1e6,
          allowUnknown: true,
          rates: { ...Object.fromEntries(ratesTo), EUR: { rate: 1 / worth[limit], date: '2026-11-20' } },
        };
        const inMoney = (cents: number | null) => (cents === null ? null : price(cents / 100, currency));
        const reservation = await budget(limits).reserve({ model: 'm', intent: 'i', cost: inMoney(expected) });
        await reservation.settle({ costs: real === null ? [] : [inMoney(real)!], mayHaveBeenBilled });
        const counted = mayHaveBeenBilled ? Math.max(expected ?? 0, real ?? 0) : (real ?? 0);
        sum += (counted / 100) * worth[currency as keyof typeof worth];
      }
      const perDay = { currency: 'EUR', perDay: 0, rates } as const;
      const refusal = await budget(perDay)
        .check(ask(0.01))
        .catch((error: ImageError) => error);
      expect((refusal as ImageError).details).toMatchObject({ spent: expect.closeTo(sum, 4) });
    }),
    { numRuns: 20 },
  );
});

describe('a ledger that another program holds', () => {
  test.each([
    ['with limits', { currency: 'EUR', perDay: 1 } as const],
    ['without', undefined],
  ])('is told as that, and nothing is spent against a limit that nobody can look up: %s', async (_, limits) => {
    await budget(limits).reserve(ask(0.1));
    vi.useFakeTimers({ toFake: ['performance'] });
    onTestFinished(() => void vi.useRealTimers());
    const passing = setInterval(() => vi.advanceTimersByTime(1000), 1);
    onTestFinished(() => clearInterval(passing));
    await withLedger(async (database) => {
      database.exec('BEGIN EXCLUSIVE');
      const held = {
        code: 'storage',
        message: expect.stringMatching(/another program has held the ledger .*budget\.sqlite for/),
        hint: expect.stringContaining('Try again'),
      };
      const reserving = budget(limits).reserve(ask(0.1));
      if (limits) await expect(reserving).rejects.toMatchObject(held);
      else {
        const spent = { costs: [price(0.1)], mayHaveBeenBilled: false };
        await expect((await reserving).settle(spent)).rejects.toMatchObject(held);
        await (await budget().reserve(ask(0.1))).settle({ costs: [], mayHaveBeenBilled: false });
      }
      database.exec('ROLLBACK');
    });
    await budget({ currency: 'EUR', perDay: 1 }).reserve(ask(0.9));
  });

  test('for a moment is waited for, and keeps nobody else waiting', async () => {
    await budget().reserve(ask(0.1));
    await withLedger(async (database) => {
      database.exec('BEGIN EXCLUSIVE');
      const reserving = budget({ currency: 'EUR', perDay: 1 }).reserve(ask(0.9));
      // The event loop goes on: else this would never be reached.
      await new Promise((resolve) => setTimeout(resolve, 30));
      database.exec('ROLLBACK');
      await reserving;
    });
  });
});

test('however often settings are read, a process has the ledger open once', {
  skip: process.platform !== 'linux',
}, async () => {
  for (let time = 0; time < 20; time++) await budget({ currency: 'EUR', perDay: 9 }).reserve(ask(0.01));
  const open = await Promise.all(
    (await readdir('/proc/self/fd')).map((fd) => readlink(`/proc/self/fd/${fd}`).catch(() => '')),
  );
  expect(open.filter((path) => path === join(home, 'budget.sqlite'))).toHaveLength(1);
});
