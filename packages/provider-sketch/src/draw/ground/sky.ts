// From the zenith down to the horizon: air, stars, aurora, sun or moon, rainbow, clouds.

import { darken, lighten, lightness, mix } from '../brush/colour.ts';
import type { Random } from '../brush/random.ts';
import { circle, ellipse, group, num, type Point, path, polygon, rectangle, straight } from '../brush/svg.ts';
import { hexOf, type Stage } from '../stage.ts';

/** Everything behind the land. */
export function sky(stage: Stage): string {
  return [
    air(stage),
    stars(stage),
    stage.subject('aurora') ? aurora(stage) : '',
    stage.style.rays && stage.luminary ? rays(stage) : '',
    disc(stage),
    stage.subject('rainbow') ? rainbow(stage) : '',
    clouds(stage),
  ].join('');
}

function air({ width, horizon, height, palette, definitions }: Stage): string {
  const last = palette.sky.length - 1;
  const fill = definitions.between(
    0,
    horizon,
    palette.sky.map((colour, index) => [index / last, colour]),
  );
  return rectangle(0, 0, width, height, { fill });
}

function stars(stage: Stage): string {
  const asked = stage.subject('stars');
  const clear = stage.weather === 'clear' || asked;
  if (!clear || (stage.time !== 'night' && stage.time !== 'dusk' && !asked)) return '';
  const random = stage.random.branch();
  if (stage.refuses('stars')) return '';
  const amount = Math.round(
    (asked ? 420 : stage.time === 'night' ? 200 : 50) * Math.min(3, Math.max(0.5, (stage.width * stage.horizon) / 6e5)),
  );
  const colour = stage.colourOf('stars') ?? '#ffffff';
  let dots = asked ? milkyWay(stage) : '';
  for (let index = 0; index < amount; index++) {
    const down = random.fraction() ** 1.4;
    const bright = random.fraction() ** 3;
    const radius = 0.6 + bright * 1.7;
    const x = random.between(0, stage.width);
    const y = down * stage.horizon * 0.92;
    const tint = mix(colour, random.pick(['#ffe6bf', '#bcd4ff', '#ffffff']), 0.5);
    dots += ellipse(x, y, radius, { fill: tint, opacity: (0.35 + 0.65 * bright) * (1 - down * 0.65) });
    if (bright > 0.86) dots += twinkle(x, y, radius * 5, tint);
  }
  return dots;
}

function twinkle(x: number, y: number, reach: number, fill: string): string {
  const arm = reach * 0.09;
  return path(
    `M${num(x)} ${num(y - reach)}L${num(x + arm)} ${num(y - arm)}L${num(x + reach)} ${num(y)}L${num(x + arm)} ${num(y + arm)}L${num(x)} ${num(y + reach)}L${num(x - arm)} ${num(y + arm)}L${num(x - reach)} ${num(y)}L${num(x - arm)} ${num(y - arm)}Z`,
    { fill, opacity: 0.6 },
  );
}

function milkyWay({ width, horizon, random, palette, definitions }: Stage): string {
  const fill = definitions.radial([
    [0, lighten(palette.glow, 0.2), 0.16],
    [0.6, palette.glow, 0.05],
    [1, palette.glow, 0],
  ]);
  const reach = Math.min(width, 1600);
  let band = '';
  for (let index = 0; index < 16; index++) {
    const along = index / 15;
    band += ellipse(
      width / 2 + (along - 0.5) * reach * 1.1,
      horizon * (0.85 - along * 0.8) + random.between(-30, 30),
      random.between(130, 230),
      { fill },
      random.between(80, 150),
    );
  }
  return band;
}

/** Curtains of light: many narrow rays along a winding line, bright at the foot and gone at the top. */
function aurora(stage: Stage): string {
  const { width, horizon, definitions } = stage;
  const random = stage.random.branch();
  const own = stage.colourOf('aurora');
  const colours = own ? [own, lighten(own, 0.25), own] : ['#3df2a0', '#35d9b6', '#7f6cf0'];
  const rays = 130;
  const wide = (width / rays) * 1.9;
  let curtains = '';
  for (const [index, colour] of colours.entries()) {
    const foot = horizon * (0.78 - 0.17 * index);
    const [phase, bend] = [random.between(0, 6), random.between(2.2, 3.6)];
    const fill = definitions.linear([
      [0, colours.at(-1)!, 0],
      [0.4, colour, 0.1],
      [0.82, lighten(colour, 0.2), 0.3],
      [0.95, lighten(colour, 0.5), 0.36],
      [1, colour, 0],
    ]);
    for (let ray = 0; ray < rays; ray++) {
      const along = ray / rays;
      const x = width * (along + 0.03 * Math.sin(along * bend * 9 + phase));
      const y =
        foot + horizon * (0.09 * Math.sin(along * bend * 2 + phase) + 0.025 * Math.sin(along * bend * 7 + phase * 2));
      const glow = 0.5 + 0.5 * Math.sin(along * bend * 4 + phase * 3);
      const tall = horizon * (0.22 + 0.3 * glow) * random.between(0.75, 1.1);
      curtains += polygon(
        [
          [x, y],
          [x + wide, y + 3],
          [x + wide * 1.2, y - tall],
          [x + wide * 0.2, y - tall - 6],
        ],
        { fill, opacity: 0.3 + 0.7 * glow },
      );
    }
  }
  return curtains;
}

/** Beams from the sun or moon all around, up to the edges of the sky. */
function rays({ width, horizon, disc: at, palette }: Stage): string {
  const beams = 18;
  const edge = (turn: number): Point => {
    const [dx, dy] = [Math.cos(turn * Math.PI * 2), Math.sin(turn * Math.PI * 2)];
    const across = ((dx > 0 ? width : 0) - at.x) / (dx || 1e-9);
    const down = ((dy > 0 ? horizon : 0) - at.y) / (dy || 1e-9);
    const reach = Math.min(Math.abs(across), Math.abs(down));
    return [at.x + dx * reach, at.y + dy * reach];
  };
  const wedges = Array.from({ length: beams }, (_, beam) => {
    const rim = [0, 0.2, 0.4, 0.6, 0.8, 1].map((share) => edge((beam + share / 2) / beams));
    return `${straight([[at.x, at.y], ...rim])}Z`;
  });
  return path(wedges.join(''), { fill: palette.glow, opacity: 0.16 });
}

function disc(stage: Stage): string {
  const { palette, definitions, time, disc: at, width, horizon, weather, lit, luminary } = stage;
  if (!luminary) return '';
  const moon = luminary === 'moon';
  const subject = stage.subject(luminary);
  const veiled = weather !== 'clear' && !subject;
  const colour = hexOf(subject?.colour) ?? (moon ? '#f7f2de' : palette.disc);
  const radius = (moon ? 46 : time === 'day' ? 44 : 58) * (subject?.scale ?? 1);
  const glow = subject?.colour ? mix(palette.glow, colour, 0.5) : palette.glow;
  const strength = veiled ? 0.4 : 1;
  const halo = definitions.radial([
    [0, glow, 0.85 * strength],
    [0.16, glow, 0.5 * strength],
    [0.45, glow, 0.18 * strength],
    [1, glow, 0],
  ]);
  const reach = moon ? 330 : time === 'day' ? 420 : 560;
  const band = definitions.radial([
    [0, glow, 0.6 * strength],
    [1, glow, 0],
  ]);
  const belt =
    time === 'night'
      ? ''
      : ellipse(at.x, horizon, Math.min(width, 1300), { fill: band, opacity: time === 'day' ? 0.45 : 0.9 }, 190);
  const light = belt + ellipse(at.x, at.y, reach, { fill: halo });
  // A rainbow stands opposite the sun, which is then behind the eye.
  if (veiled || (stage.subject('rainbow') && !subject)) return light;
  const face = definitions.radial(
    [
      [0, lighten(colour, 0.5)],
      [0.7, colour],
      [1, mix(colour, glow, moon ? 0.1 : 0.35)],
    ],
    moon ? [0.42, 0.42] : [0.5, 0.5],
  );
  const craters = [
    [-0.35, -0.1, 0.2],
    [0.2, 0.3, 0.26],
    [0.28, -0.35, 0.14],
    [-0.1, 0.52, 0.1],
    [-0.12, -0.55, 0.1],
  ];
  const marks = moon
    ? craters
        .map(([x, y, r]) =>
          ellipse(at.x + x! * radius, at.y + y! * radius, r! * radius, {
            fill: darken(lit(colour), 0.1),
            opacity: 0.28,
          }),
        )
        .join('')
    : '';
  return light + ellipse(at.x, at.y, radius, { fill: face }) + marks;
}

function rainbow({ width, horizon, definitions, disc: at }: Stage): string {
  const middle = width - at.x;
  const outer = Math.min(width * 0.62, horizon * 0.95, 900);
  const inside = (value: number) => 1 - (1 - value) * 0.24;
  const hues = ['#7b4bd1', '#3f6fe0', '#3fb7c9', '#58c35c', '#f3dc4d', '#f29a3c', '#e2493f'];
  const fill = definitions.radial([
    [inside(0), hues[0]!, 0],
    ...hues.map((hue, index): [number, string, number] => [inside(0.15 + (0.7 * index) / 6), hue, 0.55]),
    [1, hues[6]!, 0],
  ]);
  return ellipse(middle, horizon, outer, { fill });
}

function clouds(stage: Stage): string {
  const random = stage.random.branch();
  if (stage.refuses('cloud')) return '';
  const asked = stage.subject('cloud');
  const grey = stage.weather !== 'clear';
  const low = stage.time !== 'day' && !grey;
  const wide = Math.min(4, stage.width / 1000);
  const streaks = low ? Math.round((asked ? 9 : 6) * wide) : Math.round(2 * wide);
  if (stage.weather === 'fog' && !asked) return '';
  const heaps = Math.round(usualHeaps(stage, asked !== undefined) * wide);
  let drawn = '';
  for (let index = 0; index < streaks; index++) drawn += streak(stage, random);
  const colour = stage.colourOf('cloud');
  for (let index = 0; index < heaps; index++) {
    // Low clouds are far away: small and pale.
    const far = 1 - (index + random.fraction()) / heaps;
    const size = (grey ? 210 : 150) * (1.15 - far * 0.85) * random.between(0.8, 1.25);
    const x = stage.width * ((index * 0.618 + random.between(-0.08, 0.08) + 0.13) % 1);
    const y = stage.horizon * (0.12 + far * 0.66);
    drawn += heap(stage, random, x, y, size, far, colour);
  }
  return drawn;
}

/** How many heaped clouds a picture of 1000 px in width has. */
function usualHeaps({ weather, time }: Stage, asked: boolean): number {
  if (weather !== 'clear') return 7;
  if (time === 'day') return asked ? 6 : 4;
  if (asked) return 4;
  return time === 'night' ? 1 : 2;
}

/** A thin band of cloud, lit from below. */
function streak({ width, horizon, palette, definitions }: Stage, random: Random): string {
  const down = random.between(0.3, 0.95);
  const length = random.between(180, 420);
  const thick = random.between(4, 13);
  const x = random.between(-0.05, 1.05) * width;
  const y = horizon * down;
  const colour = mix(palette.cloudShade, palette.cloudLight, 0.25 + down * 0.75);
  const fill = definitions.linear(
    [
      [0, colour, 0],
      [0.3, colour, 0.75],
      [0.65, colour, 0.6],
      [1, colour, 0],
    ],
    'across',
  );
  const lens = (dx: number, dy: number, share: number) => {
    const [from, to, mid, top] = [x + dx - (length * share) / 2, x + dx + (length * share) / 2, y + dy, thick * share];
    return path(
      `M${num(from)} ${num(mid)}Q${num(x + dx)} ${num(mid - top * 2)} ${num(to)} ${num(mid)}Q${num(x + dx)} ${num(mid + top)} ${num(from)} ${num(mid)}Z`,
      { fill },
    );
  };
  return lens(0, 0, 1) + lens(length * 0.22, -thick * 1.1, 0.6) + lens(-length * 0.25, thick * 1.4, 0.5);
}

/** A heaped cloud: billows above, fading away below, light on the side of the sun. */
function heap(stage: Stage, random: Random, x: number, y: number, size: number, far: number, tint?: string): string {
  const { palette, definitions } = stage;
  const crown = mix(tint ? mix(palette.cloudLight, tint, 0.6) : palette.cloudLight, palette.haze, far * 0.35);
  const base = mix(tint ? mix(palette.cloudShade, tint, 0.45) : palette.cloudShade, palette.haze, far * 0.5);
  const foot = stage.weather === 'storm' ? darken(base, 0.25) : base;
  const bright = lighten(crown, lightness(crown) > 0.5 ? 0.5 : 0.12);
  const [high, side] = [size * random.between(0.5, 0.75), stage.disc.x > x ? 1 : -1];
  const summit = random.between(-0.22, 0.22);
  const billows = Array.from({ length: 13 }, (_, index) => {
    const along = (index / 12 - 0.5) * 1.9 + random.between(-0.06, 0.06);
    const dome = Math.max(0, 1 - Math.abs(along - summit) / 1.05) ** 0.8;
    const radius = size * (0.1 + 0.17 * dome) * random.between(0.72, 1.2);
    return { x: x + along * size, y: y - radius * 0.55 - dome * high * random.between(0.25, 0.62), radius };
  });
  const round = (grow: number, dx: number, dy: number) =>
    billows.map(({ x: cx, y: cy, radius }) => circle(cx + dx * radius, cy + dy * radius, radius * grow)).join('');
  const slab = `M${num(x - size * 1.15)} ${num(y)}Q${num(x - size)} ${num(y - size * 0.24)} ${num(x)} ${num(y - size * 0.3)}Q${num(x + size)} ${num(y - size * 0.24)} ${num(x + size * 1.15)} ${num(y)}Q${num(x)} ${num(y + size * 0.2)} ${num(x - size * 1.15)} ${num(y)}Z`;
  const [top, bottom] = [y - high - size * 0.12, y + size * 0.1];
  const body = definitions.between(top, bottom, [
    [0, bright],
    [0.5, crown],
    [0.8, mix(crown, foot, 0.75), 0.9],
    [1, foot, 0],
  ]);
  const shade = definitions.between(top, bottom, [
    [0, foot, 0.1],
    [0.7, foot, 0.5],
    [1, foot, 0],
  ]);
  const light = definitions.between(top, bottom, [
    [0, bright, 0.95],
    [0.55, bright, 0.4],
    [0.8, bright, 0],
  ]);
  // One path for all billows, so that they melt into one body; then its shaded inside, then the light on its edge.
  return group(
    path(round(1, 0, 0) + slab, { fill: body }) +
      path(round(0.78, -side * 0.1, 0.3), { fill: shade }) +
      path(round(0.66, side * 0.16, -0.02), { fill: light }),
    { opacity: 0.95 - far * 0.25 },
  );
}
