// A ticket is what a crash, a full disk or a cancelled caller needs to bring a paid picture back without paying again.

import type { Json } from './capabilities.ts';
import type { Money } from './provider.ts';

export interface Ticket {
  /** Short and typeable: `t-7f3a9c`. */
  readonly id: string;
  readonly provider: string;
  /** The model's id in the table. */
  readonly model: string;
  /** Host and port the request went to. A resumed ticket only ever asks the provider's own hosts. */
  readonly host: string;
  readonly region: string;
  /** When it was made, Unix time in ms. */
  readonly at: number;
  readonly intent: string;
  /** Fingerprint of the key, never the key. Empty where none is needed. */
  readonly keyPrint: string;
  /**
   * `intended`: about to be submitted; left over from a run that ended, nobody can say whether it was.
   * `submitted`: the service works on it. `delivered`: the pictures are made, their URLs known.
   */
  readonly state: 'intended' | 'submitted' | 'delivered';
  /** The submission was cut off: it may have been accepted. Shown, never repeated by itself. */
  readonly uncertain?: true;
  /** What was asked: enough to name and describe the picture when it arrives. */
  readonly request: {
    readonly prompt: string;
    readonly sent: string;
    readonly n: number;
    readonly [word: string]: Json;
  };
  /** The provider's part: the job's id and what it needs besides. */
  readonly service?: Json;
  /** The pictures still to be downloaded. */
  readonly outputs?: readonly TicketOutput[];
  /** When the first of the URLs stops working, Unix time in ms. */
  readonly expiresAt?: number;
  /** What the pictures cost, if known. */
  readonly cost?: Money;
}

export interface TicketOutput {
  readonly url: string;
  readonly mediaType?: string;
  readonly seed?: number;
  /** Position in the request, from 0. */
  readonly index?: number;
  readonly revisedPrompt?: string;
  readonly expiresAt?: number;
  readonly metadata?: Json;
}

/** Where tickets are kept. `put` replaces a ticket of the same id, and has it on stable storage when it resolves. */
export interface TicketStore {
  put(ticket: Ticket): Promise<void>;
  get(id: string): Promise<Ticket | undefined>;
  /** Oldest first. */
  list(): Promise<readonly Ticket[]>;
  delete(id: string): Promise<void>;
}

/** Tickets that end with the process: the default of the library. */
export function memoryTicketStore(): TicketStore {
  const tickets = new Map<string, Ticket>();
  return {
    put: async (ticket) => void tickets.set(ticket.id, ticket),
    get: async (id) => tickets.get(id),
    list: async () => [...tickets.values()].sort((a, b) => a.at - b.at),
    delete: async (id) => void tickets.delete(id),
  };
}
