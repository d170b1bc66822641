// A request without its sending: the same preparation as a run, and what would come of it.

import { asImageError } from '../access/explain.ts';
import { keysFor } from '../access/missing-key.ts';
import type { ClientRequest, Plan } from '../contract/client.ts';
import { auto, type Engine, type ModelEntry } from '../contract/engine.ts';
import type { Warning } from '../contract/notices.ts';
import { omit } from '../contract/objects.ts';
import type { CallDraft, InputImage } from '../contract/provider.ts';
import type { Attempt } from '../contract/result.ts';
import { type Decision, missingKeyOf, nameOf } from '../models/decide.ts';
import { mayFallBack } from '../models/fallback.ts';
import { orAbort } from '../timing/or-abort.ts';
import {
  checkBudget,
  openRequest,
  type PreparedCall,
  type PreparedRequest,
  prepareCall,
  prepareRequest,
  type Surroundings,
} from './prepare.ts';

/** See `Client.plan`. */
export async function planRequest(engine: Surroundings, request: ClientRequest): Promise<Plan> {
  const opened = openRequest(engine, request);
  const { signal } = opened.deadline;
  try {
    const prepared = await prepareRequest(engine, request, opened);
    const last = prepared.candidates.at(-1);
    const skipped: Attempt[] = [];
    for (const [index, candidate] of prepared.candidates.entries()) {
      try {
        const call = await prepareCall(engine, candidate, prepared, signal, { skipped, isLast: candidate === last });
        await orAbort(checkBudget(engine, call), signal);
        const next = opened.named.includes(auto) ? prepared.candidates.slice(index + 1) : [];
        const others = await Promise.all(next.map((one) => otherChoice(engine, one, prepared, signal)));
        return toPlan(engine, call, others.flat());
      } catch (error) {
        const reason = asImageError(error);
        if (candidate === last || !mayFallBack([reason], prepared)) throw error;
        skipped.push({ model: nameOf(candidate), ms: 0, error: reason });
      }
    }
    throw new Error('a request has at least one model to try');
  } catch (error) {
    throw asImageError(error);
  } finally {
    opened.deadline.clear();
  }
}

type OtherChoice = NonNullable<Plan['others']>[number];

/** What a model beside the chosen one would cost; nothing if it does not take the request after all. */
async function otherChoice(
  engine: Surroundings,
  candidate: ModelEntry,
  prepared: PreparedRequest,
  signal: AbortSignal,
): Promise<readonly OtherChoice[]> {
  const call = await prepareCall(engine, candidate, prepared, signal).catch(() => undefined);
  if (!call) return [];
  const { name, estimate, limits } = call.decision;
  return [{ model: name, estimate, ...(limits.latencyMs && { latencyMs: limits.latencyMs }) }];
}

function toPlan(
  engine: Pick<Engine, 'registry'>,
  { decision, drafts, applied, warnings }: PreparedCall,
  others: readonly OtherChoice[],
): Plan {
  const { latencyMs } = decision.limits;
  return {
    model: decision.name,
    operation: decision.operation,
    region: decision.access.region,
    host: decision.access.host,
    mode: decision.mode,
    calls: drafts.map(describeCall),
    applied,
    warnings: [...warnings, ...keyWarning(engine, decision)],
    estimate: decision.estimate,
    ...(latencyMs && { latencyMs }),
    ...(others.length > 0 && { others }),
  };
}

/** A key can be set later: what is planned may be right without one. */
function keyWarning(engine: Pick<Engine, 'registry'>, decision: Decision): Warning[] {
  if (!missingKeyOf(engine, decision)) return [];
  const { definition } = decision.model.entry;
  const [key] = keysFor(definition, decision.access.region);
  return [{ code: 'key', message: `no key for ${definition.label}: set ${key?.env} before making the picture` }];
}

function describeCall(draft: CallDraft): Plan['calls'][number] {
  const { images, mask } = draft;
  const words = JSON.parse(JSON.stringify(omit(draft, 'limits', 'images', 'mask')));
  return { ...words, images: images.map(describeInput), ...(mask && { mask: describeInput(mask) }) };
}

function describeInput(image: InputImage) {
  if (image.as === 'url') return image;
  const { as, mediaType, width, height, bytes } = image;
  return { as, mediaType, width, height, bytes: bytes.length };
}
