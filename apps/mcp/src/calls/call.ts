// One call: what is known of it while it runs and afterwards.

import { randomBytes } from 'node:crypto';
import type { Json, Outcome, Progress, Ticket } from '@anyimage/core';
import type { FileImageStore } from '@anyimage/host';

/** A request on its way, or what became of it. */
export interface Call {
  /** `c-7f3a9c01`; known until the server ends. */
  readonly id: string;
  /** `provider/model` or what else the caller named. */
  readonly model: string;
  readonly prompt: string;
  /** Pictures expected. */
  readonly n: number;
  /** Unix time, ms. */
  readonly startedAt: number;
  readonly store: FileImageStore;
  /** The tickets that it left on disk at some time, by id, each in its newest state. */
  readonly tickets: ReadonlyMap<string, Ticket>;
  /** What it does, in words. */
  readonly phase: string;
  /** Present when it is over. */
  readonly outcome?: Outcome;
  /** Resolves when it is over. Never rejects. */
  readonly done: Promise<Outcome>;
  /** Calls `listener` when the phase changes, until the returned function is called. */
  watch(listener: () => void): () => void;
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
}

/** A call as those see it who carry it out. */
export class RunningCall implements Call {
  readonly id = `c-${randomBytes(4).toString('hex')}`;
  readonly model: string;
  readonly prompt: string;
  readonly n: number;
  readonly startedAt = Date.now();
  readonly store: FileImageStore;
  readonly tickets = new Map<string, Ticket>();
  phase: string;
  outcome?: Outcome;
  readonly #over = Promise.withResolvers<Outcome>();
  readonly #controller = new AbortController();
  readonly #listeners = new Set<() => void>();

  /** `openStore`: makes the store of its pictures, which tells when one is kept. */
  constructor({ model, prompt, n }: CallFacts, openStore: (onSaved: () => void) => FileImageStore) {
    this.model = model;
    this.prompt = prompt;
    this.n = n;
    this.phase = `waiting for ${model}`;
    this.store = openStore(() => this.#tell(`${this.store.files.size} of ${n} made`));
  }

  get done(): Promise<Outcome> {
    return this.#over.promise;
  }

  /** What core is to be given: when to end, and whom to tell how it goes. */
  get runOptions(): { readonly signal: AbortSignal; readonly onProgress: (progress: Progress) => void } {
    return { signal: this.#controller.signal, onProgress: (progress) => this.#tell(phaseText(progress)) };
  }

  watch(listener: () => void): () => void {
    this.#listeners.add(listener);
    return () => void this.#listeners.delete(listener);
  }

  abort(reason?: unknown): void {
    this.#controller.abort(reason);
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

function phaseText(progress: Progress): string {
  if ('partial' in progress) return 'drawing';
  const { phase, fraction, position } = progress;
  if (phase === 'queued')
    return position === undefined ? 'in the queue of the service' : `number ${position} in the queue`;
  return fraction === undefined ? 'being drawn' : `${Math.round(fraction * 100)} % drawn`;
}
