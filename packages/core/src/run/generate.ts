// The pipeline: resolve -> negotiate -> budget -> limiter -> ticket -> provider -> fetch and verify -> result.

import { randomUUID } from 'node:crypto';
import { asImageError } from '../access/explain.ts';
import type { ClientRequest, Outcome } from '../contract/client.ts';
import { callsAtATime, type Engine } from '../contract/engine.ts';
import { type ErrorCode, ImageError } from '../contract/errors.ts';
import { type ParsedRequest, parseOptions } from '../contract/request.ts';
import { readInput } from '../inputs/inputs.ts';
import { encodeMasks, prepareInputs } from '../inputs/prepare-inputs.ts';
import { checkCost, checkRoute, chooseModels } from '../models/auto.ts';
import { checkCalls, type Decision, decide, requireKey } from '../models/decide.ts';
import type { ModelEntry } from '../models/registry.ts';
import { helpPrompt } from '../prompt/prompt-help.ts';
import { applyStyle, findStyles, forChoice, type NamedStyles } from '../prompt/styles.ts';
import { createWriter } from '../prompt/text-model.ts';
import { createDeadline, type Deadline, fiveMinutes } from '../timing/deadline.ts';
import { orAbort } from '../timing/or-abort.ts';
import type { CallReport } from './deliver.ts';
import { createReport, finish, type Report } from './report.ts';
import { runCall } from './run-call.ts';

/** After these the next model of a list is tried. */
const fallbackCodes: ReadonlySet<ErrorCode> = new Set(['unavailable', 'rate-limit', 'quota']);

/** Carries out a request. Never rejects. */
export async function runRequest(engine: Engine, request: ClientRequest): Promise<Outcome> {
  const report = createReport(engine.clock.now());
  let deadline: Deadline | undefined;
  try {
    const named = isAuto(engine, request) ? undefined : engine.registry.resolve(request.model);
    const timeout = request.timeout || defaultTimeout(engine, named, request.n);
    deadline = createDeadline(timeout, request.signal, engine.clock.now());
    const route = checkRoute(request.route, !named);
    const parsed = await readRequest(engine, request, deadline.signal);
    report.prompt = { original: parsed.prompt, sent: parsed.prompt };
    const styles = await orAbort(findStyles(engine, request), deadline.signal);
    const candidates = named ?? (await chooseModels(engine, await forChoice(engine, parsed, styles), route));
    for (const [index, candidate] of candidates.entries()) {
      const started = engine.clock.now();
      const error = await attempt(engine, candidate, parsed, styles, request, deadline, report).catch(asImageError);
      report.attempts.push({
        model: `${candidate.entry.definition.id}/${candidate.id}`,
        ms: engine.clock.now() - started,
        ...(error && { error }),
      });
      if (!error) break;
      const errors = report.errors.length ? report.errors : [error];
      if (index === candidates.length - 1 || !errors.every(isPassing)) {
        report.error = error;
        break;
      }
      report.forgetErrors();
    }
  } catch (error) {
    report.error = asImageError(error);
  } finally {
    deadline?.clear();
  }
  return finish(report, engine);
}

/** Whether the next model may be tried: nothing was made here, and nothing can have been billed. */
function isPassing({ code, mayHaveBeenBilled }: ImageError): boolean {
  return fallbackCodes.has(code) && !mayHaveBeenBilled;
}

/** Whether the choice of the model is left to the tables; an alias of that name wins. */
export function isAuto(engine: Engine, { model }: ClientRequest): boolean {
  return model === 'auto' && !engine.registry.aliases.includes('auto');
}

/** Checks the words of a request and reads its pictures. Throws `invalid-request`. */
export async function readRequest(engine: Engine, request: ClientRequest, signal: AbortSignal): Promise<ParsedRequest> {
  const {
    model: _,
    route: __,
    images,
    mask,
    negotiation,
    signal: ___,
    timeout,
    translate,
    enhance,
    onProgress,
    ...words
  } = request;
  if (timeout !== undefined && !(timeout > 0)) {
    throw new ImageError('invalid-request', `timeout must be a number of ms above 0 (got ${timeout})`, {
      details: { option: 'timeout', asked: String(timeout) },
      hint: 'Give milliseconds, such as 120000, or leave timeout out.',
    });
  }
  const options = parseOptions(words);
  const read = (input: NonNullable<typeof mask>) =>
    orAbort(readInput(input, { transport: engine.transport, signal }), signal);
  return {
    ...options,
    images: await Promise.all((images ?? []).map(read)),
    ...(mask !== undefined && { mask: await read(mask) }),
  };
}

/** Tries one model. Throws what refuses the request; returns the error that left it without a picture. */
async function attempt(
  engine: Engine,
  candidate: ModelEntry,
  parsed: ParsedRequest,
  styles: NamedStyles,
  request: ClientRequest,
  deadline: Deadline,
  report: Report,
): Promise<ImageError | undefined> {
  const adapt = request.negotiation === 'adapt';
  const styled = await applyStyle(engine, parsed, styles, candidate, adapt);
  const prepared = await prepareInputs(engine, candidate, styled.request, { adapt, signal: deadline.signal });
  const decision = decide(engine, candidate, prepared, adapt);
  requireKey(engine, decision);
  checkCost(decision, request.route ?? {}, engine.rates);
  const drafts = await encodeMasks(engine.codec, decision.limits, decision.calls);
  const intent = randomUUID();
  const provider = await candidate.entry.load();
  checkCalls(provider, decision);
  const reservation = await engine.budget?.reserve({ model: decision.name, intent, cost: decision.estimate });
  const writer = createWriter({ engine, provider, access: decision.access, deadline });
  const helping = helpPrompt({
    engine,
    decision,
    writer,
    signal: deadline.signal,
    prompt: parsed.prompt,
    ending: styled.ending,
    translate: request.translate !== 'never',
    enhance: request.enhance ?? false,
    ...(styles.wish !== undefined && { wish: styles.wish }),
  });
  const helped = await helping.catch(async (error: unknown) => {
    await reservation?.settle({ cost: null, mayHaveBeenBilled: false }).catch(() => {});
    report.spentOnText(writer.spent());
    throw error;
  });
  report.spentOnText(writer.spent());
  report.prompt = { original: parsed.prompt, sent: helped.sent };
  const gate = { sent: false };
  const progress = request.onProgress && { onProgress: request.onProgress };
  const calls = await Promise.all(
    drafts.map((draft, index) =>
      runCall({
        engine,
        decision,
        provider,
        deadline,
        draft: { ...draft, prompt: helped.sent },
        intent,
        index,
        first: picturesBefore(decision, index),
        count: parsed.n,
        prompt: parsed.prompt,
        ...(styled.ending !== undefined && parsed.style !== undefined && { style: parsed.style }),
        gate,
        ...progress,
      }),
    ),
  );
  const applied = [...styled.applied, ...decision.applied, ...helped.applied];
  const warnings = [...decision.warnings, ...helped.warnings, ...(styles.warning ? [styles.warning] : [])];
  report.add({ applied, warnings }, calls, gate.sent);
  // What was made is in the report before the books are closed: a ledger that fails loses no picture.
  await reservation?.settle(spentBy(calls)).catch((error: unknown) => {
    const reason = error instanceof Error ? error.message : String(error);
    report.warn({ code: 'budget', message: `the budget could not note what was spent: ${reason}` });
  });
  return report.images.length || report.pending.length ? undefined : report.errors[0];
}

function picturesBefore(decision: Decision, index: number): number {
  return decision.calls.slice(0, index).reduce((sum, call) => sum + call.n, 0);
}

function spentBy(calls: readonly CallReport[]) {
  const costs = calls.map((call) => call.spent).filter((cost) => cost !== undefined);
  const known = costs.filter((cost) => cost !== null);
  const unknown = known.length < costs.length || known.some(({ currency }) => currency !== known[0]?.currency);
  const amount = known.reduce((sum, cost) => sum + cost.amount, 0);
  return {
    cost: unknown || !known[0] ? null : { ...known[0], amount },
    mayHaveBeenBilled: calls.some((call) => call.errors.some((error) => error.mayHaveBeenBilled)),
  };
}

/**
 * Slow is normal: 5 minutes, 3 times the slowest model's usual time, or time for all rounds of a large `n`, whichever is longest.
 * For `auto`, whose choice is not known yet, every model counts.
 */
function defaultTimeout(engine: Engine, named: readonly ModelEntry[] | undefined, n = 1): number {
  const entries = named ? named.map(({ entry }) => entry) : engine.registry.entries;
  const rows = named
    ? named.map(({ row }) => row)
    : entries.flatMap(({ definition }) => Object.values(definition.models));
  const slowest = Math.max(0, ...rows.map(({ latencyMs }) => latencyMs?.[1] ?? 0));
  const perRound = Math.min(...rows.map(({ perCall = 1 }) => perCall)) * callsAtATime;
  return Math.max(fiveMinutes, 3 * slowest, 1.5 * slowest * Math.ceil(n / perRound));
}
