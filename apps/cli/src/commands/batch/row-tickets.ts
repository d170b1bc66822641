// The tickets of a batch. Nobody else makes tickets of its rows while it is locked, so that most need neither a lock nor a look at others.

import type { AsyncLocalStorage } from 'node:async_hooks';
import type { Ticket, TicketStore } from '@anyimage/core';
import type { FileTicketStore, OutputTarget } from '@anyimage/host';
import { withOutput } from '../../session/ticket-output.ts';

/** The tickets that a row has to do with. */
export class RowTickets {
  /** All that core looked at for it. */
  readonly ids = new Set<string>();
  readonly #own = new Set<string>();
  readonly #held = new Set<string>();
  readonly #kept: TicketStore;
  readonly #tickets: FileTicketStore;
  readonly #isLeft: (id: string) => boolean;

  /** `count`: pictures of the row. `isLeft`: whether an earlier run left a ticket of that id. */
  constructor(tickets: FileTicketStore, target: OutputTarget, count: number, isLeft: (id: string) => boolean) {
    this.#tickets = tickets;
    this.#isLeft = isLeft;
    const create = (ticket: Ticket) => (isLeft(ticket.id) ? tickets.create(ticket) : tickets.createOwn(ticket));
    this.#kept = withOutput({ ...tickets, create }, target, count);
  }

  async get(id: string): Promise<Ticket | undefined> {
    this.ids.add(id);
    return this.#own.has(id) || this.#isLeft(id) ? this.#tickets.get(id) : undefined;
  }

  async create(ticket: Ticket): Promise<boolean> {
    this.#own.add(ticket.id);
    return this.#kept.create(ticket);
  }

  put(ticket: Ticket): Promise<void> {
    return this.#kept.put(ticket);
  }

  /** Not before the journal has the row: a ticket that is held is dropped without a lock. */
  async release(id: string): Promise<void> {
    this.#held.add(id);
  }

  /** Lets go of all. Never rejects. */
  async letGo(): Promise<void> {
    for (const id of this.#held) await this.#tickets.release(id);
  }
}

/** A store that is that of the row at work. */
export function ticketsOfCurrent(
  tickets: FileTicketStore,
  current: AsyncLocalStorage<{ readonly tickets: RowTickets }>,
): TicketStore {
  const own = () => current.getStore()?.tickets;
  return {
    ...tickets,
    get: (id) => (own() ?? tickets).get(id),
    create: (ticket) => (own() ?? tickets).create(ticket),
    put: (ticket) => (own() ?? tickets).put(ticket),
    release: (id) => (own() ?? tickets).release(id),
  };
}
