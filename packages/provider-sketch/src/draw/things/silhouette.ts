// Draws a thing that is given as data.

import type { Silhouette, SilhouettePaint } from '../../data/silhouettes.ts';
import { darken, lighten, mix } from '../brush/colour.ts';
import { path } from '../brush/svg.ts';
import { paneColour } from './lamps.ts';
import type { Thing } from './thing.ts';

/** A thing from its silhouette: coloured by the prompt, in the light of the scene, a little darker towards the ground. */
export function fromSilhouette({ place, tall, half, usual, main, accent, shapes }: Silhouette): Thing {
  return {
    place,
    tall,
    half,
    ...(usual && { usual }),
    draw({ stage, random, colour, accent: second }) {
      const { lit, palette, definitions } = stage;
      const own = colour ?? lit(random.pick(main));
      const shaded = (tone: string) =>
        definitions.between(-100, 0, [
          [0, lighten(mix(tone, palette.glow, 0.12), 0.06)],
          [0.55, tone],
          [1, darken(tone, 0.2)],
        ]);
      const colours: Readonly<Record<Exclude<SilhouettePaint, `#${string}`>, string>> = {
        main: shaded(own),
        dark: darken(own, 0.2),
        darker: darken(own, 0.42),
        light: lighten(own, 0.42),
        accent: second ?? lit(accent),
        window: paneColour(stage, '#7f9db2'),
      };
      return shapes
        .map(([paint, d, width]) => {
          const tone = paint.startsWith('#') ? lit(paint) : colours[paint as keyof typeof colours];
          if (width === undefined) return path(d, { fill: tone });
          const stroke = paint === 'main' ? own : tone;
          return path(d, {
            fill: 'none',
            stroke,
            'stroke-width': width,
            'stroke-linecap': 'round',
            'stroke-linejoin': 'round',
          });
        })
        .join('');
    },
  };
}
