// Reads a prompt: which subjects, their colours, how many, what time of day and weather. Grammar is kept to what a caption
// needs: adjectives go to the next subject of the same phrase, or to the last one ("the boat is red").

import type { ColourId } from '../data/colours.ts';
import { otherColours } from '../data/grammar.ts';
import type { Season, Time, Weather } from '../data/moments.ts';
import type { MoodId } from '../data/moods.ts';
import type { StyleId } from '../data/styles.ts';
import { type hairWords, people, type SubjectId } from '../data/subjects.ts';
import { isFound, isUnknown, type Piece } from './lexicon.ts';
import { Negation } from './negation.ts';
import type { Reading, Refusable, Subject } from './reading.ts';
import { lexicon, type Meaning } from './words.ts';

type Measure = Extract<Meaning, { readonly kind: 'count' | 'scale' }>;
/** A word of grammar, which stands for nothing itself. */
type Connection = Exclude<Meaning, { readonly id: string } | Measure | { readonly kind: 'part' | 'hair' | 'other' }>;

/** What the drawing might add of its own accord. */
const isSeen = (meaning: Meaning): meaning is Extract<Meaning, { readonly id: Refusable }> =>
  ['subject', 'time', 'weather', 'season'].includes(meaning.kind);
/** What can be refused as a whole, rather than as a colour or a part of something. */
const isNamed = (meaning: Meaning) => isSeen(meaning) || meaning.kind === 'style' || meaning.kind === 'feeling';

/**
 * What a prompt asks for, in English or Chinese. Words nobody knows are passed over; what is named in `negativePrompt`, or after
 * "no" and "without", is left out, and stands in `without`.
 */
export function readPrompt(prompt: string, negativePrompt = ''): Reading {
  const reader = new Reader();
  const pieces = lexicon.read(prompt);
  const inList = commasInLists(pieces);
  for (const [at, piece] of pieces.entries()) {
    if (piece === 'stop' || (piece === 'comma' && !(reader.isListing && inList.has(at)))) reader.endPhrase();
    else if (piece === 'comma' || piece === 'pause') reader.endItem();
    else if (isUnknown(piece) || piece.meanings.some(({ kind }) => kind === 'other')) reader.pass();
    else reader.take(piece.meanings, piece.plural);
  }
  reader.endPhrase();
  for (const piece of lexicon.read(negativePrompt)) {
    if (isFound(piece)) reader.refuse(piece.meanings);
  }
  return reader.reading();
}

/**
 * The commas of lists such as "clouds, sun or stars": after each a single thing, and "or" before the last. Found from the end, so
 * that a comma knows of the list that follows it without reading it again.
 */
function commasInLists(pieces: readonly Piece<Meaning>[]): ReadonlySet<number> {
  const isA = (piece: Piece<Meaning> | undefined, is: (meaning: Meaning) => boolean) =>
    isFound(piece) && piece.meanings.some(is);
  const isThing = (at: number) => isA(pieces[at], isNamed);
  const isLast = (at: number) => isA(pieces[at], ({ kind }) => kind === 'or') && isThing(at + 1);
  const found = new Set<number>();
  for (let at = pieces.length - 1; at >= 0; at--) {
    if (pieces[at] !== 'comma') continue;
    const next = at + 2;
    const goesOn = pieces[next] === 'comma' ? found.has(next) : isLast(next);
    if (isThing(at + 1) ? goesOn : isLast(at + 1)) found.add(at);
  }
  return found;
}

/** What waits for the subject it belongs to. */
interface Pending {
  readonly colours: readonly ColourId[];
  /** Colours that the subject is not to have. */
  readonly not: readonly ColourId[];
  readonly count?: number;
  readonly scale?: number;
  /** The colour is that of the hair, if a person follows. */
  readonly hair?: true;
}

const nothing: Pending = { colours: [], not: [] };

class Reader {
  readonly #subjects: Subject[] = [];
  readonly #refused = new Set<string>();
  readonly #without = new Set<Refusable>();
  /** "not a blue car": other cars may stay. */
  readonly #refusedColours: { readonly id: SubjectId; readonly colours: readonly ColourId[] }[] = [];
  /** "the boat is not red". */
  readonly #avoided = new Map<Subject, readonly ColourId[]>();
  readonly #moment: {
    time?: Time;
    weather?: Weather;
    season?: Season;
    style?: StyleId;
    feeling?: MoodId;
    mood?: ColourId;
  } = {};
  readonly #negation = new Negation();
  #pending = nothing;
  #last: Subject | undefined;
  /** "not a cat but …": what follows is wanted, even under the name of what was refused. */
  #contrasted = false;
  #isAfterAnd = false;

  /** Things are being refused, and more may follow. */
  get isListing(): boolean {
    return this.#negation.hasThing;
  }

  take(meanings: readonly Meaning[], plural: boolean): void {
    if (this.#isAfterAnd && meanings.some(({ kind }) => kind === 'article' || kind === 'count')) this.#beginAnew();
    this.#isAfterAnd = meanings.some(({ kind }) => kind === 'and');
    if (meanings.some(isNamed) && this.#negation.refusesThing()) {
      this.refuse(meanings.filter(isNamed));
      return;
    }
    for (const meaning of meanings) {
      if (meaning.kind === 'subject') this.#subject(meaning.id, plural);
      else if (meaning.kind === 'colour') this.#colour(meaning.id);
      else if (meaning.kind === 'count' || meaning.kind === 'scale') this.#measure(meaning);
      else if (meaning.kind === 'part') this.#part();
      else if (meaning.kind === 'hair') this.#hair(meaning.of);
      else if (meaning.kind === 'without') this.refuse([{ kind: 'subject', id: meaning.id }]);
      else if (meaning.kind === 'time') this.#moment.time ??= meaning.id;
      else if (meaning.kind === 'weather') this.#moment.weather ??= meaning.id;
      else if (meaning.kind === 'season') this.#moment.season ??= meaning.id;
      else if (meaning.kind === 'style') this.#moment.style ??= meaning.id;
      else if (meaning.kind === 'feeling') this.#moment.feeling ??= meaning.id;
      else if (meaning.kind !== 'other') this.#connect(meaning);
    }
  }

  /** Passes over a word nobody knows. */
  pass(): void {
    this.#isAfterAnd = false;
    this.#negation.pass();
  }

  /** Refuses what a word stands for: of several meanings the thing ("starlit"), else the weather ("snowy"). */
  refuse(meanings: readonly Meaning[]): void {
    const { not } = this.#pending;
    this.#pending = { ...this.#pending, not: [] };
    const kind = (['subject', 'weather'] as const).find((first) => meanings.some((meaning) => meaning.kind === first));
    for (const meaning of meanings) {
      if (kind && meaning.kind !== kind) continue;
      if (meaning.kind === 'subject' && not.length > 0) this.#refusedColours.push({ id: meaning.id, colours: not });
      else if ('id' in meaning && meaning.kind !== 'without') this.#refused.add(meaning.id);
      if (isSeen(meaning)) this.#without.add(meaning.id);
    }
  }

  endPhrase(): void {
    this.endItem();
    this.#negation.end();
    this.#contrasted = false;
  }

  /** "不要太阳、云和星星": what is not wanted goes on. */
  endItem(): void {
    this.#placeColours();
    this.#last = undefined;
    this.#isAfterAnd = false;
    this.#negation.continueList();
  }

  /** "no clouds and a house": the house is wanted; but "don't draw a cat and a dog". */
  #beginAnew(): void {
    if (!this.#negation.kind || this.#negation.kind === 'unwanted') return;
    this.#placeColours();
    this.#negation.end();
  }

  reading(): Reading {
    const { time, weather, season, style, feeling, mood } = this.#moment;
    const wanted = <T extends string>(id: T | undefined) => (id && !this.#refused.has(id) ? id : undefined);
    const subjects = this.#subjects.filter((subject) => this.#isWanted(subject));
    for (const [subject, colours] of this.#avoided) {
      if (!subject.colour || colours.includes(subject.colour))
        subject.colour = otherColours.find((colour) => !colours.includes(colour)) ?? otherColours[0];
    }
    const without = [...this.#without].filter((refused) => !subjects.some(({ id }) => id === refused));
    return {
      subjects,
      ...(without.length > 0 && { without }),
      ...(wanted(time) && { time }),
      ...(wanted(weather) && { weather }),
      ...(wanted(season) && { season }),
      ...(wanted(style) && { style }),
      ...(wanted(feeling) && { feeling }),
      ...(wanted(mood) && { mood }),
    };
  }

  #isWanted({ id, colour }: Subject): boolean {
    if (this.#refused.has(id)) return false;
    return !this.#refusedColours.some((refused) => refused.id === id && (!colour || refused.colours.includes(colour)));
  }

  #subject(id: SubjectId, plural: boolean): void {
    const { colours, not, count, scale, hair } = this.#pending;
    this.#pending = nothing;
    const [colour, accent] = hair && people.has(id) ? [undefined, colours[0]] : colours;
    // "a red car and a blue car" are two; "a red boat, the boat …" is one.
    const known = this.#subjects.filter((subject) => subject.id === id);
    const same = known.find((one) => !colour || !one.colour || one.colour === colour);
    const subject = same ?? { id };
    if (!same) this.#subjects.push(subject);
    if (this.#contrasted) this.#refused.delete(id);
    if (colour) subject.colour ??= colour;
    if (accent) subject.accent ??= accent;
    if (count) subject.count ??= count;
    if (plural && !subject.count) subject.plural = true;
    if (scale) subject.scale ??= scale;
    if (not.length > 0) this.#avoided.set(subject, not);
    this.#last = subject;
  }

  #colour(id: ColourId): void {
    const { colours, not } = this.#pending;
    if (this.#negation.refusesAttribute()) this.#pending = { ...this.#pending, not: [...new Set([...not, id])] };
    // A thing has a colour and an accent.
    else if (colours.length < 2) this.#pending = { ...this.#pending, colours: [...colours, id] };
  }

  #measure({ kind, ...value }: Measure): void {
    if (!this.#negation.refusesAttribute()) this.#pending = { ...this.#pending, ...value };
  }

  /** "with red sails": the colour goes to a part of the last subject. */
  #part(): void {
    if (this.#negation.kind) this.#negation.pass();
    const [colour] = this.#pending.colours;
    if (this.#last && colour) {
      this.#last.accent ??= colour;
      this.#pending = nothing;
    }
  }

  /** "with red hair": the last person's; "red-haired": the next one's. */
  #hair(of: keyof typeof hairWords): void {
    if (of === 'last' && this.#last && people.has(this.#last.id)) this.#part();
    else this.#pending = { ...this.#pending, hair: true };
  }

  #connect(meaning: Connection): void {
    if (meaning.kind === 'not') this.#negation.begin(meaning.not);
    else if (meaning.kind === 'do') this.#negation.endAtInstruction();
    else if (meaning.kind === 'attribute') this.#negation.endAtAttribute();
    else if (meaning.kind === 'or') this.#negation.continueList();
    else if (meaning.kind === 'and') this.#and();
    else if (meaning.kind === 'place') this.#placeColours();
    else if (meaning.kind === 'preposition') {
      this.#placeColours();
      this.#negation.endAtPreposition();
    } else if (meaning.kind === 'but' && this.#negation.isInPhrase) {
      this.#placeColours();
      this.#negation.end();
      this.#contrasted = true;
    }
  }

  #and(): void {
    if (this.#negation.endsAtAnd) this.#beginAnew();
    else this.#negation.continueList();
  }

  /** Colours with no subject after them: the last subject's ("the boat is red"), or the mood of the whole picture. */
  #placeColours(): void {
    const {
      colours: [colour, accent],
      not,
    } = this.#pending;
    this.#pending = nothing;
    // "without a red collar" says nothing about the cat.
    const owner = this.#last ?? this.#subjects.at(-1);
    if (owner && not.length > 0 && this.#negation.kind !== 'lacking') this.#avoided.set(owner, not);
    else for (const id of not) this.#refused.add(id);
    if (!colour) return;
    if (this.#last && !this.#last.colour) Object.assign(this.#last, { colour, ...(accent && { accent }) });
    else this.#moment.mood ??= colour;
  }
}
