// A ticket is what a crash, a full disk or a cancelled caller needs to bring a paid picture back without paying again.

import type { Json } from './capabilities.ts';
import type { Money } from './provider.ts';

export interface Ticket {
  /** Short and typeable: `t-7f3a9c`. Made of the intent and the number of the call where the caller gave the intent. */
  readonly id: string;
  readonly provider: string;
  /** The model's id in the table. */
  readonly model: string;
  /** Host and port the request went to. A resumed ticket only ever asks the provider's own hosts. */
  readonly host: string;
  readonly region: string;
  /** When it was made, Unix time in ms. */
  readonly at: number;
  /** The request's intent and the number of the call: the idempotency key where the service takes one. */
  readonly intent: string;
  /** Fingerprint of the key, never the key. Empty where none is needed. */
  readonly keyPrint: string;
  /**
   * `intended`: about to be sent; left over from a run that ended, nobody can say whether it was.
   * `submitted`: the service works on it. `delivered`: the pictures are made, their URLs known, or their bytes, or the answer that holds them, kept elsewhere.
   * `done`: the pictures are where they belong; kept only for a caller that gave an intent.
   */
  readonly state: 'intended' | 'submitted' | 'delivered' | 'done';
  /**
   * What was sent may have been accepted, and nobody knows; of a `submitted` one, the service says that it does not know the job. Shown,
   * never repeated by itself.
   */
  readonly uncertain?: true;
  /** Whether the service answers in one call: then nothing can be asked of it later. */
  readonly mode?: 'job' | 'call';
  /** What was asked: enough to name and describe the picture when it arrives. */
  readonly request: {
    readonly prompt: string;
    readonly sent: string;
    readonly n: number;
    readonly [word: string]: Json;
  };
  /** Which pictures of the request it is for: how many come before them, of how many. Absent on tickets of earlier versions. */
  readonly place?: { readonly first: number; readonly count: number };
  /** The provider's part: the job's id and what it needs besides. */
  readonly service?: Json;
  /** The pictures still to be fetched; of a `done` ticket, those that were made. */
  readonly outputs?: readonly TicketOutput[];
  /** The store's name for what the service answered, if nobody could read it yet. */
  readonly answer?: string;
  /** When the first of the URLs stops working, or a `done` ticket may be forgotten, Unix time in ms. */
  readonly expiresAt?: number;
  /** What the pictures cost, if known. */
  readonly cost?: Money;
  /** The caller gave the intent: whoever brings the pictures home leaves a `done` ticket until then, Unix time in ms. */
  readonly markUntil?: number;
}

/** One picture: where it can be fetched (`url`), or where a store has it (`ref`). */
export interface TicketOutput {
  readonly url?: string;
  /** The store's name for the picture, see `StoredImage.ref`. */
  readonly ref?: string;
  readonly mediaType?: string;
  /** px; of a picture that is kept, as `height` and `byteLength`. */
  readonly width?: number;
  readonly height?: number;
  readonly byteLength?: number;
  readonly seed?: number;
  /** Position in the request, from 0. */
  readonly index?: number;
  readonly revisedPrompt?: string;
  readonly expiresAt?: number;
  readonly metadata?: Json;
}

/** A picture whose bytes a store keeps elsewhere. */
export type KeptOutput = Omit<TicketOutput, 'url' | 'ref'> & { readonly ref: string };

/** How long what an intent made is remembered, ms: 30 days. Whoever keeps intents keeps them as long. */
export const intentMemoryMs = 30 * 24 * 3_600_000;

/** Which tickets of a list. */
export interface TicketPage {
  /** The last one of the page before. */
  readonly after?: Pick<Ticket, 'at' | 'id'>;
  /** Default all. */
  readonly limit?: number;
}

/**
 * Where tickets are kept, by all programs that share the store. Who makes or claims a ticket holds it, until it lets go of it,
 * deletes it, or ends.
 */
export interface TicketStore {
  /**
   * Adds a ticket and holds it. `false` if there is one of that id, which then stays as it is. An `intended` ticket of a
   * synchronous call may survive no more than the death of the process; every other is on stable storage when it resolves.
   */
  create(ticket: Ticket): Promise<boolean>;
  /** Replaces a ticket that is held. On stable storage when it resolves. */
  put(ticket: Ticket): Promise<void>;
  /** As `list` shows it. */
  get(id: string): Promise<Ticket | undefined>;
  /**
   * Oldest first. An `intended` ticket says that it is `uncertain` once its maker let go of it, or is gone. A `done` one is not shown
   * any more when its time is over.
   */
  list(page?: TicketPage): Promise<readonly Ticket[]>;
  delete(id: string): Promise<void>;
  /** Holds a ticket that is there. `false` while somebody else holds it. */
  claim(id: string): Promise<boolean>;
  /** Lets go of a ticket. Never rejects. */
  release(id: string): Promise<void>;
}

/** Tickets that end with the process: the default of the library. */
export function memoryTicketStore(): TicketStore {
  const tickets = new Map<string, Ticket>();
  const held = new Set<string>();
  const find = (id: string) => {
    const ticket = tickets.get(id);
    return ticket && !isForgotten(ticket, Date.now()) ? ticket : undefined;
  };
  return {
    async create(ticket) {
      if (find(ticket.id)) return false;
      tickets.set(ticket.id, ticket);
      held.add(ticket.id);
      return true;
    },
    put: async (ticket) => void tickets.set(ticket.id, ticket),
    get: async (id) => find(id),
    async list(page) {
      for (const id of tickets.keys()) if (!find(id)) tickets.delete(id);
      return pageOf([...tickets.values()], page);
    },
    async delete(id) {
      tickets.delete(id);
      held.delete(id);
    },
    async claim(id) {
      if (!find(id) || held.has(id)) return false;
      held.add(id);
      return true;
    },
    async release(id) {
      const ticket = find(id);
      if (!held.delete(id) || ticket?.state !== 'intended') return;
      tickets.set(id, { ...ticket, uncertain: true });
    },
  };
}

/** Whether a mark of done work has served its time. `now`: Unix time in ms. */
export function isForgotten({ state, expiresAt }: Ticket, now: number): boolean {
  return state === 'done' && expiresAt !== undefined && expiresAt <= now;
}

/** A page of all tickets, oldest first; those of one moment by their ids. */
export function pageOf(tickets: readonly Ticket[], { after, limit }: TicketPage = {}): readonly Ticket[] {
  const isLater = (a: Pick<Ticket, 'at' | 'id'>, b: Pick<Ticket, 'at' | 'id'>) =>
    a.at > b.at || (a.at === b.at && a.id > b.id);
  const sorted = tickets.toSorted((a, b) => (isLater(a, b) ? 1 : -1));
  const later = after === undefined ? sorted : sorted.filter((ticket) => isLater(ticket, after));
  return later.slice(0, limit);
}
