// Everything that one model decides before a byte is sent: the way to the service, and the calls to make.

import { resolveAccess } from '../access/access.ts';
import { missingKey } from '../access/missing-key.ts';
import { isSendable } from '../access/secret.ts';
import { rowIn } from '../contract/capabilities.ts';
import type { Engine, ModelEntry, ResolvedAccess } from '../contract/engine.ts';
import { ImageError, messageOf } from '../contract/errors.ts';
import type { Applied } from '../contract/notices.ts';
import type { ImageProvider, Money } from '../contract/provider.ts';
import type { ParsedRequest } from '../contract/request.ts';
import { quoted } from '../foreign/foreign.ts';
import { negotiateAgain } from '../negotiate/again.ts';
import type { Negotiated, NegotiateOptions } from '../negotiate/negotiate.ts';
import { utcDay } from '../timing/clock.ts';
import { isNoDearer, isRetired, successorOf } from './retirement.ts';

type Surroundings = Pick<Engine, 'registry' | 'clock' | 'env'>;

/** A request that is ready to be sent. */
export interface Decision extends Negotiated {
  readonly model: ModelEntry;
  /** `provider/model`. */
  readonly name: string;
  readonly access: ResolvedAccess;
  readonly mode: 'job' | 'call';
}

/** A request with its pictures as the model takes them, and what was changed for it. */
export interface Asked {
  readonly request: ParsedRequest;
  readonly applied: readonly Applied[];
}

/**
 * Decides how one model would carry out the request. Throws `unsupported` or `invalid-request` for what it cannot do; `not-found` for a
 * retired model; `config`.
 */
export function decide(engine: Surroundings, model: ModelEntry, { request, applied }: Asked, adapt: boolean): Decision {
  try {
    const decision = isRetired(engine, model)
      ? moveToSuccessor(engine, model, request, adapt)
      : decideAs(engine, model, request, { adapt });
    return { ...decision, applied: [...applied, ...decision.applied] };
  } catch (cause) {
    throw inTable(cause, model).with({ provider: model.entry.definition.id, model: nameOf(model) });
  }
}

/**
 * How a model would carry out the request if it takes all that is asked, if need be in words of its own; else `undefined`. A refusal says which words the model does
 * not take, and not what it would take instead: of thousands of models that would take long.
 */
export function decideUnchanged(
  engine: Surroundings,
  model: ModelEntry,
  request: ParsedRequest,
  onRefusal: (error: ImageError) => void = () => {},
): Decision | undefined {
  try {
    return decideAs(engine, model, request, { adapt: false, isTerse: true });
  } catch (error) {
    onRefusal(inTable(error, model));
    return undefined;
  }
}

/** How a model would carry out the request; `undefined` if it does not. */
export function decideOpen(
  engine: Surroundings,
  model: ModelEntry,
  request: ParsedRequest,
  adapt: boolean,
): Decision | undefined {
  try {
    return decideAs(engine, model, request, { adapt, isTerse: true });
  } catch {
    return undefined; // what is wrong is told where the request itself is decided
  }
}

/** Why a model does not take the request as it is, in full; `undefined` if it takes it. */
export function refusalOf(engine: Surroundings, model: ModelEntry, request: ParsedRequest): ImageError | undefined {
  try {
    decideAs(engine, model, request, { adapt: false });
    return undefined;
  } catch (error) {
    return inTable(error, model);
  }
}

/** A table that cannot be worked with is its model's failure, and ends nothing for the others. */
function inTable(cause: unknown, model: ModelEntry): ImageError {
  if (ImageError.isInstance(cause)) return cause;
  const message = `the table of ${nameOf(model)} cannot be worked with: ${quoted(messageOf(cause), 200)}`;
  return new ImageError('config', message, {
    cause,
    details: { option: 'model' },
    hint: 'It is a mistake of the provider: update it, or name another model.',
  });
}

/** Throws `auth` for a key that cannot be sent. */
export function checkKey({ model, access: { key, keySource } }: Decision): void {
  // What a function gives is judged when it does.
  if (!key || key.known().every(isSendable)) return;
  throw new ImageError('auth', `the key from ${keySource} has characters that no key has`, {
    provider: model.entry.definition.id,
    model: nameOf(model),
    hint: 'Copy it again from the page of the service; keys are plain letters, digits and signs.',
  });
}

/** The `auth` error of a model whose provider needs a key and has none; `undefined` if nothing is missing. */
export function missingKeyOf(engine: Pick<Engine, 'registry'>, { model, access }: Decision): ImageError | undefined {
  return missingKey(model.entry, access, engine.registry.entries)?.with({ model: nameOf(model) });
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
export function nameOf({ entry, id }: Pick<ModelEntry, 'entry' | 'id'>): string {
  return `${entry.definition.id}/${id}`;
}

/** As this very model, whatever its status. */
function decideAs(
  engine: Surroundings,
  model: ModelEntry,
  request: ParsedRequest,
  how: Omit<NegotiateOptions, 'today'>,
): Decision {
  const { definition, access: given } = model.entry;
  const access = resolveAccess(definition, given, engine.env);
  const target = { provider: definition.id, model: model.id, row: model.row, region: access.region };
  const negotiated = negotiateAgain(request, target, { ...how, today: utcDay(engine.clock) });
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
function moveToSuccessor(engine: Surroundings, model: ModelEntry, request: ParsedRequest, adapt: boolean): Decision {
  const successor = successorOf(engine, model);
  const { definition, access } = model.entry;
  const { retires } = rowIn(model.row, resolveAccess(definition, access, engine.env).region);
  const gone = `${nameOf(model)} was retired on ${retires}`;
  const hint = successor ? `Use ${nameOf(successor)} instead.` : 'Choose another model.';
  const details = { option: 'model', asked: nameOf(model) };
  if (!successor || !adapt) throw new ImageError('not-found', gone, { details, hint });
  const next = decideAs(engine, successor, request, { adapt });
  if (!isNoDearer(next.estimate, lastCost(engine, model, request))) {
    const unsure = `${gone}, and its successor ${successor.id} is not known to cost no more`;
    throw new ImageError('not-found', unsure, { details, hint });
  }
  const because = `${model.id} was retired on ${retires}`;
  return {
    ...next,
    applied: [{ option: 'model', asked: nameOf(model), sent: next.name, because }, ...next.applied],
  };
}

/** What the retired model took for it; `null` = unknown, also if it could not have done it. */
function lastCost(engine: Surroundings, model: ModelEntry, request: ParsedRequest): Money | null {
  try {
    return decideAs(engine, model, request, { adapt: true }).estimate;
  } catch (error) {
    if (!ImageError.isInstance(error)) throw error;
    return null;
  }
}
