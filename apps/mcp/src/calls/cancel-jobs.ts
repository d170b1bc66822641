// Ends jobs at their services.

import { type Client, ImageError, type Outcome, type Ticket } from '@anyimage/core';

export interface CancelledJobs {
  /** The tickets of what goes on. */
  readonly left: readonly Ticket[];
  /** The first reason that is told for it. */
  readonly problem?: unknown;
}

/** Cancels the jobs of tickets. Never rejects. */
export async function cancelJobs(client: Pick<Client, 'cancel'>, tickets: readonly Ticket[]): Promise<CancelledJobs> {
  const ends = await Promise.allSettled(tickets.map(({ id }) => client.cancel(id)));
  const isCancelled = (index: number) => {
    const end = ends[index]!;
    return end.status === 'fulfilled' && end.value === 'cancelled';
  };
  const failed = ends.find((end) => end.status === 'rejected');
  return {
    left: tickets.filter((_, index) => !isCancelled(index)),
    ...(failed && { problem: failed.reason }),
  };
}

/** The outcome of a call whose jobs were cancelled before it ended: nothing that is gone is told to be fetched. */
export function withoutCancelled(outcome: Outcome, left: readonly Ticket[]): Outcome {
  const ended = outcome.pending.find((ticket) => !left.includes(ticket));
  if (!ended) return outcome;
  const { provider } = ended;
  const error = new ImageError('aborted', `cancelled: ${provider} ended the job`, {
    provider,
    mayHaveBeenBilled: true,
    hint: 'Whether it bills what it had begun stands in the account with the service.',
  });
  const errors = [...outcome.errors.filter(({ code }) => code !== 'aborted'), error];
  if (outcome.images.length > 0) return { ...outcome, errors, pending: left };
  return { ...outcome, images: [], errors, error, pending: left };
}
