// The pipeline of a request: prepare it, and for each model to try: reserve the money, help the prompt, run the calls, close the books.

import { randomUUID } from 'node:crypto';
import { asImageError } from '../access/explain.ts';
import type { Reservation } from '../contract/budget.ts';
import type { ClientRequest, Outcome } from '../contract/client.ts';
import type { Engine, ModelEntry } from '../contract/engine.ts';
import { type ImageError, messageOf } from '../contract/errors.ts';
import type { CallDraft, Money } from '../contract/provider.ts';
import type { ExpectedPictures } from '../contract/store.ts';
import { intentMemoryMs, type Ticket } from '../contract/tickets.ts';
import { type Decision, nameOf } from '../models/decide.ts';
import { mayFallBack } from '../models/fallback.ts';
import { estimate } from '../negotiate/estimate.ts';
import { sumMoney } from '../negotiate/money.ts';
import { type HelpedPrompt, helpPrompt, needsHelp } from '../prompt/prompt-help.ts';
import { createTextModel } from '../prompt/text-model.ts';
import { type Deadline, endedWith } from '../timing/deadline.ts';
import { orAbort, orUndo } from '../timing/or-abort.ts';
import type { CallFacts, CallReport } from './deliver.ts';
import { Gate } from './gate.ts';
import {
  isUnloaded,
  openRequest,
  type PreparedCall,
  type PreparedRequest,
  prepareCall,
  prepareRequest,
  reserveMoney,
} from './prepare.ts';
import { repeatOf } from './repeat.ts';
import { Report } from './report.ts';
import { runCall, ticketId } from './run-call.ts';

/** A request on its way. */
interface Run {
  readonly engine: Engine;
  readonly request: ClientRequest;
  readonly prepared: PreparedRequest;
  readonly deadline: Deadline;
  /** Of all that comes before the sending. */
  readonly unsentUntil: Deadline;
  readonly report: Report;
}

const nothingSpent = { costs: [], mayHaveBeenBilled: false };

/** Carries out a request. Never rejects. */
export async function runRequest(engine: Engine, request: ClientRequest): Promise<Outcome> {
  const report = new Report(engine.clock.now());
  let deadline: Deadline | undefined;
  let unsentUntil: Deadline | undefined;
  try {
    const opened = openRequest(engine, request);
    deadline = opened.deadline;
    unsentUntil = request.stopSending ? endedWith(deadline, request.stopSending) : deadline;
    const prepared = await prepareRequest(engine, request, { ...opened, deadline: unsentUntil });
    report.prompt = { original: prepared.parsed.prompt, sent: prepared.parsed.prompt };
    await tryModels({ engine, request, prepared, deadline, unsentUntil, report });
  } catch (error) {
    report.error = asImageError(error);
  } finally {
    unsentUntil?.clear();
    deadline?.clear();
  }
  return report.outcome(engine.clock.now());
}

async function tryModels(run: Run): Promise<void> {
  const { engine, prepared, report } = run;
  const before = await firstTicket(run);
  // What was sent once stays with its model.
  const candidates = before ? engine.registry.resolve(`${before.provider}/${before.model}`) : prepared.candidates;
  for (const [index, candidate] of candidates.entries()) {
    const started = engine.clock.now();
    const isLast = index === candidates.length - 1;
    const error = await attempt(run, candidate, isLast).catch(asImageError);
    const ms = engine.clock.now() - started;
    report.attempts.push({ model: nameOf(candidate), ms, ...(error && { error }) });
    if (!error) return;
    const isOver = !isUnloaded(error) && !mayFallBack(report.errors.length ? report.errors : [error], prepared);
    if (isLast || isOver) {
      report.error = error;
      return;
    }
    report.forgetErrors();
  }
}

/** Tries one model. Throws what refuses the request; returns the error that left it without a picture. */
async function attempt(run: Run, candidate: ModelEntry, isLast: boolean): Promise<ImageError | undefined> {
  const { engine, request, prepared, unsentUntil, report } = run;
  const { signal } = unsentUntil;
  const call = await prepareCall(engine, candidate, prepared, signal, { skipped: report.attempts, isLast });
  const intent = request.intent ?? randomUUID();
  const fresh = await unsent(run, call);
  const before = fresh.length === 0 ? await firstTicket(run) : undefined;
  const reserved = before ? undefined : reserveMoney(engine, call, intent, estimateOf(call, fresh));
  const reservation = reserved && (await orUndo(reserved, signal, (taken) => taken?.settle(nothingSpent)));
  const made = await orGiveBack(reservation, async () => {
    const room = engine.store.expect?.(expectedOf(fresh));
    const giveRoomBack = room && (await orUndo(room, signal, (giveBack) => giveBack()));
    try {
      signal.throwIfAborted();
      const helped = before ? unchanged(before.request.sent) : await help(run, call);
      report.prompt = { original: prepared.parsed.prompt, sent: helped.sent };
      return await runCalls(run, call, helped, { intent, fresh });
    } finally {
      giveRoomBack?.();
    }
  });
  report.add(made.told, made.reports, made.sent);
  // What was made is in the report before the books are closed: a ledger that fails loses no picture.
  await reservation?.settle(spentBy(made.reports)).catch((error: unknown) => {
    const reason = messageOf(error);
    report.warn({ code: 'budget', message: `the budget could not note what was spent: ${reason}` });
  });
  return report.images.length || report.pending.length ? undefined : report.errors[0];
}

/** The work; if it throws, no call was sent, and the money for the pictures goes back. */
async function orGiveBack<T>(reservation: Reservation | undefined, work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    await reservation?.settle(nothingSpent).catch(() => {});
    throw error;
  }
}

/** The ticket of the first call, if the caller's intent was there before. */
async function firstTicket({ engine, request: { intent }, unsentUntil }: Run): Promise<Ticket | undefined> {
  return intent === undefined ? undefined : orAbort(engine.tickets.get(ticketId(intent, 0)), unsentUntil.signal);
}

/** The calls that nothing is known of yet: all, unless the caller's intent was there before. */
async function unsent(
  { engine, request: { intent }, unsentUntil }: Run,
  { drafts }: PreparedCall,
): Promise<readonly CallDraft[]> {
  if (intent === undefined) return drafts;
  const looking = Promise.all(drafts.map((_, index) => engine.tickets.get(ticketId(intent, index))));
  const known = await orAbort(looking, unsentUntil.signal);
  return drafts.filter((_, index) => !known[index]);
}

function estimateOf({ decision, drafts }: PreparedCall, fresh: readonly CallDraft[]): Money | null {
  return fresh.length === drafts.length ? decision.estimate : estimate(fresh, decision.access.region);
}

/** A byte for each channel of each pixel, opaque or not: no usual picture takes more. Where the size is not known, 1024x1024. */
function expectedOf(drafts: readonly CallDraft[]): ExpectedPictures {
  const bytes = drafts.reduce((sum, { n, size }) => sum + n * 4 * (size ? size.width * size.height : 2 ** 20), 0);
  return { count: drafts.reduce((sum, { n }) => sum + n, 0), bytes };
}

/** A prompt that no text model is asked about. */
function unchanged(sent: string): HelpedPrompt {
  return { sent, applied: [], warnings: [] };
}

/** The prompt as it is sent. */
async function help(
  { engine, request, prepared, unsentUntil, report }: Run,
  { decision, provider, ending }: PreparedCall,
): Promise<HelpedPrompt> {
  const { parsed, styles } = prepared;
  const asked = {
    engine,
    decision,
    signal: unsentUntil.signal,
    prompt: parsed.prompt,
    ending,
    translate: request.translate !== 'never',
    enhance: request.enhance ?? false,
    ...(styles.wish !== undefined && { wish: styles.wish }),
  };
  if (!needsHelp(asked)) return unchanged(parsed.prompt);
  const textModel = createTextModel({ engine, provider, access: decision.access, deadline: unsentUntil });
  try {
    return await helpPrompt({ ...asked, textModel });
  } finally {
    report.spentOnText(textModel.spent());
  }
}

/** What came of all calls of a model. */
interface Made {
  readonly told: Pick<CallFacts, 'applied' | 'warnings'>;
  readonly reports: readonly CallReport[];
  readonly sent: boolean;
}

/** All calls of a model side by side; the limiter says how many run at a time. Only those of `fresh` are sent: for them there is money. */
async function runCalls(
  { engine, request, prepared, deadline, unsentUntil, report }: Run,
  call: PreparedCall,
  helped: HelpedPrompt,
  { intent, fresh }: { readonly intent: string; readonly fresh: readonly CallDraft[] },
): Promise<Made> {
  const { parsed } = prepared;
  const { decision, provider, drafts, ending } = call;
  const { sent } = helped;
  const gate = new Gate();
  const told = {
    applied: [...call.applied, ...helped.applied],
    warnings: [...call.warnings, ...helped.warnings],
  };
  const facts = { ...told, prompt: { original: parsed.prompt, sent }, startedAt: report.startedAt };
  const shared = {
    engine,
    decision,
    provider,
    deadline,
    unsentUntil,
    intent,
    facts,
    gate,
    ...(request.intent !== undefined && { markUntil: engine.clock.now() + intentMemoryMs }),
    ...(ending !== undefined && parsed.style !== undefined && { style: parsed.style }),
    ...(request.onProgress && { onProgress: request.onProgress }),
  };
  const work = drafts.map((draft, index) => {
    const place = { first: picturesBefore(decision, index), count: parsed.n };
    const options = { ...shared, draft: { ...draft, prompt: sent }, index, place };
    return fresh.includes(draft) ? runCall(options) : repeatOf(options, ticketId(intent, index));
  });
  return { told, reports: await Promise.all(work), sent: gate.sent };
}

function picturesBefore(decision: Decision, index: number): number {
  return decision.calls.slice(0, index).reduce((sum, call) => sum + call.n, 0);
}

/** What the budget is told. A price that is not known may be any. */
function spentBy(reports: readonly CallReport[]) {
  const spent = reports.map((report) => report.spent).filter((cost) => cost !== undefined);
  const isUnsure = reports.some(({ errors }) => errors.some((error) => error.mayHaveBeenBilled));
  return { costs: sumMoney(spent), mayHaveBeenBilled: isUnsure || spent.includes(null) };
}
