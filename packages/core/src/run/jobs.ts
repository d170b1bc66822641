// Polling exists once, here: submit, then ask until the service is done, the deadline passes or the caller gives up.

import { asImageError } from '../access/explain.ts';
import type { Json } from '../contract/capabilities.ts';
import type { Clock } from '../contract/client.ts';
import { type ErrorCode, ImageError } from '../contract/errors.ts';
import type { CallContext, ImageProvider, JobApi, ProviderResult } from '../contract/provider.ts';
import type { Ticket } from '../contract/tickets.ts';
import type { HeldAnswer } from '../http/answer.ts';
import { orAbort } from '../timing/or-abort.ts';
import { salvage } from './salvage.ts';

const firstWaitMs = 2_000;
const longestWaitMs = 5_000;

/** What a caller should know of a job it no longer waits for. */
export function stillRunning(error: unknown, ticket: Ticket): ImageError {
  const known = asImageError(error);
  const next = `The job goes on at the service: resume ticket ${ticket.id} to fetch the picture without paying again.`;
  // What ends with time needs no other advice.
  const isPassing = known.retryable || known.code === 'aborted' || known.hint === undefined;
  return known.with({ mayHaveBeenBilled: true, hint: isPassing ? next : `${known.hint} ${next}` });
}

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
  readonly onTicket: (service: Json) => Promise<void>;
}

/** A job that came to an end without pictures: its ticket has no further use. */
export class JobEnded extends Error {
  readonly error: ImageError;

  constructor(error: ImageError) {
    super(error.message);
    this.error = error;
  }
}

/**
 * Waits for a job. Throws {@link JobEnded} when the service says that it failed, the signal's reason when time or patience
 * is over, and what `check` throws if asking again cannot help.
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
  for (;;) {
    if (wait > 0) await clock.sleep(wait, context.signal);
    context.signal.throwIfAborted();
    const state = await ask();
    if (state?.state === 'done') return state.result;
    if (state && 'error' in state) throw new JobEnded(state.error);
    if (state?.ticket !== undefined) {
      ticket = state.ticket;
      await onTicket(ticket);
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

  /** The pictures of an end that the provider did not understand. */
  async function foundIn(answer: HeldAnswer | undefined, error: unknown): Promise<ProviderResult | undefined> {
    if (!answer || !ImageError.isInstance(error) || !unreadable.has(error.code)) return undefined;
    return salvage(answer, provider, error).catch(() => undefined);
  }

  /** `undefined`: the question failed in a way that passes. */
  async function ask() {
    try {
      return await orAbort(jobs.check(ticket, context), context.signal);
    } catch (error) {
      context.signal.throwIfAborted();
      const found = await foundIn(lastAnswer(), error);
      if (found) return { state: 'done', result: found } as const;
      if (!ImageError.isInstance(error) || !error.retryable) throw error;
      context.log('check-failed', { code: error.code });
      if (error.retryAfter) await clock.sleep(error.retryAfter, context.signal);
      return undefined;
    }
  }
}
