// What the words of an edit do to the colours of a picture.

import { type ColourId, colours } from '../data/colours.ts';
import { type Look, momentLooks, namedLooks } from '../data/looks.ts';
import { type Season, seasonWords, type Time, timeWords, type Weather, weatherWords } from '../data/moments.ts';
import { type MoodId, moods } from '../data/moods.ts';
import { blurred } from '../pixels/blur.ts';
import { type Pixels, shorterSide } from '../pixels/pixels.ts';
import { mapColours, mapOf, tint } from '../pixels/tone.ts';
import { Lexicon } from '../read/lexicon.ts';

const lexicon = buildLexicon();

/** The looks a prompt asks for, in its order, each once: `["night"]`, `["blue", "darker"]`. */
export function readLooks(prompt: string): string[] {
  const found = lexicon.read(prompt).flatMap((piece) => (typeof piece === 'object' ? piece.meanings.slice(0, 1) : []));
  return [...new Set(found)];
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

function buildLexicon(): Lexicon<string> {
  const words = new Lexicon<string>();
  for (const table of [namedLooks, moods, colours]) {
    for (const [id, { words: list }] of Object.entries(table)) words.add(list, id);
  }
  for (const [id, list] of Object.entries({ ...timeWords, ...weatherWords, ...seasonWords })) {
    if (id in momentLooks) words.add(list, id);
  }
  return words;
}
