// The budget of a person: limits from their config, and one ledger for all their programs.

import { randomUUID } from 'node:crypto';
import { type Budget, createBudget, ImageError, isRecord } from '@anyimage/core';
import type { BudgetLimits } from '../config/config-schema.ts';
import type { Ledger } from './ledger.ts';

export interface FileBudgetOptions {
  /** Unix time, ms; default the machine's. */
  readonly now?: () => number;
}

/**
 * A budget that all programs of a person share. Each request reserves its price before it is sent, in one transaction, and
 * says afterwards what it really cost; what may have been billed stays counted, also after a crash. Opens its file when
 * something is to be spent. Throws `budget` for what is too much, or has no known price and is not free; `storage`.
 */
export function fileBudget(home: string, limits: BudgetLimits, { now = Date.now }: FileBudgetOptions = {}): Budget {
  const { currency } = limits;
  const run = randomUUID();
  /** Opens the ledger for one look or entry: nobody says when a budget is used no more. */
  async function inLedger<T>(work: (ledger: Ledger) => T): Promise<T> {
    const { openLedger } = await import('./ledger.ts');
    const ledger = await openLedger(home);
    try {
      return work(ledger);
    } finally {
      ledger.close();
    }
  }
  const { check, reserve } = createBudget(
    { ...limits, rates: rateNumbers(limits) },
    {
      sums: () => inLedger((ledger) => ledger.sums({ run, currency }, now())),
      reserve: (spending, decide) =>
        inLedger((ledger) => ledger.reserve({ ...spending, run, currency }, now(), decide)),
      settle: (entry, amount) => inLedger((ledger) => ledger.settle(entry, amount)),
    },
  );
  return {
    check: (expected) => check(expected).catch(adviseConfig),
    reserve: (expected) => reserve(expected).catch(adviseConfig),
  };
}

/** What one unit of each currency is worth in that of the budget. */
export function rateNumbers({ rates = {} }: BudgetLimits): Readonly<Record<string, number>> {
  return Object.fromEntries(Object.entries(rates).map(([name, { rate }]) => [name, rate]));
}

/** Says where a person changes the limit. */
function adviseConfig(error: unknown): never {
  if (!ImageError.isInstance(error) || error.code !== 'budget' || !isRecord(error.details)) throw error;
  const { limit, currency } = error.details;
  const config = 'anyimage config set budget';
  if (limit === 'allowUnknown') {
    throw error.with({
      hint: `Choose a model with a known price, or allow this one with ${config}.allowUnknown true.`,
    });
  }
  if (limit === 'rates') {
    const example = '{"rate": 0.14, "date": "2026-11-20"}';
    throw error.with({ hint: `Say what one ${currency} is with ${config}.rates.${currency}, such as ${example}.` });
  }
  throw error.with({ hint: `Ask for less, or raise it with ${config}.${limit}.` });
}
