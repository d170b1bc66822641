import { join } from 'node:path';
import type { Ticket } from '@anyimage/core';
import { type FileTicketStore, fileTicketStore, noticeText } from '@anyimage/host';
import { sayNotice, sayWarning } from '../print/say.ts';
import type { Settings } from './settings.ts';

/** By home folder: this process is one user of the tickets there. */
const stores = new Map<string, FileTicketStore>();

/** Tickets on disk. What is no ticket there is named on stderr, once, and left alone. */
export function openTickets({ home }: Pick<Settings, 'home'>): FileTicketStore {
  const store = stores.get(home) ?? newStore(home);
  stores.set(home, store);
  return store;
}

function newStore(home: string): FileTicketStore {
  const told = new Set<string>();
  return fileTicketStore(join(home, 'tickets'), {
    onNotice(notice) {
      const { text } = noticeText(notice);
      if (!told.has(text)) sayNotice(notice);
      told.add(text);
    },
  });
}

/** The tickets whose job the service has for certain. Why the others are left out is said on stderr. */
export function submitted(tickets: readonly Ticket[]): readonly Ticket[] {
  for (const ticket of tickets.filter(isUnknown)) sayWarning(whyNot(ticket));
  return tickets.filter((ticket) => !isUnknown(ticket));
}

function isUnknown({ state, uncertain }: Ticket): boolean {
  return uncertain === true || state === 'intended';
}

function whyNot({ id, uncertain }: Ticket): string {
  if (!uncertain) return `${id} is being sent by another program: left alone`;
  return `${id} is uncertain, it may have been billed or not: left alone; anyimage jobs drop ${id} ends it`;
}
