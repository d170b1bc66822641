// One call to a provider, or one job, from the limiter to pictures in the store.

import { randomUUID } from 'node:crypto';
import { createContext } from '../access/context.ts';
import { type Addressee, asImageError, asPaidFailure, explainAddress, explainError } from '../access/explain.ts';
import type { Json } from '../contract/capabilities.ts';
import type { Engine } from '../contract/engine.ts';
import { ImageError } from '../contract/errors.ts';
import type { Warning } from '../contract/notices.ts';
import { omit } from '../contract/objects.ts';
import type {
  CallContext,
  CallDraft,
  ImageProvider,
  Money,
  Progress,
  ProviderCall,
  ProviderResult,
} from '../contract/provider.ts';
import type { Ticket } from '../contract/tickets.ts';
import type { Decision } from '../models/decide.ts';
import { estimate } from '../negotiate/estimate.ts';
import type { Deadline } from '../timing/deadline.ts';
import { orAbort } from '../timing/or-abort.ts';
import { withRetries } from '../timing/retry.ts';
import { type CallReport, deliver, keep } from './deliver.ts';
import type { Gate } from './gate.ts';
import { JobEnded, watchJob } from './jobs.ts';

export interface CallOptions {
  readonly engine: Engine;
  readonly decision: Decision;
  readonly provider: ImageProvider;
  readonly deadline: Deadline;
  readonly draft: CallDraft;
  /** The request's id; each call adds its number. */
  readonly intent: string;
  readonly index: number;
  /** How many pictures the calls before this one make. */
  readonly first: number;
  /** How many pictures were asked for in all. */
  readonly count: number;
  readonly prompt: string;
  /** The named style whose words the draft's prompt has. */
  readonly style?: string;
  /** That of the request: all its calls pass it. */
  readonly gate: Gate;
  readonly onProgress?: (progress: Progress, index: number) => void;
}

/** What a call came to: an answer, or an error, after which the ticket of a job may remain. */
type Reached =
  | { readonly result: ProviderResult; readonly ticket: Ticket; readonly stored: boolean; readonly warnings: Warning[] }
  | { readonly error: ImageError; readonly pending?: Ticket };

const paid = { mayHaveBeenBilled: true } as const;

/** Runs a call. Never rejects: what failed is in `errors`, one per picture not made. */
export async function runCall(options: CallOptions): Promise<CallReport> {
  const { engine, decision, draft, deadline } = options;
  const { entry, row } = decision.model;
  const addressee: Addressee = { definition: entry.definition, access: decision.access, name: decision.name };
  const ticket = newTicket(options);
  const context = createContext(engine, options.provider, decision.access, deadline.signal, (progress) =>
    options.onProgress?.(progress, options.index),
  );
  const call: ProviderCall = { ...draft, intent: ticket.intent };
  const work = decision.mode === 'job' ? runJob : runOnce;
  const reached = await work(options, call, context, ticket).catch(
    (error): Reached => ({ error: asImageError(error) }),
  );
  if ('error' in reached) {
    const error = explainError(explainAddress(reached.error, addressee.access), addressee);
    const { pending } = reached;
    return { images: [], errors: Array(draft.n).fill(error), warnings: [], ...(pending && { pending }) };
  }
  const { result, stored, warnings } = reached;
  const report = await deliver({
    engine,
    addressee,
    row,
    result,
    ticket: reached.ticket,
    stored,
    asked: draft,
    hint: { prompt: options.prompt, count: options.count, first: options.first },
    price: (made) => costOf(decision, draft, made),
    deadline,
  });
  return { ...report, warnings: [...warnings, ...report.warnings] };
}

/** The service answers in one call. A repetition waits its turn anew, so that the limiter learns of each failure. */
async function runOnce(
  options: CallOptions,
  call: ProviderCall,
  context: CallContext,
  ticket: Ticket,
): Promise<Reached> {
  const work = () =>
    inTurn(options, async () =>
      orAbort(options.provider.generate!(call, context), context.signal, paid).catch(failPaid),
    );
  return { result: await repeat(options, work), ticket, stored: false, warnings: [] };
}

/** Submits and waits. The ticket is on disk before money is spent, and stays whenever the job may still be alive. */
function runJob(options: CallOptions, call: ProviderCall, context: CallContext, ticket: Ticket): Promise<Reached> {
  const { engine, provider } = options;
  const jobs = provider.jobs!;
  return inTurn(options, async (): Promise<Reached> => {
    const planned = jobs.plan?.(call);
    const intended: Ticket = { ...ticket, ...(planned !== undefined && { service: planned }) };
    await engine.tickets.put(intended);
    options.gate.markSent();
    let service: Json;
    try {
      const submit = async () => orAbort(jobs.submit(call, context, planned), context.signal, paid).catch(failPaid);
      service = await repeat(options, submit);
    } catch (failure) {
      const error = asPaidFailure(failure);
      if (!error.mayHaveBeenBilled) {
        await engine.tickets.delete(ticket.id).catch(() => {});
        throw error;
      }
      const uncertain: Ticket = { ...intended, uncertain: true };
      await engine.tickets.put(uncertain).catch(() => {});
      return { error, pending: uncertain };
    }
    const warnings: Warning[] = [];
    let current: Ticket = { ...ticket, state: 'submitted', service };
    await keep(engine, current, warnings);
    try {
      const onTicket = async (next: Json) => {
        current = { ...current, service: next };
        await keep(engine, current, warnings);
      };
      const result = await watchJob({ jobs, context, clock: engine.clock, service, onTicket });
      return { result, ticket: current, stored: true, warnings };
    } catch (error) {
      if (!(error instanceof JobEnded)) return { error: stillRunning(error, current), pending: current };
      await engine.tickets.delete(ticket.id).catch(() => {});
      return { error: error.error };
    }
  });
}

/** What a caller should know of a job it no longer waits for. */
export function stillRunning(error: unknown, ticket: Ticket): ImageError {
  const known = asImageError(error);
  const next = `The job goes on at the service: resume ticket ${ticket.id} to fetch the picture without paying again.`;
  // What ends with time needs no other advice.
  const isPassing = known.retryable || known.code === 'aborted' || known.hint === undefined;
  return known.with({ mayHaveBeenBilled: true, hint: isPassing ? next : `${known.hint} ${next}` });
}

/** Waits for a place in the account's limits. Throws what stopped the calls before. */
function inTurn<T>({ engine, decision, gate, deadline }: CallOptions, work: () => Promise<T>): Promise<T> {
  const { definition } = decision.model.entry;
  const turn = async () => {
    deadline.signal.throwIfAborted();
    gate.pass();
    if (decision.mode === 'call') gate.markSent();
    // Told before the place is free again, so that the next in line hears of it.
    return work().catch((error: unknown) => {
      if (ImageError.isInstance(error)) gate.tell(error);
      throw error;
    });
  };
  return engine.limiter(definition, decision.access).run(turn, deadline.signal, deadline.at);
}

function repeat<T>({ engine, deadline }: CallOptions, work: () => Promise<T>): Promise<T> {
  const { clock, maxRetries, log } = engine;
  return withRetries(work, { clock, maxRetries, log, signal: deadline.signal, deadline: deadline.at, spends: true });
}

function failPaid(error: unknown): never {
  throw asPaidFailure(error);
}

function newTicket({ engine, decision, draft, intent, index, prompt, style }: CallOptions): Ticket {
  const { images, mask } = draft;
  const words = { ...omit(draft, 'images', 'mask', 'limits', 'model'), ...(style !== undefined && { style }) };
  const cost = costOf(decision, draft, draft.n);
  return {
    id: `t-${randomUUID().slice(0, 8)}`,
    provider: decision.model.entry.definition.id,
    model: decision.model.id,
    host: decision.access.host,
    region: decision.access.region,
    at: engine.clock.now(),
    intent: `${intent}-${index}`,
    keyPrint: decision.access.key?.print() ?? '',
    state: 'intended',
    request: { ...words, prompt, sent: draft.prompt, n: draft.n, images: images.length, mask: !!mask },
    ...(cost && { cost }),
  };
}

function costOf(decision: Decision, draft: CallDraft, made: number): Money | null {
  return estimate([{ ...draft, n: made }], decision.access.region);
}
