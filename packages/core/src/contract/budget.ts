// What may be spent: limits, and the book in which each amount is noted before it is spent.

import { ImageError } from './errors.ts';
import type { Money } from './provider.ts';

/** Sees every amount before it is spent. Throws `budget` to refuse. */
export interface Budget {
  /** Throws `budget` if `reserve` would refuse this now. Notes nothing. */
  check(expected: { model: string; cost: Money | null }): Promise<void>;
  /** `null` = the price is unknown. */
  reserve(expected: { model: string; intent: string; cost: Money | null }): Promise<Reservation>;
}
export interface Reservation {
  /**
   * What was really spent, an amount for each currency; nothing, and nothing billed, gives the reservation back. `mayHaveBeenBilled`: there
   * may be more that nobody knows of. Throws `budget` for a currency without a rate, after what was reserved is counted for it.
   */
  settle(spent: { costs: readonly Money[]; mayHaveBeenBilled: boolean }): Promise<void>;
}

/** Limits in one currency. Absent = none. */
export interface SpendingLimits {
  readonly currency: string;
  /** Most that one request may cost, all its pictures together. */
  readonly perCall?: number | undefined;
  /** Most that all requests of one budget may cost. */
  readonly perRun?: number | undefined;
  /** Most that a day may cost, of all budgets that share the book. */
  readonly perDay?: number | undefined;
  /** The same for a month. It needs a book that adds up months. */
  readonly perMonth?: number | undefined;
  /** Allow what has no known price, and count it as nothing. Default: refuse it. */
  readonly allowUnknown?: boolean | undefined;
  /** What one unit of another currency is worth in that of the limits. */
  readonly rates?: { readonly [currency: string]: number };
}

/** What was noted as spent, in millionths of the currency of the limits, so that sums are exact. */
export interface SpendingSums {
  readonly run: number;
  readonly day: number;
  /** Absent where the book adds up no months. */
  readonly month?: number;
}

/** Where amounts are noted, in millionths. Whoever shares a book shares what a day may cost. */
export interface SpendingBook {
  sums(): Promise<SpendingSums>;
  /**
   * Hands the sums to `decide`, and notes the amount if that does not throw; between the two nobody else can spend. Returns the
   * entry's number.
   */
  reserve(spending: Spending, decide: (sums: SpendingSums) => void): Promise<number>;
  settle(entry: number, amount: number): Promise<void>;
}

export interface Spending {
  readonly intent: string;
  readonly model: string;
  readonly amount: number;
}

const millionth = 1e6;

/**
 * A budget over a book. Each request reserves its price before it is sent, and says afterwards what it really cost; what may have
 * been billed stays counted. Throws `budget` for what is too much, or has no known price and is not free; its `details` say in
 * `limit` which of the limits stands in the way. Throws `config` at once for limits or rates out of their range.
 */
export function createBudget(limits: SpendingLimits, book: SpendingBook): Budget {
  checkLimits(limits);
  return {
    async check({ model, cost }) {
      const amount = amountOf(model, cost, limits);
      refuseExcess(amount, await book.sums(), limits);
    },
    async reserve({ model, intent, cost }) {
      const amount = amountOf(model, cost, limits);
      const entry = await book.reserve({ intent, model, amount }, (sums) => refuseExcess(amount, sums, limits));
      return {
        async settle({ costs, mayHaveBeenBilled }) {
          const foreign = costs.find((cost) => !isKnown(cost, limits));
          const known = costs.reduce((sum, cost) => sum + (isKnown(cost, limits) ? inMillionths(cost, limits) : 0), 0);
          await book.settle(entry, mayHaveBeenBilled || foreign ? Math.max(amount, known) : known);
          if (foreign) inMillionths(foreign, limits);
        },
      };
    },
  };
}

/** A budget that ends with the process. A day is one of `now`, Unix time in ms; default the machine's. */
export function memoryBudget(limits: SpendingLimits, { now = Date.now }: { now?: () => number } = {}): Budget {
  const entries: { amount: number; readonly day: string }[] = [];
  const today = () => new Date(now()).toDateString();
  const sumOf = (amounts: readonly { readonly amount: number }[]) =>
    amounts.reduce((sum, { amount }) => sum + amount, 0);
  const sums = () => ({ run: sumOf(entries), day: sumOf(entries.filter(({ day }) => day === today())) });
  return createBudget(limits, {
    sums: async () => sums(),
    async reserve({ amount }, decide) {
      decide(sums());
      return entries.push({ amount, day: today() }) - 1;
    },
    async settle(entry, amount) {
      entries[entry]!.amount = amount;
    },
  });
}

/** A limit that is no number would allow everything. */
function checkLimits({ perCall, perRun, perDay, perMonth, rates = {} }: SpendingLimits): void {
  const numbers = Object.entries({ perCall, perRun, perDay, perMonth }).map(([key, value]) => [key, value, 0] as const);
  const worths = Object.entries(rates).map(([key, value]) => [`rates.${key}`, value, Number.MIN_VALUE] as const);
  for (const [option, value, least] of [...numbers, ...worths]) {
    if (value === undefined || (Number.isFinite(value) && value >= least)) continue;
    const must = least === 0 ? 'a number from 0' : 'a number above 0';
    throw new ImageError('config', `${option} of the budget must be ${must} (got ${value})`, {
      details: { option, asked: String(value) },
      hint: `Correct ${option}, or leave it out.`,
    });
  }
}

/** What counts against the limits. Throws `budget` for a price that is unknown or in a currency without a rate. */
function amountOf(model: string, cost: Money | null, limits: SpendingLimits): number {
  if (cost !== null) return inMillionths(cost, limits);
  if (limits.allowUnknown) return 0;
  throw new ImageError('budget', `the price of ${model} is unknown, and there is a budget`, {
    details: { limit: 'allowUnknown' },
    hint: 'Choose a model with a known price, or allow this one with allowUnknown.',
  });
}

/** Whether the amount can be told in the currency of the limits. What is nothing is, in any. */
function isKnown({ amount, currency }: Money, { currency: own, rates = {} }: SpendingLimits): boolean {
  return amount === 0 || currency === own || Object.hasOwn(rates, currency);
}

/** Throws `budget` for a currency without a rate. */
function inMillionths({ amount, currency }: Money, { currency: own, rates = {} }: SpendingLimits): number {
  const rate = currency === own ? 1 : Object.hasOwn(rates, currency) ? rates[currency] : undefined;
  if (amount === 0) return 0;
  if (rate !== undefined) return Math.ceil(amount * rate * millionth - 1e-6);
  throw new ImageError('budget', `the price is in ${currency}, the budget in ${own}`, {
    details: { limit: 'rates', currency, budget: own },
    hint: `Say in rates what one ${currency} is worth in ${own}.`,
  });
}

/** Throws `budget` if `amount` is too much beside what was spent; all but the limits in millionths. */
export function refuseExcess(amount: number, { run, day, month = 0 }: SpendingSums, limits: SpendingLimits): void {
  if (amount === 0) return;
  const bounds = [
    ['perCall', 0, limits.perCall, 'one request'],
    ['perRun', run, limits.perRun, 'this run'],
    ['perDay', day, limits.perDay, 'today'],
    ['perMonth', month, limits.perMonth, 'this month'],
  ] as const;
  for (const [key, spent, limit, what] of bounds) {
    if (limit === undefined || spent + amount <= Math.round(limit * millionth)) continue;
    const { currency } = limits;
    const before = spent > 0 ? `, ${spent / millionth} ${currency} of it spent` : '';
    const message = `this would cost ${amount / millionth} ${currency}; the budget for ${what} is ${limit} ${currency}${before}`;
    throw new ImageError('budget', message, {
      details: { limit: key, allowed: limit, spent: spent / millionth, asked: amount / millionth, currency },
      hint: `Ask for less, or raise ${key} of the budget.`,
    });
  }
}
