import { execFile } from 'node:child_process';
import { mkdtemp, readdir, readFile, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { DatabaseSync } from 'node:sqlite';
import { promisify } from 'node:util';
import { beforeEach, expect, test } from 'vitest';
import type { BudgetLimits } from '../config/config-schema.ts';
import { openDatabase, versionOf } from '../files/sqlite.ts';
import { fileBudget } from './budget.ts';

const run = promisify(execFile);
const noon = new Date(2026, 10, 20, 12).getTime();
let home: string;
let now: number;
beforeEach(async () => {
  home = await mkdtemp(join(tmpdir(), 'anyimage-home-'));
  now = noon;
});

const budget = (limits: BudgetLimits) => fileBudget(home, limits, { now: () => now });
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

async function withLedger<T>(work: (database: DatabaseSync) => T): Promise<T> {
  const database = await openDatabase(join(home, 'budget.sqlite'));
  try {
    return work(database);
  } finally {
    database.close();
  }
}

test('nothing is opened before something is to be spent', async () => {
  budget({ currency: 'EUR', perDay: 1 });
  expect(await readdir(home)).toEqual([]);
});
