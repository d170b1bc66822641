// What was understood of a prompt.

import type { ColourId } from '../data/colours.ts';
import type { Season, Time, Weather } from '../data/moments.ts';
import type { MoodId } from '../data/moods.ts';
import type { StyleId } from '../data/styles.ts';
import type { SubjectId } from '../data/subjects.ts';

/** Something to draw, with what the prompt says about it. */
export interface Subject {
  readonly id: SubjectId;
  /** `#rrggbb`; absent = the subject's usual colour. */
  colour?: ColourId;
  /** A second colour, for sails, roofs, stripes. */
  accent?: ColourId;
  /** How many, 1–9; absent = what suits the subject. */
  count?: number;
  /** More than one, without a number. */
  plural?: true;
  /** 1 = the usual size. */
  scale?: number;
}

/** What a prompt can refuse, and the drawing might else add of its own accord. */
export type Refusable = SubjectId | Time | Weather | Season;

/** A prompt as far as it was understood. */
export interface Reading {
  /** A thing may stand here several times, in different colours. */
  readonly subjects: readonly Subject[];
  /** What must not be seen; absent = nothing is refused. */
  readonly without?: readonly Refusable[];
  readonly time?: Time;
  readonly weather?: Weather;
  readonly season?: Season;
  /** How it is to be rendered. */
  readonly style?: StyleId;
  /** How it is to feel. */
  readonly feeling?: MoodId;
  /** A colour that belongs to nothing in particular: it tints the whole picture. */
  readonly mood?: ColourId;
}
