// A composition of plain shapes, for prompts that name nothing that can be drawn.

import { type ColourId, colours } from '../../data/colours.ts';
import { darken, lighten, mix } from '../brush/colour.ts';
import type { Random } from '../brush/random.ts';
import { circle, ellipse, line, num, path, polygon, rectangle } from '../brush/svg.ts';
import type { Stage } from '../stage.ts';

/** Ground, four tones, ink. */
const schemes = [
  ['#f2e8d5', '#d8452e', '#f0b23a', '#24557a', '#7fa59a', '#22222a'],
  ['#17202e', '#e8643c', '#f3c969', '#3f8f8a', '#c9d6d8', '#f4ead8'],
  ['#f6efe6', '#e07a5f', '#81b29a', '#f2cc8f', '#3d405b', '#2b2b38'],
  ['#e9e4f0', '#7a4fa3', '#f08aa8', '#3f6fb8', '#f5c35b', '#2a2440'],
] as const;

/** Discs, arcs, bars and lines in balance around one large disc; the disc and its rings alone if it is to be `quiet`. */
export function abstract(stage: Stage, tint: ColourId | undefined, quiet: boolean): string {
  const random = stage.random.branch();
  const { width, height, definitions, time } = stage;
  const scheme = tint ? schemeOf(colours[tint].hex) : time === 'night' ? schemes[1] : random.pick(schemes);
  const [ground, ...tones] = scheme;
  const ink = tones.pop()!;
  const unit = Math.min(width, height);
  const [x, y] = [width * random.between(0.36, 0.64), height * random.between(0.36, 0.56)];
  const wall = definitions.between(0, height, [
    [0, lighten(ground!, 0.12)],
    [1, darken(ground!, 0.12)],
  ]);
  const tilt = random.between(-0.6, 0.6);
  const parts = [
    rectangle(0, 0, width, height, { fill: wall }),
    quiet ? '' : panels(stage, random, tones, unit),
    ellipse(x, y, unit * random.between(0.2, 0.27), { fill: tones[0]! }),
    rings(random, x, y, unit, tones),
    ...(quiet
      ? []
      : [
          beams(random, x, y, unit, tilt, ink, tones),
          arcs(stage, random, tones, unit, ink),
          confetti(stage, random, tones, ink),
        ]),
  ];
  return parts.join('');
}

function schemeOf(hex: string): readonly string[] {
  return [lighten(hex, 0.82), hex, lighten(hex, 0.45), darken(hex, 0.4), mix(hex, '#f0b23a', 0.55), darken(hex, 0.78)];
}

/** Large translucent planes behind. */
function panels({ width, height }: Stage, random: Random, tones: readonly string[], unit: number): string {
  return Array.from({ length: 5 }, () => {
    const [x, y, size] = [
      random.between(-0.1, 0.9) * width,
      random.between(-0.1, 0.8) * height,
      unit * random.between(0.25, 0.6),
    ];
    const lean = random.between(-0.35, 0.35) * size;
    return polygon(
      [
        [x, y],
        [x + size, y + lean],
        [x + size - lean, y + size],
        [x - lean * 0.6, y + size * 0.8],
      ],
      { fill: random.pick(tones), opacity: random.between(0.2, 0.55) },
    );
  }).join('');
}

function rings(random: Random, x: number, y: number, unit: number, tones: readonly string[]): string {
  return [0.34, 0.4, 0.43]
    .map((reach, index) =>
      ellipse(x, y, unit * reach, {
        fill: 'none',
        stroke: tones[(index + 1) % tones.length]!,
        'stroke-width': unit * random.between(0.006, 0.02),
        opacity: 0.8,
      }),
    )
    .join('');
}

function beams(
  random: Random,
  x: number,
  y: number,
  unit: number,
  tilt: number,
  ink: string,
  tones: readonly string[],
): string {
  return Array.from({ length: 7 }, (_, index) => {
    const offset = (index - 3) * unit * 0.045;
    const [reach, shift] = [unit * random.between(0.3, 0.62), random.between(-0.2, 0.2) * unit];
    const [dx, dy] = [Math.cos(tilt), Math.sin(tilt)];
    return line(
      [
        [x - dy * offset + dx * (shift - reach), y + dx * offset + dy * (shift - reach)],
        [x - dy * offset + dx * (shift + reach), y + dx * offset + dy * (shift + reach)],
      ],
      index % 3 === 1 ? random.pick(tones) : ink,
      unit * (index % 3 === 1 ? 0.018 : 0.004),
      0.9,
    );
  }).join('');
}

/** Quarter and half discs, some hollow. */
function arcs({ width, height }: Stage, random: Random, tones: readonly string[], unit: number, ink: string): string {
  return Array.from({ length: 6 }, (_, index) => {
    const [x, y, radius] = [
      random.between(0.08, 0.92) * width,
      random.between(0.1, 0.92) * height,
      unit * random.between(0.05, 0.14),
    ];
    const turn = random.whole(0, 3) * 90;
    const paint =
      index % 2 ? { fill: random.pick(tones) } : { fill: 'none', stroke: ink, 'stroke-width': unit * 0.006 };
    const d =
      index % 3
        ? `M${num(-radius)} 0A${num(radius)} ${num(radius)} 0 0 1 ${num(radius)} 0Z`
        : `M0 0V${num(-radius)}A${num(radius)} ${num(radius)} 0 0 1 ${num(radius)} 0Z`;
    return `<g transform="translate(${num(x)} ${num(y)}) rotate(${turn})">${path(d, paint)}</g>`;
  }).join('');
}

function confetti({ width, height }: Stage, random: Random, tones: readonly string[], ink: string): string {
  return Array.from({ length: 16 }, (_, index) => {
    const [x, y, size] = [
      random.between(0.05, 0.95) * width,
      random.between(0.05, 0.95) * height,
      random.between(5, 17),
    ];
    return path(
      index % 4
        ? circle(x, y, size)
        : `M${num(x)} ${num(y - size)}L${num(x + size)} ${num(y + size)}L${num(x - size)} ${num(y + size)}Z`,
      {
        fill: index % 5 ? random.pick(tones) : ink,
      },
    );
  }).join('');
}
