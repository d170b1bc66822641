// What falls or hangs between the eye and the scene.

import { lighten, mix } from '../brush/colour.ts';
import { ellipse, num, path, rectangle } from '../brush/svg.ts';
import type { Stage } from '../stage.ts';

/** Rain, snow, fog or lightning over everything else. */
export function weather(stage: Stage): string {
  switch (stage.weather) {
    case 'rain':
      return rain(stage, 1);
    case 'storm':
      return rain(stage, 1.5);
    case 'snow':
      return snow(stage);
    case 'fog':
      return fog(stage);
    default:
      return '';
  }
}

/** A flash from the clouds down to the horizon; it belongs behind the land. */
export function lightning(stage: Stage): string {
  if (stage.weather !== 'storm') return '';
  const random = stage.random.branch();
  const { width, horizon, definitions } = stage;
  let [x, y] = [width - stage.focus + random.between(-60, 60), horizon * 0.2];
  let bolt = `M${num(x)} ${num(y)}`;
  let branches = '';
  while (y < horizon) {
    x += random.between(-36, 36);
    y += random.between(24, 58) * Math.max(1, horizon / 900);
    bolt += `L${num(x)} ${num(Math.min(y, horizon))}`;
    if (random.chance(0.3))
      branches += `M${num(x)} ${num(y)}l${num(random.between(-60, 60))} ${num(46)}l${num(random.between(-24, 24))} ${num(38)}`;
  }
  const glow = definitions.radial([
    [0, '#dfe6ff', 0.55],
    [1, '#dfe6ff', 0],
  ]);
  const stroke = (d: string, size: number, opacity: number) =>
    path(d, {
      fill: 'none',
      stroke: '#f4f6ff',
      'stroke-width': size,
      'stroke-linejoin': 'round',
      'stroke-linecap': 'round',
      opacity,
    });
  return (
    ellipse(x, horizon * 0.5, 340, { fill: glow }, horizon * 0.6) +
    stroke(bolt, 9, 0.22) +
    stroke(branches || 'M0 0', 1.6, 0.6) +
    stroke(bolt, 3.2, 0.95)
  );
}

function rain({ width, height, palette, random: chance }: Stage, strength: number): string {
  const random = chance.branch();
  const colour = lighten(mix(palette.cloudLight, palette.haze, 0.3), 0.35);
  const amount = Math.round(Math.min(2600, 420 * strength * ((width * height) / 1e6)));
  const lean = random.between(-0.3, -0.12) * strength;
  const sheets = ['', ''];
  for (let index = 0; index < amount; index++) {
    const near = random.fraction() ** 2;
    const length = 18 + near * 56;
    sheets[index % 2] +=
      `M${num(random.between(-40, width + 40))} ${num(random.between(-60, height))}l${num(lean * length)} ${num(length)}`;
  }
  return sheets
    .map((d, index) =>
      path(d || 'M0 0', {
        fill: 'none',
        stroke: colour,
        'stroke-width': 1.1 + index * 0.9,
        'stroke-linecap': 'round',
        opacity: 0.34 - index * 0.08,
      }),
    )
    .join('');
}

function snow({ width, height, random: chance, definitions }: Stage): string {
  const random = chance.branch();
  const soft = definitions.radial([
    [0, '#ffffff', 0.95],
    [0.5, '#ffffff', 0.75],
    [1, '#ffffff', 0],
  ]);
  const amount = Math.round(Math.min(2200, 420 * ((width * height) / 1e6)));
  let flakes = '';
  for (let index = 0; index < amount; index++) {
    const near = random.fraction() ** 3;
    flakes += ellipse(random.between(0, width), random.between(0, height), 1.6 + near * 11, {
      fill: near > 0.12 ? soft : '#ffffff',
      opacity: 0.85 - near * 0.35,
    });
  }
  return flakes;
}

function fog({ width, height, horizon, palette, definitions, random: chance }: Stage): string {
  const random = chance.branch();
  const veil = definitions.between(horizon * 0.35, height, [
    [0, palette.haze, 0],
    [0.4, palette.haze, 0.62],
    [1, palette.haze, 0.12],
  ]);
  const wisp = definitions.radial([
    [0, lighten(palette.haze, 0.25), 0.5],
    [1, palette.haze, 0],
  ]);
  let wisps = '';
  for (let index = 0; index < 9; index++) {
    wisps += ellipse(
      random.between(0, width),
      horizon + random.between(-0.12, 0.35) * (height - horizon),
      random.between(260, 520),
      { fill: wisp },
      random.between(22, 60),
    );
  }
  return rectangle(0, 0, width, height, { fill: veil }) + wisps;
}
