// anyimage jobs drop t-7f3a9c

import { ImageError, mostNamed, shortList, type Ticket, type TicketStore } from '@anyimage/core';
import { listOpen } from '@anyimage/host';
import { isUndecidable, stateText } from '../../print/outcome-text.ts';
import { note } from '../../print/terminal/output.ts';
import { printDocument } from '../../print/terminal/print-document.ts';
import { translated } from '../../print/words/translated.ts';
import { askYes, canAsk } from '../../session/ask.ts';
import { openTickets } from '../../session/open-tickets.ts';
import { readSettings } from '../../session/settings.ts';

interface DropFlags {
  readonly yes?: true;
  readonly json?: true;
}

/**
 * Forgets tickets and returns the exit code: 1 if one that was named is in use. It asks first where pictures that are paid for would
 * be lost. Where there is no terminal to ask at, it needs `--yes`, and throws `invalid-request` without it. Throws `not-found` before
 * anything is dropped.
 */
export async function dropTickets(ids: readonly string[], { yes, json }: DropFlags): Promise<number> {
  const store = openTickets(await readSettings());
  const known = await listOpen(store);
  const isAll = ids.includes('all');
  const wanted = isAll ? known : [...new Set(ids)].map((id) => find(known, id));
  const free = await claimAll(store, wanted);
  const paid = free.filter((ticket) => !isExpired(ticket) && !isUndecidable(ticket));
  const isAgreed = paid.length === 0 || yes || (await agreed(paid));
  for (const { id } of isAgreed ? free : []) {
    await store.delete(id);
    note(translated('dropped {id}', { id }));
  }
  const held = wanted.filter((ticket) => !free.includes(ticket));
  if (json) printDocument({ dropped: isAgreed ? idsIn(free) : [], held: idsIn(held) });
  if (!isAgreed) {
    note(translated('nothing was dropped'));
    return 2;
  }
  return held.length > 0 && !isAll ? 1 : 0;
}

function idsIn(tickets: readonly Ticket[]): readonly string[] {
  return tickets.map(({ id }) => id);
}

/** Those that nobody is at work on. */
async function claimAll(store: TicketStore, tickets: readonly Ticket[]): Promise<readonly Ticket[]> {
  const claimed: Ticket[] = [];
  for (const ticket of tickets) {
    if (await store.claim(ticket.id)) claimed.push(ticket);
    else note(translated('another program is at work on {id}: not dropped', { id: ticket.id }));
  }
  return claimed;
}

function find(known: readonly Ticket[], id: string): Ticket {
  const ticket = known.find((one) => one.id === id);
  if (ticket) return ticket;
  const ids = known.map((one) => one.id);
  const hint = ids.length ? `There are: ${shortList(ids)}.` : 'There are no open tickets.';
  throw new ImageError('not-found', `no ticket ${JSON.stringify(id)}`, {
    details: { allowed: ids.slice(0, mostNamed) },
    hint,
  });
}

/** The pictures of such a ticket cannot be fetched any more, so nothing is lost with it. */
function isExpired({ expiresAt }: Ticket): boolean {
  return expiresAt !== undefined && expiresAt < Date.now();
}

async function agreed(tickets: readonly Ticket[]): Promise<boolean> {
  const list = (stateIn: (ticket: Ticket) => string) =>
    shortList(tickets.map((ticket) => `${ticket.id} (${ticket.provider}/${ticket.model}, ${stateIn(ticket)})`));
  if (!canAsk()) {
    throw new ImageError('invalid-request', `${list(stateText)}: what is paid for could not be fetched any more`, {
      hint: 'Resume it first, or add --yes to drop it all the same.',
    });
  }
  const named = list((ticket) => translated(stateText(ticket)));
  return askYes(translated('{tickets}: what is paid for cannot be fetched any more. Drop?', { tickets: named }));
}
