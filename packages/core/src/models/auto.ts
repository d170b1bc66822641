// `model: "auto"`: which of the configured models takes the request as it is, and which of those comes first.

import * as z from 'zod';
import {
  type Day,
  type Json,
  type ModelCapabilities,
  modelStatus,
  operationIn,
  rowIn,
} from '../contract/capabilities.ts';
import type { Rates, Route } from '../contract/client.ts';
import type { Engine, ModelEntry } from '../contract/engine.ts';
import { ImageError } from '../contract/errors.ts';
import type { Money } from '../contract/provider.ts';
import type { ParsedRequest } from '../contract/request.ts';
import { byPrice, comparable, isWithin } from '../negotiate/money.ts';
import { operationOf } from '../negotiate/negotiate.ts';
import { utcDay } from '../timing/clock.ts';
import { ceilingText, comparesWith, isAffordable, noRateHint, withinBudget } from './ceiling.ts';
import { type Decision, decideOpen, decideUnchanged, refusalOf } from './decide.ts';
import { modelsOf } from './takers.ts';
import { cheapestWay, costText, type PricedWay, pricedWays, wordsText } from './ways.ts';

type Surroundings = Pick<Engine, 'registry' | 'clock' | 'env' | 'rates' | 'budget'>;

const schema = z.strictObject({
  maxCost: z
    .strictObject(
      {
        amount: z.number({ error: 'must be a number from 0' }).min(0, 'must be a number from 0'),
        currency: z
          .string({ error: 'must be a currency such as USD' })
          .regex(/^[A-Z]{3}$/, 'must be a currency such as USD'),
      },
      'must be an amount of money such as { amount: 0.1, currency: "USD" }',
    )
    .optional(),
  prefer: z.enum(['price', 'speed', 'quality'], 'must be one of price, speed, quality').optional(),
});

/** Checks the words. `isAuto`: whether there is a choice. Throws `invalid-request`. */
export function checkRoute(route: Route | undefined, isAuto: boolean): Route {
  if (route === undefined) return {};
  const issue = schema.safeParse(route).error?.issues[0];
  if (issue) {
    const option = ['route', ...issue.path].join('.');
    const said = issue.code === 'unrecognized_keys' ? `has no ${issue.keys.join(', ')}` : issue.message;
    throw new ImageError('invalid-request', `${option} ${said}`, {
      details: { option, problem: said },
      hint: `Correct ${option} and ask again; nothing was sent.`,
    });
  }
  if (route.prefer && !isAuto) {
    throw new ImageError(
      'invalid-request',
      `prefer (${route.prefer}) is for model "auto"; a named model leaves no choice`,
      {
        details: { option: 'route.prefer', asked: route.prefer },
        hint: 'Leave out model, or prefer.',
      },
    );
  }
  return route;
}

/** How many models are tried: the choice, and the next ones if it is unavailable. */
const tries = 3;

interface Refusals {
  readonly first: ModelEntry;
  count: number;
}

/** What every model at hand says to a request. */
interface Survey {
  /** Of the models that take it, within the ceiling. */
  readonly fitting: readonly Decision[];
  /** Of the models that know the operation: the first that refuses each word, and how many do. */
  readonly refusals: ReadonlyMap<string, Refusals>;
  readonly seen: number;
  /** They take it with changes. */
  readonly changes: boolean;
  /** Of those that take it and cost more, or have no known price: the least that each is known to cost. */
  readonly tooDear: readonly (PricedWay | undefined)[];
}

/** What a choice goes by besides the request. */
export interface ChoiceOptions {
  readonly route: Route;
  /** The prompt's, ISO 639-1, where it is known. */
  readonly language: string | undefined;
  /** Whether words that the request leaves open may be said, so that a price is known. */
  readonly adapt: boolean;
}

/**
 * The models to try, best first, with the reason in `applied`. The request decides first: only models that take it count, within its
 * ceiling and the budget. Models that draw without a neural network come last. Before all else that is preferred comes what is free, unless
 * speed or quality is. Throws `unsupported` if no model takes it, `budget` if none may cost what it costs.
 */
export async function chooseModels(
  engine: Surroundings,
  request: ParsedRequest,
  { route, language, adapt }: ChoiceOptions,
): Promise<readonly ModelEntry[]> {
  const survey = surveyBoth(engine, request, route, adapt);
  if (survey.fitting.length === 0) throw noneFits(engine, request, survey, route);
  const today = utcDay(engine.clock);
  const byPreference = orderOf(route.prefer, survey.fitting, engine.rates);
  const isFreeFirst = route.prefer === undefined || route.prefer === 'price';
  const ranked = survey.fitting
    .map((decision, index) => ({ decision, index, rank: rankOf(decision, { language, today, isFreeFirst }) }))
    .sort(
      (a, b) =>
        a.rank - b.rank ||
        byPreference(a.decision, b.decision) ||
        defaultFirst(a.decision, b.decision) ||
        a.index - b.index,
    )
    .map(({ decision }) => decision);
  const chosen = await affordable(engine, ranked, request, adapt);
  const reason = reasonFor(chosen[0]!, survey, route, engine.rates);
  const nextReason = `the next of ${survey.fitting.length} models that take the request`;
  return chosen.map(({ model, name }, index) => {
    const because = index === 0 ? reason : nextReason;
    return { ...model, applied: [{ option: 'model', asked: 'auto', sent: name, because }] };
  });
}

/** The first models that the budget lets through; if it does so with none, the first ones all the same: it says why not. */
async function affordable(
  engine: Surroundings,
  ranked: readonly Decision[],
  request: ParsedRequest,
  adapt: boolean,
): Promise<readonly Decision[]> {
  if (!engine.budget) return ranked.slice(0, tries);
  const chosen: Decision[] = [];
  for (const decision of ranked) {
    const asked = { request, applied: [] };
    const { decision: meant } = await withinBudget(engine, decision, asked, adapt);
    if (await isAffordable(engine, meant)) chosen.push(decision);
    if (chosen.length === tries) break;
  }
  return chosen.length > 0 ? chosen : ranked.slice(0, tries);
}

/** Those that take the request as it is; only if there is none, under `adapt`, those that take it with changes. */
function surveyBoth(engine: Surroundings, request: ParsedRequest, route: Route, adapt: boolean): Survey {
  const asItIs = surveyModels(engine, request, route, { adapt, changes: false });
  if (!adapt || asItIs.fitting.length + asItIs.tooDear.length > 0) return asItIs;
  const changed = surveyModels(engine, request, route, { adapt, changes: true });
  return changed.fitting.length + changed.tooDear.length > 0 ? changed : asItIs;
}

function surveyModels(
  engine: Surroundings,
  request: ParsedRequest,
  { maxCost }: Route,
  { adapt, changes }: { readonly adapt: boolean; readonly changes: boolean },
): Survey {
  const operation = operationOf(request);
  const fitting: Decision[] = [];
  const refusals = new Map<string, Refusals>();
  const tooDear: (PricedWay | undefined)[] = [];
  let seen = 0;
  for (const model of modelsOf(engine, engine.registry.configured(engine.env))) {
    seen += 1;
    const note = (error: ImageError) => {
      if (operationIn(model.row, operation) === undefined) return;
      const known = refusals.get(optionOf(error));
      if (known) known.count += 1;
      else refusals.set(optionOf(error), { first: model, count: 1 });
    };
    const decision = changes ? decideOpen(engine, model, request, true) : decideUnchanged(engine, model, request, note);
    if (!decision) continue;
    const isCheap = (cost: Money | null) => !maxCost || isWithin(cost, maxCost, engine.rates);
    if (isCheap(decision.estimate)) {
      fitting.push(decision);
      continue;
    }
    const ways = pricedWays(engine, decision, request, changes);
    const usual = adapt ? ways.find(({ cost }) => isCheap(cost)) : undefined;
    if (usual) fitting.push(usual.decision);
    else tooDear.push(leastOf(decision, ways, engine));
  }
  return { fitting, refusals, seen, tooDear, changes };
}

/** The least that a model is known to cost. */
function leastOf(decision: Decision, ways: readonly PricedWay[], engine: Surroundings): PricedWay | undefined {
  const { estimate } = decision;
  return cheapestWay([...(estimate ? [{ words: {}, decision, cost: estimate }] : []), ...ways], engine);
}

function noneFits(engine: Surroundings, request: ParsedRequest, survey: Survey, route: Route): ImageError {
  const { refusals, seen, tooDear } = survey;
  if (route.maxCost && tooDear.length > 0) return allTooDear(engine, survey, route.maxCost);
  const [common] = [...refusals.values()].sort((a, b) => b.count - a.count);
  const usual = common && refusalOf(engine, common.first, request);
  const why = usual ? `; mostly because ${usual.message}` : '';
  const message = `none of the ${seen} models at hand takes the request as it is${ceilingText(route)}${why}`;
  return new ImageError('unsupported', message, {
    details: { option: 'model', asked: 'auto' },
    hint: usual?.hint ?? 'Ask for less, set the key of another service, or name a model.',
  });
}

/** Some models take the request, and none for so little. */
function allTooDear(
  engine: Surroundings,
  { tooDear, seen }: Survey,
  maxCost: NonNullable<Route['maxCost']>,
): ImageError {
  const isComparable = comparesWith(maxCost, engine);
  const known = tooDear.filter((way) => way !== undefined);
  const alike = known.filter(({ cost }) => isComparable(cost));
  const least = cheapestWay(alike.length > 0 ? alike : known, engine);
  const takes = `${tooDear.length} of the ${seen} models at hand take the request`;
  const none = `none is known to cost at most ${costText(maxCost)}`;
  const which = least ? `; the cheapest is ${least.decision.name}${withWords(least)}, for ${costText(least.cost)}` : '';
  return new ImageError('budget', `${takes}, ${none}${which}`, {
    details: { option: 'route.maxCost', asked: { ...maxCost }, estimate: least ? { ...least.cost } : null },
    hint: least ? dearHint(engine, least, maxCost) : 'Name a model, and leave the ceiling out.',
  });
}

function withWords({ words }: PricedWay): string {
  return Object.keys(words).length > 0 ? ` with ${wordsText(words)}` : '';
}

function dearHint(
  engine: Surroundings,
  { words, decision, cost }: PricedWay,
  maxCost: NonNullable<Route['maxCost']>,
): string {
  if (!comparesWith(maxCost, engine)(cost)) return noRateHint(cost, maxCost);
  const more = Object.keys(words).length > 0 ? ` and ${wordsText(words)}` : '';
  const way = `Use model: ${JSON.stringify(decision.name)}${more}`;
  return isWithin(cost, maxCost, engine.rates) ? `${way}: ${costText(cost)}.` : `${way}, and allow ${costText(cost)}.`;
}

/** Why the first of the models was chosen. */
function reasonFor({ estimate }: Decision, { fitting, changes }: Survey, route: Route, rates: Rates): string {
  const { prefer } = route;
  const how = `the request ${changes ? 'with changes' : 'as it is'}${ceilingText(route)}`;
  const groups = comparable(pricesOf(fitting), rates);
  if (fitting.length === 1) return `the only model at hand that takes ${how}`;
  const which = prefer ? `chosen ${reasons[prefer]} among` : `${placeByPrice(estimate, groups)} of`;
  return `${which} ${fitting.length} models that take ${how}${apart(prefer, estimate, groups)}`;
}

/** Currencies that can be compared. */
type Currencies = readonly string[];

/** Among prices that cannot all be compared, something is the cheapest in its currency alone. */
function placeByPrice(estimate: Money | null, groups: readonly Currencies[]): string {
  if (!estimate) return 'the first';
  if (estimate.amount === 0) return 'free, and the first';
  const own = groups.length > 1 && groups.find((group) => group.includes(estimate.currency));
  return own ? `the cheapest in ${own.join(' or ')}` : 'the cheapest';
}

const reasons = {
  price: 'for its price',
  speed: 'for its speed',
  quality: 'as the dearest, taken for the best,',
};

/** The word that an error is about. */
function optionOf({ details }: ImageError): string {
  return JSON.stringify((details as { option?: Json } | undefined)?.option) ?? '';
}

/** Lower comes first: what a person would be least surprised by. */
function rankOf(
  { model: { row }, access, warnings, estimate }: Decision,
  how: { readonly language: string | undefined; readonly today: Day; readonly isFreeFirst: boolean },
): number {
  const { language, today, isFreeFirst } = how;
  const costs = isFreeFirst && estimate?.amount !== 0;
  const understands = language === undefined || (row.prompt?.languages?.includes(language) ?? true);
  const maybeRefused = warnings.some(({ code }) => code === 'unsure');
  const isStable = modelStatus(rowIn(row, access.region), today) === 'stable';
  const faults = [row.procedural, maybeRefused, costs, !understands, !isStable];
  return faults.reduce((rank, isFaulty) => 2 * rank + Number(isFaulty ?? false), 0);
}

/** Without a preference the cheapest comes first: nobody asked to pay more. */
function orderOf(
  prefer: Route['prefer'],
  fitting: readonly Decision[],
  rates: Rates,
): (a: Decision, b: Decision) => number {
  if (prefer === 'speed') return (a, b) => usualMs(a.limits) - usualMs(b.limits);
  const order = byPrice(pricesOf(fitting), rates, prefer === 'quality' ? -1 : 1);
  return (a, b) => order(a.estimate, b.estimate);
}

/** That prices could not all be compared, where they decide. Of what is free none is needed. */
function apart(prefer: Route['prefer'], chosen: Money | null, groups: readonly Currencies[]): string {
  if (groups.length < 2 || prefer === 'speed' || (prefer !== 'quality' && chosen?.amount === 0)) return '';
  return `; no known rate compares ${groups.map((group) => group.join(' or ')).join(' with ')}`;
}

function pricesOf(decisions: readonly Decision[]) {
  return decisions.map(({ estimate }) => estimate);
}

/** A provider's default model before its others. */
function defaultFirst({ model: a }: Decision, { model: b }: Decision): number {
  if (a.entry !== b.entry) return 0;
  const { defaultModel } = a.entry.definition;
  return Number(b.id === defaultModel) - Number(a.id === defaultModel);
}

function usualMs({ latencyMs }: Pick<ModelCapabilities, 'latencyMs'>): number {
  return latencyMs ? (latencyMs[0] + latencyMs[1]) / 2 : Number.MAX_SAFE_INTEGER;
}
