// The best sizes that one rule allows, found without trying them all: rules may allow 64 to 8192 px in steps of 1. For
// each width the heights that a rule allows form one interval, so the best height is the ideal one moved into it.

import type { Range, Ratio, SizeConstraint } from '../../contract/capabilities.ts';
import { type Dimensions, satisfies } from './size.ts';

/** A ratio in lowest whole terms. */
type Fraction = readonly [across: number, down: number];

/** Longest side that core picks where the table names no limit, px. */
const longestSide = 16384;
/** Forgives the last bits of a division; `satisfies` has the last word. */
const rounding = 1e-9;
/** Ratios within 2 % look the same. */
export const closeRatio = Math.log(1.02);

/**
 * The legal sizes at the least distance: of all, of those that keep one side as it was, and of those of the same ratio.
 */
export function nearestByRule(from: Dimensions, constraint: SizeConstraint): Dimensions[] {
  const ratio = Math.log(from.width / from.height);
  const area = Math.log(areaOf(from));
  // Where the distance is least for a given width: its derivative by log(height) is zero.
  const ideal = (width: number) => Math.exp(0.6 * Math.log(width) - 0.8 * ratio + 0.2 * area);
  return [
    ...best(sizesByWidth(constraint, ideal), (size) => distance(size, from)),
    ...keepingWidth(from, constraint),
    ...keepingWidth(turned(from), constraint).map(turned),
    ...exactByRule(fractionOf(`${from.width}:${from.height}`), areaOf(from), constraint),
  ];
}

/** The legal size with about the ratio and about the area. */
export function closeByRule(ratio: number, area: number, constraint: SizeConstraint): Dimensions[] {
  const sizes = sizesByWidth(constraint, (width) => width / ratio);
  return best(sizes, (size) => misfit(size, ratio, area));
}

/** The legal sizes of exactly the ratio whose areas are next to the one wanted, below and above. */
export function exactByRule(ratio: Fraction, area: number, constraint: SizeConstraint): Dimensions[] {
  const smallest = smallestOf(ratio, stepOf(constraint));
  const [low, high] = factorsOf(smallest, constraint);
  const factors = wholesNextTo(Math.sqrt(area / areaOf(smallest)), [low, high]);
  return factors
    .map((factor) => ({ width: smallest.width * factor, height: smallest.height * factor }))
    .filter((size) => satisfies(size, constraint));
}

/** How far apart two sizes are in ratio, counted twice, and in pixels. */
export function distance(a: Dimensions, b: Dimensions): number {
  return Math.hypot(2 * ratioError(a, b.width / b.height), Math.log(areaOf(a) / areaOf(b)));
}

/** One per cent of ratio weighs as much as 20 % of area. */
export function misfit(size: Dimensions, ratio: number, area: number): number {
  return 20 * ratioError(size, ratio) + Math.abs(Math.log(areaOf(size) / area));
}

export function ratioError({ width, height }: Dimensions, ratio: number): number {
  return Math.abs(Math.log(width / height / ratio));
}

export function areaOf({ width, height }: Dimensions): number {
  return width * height;
}

/** `2.39:1` is 239 to 100. */
export function fractionOf(ratio: Ratio): Fraction {
  const [across, down] = ratio.split(':').map(Number);
  const decimals = Math.max(decimalsOf(across!), decimalsOf(down!));
  const [a, b] = [Math.round(across! * 10 ** decimals), Math.round(down! * 10 ** decimals)];
  const common = greatestCommon(a, b);
  return [a / common, b / common];
}

function decimalsOf(value: number): number {
  return String(value).split('.')[1]?.length ?? 0;
}

/** The legal size of the same width at the least distance. */
function keepingWidth(from: Dimensions, constraint: SizeConstraint): Dimensions[] {
  const sizes = sizesByWidth(constraint, () => from.height, from.width);
  return best(sizes, (size) => distance(size, from));
}

function turned({ width, height }: Dimensions): Dimensions {
  return { width: height, height: width };
}

/** The first of least cost; empty if there is none. */
function best(sizes: Iterable<Dimensions>, cost: (size: Dimensions) => number): Dimensions[] {
  let found: Dimensions | undefined;
  let least = Number.POSITIVE_INFINITY;
  for (const size of sizes) {
    const far = cost(size);
    if (far < least) [found, least] = [size, far];
  }
  return found ? [found] : [];
}

/** For each legal width, or `only` for one, the legal heights next to the ideal one. */
function* sizesByWidth(
  constraint: SizeConstraint,
  ideal: (width: number) => number,
  only?: number,
): Generator<Dimensions> {
  const { side: [shortest, longest] = [1, longestSide] } = constraint;
  const step = stepOf(constraint);
  const first = only ?? Math.max(1, Math.ceil(shortest / step)) * step;
  const last = only ?? longest;
  for (let width = first; width <= last; width += step) {
    for (const steps of wholesNextTo(ideal(width) / step, heightsFor(width, constraint))) {
      const size = { width, height: steps * step };
      if (satisfies(size, constraint)) yield size;
    }
  }
}

/** The least and the greatest legal height for a width, in steps; the least is the greater one if there is none. */
function heightsFor(width: number, constraint: SizeConstraint): Range {
  const { side: [shortest, longest] = [1, longestSide], pixels, aspect } = constraint;
  const step = stepOf(constraint);
  const low = Math.max(shortest, (pixels?.[0] ?? 1) / width, aspect ? width / aspect : 1);
  const high = Math.min(longest, (pixels?.[1] ?? Number.POSITIVE_INFINITY) / width, aspect ? width * aspect : longest);
  // What rounding forgave and the rule does not is one step too far.
  const fits = (steps: number) => satisfies({ width, height: steps * step }, constraint);
  const lowest = Math.max(1, Math.ceil(low / step - rounding));
  const highest = Math.floor(high / step + rounding);
  return [fits(lowest) ? lowest : lowest + 1, fits(highest) ? highest : highest - 1];
}

/** The smallest size of a ratio with both sides a multiple of the step. */
function smallestOf([across, down]: Fraction, step: number): Dimensions {
  const unit = leastCommon(step / greatestCommon(step, across), step / greatestCommon(step, down));
  return { width: across * unit, height: down * unit };
}

/** The least and the greatest factor by which a size may grow; the least is the greater one if there is none. */
function factorsOf(smallest: Dimensions, constraint: SizeConstraint): Range {
  const { side: [shortest, longest] = [1, longestSide], pixels } = constraint;
  const [fewest, most] = pixels ?? [1, Number.POSITIVE_INFINITY];
  const { width, height } = smallest;
  const forArea = (area: number) => Math.sqrt(area / areaOf(smallest));
  const low = Math.max(1, Math.ceil(shortest / Math.min(width, height)), Math.ceil(forArea(fewest)));
  const high = Math.min(Math.floor(longest / Math.max(width, height)), Math.floor(forArea(most)));
  return [low, high];
}

/** The whole numbers next to the one wanted, below and above, within a range; none if the range is empty. */
function wholesNextTo(wanted: number, [min, max]: Range): readonly number[] {
  if (min > max) return [];
  const within = (value: number) => Math.min(Math.max(value, min), max);
  return [...new Set([within(Math.floor(wanted)), within(Math.ceil(wanted))])];
}

/** The multiple that core's own picks have. */
function stepOf({ multiple = 1, round = multiple }: SizeConstraint): number {
  return leastCommon(multiple, round);
}

function greatestCommon(a: number, b: number): number {
  return b > 0 ? greatestCommon(b, a % b) : a;
}

function leastCommon(a: number, b: number): number {
  return (a / greatestCommon(a, b)) * b;
}
