// What each word stands for that sketch knows, of either language.

import { type ColourId, colours } from '../data/colours.ts';
import {
  affirmativeWords,
  andWords,
  articleWords,
  attributeWords,
  butWords,
  countWords,
  doWords,
  fillerWords,
  type NotKind,
  notWords,
  orWords,
  placeWords,
  prepositions,
  scaleWords,
} from '../data/grammar.ts';
import { type Season, seasonWords, type Time, timeWords, type Weather, weatherWords } from '../data/moments.ts';
import { type MoodId, moods } from '../data/moods.ts';
import { type StyleId, styles } from '../data/styles.ts';
import { hairWords, otherWords, partWords, type SubjectId, subjectWords, withoutWords } from '../data/subjects.ts';
import { type Found, Lexicon } from './lexicon.ts';

/** What a known word stands for. */
export type Meaning =
  | { readonly kind: 'subject'; readonly id: SubjectId }
  | { readonly kind: 'colour'; readonly id: ColourId }
  | { readonly kind: 'time'; readonly id: Time }
  | { readonly kind: 'weather'; readonly id: Weather }
  | { readonly kind: 'season'; readonly id: Season }
  | { readonly kind: 'style'; readonly id: StyleId }
  | { readonly kind: 'feeling'; readonly id: MoodId }
  | { readonly kind: 'count'; readonly count: number }
  | { readonly kind: 'scale'; readonly scale: number }
  /** Something that cannot be drawn, though its words alone could: "hot dog". */
  | { readonly kind: 'other' }
  | { readonly kind: 'part' }
  | { readonly kind: 'hair'; readonly of: keyof typeof hairWords }
  | { readonly kind: 'place' }
  | { readonly kind: 'preposition' }
  | { readonly kind: 'not'; readonly not: NotKind }
  | { readonly kind: 'without'; readonly id: SubjectId }
  | { readonly kind: 'but' }
  | { readonly kind: 'do' }
  | { readonly kind: 'attribute' }
  | { readonly kind: 'and' }
  | { readonly kind: 'or' }
  | { readonly kind: 'article' }
  | { readonly kind: 'filler' }
  | { readonly kind: 'affirmative' };

/** Every word that is known. */
export const lexicon = buildLexicon();

/** One thing, and what is said of it: 白马, 骑马, but neither 河马 nor 上海. */
function isMadeOf(parts: readonly Found<Meaning>[]): boolean {
  const having = (wanted: Meaning['kind']) =>
    parts.filter(({ meanings }) => meanings.some(({ kind }) => kind === wanted));
  const isPlaceFirst = parts.length > 1 && having('place')[0] === parts[0];
  return having('subject').length <= 1 && !isPlaceFirst;
}

function buildLexicon(): Lexicon<Meaning> {
  const words = new Lexicon<Meaning>(isMadeOf);
  const addAll = <Id extends string>(table: Readonly<Partial<Record<Id, string>>>, meaning: (id: Id) => Meaning) => {
    for (const id of Object.keys(table) as Id[]) words.add(table[id] ?? '', meaning(id));
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
  addAll(hairWords, (of) => ({ kind: 'hair', of }));
  addAll(notWords, (not) => ({ kind: 'not', not }));
  addAll(withoutWords, (id) => ({ kind: 'without', id }));
  return words
    .add(otherWords, { kind: 'other' })
    .add(partWords, { kind: 'part' })
    .add(prepositions, { kind: 'preposition' })
    .add(placeWords, { kind: 'place' })
    .add(butWords, { kind: 'but' })
    .add(doWords, { kind: 'do' })
    .add(attributeWords, { kind: 'attribute' })
    .add(andWords, { kind: 'and' })
    .add(orWords, { kind: 'or' })
    .add(articleWords, { kind: 'article' })
    .add(fillerWords, { kind: 'filler' })
    .add(affirmativeWords, { kind: 'affirmative' });
}
