// What a request comes to before anything is sent. A plan and a run both go this way, so that both refuse the same.

import { resolveAccess } from '../access/access.ts';
import { asImageError } from '../access/explain.ts';
import { missingKey } from '../access/missing-key.ts';
import type { Reservation } from '../contract/budget.ts';
import type { ClientRequest, Route } from '../contract/client.ts';
import { auto, type Engine, type ModelEntry, type ProviderEntry } from '../contract/engine.ts';
import { ImageError } from '../contract/errors.ts';
import type { Applied, Warning } from '../contract/notices.ts';
import type { CallDraft, ImageProvider, Money } from '../contract/provider.ts';
import type { ParsedRequest } from '../contract/request.ts';
import type { Attempt } from '../contract/result.ts';
import { checkShapes, notNegotiated } from '../inputs/check-shapes.ts';
import { readInputs } from '../inputs/inputs.ts';
import { parseOptions } from '../inputs/parse-options.ts';
import { encodeMasks, prepareInputs } from '../inputs/prepare-inputs.ts';
import { checkRoute, chooseModels } from '../models/auto.ts';
import { withinBudget, withinCeiling } from '../models/ceiling.ts';
import { type Asked, checkCalls, checkKey, type Decision, decide, missingKeyOf, nameOf } from '../models/decide.ts';
import { type ListRules, skippedFor } from '../models/fallback.ts';
import { advised } from '../models/takers.ts';
import { languageOf } from '../prompt/prompt-help.ts';
import {
  applyStyle,
  findStyles,
  forChoice,
  type NamedStyles,
  namesStyle,
  type StyledRequest,
} from '../prompt/styles.ts';
import { createDeadline, type Deadline, fiveMinutes } from '../timing/deadline.ts';
import { orAbort } from '../timing/or-abort.ts';

/** What a preparation may touch: nothing with which money is spent or a picture kept. */
export type Surroundings = Pick<
  Engine,
  | 'registry'
  | 'clock'
  | 'rateOf'
  | 'env'
  | 'transport'
  | 'prompts'
  | 'log'
  | 'codec'
  | 'fromAgents'
  | 'paths'
  | 'rates'
  | 'budget'
>;

/** A request whose words are checked, and the models that may carry it out. */
export interface PreparedRequest extends ListRules {
  readonly parsed: ParsedRequest;
  readonly adapt: boolean;
  readonly route: Route;
  readonly styles: NamedStyles;
  /** What was read otherwise before core was asked. */
  readonly applied: readonly Applied[];
  /** In the order to try. */
  readonly candidates: readonly ModelEntry[];
}

/** What one model will be sent. */
export interface PreparedCall {
  readonly decision: Decision;
  readonly provider: ImageProvider;
  /** The calls of the decision, their masks in the form the service takes. */
  readonly drafts: readonly CallDraft[];
  /** How to ask so that the price is known, where the budget wants it known. */
  readonly priceHint?: string;
  /** Words of a style that follow the prompt when it is sent. */
  readonly ending?: string;
  readonly applied: readonly Applied[];
  readonly warnings: readonly Warning[];
}

/** Where a model stands among those to try. */
export interface InList {
  /** Those that failed before it. */
  readonly skipped: readonly Attempt[];
  readonly isLast: boolean;
}

const alone: InList = { skipped: [], isLast: true };

/** The models a request names, and the time it has. */
export interface Opened {
  /** In the order to try, `auto` where the choice is left to the tables. */
  readonly named: readonly (ModelEntry | typeof auto)[];
  readonly deadline: Deadline;
}

/** Starts the clock of a request. Throws `not-found` for a model or provider that is none, `invalid-request` for what has not its shape. */
export function openRequest(engine: Pick<Engine, 'registry' | 'clock' | 'rateOf'>, request: ClientRequest): Opened {
  checkShapes(request);
  const named = engine.registry.candidates(request.model);
  const timeout = request.timeout ?? defaultTimeout(engine, named, request);
  const deadline = createDeadline(timeout, request.signal, engine.clock.now());
  return { named, deadline };
}

/**
 * Checks the words of a request, reads its pictures, and finds the models to try. Throws `invalid-request`, `not-found`,
 * `unsupported` (no model at hand takes it), or the signal's reason.
 */
export function prepareRequest(engine: Surroundings, request: ClientRequest, opened: Opened): Promise<PreparedRequest> {
  // What the caller gave, streams and styles among them, may never answer.
  return orAbort(prepare(engine, request, opened), opened.deadline.signal);
}

async function prepare(
  engine: Surroundings,
  request: ClientRequest,
  { named, deadline: { signal } }: Opened,
): Promise<PreparedRequest> {
  const route = checkRoute(request.route, named.includes(auto));
  const options = parseOptions(request, notNegotiated);
  const parsed = { ...options, ...(hasPictures(request) ? await readPictures(engine, request, signal) : noPictures) };
  const styles = namesStyle(request) ? await findStyles(engine, request) : {};
  const { negotiation, applied = [] } = request;
  const adapt = negotiation === 'adapt';
  const candidates = await candidatesOf(named, () => chooseCandidates(engine, parsed, styles, { route, adapt }));
  const isListed = !named.includes(auto);
  const passesKeys = isListed && request.refusedKey !== 'stop';
  return { parsed, adapt, route, styles, applied, candidates, isListed, passesKeys };
}

/**
 * All that one model says to a prepared request: style, pictures, negotiation, key, cost, masks, and what only the provider
 * knows. Throws what refuses it. A key that is missing is `reserveMoney`'s to refuse, unless a list goes on without it (`auth`).
 */
export function prepareCall(
  engine: Surroundings,
  candidate: ModelEntry,
  prepared: PreparedRequest,
  signal: AbortSignal,
  list: InList = alone,
): Promise<PreparedCall> {
  // So may a codec, and the code of a provider that is still to be loaded.
  return orAbort(prepareFor(engine, candidate, prepared, { ...list, signal }), signal);
}

async function prepareFor(
  engine: Surroundings,
  candidate: ModelEntry,
  { parsed, adapt, route, styles, applied, passesKeys }: PreparedRequest,
  { signal, skipped, isLast }: InList & { readonly signal: AbortSignal },
): Promise<PreparedCall> {
  if (passesKeys && !isLast) checkKeyed(engine, candidate);
  // A request goes only where it has something to do: most have no style, no picture and no mask.
  const styled: StyledRequest =
    parsed.style === undefined
      ? { request: parsed, applied: [] }
      : await applyStyle(engine, parsed, styles, candidate, adapt);
  const asked: Asked =
    parsed.images.length === 0
      ? { request: styled.request, applied: [] }
      : await prepareInputs(engine, candidate, styled.request, { adapt, signal });
  const decided = decideWithAdvice(engine, candidate, asked, adapt);
  checkKey(decided);
  const cheap = withinCeiling(engine, decided, asked, route, adapt);
  const { decision, hint } = await withinBudget(engine, cheap, asked, adapt);
  const drafts = parsed.mask ? await encodeMasks(engine.codec, decision.limits, decision.calls) : decision.calls;
  const provider = await decision.model.entry.load().catch((error: unknown) => {
    const failure = asImageError(error);
    unloaded.add(failure);
    throw failure;
  });
  checkCalls(provider, decision);
  return {
    decision,
    provider,
    drafts,
    ...(styled.ending !== undefined && { ending: styled.ending }),
    ...(hint !== undefined && { priceHint: hint }),
    applied: [...applied, ...skippedFor(decision.name, skipped), ...styled.applied, ...decision.applied],
    warnings: [...decision.warnings, ...(styles.warning ? [styles.warning] : [])],
  };
}

/** What else is wrong with a model that cannot be used is no matter where others follow. Throws `auth`. */
function checkKeyed({ registry, env }: Surroundings, model: ModelEntry): void {
  const { definition, access } = model.entry;
  const missing = missingKey(model.entry, resolveAccess(definition, access, env), registry.entries);
  if (missing) throw missing.with({ model: nameOf(model) });
}

/** Throws what refuses the request. */
function decideWithAdvice(engine: Surroundings, model: ModelEntry, asked: Asked, adapt: boolean): Decision {
  try {
    return decide(engine, model, asked, adapt);
  } catch (error) {
    throw advised(engine, model, asked.request, error, adapt);
  }
}

const unloaded = new WeakSet<ImageError>();

/** Whether a failure is that the code of a provider could not be loaded: nothing was reserved or sent. */
export function isUnloaded(error: ImageError): boolean {
  return unloaded.has(error);
}

/** What the budget would say. Throws `budget`. */
export async function checkBudget(
  { budget }: Pick<Engine, 'budget'>,
  { decision: { name, estimate }, priceHint }: PreparedCall,
): Promise<void> {
  await budget?.check({ model: name, cost: estimate }).catch((error: unknown) => refuseWith(priceHint, error));
}

function refuseWith(priceHint: string | undefined, error: unknown): never {
  if (priceHint === undefined || !ImageError.isInstance(error)) throw error;
  throw error.with({ hint: `${priceHint} ${error.hint ?? ''}`.trim() });
}

/**
 * Takes the money from the budget. Throws `budget`, and `auth` if the key is missing: last of all, for what else is wrong can be
 * mended without one.
 */
export async function reserveMoney(
  engine: Pick<Engine, 'registry' | 'budget'>,
  call: PreparedCall,
  intent: string,
  cost: Money | null,
): Promise<Reservation | undefined> {
  const { decision, priceHint } = call;
  const missing = missingKeyOf(engine, decision);
  if (!missing) {
    const reserving = engine.budget?.reserve({ model: decision.name, intent, cost });
    return reserving?.catch((error: unknown) => refuseWith(priceHint, error));
  }
  await checkBudget(engine, call);
  throw missing;
}

type Pictures = Pick<ParsedRequest, 'images' | 'mask'>;

const noPictures: Pictures = { images: [] };

function hasPictures({ images = [], mask }: ClientRequest): boolean {
  return images.length > 0 || mask !== undefined;
}

/** Throws `invalid-request` for what is no picture. */
async function readPictures(
  { transport, paths }: Pick<Engine, 'transport' | 'paths'>,
  request: ClientRequest,
  signal: AbortSignal,
): Promise<Pictures> {
  const { images = [], mask } = request;
  const inputs = mask === undefined ? images : [...images, mask];
  const read = await readInputs(inputs, { transport, paths, signal });
  return { images: read.slice(0, images.length), ...(mask !== undefined && { mask: read.at(-1)! }) };
}

/** Each model once. Where others are named beside it, a choice among none is no refusal. */
async function candidatesOf(
  named: Opened['named'],
  choose: () => Promise<readonly ModelEntry[]>,
): Promise<readonly ModelEntry[]> {
  const all = new Map<string, ModelEntry>();
  const add = (model: ModelEntry) => all.set(nameOf(model), all.get(nameOf(model)) ?? model);
  for (const one of named) {
    if (one !== auto) {
      add(one);
      continue;
    }
    const chosen = await choose().catch((error: unknown) => {
      if (named.length === 1) throw error;
      return [];
    });
    for (const model of chosen) add(model);
  }
  return [...all.values()];
}

async function chooseCandidates(
  engine: Surroundings,
  parsed: ParsedRequest,
  styles: NamedStyles,
  how: Pick<PreparedRequest, 'route' | 'adapt'>,
): Promise<readonly ModelEntry[]> {
  const request = await forChoice(engine, parsed, styles);
  const language = await languageOf(engine, parsed.prompt);
  return chooseModels(engine, request, { ...how, language });
}

/**
 * Slow is normal: 5 minutes, 3 times the usual time of the slowest model, or time for all rounds of a large `n` as the account may make
 * calls, whichever is longest. Where a choice is not made yet, every model counts.
 */
function defaultTimeout(
  engine: Pick<Engine, 'registry' | 'rateOf'>,
  named: Opened['named'],
  request: Pick<ClientRequest, 'n' | 'seed'>,
): number {
  const models = named.flatMap((one) => (one === auto ? engine.registry.entries.flatMap(rowsOf) : one));
  return Math.max(fiveMinutes, ...models.map((model) => usualTime(engine, model, request)));
}

function rowsOf(entry: ProviderEntry): Pick<ModelEntry, 'entry' | 'row'>[] {
  return Object.values(entry.definition.models).map((row) => ({ entry, row }));
}

/** How long a model may take for all pictures of a request, ms. */
function usualTime(
  engine: Pick<Engine, 'rateOf'>,
  { entry, row }: Pick<ModelEntry, 'entry' | 'row'>,
  { n = 1, seed }: Pick<ClientRequest, 'n' | 'seed'>,
): number {
  const slowest = row.latencyMs?.[1] ?? 0;
  const { concurrent, perMinute = Number.POSITIVE_INFINITY } = engine.rateOf(entry.definition);
  const isAlone = seed !== undefined && row.seed && row.seed.within === 'same';
  const calls = Math.ceil(n / (isAlone ? 1 : (row.perCall ?? 1)));
  // A number of pictures that is none is told of later.
  if (!(calls > 1)) return 3 * slowest;
  const rounds = 1.5 * slowest * Math.ceil(calls / concurrent);
  const minutes = Math.floor((calls - 1) / perMinute);
  return Math.max(3 * slowest, rounds + minutes * 60_000);
}
