import type { NotKind } from '../data/grammar.ts';

/** How far a negation reaches: from "not" to the end of the phrase, or to a word that begins something else. */
export class Negation {
  #kind: NotKind | undefined;
  /** A thing or a colour was refused. */
  #hasNamed = false;
  #hasThing = false;
  /** A word went by that nobody knows: "no leaves". */
  #hasPassed = false;
  /** An adjacent one has its thing; a list may go on. */
  #isClosed = false;
  /** An adjacent one has met another word. */
  #isSpent = false;

  /** What kind of negation the current word stands in; absent = none. */
  get kind(): NotKind | undefined {
    return this.#isSpent ? undefined : this.#kind;
  }

  /** The phrase has a "not", even if it does not reach the current word: "not a cat asleep but …". */
  get isInPhrase(): boolean {
    return this.#kind !== undefined;
  }

  /** It has refused a thing, which may be the first of a list. */
  get hasThing(): boolean {
    return this.kind !== undefined && this.#hasThing;
  }

  begin(kind: NotKind): void {
    if (this.kind && !this.#isClosed) return;
    this.end();
    this.#kind = kind;
  }

  /** Whether a thing, a time or a weather that is named now is refused. */
  refusesThing(): boolean {
    if (!this.refusesAttribute()) return false;
    this.#hasThing = true;
    this.#isClosed = this.#kind === 'adjacent';
    return true;
  }

  /** Whether a colour or a number that is named now is refused. */
  refusesAttribute(): boolean {
    if (this.#isClosed) this.#isSpent = true;
    if (!this.kind) return false;
    this.#hasNamed = true;
    return true;
  }

  /** A word went by that stands for nothing here. */
  pass(): void {
    this.#hasPassed = true;
    this.#isSpent = this.#kind === 'adjacent';
  }

  /** "neither … or", "、": the next one is refused as well. */
  continueList(): void {
    this.#isClosed = false;
  }

  /** "no leaves and houses": what is lacking is none of the known things, so what "and" adds may well be wanted. */
  get endsAtAnd(): boolean {
    return this.#kind === 'lacking' && this.#hasPassed && !this.#hasThing;
  }

  end(): void {
    this.#kind = undefined;
    this.#hasNamed = false;
    this.#hasThing = false;
    this.#hasPassed = false;
    this.#isClosed = false;
    this.#isSpent = false;
  }

  /** An instruction ends what has refused something already: "remove the boat and add a balloon", but not "not add". */
  endAtInstruction(): void {
    if (this.#hasNamed) this.end();
    else if (this.#kind === 'adjacent') this.pass();
  }

  /** "no boats at night" and "no leaves at night", but not "not at night". */
  endAtPreposition(): void {
    if (this.#hasNamed || this.#hasPassed) this.end();
  }

  /** 的 ends "没有云的天空" and "没有叶子的树", but not "不要海上的船". */
  endAtAttribute(): void {
    if (this.#kind !== 'unwanted') this.endAtPreposition();
  }
}
