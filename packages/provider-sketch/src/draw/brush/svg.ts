// Small helpers to write SVG. Lengths are units of the drawing: the shorter side of the picture is 1000.

import { mix } from './colour.ts';

/** A point. */
export type Point = readonly [x: number, y: number];

/** A number as SVG likes it: two decimals at most. */
export function num(value: number): string {
  return String(Math.round(value * 100) / 100);
}

/** `name="value"` pairs. */
export function attributes(values: Readonly<Record<string, string | number | undefined>>): string {
  return Object.entries(values)
    .filter(([, value]) => value !== undefined)
    .map(([name, value]) => ` ${name}="${typeof value === 'number' ? num(value) : value}"`)
    .join('');
}

/** What fills or outlines a shape. */
export interface Paint {
  readonly fill?: string;
  readonly opacity?: number;
  readonly stroke?: string;
  readonly 'stroke-width'?: number;
  readonly 'stroke-linecap'?: 'round';
  readonly 'stroke-linejoin'?: 'round';
  readonly 'clip-path'?: string;
}

/** Paint with the opacity of its fill or stroke where it has only one: the renderer draws a shape's own on a layer apart. */
function whole({ opacity, ...paint }: Paint): Readonly<Record<string, string | number | undefined>> {
  if (opacity === undefined) return paint;
  if (paint.stroke && paint.fill !== 'none') return { ...paint, opacity };
  return { ...paint, [paint.stroke ? 'stroke-opacity' : 'fill-opacity']: opacity };
}

/** A shape by SVG path commands. */
export function path(d: string, paint: Paint): string {
  return `<path d="${d}"${attributes(whole(paint))}/>`;
}

/** A closed shape with straight edges. */
export function polygon(points: readonly Point[], paint: Paint): string {
  return path(`${straight(points)}Z`, paint);
}

/** A line that is open at its ends. */
export function line(points: readonly Point[], stroke: string, width: number, opacity?: number): string {
  return path(points.length > 2 ? smooth(points) : straight(points), {
    fill: 'none',
    stroke,
    'stroke-width': width,
    'stroke-linecap': 'round',
    ...(opacity !== undefined && { opacity }),
  });
}

/** An ellipse, or a circle if only one radius is given. */
export function ellipse(x: number, y: number, rx: number, paint: Paint, ry = rx): string {
  return `<ellipse${attributes({ cx: x, cy: y, rx, ry, ...whole(paint) })}/>`;
}

/** An upright rectangle. */
export function rectangle(x: number, y: number, width: number, height: number, paint: Paint): string {
  return `<rect${attributes({ x, y, width, height, ...whole(paint) })}/>`;
}

/** Shapes as one, moved and scaled. */
export function group(content: string, values: Readonly<Record<string, string | number | undefined>> = {}): string {
  return `<g${attributes(values)}>${content}</g>`;
}

/** `translate(…) scale(…)`; a negative `scaleX` mirrors. */
export function place(x: number, y: number, scaleX = 1, scaleY = Math.abs(scaleX)): string {
  return `translate(${num(x)} ${num(y)}) scale(${Math.round(scaleX * 1e4) / 1e4} ${Math.round(scaleY * 1e4) / 1e4})`;
}

/** Path commands through the points by straight lines. */
export function straight(points: readonly Point[]): string {
  return points.map(([x, y], index) => `${index ? 'L' : 'M'}${num(x)} ${num(y)}`).join('');
}

/** Path commands through the points by a smooth curve (Catmull-Rom as Bézier). */
export function smooth(points: readonly Point[]): string {
  const [first] = points;
  if (!first) return '';
  let d = `M${num(first[0])} ${num(first[1])}`;
  for (let index = 0; index < points.length - 1; index++) {
    const [before, from, to, after] = [
      points[index - 1] ?? points[index]!,
      points[index]!,
      points[index + 1]!,
      points[index + 2] ?? points[index + 1]!,
    ];
    d += `C${num(from[0] + (to[0] - before[0]) / 6)} ${num(from[1] + (to[1] - before[1]) / 6)} ${num(to[0] - (after[0] - from[0]) / 6)} ${num(to[1] - (after[1] - from[1]) / 6)} ${num(to[0])} ${num(to[1])}`;
  }
  return d;
}

/** A circle as path commands, so that many can be one shape. */
export function circle(x: number, y: number, radius: number): string {
  return `M${num(x - radius)} ${num(y)}a${num(radius)} ${num(radius)} 0 1 1 ${num(radius * 2)} 0a${num(radius)} ${num(radius)} 0 1 1 ${num(-radius * 2)} 0z`;
}

/** A stop of a gradient: where (0–1), which colour, how opaque (default 1). */
export type Stop = readonly [offset: number, colour: string, opacity?: number];

/** Gradients and the like that shapes refer to; `bands` draws every gradient in that many flat steps. */
export class Definitions {
  readonly #parts: string[] = [];
  readonly #bands: number | undefined;

  constructor(bands?: number) {
    this.#bands = bands;
  }

  /** Down the shape (or `across` it), from its own top to its own foot; returns the paint's reference. */
  linear(stops: readonly Stop[], direction: 'down' | 'across' = 'down'): string {
    const [x2, y2] = direction === 'down' ? [0, 1] : [1, 0];
    return this.#add(
      (id) => `<linearGradient id="${id}" x1="0" y1="0" x2="${x2}" y2="${y2}">${this.#stops(stops)}</linearGradient>`,
    );
  }

  /** Down the picture between two heights, whatever the shape. */
  between(top: number, bottom: number, stops: readonly Stop[]): string {
    return this.#add(
      (id) =>
        `<linearGradient id="${id}" gradientUnits="userSpaceOnUse" x1="0" x2="0" y1="${num(top)}" y2="${num(bottom)}">${this.#stops(stops)}</linearGradient>`,
    );
  }

  /** From the middle of the shape outwards. */
  radial(stops: readonly Stop[], middle: Point = [0.5, 0.5]): string {
    return this.#add(
      (id) =>
        `<radialGradient id="${id}" cx="${middle[0]}" cy="${middle[1]}" r="0.5" fx="${middle[0]}" fy="${middle[1]}">${this.#stops(stops)}</radialGradient>`,
    );
  }

  /** Only what lies inside these shapes is seen. */
  clip(shapes: string): string {
    return this.#add((id) => `<clipPath id="${id}">${shapes}</clipPath>`);
  }

  /**
   * What is seen of shapes through a window as high as `tall` and as wide as `width`, from the left edge and `top` on. Less work
   * for the renderer than a clip and a layer, which it makes as large as all that is behind. No group of the shapes may lie
   * as far as `tall` below the window: the renderer would abort the process.
   */
  window(width: number, top: number, tall: number, shapes: string): string {
    return this.#add(
      (id) =>
        `<pattern id="${id}" patternUnits="userSpaceOnUse" patternTransform="translate(0 ${num(top)})" width="${num(width)}" height="${num(tall)}">${group(shapes, { transform: place(0, -top) })}</pattern>`,
    );
  }

  /** A picture repeated over the shape. */
  pattern(side: number, href: string): string {
    return this.#add(
      (id) =>
        `<pattern id="${id}" patternUnits="userSpaceOnUse" width="${num(side)}" height="${num(side)}"><image width="${num(side)}" height="${num(side)}" href="${href}"/></pattern>`,
    );
  }

  /** The `<defs>` element. */
  toString(): string {
    return `<defs>${this.#parts.join('')}</defs>`;
  }

  #stops(stops: readonly Stop[]): string {
    return stopList(this.#bands ? inBands(stops, this.#bands) : stops);
  }

  #add(write: (id: string) => string): string {
    const id = `d${this.#parts.length}`;
    this.#parts.push(write(id));
    return `url(#${id})`;
  }
}

/** The same run of colours as flat steps. */
function inBands(stops: readonly Stop[], bands: number): Stop[] {
  return Array.from({ length: bands }, (_, band): Stop[] => {
    const middle = (band + 0.5) / bands;
    const after = Math.max(
      1,
      stops.findIndex(([offset]) => offset >= middle),
    );
    const [from, to] = [stops[after - 1] ?? stops[0]!, stops[after] ?? stops.at(-1)!];
    const share = Math.min(1, Math.max(0, (middle - from[0]) / (to[0] - from[0] || 1)));
    const [first, last] = [from[2] ?? 1, to[2] ?? 1];
    const flat = [mix(from[1], to[1], share), first + (last - first) * share] as const;
    return [
      [band / bands, ...flat],
      [(band + 1) / bands, ...flat],
    ];
  }).flat();
}

function stopList(stops: readonly Stop[]): string {
  return stops
    .map(
      ([offset, colour, opacity]) =>
        `<stop offset="${Math.round(offset * 1e4) / 1e4}" stop-color="${colour}"${opacity === undefined ? '' : ` stop-opacity="${num(opacity)}"`}/>`,
    )
    .join('');
}
