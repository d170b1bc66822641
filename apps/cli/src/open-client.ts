import { type Client, createClient, type ImageStore } from '@anyimage/core';
import { clientOptions } from '@anyimage/host';
import { openTickets } from './open-tickets.ts';
import { note } from './print/output.ts';
import type { Settings } from './settings.ts';

/**
 * The client of this command line: the providers as they are set up, tickets and budget on disk. With ANYIMAGE_DEBUG, what
 * it does is told on stderr.
 */
export function openClient(settings: Settings, store?: ImageStore): Client {
  return createClient({
    ...clientOptions(settings),
    tickets: openTickets(settings),
    ...(store && { store }),
    ...(settings.env.ANYIMAGE_DEBUG && { log: (event, facts) => note(`${event} ${JSON.stringify(facts ?? {})}`) }),
  });
}
