// anyimage jobs drop t-7f3a9c

import { ImageError, type Ticket } from '@anyimage/core';
import { stateText } from '../../print/outcome-text.ts';
import { note } from '../../print/terminal/output.ts';
import { askYes, canAsk } from '../../session/ask.ts';
import { openTickets } from '../../session/open-tickets.ts';
import { readSettings } from '../../session/settings.ts';

/**
 * Forgets tickets and returns the exit code. It asks first where pictures that are paid for would be lost. Where there is no terminal
 * to ask at, it needs `--yes`, and throws `invalid-request` without it. Throws `not-found` before anything is dropped.
 */
export async function dropTickets(ids: readonly string[], { yes }: { readonly yes?: true }): Promise<number> {
  const store = openTickets(await readSettings());
  const known = await store.list();
  const wanted = ids.includes('all') ? known : [...new Set(ids)].map((id) => find(known, id));
  const paid = wanted.filter((ticket) => !isExpired(ticket));
  if (paid.length > 0 && !yes && !(await agreed(paid))) {
    note('nothing was dropped');
    return 2;
  }
  for (const { id } of wanted) {
    await store.delete(id);
    note(`dropped ${id}`);
  }
  return 0;
}

function find(known: readonly Ticket[], id: string): Ticket {
  const ticket = known.find((one) => one.id === id);
  if (ticket) return ticket;
  const ids = known.map((one) => one.id);
  const hint = ids.length ? `There are: ${ids.join(', ')}.` : 'There are no open tickets.';
  throw new ImageError('not-found', `no ticket ${JSON.stringify(id)}`, { details: { allowed: ids }, hint });
}

/** The pictures of such a ticket cannot be fetched any more, so nothing is lost with it. */
function isExpired({ expiresAt }: Ticket): boolean {
  return expiresAt !== undefined && expiresAt < Date.now();
}

async function agreed(tickets: readonly Ticket[]): Promise<boolean> {
  const list = tickets.map(({ id, provider, model, state }) => `${id} (${provider}/${model}, ${stateText(state)})`);
  const question = `${list.join(', ')}: what is paid for cannot be fetched any more. Drop?`;
  if (!canAsk()) {
    throw new ImageError('invalid-request', `${list.join(', ')}: what is paid for could not be fetched any more`, {
      hint: 'Resume it first, or add --yes to drop it all the same.',
    });
  }
  return askYes(question);
}
