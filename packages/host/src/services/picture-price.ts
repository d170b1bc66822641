// What one picture of a model costs, as a person wants to know it before choosing one.

import {
  costOf,
  isLoopback,
  type Limits,
  limitsOf,
  type ModelCapabilities,
  type Money,
  type Price,
} from '@anyimage/core';
import { embeddedProvider } from './embedded.ts';
import type { ModelFacts } from './model-facts.ts';

export interface PicturePrice {
  /** `free`, `0.06 CNY`, `0.006–0.211 USD`, `0.03 USD per megapixel`, `known only afterwards`. */
  readonly text: string;
  /** The least that a picture may cost; absent where it is not known before. */
  readonly least?: Pick<Money, 'amount' | 'currency'>;
}

/**
 * The price of one picture with everything left to the model; where that is not known, the range of what is. Of the given operation, else
 * of the one that makes pictures from words, else of the first.
 */
export function picturePrice(
  { row, region }: Pick<ModelFacts, 'row' | 'region'>,
  operation = 'generate',
): PicturePrice {
  const limits = limitsOf(row, operation) ?? limitsOf(row, Object.keys(row.operations)[0] ?? '') ?? row;
  const usual = costOf(limits, { region }, 1, 1);
  if (usual) return { text: amountText(usual.amount, usual.currency), least: usual };
  return rangeOf(limits, region);
}

function rangeOf({ prices = [] }: Limits, region: string): PicturePrice {
  const here = prices.filter(({ when }) => when?.region === undefined || when.region === region);
  const whole = here.filter(({ per }) => per === 'image' || per === 'call');
  const [first] = whole;
  if (first) {
    const amounts = whole.filter(({ currency }) => currency === first.currency).map(({ amount }) => amount);
    const [least, most] = [Math.min(...amounts), Math.max(...amounts)];
    const text = least === most ? amountText(least, first.currency) : `${least}–${most} ${first.currency}`;
    return { text, least: { amount: least, currency: first.currency } };
  }
  const area = here.find(({ per }) => per === 'megapixel');
  if (area) return { text: `${amountText(area.amount, area.currency)} per megapixel` };
  return { text: here.length > 0 ? 'known only afterwards' : 'price unknown' };
}

function amountText(amount: number, currency: string): string {
  return amount === 0 ? 'free' : `${amount} ${currency}`;
}

/** Whether pictures are made on this machine. `baseURL`: where the provider is reached. */
export function isOnThisMachine({ provider }: ModelFacts, baseURL: string | undefined): boolean {
  if (provider.id === embeddedProvider) return true;
  return baseURL !== undefined && isLoopback(baseURL);
}

/** Whether a model costs nothing in a region, whatever it does and however it is asked: operations and families may have prices of their own. */
export function isFree(row: ModelCapabilities, region: string): boolean {
  const rows = [row, ...Object.values(row.families?.rows ?? {}).map((family) => family.row)];
  return rows.every((one) =>
    Object.keys(one.operations).every((operation) => isNothing(limitsOf(one, operation)?.prices, region)),
  );
}

/** Where each price is for some requests alone, what others cost is not known. */
function isNothing(prices: readonly Price[] = [], region: string): boolean {
  const isOfAll = ({ when = {} }: Price) =>
    Object.entries(when).every(([key, value]) => key === 'region' && value === region);
  const isNone = ({ amount, further = 0 }: { readonly amount: number; readonly further?: number }) =>
    amount === 0 && further === 0;
  return prices.every((price) => isNone(price) && isNone(price.inputs ?? price)) && prices.some(isOfAll);
}
