// Polling exists once, here: ask until the service is done, the deadline passes or the caller gives up.

import { asImageError } from '../access/explain.ts';
import { gone, isOfJob, isUnreached } from '../access/ticket-errors.ts';
import type { Json } from '../contract/capabilities.ts';
import type { Clock } from '../contract/client.ts';
import type { Engine } from '../contract/engine.ts';
import { type ErrorCode, ImageError, messageOf, problemOf } from '../contract/errors.ts';
import type { CallContext, ImageProvider, JobApi, Money, ProviderResult } from '../contract/provider.ts';
import type { Ticket } from '../contract/tickets.ts';
import { moneyIn } from '../foreign/read-ticket.ts';
import type { HeldAnswer } from '../http/answer.ts';
import { orAbort } from '../timing/or-abort.ts';
import { salvage } from './salvage.ts';

const firstWaitMs = 2_000;
const longestWaitMs = 5_000;

/** How many answers in a row that nobody can read are put up with: a gateway's page, a cut one. The job is paid for and goes on. */
const mostUnread = 5;

/** How often a service is tried that no question has reached yet: who resumes a ticket need not wait for the deadline to hear of it. */
const mostUnreached = 3;

/** What a provider says of an answer that it cannot read, or finds no picture in. */
const unreadable: ReadonlySet<ErrorCode> = new Set(['bad-response', 'server']);

export interface WatchOptions {
  readonly jobs: JobApi;
  readonly provider: Pick<ImageProvider, 'readAnswer' | 'label'>;
  readonly context: CallContext;
  /** The success that came last, if the provider could not read it. */
  readonly lastAnswer: () => HeldAnswer | undefined;
  readonly clock: Clock;
  /** The service's part of the ticket. */
  readonly service: Json;
  /** Ask at once instead of waiting first: the job is old. */
  readonly resumed?: boolean;
  /** The job's part of the ticket changed. */
  readonly onTicket: (service: Json, cost: Money | undefined) => Promise<void>;
}

/** A job that came to an end without pictures. */
export class JobEnded extends Error {
  readonly error: ImageError;
  /** The service does not know it, or not any more: whether it was made and billed, nobody says. */
  readonly isGone: boolean;

  constructor(error: ImageError, isGone: boolean) {
    super(error.message);
    this.error = error;
    this.isGone = isGone;
  }
}

/**
 * Closes the ticket of a job that ended, and says how. A ticket has no further use unless the job is gone: then it stays, uncertain,
 * until it is dropped, so that nothing is paid for a second time by itself and the service can be asked once more.
 */
export async function closeJob(
  { tickets }: Pick<Engine, 'tickets'>,
  { error, isGone }: JobEnded,
  ticket: Ticket,
): Promise<ImageError> {
  if (isGone) await tickets.put({ ...ticket, uncertain: true }).catch(() => {});
  else await tickets.delete(ticket.id).catch(() => {});
  return isGone ? gone(error, ticket) : error;
}

/** What the service said, when it took a job, that it costs. A provider that slips in saying so loses no picture. */
export function toldCost(jobs: JobApi, service: Json, log: CallContext['log']): Money | undefined {
  try {
    return moneyIn(jobs.cost?.(service));
  } catch (error) {
    log('cost-failed', { message: messageOf(error) });
    return undefined;
  }
}

/** A ticket with the service's part of it, and with what the service says that the job costs. */
export function submitted(ticket: Ticket, service: Json, cost: Money | undefined): Ticket {
  return { ...ticket, state: 'submitted', service, ...(cost && { cost }) };
}

/**
 * Waits for a job. The result has the cost that was told for the job, unless it says another. Throws {@link JobEnded} when the service says that it failed or that there is none, the signal's reason when time or
 * patience is over, and what `check` throws if asking again cannot help, or if the service could not be reached at all.
 */
export async function watchJob({
  jobs,
  provider,
  context,
  lastAnswer,
  clock,
  service,
  resumed,
  onTicket,
}: WatchOptions): Promise<ProviderResult> {
  let ticket = service;
  let wait = resumed ? 0 : firstWaitMs;
  let hasReached = !resumed;
  let unreached: ImageError | undefined;
  let timesUnreached = 0;
  let timesUnread = 0;
  for (;;) {
    if (wait > 0) await clock.sleep(wait, context.signal).catch(explainEnd);
    if (context.signal.aborted) explainEnd(context.signal.reason);
    const state = await ask().catch(explainEnd);
    if (state?.state === 'done') return withCost(state.result);
    if (state && 'error' in state) throw new JobEnded(state.error, state.state === 'gone');
    if (state?.ticket !== undefined) {
      ticket = state.ticket;
      await onTicket(ticket, toldCost(jobs, ticket, context.log));
    }
    if (state) {
      const { state: phase, fraction, position } = state;
      context.report({
        phase,
        ...(fraction !== undefined && { fraction }),
        ...(position !== undefined && { position }),
      });
    }
    wait = state?.afterMs ?? Math.min(longestWaitMs, Math.max(firstWaitMs, wait * 1.3));
  }

  function withCost(result: ProviderResult): ProviderResult {
    const cost = moneyIn(result.cost) ?? toldCost(jobs, ticket, context.log);
    return cost ? { ...result, cost } : result;
  }

  /** Time that ran out while the service was out of reach ran out because of that. */
  function explainEnd(reason: unknown): never {
    const isLate = ImageError.isInstance(reason) && reason.code === 'timeout';
    throw isLate && unreached ? unreached : reason;
  }

  /** The pictures of an end that the provider did not understand. */
  async function foundIn(answer: HeldAnswer | undefined, error: unknown): Promise<ProviderResult | undefined> {
    if (!answer || !ImageError.isInstance(error) || !unreadable.has(error.code)) return undefined;
    return salvage(answer, provider, error).catch(() => undefined);
  }

  /** `undefined`: the question failed in a way that passes. */
  async function ask() {
    try {
      const state = await orAbort(jobs.check(ticket, context), context.signal);
      hasReached = true;
      unreached = undefined;
      timesUnread = 0;
      return state;
    } catch (error) {
      context.signal.throwIfAborted();
      const found = await foundIn(lastAnswer(), error);
      if (found) return { state: 'done', result: found } as const;
      const known = asImageError(error);
      if (isOfJob(known)) return { state: 'gone', error: known } as const;
      unreached = isUnreached(known) ? known : undefined;
      hasReached ||= !unreached;
      timesUnreached += 1;
      timesUnread = isUnread(known) ? timesUnread + 1 : 0;
      const passes = known.retryable || (isUnread(known) && timesUnread < mostUnread);
      if (!passes || (!hasReached && timesUnreached >= mostUnreached)) throw known;
      context.log('check-failed', { code: known.code });
      if (known.retryAfter) await clock.sleep(known.retryAfter, context.signal);
      return undefined;
    }
  }
}

/** Whether an answer came in a form of no use, which says nothing of the job. An address that is refused stays so. */
function isUnread(error: ImageError): boolean {
  return error.code === 'bad-response' && problemOf(error) !== 'address';
}
