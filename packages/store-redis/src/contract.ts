// What a gateway keeps, as interfaces: one process keeps it in a folder, several share it in Redis. All methods throw `storage`, and
// `unavailable` while the server is away that keeps it.

import type { LimitStore, Ticket, TicketStore } from '@anyimage/core';

/** A key of the gateway: who asks with it, and what that one may. */
export interface GatewayKey {
  /** Short and typeable: `k-3f9a1c`. */
  readonly id: string;
  readonly name: string;
  /** Models that it may use: `PROVIDER/MODEL`, `PROVIDER` or an alias; absent = all. */
  readonly models?: readonly string[];
  /** Most that a day and a month (UTC) may cost, in the currency of the gateway's budget. */
  readonly perDay?: number;
  readonly perMonth?: number;
  /** Requests that may begin in any minute. */
  readonly perMinute?: number;
  /** Requests at a time. */
  readonly concurrency?: number;
  /** Unix time in ms, as all times here. */
  readonly expiresAt?: number;
  readonly createdAt: number;
  readonly revokedAt?: number;
}

export interface KeyStore {
  /** `hash`: SHA-256 of the key, hexadecimal. The key itself is kept nowhere. */
  add(key: GatewayKey, hash: string): Promise<void>;
  find(hash: string): Promise<GatewayKey | undefined>;
  /** Oldest first, revoked ones among them. */
  list(): Promise<readonly GatewayKey[]>;
  /** `false` if there is no key of that id, or it was revoked before. */
  revoke(id: string, at: number): Promise<boolean>;
}

/** A request, from the moment before anything is sent for it. */
export interface Intent {
  /** The intent that core gets. */
  readonly id: string;
  /** Whose it is: the id of a key. */
  readonly key: string;
  /** SHA-256 of the parsed fields and the bytes of files. */
  readonly fingerprint: string;
  readonly at: number;
  /** What became of it, as JSON; absent = nobody knows yet, or it failed and cost nothing. */
  readonly answer?: string;
  /** Of an asynchronous task: what was asked, as JSON. */
  readonly task?: string;
}

/** A request as it comes. */
export interface AskedIntent extends Omit<Intent, 'answer'> {
  /** Its `Idempotency-Key`. */
  readonly name?: string;
  /** How often it was tried before, where its client tells; 0 = for the first time. */
  readonly tries: number;
}

export interface IntentStore {
  /**
   * The intent that a request has: that of its name; else, of a further try, the newest with its fingerprint that was tried less often,
   * unanswered ones first, whose answer did not arrive for sure; else it is a new one. Of two at the same time, one is first.
   */
  open(asked: AskedIntent): Promise<Intent & { readonly isNew: boolean }>;
  get(id: string): Promise<Intent | undefined>;
  /** Keeps what became of it. What was made stands in place of a refusal; a refusal in place of nothing. */
  answer(id: string, answer: string, at: number, isMade: boolean): Promise<void>;
  /** Its answer has arrived for sure: a further try is of another. */
  arrived(id: string): Promise<void>;
  /** Asynchronous tasks without an answer, oldest first. */
  openTasks(): Promise<readonly Intent[]>;
  /** Forgets what was answered before, and what came to nothing. */
  forget(before: number): Promise<void>;
}

/** An amount in millionths of its currency. */
export interface Amount {
  readonly amount: number;
  readonly currency: string;
}

/** What is about to be spent, and by whom. */
export interface Spending extends Amount {
  readonly intent: string;
  readonly key: string;
  readonly model: string;
  readonly at: number;
}

/** Amounts in millionths, by currency. */
export type Amounts = ReadonlyMap<string, number>;

/** What has been spent or is reserved, of a key and of all. */
export interface SpentSums {
  readonly key: { readonly day: Amounts; readonly month: Amounts };
  readonly all: { readonly day: Amounts; readonly month: Amounts };
}

/** What a key had of a model on a day. */
export interface UsageRow extends Amount {
  readonly key: string;
  /** UTC, `2026-11-30`. */
  readonly day: string;
  readonly model: string;
  readonly requests: number;
  readonly pictures: number;
  readonly failed: number;
}

/** A reservation that nobody settled. */
export interface OpenReservation extends Spending {
  readonly entry: number;
  /** Its process lives, or may live: it is settled there. */
  readonly isHeld: boolean;
}

export interface SpendingStore {
  /** Notes an amount unless `decide`, which sees what was spent, throws. Between the two nobody else spends. Gives the entry's number. */
  reserve(spending: Spending, decide?: (sums: SpentSums) => void): Promise<number>;
  /** What an entry really cost; what it cost in other currencies is `more`. */
  settle(entry: number, amount: number, more?: readonly Amount[]): Promise<void>;
  /** What a key and all have spent. */
  sums(key: string, at: number): Promise<SpentSums>;
  /** Counts a request that came to its end. */
  count(row: Pick<UsageRow, 'key' | 'model' | 'pictures' | 'failed'> & { readonly at: number }): Promise<void>;
  /** By day, key and model. `from`, `to`: days, both included. */
  usage(filter: { readonly key?: string; readonly from?: string; readonly to?: string }): Promise<readonly UsageRow[]>;
  open(): Promise<readonly OpenReservation[]>;
}

/** What stands in the way of a request, and for how long at most, ms. */
export interface Excess {
  readonly limit: 'perMinute' | 'concurrency';
  readonly wait: number;
}

/** How many requests a key may have at a time, and begin in any minute, wherever that begins. */
export interface RequestLimits {
  /** Lets a request in, until the function it resolves to is called, or its process ends. */
  enter(key: GatewayKey, at: number): Promise<(() => void) | Excess>;
}

/** Tickets of several callers. */
export interface KeptTickets extends TicketStore {
  /**
   * As `create`, of a call of an intent. `false` also if the intent has its answer: where several processes may be at it, one may come when
   * another has let go of all tickets.
   */
  createFor(intent: string, ticket: Ticket): Promise<boolean>;
}

/** The number of an entry: no other has it, and none later, so that it is settled once. */
export function newEntry(): number {
  return Math.floor(Math.random() * Number.MAX_SAFE_INTEGER);
}

/** All of it. */
export interface Kept {
  readonly keys: KeyStore;
  readonly intents: IntentStore;
  readonly spending: SpendingStore;
  readonly tickets: KeptTickets;
  readonly requests: RequestLimits;
  /** What the accounts of services are doing, where several processes use them. */
  readonly accounts?: LimitStore;
  /** A secret that is made once, hexadecimal. */
  secret(): Promise<string>;
  /** Throws `storage` unless it can be written to. */
  check(): Promise<void>;
  close(): Promise<void>;
}

/** How long an answer that may not have arrived is given again to a further try, ms: longer than OpenAI's clients wait. */
export const doubtMs = 15 * 60_000;
