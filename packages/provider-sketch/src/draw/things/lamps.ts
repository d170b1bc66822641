// Light and smoke of what people build: windows and lamps burn when it is dark.

import { mix } from '../brush/colour.ts';
import { ellipse, polygon } from '../brush/svg.ts';
import type { Stage } from '../stage.ts';

/** The colour of a pane: lit from inside when it is dark, else the given colour. */
export function paneColour({ palette, lit }: Stage, dark: string): string {
  return palette.lamps > 0.2 ? mix(lit(dark), '#ffd27a', Math.min(1, 0.4 + palette.lamps * 0.6)) : lit(dark);
}

/** A halo around a window or lamp; nothing by day. */
export function glow({ palette, definitions }: Stage, x: number, y: number, reach: number): string {
  if (palette.lamps < 0.3) return '';
  const fill = definitions.radial([
    [0, '#ffdf94', 0.5 * palette.lamps],
    [1, '#ffbf5e', 0],
  ]);
  return ellipse(x, y, reach, { fill });
}

/** The two beams of a lighthouse; the long one points into the picture. */
export function beam({ palette, definitions, focus, width }: Stage): string {
  const fill = definitions.linear(
    [
      [0, '#fff3c0', 0],
      [0.5, '#fff3c0', 0.5 * palette.lamps],
      [1, '#fff3c0', 0],
    ],
    'across',
  );
  const away = focus < width / 2 ? 1 : -1;
  return polygon(
    [
      [-away * 150, -89],
      [-away * 150, -69],
      [0, -82],
      [away * 260, -112],
      [away * 260, -76],
      [0, -81],
    ],
    { fill },
  );
}

/** Smoke over the chimney of a house. */
export function smoke({ palette, weather, definitions }: Stage): string {
  if (weather === 'storm') return '';
  const puffs = [
    [41, -108, 5],
    [47, -119, 7],
    [44, -133, 9.5],
    [53, -149, 12],
  ] as const;
  const fill = definitions.radial([
    [0, palette.cloudLight, 0.75],
    [0.6, palette.cloudLight, 0.45],
    [1, palette.cloudLight, 0],
  ]);
  return puffs.map(([x, y, r], index) => ellipse(x, y, r * 1.4, { fill, opacity: 0.9 - index * 0.2 })).join('');
}
