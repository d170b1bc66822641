// What a request may cost: by its key and by the gateway, both decided in the moment in which the amount is noted.

import {
  type Budget,
  createBudget,
  ImageError,
  isRecord,
  type Money,
  refuseExcess,
  type SpendingLimits,
} from '@anyimage/core';
import { ratesOf } from '@anyimage/host';
import type { Amount, Amounts, GatewayKey, SpendingStore } from '@anyimage/store-redis/contract';
import type { GatewayConfig } from '../config/gateway-config.ts';

export interface BudgetOptions {
  readonly spending: SpendingStore;
  readonly limits: GatewayConfig['budget'];
  /** Unix time, ms. */
  readonly now: () => number;
}

/** The currency of keys' budgets where no config says it. */
const usualCurrency = 'USD';

/**
 * The budget of a key. Throws `budget` for what is too much, or has no known price under a limit; `storage`. Where nothing is limited, what
 * is spent is noted all the same.
 */
export function keyBudget(
  key: GatewayKey,
  { spending, limits = { currency: usualCurrency }, now }: BudgetOptions,
): Budget {
  const { currency, perCall, perDay, perMonth, allowUnknown } = limits;
  const rates = ratesOf(limits);
  const own: SpendingLimits = { currency, perCall, perDay: key.perDay, perMonth: key.perMonth, allowUnknown, rates };
  const all: SpendingLimits = { currency, perDay, perMonth };
  const isLimited = [perCall, perDay, perMonth, key.perDay, key.perMonth].some((limit) => limit !== undefined);
  if (!isLimited) return unlimited(key, spending, now);
  const inCurrency = ({ day, month }: { readonly day: Amounts; readonly month: Amounts }) => ({
    run: 0,
    day: sumOf(day, currency, rates),
    month: sumOf(month, currency, rates),
  });
  const budget = createBudget(own, {
    async sums() {
      const sums = await spending.sums(key.id, now());
      return inCurrency(sums.key);
    },
    reserve: ({ intent, model, amount }, decide) =>
      spending.reserve({ intent, model, amount, currency, key: key.id, at: now() }, (sums) => {
        decide(inCurrency(sums.key));
        refuseExcess(amount, inCurrency(sums.all), all);
      }),
    settle: (entry, amount) => spending.settle(entry, amount),
  });
  return {
    check: (expected) => budget.check(expected).catch((error: unknown) => advise(error, key)),
    reserve: (expected) => budget.reserve(expected).catch((error: unknown) => advise(error, key)),
  };
}

function unlimited(key: GatewayKey, spending: SpendingStore, now: () => number): Budget {
  return {
    check: async () => {},
    async reserve({ model, intent, cost }) {
      const expected = inMillionths(cost) ?? { amount: 0, currency: cost?.currency ?? usualCurrency };
      const entry = await spending.reserve({ model, intent, key: key.id, at: now(), ...expected });
      return {
        async settle({ costs, mayHaveBeenBilled }) {
          const spent = costs.flatMap((one) => inMillionths(one) ?? []);
          const known = spent
            .filter(({ currency }) => currency === expected.currency)
            .reduce((sum, { amount }) => sum + amount, 0);
          const more = spent.filter(({ currency }) => currency !== expected.currency);
          await spending.settle(entry, mayHaveBeenBilled ? Math.max(expected.amount, known) : known, more);
        },
      };
    },
  };
}

/** `undefined` for nothing, and for what is not known. */
function inMillionths(cost: Money | null): Amount | undefined {
  if (cost === null || cost.amount === 0) return undefined;
  return { amount: Math.ceil(cost.amount * 1e6 - 1e-6), currency: cost.currency };
}

function sumOf(amounts: Amounts, currency: string, rates: { readonly [currency: string]: number }): number {
  let sum = 0;
  for (const [name, amount] of amounts) {
    if (amount === 0) continue;
    const rate = name === currency ? 1 : rates[name];
    if (rate === undefined) {
      throw new ImageError('budget', `${amount / 1e6} ${name} were spent already, and the budget is in ${currency}`, {
        details: { limit: 'rates', currency: name, budget: currency },
      });
    }
    sum += Math.ceil(amount * rate - 1e-6);
  }
  return sum;
}

/** Says who can change it. */
function advise(error: unknown, { name }: GatewayKey): never {
  if (!ImageError.isInstance(error) || error.code !== 'budget') throw error;
  const limit = isRecord(error.details) ? error.details.limit : undefined;
  const who = 'whoever runs the gateway';
  if (limit === 'allowUnknown') {
    throw error.with({
      hint: `Choose a model with a known price; ${who} can set budget.allowUnknown in gateway.json.`,
    });
  }
  if (limit === 'rates')
    throw error.with({ hint: `Choose another model; ${who} can set budget.rates in gateway.json.` });
  throw error.with({
    hint: `Ask for less, or later; ${who} can raise the budget of the key ${name} or of the gateway.`,
  });
}
