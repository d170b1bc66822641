// What is built to be seen from far away: lighthouse, castle.

import { darken, lighten } from '../brush/colour.ts';
import { line, path, polygon, rectangle } from '../brush/svg.ts';
import { beam, glow, paneColour } from './lamps.ts';
import type { Thing } from './thing.ts';

/** A banded tower with a lamp; its beam is seen when it is dark. */
export const lighthouse: Thing = {
  place: 'land',
  tall: 380,
  half: 26,
  draw({ stage, colour, accent }) {
    const { lit, definitions, palette } = stage;
    const band = colour ?? lit('#c8322f');
    const wall = accent ?? lit('#f6f0e4');
    const edge = (y: number) => 9 + ((y + 100) / 100) * 7.5;
    const bands = [-12, -32, -52, -70].map((y, index): string => {
      const [top, foot] = [y - (index === 3 ? 0 : 9), y];
      return polygon(
        [
          [-edge(foot), foot],
          [edge(foot), foot],
          [edge(top), top],
          [-edge(top), top],
        ],
        { fill: band },
      );
    });
    const round = definitions.linear(
      [
        [0, '#ffffff', 0.22],
        [0.4, '#ffffff', 0],
        [1, '#0a0e1e', 0.38],
      ],
      'across',
    );
    const shaft = 'M-16 0L-11 -72H11L16 0Z';
    const lamp = palette.lamps > 0.2 ? '#fff3c0' : lit('#bcd3dc');
    return [
      palette.lamps > 0.3 ? beam(stage) : '',
      rectangle(-24, -9, 20, 9, { fill: darken(wall, 0.14) }) +
        polygon(
          [
            [-27, -9],
            [-14, -17],
            [-2, -9],
          ],
          { fill: darken(band, 0.18) },
        ),
      path(shaft, { fill: wall }),
      ...bands,
      path(shaft, { fill: round }),
      rectangle(-14, -75, 28, 3.6, { fill: darken(lit('#3b4048'), 0.2) }),
      rectangle(-7.5, -88, 15, 13, { fill: lamp }) +
        line(
          [
            [-2.5, -88],
            [-2.5, -75],
          ],
          darken(lit('#3b4048'), 0.2),
          0.9,
        ) +
        line(
          [
            [2.5, -88],
            [2.5, -75],
          ],
          darken(lit('#3b4048'), 0.2),
          0.9,
        ),
      path('M-9.5 -88Q-7 -97 0 -99Q7 -97 9.5 -88Z', { fill: darken(band, 0.12) }) +
        line(
          [
            [0, -99],
            [0, -104],
          ],
          darken(band, 0.3),
          1,
        ),
      rectangle(-2.6, -46, 5.2, 8, { fill: paneColour(stage, '#5a6f80') }) +
        path('M-4 0V-10Q0 -14 4 -10V0Z', { fill: darken(lit('#5d4335'), 0.2) }),
      glow(stage, 0, -82, 40),
    ].join('');
  },
};

/** Towers, walls and pennants. */
export const castle: Thing = {
  place: 'land',
  tall: 390,
  half: 80,
  draw({ stage, colour, accent }) {
    const { lit, definitions } = stage;
    const stone = colour ?? lit('#b9ab9c');
    const roof = accent ?? lit('#3f5f86');
    const round = definitions.linear(
      [
        [0, lighten(stone, 0.2)],
        [0.45, stone],
        [1, darken(stone, 0.34)],
      ],
      'across',
    );
    const pane = paneColour(stage, '#3c4a5a');
    const tower = (x: number, wide: number, tall: number) => {
      const teeth = `M${x - wide / 2 - 2} ${-tall}h${wide + 4}v-4h-${(wide + 4) / 5}v4h-${(wide + 4) / 5}v-4h-${(wide + 4) / 5}v4h-${(wide + 4) / 5}v-4h-${(wide + 4) / 5}z`;
      const peak = -tall - wide * 1.25;
      return [
        rectangle(x - wide / 2, -tall, wide, tall, { fill: round }),
        polygon(
          [
            [x - wide / 2 - 2, -tall - 3],
            [x, peak],
            [x + wide / 2 + 2, -tall - 3],
          ],
          { fill: roof },
        ) +
          polygon(
            [
              [x, peak],
              [x + wide / 2 + 2, -tall - 3],
              [x + wide * 0.12, -tall - 3],
            ],
            { fill: darken(roof, 0.28) },
          ),
        path(teeth, { fill: darken(stone, 0.12) }),
        line(
          [
            [x, peak],
            [x, peak - 8],
          ],
          darken(stone, 0.5),
          0.7,
        ) +
          polygon(
            [
              [x, peak - 8],
              [x + 8, peak - 6],
              [x, peak - 4],
            ],
            { fill: lit('#d8453a') },
          ),
        path(`M${x - 2} ${-tall * 0.72}v-5q2 -3 4 0v5zM${x - 2} ${-tall * 0.57}v-5q2 -3 4 0v5z`, { fill: pane }),
      ].join('');
    };
    const wall =
      rectangle(-66, -30, 132, 30, { fill: darken(stone, 0.12) }) +
      path(`M-66 -30${'v-4h7v4h5'.repeat(11)}V-30z`, { fill: darken(stone, 0.12) });
    return [
      tower(-24, 17, 56),
      tower(26, 19, 50),
      tower(2, 23, 66),
      wall,
      tower(-64, 18, 42),
      tower(64, 18, 38),
      path('M-10 0V-15Q0 -27 10 -15V0Z', { fill: darken(lit('#4a3628'), 0.3) }),
      glow(stage, 2, -46, 30),
    ].join('');
  },
};
