// Who else takes a request that a model refuses, and for how much.

import { isConfigured } from '../access/access.ts';
import { keysFor } from '../access/missing-key.ts';
import { modelStatus, operationIn, rowIn } from '../contract/capabilities.ts';
import type { Engine, ModelEntry, ProviderEntry } from '../contract/engine.ts';
import { ImageError } from '../contract/errors.ts';
import { isRecord } from '../contract/objects.ts';
import type { Money } from '../contract/provider.ts';
import type { ParsedRequest } from '../contract/request.ts';
import { byPrice } from '../negotiate/money.ts';
import { mostNamed, shortList } from '../negotiate/nearest.ts';
import { operationOf } from '../negotiate/negotiate.ts';
import { utcDay } from '../timing/clock.ts';
import { type Decision, decideOpen, nameOf } from './decide.ts';
import { cheapestWay, costText, pricedWays } from './ways.ts';

type Surroundings = Pick<Engine, 'registry' | 'clock' | 'env' | 'rates'>;

/** A model that takes a request as it is. */
export interface Taker {
  readonly decision: Decision;
  /** `provider/model`. */
  readonly name: string;
  /** For all pictures; `null` = unknown. Where it hangs on words that the request leaves open, the least. */
  readonly cost: Money | null;
  /** It hangs on such words. */
  readonly isLeast: boolean;
}

/** The models of some providers that the services have not ended. */
export function* modelsOf({ clock }: Pick<Engine, 'clock'>, entries: readonly ProviderEntry[]): Generator<ModelEntry> {
  const today = utcDay(clock);
  for (const entry of entries) {
    for (const [id, row] of Object.entries(entry.definition.models)) {
      if (modelStatus(row, today) !== 'retired') yield { entry, id, row, applied: [], warnings: [] };
    }
  }
}

/**
 * The models at hand that take a request as it is, or, if there is none and `adapt` allows it, with changes: what is free and the
 * cheapest first, then what the service may end or change, then those of unknown price, and what draws without a neural network behind
 * all others. What may be refused all the same is none, nor what only passes on a word that its table does not know.
 */
export function takersOf(engine: Surroundings, request: ParsedRequest, adapt = false): readonly Taker[] {
  const entries = engine.registry.configured(engine.env);
  const asItIs = takersAmong(engine, request, entries, false);
  return ranked(engine, asItIs.length > 0 || !adapt ? asItIs : takersAmong(engine, request, entries, true));
}

function takersAmong(
  engine: Surroundings,
  request: ParsedRequest,
  entries: readonly ProviderEntry[],
  adapt: boolean,
): Taker[] {
  const takers: Taker[] = [];
  for (const model of modelsOf(engine, entries)) {
    const decision = decideOpen(engine, model, request, adapt);
    if (!decision || decision.warnings.some(({ code }) => code === 'unsure' || code === 'unlisted')) continue;
    takers.push(takerOf(engine, decision, request, adapt));
  }
  return takers;
}

function takerOf(engine: Surroundings, decision: Decision, request: ParsedRequest, adapt: boolean): Taker {
  const { name, estimate } = decision;
  if (estimate) return { decision, name, cost: estimate, isLeast: false };
  const way = cheapestWay(pricedWays(engine, decision, request, adapt), engine);
  return { decision, name, cost: way?.cost ?? null, isLeast: way !== undefined };
}

function ranked({ rates, clock }: Surroundings, takers: readonly Taker[]): readonly Taker[] {
  const order = byPrice(
    takers.map(({ cost }) => cost),
    rates,
    1,
  );
  const today = utcDay(clock);
  const faultsOf = ({ decision: { model, access }, cost }: Taker) => {
    const isStable = modelStatus(rowIn(model.row, access.region), today) === 'stable';
    return 4 * Number(model.row.procedural ?? false) + 2 * Number(cost === null) + Number(!isStable);
  };
  return takers.toSorted((a, b) => faultsOf(a) - faultsOf(b) || order(a.cost, b.cost));
}

/** Why a model does not take a request; where that is a limit of the model, with who would take it, and for how much. */
export function advised(
  engine: Surroundings,
  model: ModelEntry,
  request: ParsedRequest,
  error: unknown,
  adapt: boolean,
): unknown {
  const isOfModel = ImageError.isInstance(error) && error.code === 'unsupported';
  return isOfModel ? withOthers(engine, model, request, error, adapt) : error;
}

/**
 * The refusal, with the models at hand that take the request as it is. If there is none, or none that is neural, with the cheapest for which
 * a key is missing.
 */
function withOthers(
  engine: Surroundings,
  refused: ModelEntry,
  request: ParsedRequest,
  refusal: ImageError,
  adapt: boolean,
): ImageError {
  const others = takersOf(engine, request).filter(({ name }) => name !== nameOf(refused));
  const isNeural = others.some(({ decision: { model } }) => !model.row.procedural);
  const withKey = isNeural ? undefined : keyHint(engine, request);
  if (others.length === 0) {
    const hint = withKey ?? ableHint(engine, request, refusal);
    return hint ? withHints(refusal, [hint], adapt) : refusal;
  }
  const undated = others.filter(({ decision: { model } }) => !isDated(model));
  const named = (undated.length > 0 ? undated : others)
    .slice(0, 3)
    .map((taker) => `${taker.name}${priceText(taker, request)}`);
  const details = isRecord(refusal.details) ? refusal.details : {};
  const models = others.slice(0, mostNamed).map(({ name }) => name);
  const instead = `As it is, ${named.join(' or ')} would take it.`;
  return withHints(refusal.with({ details: { ...details, models } }), withKey ? [instead, withKey] : [instead], adapt);
}

/** What `adapt` does not change is what a person wants: who does it is the better way out than to leave it. */
function withHints(refusal: ImageError, instead: readonly string[], adapt: boolean): ImageError {
  const own = refusal.hint === undefined ? [] : [refusal.hint];
  const hints = adapt ? [...instead, ...own] : [...own, ...instead];
  return refusal.with({ hint: hints.join(' ') });
}

/** Whether it is a model of one day beside the same without. */
function isDated({ entry, id }: ModelEntry): boolean {
  const undated = id.replace(/-\d{4}-\d{2}-\d{2}$/, '');
  return undated !== id && Object.hasOwn(entry.definition.models, undated);
}

/** ` (0.04 USD a picture)`, ` (free)`; nothing where it is not known. */
function priceText({ cost, isLeast }: Taker, { n }: ParsedRequest): string {
  if (!cost) return '';
  if (cost.amount === 0) return ' (free)';
  const one = { ...cost, amount: Number((cost.amount / n).toPrecision(3)) };
  return ` (${isLeast ? 'from ' : ''}${costText(one)} a picture)`;
}

/** Where nobody takes a request as it is, and what is to be done is the reason: who does that at all. */
function ableHint(engine: Surroundings, request: ParsedRequest, refusal: ImageError): string | undefined {
  if (!isRecord(refusal.details) || refusal.details.option !== 'operation') return undefined;
  const operation = operationOf(request);
  const able = [...modelsOf(engine, engine.registry.entries)].filter(({ row }) => operationIn(row, operation));
  if (able.length === 0) return undefined;
  return `Of all models ${shortList(able.map(nameOf))} can ${operation}, but not as it is asked for.`;
}

/** The cheapest model that would take a request with a key; `undefined` if there is none. */
function keyHint(engine: Surroundings, request: ParsedRequest): string | undefined {
  const keyless = engine.registry.entries.filter(
    ({ definition, access }) => !isConfigured(definition, access, engine.env),
  );
  const [taker] = ranked(engine, takersAmong(engine, request, keyless, false));
  if (!taker) return undefined;
  const { definition } = taker.decision.model.entry;
  const key = keysFor(definition, taker.decision.access.region)[0]?.env;
  const name = `${definition.label}${key ? ` (${key})` : ''}`;
  return `With a key for ${name}, ${taker.name}${priceText(taker, request)} would take it.`;
}
