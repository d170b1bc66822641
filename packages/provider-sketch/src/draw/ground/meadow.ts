// Grassland: its colour, its swelling strips, blades and flowers.

import { darken, lighten, mix } from '../brush/colour.ts';
import type { Random } from '../brush/random.ts';
import { ellipse, line, num, type Point, path, smooth } from '../brush/svg.ts';
import type { Stage } from '../stage.ts';

/** The colour of the ground in this light. */
export function groundColour(stage: Stage): string {
  const own = stage.colourOf('field') ?? stage.colourOf('hill');
  const grass = stage.lit(own ?? stage.grass);
  return own ? grass : mix(grass, stage.palette.shade, stage.time === 'day' ? 0.08 : 0.3);
}

/** Swelling strips of land, darker towards the eye. */
export function plain(stage: Stage, random: Random, colour: string): string {
  const { width, height, horizon, palette, definitions } = stage;
  const deep = height - horizon;
  let drawn = '';
  const strips = 5;
  for (let strip = 0; strip < strips; strip++) {
    const near = strip / strips;
    const y = horizon + deep * near ** 1.35 * 0.86;
    const phase = random.between(0, 6);
    const swing = 5 + near * 34;
    const points: Point[] = [];
    const steps = Math.min(60, Math.ceil(width / 120));
    for (let step = 0; step <= steps; step++) {
      const x = (width * step) / steps;
      points.push([x, y + (strip ? swing * (Math.sin(x / 330 + phase) - 0.4) : 0)]);
    }
    const tone = mix(
      mix(colour, palette.haze, 0.5 * (1 - near) ** 2),
      palette.shade,
      near * (stage.season === 'winter' ? 0.12 : 0.3),
    );
    const fill = definitions.between(y - swing, y + deep * 0.3, [
      [0, lighten(mix(tone, palette.glow, 0.16), 0.05)],
      [1, darken(tone, 0.16)],
    ]);
    drawn += path(`${smooth(points)}L${num(width)} ${num(height)}L0 ${num(height)}Z`, { fill });
  }
  return drawn;
}

/** Where the top of a hill is that the main subject stands on; absent if the prompt names no hill, or the ground is no meadow. */
export function hillTop({ ground, width, horizon, focus, subject }: Stage): Point | undefined {
  if (ground !== 'meadow' || !subject('hill')) return undefined;
  return [width / 2 + (focus - width / 2) * 0.4, horizon - Math.min(horizon * 0.12, 70)];
}

/** The hill itself. */
export function mound(stage: Stage, colour: string): string {
  const top = hillTop(stage);
  if (!top) return '';
  const { horizon, height, palette, definitions } = stage;
  const [x, y] = top;
  const foot = horizon + (height - horizon) * 0.62;
  const fill = definitions.between(y, foot, [
    [0, lighten(mix(colour, palette.glow, 0.26), 0.08)],
    [0.5, colour],
    [1, mix(colour, palette.shade, 0.14), 0],
  ]);
  const slope: Point[] = [
    [x - 760, foot],
    [x - 520, foot - (foot - y) * 0.3],
    [x - 240, foot - (foot - y) * 0.86],
    [x, y],
    [x + 240, foot - (foot - y) * 0.86],
    [x + 520, foot - (foot - y) * 0.3],
    [x + 760, foot],
  ];
  return path(`${smooth(slope)}Z`, { fill });
}

/** Blades of grass, and flowers where they are asked for or in season. */
export function tufts(stage: Stage, random: Random): string {
  const { width, height, horizon, palette } = stage;
  const deep = height - horizon;
  const colour = groundColour(stage);
  const tones = [darken(colour, 0.28), lighten(mix(colour, palette.glow, 0.3), 0.06)];
  const blades = ['', ''];
  const amount = Math.round(Math.min(1600, 420 * (width / 1000)) * (stage.style.plain ? 0.2 : 1));
  for (let index = 0; index < amount; index++) {
    const near = random.fraction() ** 0.7;
    const x = random.between(0, width);
    const y = horizon + deep * (0.1 + near * 0.9);
    const tall = (4 + 26 * near) * random.between(0.6, 1.3);
    const lean = random.between(-0.4, 0.4) * tall;
    blades[index % 2] +=
      `M${num(x)} ${num(y)}q${num(lean * 0.2)} ${num(-tall * 0.6)} ${num(lean)} ${num(-tall)}q${num(-lean * 0.3 + 2)} ${num(tall * 0.5)} ${num(3 + near * 2 - lean)} ${num(tall)}z`;
  }
  return tones.map((fill, index) => path(blades[index]!, { fill, opacity: 0.5 })).join('') + flowers(stage, random);
}

function flowers(stage: Stage, random: Random): string {
  const asked = stage.subject('flower');
  if (stage.refuses('flower')) return '';
  if (!asked && (stage.season === 'winter' || stage.season === 'autumn')) return '';
  const { width, height, horizon } = stage;
  const deep = height - horizon;
  const own = stage.colourOf('flower');
  const petals = (own ? [own, lighten(own, 0.2), darken(own, 0.12)] : stage.petals).map(stage.lit);
  const heart = stage.lit('#f7c948');
  const stem = darken(groundColour(stage), 0.3);
  const amount = Math.round((asked ? 230 : 40) * Math.min(4, width / 1000));
  const places = Array.from({ length: amount }, () => ({
    near: random.fraction() ** 0.75,
    x: random.between(0, width),
  })).sort((a, b) => a.near - b.near);
  return places
    .map(({ near, x }) => {
      const y = horizon + deep * (0.12 + near * 0.9);
      const size = (2 + 9 * near ** 1.6) * random.between(0.8, 1.25) * (asked ? 1.25 : 0.85) * (asked?.scale ?? 1);
      const fill = random.pick(petals);
      if (size < 5) return ellipse(x, y - size, size, { fill }, size * 0.8);
      const ring = Array.from({ length: 5 }, (_, index) => {
        const turn = (index * Math.PI * 2) / 5 + near * 7;
        return ellipse(
          x + Math.cos(turn) * size * 0.62,
          y - size * 2.4 + Math.sin(turn) * size * 0.5,
          size * 0.56,
          { fill },
          size * 0.5,
        );
      });
      return (
        line(
          [
            [x, y],
            [x + size * 0.2, y - size * 2],
          ],
          stem,
          size * 0.22,
          0.8,
        ) +
        ring.join('') +
        ellipse(x, y - size * 2.4, size * 0.36, { fill: mix(heart, fill, fill === heart ? 0.5 : 0) })
      );
    })
    .join('');
}
