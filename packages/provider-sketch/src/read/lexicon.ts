// Finds known words in a prompt: the longest word that fits wins, English by words, Chinese by characters.

/** A found word: everything it stands for, and whether it was an English plural. */
export interface Found<Meaning> {
  readonly meanings: readonly Meaning[];
  readonly plural: boolean;
}

/** A found word, or a mark that ends a phrase, or one that may (a comma), or one between the items of a list (、), or an unknown word. */
export type Piece<Meaning> = Found<Meaning> | 'stop' | 'comma' | 'pause' | 'unknown';

const longestPhrase = 4;
const longestCharacters = 6;
const token = /[a-z0-9&]+|[\p{Script=Han}]|[,.;:!?、，。；：！？\n]/gu;
/** Marks that need not end a phrase. */
const marks: Readonly<Record<string, 'comma' | 'pause'>> = { ',': 'comma', '，': 'comma', '、': 'pause' };

/** Known words and what each means. */
export class Lexicon<Meaning> {
  readonly #meanings = new Map<string, Meaning[]>();

  /** Adds comma-separated words for a meaning; a word may have several. */
  add(words: string, meaning: Meaning): this {
    for (const word of words.split(',')) {
      const key = tokens(word).join(' ');
      if (key) this.#meanings.set(key, [...(this.#meanings.get(key) ?? []), meaning]);
    }
    return this;
  }

  /** The prompt's words in order. */
  read(prompt: string): Piece<Meaning>[] {
    const list = tokens(prompt);
    const pieces: Piece<Meaning>[] = [];
    for (let at = 0; at < list.length; ) {
      const word = list[at]!;
      const han = isHan(word);
      if (!han && !/[a-z0-9&]/.test(word)) {
        pieces.push(marks[word] ?? 'stop');
        at += 1;
        continue;
      }
      const match = this.#longest(list, at, runEnd(list, at, han));
      pieces.push(match?.found ?? 'unknown');
      at += match?.length ?? 1;
    }
    return pieces;
  }

  #longest(list: readonly string[], from: number, to: number): { found: Found<Meaning>; length: number } | undefined {
    for (let end = to; end > from; end--) {
      for (const [form, plural] of forms(list.slice(from, end))) {
        const meanings = this.#meanings.get(form);
        if (meanings) return { found: { meanings, plural }, length: end - from };
      }
    }
    return undefined;
  }
}

function tokens(text: string): string[] {
  return (
    text
      .normalize('NFKC')
      .toLowerCase()
      .replace(/['’]s\b/g, '')
      .match(token) ?? []
  );
}

function isHan(word: string): boolean {
  return /^\p{Script=Han}$/u.test(word);
}

/** Where the longest word may end that begins at `from`: every word of a long prompt looks ahead as far, and no farther. */
function runEnd(list: readonly string[], from: number, han: boolean): number {
  const farthest = Math.min(list.length, from + (han ? longestCharacters : longestPhrase));
  let end = from;
  while (end < farthest && isHan(list[end]!) === han && (han || /[a-z0-9&]/.test(list[end]!))) end += 1;
  return end;
}

/** The phrase as written, then with its last word in the singular. */
function forms(words: readonly string[]): [form: string, plural: boolean][] {
  const phrase = words.join(' ');
  const endings: [RegExp, string][] = [
    [/ies$/, 'y'],
    [/ves$/, 'f'],
    [/es$/, ''],
    [/s$/, ''],
  ];
  return [
    [phrase, false],
    ...endings
      .filter(([ending]) => ending.test(phrase))
      .map(([ending, by]): [string, boolean] => [phrase.replace(ending, by), true]),
  ];
}
