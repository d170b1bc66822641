// Limits on what may be spent.

import { randomUUID } from 'node:crypto';
import { type Budget, ImageError, type Money } from '@anyimage/core';
import type { BudgetLimits } from '../config/config-schema.ts';
import type { Ledger, Sums } from './ledger.ts';

export interface FileBudgetOptions {
  /** Unix time, ms; default the machine's. */
  readonly now?: () => number;
}

const millionth = 1e6;

/**
 * A budget that all programs of a person share. A request reserves its price before it is sent, in one transaction. Afterwards it
 * says what it really cost. What may have been billed stays counted, also after a crash. The file is opened with the first request
 * that costs. Throws `budget` for a price that is too high or unknown.
 */
export function fileBudget(home: string, limits: BudgetLimits, { now = Date.now }: FileBudgetOptions = {}): Budget {
  const run = randomUUID();
  let opening: Promise<Ledger> | undefined;
  const ledger = () => {
    opening ??= import('./ledger.ts').then(({ openLedger }) => openLedger(home));
    return opening;
  };

  /** In millionths of the budget's currency. */
  function inBudget({ amount, currency }: Money): number {
    const rate = currency === limits.currency ? 1 : limits.rates?.[currency as keyof typeof limits.rates]?.rate;
    if (amount === 0) return 0;
    if (rate !== undefined) return Math.ceil(amount * rate * millionth - 1e-6);
    throw new ImageError('budget', `the price is in ${currency}, the budget in ${limits.currency}`, {
      details: { currency, budget: limits.currency },
      hint: `Say what one ${currency} is with anyimage config set budget.rates.${currency}, such as {"rate": 0.14, "date": "2026-11-20"}.`,
    });
  }

  /** What counts against the budget. Throws `budget` for a price that is unknown or in a currency without a rate. */
  function amountOf(model: string, cost: Money | null): number {
    if (cost !== null) return inBudget(cost);
    if (limits.allowUnknown) return 0;
    throw new ImageError('budget', `the price of ${model} is unknown, and there is a budget`, {
      hint: 'Choose a model with a known price, or allow this one with anyimage config set budget.allowUnknown true.',
    });
  }

  return {
    async check({ model, cost }) {
      const amount = amountOf(model, cost);
      const book = await ledger();
      refuseExcess(amount, book.sums({ run, currency: limits.currency }, now()), limits);
    },
    async reserve({ model, intent, cost }) {
      const amount = amountOf(model, cost);
      const book = await ledger();
      const spending = { intent, model, run, amount, currency: limits.currency };
      const entry = book.reserve(spending, now(), (sums) => refuseExcess(amount, sums, limits));
      return {
        async settle({ cost: spent, mayHaveBeenBilled }) {
          const known = spent === null ? 0 : inBudget(spent);
          book.settle(entry, mayHaveBeenBilled ? Math.max(amount, known) : known);
        },
      };
    },
  };
}

function refuseExcess(amount: number, { run, day }: Sums, limits: BudgetLimits): void {
  if (amount === 0) return;
  const bounds = [
    ['perCall', 0, limits.perCall, 'one request'],
    ['perRun', run, limits.perRun, 'this run'],
    ['perDay', day, limits.perDay, 'today'],
  ] as const;
  for (const [key, spent, limit, what] of bounds) {
    if (limit === undefined || spent + amount <= Math.round(limit * millionth)) continue;
    const { currency } = limits;
    const before = spent > 0 ? `, ${spent / millionth} ${currency} of it spent` : '';
    const message = `this would cost ${amount / millionth} ${currency}; the budget for ${what} is ${limit} ${currency}${before}`;
    throw new ImageError('budget', message, {
      details: { limit: key, allowed: limit, spent: spent / millionth, asked: amount / millionth, currency },
      hint: `Ask for less, or raise it with anyimage config set budget.${key}.`,
    });
  }
}
