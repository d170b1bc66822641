// What a request may cost: by its own ceiling, and by the budget. Where its price hangs on words that it leaves open, they decide.

import type { Route } from '../contract/client.ts';
import type { Engine } from '../contract/engine.ts';
import { ImageError } from '../contract/errors.ts';
import type { Money } from '../contract/provider.ts';
import type { ParsedRequest } from '../contract/request.ts';
import { canCompare, isWithin } from '../negotiate/money.ts';
import { type Asked, type Decision, decideOpen } from './decide.ts';
import { type Taker, takersOf } from './takers.ts';
import { cheapestWay, costText, type PricedWay, pricedWays, rangeText, unknownPrice, wordsText } from './ways.ts';

type Surroundings = Pick<Engine, 'registry' | 'clock' | 'env' | 'rates' | 'budget'>;
type Ceiling = NonNullable<Route['maxCost']>;

/**
 * The decision, if it costs no more than its ceiling. Under `adapt`, words that the request leaves open are said if that makes the
 * price known and low enough: those of the usual quality that does. Throws `budget`, with the cheapest way to ask that would do.
 */
export function withinCeiling(
  engine: Surroundings,
  decision: Decision,
  { request, applied }: Asked,
  { maxCost }: Route,
  adapt: boolean,
): Decision {
  if (!maxCost || isWithin(decision.estimate, maxCost, engine.rates)) return decision;
  const ways = pricedWays(engine, decision, request, adapt);
  const fitting = ways.filter(({ cost }) => isWithin(cost, maxCost, engine.rates));
  const [usual] = fitting;
  if (adapt && usual) return filledIn(usual, decision, { request, applied });
  throw tooDear(engine, decision, request, maxCost, ways, adapt);
}

/**
 * The decision, if the budget lets its price through. Where that is not known, words that the request leaves open are said under
 * `adapt`; else, and if that does not help either, `hint` says what would. Nothing is refused here.
 */
export async function withinBudget(
  engine: Surroundings,
  decision: Decision,
  { request, applied }: Asked,
  adapt: boolean,
): Promise<{ readonly decision: Decision; readonly hint?: string }> {
  if (!engine.budget || decision.estimate || (await isAffordable(engine, decision))) return { decision };
  const ways = pricedWays(engine, decision, request, adapt);
  for (const way of ways) {
    if (!(await isAffordable(engine, way.decision))) continue;
    return adapt
      ? { decision: filledIn(way, decision, { request, applied }) }
      : { decision, hint: wayHint(cheapestWay(ways, engine)!) };
  }
  return { decision };
}

/** Whether the budget would let a request through. */
export async function isAffordable({ budget }: Pick<Engine, 'budget'>, { name, estimate }: Decision): Promise<boolean> {
  try {
    await budget?.check({ model: name, cost: estimate });
    return true;
  } catch (error) {
    if (ImageError.isInstance(error) && error.code === 'budget') return false;
    throw error;
  }
}

/** What was left open is told as if it had been changed, with the reason. */
function filledIn(way: PricedWay, { applied: before }: Decision, { request, applied }: Asked): Decision {
  const because = `so that the price is known before, and low enough: ${costText(way.cost)}`;
  const filled = Object.entries(way.words).map(([option, sent]) => ({
    option,
    asked: request[option as keyof PricedWay['words']] ?? null,
    sent,
    because,
  }));
  const ofModel = before.filter(({ option }) => option === 'model');
  const others = way.decision.applied.filter(({ option }) => option !== 'model');
  return { ...way.decision, applied: [...applied, ...ofModel, ...others, ...filled] };
}

function tooDear(
  engine: Surroundings,
  decision: Decision,
  request: ParsedRequest,
  maxCost: Ceiling,
  ways: readonly PricedWay[],
  adapt: boolean,
): ImageError {
  const { estimate, name, limits } = decision;
  const isComparable = comparesWith(maxCost, engine);
  const most = `at most ${costText(maxCost)} is allowed`;
  // Words make such a price known, and the ceiling is passed all the same: its currency is what to correct.
  const isApart = !estimate && ways.length > 0 && ways.every(({ cost }) => !isComparable(cost));
  const known = isApart ? rangeText(ways) : estimate && costText(estimate);
  const problem = known ? `would cost ${known}` : unknownPrice(limits);
  const fitting = ways.filter(({ cost }) => isWithin(cost, maxCost, engine.rates));
  const own = isApart
    ? apartHint(cheapestWay(ways, engine)!, maxCost, adapt)
    : ownHint(engine, decision, { request, maxCost, adapt }, fitting);
  const others = takersOf(engine, request, adapt).filter((taker) => taker.name !== name);
  const hints = [own, otherHint(engine, others, maxCost)].filter(Boolean);
  return new ImageError('budget', `${name} ${problem}, and ${most}`, {
    details: { option: 'route.maxCost', asked: { ...maxCost }, estimate: estimate && { ...estimate } },
    hint: hints.length > 0 ? hints.join(' ') : lastHint(engine, decision, others, maxCost, ways),
  });
}

/** `Use quality: "low" and size: "1024x1024": 0.007 USD.` */
function wayHint({ words, cost }: PricedWay): string {
  return `Use ${wordsText(words)}: ${costText(cost)}.`;
}

/** A request, and what may come of it. */
interface Limited {
  readonly request: ParsedRequest;
  readonly maxCost: Ceiling;
  readonly adapt: boolean;
}

/** How to ask the same model. */
function ownHint(engine: Surroundings, decision: Decision, asked: Limited, fitting: readonly PricedWay[]): string {
  const { estimate } = decision;
  if (estimate && !comparesWith(asked.maxCost, engine)(estimate)) return noRateHint(estimate, asked.maxCost);
  const way = cheapestWay(fitting, engine);
  return way ? wayHint(way) : fewerHint(engine, decision, asked);
}

/** As many pictures as the ceiling lets through. */
function fewerHint(engine: Surroundings, { model }: Decision, { request, maxCost, adapt }: Limited): string {
  for (let n = request.n - 1; n > 0; n--) {
    const estimate = decideOpen(engine, model, { ...request, n }, adapt)?.estimate ?? null;
    if (estimate && isWithin(estimate, maxCost, engine.rates)) return `Use n: ${n}: ${costText(estimate)}.`;
  }
  return '';
}

/** The cheapest other model that the ceiling lets through. What draws by rules is no other model to who asked for one that does not. */
function otherHint({ rates }: Surroundings, others: readonly Taker[], maxCost: Ceiling): string {
  const other = others.find(({ cost, decision }) => isWithin(cost, maxCost, rates) && !decision.model.row.procedural);
  return other
    ? `Use model: ${JSON.stringify(other.name)}: ${other.isLeast ? 'from ' : ''}${costText(other.cost!)}.`
    : '';
}

/** What is left where nothing at hand is cheap enough. */
function lastHint(
  engine: Surroundings,
  { estimate }: Decision,
  others: readonly Taker[],
  maxCost: Ceiling,
  ways: readonly PricedWay[],
): string {
  const way = cheapestWay(ways, engine);
  const cost = estimate ?? way?.cost;
  const isComparable = comparesWith(maxCost, engine);
  const priced = others.filter((taker) => taker.cost);
  const least = priced.find((taker) => isComparable(taker.cost!)) ?? (cost ? undefined : priced[0]);
  if (least?.cost && isComparable(least.cost)) {
    return `The least that it costs with a model at hand is ${costText(least.cost)}, with model: ${JSON.stringify(least.name)}.`;
  }
  if (least?.cost) return noRateHint(least.cost, maxCost, `model: ${JSON.stringify(least.name)}`);
  return cost ? `Allow ${costText(cost)}.` : 'Choose a model with a known price.';
}

/** Nothing is nothing in any currency. */
export function comparesWith({ currency }: Ceiling, { rates }: Pick<Engine, 'rates'>): (cost: Money) => boolean {
  return (cost) => cost.amount === 0 || canCompare(cost.currency, currency, rates);
}

/** Under `adapt` the words are said anyway. */
function apartHint({ words, cost }: PricedWay, maxCost: Ceiling, adapt: boolean): string {
  return noRateHint(cost, maxCost, adapt ? '' : wordsText(words));
}

/** For a price that nothing compares with the ceiling. `use`: with which words it is the price. */
export function noRateHint(cost: Money, { currency }: Ceiling, use = ''): string {
  const first = use && `use ${use}, and `;
  return `No known rate compares ${currency} with ${cost.currency}: ${first}allow ${costText(cost)}.`;
}

/** The ceiling as the end of a sentence. */
export function ceilingText({ maxCost }: Route): string {
  return maxCost ? ` for at most ${costText(maxCost)}` : '';
}
