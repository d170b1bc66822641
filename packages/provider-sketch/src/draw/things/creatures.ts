// What lives, and what flies.

import { darken, lighten, mix } from '../brush/colour.ts';
import { ellipse, group, line, path, polygon, rectangle } from '../brush/svg.ts';
import type { Thing } from './thing.ts';

/** A sitting cat, seen from the front. */
export const cat: Thing = {
  place: 'land',
  tall: 330,
  half: 40,
  draw({ stage, random, colour, accent }) {
    const { lit, palette, definitions } = stage;
    const fur = colour ?? lit(random.pick(['#d98a45', '#8d8780', '#3f3a40', '#c9a27a']));
    const coat = definitions.linear([
      [0, lighten(mix(fur, palette.glow, 0.14), 0.08)],
      [0.6, fur],
      [1, darken(fur, 0.26)],
    ]);
    const chest = accent ?? lighten(fur, 0.55);
    const eye = palette.lamps > 0.5 ? '#f2e27a' : lit('#9cc46a');
    const whiskers = 'M-6 -66L-26 -69M-6 -64.4L-26 -62.6M6 -66L26 -69M6 -64.4L26 -62.6';
    return [
      path('M18 -4Q44 2 42 -22Q40 -40 33 -46Q30 -49 28 -44Q36 -30 32 -18Q28 -10 14 -12Z', { fill: darken(fur, 0.12) }),
      path('M-24 0Q-30 -26 -17 -50Q-8 -58 0 -58Q8 -58 17 -50Q30 -26 24 0Z', { fill: coat }),
      path('M-9 -48Q0 -44 9 -48Q11 -26 5 -8Q0 -4 -5 -8Q-11 -26 -9 -48Z', { fill: chest, opacity: 0.75 }),
      path('M-11 0V-28M11 0V-28', { fill: 'none', stroke: darken(fur, 0.35), 'stroke-width': 1, opacity: 0.6 }),
      ellipse(-11, -2, 8, { fill: lighten(fur, 0.14) }, 4) + ellipse(11, -2, 8, { fill: lighten(fur, 0.14) }, 4),
      polygon(
        [
          [-20, -76],
          [-19, -100],
          [-4, -86],
        ],
        { fill: fur },
      ) +
        polygon(
          [
            [20, -76],
            [19, -100],
            [4, -86],
          ],
          { fill: fur },
        ),
      polygon(
        [
          [-16.4, -80],
          [-16.6, -94],
          [-7.5, -86],
        ],
        { fill: lit('#e8a6a0'), opacity: 0.8 },
      ) +
        polygon(
          [
            [16.4, -80],
            [16.6, -94],
            [7.5, -86],
          ],
          { fill: lit('#e8a6a0'), opacity: 0.8 },
        ),
      ellipse(0, -71, 21.5, { fill: coat }, 18),
      path('M-4 -88L-3 -80M0 -89V-80M4 -88L3 -80', {
        fill: 'none',
        stroke: darken(fur, 0.4),
        'stroke-width': 1.6,
        'stroke-linecap': 'round',
        opacity: 0.6,
      }),
      ellipse(0, -63.6, 8.6, { fill: chest, opacity: 0.8 }, 6),
      ellipse(-8.6, -73, 4.2, { fill: eye }, 4.6) + ellipse(8.6, -73, 4.2, { fill: eye }, 4.6),
      ellipse(-8.6, -73, 1.4, { fill: '#15151c' }, 4) + ellipse(8.6, -73, 1.4, { fill: '#15151c' }, 4),
      ellipse(-7.6, -74.8, 0.9, { fill: '#ffffff' }) + ellipse(9.6, -74.8, 0.9, { fill: '#ffffff' }),
      polygon(
        [
          [-2.4, -67.6],
          [2.4, -67.6],
          [0, -65],
        ],
        { fill: lit('#d9747a') },
      ),
      path('M0 -65Q-1.4 -61 -5 -62M0 -65Q1.4 -61 5 -62', {
        fill: 'none',
        stroke: darken(fur, 0.5),
        'stroke-width': 0.9,
        'stroke-linecap': 'round',
      }),
      path(whiskers, { fill: 'none', stroke: lighten(fur, 0.75), 'stroke-width': 0.5, opacity: 0.8 }),
    ].join('');
  },
};

/** A gull on the wing. */
export const bird: Thing = {
  place: 'air',
  tall: 40,
  half: 110,
  usual: 5,
  draw({ stage, random, colour }) {
    const feather =
      colour ??
      (stage.time === 'day'
        ? mix('#ffffff', stage.palette.shade, 0.12)
        : mix(stage.palette.shade, stage.palette.haze, 0.12));
    const under = darken(feather, 0.24);
    const beat = random.between(-1, 1);
    const wing = -66 - beat * 32;
    return [
      path(
        `M0 -38Q-34 ${wing - 22} -68 ${wing}Q-92 ${wing + 14} -110 ${wing + 34}Q-76 ${wing + 22} -52 ${wing + 26}Q-26 ${wing + 30} -6 -22Z`,
        { fill: feather },
      ),
      path(
        `M2 -38Q34 ${wing - 22} 64 ${wing + 4}Q88 ${wing + 18} 104 ${wing + 40}Q72 ${wing + 26} 50 ${wing + 30}Q26 ${wing + 34} 10 -22Z`,
        { fill: under },
      ),
      path('M-30 -26Q-14 -42 12 -36Q30 -30 44 -34Q36 -22 16 -18Q-8 -14 -30 -26Z', { fill: feather }),
      polygon(
        [
          [-28, -28],
          [-42, -23],
          [-27, -23],
        ],
        { fill: stage.lit('#e8a33c') },
      ),
    ].join('');
  },
};

/** A hot-air balloon in stripes. */
export const balloon: Thing = {
  place: 'air',
  tall: 330,
  half: 36,
  draw({ stage, random, colour, accent }) {
    const { lit, definitions, palette } = stage;
    const [first, second] = random.pick([
      ['#d8453a', '#f6d7a0'],
      ['#2f7f9e', '#f4e3b5'],
      ['#e58b2f', '#fbf0d6'],
      ['#7a4fa3', '#f3c36b'],
    ] as const);
    const main = colour ?? lit(first);
    const stripe = accent ?? (colour ? lighten(colour, 0.62) : lit(second));
    const outline =
      'M0 -100C-26 -100 -36 -80 -35 -64C-34 -48 -18 -34 -7 -20H7C18 -34 34 -48 35 -64C36 -80 26 -100 0 -100Z';
    const inside = definitions.clip(path(outline, {}));
    const gores = [
      [-24, 8],
      [0, 7],
      [24, 8],
    ].map(([x, half]) =>
      path(
        `M0 -101C${x! * 1.4 - half!} -92 ${x! * 1.4 - half!} -52 ${x! * 0.2 - 1.4} -20H${x! * 0.2 + 1.4}C${x! * 1.4 + half!} -52 ${x! * 1.4 + half!} -92 0 -101Z`,
        { fill: stripe },
      ),
    );
    const round = definitions.radial(
      [
        [0, '#ffffff', 0.4],
        [0.5, '#ffffff', 0],
        [1, '#0a0e1e', 0.45],
      ],
      [0.36, 0.3],
    );
    const flame =
      palette.lamps > 0.3
        ? ellipse(0, -20, 15, {
            fill: definitions.radial([
              [0, '#fff0b0', 0.95],
              [0.4, '#ffc65c', 0.5],
              [1, '#ffc65c', 0],
            ]),
          })
        : '';
    const wicker = lit('#8a5f38');
    return [
      group(
        path(outline, { fill: main }) +
          gores.join('') +
          rectangle(-40, -56, 80, 5, { fill: darken(main, 0.18), opacity: 0.5 }),
        { 'clip-path': inside },
      ),
      path(outline, { fill: round }),
      path('M-7 -20L-4.4 -9M7 -20L4.4 -9M-2 -20L-1.6 -9M2 -20L1.6 -9', {
        fill: 'none',
        stroke: darken(wicker, 0.3),
        'stroke-width': 0.5,
      }),
      flame,
      path('M-5.4 -9.4H5.4L4.6 0Q0 1.4 -4.6 0Z', { fill: wicker }) +
        line(
          [
            [-5.4, -9],
            [5.4, -9],
          ],
          darken(wicker, 0.35),
          1.5,
        ) +
        line(
          [
            [-5, -4.6],
            [5, -4.6],
          ],
          darken(wicker, 0.25),
          0.5,
        ),
    ].join('');
  },
};
