// The budget of a person: limits from their config, and one ledger for all their programs.

import { randomUUID } from 'node:crypto';
import { type Budget, createBudget, ImageError, isRecord, type Money } from '@anyimage/core';
import type { BudgetLimits } from '../config/config-schema.ts';
import { type Amounts, type Ledger, type LedgerSpending, openLedger } from './ledger.ts';

export interface FileBudgetOptions {
  /** Unix time, ms; default the machine's. */
  readonly now?: () => number;
  /** Budgets with the same name share what a run may cost; default: each is a run of its own. */
  readonly run?: string;
}

/** How long a request waits for other programs that hold the ledger, ms. Without limits nothing depends on it but the book. */
const patience = { withLimits: 10_000, without: 1000 } as const;

/**
 * A budget that all programs of a person share. Each request reserves its price before it is sent, in one transaction, and
 * says afterwards what it really cost; what may have been billed stays counted, also after a crash. Opens its file when
 * something is to be spent. Throws `budget` for what is too much, or has no known price and is not free; `storage`.
 *
 * Without `limits` nothing is refused, and what is spent is noted all the same, so that a limit which is set later counts it; a ledger
 * that cannot be used is told by `settle` alone.
 */
export function fileBudget(
  home: string,
  limits: BudgetLimits | undefined,
  { now = Date.now, run = randomUUID() }: FileBudgetOptions = {},
): Budget {
  if (!limits) return unlimited(openLedger(home, patience.without), run, now);
  const ledger = openLedger(home, patience.withLimits);
  const { currency } = limits;
  const rates = rateNumbers(limits);
  const sumsOf = ({ run: ofRun, day }: { readonly run: Amounts; readonly day: Amounts }) => ({
    // Of another currency a rate is asked for only where the limit is set.
    run: limits.perRun === undefined ? 0 : sumOf(ofRun, limits, rates),
    day: limits.perDay === undefined ? 0 : sumOf(day, limits, rates),
  });
  const free = new Map<number, LedgerSpending>();
  let freeEntry = 0;
  const { check, reserve } = createBudget(
    { ...limits, rates },
    {
      sums: async () => sumsOf(await ledger.sums(run, now())),
      async reserve(given, decide) {
        const spending = { ...given, run, currency };
        if (spending.amount > 0) return ledger.reserve(spending, now(), (sums) => decide(sumsOf(sums)));
        // What is free, or of no known price, is noted once it has cost something.
        freeEntry -= 1;
        free.set(freeEntry, spending);
        return freeEntry;
      },
      async settle(entry, amount) {
        const spending = free.get(entry);
        free.delete(entry);
        if (!spending) await ledger.settle(entry, { amount, currency });
        else if (amount > 0) await ledger.reserve({ ...spending, amount }, now());
      },
    },
  );
  return {
    check: (expected) => check(expected).catch(adviseConfig),
    reserve: (expected) => reserve(expected).catch(adviseConfig),
  };
}

/** Notes what is spent, in the currency in which it is. */
function unlimited(ledger: Ledger, run: string, now: () => number): Budget {
  return {
    check: async () => {},
    async reserve({ model, intent, cost }) {
      const expected = inMillionths(cost);
      const note = (spent: Pick<LedgerSpending, 'amount' | 'currency'>) =>
        ledger.reserve({ model, intent, run, ...spent }, now());
      const noting = expected && note(expected);
      // Of a ledger that cannot be used, settling tells.
      noting?.catch(() => {});
      const entry = await noting?.catch(() => undefined);
      return {
        async settle({ costs, mayHaveBeenBilled }) {
          const spent = costs.flatMap((cost) => inMillionths(cost) ?? []);
          if (expected) {
            const { currency } = expected;
            const known = spent.reduce((sum, one) => sum + (one.currency === currency ? one.amount : 0), 0);
            const amount = mayHaveBeenBilled ? Math.max(expected.amount, known) : known;
            if (entry !== undefined) await ledger.settle(entry, { amount, currency });
            else if (amount > 0) await noting;
          }
          for (const one of spent) if (one.currency !== expected?.currency) await note(one);
        },
      };
    },
  };
}

/** `undefined` for nothing, and for what is not known. */
function inMillionths(cost: Money | null): { readonly amount: number; readonly currency: string } | undefined {
  if (cost === null || cost.amount === 0) return undefined;
  return { amount: Math.ceil(cost.amount * 1e6 - 1e-6), currency: cost.currency };
}

/** All in the currency of the limits. Throws `budget` for one that has no rate. */
function sumOf(amounts: Amounts, limits: BudgetLimits, rates: Readonly<Record<string, number>>): number {
  let sum = 0;
  for (const [currency, amount] of amounts) {
    const rate = currency === limits.currency ? 1 : rates[currency];
    if (rate === undefined && amount > 0) throw noRate(currency, amount, limits);
    sum += Math.ceil(amount * (rate ?? 0) - 1e-6);
  }
  return sum;
}

function noRate(currency: string, amount: number, limits: BudgetLimits): ImageError {
  const spent = `${amount / 1e6} ${currency} were spent already`;
  return new ImageError('budget', `${spent}, and the budget is in ${limits.currency}`, {
    details: { limit: 'rates', currency, budget: limits.currency },
  });
}

/** What one unit of each currency is worth in that of the budget. */
export function rateNumbers({ rates = {} }: BudgetLimits): Readonly<Record<string, number>> {
  return Object.fromEntries(Object.entries(rates).map(([name, { rate }]) => [name, rate]));
}

/** Agents read these hints, too. */
const payer = 'the person who pays';

/** Says where a person changes the limit. */
function adviseConfig(error: unknown): never {
  if (!ImageError.isInstance(error) || error.code !== 'budget' || !isRecord(error.details)) throw error;
  const { limit, currency, budget } = error.details;
  const config = 'anyimage config set budget';
  if (limit === 'allowUnknown') {
    throw error.with({
      hint: `Choose a model with a known price; ${payer} can allow others with ${config}.allowUnknown true.`,
    });
  }
  if (limit === 'rates') {
    const way = `${config}.rates.${currency} NUMBER`;
    throw error.with({
      hint: `Choose a model with a price in another currency; ${payer} can say what one ${currency} is in ${budget} with ${way}.`,
    });
  }
  throw error.with({ hint: `Ask for less; ${payer} can raise the limit with ${config}.${limit}.` });
}
