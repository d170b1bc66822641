// What floats.

import { darken, lighten, mix } from '../brush/colour.ts';
import { ellipse, group, line, path, polygon } from '../brush/svg.ts';
import type { Thing } from './thing.ts';

/** A sloop under mainsail and jib. */
export const sailboat: Thing = {
  place: 'water',
  tall: 320,
  half: 42,
  draw({ stage, colour, accent }) {
    const { definitions, lit, palette } = stage;
    const cream = lit('#fbf5e6');
    const hull = colour ? darken(colour, 0.06) : lit('#8c4a35');
    const main = accent ?? (colour ? lighten(colour, 0.04) : cream);
    const jib = accent ? lighten(accent, 0.25) : colour ? mix(cream, colour, 0.25) : mix(cream, palette.glow, 0.3);
    const cloth = (tone: string) =>
      definitions.linear(
        [
          [0, lighten(tone, 0.16)],
          [0.55, tone],
          [1, darken(tone, 0.2)],
        ],
        'across',
      );
    const planks = definitions.linear([
      [0, lighten(hull, 0.12)],
      [0.5, hull],
      [1, darken(hull, 0.38)],
    ]);
    return [
      line(
        [
          [2, -10],
          [2, -100],
        ],
        darken(lit('#6d4b35'), 0.2),
        1.5,
      ),
      path('M4 -97Q16 -55 38 -19Q20 -15 4 -17Z', { fill: cloth(main) }),
      path('M4 -60Q15 -58 25 -41M4 -38Q18 -36 33 -27', {
        fill: 'none',
        stroke: darken(main, 0.3),
        'stroke-width': 0.5,
        opacity: 0.6,
      }),
      path('M0 -92Q-8 -50 -33 -17Q-14 -15 0 -18Z', { fill: cloth(jib) }),
      line(
        [
          [3, -17],
          [39, -17],
        ],
        darken(lit('#6d4b35'), 0.2),
        1.2,
      ),
      path('M2 -100L15 -97L2 -94Z', { fill: accent ?? colour ?? lit('#d8453a') }),
      path('M-42 -13Q-36 -1 -24 1L25 1Q36 -2 41 -14Q0 -10 -42 -13Z', { fill: planks }),
      path('M-42 -13Q0 -10 41 -14L40 -11.6Q0 -7.6 -40.6 -10.6Z', { fill: lighten(hull, 0.55), opacity: 0.8 }),
      ellipse(2, 1.2, 40, { fill: lighten(palette.water[0], 0.4), opacity: 0.35 }, 1.5),
    ].join('');
  },
};

/** A boat folded of paper. */
export const paperboat: Thing = {
  place: 'water',
  tall: 235,
  half: 92,
  draw({ stage, colour, accent }) {
    const { lit, definitions, palette } = stage;
    const paper = colour ?? mix(lit('#fffaf0'), palette.glow, 0.12);
    const shade = (share: number) => mix(darken(paper, share), palette.haze, 0.12);
    const bright = lighten(paper, colour ? 0.14 : 0.5);
    const fold = (from: string, to: string) =>
      definitions.linear(
        [
          [0, from],
          [1, to],
        ],
        'across',
      );
    const sail = accent ?? paper;
    return [
      // the inside, seen over the near edge
      polygon(
        [
          [-88, -44],
          [0, -34],
          [88, -46],
          [0, -58],
        ],
        { fill: shade(0.42) },
      ),
      // the sail, folded in the middle
      polygon(
        [
          [0, -100],
          [-40, -30],
          [0, -22],
        ],
        { fill: fold(lighten(sail, 0.3), sail) },
      ),
      polygon(
        [
          [0, -100],
          [40, -31],
          [0, -22],
        ],
        { fill: fold(mix(sail, darken(sail, 0.26), 0.6), darken(sail, 0.32)) },
      ),
      // the near side, its two ends turned outwards
      polygon(
        [
          [-92, -46],
          [-52, 2],
          [0, 3],
          [0, -27],
        ],
        { fill: fold(bright, paper) },
      ),
      polygon(
        [
          [92, -48],
          [50, 2],
          [0, 3],
          [0, -27],
        ],
        { fill: fold(shade(0.1), shade(0.26)) },
      ),
      polygon(
        [
          [-92, -46],
          [-52, 2],
          [-34, 2],
        ],
        { fill: shade(0.16), opacity: 0.55 },
      ),
      polygon(
        [
          [92, -48],
          [50, 2],
          [33, 2],
        ],
        { fill: shade(0.4), opacity: 0.5 },
      ),
      line(
        [
          [0, -27],
          [0, 3],
        ],
        shade(0.34),
        0.7,
        0.6,
      ),
      line(
        [
          [-92, -46],
          [0, -27],
          [92, -48],
        ],
        lighten(paper, 0.6),
        0.9,
        0.7,
      ),
      ellipse(0, 3.4, 62, { fill: lighten(palette.water[0], 0.5), opacity: 0.4 }, 1.8),
    ].join('');
  },
};

/** A wooden rowing boat. */
export const boat: Thing = {
  place: 'water',
  tall: 120,
  half: 150,
  draw({ stage, colour, accent }) {
    const { lit, definitions, palette } = stage;
    const wood = colour ?? lit('#8a5a3a');
    const trim = accent ?? lighten(wood, 0.45);
    const side = definitions.linear([
      [0, lighten(wood, 0.16)],
      [0.45, wood],
      [1, darken(wood, 0.42)],
    ]);
    return [
      path('M-148 -82Q-60 -52 40 -54Q110 -58 146 -88Q120 -66 40 -62Q-70 -60 -148 -82Z', { fill: darken(wood, 0.45) }),
      path('M-146 -80Q-60 -66 0 -66Q90 -66 146 -86Q70 -40 0 -42Q-90 -44 -146 -80Z', { fill: darken(wood, 0.55) }),
      polygon(
        [
          [-62, -62],
          [-44, -62],
          [-40, -46],
          [-60, -48],
        ],
        { fill: lighten(darken(wood, 0.2), 0.1) },
      ),
      polygon(
        [
          [36, -62],
          [56, -63],
          [58, -47],
          [38, -46],
        ],
        { fill: lighten(darken(wood, 0.2), 0.1) },
      ),
      line(
        [
          [-20, -50],
          [-118, -2],
        ],
        lighten(lit('#a77b52'), 0.15),
        4,
      ),
      path('M-150 -84Q-92 -42 0 -40Q94 -40 148 -90Q140 -30 100 0Q0 8 -104 0Q-138 -30 -150 -84Z', { fill: side }),
      path('M-143 -54Q-90 -20 0 -18Q96 -18 142 -60M-130 -28Q-70 -4 0 -3Q80 -3 128 -34', {
        fill: 'none',
        stroke: darken(wood, 0.45),
        'stroke-width': 1.8,
        opacity: 0.6,
      }),
      path('M-150 -84Q-92 -42 0 -40Q94 -40 148 -90', {
        fill: 'none',
        stroke: trim,
        'stroke-width': 6,
        'stroke-linecap': 'round',
      }),
      ellipse(0, 2, 122, { fill: lighten(palette.water[0], 0.4), opacity: 0.35 }, 3),
    ].join('');
  },
};

/** A whale's back, fluke and spout. */
export const whale: Thing = {
  place: 'water',
  tall: 150,
  half: 150,
  draw({ stage, colour }) {
    const { lit, definitions, palette } = stage;
    const skin = colour ?? lit('#3d5871');
    const back = definitions.linear([
      [0, lighten(skin, 0.22)],
      [0.5, skin],
      [1, darken(skin, 0.35)],
    ]);
    const spray = lighten(palette.water[0], 0.7);
    return [
      path('M-74 -52Q-82 -92 -104 -100M-72 -52Q-72 -96 -72 -104M-70 -52Q-60 -90 -42 -98', {
        fill: 'none',
        stroke: spray,
        'stroke-width': 4.5,
        'stroke-linecap': 'round',
        opacity: 0.75,
      }),
      path('M-150 2Q-148 -46 -90 -52Q-10 -54 40 -16Q60 -2 74 2Z', { fill: back }),
      path('M-146 -10Q-100 -16 -70 2L-150 2Z', { fill: lighten(skin, 0.5), opacity: 0.55 }),
      path('M96 2Q104 -24 112 -44Q84 -52 76 -80Q106 -76 118 -58Q132 -78 160 -84Q154 -54 126 -44Q120 -20 124 2Z', {
        fill: back,
      }),
      ellipse(-118, -22, 3.4, { fill: darken(skin, 0.7) }),
      group(ellipse(-36, 2, 118, { fill: spray }, 4) + ellipse(110, 2, 28, { fill: spray }, 3), { opacity: 0.4 }),
    ].join('');
  },
};
