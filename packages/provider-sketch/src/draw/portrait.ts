// Heads and shoulders in front of everything else, kept simple: flat shapes, calm features.

import type { Reading, Subject } from '../read/reading.ts';
import { darken, lighten, mix } from './brush/colour.ts';
import type { Random } from './brush/random.ts';
import { ellipse, group, path, place, rectangle } from './brush/svg.ts';
import { hexOf, type Stage } from './stage.ts';
import { isPerson } from './things/index.ts';

const skins = ['#f0c8a4', '#d9a07a', '#b87a52', '#8a5638', '#f4d6bd'];
const hairs = ['#2b2226', '#5a3826', '#8a4a2a', '#c8964f', '#3a3a48', '#b5b0aa'];
/** How wide shoulders are at scale 1, less what may overlap. */
const shoulders = 92;
/** How many stand beside each other, and how much higher than they the next row stands, at scale 1. */
const inRow = 3;
const riser = 58;
const cloths = ['#c8322f', '#2f6f8f', '#e0a030', '#3f7f5a', '#6f4a8f', '#e8dcc6'];

/** Shapes of hair: what lies behind the head, and what lies on it; three long ones, then a short one. */
const cuts = [
  {
    back: 'M-24 -64C-28 -92 -12 -102 2 -102C20 -102 28 -88 25 -62C24 -40 30 -28 27 -12C14 -6 -16 -6 -27 -12C-30 -30 -23 -44 -24 -64Z',
    front: 'M-19 -62C-20 -82 -10 -90 2 -90C16 -90 20 -78 19 -60C16 -68 12 -76 4 -80C-2 -74 -14 -74 -19 -62Z',
  },
  {
    back: 'M-20 -60C-24 -84 -14 -92 -6 -93C-10 -104 8 -106 8 -94C20 -92 24 -80 20 -60Z',
    front: 'M-18 -62C-20 -80 -10 -88 1 -88C13 -88 20 -78 18 -61C15 -72 8 -78 -1 -78C-10 -77 -15 -72 -18 -62Z',
  },
  {
    back: 'M-24 -50C-30 -80 -18 -96 2 -96C22 -96 30 -78 24 -50C22 -42 -22 -42 -24 -50Z',
    front:
      'M-19 -60C-21 -82 -10 -89 1 -89C14 -89 20 -80 19 -60C17 -66 16 -70 14 -73C4 -70 -8 -70 -14 -73C-16 -70 -18 -66 -19 -60Z',
  },
  {
    back: 'M-19 -64C-22 -84 -10 -94 3 -93C18 -92 22 -80 19 -62Z',
    front:
      'M-18 -64C-20 -84 -8 -92 4 -91C18 -90 21 -78 18 -64C16 -70 14 -76 10 -77C0 -74 -12 -78 -14 -72C-16 -70 -17 -68 -18 -64Z',
  },
] as const;

/** The people of the prompt side by side, as large as they fit, at the foot of the sheet. */
export function portrait(stage: Stage, { subjects }: Reading): string {
  const figures = subjects.filter(isPerson).flatMap((subject) => {
    return Array.from({ length: subject.count ?? (subject.plural ? 3 : 1) }, () => subject);
  });
  if (figures.length === 0) return '';
  const random = stage.random.branch();
  const { width, height, palette } = stage;
  const rows = Math.ceil(figures.length / inRow);
  const columns = Math.ceil(figures.length / rows);
  const cell = width / (columns + (rows > 1 ? 0.5 : 0));
  const alone = Math.min(width, height) / 118;
  const scale = columns === 1 ? alone : Math.min(alone, cell / shoulders);
  const drawn = figures.map((subject, index) => {
    const row = Math.floor(index / columns);
    const free = columns - Math.min(columns, figures.length - row * columns);
    // Those behind look over the shoulders of those in front.
    const x = cell * ((index % columns) + 0.5 + Math.floor(free / 2) + (row % 2 ? 0.5 : 0));
    return figure(stage, random, subject, x, height - row * scale * riser, scale);
  });
  return rectangle(0, 0, width, height, { fill: palette.shade, opacity: 0.12 }) + drawn.toReversed().join('');
}

/** One person; `colour` of the prompt is the clothes', the second the hair's. */
function figure(stage: Stage, random: Random, subject: Subject, x: number, y: number, usual: number): string {
  const { lit, palette, definitions } = stage;
  const own = random.pick(skins);
  // A face keeps some of its own colour in any light.
  const skin = mix(own, lit(own), 0.5);
  const hair = lit(hexOf(subject.accent) ?? random.pick(hairs));
  const cloth = lit(hexOf(subject.colour) ?? random.pick(cloths));
  const cut = random.pick(subject.id === 'woman' ? cuts.slice(0, 3) : subject.id === 'man' ? cuts.slice(3) : cuts);
  const scale = usual * Math.min(1.1, subject.scale ?? 1);
  const below = (stage.height - y) / scale;
  const trunk = below > 0 ? rectangle(-50, 5, 100, below, { fill: darken(cloth, 0.32) }) : '';
  const shade = darken(skin, 0.2);
  const features = darken(skin, 0.62);
  const body = definitions.between(-40, 4, [
    [0, lighten(cloth, 0.1)],
    [1, darken(cloth, 0.32)],
  ]);
  const side = definitions.linear(
    [
      [0, '#ffffff', 0.16],
      [0.5, '#ffffff', 0],
      [1, palette.shade, 0.35],
    ],
    'across',
  );
  const lines = { fill: 'none', stroke: features, 'stroke-linecap': 'round' } as const;
  const drawn = [
    path(cut.back, { fill: darken(hair, 0.22) }),
    path('M-8 -48H8L9 -30Q0 -22 -9 -30Z', { fill: shade }),
    path('M-50 6C-50 -18 -34 -27 -12 -31Q0 -20 12 -31C34 -27 50 -18 50 6Z', { fill: body }) + trunk,
    path('M-12 -31Q0 -20 12 -31L15 -30Q0 -14 -15 -30Z', { fill: darken(cloth, 0.28) }),
    ellipse(-17.5, -60, 3.6, { fill: shade }, 5) + ellipse(17.5, -60, 3.6, { fill: shade }, 5),
    path('M-17.500 -66C-18 -84 18 -84 17.500 -66C18 -52 10 -39 0 -38.500C-10 -39 -18 -52 -17.500 -66Z', { fill: skin }),
    path('M-17.500 -66C-18 -84 18 -84 17.500 -66C18 -52 10 -39 0 -38.500C-10 -39 -18 -52 -17.500 -66Z', { fill: side }),
    ellipse(-10, -54, 4.4, { fill: '#e0705f', opacity: 0.28 }, 3) +
      ellipse(10, -54, 4.4, { fill: '#e0705f', opacity: 0.28 }, 3),
    ellipse(-7.4, -63, 3.3, { fill: '#fbf6ee' }, 2.2) + ellipse(7.4, -63, 3.3, { fill: '#fbf6ee' }, 2.2),
    ellipse(-7, -63, 1.9, { fill: darken(hair, 0.5) }, 2.1) + ellipse(7.8, -63, 1.9, { fill: darken(hair, 0.5) }, 2.1),
    path('M-11 -64.500Q-7.500 -67 -4 -64.500M4 -64.500Q7.500 -67 11 -64.500', { ...lines, 'stroke-width': 0.9 }),
    path('M-11.500 -69Q-7.500 -71.500 -3.800 -69.500M3.800 -69.500Q7.500 -71.500 11.500 -69', {
      ...lines,
      stroke: darken(hair, 0.2),
      'stroke-width': 1.2,
    }),
    path('M0.500 -61Q2.600 -56 1.800 -54.500Q0.600 -53.400 -1.200 -54', {
      ...lines,
      'stroke-width': 0.7,
      opacity: 0.6,
    }),
    path('M-5 -48.200Q-2 -49.400 0 -48.600Q2 -49.400 5 -48.200Q0 -44.400 -5 -48.200Z', {
      fill: mix(skin, '#b8323f', 0.62),
    }),
    path(cut.front, { fill: hair }),
  ].join('');
  return group(drawn, { transform: place(x, y, scale) });
}
