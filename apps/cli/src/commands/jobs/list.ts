// anyimage jobs list

import { cleanText, type Ticket } from '@anyimage/core';
import { listOpen, ticketDocument, timeText } from '@anyimage/host';
import { stateText } from '../../print/outcome-text.ts';
import { note } from '../../print/terminal/output.ts';
import { printDocument } from '../../print/terminal/print-document.ts';
import { printTable } from '../../print/terminal/print-table.ts';
import { translated } from '../../print/words/translated.ts';
import { openTickets } from '../../session/open-tickets.ts';
import { readSettings } from '../../session/settings.ts';

/** Shows the open tickets, oldest first, and returns the exit code. Throws `storage`. */
export async function listTickets({ json }: { readonly json?: true }): Promise<number> {
  const tickets = await listOpen(openTickets(await readSettings()));
  if (json) printDocument({ pending: tickets.map(ticketDocument) });
  else if (tickets.length === 0) note(translated('no open tickets: nothing is waiting to be fetched'));
  else printTable([['TICKET', 'MODEL', 'STATE', 'SINCE', 'UNTIL', 'PROMPT'], ...tickets.map(row)]);
  return 0;
}

function row(ticket: Ticket): string[] {
  const { id, provider, model, at, expiresAt, request } = ticket;
  const prompt = cleanText(request.prompt).replaceAll('\n', ' ');
  return [
    id,
    `${provider}/${model}`,
    translated(stateText(ticket)),
    timeText(at),
    expiresAt === undefined ? '–' : timeText(expiresAt),
    [...prompt].length > 40 ? `${[...prompt].slice(0, 39).join('')}…` : prompt,
  ];
}
