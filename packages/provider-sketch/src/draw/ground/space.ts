// Outer space: nebulae, stars, a large planet; and the ground of a moon if something has to stand on it.

import { darken, lighten, mix } from '../brush/colour.ts';
import type { Random } from '../brush/random.ts';
import { circle, ellipse, group, num, type Point, path, rectangle, smooth } from '../brush/svg.ts';
import type { Stage } from '../stage.ts';

/** Colours of one piece of space: the deep, two clouds, the planet and its ring. */
const skies = [
  { deep: '#070615', clouds: ['#5b2a8c', '#1f5fae'], planet: '#d98a4a', ring: '#f0d3a0' },
  { deep: '#040a18', clouds: ['#0f6f86', '#7a2f7f'], planet: '#b9553f', ring: '#e8b98a' },
  { deep: '#0a0512', clouds: ['#a8325f', '#3a3fa8'], planet: '#4f86b8', ring: '#cfe0ee' },
] as const;

/** Everything behind the things. */
export function space(stage: Stage): string {
  const random = stage.random.branch();
  const { width, height } = stage;
  const sky = random.pick(skies);
  const tint = stage.colourOf('space') ?? stage.colourOf('sky');
  const clouds = tint ? [tint, darken(tint, 0.3)] : sky.clouds;
  const planetColour = stage.colourOf('planet') ?? sky.planet;
  return [
    rectangle(0, 0, width, height, { fill: tint ? darken(tint, 0.86) : sky.deep }),
    ...clouds.map((colour) => nebula(stage, random, colour)),
    stage.refuses('stars') ? '' : stars(stage, random),
    stage.refuses('moon') ? '' : smallMoon(stage, random, lighten(clouds[0]!, 0.35)),
    stage.refuses('planet')
      ? ''
      : planet(stage, random, planetColour, stage.subject('planet')?.accent ? stage.accentOf('planet')! : sky.ring),
  ].join('');
}

/** Soft clouds of gas along a slanting band. */
function nebula({ width, height, definitions }: Stage, random: Random, colour: string): string {
  const fill = definitions.radial([
    [0, lighten(colour, 0.25), 0.34],
    [0.4, colour, 0.2],
    [1, colour, 0],
  ]);
  const [from, to] = [random.between(0.1, 0.9) * height, random.between(0.1, 0.9) * height];
  return Array.from({ length: 15 }, (_, index) => {
    const along = index / 14;
    return ellipse(
      along * width + random.between(-90, 90),
      from + (to - from) * along + random.between(-130, 130),
      random.between(150, 330),
      { fill },
      random.between(90, 230),
    );
  }).join('');
}

function stars({ width, height, colourOf }: Stage, random: Random): string {
  const own = colourOf('stars') ?? '#ffffff';
  const amount = Math.round(Math.min(1400, (360 * width * height) / 1e6));
  const tints = ['#ffffff', '#bcd4ff', '#ffe0b8'].map((tint) => mix(tint, own, 0.35));
  const dust = tints.map(() => '');
  let bright = '';
  for (let index = 0; index < amount; index++) {
    const [x, y, size] = [random.between(0, width), random.between(0, height), random.fraction() ** 4];
    const tint = random.whole(0, tints.length - 1);
    dust[tint] += circle(x, y, 0.7 + size * 2.4);
    if (size > 0.82) {
      const arm = 6 + size * 10;
      bright += path(
        `M${num(x)} ${num(y - arm)}L${num(x + 1.2)} ${num(y - 1.2)}L${num(x + arm)} ${num(y)}L${num(x + 1.2)} ${num(y + 1.2)}L${num(x)} ${num(y + arm)}L${num(x - 1.2)} ${num(y + 1.2)}L${num(x - arm)} ${num(y)}L${num(x - 1.2)} ${num(y - 1.2)}Z`,
        { fill: tints[tint]!, opacity: 0.85 },
      );
    }
  }
  return dust.map((d, index) => path(d || 'M0 0', { fill: tints[index]!, opacity: 0.85 })).join('') + bright;
}

function smallMoon({ width, height, definitions, focus }: Stage, random: Random, colour: string): string {
  const x = focus < width / 2 ? width * random.between(0.1, 0.22) : width * random.between(0.78, 0.9);
  const y = height * random.between(0.12, 0.24);
  const radius = random.between(26, 46);
  return (
    ball(definitions, x, y, radius, colour) +
    ellipse(x - radius * 0.3, y - radius * 0.2, radius * 0.2, { fill: darken(colour, 0.2), opacity: 0.5 })
  );
}

/** A striped planet with a ring around it, lit from above on the left. */
function planet(stage: Stage, random: Random, colour: string, ringColour: string): string {
  const { width, height, definitions } = stage;
  const asked = stage.subject('planet');
  const radius = Math.min(width, height) * 0.2 * (asked?.scale ?? 1) * (stage.crowded ? (asked ? 0.85 : 0.62) : 1.1);
  const left = stage.focus < width / 2;
  const x = stage.crowded ? width * (left ? 0.72 : 0.28) : width * (left ? 0.47 : 0.53);
  const y = height * (stage.crowded ? 0.26 : 0.48);
  const disc = definitions.clip(ellipse(x, y, radius, {}));
  let bands = '';
  for (let band = 0; band < 7; band++) {
    const at = y + radius * (-0.8 + band * 0.27 + random.between(-0.05, 0.05));
    const tone = band % 2 ? lighten(colour, random.between(0.12, 0.4)) : darken(colour, random.between(0.08, 0.26));
    bands += ellipse(x, at, radius * 1.2, { fill: tone, opacity: 0.75 }, radius * random.between(0.07, 0.14));
  }
  const shade = definitions.radial(
    [
      [0, '#ffffff', 0.3],
      [0.45, '#ffffff', 0],
      [0.62, '#05040f', 0.12],
      [1, '#05040f', 0.86],
    ],
    [0.34, 0.32],
  );
  const halo = definitions.radial([
    [0, lighten(colour, 0.4), 0.5],
    [0.72, lighten(colour, 0.3), 0.32],
    [1, colour, 0],
  ]);
  const ball = group(ellipse(x, y, radius, { fill: colour }) + bands + ellipse(x, y, radius * 1.02, { fill: shade }), {
    'clip-path': disc,
  });
  const back = definitions.clip(rectangle(x - radius * 3, y - radius * 2, radius * 6, radius * 2, {}));
  const front = definitions.clip(rectangle(x - radius * 3, y, radius * 6, radius * 2, {}));
  const ring = [
    [2.15, 0.2, 0.8],
    [1.86, 0.13, 0.55],
    [1.62, 0.08, 0.9],
  ]
    .map(([reach, thick, opacity]) =>
      ellipse(
        x,
        y,
        radius * reach!,
        { fill: 'none', stroke: ringColour, 'stroke-width': radius * thick!, opacity: opacity! },
        radius * reach! * 0.27,
      ),
    )
    .join('');
  const turned = { transform: `rotate(-16 ${num(x)} ${num(y)})` };
  return [
    ellipse(x, y, radius * 1.4, { fill: halo }),
    group(group(ring, { 'clip-path': back }), turned),
    ball,
    group(group(ring, { 'clip-path': front }), turned),
  ].join('');
}

function ball(definitions: Stage['definitions'], x: number, y: number, radius: number, colour: string): string {
  const fill = definitions.radial(
    [
      [0, lighten(colour, 0.5)],
      [0.5, colour],
      [1, darken(colour, 0.75)],
    ],
    [0.35, 0.35],
  );
  return ellipse(x, y, radius, { fill });
}

/** The ground of a moon with craters, from the horizon down. */
export function moonGround(stage: Stage): string {
  const { width, height, horizon, definitions } = stage;
  const random = stage.random.branch();
  const colour = '#8d8a96';
  const edge: Point[] = Array.from({ length: 13 }, (_, step) => {
    const along = step / 12;
    return [width * along, horizon + 60 * (along * 2 - 1) ** 2 + random.between(-7, 7)];
  });
  const fill = definitions.between(horizon - 10, height, [
    [0, lighten(colour, 0.25)],
    [0.25, colour],
    [1, darken(colour, 0.62)],
  ]);
  let craters = '';
  for (let index = 0; index < 16; index++) {
    const near = random.between(0.12, 1);
    const [x, y] = [random.between(0, width), horizon + 30 + (height - horizon) * near * 0.9];
    const reach = (14 + near * 70) * random.between(0.5, 1.2);
    craters +=
      ellipse(x, y, reach, { fill: darken(colour, 0.4), opacity: 0.65 }, reach * 0.28) +
      ellipse(x, y + reach * 0.07, reach * 0.9, { fill: darken(colour, 0.18), opacity: 0.8 }, reach * 0.22);
  }
  return path(`${smooth(edge)}L${num(width)} ${num(height)}L0 ${num(height)}Z`, { fill }) + craters;
}
