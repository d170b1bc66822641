// Reads a prompt: which subjects, their colours, how many, what time of day and weather. Grammar is kept to what a caption
// needs: adjectives go to the next subject of the same phrase, or to the last one ("the boat is red").

import { type ColourId, colours } from '../data/colours.ts';
import { countWords, notWords, scaleWords, stopWords } from '../data/grammar.ts';
import { type Season, seasonWords, type Time, timeWords, type Weather, weatherWords } from '../data/moments.ts';
import { type MoodId, moods } from '../data/moods.ts';
import { type StyleId, styles } from '../data/styles.ts';
import { partWords, type SubjectId, subjectWords } from '../data/subjects.ts';
import { Lexicon } from './lexicon.ts';
import type { Reading, Subject } from './reading.ts';

type Meaning =
  | { readonly kind: 'subject'; readonly id: SubjectId }
  | { readonly kind: 'colour'; readonly id: ColourId }
  | { readonly kind: 'time'; readonly id: Time }
  | { readonly kind: 'weather'; readonly id: Weather }
  | { readonly kind: 'season'; readonly id: Season }
  | { readonly kind: 'style'; readonly id: StyleId }
  | { readonly kind: 'feeling'; readonly id: MoodId }
  | { readonly kind: 'count'; readonly count: number }
  | { readonly kind: 'scale'; readonly scale: number }
  | { readonly kind: 'part' }
  | { readonly kind: 'stop' }
  | { readonly kind: 'not' };

const lexicon = buildLexicon();

/**
 * What can be drawn of a prompt, in English or Chinese. Words nobody knows are passed over; subjects, weather and times named in
 * `negativePrompt`, or after "no" and "without", are left out.
 */
export function readPrompt(prompt: string, negativePrompt = ''): Reading {
  const reader = new Reader();
  for (const piece of lexicon.read(prompt)) {
    if (piece === 'stop') reader.endPhrase();
    else if (piece !== 'unknown') reader.take(piece.meanings, piece.plural);
  }
  reader.endPhrase();
  for (const piece of lexicon.read(negativePrompt)) {
    if (typeof piece === 'object') reader.refuse(piece.meanings);
  }
  return reader.reading();
}

class Reader {
  readonly #subjects: Subject[] = [];
  readonly #refused = new Set<string>();
  readonly #moment: {
    time?: Time;
    weather?: Weather;
    season?: Season;
    style?: StyleId;
    feeling?: MoodId;
    mood?: ColourId;
  } = {};
  #pending: { colours: ColourId[]; count?: number; scale?: number } = { colours: [] };
  #last: Subject | undefined;
  #refusing = false;

  take(meanings: readonly Meaning[], plural: boolean): void {
    if (this.#refusing && meanings.some(({ kind }) => kind === 'subject' || kind === 'time' || kind === 'weather')) {
      this.refuse(meanings);
      return;
    }
    for (const meaning of meanings) {
      if (meaning.kind === 'subject') this.#subject(meaning.id, plural);
      else if (meaning.kind === 'colour') this.#pending.colours.push(meaning.id);
      else if (meaning.kind === 'count') this.#pending.count = meaning.count;
      else if (meaning.kind === 'scale') this.#pending.scale = meaning.scale;
      else if (meaning.kind === 'part') this.#part();
      else if (meaning.kind === 'stop') this.#settle();
      else if (meaning.kind === 'not') this.#refusing = true;
      else if (meaning.kind === 'time') this.#moment.time ??= meaning.id;
      else if (meaning.kind === 'weather') this.#moment.weather ??= meaning.id;
      else if (meaning.kind === 'season') this.#moment.season ??= meaning.id;
      else if (meaning.kind === 'style') this.#moment.style ??= meaning.id;
      else this.#moment.feeling ??= meaning.id;
    }
  }

  refuse(meanings: readonly Meaning[]): void {
    for (const meaning of meanings) if ('id' in meaning) this.#refused.add(meaning.id);
  }

  endPhrase(): void {
    this.#settle();
    this.#refusing = false;
    this.#last = undefined;
  }

  reading(): Reading {
    const { time, weather, season, style, feeling, mood } = this.#moment;
    const wanted = <T extends string>(id: T | undefined) => (id && !this.#refused.has(id) ? id : undefined);
    return {
      subjects: this.#subjects.filter(({ id }) => !this.#refused.has(id)),
      ...(wanted(time) && { time }),
      ...(wanted(weather) && { weather }),
      ...(wanted(season) && { season }),
      ...(wanted(style) && { style }),
      ...(wanted(feeling) && { feeling }),
      ...(wanted(mood) && { mood }),
    };
  }

  #subject(id: SubjectId, plural: boolean): void {
    const {
      colours: [colour, accent],
      count,
      scale,
    } = this.#pending;
    this.#pending = { colours: [] };
    const known = this.#subjects.find((subject) => subject.id === id);
    const subject = known ?? { id };
    if (!known) this.#subjects.push(subject);
    if (colour) subject.colour ??= colour;
    if (accent) subject.accent ??= accent;
    if (count) subject.count ??= count;
    if (plural && !subject.count) subject.plural = true;
    if (scale) subject.scale ??= scale;
    this.#last = subject;
  }

  /** "with red sails": the colour goes to a part of the last subject. */
  #part(): void {
    const [colour] = this.#pending.colours;
    if (this.#last && colour) {
      this.#last.accent ??= colour;
      this.#pending = { colours: [] };
    }
  }

  /** Colours with no subject after them: the last subject's ("the boat is red"), or the mood of the whole picture. */
  #settle(): void {
    const [colour, accent] = this.#pending.colours;
    this.#pending = { colours: [] };
    if (!colour) return;
    if (this.#last && !this.#last.colour) Object.assign(this.#last, { colour, ...(accent && { accent }) });
    else this.#moment.mood ??= colour;
  }
}

function buildLexicon(): Lexicon<Meaning> {
  const words = new Lexicon<Meaning>();
  const addAll = <Id extends string>(table: Readonly<Record<Id, string>>, meaning: (id: Id) => Meaning) => {
    for (const id of Object.keys(table) as Id[]) words.add(table[id], meaning(id));
  };
  addAll(subjectWords, (id) => ({ kind: 'subject', id }));
  addAll(timeWords, (id) => ({ kind: 'time', id }));
  addAll(weatherWords, (id) => ({ kind: 'weather', id }));
  addAll(seasonWords, (id) => ({ kind: 'season', id }));
  for (const id of Object.keys(styles) as StyleId[]) words.add(styles[id].words, { kind: 'style', id });
  for (const id of Object.keys(moods) as MoodId[]) words.add(moods[id].words, { kind: 'feeling', id });
  for (const id of Object.keys(colours) as ColourId[]) words.add(colours[id].words, { kind: 'colour', id });
  for (const [count, list] of Object.entries(countWords)) words.add(list, { kind: 'count', count: Number(count) });
  for (const [scale, list] of scaleWords) words.add(list, { kind: 'scale', scale });
  return words.add(partWords, { kind: 'part' }).add(stopWords, { kind: 'stop' }).add(notWords, { kind: 'not' });
}
