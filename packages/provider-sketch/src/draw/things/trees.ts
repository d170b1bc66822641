// What grows: broad-leaved trees, blossom, conifers, palms, cacti. Their light comes from the side of the sun.

import { darken, lighten, mix } from '../brush/colour.ts';
import type { Random } from '../brush/random.ts';
import { circle, ellipse, group, line, type Point, path, place, polygon } from '../brush/svg.ts';
import type { Stage } from '../stage.ts';
import type { Brush, Thing } from './thing.ts';

/** A broad-leaved tree. */
export const tree: Thing = {
  place: 'land',
  tall: 430,
  half: 44,
  draw: (brush) => crown(brush, brush.colour ?? brush.stage.lit(brush.random.pick(brush.stage.leaves))),
};

/** A cherry tree in flower. */
export const blossom: Thing = {
  place: 'land',
  tall: 420,
  half: 46,
  draw: (brush) => crown(brush, brush.colour ?? brush.stage.lit(brush.random.pick(['#f6b9cd', '#f3a6c0', '#fad0dc']))),
};

/** A conifer in tiers. */
export const pine: Thing = {
  place: 'land',
  tall: 400,
  half: 24,
  draw({ stage, random, colour }) {
    const needles = colour ?? stage.lit(random.pick(['#2c5f4a', '#336b4c', '#26544a']));
    const snowy = stage.season === 'winter' && !colour;
    const side = stage.disc.x > stage.width / 2 ? 1 : -1;
    let drawn = line(
      [
        [0, 0],
        [0, -22],
      ],
      darken(stage.lit('#5d4335'), 0.15),
      4.4,
    );
    const tiers = 7;
    for (let tier = 0; tier < tiers; tier++) {
      const along = tier / tiers;
      const foot = -10 - along * 78;
      const top = foot - 30 + along * 8;
      const half = 23 * (1 - along) ** 0.85 + 3;
      const sag = random.between(-1.5, 1.5);
      const fringe: Point[] = [[0, top]];
      for (let tooth = 0; tooth <= 8; tooth++) {
        const x = half - (half * 2 * tooth) / 8;
        fringe.push([x, foot + (tooth % 2 ? -3.6 : 0) - Math.abs(x) * 0.08 + sag]);
      }
      const tone = mix(darken(needles, 0.3), lighten(needles, 0.08), along);
      drawn += polygon(fringe, { fill: tone });
      drawn += polygon(
        [
          [0, top],
          [side * half * 0.96, foot - 1],
          [side * half * 0.4, foot - 3.4],
          [side * half * 0.1, foot],
        ],
        { fill: lighten(mix(tone, stage.palette.glow, 0.3), 0.05), opacity: 0.45 },
      );
      if (snowy)
        drawn += path(
          `M0 ${top - 1}L${half * 0.8} ${foot - 4}Q${half * 0.45} ${foot - 8} ${half * 0.25} ${foot - 4}Q0 ${foot - 10} ${-half * 0.3} ${foot - 4}Q${-half * 0.5} ${foot - 8} ${-half * 0.8} ${foot - 4}Z`,
          { fill: stage.lit('#f2f7fb'), opacity: 0.92 },
        );
    }
    return drawn;
  },
};

/** A leaning palm. */
export const palm: Thing = {
  place: 'land',
  tall: 390,
  half: 40,
  usual: 2,
  draw({ stage, random, colour }) {
    const leaf = colour ?? stage.lit('#3f8a4d');
    const bark = stage.lit('#8a6a4a');
    const lean = random.between(8, 20) * (random.chance(0.5) ? 1 : -1);
    const top: Point = [lean, -78];
    let rings = '';
    for (let ring = 1; ring < 12; ring++) {
      const along = ring / 12;
      const x = lean * along ** 1.7;
      rings += `M${(x - 2.6).toFixed(1)} ${(-78 * along).toFixed(1)}q2.4 1.6 5 0`;
    }
    const trunk =
      path(`M-4 0Q${lean * 0.1 - 2} -45 ${lean - 2} -78H${lean + 2.4}Q${lean * 0.2 + 3.4} -40 5 0Z`, { fill: bark }) +
      path(rings, { fill: 'none', stroke: darken(bark, 0.35), 'stroke-width': 0.9, opacity: 0.7 });
    const fronds = [-172, -150, -122, -92, -62, -30, -8, 12, 168].map((angle, index) => {
      const reach = random.between(34, 44);
      const turn = (angle * Math.PI) / 180;
      const tip: Point = [top[0] + Math.cos(turn) * reach, top[1] + Math.sin(turn) * reach * 0.62 + 15];
      const bend: Point = [top[0] + Math.cos(turn) * reach * 0.55, top[1] + Math.sin(turn) * reach * 0.7 - 7];
      const fill = index % 2 ? darken(leaf, 0.22) : mix(leaf, stage.palette.glow, 0.14);
      return path(
        `M${top[0]} ${top[1]}Q${bend[0]} ${bend[1] - 4} ${tip[0]} ${tip[1]}Q${bend[0]} ${bend[1] + 7} ${top[0]} ${top[1]}Z`,
        { fill },
      );
    });
    const nuts = [
      [-2, 2],
      [2.5, 2.6],
      [0.4, 4.6],
    ].map(([x, y]) => ellipse(top[0] + x!, top[1] + y!, 2.5, { fill: darken(bark, 0.3) }));
    return trunk + fronds.join('') + nuts.join('');
  },
};

/** A saguaro. */
export const cactus: Thing = {
  place: 'land',
  tall: 270,
  half: 32,
  draw({ stage, random, colour }) {
    const { lit, definitions } = stage;
    const skin = colour ?? lit('#4f8a56');
    const fill = definitions.linear(
      [
        [0, lighten(mix(skin, stage.palette.glow, 0.2), 0.06)],
        [0.5, skin],
        [1, darken(skin, 0.36)],
      ],
      'across',
    );
    const arm = (side: number, from: number, tall: number) =>
      path(`M0 ${-from}h${side * 20}q${side * 5} 0 ${side * 5} -5v${-tall}`, {
        fill: 'none',
        stroke: skin,
        'stroke-width': 9.5,
        'stroke-linecap': 'round',
      }) +
      path(`M${side * 22} ${-from - 4}v${-tall}`, {
        fill: 'none',
        stroke: darken(skin, 0.3),
        'stroke-width': 1,
        'stroke-linecap': 'round',
        opacity: 0.5,
      });
    return [
      arm(-1, random.between(32, 42), random.between(20, 30)),
      arm(1, random.between(44, 54), random.between(14, 24)),
      path('M-7.5 0V-90Q-7.5 -100 0 -100Q7.5 -100 7.5 -90V0Z', { fill }),
      path('M-3 -2V-94M2 -2V-96M5 -2V-90', {
        fill: 'none',
        stroke: darken(skin, 0.35),
        'stroke-width': 0.9,
        opacity: 0.5,
      }),
      ellipse(0, -100, 3.4, { fill: lit('#ee86a8') }),
    ].join('');
  },
};

const kinds = { tree, pine } as const;

/** One tree of a wood: placed, as tall as asked, its colours changed by `veil` (distance, shade). */
export function growing(
  stage: Stage,
  random: Random,
  kind: keyof typeof kinds,
  x: number,
  y: number,
  tall: number,
  veil: (colour: string) => string,
): string {
  const own = stage.colourOf('forest');
  const usual = kind === 'pine' ? (stage.season === 'winter' ? '#41655f' : '#2c5f4a') : random.pick(stage.leaves);
  const colour = veil(own ? mix(own, random.pick(['#ffffff', '#000000']), random.between(0, 0.15)) : stage.lit(usual));
  const drawn = kinds[kind].draw({ stage, random, colour });
  return group(drawn, { transform: place(x, y, (tall / 100) * (random.chance(0.5) ? 1 : -1)) });
}

/** Trunk, boughs and three depths of leaves: shade behind, body, light in front. */
function crown({ stage, random }: Brush, leaf: string): string {
  const { palette, lit, disc, width } = stage;
  const bark = darken(lit('#5d4335'), 0.12);
  const side = disc.x > width / 2 ? 1 : -1;
  const trunk = path(
    'M-5.4 0Q-2.6 -18 -2.8 -40L-12 -58L-9.6 -59L-1.4 -48L0.6 -66L2.6 -48L11 -60L13 -58.4L3.2 -38Q3 -16 6 0Z',
    { fill: bark },
  );
  const clusters = Array.from({ length: 15 }, (_, index) => {
    const turn = index * 2.4;
    const out = Math.sqrt(index / 15);
    return {
      x: Math.cos(turn) * out * 28,
      y: -64 + Math.sin(turn) * out * 22,
      r: random.between(11, 16.5) * (1 - out * 0.22),
    };
  });
  const layer = (dx: number, dy: number, grow: number, fill: string, opacity = 1) =>
    path(clusters.map(({ x, y, r }) => circle(x + dx, y + dy, r * grow)).join(''), { fill, opacity });
  const tones = [darken(leaf, 0.2), lighten(mix(leaf, palette.glow, 0.2), 0.1)];
  const leaves = ['', ''];
  for (let index = 0; index < 150; index++) {
    const turn = random.between(0, 6.283);
    const out = Math.sqrt(random.fraction());
    const [x, y] = [Math.cos(turn) * out * 34, -64 + Math.sin(turn) * out * 28];
    const bright = (x * side - y - 64) / 60 + random.between(-0.5, 0.5);
    leaves[bright > 0.1 ? 1 : 0] += circle(x, y, random.between(0.8, 2));
  }
  return (
    trunk +
    layer(-side * 2, 5, 1.04, darken(leaf, 0.34)) +
    layer(0, 0, 0.95, leaf) +
    layer(side * 2.6, -3, 0.64, lighten(mix(leaf, palette.glow, 0.14), 0.07), 0.55) +
    leaves.map((d, index) => path(d || 'M0 0', { fill: tones[index]!, opacity: 0.5 })).join('')
  );
}
