// Where people live and work: house, windmill, tent.

import { darken, lighten } from '../brush/colour.ts';
import { ellipse, group, line, path, polygon, rectangle } from '../brush/svg.ts';
import { glow, paneColour, smoke } from './lamps.ts';
import type { Thing } from './thing.ts';

/** A house with a gable, seen from a corner. */
export const house: Thing = {
  place: 'land',
  tall: 265,
  half: 86,
  draw({ stage, random, colour, accent }) {
    const { lit, season } = stage;
    const wall = colour ?? lit(random.pick(['#f1e4cb', '#e9d5b7', '#d9e2e4']));
    const roof = season === 'winter' ? lit('#f1f6fa') : (accent ?? lit(random.pick(['#a8432f', '#7f4a3a', '#4f5d6b'])));
    const shade = darken(wall, 0.24);
    const pane = paneColour(stage, '#6d8aa0');
    const frame = lighten(wall, 0.5);
    const glass = (x: number, y: number, wide: number, tall: number) =>
      rectangle(x - 1.5, y - 1.5, wide + 3, tall + 3, { fill: frame }) +
      rectangle(x, y, wide, tall, { fill: pane }) +
      line(
        [
          [x + wide / 2, y],
          [x + wide / 2, y + tall],
        ],
        frame,
        1.2,
      ) +
      line(
        [
          [x, y + tall / 2],
          [x + wide, y + tall / 2],
        ],
        frame,
        1.2,
      );
    return [
      smoke(stage),
      rectangle(34, -99, 13, 34, { fill: darken(lit('#9a5a48'), 0.1) }) +
        rectangle(32, -101, 17, 4, { fill: darken(lit('#9a5a48'), 0.3) }),
      polygon(
        [
          [-14, 0],
          [-14, -48],
          [78, -48],
          [78, 0],
        ],
        { fill: wall },
      ),
      polygon(
        [
          [-78, 0],
          [-78, -48],
          [-46, -94],
          [-14, -48],
          [-14, 0],
        ],
        { fill: shade },
      ),
      polygon(
        [
          [-46, -98],
          [62, -94],
          [86, -45],
          [-10, -45],
        ],
        { fill: roof },
      ),
      polygon(
        [
          [-46, -98],
          [-10, -45],
          [-15, -43],
          [-47, -90],
          [-77, -43],
          [-82, -45],
        ],
        { fill: darken(roof, 0.3) },
      ),
      line(
        [
          [-40, -80],
          [66, -77],
        ],
        darken(roof, 0.2),
        0.8,
        0.5,
      ) +
        line(
          [
            [-28, -62],
            [76, -60],
          ],
          darken(roof, 0.2),
          0.8,
          0.5,
        ),
      glass(2, -34, 17, 18) + glass(52, -34, 17, 18) + glass(-54, -66, 14, 14),
      rectangle(-57, -32, 21, 32, { fill: darken(accent ?? lit('#6b4a3a'), 0.12) }) +
        ellipse(-40, -15, 1.3, { fill: lit('#e8c86a') }),
      glow(stage, 10, -25, 34) + glow(stage, 60, -25, 34),
    ].join('');
  },
};

/** A tower mill with four sails. */
export const windmill: Thing = {
  place: 'land',
  tall: 370,
  half: 44,
  draw({ stage, random, colour, accent }) {
    const { lit, definitions } = stage;
    const wall = colour ?? lit('#e9dcc4');
    const cap = accent ?? lit('#8a4a35');
    const spar = darken(lit('#6d4b35'), 0.15);
    const round = definitions.linear(
      [
        [0, lighten(wall, 0.18)],
        [0.4, wall],
        [1, darken(wall, 0.34)],
      ],
      'across',
    );
    const turn = random.between(8, 40);
    const sail =
      line(
        [
          [0, 0],
          [0, -50],
        ],
        spar,
        1.8,
      ) +
      rectangle(0.6, -49, 11, 37, { fill: lit('#fbf5e6'), opacity: 0.92 }) +
      path('M0.6 -40H11.6M0.6 -31H11.6M0.6 -22H11.6M6 -49V-12', { fill: 'none', stroke: spar, 'stroke-width': 0.6 });
    return [
      path('M-20 0L-12.5 -58H12.5L20 0Z', { fill: round }),
      path('M-14 -58Q-12 -72 0 -74Q12 -72 14 -58Z', { fill: cap }),
      rectangle(-3.4, -44, 6.8, 8, { fill: paneColour(stage, '#5a6f80') }) +
        rectangle(-3.4, -26, 6.8, 8, { fill: paneColour(stage, '#5a6f80') }) +
        path('M-5 0V-11Q0 -16 5 -11V0Z', { fill: spar }),
      group([0, 90, 180, 270].map((angle) => group(sail, { transform: `rotate(${angle})` })).join(''), {
        transform: `translate(0 -62) rotate(${turn.toFixed(1)})`,
      }),
      ellipse(0, -62, 3, { fill: spar }),
    ].join('');
  },
};

/** A ridge tent with its flap open. */
export const tent: Thing = {
  place: 'land',
  tall: 180,
  half: 80,
  draw({ stage, colour, accent }) {
    const { lit, palette, definitions } = stage;
    const cloth = colour ?? lit('#e08a3c');
    const inside =
      palette.lamps > 0.3
        ? definitions.linear([
            [0, '#ffe6a6'],
            [1, '#f6b45c'],
          ])
        : darken(cloth, 0.5);
    return [
      polygon(
        [
          [-18, -98],
          [52, -88],
          [92, 0],
          [34, 0],
        ],
        {
          fill: definitions.linear([
            [0, cloth],
            [1, darken(cloth, 0.3)],
          ]),
        },
      ),
      polygon(
        [
          [-18, -98],
          [-72, 0],
          [34, 0],
        ],
        { fill: lighten(cloth, palette.lamps > 0.3 ? 0.24 : 0.12) },
      ),
      polygon(
        [
          [-18, -72],
          [-38, 0],
          [8, 0],
        ],
        { fill: inside },
      ),
      polygon(
        [
          [-18, -72],
          [-52, 0],
          [-38, 0],
        ],
        { fill: accent ?? darken(cloth, 0.18) },
      ),
      line(
        [
          [-18, -98],
          [-84, 2],
        ],
        lighten(cloth, 0.6),
        0.8,
        0.6,
      ) +
        line(
          [
            [52, -88],
            [104, 3],
          ],
          lighten(cloth, 0.6),
          0.8,
          0.6,
        ),
      glow(stage, -16, -26, 90),
    ].join('');
  },
};
