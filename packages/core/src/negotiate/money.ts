// Amounts of money side by side.

import type { Rates } from '../contract/client.ts';
import type { Money } from '../contract/provider.ts';

/** Whether a price is known to be no more than a ceiling. What is free is, in any currency. */
export function isWithin(price: Money | null, most: Pick<Money, 'amount' | 'currency'>, rates: Rates): boolean {
  if (price === null) return false;
  if (price.amount === 0) return true;
  if (price.currency === most.currency) return price.amount <= most.amount;
  if (!canCompare(price.currency, most.currency, rates)) return false;
  return price.amount * rates[price.currency]! <= most.amount * rates[most.currency]!;
}

/** Whether amounts in the two currencies can be compared. */
export function canCompare(one: string, other: string, rates: Rates): boolean {
  return one === other || (rates[one] !== undefined && rates[other] !== undefined);
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
  const worth = ({ amount, currency }: Money) => amount * (rates[currency] ?? 1);
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
  const rated = currencies.filter((currency) => rates[currency] !== undefined);
  return [...new Set(currencies.map((currency) => (rated.includes(currency) ? rated : [currency])))];
}

/** An amount to a millionth, so that sums show no binary fractions. */
export function roundMoney(amount: number): number {
  return Math.round(amount * 1e6) / 1e6;
}

/** All as one amount; `null` if there is none, one is unknown, or they are in several currencies. */
export function sumMoney(costs: readonly (Money | null)[]): Money | null {
  const known = costs.filter((cost) => cost !== null);
  const [first] = known;
  if (!first || known.length < costs.length || known.some(({ currency }) => currency !== first.currency)) return null;
  return { ...first, amount: roundMoney(known.reduce((sum, { amount }) => sum + amount, 0)) };
}

/** What `count` of `all` pictures cost. */
export function shareOf(cost: Money, count: number, all: number): Money {
  return { ...cost, amount: roundMoney((cost.amount * count) / all) };
}
