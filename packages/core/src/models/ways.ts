// How to say what a request leaves open, so that its price is known: some tables have prices for some sizes and qualities alone.

import type { Limits, Size } from '../contract/capabilities.ts';
import type { Engine } from '../contract/engine.ts';
import type { Money } from '../contract/provider.ts';
import type { ParsedRequest } from '../contract/request.ts';
import { asksForNothing, byUsualQuality, findValue } from '../negotiate/choices.ts';
import { byPrice } from '../negotiate/money.ts';
import { type Decision, decideOpen } from './decide.ts';

type Surroundings = Pick<Engine, 'registry' | 'clock' | 'env' | 'rates'>;

/** Words that a request may leave open and a table prices by. */
export interface OpenWords {
  readonly quality?: string;
  readonly size?: Size;
  readonly resolution?: string;
}

/** One way to say what a request leaves open. Its price is known. */
export interface PricedWay {
  readonly words: OpenWords;
  readonly decision: Decision;
  readonly cost: Money;
}

/**
 * The ways to say what a request leaves open, so that its price is known: the usual quality first, and of two as usual the cheaper.
 * What is said already stays as it is, or is adapted if `adapt` says so.
 */
export function pricedWays(
  engine: Surroundings,
  { model, limits, access }: Decision,
  request: ParsedRequest,
  adapt: boolean,
): readonly PricedWay[] {
  const ways = openWords(limits, request, access.region, adapt).flatMap((words): PricedWay[] => {
    const decision = decideOpen(engine, model, { ...request, ...words }, adapt);
    return decision?.estimate ? [{ words, decision, cost: decision.estimate }] : [];
  });
  const usual = byUsualQuality(limits.quality || undefined);
  const cheaper = byCost(ways, engine);
  return ways.toSorted((a, b) => usual(a.words.quality, b.words.quality) || cheaper(a, b));
}

/** The cheapest of some ways; `undefined` if there is none. */
export function cheapestWay(ways: readonly PricedWay[], engine: Pick<Engine, 'rates'>): PricedWay | undefined {
  return ways.toSorted(byCost(ways, engine))[0];
}

function byCost(ways: readonly PricedWay[], { rates }: Pick<Engine, 'rates'>) {
  const costs = ways.map(({ cost }) => cost);
  const order = byPrice(costs, rates, 1);
  return (a: PricedWay, b: PricedWay) => order(a.cost, b.cost);
}

/** What the prices of a table hang on, as far as a request leaves it open. So it does with a quality that is adapted anyway. */
function openWords(
  { prices = [], quality: choice }: Limits,
  request: ParsedRequest,
  region: string,
  adapt: boolean,
): readonly OpenWords[] {
  const { quality, size, aspectRatio, resolution } = request;
  const isAdapted = adapt && choice && quality !== undefined && findValue(choice, quality) === undefined;
  const isQualityOpen = quality === undefined || asksForNothing(quality) || isAdapted;
  const isSizeOpen = size === undefined && aspectRatio === undefined && resolution === undefined;
  const ways = prices
    .filter(({ when = {} }) => when.region === undefined || when.region === region)
    .map(
      ({ when = {} }): OpenWords => ({
        ...(when.quality !== undefined && isQualityOpen && { quality: when.quality }),
        ...(when.size !== undefined && isSizeOpen && { size: when.size }),
        ...(when.tier !== undefined && isSizeOpen && when.size === undefined && { resolution: when.tier }),
      }),
    )
    .filter((words) => Object.keys(words).length > 0);
  return [...new Map(ways.map((words) => [JSON.stringify(words), words])).values()];
}

/** `quality: "low" and size: "1024x1024"`: as hints name words. */
export function wordsText(words: OpenWords): string {
  return Object.entries(words)
    .map(([word, value]) => `${word}: ${JSON.stringify(value)}`)
    .join(' and ');
}

/** `0.06 CNY`, `nothing`. */
export function costText({ amount, currency }: Pick<Money, 'amount' | 'currency'>): string {
  return amount === 0 ? 'nothing' : `${amount} ${currency}`;
}

/** `0.006 to 0.2 USD, by quality and size`: what ways cost, of which there is one at least. */
export function rangeText(ways: readonly PricedWay[]): string {
  const currencies = [...new Set(ways.map(({ cost }) => cost.currency))];
  const ranges = currencies.map((currency) => {
    const amounts = ways.filter(({ cost }) => cost.currency === currency).map(({ cost }) => cost.amount);
    const [least, most] = [Math.min(...amounts), Math.max(...amounts)];
    return least === most ? costText({ amount: least, currency }) : `${least} to ${most} ${currency}`;
  });
  const words = new Set(ways.flatMap((way) => Object.keys(way.words)));
  return `${ranges.join(' or ')}, by ${[...words].join(' and ')}`;
}

/** What a table says of its prices, behind the name of a model: `has no known price`, or with which words it has one. */
export function unknownPrice({ prices = [] }: Limits): string {
  const valuesOf = (word: 'quality' | 'size' | 'tier') => [
    ...new Set(prices.flatMap(({ when }) => when?.[word] ?? [])),
  ];
  const named = [
    ['quality', valuesOf('quality')],
    ['size', valuesOf('size')],
    ['resolution', valuesOf('tier')],
  ] as const;
  const parts = named
    .filter(([, values]) => values.length > 0)
    .map(([word, values]) => `${word} (${values.join(', ')})`);
  return parts.length > 0 ? `has a known price only with ${parts.join(' and ')}` : 'has no known price';
}
