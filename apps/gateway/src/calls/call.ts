// A request on its way, for all who wait for it.

import type { CallProgress, Ticket } from '@anyimage/core';
import type { GatewayKey } from '@anyimage/store-redis/contract';
import type { Answer } from '../wire/answer.ts';

/** A mask as it came, which a service may take as it is. */
export interface GivenMask {
  readonly bytes: Uint8Array;
  /** px */
  readonly width: number;
  readonly height: number;
}

export class RunningCall {
  readonly id: string;
  readonly key: GatewayKey;
  /** Nothing can have been sent for it before. */
  readonly isNew: boolean;
  readonly mask: GivenMask | undefined;
  /** Those that it made, and what became of them. */
  readonly tickets = new Map<string, Ticket>();
  /** Of jobs that came to nothing: they go when it is kept what became of it, so that whoever goes on finds the job and not nothing. */
  readonly ended = new Set<string>();
  readonly #stop = new AbortController();
  readonly #over = Promise.withResolvers<Answer>();
  readonly #listeners = new Set<(progress: CallProgress) => void>();
  #waiting = 0;
  #isOver = false;
  /** Something was sent for it. */
  isSent = false;

  constructor(id: string, key: GatewayKey, isNew: boolean, mask?: GivenMask) {
    this.id = id;
    this.key = key;
    this.isNew = isNew;
    this.mask = mask;
    // Who waits is told; nobody may be.
    this.#over.promise.catch(() => {});
  }

  /** What became of it. Rejects with what kept it from being asked or noted. */
  get done(): Promise<Answer> {
    return this.#over.promise;
  }

  /** Once it aborts, nothing more is sent. */
  get stopSending(): AbortSignal {
    return this.#stop.signal;
  }

  /** Somebody waits for it, until the function that is returned is called. Nobody left: what is not sent is not sent any more. */
  join(onProgress?: (progress: CallProgress) => void): () => void {
    this.#waiting += 1;
    if (onProgress) this.#listeners.add(onProgress);
    let isIn = true;
    return () => {
      if (!isIn) return;
      isIn = false;
      if (onProgress) this.#listeners.delete(onProgress);
      this.#waiting -= 1;
      if (this.#waiting === 0 && !this.#isOver) this.stop();
    };
  }

  stop(): void {
    this.#stop.abort();
  }

  tell(progress: CallProgress): void {
    if ('phase' in progress && progress.phase === 'sent') this.isSent = true;
    for (const listener of this.#listeners) listener(progress);
  }

  /** A ticket of it is on disk, in this state, or gone. */
  note(id: string, ticket?: Ticket): void {
    if (ticket) this.tickets.set(id, ticket);
    else this.tickets.delete(id);
  }

  end(answer: Answer): void {
    this.#isOver = true;
    this.#over.resolve(answer);
  }

  fail(error: unknown): void {
    this.#isOver = true;
    this.#over.reject(error);
  }
}
