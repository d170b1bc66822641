// Water: what stands behind it is mirrored in it, the light makes a path on it, and it moves more the nearer it is.

import { darken, lighten, mix } from '../brush/colour.ts';
import type { Random } from '../brush/random.ts';
import { ellipse, group, num, type Point, path, rectangle, smooth } from '../brush/svg.ts';
import type { Stage } from '../stage.ts';

/** The sea or a lake from the horizon to the foot of the sheet; `behind` is the id of the group that it mirrors. */
export function water(stage: Stage, behind: string): string {
  const { width, height, horizon, definitions } = stage;
  const random = stage.random.branch();
  const surface = surfaceColours(stage);
  const fill = definitions.between(horizon, height, [
    [0, surface[0]],
    [0.4, mix(surface[0], surface[1], 0.62)],
    [1, surface[1]],
  ]);
  const calm = stage.subject('lake') ? 0.62 : 0.4;
  const mirror = mirrored(stage, behind);
  const veil = definitions.between(horizon, height, [
    [0, surface[1], 0.06],
    [0.5, surface[1], 0.4],
    [1, surface[1], 0.85],
  ]);
  const own = stage.colourOf('sea') ?? stage.colourOf('lake');
  return [
    rectangle(0, horizon, width, height - horizon, { fill }),
    rectangle(0, horizon, width, height - horizon, { fill: mirror, opacity: own ? calm * 0.5 : calm }),
    rectangle(0, horizon, width, height - horizon, { fill: veil }),
    haze(stage),
    ripples(stage, random, surface),
    lightPath(stage, random),
    swell(stage, random, surface),
  ].join('');
}

/** What stands behind the water, upside down, as a paint. */
function mirrored({ width, height, horizon, definitions }: Stage, behind: string): string {
  // The paint repeats: a margin keeps its ends, where they meet, out of the picture. High enough for clouds at the zenith.
  const margin = 40;
  const tall = Math.max(height - horizon, horizon * 0.75) + margin * 2;
  const turned = `<use href="#${behind}" transform="translate(0 ${num(horizon * 2)}) scale(1 -1)"/>`;
  return definitions.window(width, horizon - margin, tall, turned);
}

/** Far and near colour of the water. */
export function surfaceColours({ palette, colourOf, lit }: Stage): readonly [string, string] {
  const own = colourOf('sea') ?? colourOf('lake') ?? colourOf('river');
  if (!own) return palette.water;
  return [mix(palette.water[0], lit(lighten(own, 0.25)), 0.7), mix(palette.water[1], lit(own), 0.75)];
}

function haze({ width, horizon, palette, definitions }: Stage): string {
  const fill = definitions.between(horizon - 4, horizon + 26, [
    [0, palette.glow, 0],
    [0.16, palette.glow, 0.5],
    [1, palette.glow, 0],
  ]);
  return rectangle(0, horizon - 4, width, 30, { fill });
}

/** Short strokes, larger and fewer towards the eye. */
function ripples(stage: Stage, random: Random, surface: readonly [string, string]): string {
  const { width, height, horizon, palette } = stage;
  const deep = height - horizon;
  const rough = stage.weather === 'storm' ? 1.8 : stage.subject('lake') ? 0.6 : 1;
  const tones = [
    lighten(surface[0], 0.18),
    mix(surface[0], palette.glow, 0.5),
    darken(surface[1], 0.3),
    mix(surface[1], surface[0], 0.4),
  ];
  const strokes = tones.map(() => '');
  const share = stage.style.plain ? 0.22 : 1;
  const amount = Math.round(Math.min(1500, 330 * (width / 1000)) * Math.min(1.6, deep / 450) * share);
  for (let index = 0; index < amount; index++) {
    const near = random.fraction() ** 1.7;
    const length = (10 + near * 90) * random.between(0.5, 1.4);
    strokes[random.whole(0, tones.length - 1)] += dash(
      random.between(-40, width),
      horizon + 3 + near * deep,
      length,
      (0.7 + near * 4.2) * rough,
    );
  }
  return tones
    .map((fill, index) => path(strokes[index] || 'M0 0', { fill, opacity: index === 2 ? 0.26 : 0.3 }))
    .join('');
}

/** The path of the sun or moon on the water. */
function lightPath(stage: Stage, random: Random): string {
  const { horizon, height, palette, disc, weather, time, definitions, width } = stage;
  if (weather !== 'clear' || !stage.luminary) return '';
  const deep = height - horizon;
  const strong = time === 'day' ? 0.4 : time === 'night' ? 0.75 : 0.95;
  let strokes = '';
  for (let index = 0; index < (stage.style.plain ? 90 : 190); index++) {
    const near = random.fraction() ** 1.25;
    const spread = (12 + near * 120) * (random.fraction() + random.fraction() - 1);
    const length = (8 + near * 54) * random.between(0.5, 1.3);
    strokes += dash(disc.x + spread - length / 2, horizon + 2 + near * deep * 0.94, length, 1 + near * 4);
  }
  const fade = definitions.between(horizon, height, [
    [0, palette.glow, strong],
    [0.6, palette.glow, strong * 0.75],
    [1, palette.glow, strong * 0.25],
  ]);
  const sheen = definitions.radial([
    [0, palette.glow, 0.5 * strong],
    [1, palette.glow, 0],
  ]);
  const inside = definitions.clip(rectangle(0, horizon, width, deep, {}));
  return (
    group(ellipse(disc.x, horizon, 130, { fill: sheen }, deep * 0.85), { 'clip-path': inside }) +
    path(strokes, { fill: fade })
  );
}

/** Long low waves in front. */
function swell(stage: Stage, random: Random, surface: readonly [string, string]): string {
  const { width, height, horizon, definitions } = stage;
  const deep = height - horizon;
  const high = stage.weather === 'storm' ? 3 : stage.subject('lake') ? 0.5 : 1;
  let drawn = '';
  for (let band = 0; band < 4; band++) {
    const y = horizon + deep * (0.5 + band * 0.14);
    const phase = random.between(0, 6);
    const points: Point[] = [];
    const steps = Math.min(80, Math.ceil(width / 90));
    for (let step = 0; step <= steps; step++) {
      const x = (width * step) / steps;
      points.push([
        x,
        y + high * (Math.sin(x / 170 + phase) * (4 + band * 3) + Math.sin(x / 67 + phase * 3) * (1 + band)),
      ]);
    }
    const fill = definitions.between(y - 12 * high, y + deep * 0.16, [
      [0, darken(surface[1], 0.1), 0.4],
      [1, surface[1], 0],
    ]);
    const crest = lighten(mix(surface[0], surface[1], 0.35), 0.15);
    drawn += path(`${smooth(points)}L${num(width)} ${num(y + deep * 0.16)}L0 ${num(y + deep * 0.16)}Z`, { fill });
    drawn += path(smooth(points), { fill: 'none', stroke: crest, 'stroke-width': 1.2 + band * 0.5, opacity: 0.22 });
  }
  return drawn;
}

/** A flat lens. */
function dash(x: number, y: number, length: number, thick: number): string {
  return `M${num(x)} ${num(y)}q${num(length / 2)} ${num(-thick)} ${num(length)} 0q${num(-length / 2)} ${num(thick)} ${num(-length)} 0z`;
}
