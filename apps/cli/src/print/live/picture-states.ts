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
  /** The call that makes it. */
  readonly call?: Pick<ToldCall, 'mode' | 'cost'>;
}

/** Of a picture of which nothing more will be told. */
export const ended: ReadonlySet<PictureState['phase']> = new Set(['made', 'failed']);

/** What a job makes stays at the service. Before it is accepted, nobody knows of it. */
function isHeld({ phase, call }: PictureState): boolean {
  if (!call || call.cost?.amount === 0) return false;
  if (phase === 'sent' || phase === 'fetching') return true;
  return call.mode === 'call' && (phase === 'queued' || phase === 'running');
}

const starting: PictureState = { phase: 'starting' };

/** The pictures of a request, of which it may turn out to be more than were asked for. */
export class PictureStates {
  readonly #pictures: PictureState[];
  #model: string | undefined;
  #hasSent = false;

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

  /** Whether a picture was ever asked for. */
  get hasSent(): boolean {
    return this.#hasSent;
  }

  /** How many pictures were sent, are not known to be free, and come now or never, or are made and on their way. */
  get held(): number {
    return this.#pictures.filter(isHeld).length;
  }

  count(phase: PictureState['phase']): number {
    return this.#pictures.filter((picture) => picture.phase === phase).length;
  }

  /** `now`: ms. */
  tell(progress: CallProgress, call: ToldCall, now: number): void {
    const { model, first, n } = call;
    // Another model of a list begins anew.
    if (this.#model !== undefined && this.#model !== model) this.#pictures.fill(starting);
    this.#model = model;
    const told: Told = 'partial' in progress ? { phase: 'running', index: progress.index } : progress;
    this.#hasSent ||= told.phase === 'sent';
    const { index } = told;
    const positions = index === undefined ? Array.from({ length: n }, (_, at) => first + at) : [first + index];
    for (const at of positions) this.#change(at, told, { call, now });
  }

  #change(at: number, told: Told, { call, now }: { readonly call: ToldCall; readonly now: number }): void {
    while (this.#pictures.length <= at) this.#pictures.push(starting);
    const before = this.#pictures[at]!;
    // What is said of a whole call says nothing of its pictures that are here.
    if (told.index === undefined && ended.has(before.phase)) return;
    const { index, ...facts } = told;
    const sentAt = told.phase === 'sent' ? now : before.sentAt;
    this.#pictures[at] = {
      ...facts,
      ...(sentAt !== undefined && told.phase !== 'waiting' && { sentAt }),
      ...(ended.has(told.phase) && { endedAt: now }),
      ...('fraction' in facts && index === undefined && call.n > 1 && { shared: call.n }),
      call,
    };
  }
}
