import { type Money, memoryBudget } from '@anyimage/core';
import { expect, test } from 'vitest';
import { withRunLimit } from './run-limit.ts';

const usd = (amount: number): Money => ({ amount, currency: 'USD', estimated: true });
const yuan = (amount: number): Money => ({ amount, currency: 'CNY', estimated: true });
const asked = (cost: Money | null) => ({
  model: 'a/b',
  intent: 'i',
  cost,
});

test('a run stops at its limit, and at that of the person', async () => {
  const budget = withRunLimit(memoryBudget({ currency: 'USD', perDay: 0.5 }), usd(0.3));
  const first = await budget.reserve(asked(usd(0.2)));
  await expect(budget.reserve(asked(usd(0.2)))).rejects.toMatchObject({
    code: 'budget',
    message: expect.stringContaining('0.3 USD'),
    details: { limit: 'run' },
  });
  await first.settle({ costs: [], mayHaveBeenBilled: false });
  await (await budget.reserve(asked(usd(0.3)))).settle({ costs: [usd(0.3)], mayHaveBeenBilled: false });
  await expect(budget.check(asked(usd(0.1)))).rejects.toMatchObject({ code: 'budget' });
});

test('what the person may not spend is not counted for the run', async () => {
  const budget = withRunLimit(memoryBudget({ currency: 'USD', perCall: 0.1 }), usd(0.3));
  await expect(budget.reserve(asked(usd(0.2)))).rejects.toMatchObject({ details: { limit: 'perCall' } });
  for (let time = 0; time < 3; time++) await budget.reserve(asked(usd(0.1)));
});

test('another currency needs a rate, and what has no price is refused', async () => {
  const open = memoryBudget({ currency: 'CNY' });
  const budget = withRunLimit(open, usd(1), { CNY: 1, USD: 7 });
  const unlimited = { check: async () => {}, reserve: async () => ({ settle: async () => {} }) };
  await withRunLimit(unlimited, usd(1), { CNY: 1, USD: 7 }).check(asked(yuan(6.9)));
  await expect(budget.check(asked(yuan(7.1)))).rejects.toMatchObject({
    details: { limit: 'run' },
  });
  await expect(withRunLimit(unlimited, usd(1)).check(asked(yuan(1)))).rejects.toMatchObject({
    hint: expect.stringContaining('in CNY'),
  });
  await expect(budget.check(asked(null))).rejects.toMatchObject({ code: 'budget' });
});
