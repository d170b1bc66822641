// What the words of an edit do to the colours of a picture.

import { type ColourId, colours } from '../data/colours.ts';
import {
  affirmativeWords,
  andWords,
  articleWords,
  butWords,
  doWords,
  fillerWords,
  lessWords,
  type NotKind,
  notWords,
  orWords,
  prepositions,
} from '../data/grammar.ts';
import { type Look, momentLooks, namedLooks, opposites } from '../data/looks.ts';
import { type Season, seasonWords, type Time, timeWords, type Weather, weatherWords } from '../data/moments.ts';
import { type MoodId, moods } from '../data/moods.ts';
import { blurred } from '../pixels/blur.ts';
import { type Pixels, shorterSide } from '../pixels/pixels.ts';
import { fade, mapColours, mapOf, tint } from '../pixels/tone.ts';
import { isFound, isUnknown, Lexicon } from '../read/lexicon.ts';
import { Negation } from '../read/negation.ts';

type Word =
  | { readonly kind: 'look'; readonly id: string }
  | { readonly kind: 'not'; readonly not: NotKind }
  | { readonly kind: 'but' | 'do' | 'less' | 'preposition' | 'filler' | 'affirmative' };

/** Before a colour that is to be less. */
const lessOf = 'less ';

const lexicon = buildLexicon();

/** The looks a prompt asks for, in its order, each once: `["night"]`, `["blue", "darker"]`, `["less blue"]`. */
export function readLooks(prompt: string): string[] {
  const reader = new LookReader();
  for (const piece of lexicon.read(prompt)) {
    if (piece === 'stop' || piece === 'comma') reader.endPhrase();
    else if (isUnknown(piece)) reader.pass();
    else if (isFound(piece)) reader.take(piece.meanings[0]!);
  }
  reader.endPhrase();
  return reader.looks();
}

class LookReader {
  readonly #found: string[] = [];
  readonly #negation = new Negation();
  /** Less was asked for, and of nothing yet; or of a colour, and others may follow. */
  #less: 'open' | 'colours' | undefined;
  #last: string | undefined;

  take(word: Word): void {
    if (word.kind === 'look') this.#look(word.id);
    else if (word.kind === 'less') this.#less = 'open';
    else if (word.kind === 'not') this.#negation.begin(word.not);
    else if (word.kind === 'preposition') this.#negation.endAtPreposition();
    else if (word.kind === 'but') {
      this.#negation.end();
      this.#less = undefined;
    } else if (word.kind === 'do') {
      this.#negation.endAtInstruction();
      if (this.#less === 'colours') this.#less = undefined;
    }
  }

  /** Passes over a word that stands for no look. */
  pass(): void {
    this.#negation.pass();
  }

  /** "蓝色少一点": less of what was named before. */
  endPhrase(): void {
    if (this.#less === 'open' && this.#last && !this.#negation.kind) {
      this.#found.pop();
      this.#add(lessened(this.#last));
    }
    this.#negation.end();
    this.#less = undefined;
    this.#last = undefined;
  }

  looks(): string[] {
    return [...new Set(this.#found)];
  }

  #look(id: string): void {
    if (this.#negation.refusesAttribute()) return;
    const isLess = this.#less === 'open' || (this.#less === 'colours' && id in colours);
    this.#add(isLess ? lessened(id) : id);
    this.#less = isLess && id in colours ? 'colours' : undefined;
    this.#last = id;
  }

  #add(id: string | undefined): void {
    if (id) this.#found.push(id);
  }
}

/** The look that is less of a look; absent = sketch knows none. */
function lessened(id: string): string | undefined {
  return opposites[id] ?? (id in colours ? lessOf + id : undefined);
}

/** Whether a look takes a colour away. */
export function isLess(id: string): boolean {
  return id.startsWith(lessOf);
}

/** Every look there is. */
export function allLooks(): string[] {
  return [
    ...new Set([
      ...Object.keys(momentLooks),
      ...Object.keys(namedLooks),
      ...Object.keys(moods),
      ...Object.keys(colours),
    ]),
  ];
}

/** Changes the pixels by a look; colours of a picture go over to a colour that is named. */
export function applyLook(pixels: Pixels, id: string): Pixels {
  if (id in colours) return mapColours(pixels, tint(colours[id as ColourId].hex));
  if (isLess(id)) return mapColours(pixels, fade(colours[id.slice(lessOf.length) as ColourId].hex));
  const look: Look = namedLooks[id] ?? momentLooks[id as Time | Weather | Season] ?? moods[id as MoodId];
  mapColours(pixels, mapOf(look));
  if (!look.blur) return pixels;
  const soft = blurred(pixels, Math.max(1, Math.abs(look.blur) * shorterSide(pixels)));
  return look.blur > 0 ? soft : sharpened(pixels, soft);
}

/** What a blur takes away is added once more. */
function sharpened(pixels: Pixels, soft: Pixels): Pixels {
  const { data } = pixels;
  for (let at = 0; at < data.length; at++) if ((at & 3) !== 3) data[at] = data[at]! * 1.9 - soft.data[at]! * 0.9;
  return pixels;
}

function buildLexicon(): Lexicon<Word> {
  const words = new Lexicon<Word>();
  for (const table of [namedLooks, moods, colours]) {
    for (const [id, { words: list }] of Object.entries(table)) words.add(list, { kind: 'look', id });
  }
  for (const [id, list] of Object.entries({ ...timeWords, ...weatherWords, ...seasonWords })) {
    if (id in momentLooks) words.add(list, { kind: 'look', id });
  }
  for (const not of Object.keys(notWords) as NotKind[]) words.add(notWords[not], { kind: 'not', not });
  return words
    .add(butWords, { kind: 'but' })
    .add(doWords, { kind: 'do' })
    .add(lessWords, { kind: 'less' })
    .add(prepositions, { kind: 'preposition' })
    .add([fillerWords, articleWords, andWords, orWords].join(), { kind: 'filler' })
    .add(affirmativeWords, { kind: 'affirmative' });
}
