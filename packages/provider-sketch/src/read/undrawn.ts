// What a prompt asks for and no picture of sketch shows: the things that it names in words nobody here knows. Grammar is kept to what
// tells a thing from what is said of it: a thing is the last word of what stands between an article and the next small word.

import {
  boundaryWords,
  determinerWords,
  measureWord,
  passedChinese,
  passedWords,
  thingEndings,
  verbWords,
} from '../data/passed.ts';
import { isUnknown, type Piece } from './lexicon.ts';
import { lexicon, type Meaning } from './words.ts';

/** One word of a phrase. */
interface Word {
  readonly text: string;
  /** `thing`: known, and drawn. `unknown`: perhaps a thing. `other`: a thing that is known to be none of ours. `passed`: none at all. */
  readonly role: 'thing' | 'known' | 'unknown' | 'other' | 'doing' | 'passed';
  readonly plural?: boolean;
}

const isHan = /^\p{Script=Han}+$/u;

const written = /"[^"]*"|“[^”]*”|「[^」]*」/g;

/**
 * Whether no word of the prompt means anything here, and more of them may be things than {@link undrawnIn} tells: of a language that
 * nobody here reads, it takes the last of several words for the thing.
 */
export function isUnread(prompt: string): boolean {
  const words = lexicon.read(prompt).filter((piece) => typeof piece !== 'string');
  // What is written on a sign is drawn.
  if (prompt.search(written) !== -1 || !/\p{L}/u.test(prompt)) return false;
  if (!words.every((word) => isUnknown(word) && !isPassed(word.unknown))) return false;
  const things = new Set(
    words.flatMap((word) => (isUnknown(word) && roleOf(word.unknown) === 'unknown' ? word.unknown : [])),
  );
  const named = undrawnIn(prompt);
  return named.length === 0 || named.length < things.size;
}

/** Whether a word is known to be none that names a thing. */
function isPassed(text: string): boolean {
  // One letter is a word of many languages.
  if (/^[a-z]$/.test(text)) return false;
  return [boundaryWords, determinerWords, passedWords, passedChinese].some((list) => list.has(text)) || isVerb(text);
}

/** The things that sketch does not draw, in the order of the prompt and its own words, each once: `["zeppelin", "sea lion"]`. */
export function undrawnIn(prompt: string): readonly string[] {
  const finder = new Finder();
  // What is written on a sign is no thing.
  for (const piece of lexicon.read(prompt.replace(written, ' '))) finder.take(piece);
  finder.endPhrase();
  return [...new Set(finder.found)];
}

class Finder {
  readonly found: string[] = [];
  #words: Word[] = [];
  #hasDeterminer = false;
  /** What follows is not wanted. */
  #isRefused = false;
  /** What follows says how something is: "the sky is moody". */
  #isSaid = false;

  take(piece: Piece<Meaning>): void {
    if (typeof piece === 'string') this.endPhrase();
    else if (isUnknown(piece)) this.#unknown(piece.unknown);
    else this.#known(piece.text, piece.meanings, piece.plural);
  }

  endPhrase(): void {
    this.#endThing();
    this.#isRefused = false;
  }

  #unknown(text: string): void {
    if (measureWord.test(text) || determinerWords.has(text)) this.#begin();
    else if (passedChinese.has(text) || /[\p{Script=Han}][在着过了得]$/u.test(text)) this.#endThing();
    else if (boundaryWords.has(text)) {
      this.#endThing();
      this.#isSaid = /^(?:is|are|was|were|be|looks?|seems?|feels?|becomes?)$/.test(text);
    } else if (isVerb(text)) {
      if (this.#hasDeterminer && this.#words.length === 0) this.#words.push({ text, role: 'unknown' });
      else this.#endThing();
    } else this.#words.push({ text, role: roleOf(text) });
  }

  #known(text: string, meanings: readonly Meaning[], plural: boolean): void {
    const is = (...kinds: Meaning['kind'][]) => meanings.some(({ kind }) => kinds.includes(kind));
    if (is('other')) this.#words.push({ text, role: 'other' });
    else if (is('subject')) this.#words.push({ text, role: 'thing', plural });
    else if (is('article', 'count')) this.#begin();
    else if (is('not')) {
      this.#endThing();
      this.#isRefused = true;
    } else if (is('but')) this.endPhrase();
    else if (is('attribute')) this.#words = [];
    else if (is('preposition', 'place', 'and', 'or', 'do', 'filler', 'affirmative')) this.#endThing();
    else this.#words.push({ text, role: 'known' });
  }

  #things(): string[] {
    const words = this.#words;
    if (words.some(({ text }) => isHan.test(text))) return chineseThings(words, this.#hasDeterminer);
    const thing = thingOf(words, this.#hasDeterminer, this.#isSaid);
    return thing === undefined ? [] : [thing];
  }

  /** An article, a number: a thing follows. */
  #begin(): void {
    this.#endThing();
    this.#hasDeterminer = true;
  }

  #endThing(): void {
    if (!this.#isRefused) this.found.push(...this.#things());
    this.#words = [];
    this.#hasDeterminer = false;
    this.#isSaid = false;
  }
}

/** The Chinese words of a phrase that nobody knows. One of a single character is more often something else, but for where a thing must be. */
function chineseThings(words: readonly Word[], hasDeterminer: boolean): string[] {
  const last = words.at(-1);
  const isThing = (word: Word) => word.text.length > 1 || (word === last && (hasDeterminer || words.length === 1));
  return words.filter((word) => word.role === 'unknown' && isThing(word)).map(({ text }) => text);
}

/** The thing of a phrase that nobody knows, if it has one. */
function thingOf(words: readonly Word[], hasDeterminer: boolean, isSaid: boolean): string | undefined {
  const end = words.findLastIndex(({ role }) => role !== 'passed' && role !== 'doing') + 1;
  // "a dumpling", "a robe": with an article in front, a word that looks like something done is a thing.
  if (end === 0) return hasDeterminer && words.at(-1)?.role === 'doing' ? words.at(-1)!.text : undefined;
  const last = words[end - 1]!;
  if (last.role === 'other') return last.text;
  if (last.role !== 'unknown') return undefined;
  const before = words[end - 2];
  if (before?.role === 'thing') {
    // "a fox prowls", "foxes prowl": what it does; "a sea lion": another thing.
    const isDone = before.plural || (hasDeterminer && /[^s]s$/.test(last.text));
    return isDone ? undefined : `${before.text} ${last.text}`;
  }
  if (isSaid && !hasDeterminer) return undefined;
  if (hasDeterminer && before?.role === 'unknown' && /[^s]s$/.test(last.text)) return before.text;
  return last.text;
}

function isVerb(word: string): boolean {
  const bases = [word, word.replace(/s$/, ''), word.replace(/es$/, ''), word.replace(/ies$/, 'y')];
  return bases.some((base) => verbWords.has(base));
}

function roleOf(word: string): Word['role'] {
  if (isHan.test(word)) return 'unknown';
  if (/^[\p{N}&]+$/u.test(word) || word.length < 2 || passedWords.has(word)) return 'passed';
  if (/(?:ing|ed|ly)$/.test(word) && !thingEndings.test(word)) return 'doing';
  return /(?:ous|ful|less|ive|able|ible|istic)$/.test(word) ? 'passed' : 'unknown';
}
