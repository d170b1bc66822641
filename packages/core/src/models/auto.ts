// `model: "auto"`: which of the configured models takes the request as it is, and which of those comes first.

import * as z from 'zod';
import { type Day, type Json, type ModelCapabilities, modelStatus, rowIn } from '../contract/capabilities.ts';
import type { Rates, Route } from '../contract/client.ts';
import type { Engine, ModelEntry } from '../contract/engine.ts';
import { ImageError } from '../contract/errors.ts';
import type { ParsedRequest } from '../contract/request.ts';
import { byPrice, canCompare, comparable, isWithin } from '../negotiate/money.ts';
import { operationOf } from '../negotiate/negotiate.ts';
import { utcDay } from '../timing/clock.ts';
import { type Decision, decideUnchanged, refusalOf } from './decide.ts';

type Surroundings = Pick<Engine, 'registry' | 'clock' | 'env' | 'rates'>;

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

/** Throws `budget` if the request is not known to cost at most what it may. */
export function checkCost({ estimate, name }: Decision, { maxCost }: Route, rates: Rates): void {
  if (!maxCost || isWithin(estimate, maxCost, rates)) return;
  const most = `${maxCost.amount} ${maxCost.currency}`;
  const problem = estimate
    ? `would cost ${estimate.amount} ${estimate.currency}, and at most ${most} is allowed`
    : `has no known price, and at most ${most} is allowed`;
  throw new ImageError('budget', `${name} ${problem}`, {
    details: { option: 'route.maxCost', asked: { ...maxCost }, estimate: estimate && { ...estimate } },
    hint:
      estimate && !canCompare(estimate.currency, maxCost.currency, rates)
        ? `No known rate compares the two: say in ${estimate.currency} what is allowed.`
        : 'Allow more, ask for less, or let model "auto" find one that costs no more.',
  });
}

/** How many models are tried: the choice, and the next ones if it is unavailable. */
const tries = 3;

interface Refusals {
  readonly first: ModelEntry;
  count: number;
}

/** What every model at hand says to a request. */
interface Survey {
  /** Of the models that take it unchanged, within the ceiling. */
  readonly fitting: readonly Decision[];
  /** Of the models that know the operation: the first that refuses each word, and how many do. */
  readonly refusals: ReadonlyMap<string, Refusals>;
  readonly seen: number;
  readonly tooDear: number;
}

/**
 * The models to try, best first, with the reason in `applied`. The request decides first: only models that take it unchanged
 * count. Models that draw without a neural network come last, then those that would need the prompt translated.
 * `language`: the prompt's, ISO 639-1, where it is known. Throws `unsupported` if no model is left.
 */
export function chooseModels(
  engine: Surroundings,
  request: ParsedRequest,
  route: Route,
  language: string | undefined,
): readonly ModelEntry[] {
  const survey = surveyModels(engine, request, route);
  if (survey.fitting.length === 0) throw noneFits(engine, request, survey, route);
  const today = utcDay(engine.clock);
  const byPreference = orderOf(route.prefer, survey.fitting, engine.rates);
  const ranked = survey.fitting
    .map((decision, index) => ({ decision, index, rank: rankOf(decision, language, today) }))
    .sort(
      (a, b) =>
        a.rank - b.rank ||
        byPreference(a.decision, b.decision) ||
        defaultFirst(a.decision, b.decision) ||
        a.index - b.index,
    );
  const reason = reasonFor(survey.fitting, route, engine.rates);
  const nextReason = `the next of ${survey.fitting.length} models that take the request`;
  return ranked.slice(0, tries).map(({ decision: { model, name } }, index) => {
    const because = index === 0 ? reason : nextReason;
    return { ...model, applied: [{ option: 'model', asked: 'auto', sent: name, because }] };
  });
}

function surveyModels(engine: Surroundings, request: ParsedRequest, { maxCost }: Route): Survey {
  const today = utcDay(engine.clock);
  const operation = operationOf(request);
  const fitting: Decision[] = [];
  const refusals = new Map<string, Refusals>();
  let seen = 0;
  let tooDear = 0;
  for (const entry of engine.registry.configured(engine.env)) {
    for (const [id, row] of Object.entries(entry.definition.models)) {
      if (modelStatus(row, today) === 'retired') continue;
      seen += 1;
      const model: ModelEntry = { entry, id, row, applied: [], warnings: [] };
      const decision = decideUnchanged(engine, model, request, (error) => {
        if (!Object.hasOwn(row.operations, operation)) return;
        const known = refusals.get(optionOf(error));
        if (known) known.count += 1;
        else refusals.set(optionOf(error), { first: model, count: 1 });
      });
      if (!decision) continue;
      if (!maxCost || isWithin(decision.estimate, maxCost, engine.rates)) fitting.push(decision);
      else tooDear += 1;
    }
  }
  return { fitting, refusals, seen, tooDear };
}

function noneFits(
  engine: Surroundings,
  request: ParsedRequest,
  { refusals, seen, tooDear }: Survey,
  route: Route,
): ImageError {
  const [common] = [...refusals.values()].sort((a, b) => b.count - a.count);
  const usual = tooDear > 0 || !common ? undefined : refusalOf(engine, common.first, request);
  const why = usual ? `; mostly because ${usual.message}` : '';
  const message = `none of the ${seen} models at hand takes the request as it is${ceilingOf(route)}${why}`;
  return new ImageError('unsupported', message, {
    details: { option: 'model', asked: 'auto' },
    hint: usual?.hint ?? 'Ask for less, set the key of another service, or name a model.',
  });
}

/** Why the first of the models was chosen. */
function reasonFor(fitting: readonly Decision[], route: Route, rates: Rates): string {
  const { prefer } = route;
  const ceiling = ceilingOf(route);
  if (fitting.length === 1) return `the only model at hand that takes the request as it is${ceiling}`;
  const which = prefer ? `chosen ${reasons[prefer]} among` : 'the first of';
  return `${which} ${fitting.length} models that take the request as it is${ceiling}${apart(prefer, fitting, rates)}`;
}

const reasons = {
  price: 'for its price',
  speed: 'for its speed',
  quality: 'for its price, as better models cost more,',
};

/** The ceiling as the end of a sentence. */
function ceilingOf({ maxCost }: Route): string {
  return maxCost ? ` for at most ${maxCost.amount} ${maxCost.currency}` : '';
}

/** The word that an error is about. */
function optionOf({ details }: ImageError): string {
  return JSON.stringify((details as { option?: Json } | undefined)?.option) ?? '';
}

/** Lower comes first: what a person would be least surprised by. */
function rankOf({ model: { row }, access, warnings }: Decision, language: string | undefined, today: Day): number {
  const understands = language === undefined || (row.prompt?.languages?.includes(language) ?? true);
  const maybeRefused = warnings.some(({ code }) => code === 'unsure');
  const isStable = modelStatus(rowIn(row, access.region), today) === 'stable';
  return (row.procedural ? 8 : 0) + (understands ? 0 : 4) + (maybeRefused ? 2 : 0) + (isStable ? 0 : 1);
}

function orderOf(
  prefer: Route['prefer'],
  fitting: readonly Decision[],
  rates: Rates,
): (a: Decision, b: Decision) => number {
  if (prefer === 'speed') return (a, b) => usualMs(a.limits) - usualMs(b.limits);
  if (prefer === undefined) return () => 0;
  const order = byPrice(pricesOf(fitting), rates, prefer === 'price' ? 1 : -1);
  return (a, b) => order(a.estimate, b.estimate);
}

/** That prices could not all be compared, where they decide. */
function apart(prefer: Route['prefer'], fitting: readonly Decision[], rates: Rates): string {
  if (!prefer || prefer === 'speed') return '';
  const groups = comparable(pricesOf(fitting), rates);
  if (groups.length < 2) return '';
  const names = groups.map((group) => group.join(' and '));
  return `; prices in ${names.join(', then ')}, which no known rate compares`;
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
