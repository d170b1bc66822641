import { join } from 'node:path';
import type { Ticket, TicketStore } from '@anyimage/core';
import { fileTicketStore, noticeText } from '@anyimage/host';
import { sayNotice, sayWarning } from '../print/say.ts';
import type { Settings } from './settings.ts';

/** Tickets on disk. Other files there are named on stderr, once, and left alone. */
export function openTickets({ home }: Settings): TicketStore {
  const told = new Set<string>();
  return fileTicketStore(join(home, 'tickets'), {
    onNotice(notice) {
      const { text } = noticeText(notice);
      if (!told.has(text)) sayNotice(notice);
      told.add(text);
    },
  });
}

/**
 * The tickets whose job the service has for certain. The others may belong to a run that goes on: they are left out, which is said
 * on stderr.
 */
export function submitted(tickets: readonly Ticket[]): readonly Ticket[] {
  for (const { id } of tickets.filter(({ state }) => state === 'intended')) {
    const message = `${id} was cut off while being submitted, or is being submitted now: left alone`;
    sayWarning(message);
  }
  return tickets.filter(({ state }) => state !== 'intended');
}
