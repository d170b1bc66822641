// Many things side by side, in rows where they are too many for one, so that each can be seen and counted.

import type { Random } from './brush/random.ts';

/** Where a thing stands, and how large its drawing is. */
export interface Spot {
  readonly x: number;
  readonly y: number;
  readonly scale: number;
}

/** A part of the sheet: things stand between its sides, with their feet between `far` and `near`. Units from left and top. */
export interface Plot {
  readonly left: number;
  readonly right: number;
  readonly far: number;
  readonly near: number;
}

/** A thing to be placed. */
interface Guest {
  /** Half its width at scale 1. */
  readonly half: number;
  /** Its scale if there is room. */
  readonly scale: number;
}

/** How tall every thing is at scale 1. */
const tall = 104;
/** A thing of which more than this share is covered is hard to see. */
const covers = 0.45;
/** The largest part of a thing's height that the row before it may hide. */
const hidden = 0.3;

/** Whether one of the things is hidden for a good part by those in front of it; `half` is half its width at scale 1. */
export function isAnyHidden(things: readonly (Spot & { readonly half: number })[]): boolean {
  return things.some((back, index) => {
    const covered = things.reduce((sum, front, other) => {
      const isInFront = front.y > back.y || (front.y === back.y && other > index);
      return isInFront ? sum + shared(back, front) : sum;
    }, 0);
    return covered > covers * 2 * back.half * tall * back.scale ** 2;
  });
}

/** The area that two things have in common. */
function shared(one: Spot & { readonly half: number }, other: Spot & { readonly half: number }): number {
  const across =
    Math.min(one.x + one.half * one.scale, other.x + other.half * other.scale) -
    Math.max(one.x - one.half * one.scale, other.x - other.half * other.scale);
  const down = Math.min(one.y, other.y) - Math.max(one.y - tall * one.scale, other.y - tall * other.scale);
  return Math.max(0, across) * Math.max(0, down);
}

/** A place for each guest; as few rows as make them largest, the first guests in front. */
export function inRows(guests: readonly Guest[], plot: Plot, random: Random): Spot[] {
  const plans = [1, 2, 3].map((rows) => planned(guests, plot, rows));
  const { rows, columns, cell, pitch, scales } = plans.reduce((best, plan) =>
    plan.size > best.size * 1.1 ? plan : best,
  );
  return guests.map((_, index) => {
    const row = Math.floor(index / columns);
    // Every other row stands in the gaps of the one before; so does a row that is not full.
    const free = columns - Math.min(columns, guests.length - row * columns);
    const indent = rows === 1 ? 0 : Math.floor(free / 2) + (row % 2 ? 0.5 : 0);
    const x = plot.left + cell * ((index % columns) + 0.5 + indent + random.between(-0.04, 0.04));
    const y = feet(plot, rows, row) + random.between(-0.05, 0.05) * pitch;
    return { x, y, scale: scales[index]! * random.between(0.94, 1) };
  });
}

/** Where the feet of a row are; the first row is the nearest. */
function feet({ far, near }: Plot, rows: number, row: number): number {
  return rows === 1 ? far + (near - far) * 0.7 : near - ((near - far) / (rows - 1)) * row;
}

function planned(guests: readonly Guest[], plot: Plot, rows: number) {
  const { left, right, far, near } = plot;
  const columns = Math.ceil(guests.length / rows);
  const cell = (right - left) / (columns + (rows > 1 ? 0.5 : 0));
  const pitch = (near - far) / Math.max(1, rows - 1);
  const high = rows > 1 ? pitch / tall / (1 - hidden) : Number.POSITIVE_INFINITY;
  const scales = guests.map(({ half, scale }, index) => {
    const row = Math.floor(index / columns);
    // As large as the thing itself, its place beside the others, the row before it and the top of the sheet allow.
    return Math.min(scale, (cell * 0.46) / half, high, (feet(plot, rows, row) * 0.9) / tall) * (1 - 0.12 * row);
  });
  const size = scales.reduce((sum, scale, index) => sum + scale / guests[index]!.scale, 0);
  return { rows, columns, cell, pitch, scales, size };
}
