// What stands on the horizon: hills, mountains, dunes, the skyline of a city. Far things are pale, near things dark.

import { darken, lighten, mix } from '../brush/colour.ts';
import type { Random } from '../brush/random.ts';
import { type Point, path, polygon, rectangle, smooth } from '../brush/svg.ts';
import type { Stage } from '../stage.ts';

/** Everything between the sky and the ground. */
export function ridges(stage: Stage): string {
  const random = stage.random.branch();
  const peaks = stage.subject('mountain');
  const layers = [];
  if (peaks) layers.push(mountains(stage, random, peaks.count, peaks.scale ?? 1));
  if (stage.ground === 'desert') layers.push(hills(stage, random, 2, 55));
  else if (!stage.refuses('hill') && !stage.refuses('mountain'))
    layers.push(hills(stage, random, peaks ? 2 : 3, stage.subject('hill') ? 190 : stage.ground === 'water' ? 62 : 105));
  if (stage.subject('city')) layers.push(skyline(stage, random));
  return layers.join('');
}

/** Soft ridges one behind the other, down to the horizon. */
function hills(stage: Stage, random: Random, layers: number, tall: number): string {
  const { width, horizon, palette, definitions } = stage;
  const own = stage.colourOf('hill') ?? stage.colourOf('forest');
  let drawn = '';
  for (let layer = 0; layer < layers; layer++) {
    const near = (layer + 1) / (layers + 1);
    const colour = mix(palette.haze, own ? mix(palette.shade, stage.lit(own), 0.7) : palette.shade, near * 0.72);
    const top = tall * (1.25 - near * 0.75);
    const phase = random.between(0, 9);
    const length = random.between(190, 300);
    const slope = random.between(-0.5, 0.5);
    const points: Point[] = [];
    const steps = Math.min(160, Math.ceil(width / 45));
    for (let step = 0; step <= steps; step++) {
      const x = (width * step) / steps;
      const wave =
        Math.sin(x / length + phase) +
        0.5 * Math.sin(x / (length * 0.43) + phase * 2) +
        0.2 * Math.sin(x / (length * 0.17) + phase * 5);
      const tilt = 1 + slope * (x / width - 0.5) * 2;
      points.push([x, horizon - Math.max(3, top * (0.5 + 0.3 * wave) * tilt)]);
    }
    const fill = definitions.between(horizon - top * 1.2, horizon, [
      [0, colour],
      [1, mix(colour, palette.haze, 0.5)],
    ]);
    drawn += path(`${smooth(points)}L${width} ${horizon + 2}L0 ${horizon + 2}Z`, { fill });
  }
  return drawn;
}

/** Peaks with a lit and a shaded face, and snow where it is high or cold. */
function mountains(stage: Stage, random: Random, asked: number | undefined, scale: number): string {
  const { width, horizon } = stage;
  const amount = asked ?? Math.round(Math.min(12, 3 + (width / 1000) * 2));
  const tallest = Math.min(horizon * 0.68, 330 * scale);
  const peaks = Array.from({ length: amount }, (_, index) => {
    const far = index / amount;
    const along = amount === 1 ? 0.5 : (index * 0.618 + 0.28) % 1;
    return {
      x: width * (along * 1.1 - 0.05),
      tall: tallest * (1 - 0.5 * far) * random.between(0.82, 1.05),
      far: 1 - far,
    };
  });
  return peaks.map(({ x, tall, far }) => mountain(stage, random, x, horizon, tall, far)).join('');
}

function mountain(stage: Stage, random: Random, x: number, foot: number, tall: number, far: number): string {
  const { palette, definitions, disc, season } = stage;
  const own = stage.colourOf('mountain');
  const rock = own
    ? mix(stage.lit(own), palette.haze, 0.12 + far * 0.2)
    : mix(palette.shade, palette.haze, 0.28 + far * 0.34);
  const bright = mix(rock, palette.glow, 0.24);
  const sunside = disc.x > x ? 1 : -1;
  const top: Point = [x, foot - tall];
  const flank = (away: 1 | -1) => {
    const spread = tall * random.between(0.95, 1.6) * away;
    const high = random.between(0.4, 0.62);
    // Steeper above a shoulder than below it, as peaks are.
    const shoulder: Point = [x + spread * (1 - high) * random.between(0.72, 0.92), foot - tall * high];
    return [
      ...jagged(random, [x + spread, foot], shoulder, tall * 0.07),
      ...jagged(random, shoulder, top, tall * 0.07).slice(1),
    ];
  };
  const left = flank(-1);
  const right = flank(1).toReversed();
  const spine = jagged(random, top, [x - sunside * tall * random.between(0, 0.3), foot], tall * 0.12);
  const fade = (colour: string) =>
    definitions.between(foot - tall, foot, [
      [0, colour],
      [0.55, mix(colour, palette.haze, 0.18)],
      [1, mix(colour, palette.haze, 0.72)],
    ]);
  const shaded = sunside > 0 ? [...left, ...spine.slice(1)] : [...right.toReversed(), ...spine.slice(1)];
  const outline: Point[] = [...left, ...right.slice(1)];
  const snowLine = season === 'winter' ? 0.62 : 0.36;
  const bare = (own && season !== 'winter') || stage.refuses('snow');
  const snow = bare ? '' : cap(stage, random, outline, shaded, foot - tall, tall * snowLine, far);
  return polygon(outline, { fill: fade(bright) }) + polygon(shaded, { fill: fade(darken(rock, 0.16)) }) + snow;
}

/** Snow from the top down to a ragged edge. */
function cap(
  stage: Stage,
  random: Random,
  outline: readonly Point[],
  shaded: readonly Point[],
  top: number,
  deep: number,
  far: number,
): string {
  const { palette, definitions } = stage;
  const white = mix(mix(stage.lit('#fbfdff'), palette.glow, 0.16), palette.haze, far * 0.2);
  const blue = mix(mix(stage.lit('#b9cbe2'), palette.shade, 0.14), palette.haze, far * 0.25);
  const [from, to] = [Math.min(...outline.map(([x]) => x)), Math.max(...outline.map(([x]) => x))];
  const edge: Point[] = [
    [to, top - 20],
    [from, top - 20],
  ];
  let x = from;
  // Tongues of unequal width and length: snow lies in the gullies and leaves the ribs bare.
  while (x < to) {
    const wide = deep * random.between(0.1, 0.26);
    const long = random.between(0.62, 1.2);
    edge.push(
      [x, top + deep * random.between(0.42, 0.66)],
      [x + wide * 0.4, top + deep * long * 0.82],
      [x + wide * 0.55, top + deep * long],
    );
    x += wide;
  }
  const high = definitions.clip(polygon(edge, {}));
  // A clip costs as many pixels as what it is taken from has: only what lies above the longest tongue.
  const foot = top + deep * 1.2;
  const [lit, dim] = [polygon(above(outline, foot), { fill: white }), polygon(above(shaded, foot), { fill: blue })];
  return `<g clip-path="${high}">${lit}${dim}</g>`;
}

/** The part of a closed shape that lies above a height. */
function above(points: readonly Point[], foot: number): Point[] {
  return points.flatMap(([x, y], index) => {
    const [beforeX, beforeY] = points.at(index - 1)!;
    const kept: Point[] = y < foot ? [[x, y]] : [];
    if (y < foot === beforeY < foot) return kept;
    return [[beforeX + ((x - beforeX) * (foot - beforeY)) / (y - beforeY), foot], ...kept];
  });
}

/** A rough line: every half is pushed aside, and its halves in turn. */
function jagged(random: Random, from: Point, to: Point, push: number, depth = 4): Point[] {
  if (depth === 0) return [from, to];
  const middle: Point = [
    (from[0] + to[0]) / 2 + random.between(-push, push),
    (from[1] + to[1]) / 2 + random.between(-push, push) * 0.6,
  ];
  return [
    ...jagged(random, from, middle, push / 1.9, depth - 1),
    ...jagged(random, middle, to, push / 1.9, depth - 1).slice(1),
  ];
}

/** Towers in two depths; their windows burn when it is dark. */
function skyline(stage: Stage, random: Random): string {
  const { width, horizon, palette, lit } = stage;
  const own = stage.colourOf('city');
  let drawn = '';
  for (const [depth, tall] of [
    [0, 1],
    [1, 0.78],
  ] as const) {
    const colour = own
      ? mix(lit(own), palette.haze, 0.42 - depth * 0.34)
      : mix(palette.haze, palette.shade, 0.42 + depth * 0.4);
    const limit = Math.min(horizon * 0.6, 330) * tall;
    for (let x = -20; x < width; ) {
      const wide = random.between(34, 84) * Math.max(1, width / 2600);
      const middle = 1 - Math.min(1, Math.abs(x - stage.focus) / 620);
      const high = limit * (0.26 + 0.5 * middle * random.between(0.55, 1.25) + random.between(0, 0.24));
      drawn += tower(stage, random, x, high, wide, colour, depth);
      x += wide * random.between(0.82, 1.12);
    }
  }
  return drawn;
}

function tower(
  stage: Stage,
  random: Random,
  x: number,
  tall: number,
  wide: number,
  colour: string,
  depth: number,
): string {
  const { horizon, palette, definitions, disc } = stage;
  const top = horizon - tall;
  const facing = disc.x > x ? 1 : -1;
  const fill = definitions.between(top, horizon, [
    [0, colour],
    [1, mix(colour, palette.haze, 0.42)],
  ]);
  const side = facing > 0 ? x + wide * 0.72 : x;
  let drawn =
    rectangle(x, top, wide, tall + 2, { fill }) +
    rectangle(side, top, wide * 0.28, tall + 2, { fill: lighten(mix(colour, palette.glow, 0.4), 0.05), opacity: 0.5 });
  const roof = random.whole(0, 4);
  if (roof === 0) drawn += rectangle(x + wide * 0.47, top - tall * 0.16, 3, tall * 0.17, { fill: colour });
  if (roof === 1) drawn += rectangle(x + wide * 0.2, top - 14, wide * 0.6, 15, { fill: colour });
  if (roof === 2)
    drawn += polygon(
      [
        [x, top],
        [x + wide / 2, top - wide * 0.5],
        [x + wide, top],
      ],
      { fill: colour },
    );
  const [across, down] = [9.5, 15];
  const burning = palette.lamps;
  const pane = burning > 0.3 ? '#ffd98a' : lighten(colour, 0.35);
  const shown = burning > 0.3 ? 0.16 + burning * 0.34 : 0.4;
  let panes = '';
  for (let y = top + 12; y < horizon - 14; y += down) {
    for (let at = x + 7; at < x + wide - 9; at += across) {
      if (random.chance(shown)) panes += `M${Math.round(at)} ${Math.round(y)}h4.5v7h-4.5z`;
    }
  }
  return (
    drawn +
    path(panes || 'M0 0', { fill: pane, opacity: (burning > 0.3 ? 0.55 + 0.4 * burning : 0.45) * (depth ? 1 : 0.6) })
  );
}
