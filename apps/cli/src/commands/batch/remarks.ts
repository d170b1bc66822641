// What is said of many rows, once, with how many rows it is said of.

/** So many different remarks are kept. */
const mostRemarks = 20;

export class Remarks {
  readonly #counts = new Map<string, number>();
  #others = 0;

  add(text: string): void {
    const known = this.#counts.get(text);
    if (known === undefined && this.#counts.size >= mostRemarks) this.#others += 1;
    else this.#counts.set(text, (known ?? 0) + 1);
  }

  /** In the order in which they came. */
  texts(): readonly string[] {
    const texts = [...this.#counts].map(([text, count]) => (count > 1 ? `${text} (${count} rows)` : text));
    return this.#others > 0 ? [...texts, `and ${this.#others} more of the kind`] : texts;
  }
}
