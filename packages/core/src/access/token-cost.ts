import type { Price } from '../contract/capabilities.ts';
import type { Money, Usage } from '../contract/provider.ts';
import { roundMoney } from '../negotiate/money.ts';

const kinds = {
  textIn: '1M text in',
  imageIn: '1M image in',
  textOut: '1M text out',
  imageOut: '1M image out',
} as const satisfies Record<keyof Usage, Price['per']>;

/**
 * What used tokens cost at prices per million, to a millionth, estimated where a price is unsure; undefined if a kind that was used
 * has no price, prices have several currencies, or nothing was used.
 */
export function tokenCost(usage: Usage, prices: readonly Price[]): Money | undefined {
  let amount = 0;
  let currency: Price['currency'] | undefined;
  let estimated = false;
  for (const [kind, per] of Object.entries(kinds)) {
    const tokens = usage[kind as keyof Usage];
    if (!tokens) continue;
    const price = prices.find((candidate) => candidate.per === per);
    if (!price || (currency && price.currency !== currency)) return undefined;
    currency = price.currency;
    estimated ||= price.unsure ?? false;
    amount += (tokens * price.amount) / 1e6;
  }
  return currency && { amount: roundMoney(amount), currency, estimated };
}
