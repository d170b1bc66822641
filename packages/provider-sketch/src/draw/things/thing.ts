// What a thing is to the drawing. Each is drawn about 100 units tall on the point (0, 0), upwards is negative.

import type { Random } from '../brush/random.ts';
import type { Stage } from '../stage.ts';

/** The colours and chance that one thing is drawn with; colours are `#rrggbb` and already in the light of the scene. */
export interface Brush {
  readonly stage: Stage;
  readonly random: Random;
  /** The colour the prompt gives it. */
  readonly colour?: string;
  /** The second colour the prompt gives it. */
  readonly accent?: string;
}

/** One kind of thing. */
export interface Thing {
  /** Where it stands. */
  readonly place: 'water' | 'land' | 'air';
  /** How tall it usually is, in units of the sheet. */
  readonly tall: number;
  /** Half its width, in units of its own drawing. */
  readonly half: number;
  /** How many there are when the prompt does not say. */
  readonly usual?: number;
  /** The thing, standing on (0, 0). */
  draw(brush: Brush): string;
}
