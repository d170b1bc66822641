// `edit`: what can be done to a picture without knowing what is on it. Its colours, light and sharpness change; weather and
// things are drawn over it; it is rendered again in a style.

import { ImageError } from '@anyimage/core';
import { type ColourId, colours } from '../data/colours.ts';
import { type StyleId, styleOf, styles } from '../data/styles.ts';
import { asDrawn } from '../draw/drawn.ts';
import { composeOverlay } from '../draw/scene.ts';
import { isDrawn } from '../draw/things/index.ts';
import { applyEffects } from '../effects/index.ts';
import { copyOf, type Pixels } from '../pixels/pixels.ts';
import { recolourVivid } from '../pixels/tone.ts';
import { readPrompt } from '../read/read-prompt.ts';
import type { Reading } from '../read/reading.ts';
import { renderPixels } from '../render.ts';
import { blend, layOver } from './layers.ts';
import { allLooks, applyLook, isLess, readLooks } from './looks.ts';

/** How a picture is to be changed. */
export interface EditOrder {
  readonly prompt: string;
  readonly style?: StyleId | undefined;
  /** 0–1: how far to go. */
  readonly strength: number;
  readonly seed: number;
}

/** What was done. */
export interface Edited {
  readonly pixels: Pixels;
  readonly looks: readonly string[];
  readonly added: Reading;
  readonly style: StyleId;
}

/** Weather that is seen in the air, beside its light. */
const seen: ReadonlySet<string> = new Set(['rain', 'storm', 'snow', 'fog']);

/** Edits a picture and keeps its size. Throws `unsupported` if the prompt names nothing that can be done. */
export async function edit(original: Pixels, order: EditOrder, signal: AbortSignal): Promise<Edited> {
  const reading = asDrawn(readPrompt(order.prompt));
  const style = order.style ?? reading.style ?? 'natural';
  const drawn = reading.subjects.filter(isDrawn);
  const asked = readLooks(order.prompt);
  // "paint the red boat blue" speaks of the boat that is there; the last colour is what it becomes.
  const isThere = drawn.length > 0 && isAboutWhatIsThere(order.prompt);
  const recoloured = isThere ? asked.filter((look): look is ColourId => look in colours).slice(-1) : [];
  const isRecoloured = recoloured.length > 0 || (isThere && asked.some(isLess));
  const subjects = isRecoloured ? drawn.filter(({ colour }) => !colour) : drawn;
  const own = new Set<string | undefined>(drawn.flatMap(({ colour, accent }) => [colour, accent]));
  const looks = asked.filter((look) => !own.has(look) && !(isThere && look in colours));
  const changes = looks.length + recoloured.length + subjects.length;
  if (changes === 0 && style === 'natural') throw refusal(order.prompt);
  const coloured = recoloured.reduce((pixels, colour) => recolourVivid(pixels, colours[colour].hex), copyOf(original));
  let pixels = looks.reduce(applyLook, coloured);
  const added: Reading = {
    subjects,
    ...(reading.weather && seen.has(reading.weather) && { weather: reading.weather }),
  };
  if (added.subjects.length > 0 || added.weather) {
    const { width, height } = original;
    const time = reading.time ?? 'day';
    const { prompt, seed } = order;
    const overlay = composeOverlay({ prompt, reading: added, width, height, seed, time, style: 'natural' });
    layOver(pixels, await renderPixels(overlay, signal));
  }
  pixels = applyEffects(pixels, styleOf(style).effects);
  return { pixels: blend(original, pixels, order.strength), looks: [...recoloured, ...looks], added, style };
}

/** Whether a prompt asks to colour what is on the picture, and not to add it. */
export function isAboutWhatIsThere(prompt: string): boolean {
  return /\b(?:make|turn|paint|re?-?colou?r|dye|change)\b[^.,;]*\b(?:the|its|this|that|my)\b|[把将让]/i.test(prompt);
}

function refusal(prompt: string): ImageError {
  const own = Object.keys(styles).filter((style) => style !== 'natural');
  return new ImageError(
    'unsupported',
    `sketch cannot see what is on a picture, and the prompt names no colour, light, weather, thing it could add, or style that it knows: ${own.join(', ')}`,
    {
      details: { option: 'prompt', asked: prompt, allowed: [...allLooks(), ...Object.keys(styles)] },
      hint: 'Ask for a colour, a time of day, a season, one of these styles, "blurred" or "add a balloon"; to remove something give a mask. For anything else, other styles among it, name a model that sees pictures, or auto.',
    },
  );
}
