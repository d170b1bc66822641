// One call: what is known of it while it runs and afterwards.

import { randomBytes } from 'node:crypto';
import type { CallProgress, Json, Outcome, Ticket } from '@anyimage/core';
import { duration, durationRange, type FileImageStore } from '@anyimage/host';

/** A request on its way, or what became of it. */
export interface Call {
  /** `c-7f3a9c01d2e4`: the intent of its request, by which any server finds it as long as its tickets are there. */
  readonly id: string;
  /** `provider/model` or what else the caller named. */
  readonly model: string;
  readonly prompt: string;
  /** Pictures expected. */
  readonly n: number;
  /** Unix time, ms. */
  readonly startedAt: number;
  /** Whether something of it was sent by a call before: how long its pictures took is not known then. */
  readonly isResumed: boolean;
  readonly store: FileImageStore;
  /** The tickets that it left on disk at some time, by id, each in its newest state. */
  readonly tickets: ReadonlyMap<string, Ticket>;
  /** Those of its tickets that nobody can tell of, and whose request was made anew since, by id. */
  readonly madeAnew: ReadonlySet<string>;
  /** What it does, in words. */
  readonly phase: string;
  /** Present when it is over. */
  readonly outcome?: Outcome;
  /** Resolves when it is over. Never rejects. */
  readonly done: Promise<Outcome>;
  /** What it does, for how long, and how long that usually takes, in words. */
  progress(): string;
  /** Resolves when something was sent, and services have answered for the jobs of it, or the call is over. */
  handedOver(): Promise<void>;
  /** Calls `listener` when the phase changes, until the returned function is called. */
  watch(listener: () => void): () => void;
  /** Whoever asked for it is gone: unless somebody else waits, nothing more is sent. What was sent comes home. */
  leave(reason?: unknown): void;
  /** Ends it. What is paid for and can be fetched later leaves a ticket. */
  abort(reason?: unknown): void;
}

/** What a call is about, before it starts. */
export interface CallFacts {
  readonly model: string;
  readonly prompt: string;
  readonly n: number;
  /** What was asked, for the sidecar. */
  readonly request?: Json;
  /** When it was asked, Unix time in ms, if a call before did that; default now. */
  readonly askedAt?: number;
  /** How long it usually takes, ms. */
  readonly usualMs?: readonly [min: number, max: number] | undefined;
}

/** The id of a new call. */
export function newCallId(): string {
  return `c-${randomBytes(6).toString('hex')}`;
}

/** Whether it is the id of a call of a server, and not what a program calls its request. */
export function isCallId(id: string): boolean {
  return /^c-[0-9a-f]+$/.test(id);
}

/** The id of the call that a ticket is of. */
export function callOf({ intent }: Pick<Ticket, 'intent'>): string {
  return intent.replace(/-\d+$/, '');
}

/** A call as those see it who carry it out. */
export class RunningCall implements Call {
  readonly id: string;
  readonly model: string;
  readonly prompt: string;
  readonly n: number;
  readonly startedAt: number;
  readonly isResumed: boolean;
  readonly store: FileImageStore;
  readonly tickets = new Map<string, Ticket>();
  madeAnew: ReadonlySet<string> = new Set();
  phase: string;
  outcome?: Outcome;
  /** Whether its jobs are to be cancelled at their services before it is over. */
  isCancelled = false;
  /** Why one of them could not be. */
  cancelProblem: unknown;
  #usualMs: CallFacts['usualMs'];
  readonly #over = Promise.withResolvers<Outcome>();
  readonly #ending = new AbortController();
  readonly #stopping = new AbortController();
  readonly #listeners = new Set<() => void>();

  /** `openStore`: makes the store of its pictures, which tells when one is kept. */
  constructor(
    id: string,
    { model, prompt, n, usualMs, askedAt }: CallFacts,
    openStore: (onSaved: () => void) => FileImageStore,
  ) {
    this.id = id;
    this.model = model;
    this.prompt = prompt;
    this.n = n;
    this.startedAt = askedAt ?? Date.now();
    this.isResumed = askedAt !== undefined;
    this.phase = `waiting for ${model}`;
    this.#usualMs = usualMs;
    this.store = openStore(() => this.#tell(`${this.store.files.size} of ${n} made`));
  }

  get done(): Promise<Outcome> {
    return this.#over.promise;
  }

  /** Whether it sends nothing more. */
  get isStopped(): boolean {
    return this.#stopping.signal.aborted || this.#ending.signal.aborted;
  }

  /** Whether something was sent that costs money. */
  get isPaid(): boolean {
    return [...this.tickets.values()].some(({ cost }) => cost?.amount !== 0);
  }

  /** What core is to be given: when to end, and whom to tell how it goes. */
  get runOptions(): { readonly signal: AbortSignal; readonly onProgress: (progress: CallProgress) => void } {
    const onProgress = (progress: CallProgress) => {
      const phase = phaseText(progress);
      if (phase !== undefined) this.#tell(phase);
    };
    return { signal: this.#ending.signal, onProgress };
  }

  /** Aborts when nothing more is to be sent. */
  get stopSending(): AbortSignal {
    return this.#stopping.signal;
  }

  progress(): string {
    const ms = Date.now() - this.startedAt;
    const parts = [
      this.phase,
      ms >= 1000 && `${duration(ms)} so far`,
      this.#usualMs && `usually ${durationRange(this.#usualMs)}`,
    ];
    return parts.filter(Boolean).join(', ');
  }

  watch(listener: () => void): () => void {
    this.#listeners.add(listener);
    return () => void this.#listeners.delete(listener);
  }

  leave(reason?: unknown): void {
    if (this.#listeners.size === 0) this.stop(reason);
  }

  /** Resolves when services have answered for all jobs that were sent to them, or the call is over. */
  answered(): Promise<void> {
    return this.#until(() => !this.#hasOpenJobs());
  }

  handedOver(): Promise<void> {
    return this.#until(() => this.tickets.size > 0 && !this.#hasOpenJobs());
  }

  #hasOpenJobs(): boolean {
    return [...this.tickets.values()].some(({ state, mode }) => state === 'intended' && mode === 'job');
  }

  async #until(isSo: () => boolean): Promise<void> {
    if (isSo()) return;
    const known = Promise.withResolvers<void>();
    const unwatch = this.watch(() => isSo() && known.resolve());
    await Promise.race([known.promise, this.done]);
    unwatch();
  }

  /** Sends nothing more. What was sent comes home. */
  stop(reason?: unknown): void {
    this.#stopping.abort(reason);
  }

  abort(reason?: unknown): void {
    this.#ending.abort(reason);
  }

  /** Ends it, and its jobs at their services where those let it. */
  cancel(reason?: unknown): void {
    this.isCancelled = true;
    this.abort(reason);
  }

  /** Tickets of a request before are its own: it fetches them. */
  adopt(left: readonly Ticket[], madeAnew: ReadonlySet<string> = new Set()): void {
    this.madeAnew = madeAnew;
    for (const ticket of left) this.tickets.set(ticket.id, ticket);
  }

  /** A ticket of it is on disk, in this state. `usualMs`: of its model. */
  note(ticket: Ticket, usualMs: CallFacts['usualMs']): void {
    const before = this.tickets.get(ticket.id)?.state;
    this.tickets.set(ticket.id, ticket);
    this.#usualMs ??= usualMs;
    if (ticket.state === before) return;
    if (ticket.state === 'intended') this.#tell(`sent to ${ticket.provider}`);
    if (ticket.state === 'submitted') this.#tell(`taken by ${ticket.provider}`);
  }

  end(outcome: Outcome): void {
    this.outcome = outcome;
    this.#over.resolve(outcome);
  }

  #tell(phase: string): void {
    this.phase = phase;
    for (const listener of this.#listeners) listener();
  }
}

/** `undefined` for what tickets and the store tell better. */
function phaseText(progress: CallProgress): string | undefined {
  if ('partial' in progress) return 'drawing';
  switch (progress.phase) {
    case 'queued':
      return progress.position === undefined
        ? 'in the queue of the service'
        : `number ${progress.position} in the queue`;
    case 'running':
      return progress.fraction === undefined ? 'being drawn' : `${Math.round(progress.fraction * 100)} % drawn`;
    case 'fetching':
      return 'being fetched';
    default:
      return undefined;
  }
}
