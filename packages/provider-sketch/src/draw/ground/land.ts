// The ground of a picture on land: meadow, forest floor, dunes; a river; and the bank that land things stand on when the rest
// of the picture is water.

import { darken, lighten, mix } from '../brush/colour.ts';
import type { Random } from '../brush/random.ts';
import { line, num, type Point, path, smooth } from '../brush/svg.ts';
import type { Stage } from '../stage.ts';
import { growing } from '../things/trees.ts';
import { dunes } from './dunes.ts';
import { groundColour, mound, plain, tufts } from './meadow.ts';
import { surfaceColours } from './water.ts';

/** Everything from the horizon to the foot of the sheet, where it is land. */
export function land(stage: Stage): string {
  const random = stage.random.branch();
  if (stage.ground === 'desert') return dunes(stage, random);
  const fields = plain(stage, random, groundColour(stage)) + mound(stage, groundColour(stage));
  if (stage.ground === 'river') return fields + river(stage, random);
  if (stage.ground === 'forest') return wood(stage, random, fields);
  return fields + tufts(stage, random);
}

/** How far a bank goes into the water; `short` leaves room for what floats beside it. Units from its side. */
export function bankReach({ width, focus }: Stage, short: boolean): number {
  const side = focus < width / 2 ? 0 : width;
  return Math.min(width * 0.75, 760, short ? Math.abs(focus - side) + 255 : width);
}

/** A bank in the corner below the main subject, and the height of its top; `short` leaves room for what floats beside it. */
export function bank(stage: Stage, short: boolean): { readonly drawn: string; readonly top: number } {
  const { width, height, horizon, focus, palette, definitions } = stage;
  const random = stage.random.branch();
  const top = horizon + Math.min(60, (height - horizon) * 0.16);
  const side = focus < width / 2 ? 0 : width;
  const away = side ? -1 : 1;
  const reach = bankReach(stage, short);
  const deep = Math.min(height - top, 250);
  const edge: Point[] = [
    [side - away * 40, top - 22],
    [side + away * Math.abs(focus - side) * 0.7, top - 8],
    [side + away * Math.min(reach * 0.82, Math.abs(focus - side) * 1.25), top + 6],
    [side + away * reach * 0.93, top + deep * 0.26],
    [side + away * reach, top + deep * 0.46],
    [side + away * reach * 0.9, top + deep * 0.6],
    [side + away * reach * 0.62, top + deep * 0.78],
    [side + away * reach * 0.3, top + deep * 0.93],
    [side - away * 40, top + deep],
  ];
  const sandy = stage.subject('palm');
  const colour = sandy ? stage.lit('#e6cf9c') : mix(groundColour(stage), palette.shade, 0.18);
  const fill = definitions.between(top - 20, top + deep, [
    [0, lighten(mix(colour, palette.glow, 0.18), 0.04)],
    [0.5, colour],
    [1, darken(colour, 0.42)],
  ]);
  const foam = edge.slice(3).map(([x, y]): Point => [x + away * 7, y + 7]);
  let grass = '';
  if (!sandy) {
    for (let blade = 0; blade < 130; blade++) {
      const along = random.fraction();
      const x = side + away * along * reach * 0.8;
      const y = top + random.between(0.06, 0.5) * deep * (0.4 + along * 0.5);
      grass += `M${num(x)} ${num(y)}l${num(random.between(-4, 4))} ${num(-random.between(7, 17))}l3 ${num(12)}z`;
    }
  }
  const drawn =
    line(foam, lighten(palette.water[0], 0.5), 5, 0.4) +
    path(`${smooth(edge)}Z`, { fill }) +
    path(grass || 'M0 0', { fill: darken(colour, 0.22), opacity: 0.55 });
  return { drawn, top: top + 4 };
}

/** A bend of water through the fields. */
function river(stage: Stage, random: Random): string {
  const { width, height, horizon, definitions, palette } = stage;
  const grass = tufts(stage, random);
  const deep = height - horizon;
  const surface = surfaceColours(stage);
  const swing = random.chance(0.5) ? 1 : -1;
  const [left, right]: [Point[], Point[]] = [[], []];
  for (let step = 0; step <= 12; step++) {
    const near = step / 12;
    const y = horizon + 4 + deep * near ** 1.5 * 1.02;
    const middle = width / 2 + swing * Math.sin(near * 4.6 + 0.6) * (26 + 190 * near);
    const half = 4 + 175 * near ** 1.6;
    left.push([middle - half, y]);
    right.unshift([middle + half, y]);
  }
  const fill = definitions.between(horizon, height, [
    [0, mix(surface[0], palette.glow, 0.4)],
    [0.35, surface[0]],
    [1, mix(surface[0], surface[1], 0.75)],
  ]);
  const shore = mix(groundColour(stage), surface[1], 0.4);
  let shine = '';
  for (let index = 0; index < 70; index++) {
    const near = random.fraction();
    const y = horizon + 6 + deep * near ** 1.5;
    const middle = width / 2 + swing * Math.sin(near * 4.6 + 0.6) * (26 + 190 * near);
    const length = 6 + 60 * near;
    const x = middle + (random.fraction() - 0.5) * (4 + 175 * near ** 1.6) * 1.5 - length / 2;
    shine += `M${num(x)} ${num(y)}q${num(length / 2)} ${num(-1 - near * 3)} ${num(length)} 0q${num(-length / 2)} ${num(1 + near * 3)} ${num(-length)} 0z`;
  }
  return (
    grass +
    path(`${smooth(left)}L${smooth(right).slice(1)}Z`, { fill, stroke: shore, 'stroke-width': 3 }) +
    path(shine, { fill: lighten(palette.glow, 0.3), opacity: 0.45 })
  );
}

/** Rows of trees, from a pale wall far away to a few dark ones that frame the picture. */
function wood(stage: Stage, random: Random, ground: string): string {
  const { width, height, horizon, palette } = stage;
  const deep = height - horizon;
  const kind =
    stage.subject('pine') || stage.season === 'winter' || (stage.season === 'summer' && random.chance(0.5))
      ? 'pine'
      : 'tree';
  const rows = [
    { y: horizon + 6, tall: 105, gap: 28, near: 0.15 },
    { y: horizon + deep * 0.08, tall: 165, gap: 48, near: 0.42 },
    { y: horizon + deep * 0.2, tall: 250, gap: 96, near: 0.72 },
  ];
  let drawn = '';
  for (const [index, { y, tall, gap, near }] of rows.entries()) {
    const step = Math.max(gap, width / (90 - index * 25));
    for (let x = -20; x < width + 20; x += step * random.between(0.7, 1.3)) {
      // The nearest row leaves a clearing in the middle.
      if (index === 2 && Math.abs(x - width / 2) < width * 0.22) continue;
      const veil = (colour: string) => mix(mix(colour, palette.shade, 0.25), palette.haze, 0.85 * (1 - near));
      drawn += growing(
        stage,
        random.branch(),
        kind,
        x,
        y + random.between(-4, 8),
        tall * random.between(0.75, 1.2),
        veil,
      );
    }
    if (index === 1) drawn += mistBelt(stage, y);
  }
  const frame = [-0.01, 0.1, 0.9, 1.01].map((along) => {
    const dark = (colour: string) => mix(colour, darken(palette.shade, 0.2), 0.26);
    return growing(
      stage,
      random.branch(),
      kind,
      width * along,
      horizon + deep * random.between(0.45, 0.62),
      Math.min(horizon * 0.95, 520) * random.between(0.85, 1.1),
      dark,
    );
  });
  return ground + drawn + tufts(stage, random) + frame.join('');
}

function mistBelt({ width, palette, definitions }: Stage, y: number): string {
  const fill = definitions.between(y - 70, y + 40, [
    [0, palette.haze, 0],
    [0.6, palette.haze, 0.38],
    [1, palette.haze, 0],
  ]);
  return path(`M0 ${num(y - 70)}H${num(width)}V${num(y + 40)}H0Z`, { fill });
}
