// How far each picture of a request is, as core and the service say.

import type { CallProgress, ImageError, ToldCall } from '@anyimage/core';

type Told = Exclude<CallProgress, { readonly partial: Uint8Array }>;

/** `starting`: nothing of it is decided yet. */
export interface PictureState {
  readonly phase: 'starting' | Told['phase'];
  /** When it was sent, and when it came to an end, ms. */
  readonly sentAt?: number;
  readonly endedAt?: number;
  /** The place in the service's queue. */
  readonly position?: number;
  /** How much is drawn, or fetched; 0 to 1. */
  readonly fraction?: number;
  /** How many pictures that is said of together; default this one alone. */
  readonly shared?: number;
  readonly error?: ImageError;
}

/** Of a picture of which nothing more will be told. */
export const ended: ReadonlySet<PictureState['phase']> = new Set(['made', 'failed']);
const starting: PictureState = { phase: 'starting' };

/** The pictures of a request, of which it may turn out to be more than were asked for. */
export class PictureStates {
  readonly #pictures: PictureState[];
  #model: string | undefined;

  constructor(total: number) {
    this.#pictures = Array.from({ length: total }, () => starting);
  }

  get all(): readonly PictureState[] {
    return this.#pictures;
  }

  /** The model that draws, once that is decided. */
  get model(): string | undefined {
    return this.#model;
  }

  count(phase: PictureState['phase']): number {
    return this.#pictures.filter((picture) => picture.phase === phase).length;
  }

  /** `now`: ms. */
  tell(progress: CallProgress, { model, first, n }: ToldCall, now: number): void {
    // Another model of a list begins anew.
    if (this.#model !== undefined && this.#model !== model) this.#pictures.fill(starting);
    this.#model = model;
    const told: Told = 'partial' in progress ? { phase: 'running', index: progress.index } : progress;
    const { index } = told;
    if (index !== undefined) this.#change(first + index, told, 1, now);
    else for (let at = first; at < first + n; at++) this.#change(at, told, n, now);
  }

  #change(at: number, told: Told, shared: number, now: number): void {
    while (this.#pictures.length <= at) this.#pictures.push(starting);
    const before = this.#pictures[at]!;
    // What is said of a whole call says nothing of its pictures that are here.
    if (told.index === undefined && ended.has(before.phase)) return;
    const { index: _, ...facts } = told;
    const sentAt = told.phase === 'sent' ? now : before.sentAt;
    this.#pictures[at] = {
      ...facts,
      ...(sentAt !== undefined && told.phase !== 'waiting' && { sentAt }),
      ...(ended.has(told.phase) && { endedAt: now }),
      ...('fraction' in facts && shared > 1 && { shared }),
    };
  }
}
