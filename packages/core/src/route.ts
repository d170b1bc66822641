// `model: "auto"`: which of the configured models takes the request as it is, and which of those comes first.

import { type Day, type Json, type ModelCapabilities, modelStatus } from './capabilities.ts';
import { type Decision, decideFor, todayOf } from './decide.ts';
import type { Engine } from './engine.ts';
import { ImageError } from './errors.ts';
import { operationOf } from './negotiate.ts';
import { languageOf } from './prompt-help.ts';
import type { Money } from './provider.ts';
import type { ModelEntry } from './registry.ts';
import type { ParsedRequest } from './request.ts';

/** What an automatic choice goes by. */
export interface Route {
  /** The most that the whole request may cost; models of unknown price, or priced in another currency, are left out. */
  readonly maxCost?: { readonly amount: number; readonly currency: string };
  /**
   * `price`: the cheapest first. `speed`: the shortest usual time first. `quality`: the dearest first, since services price their
   * better models higher. Default: the order of the providers, each one's default model first.
   */
  readonly prefer?: 'price' | 'speed' | 'quality';
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
  const language = await languageOf(engine, request.prompt);
  const operation = operationOf(request);
  const fitting: Decision[] = [];
  const refusals: ImageError[] = [];
  let seen = 0;
  for (const entry of engine.registry.configured(engine.env)) {
    for (const [id, row] of Object.entries(entry.definition.models)) {
      if (modelStatus(row, today) === 'retired') continue;
      seen += 1;
      const model = { entry, id, row, applied: [], warnings: [] };
      const decision = decideFor(engine, model, request, today, (error) => {
        if (Object.hasOwn(row.operations, operation)) refusals.push(error);
      });
      if (decision && withinCost(decision.estimate, route.maxCost)) fitting.push(decision);
    }
  }
  if (fitting.length === 0) {
    const ceiling = route.maxCost ? ` for at most ${route.maxCost.amount} ${route.maxCost.currency}` : '';
    const usual = mostCommon(refusals);
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
  const order = orderOf(route.prefer);
  const ranked = fitting
    .map((decision, index) => ({ decision, index, rank: rankOf(decision.model, language, today) }))
    .sort(
      (a, b) =>
        a.rank - b.rank || order(a.decision, b.decision) || firstOf(a.decision, b.decision) || a.index - b.index,
    );
  const why = { price: 'for its price', speed: 'for its speed', quality: 'for its price, as better models cost more,' };
  const which = route.prefer ? `chosen ${why[route.prefer]} among` : 'the first of';
  const because =
    fitting.length === 1
      ? 'the only model at hand that takes the request as it is'
      : `${which} ${fitting.length} models that take the request as it is`;
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

function withinCost(estimate: Money | null, most: Route['maxCost']): boolean {
  return !most || (estimate !== null && estimate.currency === most.currency && estimate.amount <= most.amount);
}

/** Lower comes first: what a person would be least surprised by. */
function rankOf({ row }: ModelEntry, language: string | undefined, today: Day): number {
  const understands = language === undefined || (row.prompt?.languages?.includes(language) ?? true);
  return (row.procedural ? 4 : 0) + (understands ? 0 : 2) + (modelStatus(row, today) === 'stable' ? 0 : 1);
}

function orderOf(prefer: Route['prefer']): (a: Decision, b: Decision) => number {
  if (prefer === 'speed') return (a, b) => usualMs(a.limits) - usualMs(b.limits);
  if (prefer === undefined) return () => 0;
  const sign = prefer === 'price' ? 1 : -1;
  // Unknown prices come last either way; different currencies cannot be compared, and stay in the order of the providers.
  return ({ estimate: a }, { estimate: b }) => {
    if (!a || !b) return Number(!a) - Number(!b);
    return a.currency === b.currency || a.amount === 0 || b.amount === 0 ? sign * (a.amount - b.amount) : 0;
  };
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
