// What one run may cost, beside the budget of the person.

import { type Budget, createBudget, ImageError, isRecord, type Rates, type SpendingBook } from '@anyimage/core';

export interface RunLimit {
  readonly amount: number;
  readonly currency: string;
}

/**
 * The budget, and a limit of this run. What has no known price, or one in a currency that `rates` does not compare with the limit's, is
 * refused. `rates`: what currencies are worth in a common one.
 */
export function withRunLimit(budget: Budget, { amount, currency }: RunLimit, rates: Rates = {}): Budget {
  const worth = Object.hasOwn(rates, currency) ? rates[currency]! : undefined;
  const known = worth === undefined ? [] : Object.entries(rates).map(([name, rate]) => [name, rate / worth]);
  const own = createBudget({ currency, perRun: amount, rates: Object.fromEntries(known) }, sumOnly());
  return {
    async check(expected) {
      await own.check(expected).catch(tellRun);
      await budget.check(expected);
    },
    async reserve(expected) {
      const ofRun = await own.reserve(expected).catch(tellRun);
      const ofAll = await budget.reserve(expected).catch(async (error: unknown) => {
        await ofRun.settle({ costs: [], mayHaveBeenBilled: false });
        throw error;
      });
      return {
        async settle(spent) {
          await Promise.all([ofRun.settle(spent), ofAll.settle(spent)]);
        },
      };
    },
  };
}

/** A book that knows the sum alone: a run may have hundreds of thousands of requests. */
function sumOnly(): SpendingBook {
  const open = new Map<number, number>();
  let sum = 0;
  let last = 0;
  return {
    sums: async () => ({ run: sum, day: sum }),
    async reserve({ amount }, decide) {
      decide({ run: sum, day: sum });
      last += 1;
      open.set(last, amount);
      sum += amount;
      return last;
    },
    async settle(entry, amount) {
      sum += amount - (open.get(entry) ?? amount);
      open.delete(entry);
    },
  };
}

/** No setting is to blame. */
function tellRun(error: unknown): never {
  if (!ImageError.isInstance(error) || !isRecord(error.details)) throw error;
  const { limit, currency } = error.details;
  const hints: Readonly<Record<string, string>> = {
    allowUnknown: 'Choose a model with a known price, or leave the budget of the run out.',
    rates: `Give the budget of the run in ${String(currency)}, as the price is.`,
  };
  const hint = hints[String(limit)] ?? 'Ask for less, or give the run a larger budget.';
  throw error.with({ hint, details: { ...error.details, limit: 'run' } as typeof error.details });
}
