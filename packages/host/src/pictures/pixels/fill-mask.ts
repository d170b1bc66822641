// Shapes as pixels of a mask: white where a pixel's centre lies in one of them. Pure.

import type { Shape, Size } from './mask-shapes.ts';

export interface FilledMask {
  /** One byte for each pixel, row by row: 255 = repaint, 0 = keep. */
  readonly pixels: Uint8Array;
  /** How many pixels of the picture lie in each shape. */
  readonly inShape: readonly number[];
  /** How many lie in any. */
  readonly painted: number;
}

/** Columns of one row, `to` not among them. */
type Span = readonly [from: number, to: number];

/** The mask of a picture of this size. */
export function fillMask(shapes: readonly Shape[], { width, height }: Size): FilledMask {
  const pixels = new Uint8Array(width * height);
  const inShape = shapes.map(() => 0);
  let painted = 0;
  for (let row = 0; row < height; row++) {
    const line = pixels.subarray(row * width, (row + 1) * width);
    for (const [index, shape] of shapes.entries()) {
      for (const [start, end] of spansAt(shape, row + 0.5)) {
        const from = Math.max(0, Math.ceil(start - 0.5));
        const to = Math.min(width, Math.ceil(end - 0.5));
        if (to <= from) continue;
        inShape[index]! += to - from;
        line.fill(255, from, to);
      }
    }
    for (const pixel of line) if (pixel) painted += 1;
  }
  return { pixels, inShape, painted };
}

/** What of the line at `y` lies in the shape, px, from left to right. */
function spansAt({ kind, points }: Shape, y: number): readonly Span[] {
  if (kind === 'polygon') return polygonAt(points, y);
  const [[x, at], [wide, tall]] = points as [readonly [number, number], readonly [number, number]];
  if (kind === 'rect') return y >= at && y < at + tall ? [[x, x + wide]] : [];
  const down = (y - at) / tall;
  if (Math.abs(down) >= 1) return [];
  const half = wide * Math.sqrt(1 - down * down);
  return [[x - half, x + half]];
}

/** An outline that crosses itself has no holes: a star of five strokes is filled. */
function polygonAt(corners: Shape['points'], y: number): readonly Span[] {
  const crossings = corners.flatMap(([x, at], index) => {
    const [nextX, nextAt] = corners[(index + 1) % corners.length]!;
    if (at <= y === nextAt <= y) return [];
    return [{ x: x + ((y - at) / (nextAt - at)) * (nextX - x), turn: nextAt > at ? 1 : -1 }];
  });
  crossings.sort((a, b) => a.x - b.x);
  const spans: Span[] = [];
  let turns = 0;
  for (const [index, { x, turn }] of crossings.entries()) {
    turns += turn;
    const next = crossings[index + 1];
    if (turns !== 0 && next) spans.push([x, next.x]);
  }
  return spans;
}
