// Where the pictures of a ticket were to go: kept with it, so that who fetches them later need not say it again.

import { join, sep } from 'node:path';
import type { Ticket, TicketStore } from '@anyimage/core';
import { checkOutput, type OutputTarget } from '@anyimage/host';

/** The store, with the file or folder of `target` on each ticket. */
export function withOutput(tickets: TicketStore, { folder, file }: OutputTarget): TicketStore {
  const output = file ? join(folder, file.name + file.ending) : folder + sep;
  return { ...tickets, put: (ticket) => tickets.put({ ...ticket, request: { ...ticket.request, output } }) };
}

/**
 * Where the pictures of a ticket were to go; `undefined` if nobody said. Without `force`, what is there by now is kept: they get a
 * name beside it. Throws `storage` for what cannot be written to.
 */
export async function outputOfTicket({ request }: Ticket, force = false): Promise<OutputTarget | undefined> {
  const { output, n } = request;
  if (typeof output !== 'string' || output === '') return undefined;
  return { ...(await checkOutput({ output, n, force: true })), force };
}
