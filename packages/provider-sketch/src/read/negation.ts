import type { NotKind } from '../data/grammar.ts';

/** How far a negation reaches: from "not" to the end of the phrase, or to a word that begins something else. */
export class Negation {
  #kind: NotKind | undefined;
  #named = false;

  /** What kind of negation the current word stands in; absent = none. */
  get kind(): NotKind | undefined {
    return this.#kind;
  }

  begin(kind: NotKind): void {
    this.#kind ??= kind;
  }

  /** Something was refused. */
  name(): void {
    this.#named = true;
  }

  end(): void {
    this.#kind = undefined;
    this.#named = false;
  }

  /** Ends what has refused something already: "no boats at night", but not "not at night". */
  endIfNamed(): void {
    if (this.#named) this.end();
  }

  /** 的 ends "没有云的天空", but not "不要海上的船". */
  endAtAttribute(): void {
    if (this.#kind !== 'unwanted') this.endIfNamed();
  }
}
