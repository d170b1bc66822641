// The pipeline of a request: prepare it, and for each model to try: reserve the money, help the prompt, run the calls, close the books.

import { randomUUID } from 'node:crypto';
import { asImageError } from '../access/explain.ts';
import type { ClientRequest, Outcome, Reservation } from '../contract/client.ts';
import type { Engine } from '../contract/engine.ts';
import { type ErrorCode, type ImageError, messageOf } from '../contract/errors.ts';
import type { CallDraft, Money } from '../contract/provider.ts';
import type { ModelEntry } from '../contract/registry.ts';
import type { Ticket } from '../contract/tickets.ts';
import { type Decision, nameOf } from '../models/decide.ts';
import { estimate } from '../negotiate/estimate.ts';
import { sumMoney } from '../negotiate/money.ts';
import { type HelpedPrompt, helpPrompt } from '../prompt/prompt-help.ts';
import { createTextModel } from '../prompt/text-model.ts';
import type { Deadline } from '../timing/deadline.ts';
import type { CallFacts, CallReport } from './deliver.ts';
import { Gate } from './gate.ts';
import {
  openRequest,
  type PreparedCall,
  type PreparedRequest,
  prepareCall,
  prepareRequest,
  reserveMoney,
} from './prepare.ts';
import { Report } from './report.ts';
import { runCall, ticketId } from './run-call.ts';

/** A request on its way. */
interface Run {
  readonly engine: Engine;
  readonly request: ClientRequest;
  readonly prepared: PreparedRequest;
  readonly deadline: Deadline;
  readonly report: Report;
}

/** How long what an intent made is remembered, ms. */
const thirtyDays = 30 * 24 * 3600 * 1000;

/** After these the next model of a list is tried. */
const fallbackCodes: ReadonlySet<ErrorCode> = new Set(['unavailable', 'rate-limit', 'quota']);

/** Carries out a request. Never rejects. */
export async function runRequest(engine: Engine, request: ClientRequest): Promise<Outcome> {
  const report = new Report(engine.clock.now());
  let deadline: Deadline | undefined;
  try {
    const opened = openRequest(engine, request);
    deadline = opened.deadline;
    const prepared = await prepareRequest(engine, request, opened);
    report.prompt = { original: prepared.parsed.prompt, sent: prepared.parsed.prompt };
    await tryModels({ engine, request, prepared, deadline, report });
  } catch (error) {
    report.error = asImageError(error);
  } finally {
    deadline?.clear();
  }
  return report.outcome(engine.clock.now());
}

/** Whether the next model may be tried: nothing was made here, and nothing can have been billed. */
export function mayFallBack(errors: readonly ImageError[]): boolean {
  return errors.every(({ code, mayHaveBeenBilled }) => fallbackCodes.has(code) && !mayHaveBeenBilled);
}

async function tryModels(run: Run): Promise<void> {
  const { engine, prepared, report } = run;
  const before = await firstTicket(run);
  // What was sent once stays with its model.
  const candidates = before ? engine.registry.resolve(`${before.provider}/${before.model}`) : prepared.candidates;
  for (const [index, candidate] of candidates.entries()) {
    const started = engine.clock.now();
    const error = await attempt(run, candidate).catch(asImageError);
    const ms = engine.clock.now() - started;
    report.attempts.push({ model: nameOf(candidate), ms, ...(error && { error }) });
    if (!error) return;
    const isLast = index === candidates.length - 1;
    if (isLast || !mayFallBack(report.errors.length ? report.errors : [error])) {
      report.error = error;
      return;
    }
    report.forgetErrors();
  }
}

/** Tries one model. Throws what refuses the request; returns the error that left it without a picture. */
async function attempt(run: Run, candidate: ModelEntry): Promise<ImageError | undefined> {
  const { engine, request, prepared, deadline, report } = run;
  const call = await prepareCall(engine, candidate, prepared, deadline.signal);
  const intent = request.intent ?? randomUUID();
  const fresh = await unsent(run, call);
  const before = fresh.length === 0 ? await firstTicket(run) : undefined;
  const reservation = before ? undefined : await reserveMoney(engine, call.decision, intent, estimateOf(call, fresh));
  const helped = before ? unchanged(before.request.sent) : await helpOrGiveBack(run, call, reservation);
  report.prompt = { original: prepared.parsed.prompt, sent: helped.sent };
  const gate = new Gate();
  const applied = [...call.applied, ...helped.applied];
  const warnings = [...call.warnings, ...helped.warnings];
  const reports = await runCalls(run, call, helped.sent, intent, gate, { applied, warnings });
  report.add({ applied, warnings }, reports, gate.sent);
  // What was made is in the report before the books are closed: a ledger that fails loses no picture.
  await reservation?.settle(spentBy(reports)).catch((error: unknown) => {
    const reason = messageOf(error);
    report.warn({ code: 'budget', message: `the budget could not note what was spent: ${reason}` });
  });
  return report.images.length || report.pending.length ? undefined : report.errors[0];
}

/** The ticket of the first call, if the caller's intent was there before. */
async function firstTicket({ engine, request: { intent } }: Run): Promise<Ticket | undefined> {
  return intent === undefined ? undefined : engine.tickets.get(ticketId(intent, 0));
}

/** The calls that nothing is known of yet: all, unless the caller's intent was there before. */
async function unsent({ engine, request: { intent } }: Run, { drafts }: PreparedCall): Promise<readonly CallDraft[]> {
  if (intent === undefined) return drafts;
  const known = await Promise.all(drafts.map((_, index) => engine.tickets.get(ticketId(intent, index))));
  return drafts.filter((_, index) => !known[index]);
}

function estimateOf({ decision, drafts }: PreparedCall, fresh: readonly CallDraft[]): Money | null {
  return fresh.length === drafts.length ? decision.estimate : estimate(fresh, decision.access.region);
}

/** The prompt that was sent before: no text model is asked again. */
function unchanged(sent: string): HelpedPrompt {
  return { sent, applied: [], warnings: [] };
}

/** The prompt as it is sent. If that ends the request, the money for the pictures goes back. */
async function helpOrGiveBack(
  { engine, request, prepared, deadline, report }: Run,
  { decision, provider, ending }: PreparedCall,
  reservation: Reservation | undefined,
): Promise<HelpedPrompt> {
  const { parsed, styles } = prepared;
  const textModel = createTextModel({ engine, provider, access: decision.access, deadline });
  try {
    return await helpPrompt({
      engine,
      decision,
      textModel,
      signal: deadline.signal,
      prompt: parsed.prompt,
      ending,
      translate: request.translate !== 'never',
      enhance: request.enhance ?? false,
      ...(styles.wish !== undefined && { wish: styles.wish }),
    });
  } catch (error) {
    await reservation?.settle({ cost: null, mayHaveBeenBilled: false }).catch(() => {});
    throw error;
  } finally {
    report.spentOnText(textModel.spent());
  }
}

/** All calls of a model side by side; the limiter says how many run at a time. */
function runCalls(
  { engine, request, prepared, deadline, report }: Run,
  { decision, provider, drafts, ending }: PreparedCall,
  sent: string,
  intent: string,
  gate: Gate,
  told: Pick<CallFacts, 'applied' | 'warnings'>,
): Promise<CallReport[]> {
  const { parsed } = prepared;
  const work = drafts.map((draft, index) =>
    runCall({
      engine,
      decision,
      provider,
      deadline,
      draft: { ...draft, prompt: sent },
      intent,
      index,
      place: { first: picturesBefore(decision, index), count: parsed.n },
      facts: { ...told, prompt: { original: parsed.prompt, sent }, startedAt: report.startedAt },
      ...(request.intent !== undefined && { markUntil: engine.clock.now() + thirtyDays }),
      ...(ending !== undefined && parsed.style !== undefined && { style: parsed.style }),
      gate,
      ...(request.onProgress && { onProgress: request.onProgress }),
    }),
  );
  return Promise.all(work);
}

function picturesBefore(decision: Decision, index: number): number {
  return decision.calls.slice(0, index).reduce((sum, call) => sum + call.n, 0);
}

/** What the budget is told: one amount, or unknown. */
function spentBy(reports: readonly CallReport[]) {
  return {
    cost: sumMoney(reports.map(({ spent }) => spent).filter((cost) => cost !== undefined)),
    mayHaveBeenBilled: reports.some(({ errors }) => errors.some((error) => error.mayHaveBeenBilled)),
  };
}
