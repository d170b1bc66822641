// What every part of the drawing knows: the size of the sheet, the light, the prompt as understood.

import { type ColourId, colours } from '../data/colours.ts';
import type { Season, Time, Weather } from '../data/moments.ts';
import type { Palette } from '../data/palettes.ts';
import type { Style } from '../data/styles.ts';
import type { SubjectId } from '../data/subjects.ts';
import type { Refusable, Subject } from '../read/reading.ts';
import type { Random } from './brush/random.ts';
import type { Definitions } from './brush/svg.ts';

/** What the ground of the picture is. */
export type Ground = 'water' | 'river' | 'meadow' | 'desert' | 'forest' | 'space' | 'abstract';

/** The sheet, the light on it, and what is to be drawn. */
export interface Stage {
  /** Units; the shorter side is 1000. */
  readonly width: number;
  readonly height: number;
  /** Units from the top. */
  readonly horizon: number;
  readonly ground: Ground;
  /** Where the sun or moon stands. */
  readonly disc: { readonly x: number; readonly y: number };
  /** What stands there; absent = the prompt does not want it. */
  readonly luminary?: 'sun' | 'moon';
  /** Where the main subject stands, units from the left. */
  readonly focus: number;
  readonly time: Time;
  readonly weather: Weather;
  readonly season: Season;
  readonly palette: Palette;
  readonly leaves: readonly string[];
  readonly grass: string;
  readonly petals: readonly string[];
  readonly style: Style;
  /** Things stand in the scene, beside what belongs to sky and ground. */
  readonly crowded: boolean;
  readonly random: Random;
  readonly definitions: Definitions;
  subject(id: SubjectId): Subject | undefined;
  /** Whether the prompt says that it must not be seen. */
  refuses(id: Refusable): boolean;
  /** The colour the prompt gives a subject, as `#rrggbb`. */
  colourOf(id: SubjectId): string | undefined;
  /** Its second colour. */
  accentOf(id: SubjectId): string | undefined;
  /** A colour as it looks in this light. */
  lit(colour: string): string;
}

/** The value of a named colour. */
export function hexOf(id: ColourId | undefined): string | undefined {
  return id && colours[id].hex;
}
