// Everything that is settled before a byte is sent: the model, the way to it, and the calls to make.

import { chosenRegion, missingKey, type ResolvedAccess, resolveAccess } from '../access/access.ts';
import { type Day, modelStatus } from '../contract/capabilities.ts';
import type { Engine } from '../contract/engine.ts';
import { ImageError } from '../contract/errors.ts';
import type { ImageProvider, Money } from '../contract/provider.ts';
import type { ParsedRequest } from '../contract/request.ts';
import type { Prepared } from '../inputs/prepare-inputs.ts';
import { type Negotiated, negotiate } from '../negotiate/negotiate.ts';
import type { ModelEntry } from './registry.ts';

/** A request that is ready to be sent. */
export interface Decision extends Negotiated {
  readonly model: ModelEntry;
  /** `provider/model`. */
  readonly name: string;
  readonly access: ResolvedAccess;
  readonly mode: 'job' | 'call';
}

/**
 * Decides how one model would carry out the request. Throws `unsupported` or `invalid-request` for what it cannot do, with
 * the configured models that could in `details.models`; `not-found` for a retired model; `config`.
 */
export function decide(engine: Engine, model: ModelEntry, { request, applied }: Prepared, adapt: boolean): Decision {
  const today = todayOf(engine);
  try {
    const way = isGone(engine, model, today) ? moveToSuccessor : settle;
    const decision = way(engine, model, request, adapt, today);
    return { ...decision, applied: [...applied, ...decision.applied] };
  } catch (error) {
    if (!ImageError.isInstance(error)) throw error;
    const named = error.with({ provider: model.entry.definition.id, model: nameOf(model) });
    if (error.code !== 'unsupported') throw named;
    const models = othersThatTake(engine, model, request, today);
    if (models.length === 0) throw named;
    const details = typeof error.details === 'object' && !Array.isArray(error.details) ? error.details : {};
    throw named.with({
      details: { ...details, models },
      hint: `${error.hint ?? ''} As it is, ${models.slice(0, 3).join(' or ')} would take it.`.trim(),
    });
  }
}

/** The model whose limits a request must keep: under `adapt`, a retired model's successor. */
export function modelInUse(engine: Engine, model: ModelEntry, adapt: boolean): ModelEntry {
  const today = todayOf(engine);
  const next = adapt && isGone(engine, model, today) ? successorOf(model, today) : undefined;
  return next ?? model;
}

function isGone(engine: Engine, model: ModelEntry, today: Day): boolean {
  return modelStatus(model.row, today) === 'retired' && isServicesOwn(engine, model);
}

/** Whether the request goes to the service itself: a host of one's own may still offer what the service has retired. */
function isServicesOwn(engine: Engine, { entry: { definition, access } }: ModelEntry): boolean {
  const { origin } = new URL(resolveAccess(definition, access, engine.env).baseURL);
  return Object.values(definition.regions).some(({ baseURL }) => new URL(baseURL).origin === origin);
}

/** Throws `auth` if the decided provider needs a key and has none, or one that cannot be sent. */
export function requireKey(engine: Engine, { model, access }: Decision): void {
  const { definition } = model.entry;
  if (access.key && !/^[\x20-\x7e]+$/.test(access.key.reveal())) {
    throw new ImageError('auth', `the key from ${access.keySource} has characters that no key has`, {
      provider: definition.id,
      model: nameOf(model),
      hint: 'Copy it again from the page of the service; keys are plain letters, digits and signs.',
    });
  }
  if (definition.keys.length === 0 || access.key) return;
  const keyless = engine.registry.entries.map((entry) => entry.definition).filter((other) => other.keys.length === 0);
  throw missingKey(
    definition,
    chosenRegion(definition, model.entry.access, access),
    keyless.map((other) => other.id),
  ).with({ model: nameOf(model) });
}

/** What only the provider's code knows to be impossible. Throws `unsupported` or `invalid-request`. */
export function checkCalls(provider: ImageProvider, { calls, name }: Decision): void {
  try {
    for (const call of calls) provider.check?.(call);
  } catch (error) {
    throw ImageError.isInstance(error) ? error.with({ provider: provider.id, model: name }) : error;
  }
}

/** `provider/model`. */
function nameOf({ entry, id }: ModelEntry): string {
  return `${entry.definition.id}/${id}`;
}

function settle(engine: Engine, model: ModelEntry, request: ParsedRequest, adapt: boolean, today: Day): Decision {
  const { definition, access: given } = model.entry;
  const access = resolveAccess(definition, given, engine.env);
  const target = { provider: definition.id, model: model.id, row: model.row, region: access.region };
  const negotiated = negotiate(request, target, { adapt, today });
  return {
    ...negotiated,
    applied: [...model.applied, ...negotiated.applied],
    warnings: [...model.warnings, ...negotiated.warnings],
    model,
    name: nameOf(model),
    access,
    mode: negotiated.limits.modes?.[0] ?? 'call',
  };
}

/** A retired model moves to its successor only under `adapt`, and only if that is known to cost no more. */
function moveToSuccessor(
  engine: Engine,
  model: ModelEntry,
  request: ParsedRequest,
  adapt: boolean,
  today: Day,
): Decision {
  const { row } = model;
  const successor = successorOf(model, today);
  const gone = `${nameOf(model)} was retired on ${row.retires}`;
  const hint = successor ? `Use ${nameOf(successor)} instead.` : 'Choose another model.';
  if (!successor || !adapt) throw new ImageError('not-found', gone, { hint });
  const next = settle(engine, successor, request, adapt, today);
  if (!knownAndNotDearer(next.estimate, lastCost(engine, model, request, today))) {
    throw new ImageError('not-found', `${gone}, and its successor ${successor.id} is not known to cost no more`, {
      hint,
    });
  }
  const applied = {
    option: 'model',
    asked: nameOf(model),
    sent: next.name,
    because: `${model.id} was retired on ${row.retires}`,
  };
  return { ...next, applied: [applied, ...next.applied] };
}

/** The model that took a retired one's place and is there today; undefined if there is none. */
function successorOf(model: ModelEntry, today: Day): ModelEntry | undefined {
  const { models } = model.entry.definition;
  const seen = new Set([model.id]);
  for (let id = model.row.successor; id !== undefined && !seen.has(id); id = models[id]!.successor) {
    const row = Object.hasOwn(models, id) ? models[id] : undefined;
    if (!row) return undefined;
    if (modelStatus(row, today) !== 'retired') return { ...model, id, row };
    seen.add(id);
  }
  return undefined;
}

/** What the retired model took for it; `null` = unknown, also if it could not have done it. */
function lastCost(engine: Engine, model: ModelEntry, request: ParsedRequest, today: Day): Money | null {
  try {
    return settle(engine, model, request, true, today).estimate;
  } catch (error) {
    if (!ImageError.isInstance(error)) throw error;
    return null;
  }
}

function knownAndNotDearer(next: Money | null, before: Money | null): boolean {
  return (
    next !== null &&
    (next.amount === 0 || (before !== null && before.currency === next.currency && next.amount <= before.amount))
  );
}

/** Models of the configured providers that take the request without a change. */
function othersThatTake(engine: Engine, refused: ModelEntry, request: ParsedRequest, today: Day): string[] {
  const rows = engine.registry
    .configured(engine.env)
    .flatMap((entry) =>
      Object.entries(entry.definition.models).map(([id, row]) => ({ entry, id, row, applied: [], warnings: [] })),
    );
  return (
    rows
      .filter(
        (model) =>
          !(model.entry === refused.entry && model.id === refused.id) && modelStatus(model.row, today) !== 'retired',
      )
      .map((model) => decideFor(engine, model, request, today))
      // What may be refused all the same is no advice.
      .filter((decision) => decision && !decision.warnings.some(({ code }) => code === 'unsure'))
      .map((decision) => decision!.name)
  );
}

/** How a model would carry out the request if it takes it without a change; else `undefined`. */
export function decideFor(
  engine: Engine,
  model: ModelEntry,
  request: ParsedRequest,
  today: Day,
  onRefusal: (error: ImageError) => void = () => {},
): Decision | undefined {
  try {
    const decision = settle(engine, model, request, false, today);
    return decision.applied.length === 0 ? decision : undefined;
  } catch (error) {
    if (!ImageError.isInstance(error)) throw error;
    onRefusal(error);
    return undefined;
  }
}

const dayMs = 86_400_000;
/** The day that was asked for last, and how it is written. */
let today: { readonly day: number; readonly name: Day } = { day: Number.NaN, name: '1970-01-01' };

/** The client's day, UTC. */
export function todayOf(engine: Engine): Day {
  const day = Math.floor(engine.clock.now() / dayMs);
  if (day !== today.day) today = { day, name: new Date(day * dayMs).toISOString().slice(0, 10) as Day };
  return today.name;
}
