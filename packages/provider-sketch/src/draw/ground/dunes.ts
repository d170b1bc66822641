// The desert.

import { darken, lighten, mix } from '../brush/colour.ts';
import type { Random } from '../brush/random.ts';
import { num, type Point, path, smooth } from '../brush/svg.ts';
import type { Stage } from '../stage.ts';

/** Ridges of sand with a sharp crest, light on one side. */
export function dunes(stage: Stage, random: Random): string {
  const { width, height, horizon, palette, definitions, disc } = stage;
  const deep = height - horizon;
  const sand = stage.lit(stage.colourOf('desert') ?? '#e2ad67');
  let drawn = '';
  const rows = 6;
  for (let row = 0; row < rows; row++) {
    const near = row / rows;
    const y = horizon + deep * near ** 1.3 * 0.8;
    const tone = mix(mix(sand, palette.haze, 0.45 * (1 - near) ** 2), palette.shade, near * 0.16);
    const tall = 16 + near * 90;
    const peak = width * random.between(0.12, 0.88);
    const wave = (x: number) => Math.exp(-(((x - peak) / (340 + 240 * near)) ** 2));
    const steps = Math.min(60, Math.ceil(width / 60));
    const crestAt = (x: number) => y - tall * (wave(x) - 0.25) + Math.sin(x / 190 + row * 2) * tall * 0.12;
    const crest = Array.from(
      { length: steps + 1 },
      (_, step): Point => [(width * step) / steps, crestAt((width * step) / steps)],
    );
    const light = lighten(mix(tone, palette.glow, 0.34), 0.06);
    const fill = definitions.between(y - tall, y + deep * 0.4, [
      [0, light],
      [0.6, tone],
      [1, darken(tone, 0.14)],
    ]);
    drawn += path(`${smooth(crest)}L${num(width)} ${num(height)}L0 ${num(height)}Z`, { fill });
    drawn += leeSide(stage, crestAt, peak, disc.x > peak ? -1 : 1, 330 + 240 * near, tall, tone);
  }
  return drawn;
}

/** The face of a dune that the light does not reach: from the crest down along a curved spine. */
function leeSide(
  { definitions }: Stage,
  crestAt: (x: number) => number,
  peak: number,
  away: 1 | -1,
  reach: number,
  tall: number,
  tone: string,
): string {
  const along = (share: number): Point => [peak + away * reach * share, crestAt(peak + away * reach * share)];
  const crest = [0, 0.12, 0.25, 0.4, 0.55, 0.7, 0.85, 1].map(along);
  const below = (share: number, depth: number): Point => [along(share)[0], along(share)[1] + tall * depth];
  const spine = [
    along(1),
    below(0.75, 0.22),
    below(0.45, 0.6),
    below(0.2, 0.95),
    below(-0.02, 0.9),
    below(0.06, 0.42),
    along(0),
  ];
  const fade = [
    [0, darken(tone, 0.36), 0.72],
    [0.5, darken(tone, 0.3), 0.45],
    [1, darken(tone, 0.2), 0],
  ] as const;
  const fill = definitions.linear(
    away > 0 ? fade : fade.map(([at, colour, opacity]) => [1 - at, colour, opacity] as const).toReversed(),
    'across',
  );
  return path(`${smooth(crest)}L${smooth(spine).slice(1)}Z`, { fill });
}
