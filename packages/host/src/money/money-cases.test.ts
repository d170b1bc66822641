// The promises of budgets and of limits, kept in memory and on disk.

import { mkdtemp } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Budget, type LimitStore, memoryBudget, memoryLimitStore, type SpendingLimits } from '@anyimage/core';
import { budgetCases, limitStoreCases } from '@anyimage/testkit/stores';
import { describe, test } from 'vitest';
import type { BudgetLimits } from '../config/config-schema.ts';
import { fileBudget } from './budget.ts';
import { fileLimitStore } from './limit-store.ts';

const newHome = () => mkdtemp(join(tmpdir(), 'anyimage-home-'));

describe('a budget', () => {
  test.each(budgetCases)('in memory: $title ($id)', async ({ run }) => {
    let budget: Budget | undefined;
    await run((limits) => {
      budget ??= memoryBudget(limits);
      return budget;
    });
  });

  test.each(budgetCases)('on disk: $title ($id)', async ({ run }) => {
    const home = await newHome();
    await run((limits) => fileBudget(home, configOf(limits)));
  });
});

describe('a store of limits', () => {
  test.each(limitStoreCases)('in memory: $title ($id)', async ({ run }) => {
    let store: LimitStore | undefined;
    await run((clock) => {
      store ??= memoryLimitStore({ clock });
      return store;
    });
  });

  test.each(limitStoreCases)('on disk: $title ($id)', async ({ run }) => {
    const home = await newHome();
    await run((clock) => fileLimitStore(home, { clock }));
  });
});

/** The limits as a config says them. */
function configOf({ rates = {}, ...limits }: SpendingLimits): BudgetLimits {
  const dated = Object.entries(rates).map(([name, rate]) => [name, { rate, date: '2026-11-20' }]);
  return { ...limits, rates: Object.fromEntries(dated) } as BudgetLimits;
}
