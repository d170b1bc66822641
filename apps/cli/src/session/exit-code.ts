import type { OutcomeFacts } from '@anyimage/core';

type Counted = Pick<OutcomeFacts, 'images' | 'errors' | 'pending' | 'sent'>;

/** 0 all made, 3 some made, 1 none made though something was sent, 2 nothing was sent. */
export function exitCodeOf(outcome: Counted): number {
  const tally = new Tally();
  tally.add(outcome);
  return tally.exitCode;
}

/** Counts what became of many requests, so that nobody has to keep their outcomes. */
export class Tally {
  #outcomes = 0;
  #images = 0;
  #missing = 0;
  #isSent = false;

  add({ images, errors, pending, sent }: Counted): void {
    this.#outcomes += 1;
    this.#images += images.length;
    this.#missing += errors.length + pending.length;
    this.#isSent ||= sent;
  }

  /** As `exitCodeOf`, of all together; 0 where there was nothing to do. */
  get exitCode(): number {
    if (this.#outcomes === 0) return 0;
    if (this.#images > 0) return this.#missing > 0 ? 3 : 0;
    return this.#isSent ? 1 : 2;
  }
}
