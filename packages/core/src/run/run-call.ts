// One call to a provider, or one job, from the limiter to pictures in the store. Whatever spends leaves a ticket before it is sent.

import { createHash, randomUUID } from 'node:crypto';
import { hiddenIn } from '../access/access.ts';
import { createContext } from '../access/context.ts';
import { type Addressee, asImageError, asPaidFailure, explainAddress, explainError } from '../access/explain.ts';
import { stillRunning, unheard } from '../access/ticket-errors.ts';
import { withoutAsked } from '../answers/asked.ts';
import type { Json } from '../contract/capabilities.ts';
import type { Engine } from '../contract/engine.ts';
import { type ErrorCode, ImageError } from '../contract/errors.ts';
import type { Warning } from '../contract/notices.ts';
import { omit } from '../contract/objects.ts';
import type {
  CallContext,
  CallDraft,
  ImageProvider,
  Money,
  ProviderCall,
  ProviderResult,
} from '../contract/provider.ts';
import type { RunOptions } from '../contract/request.ts';
import type { ImageWriter } from '../contract/store.ts';
import type { Ticket } from '../contract/tickets.ts';
import type { HeldAnswer } from '../http/answer.ts';
import { AnswerMemory } from '../http/body/answer-memory.ts';
import type { Decision } from '../models/decide.ts';
import { estimate } from '../negotiate/estimate.ts';
import { abortError } from '../timing/abort-error.ts';
import type { Deadline } from '../timing/deadline.ts';
import { orAbort, orUndo } from '../timing/or-abort.ts';
import { withRetries } from '../timing/retry.ts';
import { type Tell, teller } from '../timing/tell.ts';
import { type CallFacts, type CallReport, type DeliverOptions, deliver, hintOf, keep } from './deliver.ts';
import type { Gate } from './gate.ts';
import { closeJob, JobEnded, submitted, toldCost, watchJob } from './jobs.ts';
import { repeatOf } from './repeat.ts';
import { keepAnswer, salvage, unread } from './salvage.ts';

export interface CallOptions {
  readonly engine: Engine;
  readonly decision: Decision;
  readonly provider: ImageProvider;
  readonly deadline: Deadline;
  /** Of all that comes before the sending: the deadline, or an earlier end. */
  readonly unsentUntil: Deadline;
  readonly draft: CallDraft;
  /** The request's id; each call adds its number. */
  readonly intent: string;
  /** Given if the intent is the caller's own and may come again: until when what it made is remembered, Unix time in ms. */
  readonly markUntil?: number;
  readonly index: number;
  readonly place: DeliverOptions['place'];
  readonly facts: CallFacts;
  /** The named style whose words the draft's prompt has. */
  readonly style?: string;
  /** That of the request: all its calls pass it. */
  readonly gate: Gate;
  readonly onProgress?: RunOptions['onProgress'];
}

/** One call on its way, and what it holds. */
interface Sending {
  readonly options: CallOptions;
  readonly tell: Tell;
  ticket: Ticket;
  /** Whether the ticket is in the store, and held. */
  isHeld: boolean;
  /** One for each picture, opened before anything is sent; taken out by who uses it. */
  readonly writers: (ImageWriter | undefined)[];
  /** What its answers have of it. */
  readonly memory: AnswerMemory;
  /** What the service answered last. */
  answer?: HeldAnswer;
}

/** An answer whose pictures are still to be brought home. */
interface Answered {
  readonly result: ProviderResult;
  readonly ticket: Ticket;
  readonly warnings: readonly Warning[];
}

/**
 * What a call came to: an answer; pictures that are at home already; an error, after which the ticket of a job may remain; or that
 * it was sent before.
 */
type Reached = Answered | { readonly report: Promise<CallReport> } | Failed | 'sent before';

/** `pending`: of what was paid for, or may have been. `told`: what the service said that it costs. */
interface Failed {
  readonly error: ImageError;
  readonly pending?: Ticket;
  readonly told?: Money | undefined;
}

const paid = { mayHaveBeenBilled: true } as const;

/** After these it is known that no picture was made, whatever it cost to find that out. */
const answered: ReadonlySet<ErrorCode> = new Set([
  'auth',
  'permission',
  'quota',
  'invalid-request',
  'unsupported',
  'content-blocked',
  'not-found',
]);

/** Runs a call. Never rejects: what failed is in `errors`, one per picture not made. */
export async function runCall(options: CallOptions): Promise<CallReport> {
  const { engine, decision } = options;
  const sending: Sending = {
    options,
    tell: tellerOf(options),
    ticket: newTicket(options),
    isHeld: false,
    writers: [],
    memory: new AnswerMemory(),
  };
  const send = decision.mode === 'job' ? sendJob : sendOnce;
  try {
    const reached = await send(sending).catch((error): Reached => ({ error: asImageError(error) }));
    if (reached === 'sent before') return await repeatOf(options, sending.ticket.id);
    if ('error' in reached) return failed(sending, reached);
    return 'report' in reached ? await reached.report : await delivered(sending, reached);
  } finally {
    for (const writer of sending.writers) await writer?.abort();
    if (sending.isHeld) await engine.tickets.release(sending.ticket.id);
    sending.memory.end(engine.store.copies ?? false);
  }
}

async function delivered(
  { options, tell, writers, answer }: Sending,
  { result, ticket, warnings }: Answered,
  onKept?: () => void,
): Promise<CallReport> {
  const { engine, decision, draft, facts, place, deadline } = options;
  const report = await deliver({
    engine,
    addressee: addresseeOf(decision),
    sign: options.provider.sign,
    row: decision.model.row,
    result,
    ticket,
    asked: draft,
    facts,
    place,
    writers,
    ...(options.markUntil !== undefined && { markUntil: options.markUntil }),
    ...(answer?.spends && { answer }),
    price: (made) => costOf(decision, draft, made),
    deadline,
    tell,
    ...(onKept && { onKept }),
  });
  for (const error of report.errors) options.gate.tell(error);
  return { ...report, warnings: [...warnings, ...report.warnings] };
}

function failed({ options, tell }: Sending, { error: known, pending, told }: Failed): CallReport {
  const { decision, draft } = options;
  const addressee = addresseeOf(decision);
  const explained = explainError(explainAddress(known, addressee.access), addressee);
  const isFree = told === undefined && costOf(decision, draft, draft.n)?.amount === 0;
  const error = isFree ? explained.with({ mayHaveBeenBilled: false }) : explained;
  tell({ phase: 'failed', error });
  const spent = error.mayHaveBeenBilled ? told : undefined;
  return {
    images: [],
    errors: Array(draft.n).fill(error),
    warnings: [],
    ...(pending && { pending }),
    ...(spent && { spent }),
  };
}

/** The service answers in one call. A repetition waits its turn anew, so that the limiter learns of each failure. */
async function sendOnce(sending: Sending): Promise<Reached> {
  const { options, ticket } = sending;
  const { call, context } = callOf(sending);
  const generate = () =>
    orAbort(options.provider.generate!(call, context), context.signal, paid).catch((error: unknown) => {
      return sending.answer
        ? salvage(sending.answer, options.provider, paidFailure(sending, error))
        : failPaid(sending, error);
    });
  const turn = async (): Promise<Reached> => {
    if (!(await begin(sending, ticket))) return 'sent before';
    const answer: Answered = { result: await generate(), ticket, warnings: [] };
    if (answer.result.outputs.some((output) => 'url' in output)) return answer;
    // Bytes exist only here: the next call is not sent before they are kept.
    const kept = Promise.withResolvers<void>();
    const report = delivered(sending, answer, kept.resolve);
    await Promise.race([kept.promise, report]);
    return { report };
  };
  try {
    return await repeat(options, () => inTurn(sending, turn));
  } catch (failure) {
    return await closeFailed(sending, asImageError(failure));
  }
}

/**
 * Submits and waits. The ticket stays whenever the job may still be alive. A submission is repeated as a call is, so that the limiter
 * learns of each that was refused.
 */
async function sendJob(sending: Sending): Promise<Reached> {
  const { options, ticket } = sending;
  const { provider } = options;
  const { call, context } = callOf(sending);
  const jobs = provider.jobs!;
  const planned = jobs.plan?.(call);
  const intended: Ticket = { ...ticket, ...(planned !== undefined && { service: planned }) };
  const turn = async (): Promise<Reached> => {
    if (!(await begin(sending, intended))) return 'sent before';
    try {
      const service = await orAbort(jobs.submit(call, context, planned), context.signal, paid);
      return await waitForJob(sending, context, service);
    } catch (failure) {
      // A server that is asked for a job may draw at once.
      const made = sending.answer && (await salvage(sending.answer, provider, failure).catch(() => undefined));
      return made ? { result: made, ticket: intended, warnings: [] } : failPaid(sending, failure);
    }
  };
  try {
    return await repeat(options, () => inTurn(sending, turn));
  } catch (failure) {
    const { error, pending = { ...intended, uncertain: true } } = await closeFailed(sending, asImageError(failure));
    return error.mayHaveBeenBilled ? { error, pending } : { error };
  }
}

/** Waits for a job that was accepted. Never rejects. */
async function waitForJob(sending: Sending, context: CallContext, service: Json): Promise<Reached> {
  const { options, tell, ticket } = sending;
  const { engine, provider } = options;
  const jobs = provider.jobs!;
  const warnings: Warning[] = [];
  let told = toldCost(jobs, service, context.log);
  let current = submitted(ticket, service, told);
  await keep(engine, current, warnings);
  tell({ phase: 'accepted' });
  try {
    const lastAnswer = () => sending.answer;
    const onTicket = async (next: Json, cost: Money | undefined) => {
      told = cost ?? told;
      current = submitted(current, next, cost);
      await keep(engine, current, warnings);
    };
    const result = await watchJob({ jobs, provider, context, clock: engine.clock, service, onTicket, lastAnswer });
    return { result, ticket: current, warnings };
  } catch (error) {
    if (!(error instanceof JobEnded)) return { error: stillRunning(error, current), pending: current, told };
    return { error: await closeJob(engine, error, current), told };
  }
}

/**
 * The last step before money is spent: what the pictures need is open, and the ticket is there. `false`: a ticket of that id was
 * there already. Throws `storage`, and the signal's reason if the request was cancelled meanwhile: then there is no ticket.
 */
async function begin(sending: Sending, ticket: Ticket): Promise<boolean> {
  const { tell } = sending;
  if (sending.isHeld) {
    tell({ phase: 'sent' });
    return true; // a repetition
  }
  const { engine, draft, decision, place, markUntil, gate, unsentUntil } = sending.options;
  const { signal } = unsentUntil;
  for (let index = sending.writers.length; index < draft.n; index++) {
    const hint = hintOf({ ...sending.options, ticket }, decision.name, place.first + index);
    sending.writers.push(await orUndo(engine.store.open(hint), signal, (writer) => writer.abort()));
  }
  sending.ticket = ticket;
  signal.throwIfAborted();
  if (leavesNothing(ticket, markUntil)) {
    isSent();
    return true;
  }
  const { tickets } = engine;
  sending.isHeld = await orUndo(tickets.create(ticket), signal, (made) => made && tickets.delete(ticket.id));
  if (!sending.isHeld) return false;
  if (signal.aborted) {
    // The last moment at which it is certain that nothing was billed.
    sending.isHeld = false;
    await tickets.delete(ticket.id).catch(() => {});
    throw abortError(signal);
  }
  isSent();
  return true;

  function isSent(): void {
    gate.markSent();
    tell({ phase: 'sent' });
  }
}

/** Of a call that costs nothing, nothing can be lost: it is made where no ticket can be kept, too. */
function leavesNothing({ cost, mode }: Ticket, markUntil: number | undefined): boolean {
  return cost?.amount === 0 && mode === 'call' && markUntil === undefined;
}

/** What becomes of the ticket of a call that failed: it stays, uncertain, unless it is known that nothing was made. */
async function closeFailed({ options, ticket, isHeld, answer }: Sending, error: ImageError): Promise<Failed> {
  const { engine, decision } = options;
  const { tickets } = engine;
  if (!isHeld) return { error };
  if (!error.mayHaveBeenBilled || answered.has(error.code)) {
    await tickets.delete(ticket.id).catch(() => {});
    return { error };
  }
  const kept =
    answer?.spends && !isUnderstood(error)
      ? await keepAnswer(engine, answer, ticket, hiddenIn(decision.access))
      : undefined;
  await tickets.put(kept ?? { ...ticket, uncertain: true }).catch(() => {});
  return kept ? { error: unread(error, ticket), pending: kept } : { error: unheard(error, ticket) };
}

/** Whether the provider knew what the service said, and it was not a picture: then there is nothing to be found in it. */
function isUnderstood({ serviceCode, retryable }: ImageError): boolean {
  return serviceCode !== undefined || retryable;
}

/** Waits for a place in the account's limits. Throws what stopped the calls before. */
function inTurn<T>({ options, tell }: Sending, work: () => Promise<T>): Promise<T> {
  const { engine, decision, gate, unsentUntil } = options;
  const { definition } = decision.model.entry;
  const asked = engine.clock.now();
  tell({ phase: 'waiting' });
  const turn = async () => {
    const waitedMs = engine.clock.now() - asked;
    if (waitedMs > 0) {
      const atATime = engine.rateOf(definition).concurrent;
      engine.log?.('turn', { model: decision.name, waitedMs, atATime });
    }
    unsentUntil.signal.throwIfAborted();
    gate.pass();
    // Told before the place is free again, so that the next in line hears of it.
    return work().catch((error: unknown) => {
      if (ImageError.isInstance(error)) {
        gate.tell(error);
        tell({ phase: 'waiting', error });
      }
      throw error;
    });
  };
  return engine.limiter(definition, decision.access).run(turn, unsentUntil.signal, unsentUntil.at);
}

function repeat<T>({ engine, unsentUntil }: CallOptions, work: () => Promise<T>): Promise<T> {
  const { clock, maxRetries, log } = engine;
  return withRetries(work, {
    clock,
    maxRetries,
    log,
    signal: unsentUntil.signal,
    deadline: unsentUntil.at,
    spends: true,
  });
}

function paidFailure({ answer }: Sending, error: unknown): ImageError {
  return asPaidFailure(error, { isAnswered: answer !== undefined });
}

function failPaid(sending: Sending, error: unknown): never {
  throw paidFailure(sending, error);
}

function addresseeOf({ model, access, name }: Decision): Addressee {
  return { definition: model.entry.definition, access, name };
}

/** What the provider gets. */
function callOf(sending: Sending): { readonly call: ProviderCall; readonly context: CallContext } {
  const { options, tell, ticket, memory } = sending;
  const { engine, provider, decision, deadline, draft } = options;
  const context = createContext(engine, provider, decision.access, deadline.signal, {
    memory,
    onProgress: tell,
    onSuccess: (answer) => {
      if (!answer.spends && decision.mode !== 'job') return;
      sending.answer = { ...answer, read: async () => withoutAsked(await answer.read(), draft) };
    },
  });
  return { call: { ...draft, intent: ticket.intent }, context };
}

function tellerOf({ engine, decision, draft, index, place, onProgress }: CallOptions): Tell {
  const { name: model, mode } = decision;
  const cost = costOf(decision, draft, draft.n);
  return teller(engine, onProgress, index, { model, mode, first: place.first, n: draft.n, cost });
}

function newTicket({ engine, decision, draft, intent, markUntil, index, place, facts, style }: CallOptions): Ticket {
  const { images, mask } = draft;
  const words = { ...omit(draft, 'images', 'mask', 'limits', 'model'), ...(style !== undefined && { style }) };
  const { original, sent } = facts.prompt;
  const cost = costOf(decision, draft, draft.n);
  return {
    id: markUntil !== undefined ? ticketId(intent, index) : `t-${randomUUID().slice(0, 8)}`,
    provider: decision.model.entry.definition.id,
    model: decision.model.id,
    host: decision.access.host,
    region: decision.access.region,
    at: engine.clock.now(),
    intent: `${intent}-${index}`,
    keyPrint: decision.access.key?.print() ?? '',
    state: 'intended',
    mode: decision.mode,
    request: { ...words, prompt: original, sent, n: draft.n, images: images.length, mask: !!mask },
    place,
    ...(cost && { cost }),
    ...(markUntil !== undefined && { markUntil }),
  };
}

/** The ticket of a call of a request whose intent the caller gave: everybody who is given that intent finds the same. */
export function ticketId(intent: string, index: number): string {
  return `t-${createHash('sha256')
    .update(JSON.stringify([intent, index]))
    .digest('hex')
    .slice(0, 24)}`;
}

function costOf(decision: Decision, draft: CallDraft, made: number): Money | null {
  // Of a single call it is known already.
  if (decision.calls.length === 1 && made === draft.n) return decision.estimate;
  return estimate([{ ...draft, n: made }], decision.access.region);
}
