// What a ticket on disk must be: people and other programs write there, too.

import { readTicket, type Ticket } from '@anyimage/core';
import { parseJSON } from '../text/json.ts';

/** The ticket that a JSON text is, or why it is none. */
export function parseTicket(text: string): { readonly ticket: Ticket } | { readonly problem: string } {
  const value = parseJSON(text);
  return value === undefined ? { problem: 'it is not JSON' } : readTicket(value);
}
