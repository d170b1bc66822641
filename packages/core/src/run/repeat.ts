// A call whose ticket is there already: what it made is given back, what it has under way is waited for, and nothing is sent.

import { mayBePaid } from '../access/ticket-errors.ts';
import type { Engine } from '../contract/engine.ts';
import { ImageError } from '../contract/errors.ts';
import type { CallDraft } from '../contract/provider.ts';
import type { RunOptions } from '../contract/request.ts';
import type { Ticket } from '../contract/tickets.ts';
import type { CallReport, DeliverOptions } from './deliver.ts';
import { recall } from './recall.ts';
import { fetchTicket, ownerOf, ticketTeller } from './resume.ts';

/** A call that was sent before. */
export interface Repetition extends Pick<DeliverOptions, 'facts' | 'deadline' | 'markUntil'> {
  readonly engine: Engine;
  readonly draft: CallDraft;
  readonly index: number;
  readonly onProgress?: RunOptions['onProgress'];
}

/** How often it is looked whether whoever holds the ticket has come to an end, ms. */
const lookMs = 250;

/** What the first sending came to. */
export async function repeatOf(options: Repetition, id: string): Promise<CallReport> {
  const { engine, deadline, draft } = options;
  let seen: Ticket | undefined;
  try {
    for (;;) {
      const ticket = await engine.tickets.get(id);
      if (!ticket) throw isOver(id, seen);
      seen = ticket;
      refuseOther(options, ticket);
      if (ticket.state === 'done') return await recall(engine, ticket);
      if (await engine.tickets.claim(id)) return await bringHome(options, id);
      await engine.clock.sleep(lookMs, deadline.signal);
    }
  } catch (error) {
    if (!ImageError.isInstance(error)) throw error;
    return { images: [], errors: Array(draft.n).fill(error), warnings: [] };
  }
}

/**
 * Its holder failed, or somebody cancelled or dropped it: nobody can tell which. The budget was not asked for a second sending either.
 * `seen`: how it was shown last.
 */
function isOver(id: string, seen: Ticket | undefined): ImageError {
  const mayHaveBeenBilled = seen !== undefined && mayBePaid(seen);
  return new ImageError(
    'not-found',
    `the same request was under way (ticket ${id}) and ended without a picture for this one`,
    {
      details: { problem: 'gone' },
      ...(mayHaveBeenBilled && { mayHaveBeenBilled }),
      hint: 'It failed where it was sent, or was cancelled or dropped. Nothing was sent again: ask once more to do so.',
    },
  );
}

/** An intent stands for one request. */
function refuseOther({ facts, draft }: Repetition, { id, request }: Ticket): void {
  if (request.prompt === facts.prompt.original && request.operation === draft.operation) return;
  throw new ImageError('invalid-request', `the intent was used for another request (ticket ${id})`, {
    details: { option: 'intent' },
    hint: 'Give every request an intent of its own; give the same one only to ask for the same again.',
  });
}

/** What was under way when its process ended. */
async function bringHome(
  { engine, deadline, onProgress, index, markUntil }: Repetition,
  id: string,
): Promise<CallReport> {
  try {
    const ticket = await engine.tickets.get(id);
    if (!ticket) throw isOver(id, undefined);
    const owner = ownerOf(engine, ticket);
    const tell = ticketTeller(engine, ticket, onProgress, index);
    return await fetchTicket({ engine, ticket, owner, deadline, tell, markUntil });
  } finally {
    await engine.tickets.release(id);
  }
}
