// What outlives a change of the settings: the calls of the server, whichever settings they were made with, and what is open on disk.

import type { Json, Ticket, TicketStore } from '@anyimage/core';
import { type History, listOpen, type OpenRequests } from '@anyimage/host';
import { isUndecided } from './bring-home.ts';
import { type Call, callOf, isCallId, type RunningCall } from './call.ts';

export interface CallsOptions {
  readonly tickets: TicketStore;
  /** Requests whose answer has not reached a client. */
  readonly requests: OpenRequests;
  /** Where pictures are noted, so that they are found again. */
  readonly history: Pick<History, 'add' | 'list' | 'findBytes'>;
  readonly log?: (event: string, facts?: Json) => void;
}

/** Ended calls are kept to be shown again; the pictures themselves are files. */
const mostKept = 100;
/** How long a call is known by its id after its pictures were delivered, ms. */
const oneDayMs = 24 * 3600 * 1000;

interface ClosedRequest {
  readonly hashes: readonly string[];
  readonly id: string;
}

export class CallBook {
  readonly tickets: TicketStore;
  readonly requests: OpenRequests;
  readonly history: CallsOptions['history'];
  readonly log: CallsOptions['log'];
  readonly #calls = new Map<string, RunningCall>();
  readonly #unfinished = new Set<RunningCall>();
  /** By call: what was open until its answer was written. */
  readonly #closed = new WeakMap<Call, readonly ClosedRequest[]>();
  #turn: Promise<unknown> = Promise.resolve();

  constructor({ tickets, requests, history, log }: CallsOptions) {
    this.tickets = tickets;
    this.requests = requests;
    this.history = history;
    this.log = log;
  }

  /** Does what decides which call a request is of, one after the other. */
  inTurn<T>(work: () => Promise<T>): Promise<T> {
    const next = this.#turn.then(work);
    this.#turn = next.catch(() => {});
    return next;
  }

  add(call: RunningCall): void {
    this.#calls.delete(call.id);
    this.#calls.set(call.id, call);
    this.#unfinished.add(call);
    void call.done.then(() => this.#unfinished.delete(call));
    for (const old of this.#calls.values()) {
      if (this.#calls.size <= mostKept) return;
      if (old.outcome) this.#calls.delete(old.id);
    }
  }

  get(id: string): RunningCall | undefined {
    return this.#calls.get(id);
  }

  /** The newest call that had a ticket with this id. */
  withTicket(id: string): RunningCall | undefined {
    return [...this.#calls.values()].findLast(({ tickets }) => tickets.has(id));
  }

  /** The calls that are not over, oldest first. */
  running(): readonly RunningCall[] {
    return [...this.#calls.values()].filter(({ outcome }) => !outcome);
  }

  /** The same, and those whose request was asked again since they were told to send nothing more. */
  unfinished(): readonly RunningCall[] {
    return [...this.#unfinished];
  }

  /** The tickets of a call, those that say that its work is done among them. Throws `storage`. */
  async ticketsOf(id: string): Promise<readonly Ticket[]> {
    return (await this.tickets.list()).filter((ticket) => callOf(ticket) === id);
  }

  /** The ids of those tickets that nobody can tell of, and whose request was made anew since: nothing is left to ask for again. Throws `storage`. */
  async madeAnew(tickets: readonly Ticket[]): Promise<ReadonlySet<string>> {
    const undecided = tickets.filter((ticket) => isUndecided(ticket) && isCallId(callOf(ticket)));
    if (undecided.length === 0) return new Set();
    const open = await this.requests.ids();
    return new Set(undecided.filter((ticket) => !open.has(callOf(ticket))).map(({ id }) => id));
  }

  /** The tickets that a call made or fetched, as far as their work is not done. Throws `storage`. */
  async openOf({ id, tickets }: Call): Promise<readonly Ticket[]> {
    return (await listOpen(this.tickets)).filter((ticket) => tickets.has(ticket.id) || callOf(ticket) === id);
  }

  /** An answer with what became of a call was written to its client: asked again, the request is another one. Never rejects. */
  delivered(call: Call): Promise<void> {
    return this.#change(async () => {
      const ids = idsOf(call);
      const own = (await this.tickets.list()).filter((ticket) => ids.has(callOf(ticket)));
      const open = new Set(own.filter(({ state }) => state !== 'done').map(callOf));
      const over = [...ids].filter((id) => !open.has(id));
      const closed: ClosedRequest[] = [];
      for (const id of over) {
        const hashes = await this.requests.close(id);
        if (hashes.length > 0) closed.push({ hashes, id });
      }
      this.#closed.set(call, closed);
      void this.#forgetSoon(own.filter((ticket) => over.includes(callOf(ticket))));
    });
  }

  /** What was delivered need not be known as long as what was not. */
  async #forgetSoon(done: readonly Ticket[]): Promise<void> {
    const expiresAt = Date.now() + oneDayMs;
    try {
      for (const ticket of done) {
        if (ticket.expiresAt !== undefined && ticket.expiresAt > expiresAt)
          await this.tickets.put({ ...ticket, expiresAt });
      }
    } catch (error) {
      this.log?.('ticket not shortened', { message: String(error) });
    }
  }

  /** The client had given up before the answer came: the request is open as before. Never rejects. */
  missed(call: Call): Promise<void> {
    return this.#change(async () => {
      for (const { hashes, id } of this.#closed.get(call) ?? [])
        await this.requests.open(hashes, { id, at: Date.now() });
    });
  }

  #change(work: () => Promise<void>): Promise<void> {
    return this.inTurn(work).catch((error: unknown) => this.log?.('request not noted', { message: String(error) }));
  }
}

/** The ids under which a call may have been asked for: its own, and those of calls whose tickets it fetches. */
function idsOf(call: Call): ReadonlySet<string> {
  return new Set([call.id, ...[...call.tickets.values()].map(callOf)]);
}
