// What one run may cost, beside the budget of the person.

import { type Budget, ImageError, isRecord, memoryBudget, type Rates } from '@anyimage/core';

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
  const own = memoryBudget({ currency, perRun: amount, rates: Object.fromEntries(known) });
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
