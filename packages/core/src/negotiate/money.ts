// Amounts of money side by side.

import type { Rates } from '../contract/client.ts';
import type { Money } from '../contract/provider.ts';

/** Whether a price is known to be no more than a ceiling. What is free is, in any currency. */
export function isWithin(price: Money | null, most: Pick<Money, 'amount' | 'currency'>, rates: Rates): boolean {
  if (price === null) return false;
  if (price.amount === 0) return true;
  if (price.currency === most.currency) return price.amount <= most.amount;
  if (!canCompare(price.currency, most.currency, rates)) return false;
  return price.amount * rateOf(price.currency, rates)! <= most.amount * rateOf(most.currency, rates)!;
}

/** Whether amounts in the two currencies can be compared. */
export function canCompare(one: string, other: string, rates: Rates): boolean {
  return one === other || (rateOf(one, rates) !== undefined && rateOf(other, rates) !== undefined);
}

/** A service may call its currency anything. */
function rateOf(currency: string, rates: Rates): number | undefined {
  return Object.hasOwn(rates, currency) ? rates[currency] : undefined;
}

/**
 * A total order of prices, the least (`1`) or the greatest (`-1`) first; unknown ones come last. Amounts are in
 * millionths, as `roundMoney` leaves them. Currencies without a rate cannot be compared with others: their prices stay
 * together, in the order in which `prices` has them.
 */
export function byPrice(
  prices: readonly (Money | null)[],
  rates: Rates,
  sign: 1 | -1,
): (a: Money | null, b: Money | null) => number {
  const groups = comparable(prices, rates);
  const groupOf = ({ currency }: Money) => groups.findIndex((group) => group.includes(currency));
  const worth = ({ amount, currency }: Money) => amount * (rateOf(currency, rates) ?? 1);
  return (a, b) => {
    if (!a || !b) return Number(!a) - Number(!b);
    // Nothing is nothing in any currency.
    if (a.amount === 0 || b.amount === 0) return sign * (Number(a.amount > 0) - Number(b.amount > 0));
    return groupOf(a) - groupOf(b) || sign * (worth(a) - worth(b));
  };
}

/** The currencies of these prices, in groups that can be compared. */
export function comparable(prices: readonly (Money | null)[], rates: Rates): readonly (readonly string[])[] {
  const currencies = [...new Set(prices.flatMap((price) => (price && price.amount > 0 ? [price.currency] : [])))];
  const rated = currencies.filter((currency) => rateOf(currency, rates) !== undefined);
  return [...new Set(currencies.map((currency) => (rated.includes(currency) ? rated : [currency])))];
}

/** An amount to a millionth, so that sums show no binary fractions. */
export function roundMoney(amount: number): number {
  return Math.round(amount * 1e6) / 1e6;
}

/** An amount for each currency; those that are not known are left out. */
export function sumMoney(costs: readonly (Money | null | undefined)[]): readonly Money[] {
  const sums = new Map<string, Money>();
  for (const cost of costs) {
    if (!cost) continue;
    const sum = sums.get(cost.currency);
    const amount = roundMoney((sum?.amount ?? 0) + cost.amount);
    sums.set(cost.currency, { ...cost, amount, estimated: cost.estimated || (sum?.estimated ?? false) });
  }
  return [...sums.values()];
}

/** What `count` of `all` pictures cost. */
export function shareOf(cost: Money, count: number, all: number): Money {
  return { ...cost, amount: roundMoney((cost.amount * count) / all) };
}
