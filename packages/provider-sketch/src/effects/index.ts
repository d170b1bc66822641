// Effects by name: what styles.ts refers to.

import type { Effect } from '../data/styles.ts';
import type { Pixels } from '../pixels/pixels.ts';
import { mapColours, mapOf } from '../pixels/tone.ts';
import { cells } from './cells.ts';
import { ink } from './ink.ts';
import { mount } from './mount.ts';
import { tones } from './tones.ts';
import { tubes } from './tubes.ts';
import { wash } from './wash.ts';

/** The picture after the effects, one after the other; the given pixels may be written over. */
export function applyEffects(pixels: Pixels, effects: readonly Effect[]): Pixels {
  return effects.reduce(applyEffect, pixels);
}

function applyEffect(pixels: Pixels, effect: Effect): Pixels {
  switch (effect.does) {
    case 'look':
      return mapColours(pixels, mapOf(effect.look));
    case 'tones':
      return tones(pixels, effect.count);
    case 'mount':
      return mount(pixels, effect);
    case 'wash':
      return wash(pixels, effect);
    case 'cells':
      return cells(pixels, effect);
    case 'ink':
      return ink(pixels, effect);
    case 'tubes':
      return tubes(pixels, effect);
  }
}
