// Randomness that repeats: the same seed gives the same picture.

/** A stream of numbers that depends on its seed alone. */
export class Random {
  #state: number;

  constructor(seed: number) {
    this.#state = seed >>> 0;
  }

  /** The stream of a prompt and a seed. */
  static of(text: string, seed: number): Random {
    let hash = 0x811c9dc5;
    for (const byte of new TextEncoder().encode(`${seed}:${text}`)) hash = Math.imul(hash ^ byte, 0x01000193);
    return new Random(hash);
  }

  /** A stream of its own, so that what is drawn in one place does not change another. */
  branch(): Random {
    return new Random(this.#next());
  }

  /** 0 to 1, 1 excluded. */
  fraction(): number {
    return this.#next() / 2 ** 32;
  }

  /** Between the two, evenly. */
  between(from: number, to: number): number {
    return from + (to - from) * this.fraction();
  }

  /** A whole number, both ends included. */
  whole(from: number, to: number): number {
    return Math.floor(this.between(from, to + 1));
  }

  /** True with this probability. */
  chance(probability: number): boolean {
    return this.fraction() < probability;
  }

  /** One of the list, which must not be empty. */
  pick<T>(list: readonly T[]): T {
    return list[this.whole(0, list.length - 1)]!;
  }

  // mulberry32
  #next(): number {
    this.#state = (this.#state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(this.#state ^ (this.#state >>> 15), 1 | this.#state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return (mixed ^ (mixed >>> 14)) >>> 0;
  }
}
