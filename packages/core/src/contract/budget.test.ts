import { expect, test } from 'vitest';
import { createBudget, type SpendingBook } from './budget.ts';

/** A book of which nothing is asked but what was spent. */
const bookOf = (sums: Awaited<ReturnType<SpendingBook['sums']>>): SpendingBook => ({
  sums: async () => sums,
  async reserve(_, decide) {
    decide(sums);
    return 1;
  },
  settle: async () => {},
});
const cost = { amount: 0.5, currency: 'USD', estimated: true };
const asked = { model: 'sketch/sketch-1', intent: 'i', cost };

test('a month has its own limit, over a book that adds up months', async () => {
  const limits = { currency: 'USD', perMonth: 2 };
  const full = createBudget(limits, bookOf({ run: 0, day: 0, month: 1_600_000 }));
  await expect(full.reserve(asked)).rejects.toMatchObject({
    code: 'budget',
    message: 'this would cost 0.5 USD; the budget for this month is 2 USD, 1.6 USD of it spent',
    details: { limit: 'perMonth', allowed: 2 },
  });
  const roomy = createBudget(limits, bookOf({ run: 0, day: 0, month: 1_500_000 }));
  await expect(roomy.reserve(asked)).resolves.toBeDefined();
  expect(() => createBudget({ currency: 'USD', perMonth: Number.NaN }, bookOf({ run: 0, day: 0 }))).toThrow('perMonth');
});
