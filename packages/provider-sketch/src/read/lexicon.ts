// Finds known words in a prompt: the longest word that fits wins. English is read by words, Chinese by the words of the dictionary
// that comes with the system: 熊猫 is no 熊 and no 猫.

/** A found word: everything it stands for, and whether it was an English plural. */
export interface Found<Meaning> {
  readonly text: string;
  readonly meanings: readonly Meaning[];
  readonly plural: boolean;
}

/** A word that nobody knows. */
export interface Unknown {
  readonly unknown: string;
}

/** A word, or a mark that ends a phrase, or one that may (a comma), or one between the items of a list (、). */
export type Piece<Meaning> = Found<Meaning> | Unknown | 'stop' | 'comma' | 'pause';

export function isFound<Meaning>(piece: Piece<Meaning> | undefined): piece is Found<Meaning> {
  return typeof piece === 'object' && 'meanings' in piece;
}

export function isUnknown<Meaning>(piece: Piece<Meaning> | undefined): piece is Unknown {
  return typeof piece === 'object' && 'unknown' in piece;
}

const longestPhrase = 4;
const longestCharacters = 6;
const token = /\p{Script=Han}|(?:(?!\p{Script=Han})[\p{L}\p{M}\p{N}&])+|[,.;:!?、，。；：！？\n]/gu;
const isWord = /[\p{L}\p{N}&]/u;
/** Marks that need not end a phrase. */
const marks: Readonly<Record<string, 'comma' | 'pause'>> = { ',': 'comma', '，': 'comma', '、': 'pause' };

/** Known words and what each means. */
export class Lexicon<Meaning> {
  readonly #meanings = new Map<string, Meaning[]>();
  readonly #isMadeOf: (parts: readonly Found<Meaning>[]) => boolean;

  /** `isMadeOf`: whether known parts are what a Chinese word means: 白马 is a white horse, 河马 neither a river nor a horse. */
  constructor(isMadeOf: (parts: readonly Found<Meaning>[]) => boolean = () => true) {
    this.#isMadeOf = isMadeOf;
  }

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
    const ends = wordEnds(list);
    const pieces: Piece<Meaning>[] = [];
    for (let at = 0; at < list.length; ) {
      const word = list[at]!;
      if (!isWord.test(word)) {
        pieces.push(marks[word] ?? 'stop');
        at += 1;
        continue;
      }
      const { read, length } = isHan(word) ? this.#chinese(list, at, ends) : this.#other(list, at);
      pieces.push(...read);
      at += length;
    }
    return pieces;
  }

  #other(list: readonly string[], at: number): Read<Meaning> {
    const match = this.#longest(list, at, runEnd(list, at, false));
    return match ? { read: [match.found], length: match.length } : { read: [{ unknown: list[at]! }], length: 1 };
  }

  /** The longest known word, of whole words of the dictionary if there is one; else what the next of these is made of; else that. */
  #chinese(list: readonly string[], at: number, ends: ReadonlySet<number>): Read<Meaning> {
    const farthest = runEnd(list, at, true);
    let end = at + 1;
    while (!ends.has(end)) end += 1;
    const whole = this.#longest(list, at, farthest, (to) => ends.has(to));
    if (whole) return { read: [whole.found], length: whole.length };
    const across = this.#longest(list, at, farthest, (to) => to > end);
    if (across) return { read: [across.found], length: across.length };
    const parts = this.#parts(list, at, end);
    return { read: parts ?? [{ unknown: list.slice(at, end).join('') }], length: end - at };
  }

  /** What a word is made of, if all of it is known. */
  #parts(list: readonly string[], from: number, end: number): Found<Meaning>[] | undefined {
    const parts: Found<Meaning>[] = [];
    for (let at = from; at < end; ) {
      const match = this.#longest(list, at, end);
      if (!match) return undefined;
      parts.push(match.found);
      at += match.length;
    }
    return this.#isMadeOf(parts) ? parts : undefined;
  }

  #longest(
    list: readonly string[],
    from: number,
    to: number,
    mayEnd: (at: number) => boolean = () => true,
  ): { found: Found<Meaning>; length: number } | undefined {
    for (let end = to; end > from; end--) {
      if (!mayEnd(end)) continue;
      const words = list.slice(from, end);
      for (const [form, plural] of forms(words)) {
        const meanings = this.#meanings.get(form);
        if (meanings)
          return { found: { text: words.join(isHan(words[0]!) ? '' : ' '), meanings, plural }, length: end - from };
      }
    }
    return undefined;
  }
}

/** Some pieces, and how many tokens they are. */
interface Read<Meaning> {
  readonly read: readonly Piece<Meaning>[];
  readonly length: number;
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

let segmenter: Intl.Segmenter | undefined;

/** Where the Chinese words end, by token. */
function wordEnds(list: readonly string[]): ReadonlySet<number> {
  const ends = new Set<number>();
  for (let at = 0; at < list.length; at++) {
    if (!isHan(list[at]!)) continue;
    let end = at;
    while (end < list.length && isHan(list[end]!)) end += 1;
    segmenter ??= new Intl.Segmenter('zh', { granularity: 'word' });
    for (const { segment } of segmenter.segment(list.slice(at, end).join(''))) {
      at += [...segment].length;
      ends.add(at);
    }
  }
  return ends;
}

/** Where the longest word may end that begins at `from`: every word of a long prompt looks ahead as far, and no farther. */
function runEnd(list: readonly string[], from: number, han: boolean): number {
  const farthest = Math.min(list.length, from + (han ? longestCharacters : longestPhrase));
  let end = from;
  while (end < farthest && isHan(list[end]!) === han && (han || isWord.test(list[end]!))) end += 1;
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
