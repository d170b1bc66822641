// anyimage-gateway jobs list | drop

import { ImageError, type Ticket } from '@anyimage/core';
import { listOpen, timeText } from '@anyimage/host';
import type { Kept } from '@anyimage/store-redis/contract';
import { intentOf, isUndecided } from '../calls/undecided.ts';
import type { GatewaySettings } from '../config/load-config.ts';
import { local } from '../http/access.ts';
import { withKept } from './keys.ts';
import { say, table } from './say.ts';

/** What was paid for, or may have been, and is not in an answer. */
export async function listJobs(gateway: GatewaySettings, { json = false }: { readonly json?: boolean }): Promise<void> {
  const { open, owners } = await withKept(gateway, async (kept) => {
    const open = await listOpen(kept.tickets);
    return { open, owners: await ownersOf(kept, open) };
  });
  if (json) {
    const jobs = open.map((ticket) => ({ ...ticket, key: owners.get(ticket.id)?.id, state: stateOf(ticket) }));
    say(JSON.stringify({ jobs }, null, 2));
    return;
  }
  if (open.length === 0) {
    say('Nothing is open.');
    return;
  }
  const rows = open.map((ticket) => [
    ticket.id,
    stateOf(ticket),
    `${ticket.provider}/${ticket.model}`,
    timeText(ticket.at),
    owners.get(ticket.id)?.name ?? '',
  ]);
  say(table([['ticket', 'state', 'model', 'since', 'key'], ...rows]));
  if (open.some(isUndecided)) {
    say(
      '\nuncertain: nobody can say whether the service made it. Look at its account, then: anyimage-gateway jobs drop TICKET',
    );
  }
}

/** Ends a ticket: asked again, its request is sent anew. */
export async function dropJob(gateway: GatewaySettings, id: string): Promise<void> {
  await withKept(gateway, async ({ tickets }) => {
    const open = await listOpen(tickets);
    const ticket = open.find((one) => one.id === id);
    if (!ticket) {
      const ids = open.map((one) => one.id).join(', ');
      throw new ImageError('not-found', `there is no open ticket ${JSON.stringify(id)}`, {
        hint: ids ? `There are: ${ids}.` : 'Nothing is open.',
      });
    }
    if (!(await tickets.claim(id))) {
      throw new ImageError('unavailable', `the gateway is at work on ticket ${id}`, {
        hint: 'Wait for it to end.',
      });
    }
    await tickets.delete(id);
    say(`${id} is dropped. What it cost stays counted; asked again, its request is sent anew.`);
  });
}

/** Whose request each ticket is of. */
async function ownersOf({ keys, intents }: Kept, tickets: readonly Ticket[]) {
  const known = new Map([...(await keys.list()), local].map((key) => [key.id, key]));
  const owners = new Map<string, { readonly id: string; readonly name: string }>();
  for (const ticket of tickets) {
    const intent = await intents.get(intentOf(ticket));
    const key = intent && known.get(intent.key);
    if (key) owners.set(ticket.id, key);
  }
  return owners;
}

function stateOf(ticket: Ticket): string {
  return isUndecided(ticket) ? 'uncertain' : ticket.state;
}
