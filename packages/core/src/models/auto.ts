// `model: "auto"`: which of the configured models takes the request as it is, and which of those comes first.

import * as z from 'zod';
import { type Day, type Json, type ModelCapabilities, modelStatus } from '../contract/capabilities.ts';
import type { Engine } from '../contract/engine.ts';
import { ImageError } from '../contract/errors.ts';
import type { ParsedRequest } from '../contract/request.ts';
import { byPrice, canCompare, comparable, isWithin, type Rates } from '../negotiate/money.ts';
import { operationOf } from '../negotiate/negotiate.ts';
import { languageOf } from '../prompt/prompt-help.ts';
import { type Decision, decideFor, todayOf } from './decide.ts';
import type { ModelEntry } from './registry.ts';

/** What an automatic choice goes by, and what any choice may cost. */
export interface Route {
  /**
   * The most that all pictures of the request may cost by the table. A model whose price is unknown, or in a currency that
   * nothing compares with this one, is not taken.
   */
  readonly maxCost?: { readonly amount: number; readonly currency: string };
  /**
   * Only for `auto`. `price`: the cheapest first. `speed`: the shortest usual time first. `quality`: the dearest first, since
   * services price their better models higher. Default: the order of the providers, each one's default model first.
   */
  readonly prefer?: 'price' | 'speed' | 'quality';
}

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
  const issue = schema.safeParse(route ?? {}).error?.issues[0];
  if (issue) {
    const option = ['route', ...issue.path].join('.');
    const said = issue.code === 'unrecognized_keys' ? `has no ${issue.keys.join(', ')}` : issue.message;
    throw new ImageError('invalid-request', `${option} ${said}`, {
      details: { option, problem: said },
      hint: `Correct ${option} and ask again; nothing was sent.`,
    });
  }
  if (route?.prefer && !isAuto) {
    throw new ImageError(
      'invalid-request',
      `prefer (${route.prefer}) is for model "auto"; a named model leaves no choice`,
      {
        details: { option: 'route.prefer', asked: route.prefer },
        hint: 'Leave out model, or prefer.',
      },
    );
  }
  return route ?? {};
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

/**
 * The models to try, best first, with the reason in `applied`. The request decides first: only models that take it unchanged
 * count. Models that draw without a neural network come last, then those that would need the prompt translated.
 * Throws `unsupported` if none is left.
 */
export async function chooseModels(
  engine: Engine,
  request: ParsedRequest,
  route: Route,
): Promise<readonly ModelEntry[]> {
  const today = todayOf(engine);
  const ceiling = route.maxCost ? ` for at most ${route.maxCost.amount} ${route.maxCost.currency}` : '';
  const language = await languageOf(engine, request.prompt);
  const operation = operationOf(request);
  const fitting: Decision[] = [];
  const refusals: ImageError[] = [];
  let seen = 0;
  let tooDear = 0;
  for (const entry of engine.registry.configured(engine.env)) {
    for (const [id, row] of Object.entries(entry.definition.models)) {
      if (modelStatus(row, today) === 'retired') continue;
      seen += 1;
      const model = { entry, id, row, applied: [], warnings: [] };
      const decision = decideFor(engine, model, request, today, (error) => {
        if (Object.hasOwn(row.operations, operation)) refusals.push(error);
      });
      if (!decision) continue;
      if (!route.maxCost || isWithin(decision.estimate, route.maxCost, engine.rates)) fitting.push(decision);
      else tooDear += 1;
    }
  }
  if (fitting.length === 0) {
    const usual = tooDear > 0 ? undefined : mostCommon(refusals);
    const why = usual ? `; mostly because ${usual.message}` : '';
    throw new ImageError(
      'unsupported',
      `none of the ${seen} models at hand takes the request as it is${ceiling}${why}`,
      {
        details: { option: 'model', asked: 'auto' },
        hint: usual?.hint ?? 'Ask for less, set the key of another service, or name a model.',
      },
    );
  }
  const order = orderOf(route.prefer, fitting, engine.rates);
  const ranked = fitting
    .map((decision, index) => ({ decision, index, rank: rankOf(decision, language, today) }))
    .sort(
      (a, b) =>
        a.rank - b.rank || order(a.decision, b.decision) || firstOf(a.decision, b.decision) || a.index - b.index,
    );
  const why = { price: 'for its price', speed: 'for its speed', quality: 'for its price, as better models cost more,' };
  const which = route.prefer ? `chosen ${why[route.prefer]} among` : 'the first of';
  const because =
    fitting.length === 1
      ? `the only model at hand that takes the request as it is${ceiling}`
      : `${which} ${fitting.length} models that take the request as it is${ceiling}${apart(route, fitting, engine.rates)}`;
  return ranked.slice(0, tries).map(({ decision: { model, name } }, index) => ({
    ...model,
    applied: [
      {
        option: 'model',
        asked: 'auto',
        sent: name,
        because: index === 0 ? because : `the next of ${fitting.length} models that take the request`,
      },
    ],
  }));
}

/** The first of the refusals of the word that most models refuse. */
function mostCommon(refusals: readonly ImageError[]): ImageError | undefined {
  const optionOf = ({ details }: ImageError) => JSON.stringify((details as { option?: Json } | undefined)?.option);
  const counts = new Map<string, number>();
  for (const error of refusals) counts.set(optionOf(error), (counts.get(optionOf(error)) ?? 0) + 1);
  return [...refusals].sort((a, b) => counts.get(optionOf(b))! - counts.get(optionOf(a))!)[0];
}

/** Lower comes first: what a person would be least surprised by. */
function rankOf({ model: { row }, warnings }: Decision, language: string | undefined, today: Day): number {
  const understands = language === undefined || (row.prompt?.languages?.includes(language) ?? true);
  const maybeRefused = warnings.some(({ code }) => code === 'unsure');
  const isStable = modelStatus(row, today) === 'stable';
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
function apart({ prefer }: Route, fitting: readonly Decision[], rates: Rates): string {
  const groups = comparable(pricesOf(fitting), rates);
  if (groups.length < 2 || !prefer || prefer === 'speed') return '';
  const names = groups.map((group) => group.join(' and '));
  return `; prices in ${names.join(', then ')}, which no known rate compares`;
}

function pricesOf(decisions: readonly Decision[]) {
  return decisions.map(({ estimate }) => estimate);
}

/** A provider's default model before its others. */
function firstOf({ model: a }: Decision, { model: b }: Decision): number {
  if (a.entry !== b.entry) return 0;
  const { defaultModel } = a.entry.definition;
  return Number(b.id === defaultModel) - Number(a.id === defaultModel);
}

function usualMs({ latencyMs }: Pick<ModelCapabilities, 'latencyMs'>): number {
  return latencyMs ? (latencyMs[0] + latencyMs[1]) / 2 : Number.MAX_SAFE_INTEGER;
}
