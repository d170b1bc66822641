// Decides, by the prompt and the seed, what every part of the drawing knows.

import type { Time, Weather } from '../data/moments.ts';
import { type Palette, palettes, seasonColours } from '../data/palettes.ts';
import { type StyleId, styleOf } from '../data/styles.ts';
import type { SubjectId } from '../data/subjects.ts';
import type { Reading, Refusable } from '../read/reading.ts';
import { lighten, lightness, mix, tinted } from './brush/colour.ts';
import type { Random } from './brush/random.ts';
import { Definitions } from './brush/svg.ts';
import { type Ground, hexOf, type Stage } from './stage.ts';
import { isPerson, things } from './things/index.ts';

/** What the caller may fix; the rest is chosen by the seed. */
export interface Wishes {
  readonly time?: Time;
  /** From the top, 0–1. */
  readonly horizon?: number;
  readonly style?: StyleId;
}

/** Decides everything that the parts of the drawing share. */
export function setStage(reading: Reading, wishes: Wishes, width: number, height: number, random: Random): Stage {
  const has = (...ids: SubjectId[]) => ids.some((id) => reading.subjects.some((subject) => subject.id === id));
  const refuses = (id: Refusable) => reading.without?.includes(id) ?? false;
  const time = wishes.time ?? reading.time ?? guessTime(reading, random, has, refuses);
  const weather = reading.weather ?? (refuses('clear') ? 'cloudy' : 'clear');
  const warm = random.pick(unlessRefused(['spring', 'summer', 'summer', 'summer'], refuses, 'autumn'));
  const season = reading.season ?? (has('snowman', 'penguin') && !refuses('winter') ? 'winter' : warm);
  const style = styleOf(wishes.style ?? reading.style ?? 'natural');
  const ground = chooseGround(reading, has, random, refuses);
  const colourOf = (id: SubjectId) => hexOf(reading.subjects.find((subject) => subject.id === id)?.colour);
  const air = inWeather(inMood(random.pick(palettes[time]), colourOf('sky') ?? hexOf(reading.mood)), weather, time);
  // No air, no veil: in space things keep their own colours.
  const palette = ground === 'space' ? { ...air, lightShare: 0.05 } : air;
  const left = random.chance(0.5);
  const share = wishes.horizon ?? random.between(...horizonOf[ground]);
  const low = time !== 'day' && time !== 'night';
  const horizon = height * share;
  const luminary = time === 'night' || (has('moon') && !has('sun')) ? 'moon' : 'sun';
  return {
    width,
    height,
    horizon,
    ground,
    disc: {
      x: width * (left ? random.between(0.58, 0.72) : random.between(0.28, 0.42)),
      y: low ? horizon - Math.min(horizon * 0.6, random.between(70, 170)) : horizon * random.between(0.24, 0.4),
    },
    ...(!refuses(luminary) && { luminary }),
    focus: width * (left ? random.between(0.3, 0.4) : random.between(0.6, 0.7)),
    time,
    weather,
    season,
    palette,
    ...seasonColours[season],
    random,
    style,
    crowded: reading.subjects.some(({ id }) => things[id]),
    definitions: new Definitions(style.bands),
    subject: (id) => reading.subjects.find((subject) => subject.id === id),
    refuses,
    colourOf,
    accentOf: (id) => hexOf(reading.subjects.find((subject) => subject.id === id)?.accent),
    // Bright things take on more of the light than dark ones: black stays black.
    lit: (colour) => mix(colour, palette.light, palette.lightShare * (0.5 + 0.5 * lightness(colour))),
  };
}

const horizonOf: Readonly<Record<Ground, readonly [number, number]>> = {
  water: [0.54, 0.6],
  river: [0.5, 0.56],
  meadow: [0.58, 0.66],
  desert: [0.54, 0.62],
  forest: [0.6, 0.68],
  space: [0.74, 0.8],
  abstract: [0.6, 0.68],
};

type Has = (...ids: SubjectId[]) => boolean;
type Refuses = (id: Refusable) => boolean;

function guessTime(reading: Reading, random: Random, has: Has, refuses: Refuses): Time {
  const night = has('moon', 'stars', 'aurora', 'space', 'planet', 'rocket', 'ufo', 'owl');
  if (night && !refuses('night')) return 'night';
  if ((has('rainbow') || reading.weather || reading.season === 'winter') && !refuses('day')) return 'day';
  if (has('lighthouse', 'tent') && random.chance(0.6) && !refuses('dusk')) return 'dusk';
  return random.pick(unlessRefused(['day', 'day', 'day', 'dawn', 'sunset'], refuses, 'dusk'));
}

/** The choices that the prompt leaves; never none. */
function unlessRefused<Choice extends Refusable>(list: readonly Choice[], refuses: Refuses, or: Choice): Choice[] {
  const left = list.filter((choice) => !refuses(choice));
  return left.length > 0 ? left : [or];
}

/** Which ground a subject asks for; of several the first of this list decides. */
const groundOf: readonly (readonly [Ground, readonly SubjectId[]])[] = [
  ['space', ['space', 'planet']],
  ['water', ['sea', 'lake', 'sailboat', 'boat', 'paperboat', 'whale', 'dolphin', 'swan']],
  ['river', ['river']],
  ['desert', ['desert', 'cactus', 'camel']],
  ['water', ['palm', 'lighthouse']],
  ['forest', ['forest']],
];

/** What must not be refused for a ground to be chosen of its own accord. */
const madeOf = {
  water: ['sea', 'lake'],
  river: ['river'],
  meadow: ['field'],
  forest: ['forest', 'tree'],
} as const satisfies { readonly [ground in Ground]?: readonly SubjectId[] };

function chooseGround(reading: Reading, has: Has, random: Random, refuses: Refuses): Ground {
  const free = (ground: keyof typeof madeOf) => !madeOf[ground].some(refuses);
  const pick = (list: readonly (keyof typeof madeOf)[]) => random.pick(list.some(free) ? list.filter(free) : list);
  for (const [ground, ids] of groundOf) if (has(...ids)) return ground;
  if (has('rocket', 'ufo') && !has('city', 'mountain', 'field', 'hill')) return 'space';
  if (
    has('deer', 'bear', 'fox', 'owl', 'mushroom') &&
    !has('field', 'hill', 'mountain', 'house', 'city') &&
    free('forest')
  )
    return 'forest';
  if (reading.subjects.some(({ id }) => things[id]?.place === 'land')) return 'meadow';
  if (has('city')) return 'water';
  if (has('mountain')) return pick(['water', 'meadow']);
  if (has('field', 'hill', 'flower', 'balloon', 'butterfly')) return 'meadow';
  const named =
    reading.subjects.some((subject) => !isPerson(subject)) || reading.time || reading.weather || reading.season;
  return named ? pick(['water', 'meadow', 'river', 'forest']) : 'abstract';
}

/** A colour named for the sky, or for nothing in particular, tints sky, water and distance. */
function inMood(palette: Palette, tint: string | undefined): Palette {
  if (!tint) return palette;
  const shift = (colour: string, share: number) => tinted(colour, tint, share);
  return {
    ...palette,
    sky: palette.sky.map((colour) => shift(colour, 0.66)),
    glow: shift(palette.glow, 0.4),
    cloudLight: shift(palette.cloudLight, 0.35),
    cloudShade: shift(palette.cloudShade, 0.55),
    haze: shift(palette.haze, 0.6),
    shade: shift(palette.shade, 0.4),
    water: [shift(palette.water[0], 0.6), shift(palette.water[1], 0.5)],
  };
}

/** How far each weather pulls the light towards its grey, and how light that grey is by day. */
const veils: Readonly<Record<Weather, { readonly share: number; readonly grey: string }>> = {
  clear: { share: 0, grey: '#ffffff' },
  cloudy: { share: 0.5, grey: '#aebac5' },
  rain: { share: 0.58, grey: '#8797a5' },
  storm: { share: 0.78, grey: '#475260' },
  snow: { share: 0.62, grey: '#ccd6df' },
  fog: { share: 0.66, grey: '#cfd4d5' },
};

const brightness: Readonly<Record<Time, number>> = { dawn: 0.12, day: 0, sunset: 0.22, dusk: 0.5, night: 0.76 };

function inWeather(palette: Palette, weather: Weather, time: Time): Palette {
  const { share, grey } = veils[weather];
  if (!share) return palette;
  const veil = mix(mix(grey, palette.haze, 0.18), palette.sky[0]!, brightness[time]);
  const dim = (colour: string, part = 1) => mix(colour, veil, share * part);
  return {
    ...palette,
    sky: palette.sky.map((colour, index) => dim(colour, 1.15 - (0.3 * index) / palette.sky.length)),
    glow: dim(palette.glow, 0.7),
    disc: dim(palette.disc, 0.4),
    cloudLight: dim(palette.cloudLight, 0.75),
    cloudShade: dim(palette.cloudShade),
    haze: weather === 'fog' ? lighten(dim(palette.haze), time === 'night' ? 0.04 : 0.15) : dim(palette.haze),
    shade: dim(palette.shade, 0.4),
    water: [dim(palette.water[0]), dim(palette.water[1], 0.6)],
    light: dim(palette.light),
    lightShare: Math.min(0.6, palette.lightShare + 0.08),
    lamps: Math.max(palette.lamps, weather === 'storm' ? 0.6 : weather === 'rain' || weather === 'fog' ? 0.35 : 0),
  };
}
