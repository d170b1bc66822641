import { join } from 'node:path';
import type { TicketStore } from '@anyimage/core';
import { fileTicketStore } from '@anyimage/host';
import { warningText } from './print/outcome-text.ts';
import { note } from './print/output.ts';
import { paintFor } from './print/paint.ts';
import type { Settings } from './settings.ts';

/** Tickets on disk. What is no ticket there is named on stderr, once, and left alone. */
export function openTickets({ home }: Settings): TicketStore {
  const named = new Set<string>();
  return fileTicketStore(join(home, 'tickets'), {
    onDamaged(path, reason) {
      if (named.has(path)) return;
      named.add(path);
      note(warningText(`${path} is no ticket (${reason}); it was left as it is`, paintFor(process.stderr)));
    },
  });
}
