// Finds legal sizes without trying them all: rules may allow 64 to 8192 px in steps of 1. For each width the heights that a
// rule allows form one interval, so the best height is the ideal one moved into it.

import type { Range, Ratio, Size, SizeConstraint, SizeRule } from '../../contract/capabilities.ts';
import {
  type Dimensions,
  formatSize,
  judgeSize,
  nativeSizes,
  parseSize,
  ratioOf,
  sameRatio,
  satisfies,
} from './size.ts';

/** A size that stands for a ratio or a resolution. */
export interface FoundSize {
  readonly size: Size;
  /** Its ratio is the one that was asked for. */
  readonly exact: boolean;
}

/** Longest side that core picks where the table names no limit, px. */
const longestSide = 16384;
/** Forgives the last bits of a division; `satisfies` has the last word. */
const rounding = 1e-9;
/** A size that keeps one side as asked counts as a tenth nearer: people choose a side with a purpose. */
const keptSide = 0.9;
/** One that keeps about the ratio besides is what was meant: 64x64 for 63x64, though 64x65 is closer to the ratio. */
const keptSideAndRatio = 0.85;
const closeRatio = Math.log(1.02);
/** A size of exactly the ratio is not taken if it has more than 4 times the usual pixels, or less than a quarter. */
const closeArea = Math.log(4);
/** How far a size may be from what "2K" means and still be called so. */
const closeResolution = Math.log(1.5);

/**
 * The legal sizes nearest to the one asked for, best first: near in ratio (counted twice) and in pixels. Presets, the best
 * size of each rule, and the best of each rule with exactly the same ratio; never what only an `unsure` rule allows.
 * `atMost`: most pixels, default no limit.
 */
export function nearestSizes(asked: Size, rule: SizeRule, count = 3, atMost = Number.POSITIVE_INFINITY): Size[] {
  const from = parseSize(asked);
  const found: Dimensions[] = [...(rule.presets ?? []), ...nativeSizes(rule).map(({ size }) => size)].map(parseSize);
  for (const constraint of firmRules(rule)) {
    const pixels: Range = [constraint.pixels?.[0] ?? 1, Math.min(constraint.pixels?.[1] ?? atMost, atMost)];
    const limited = { ...constraint, pixels };
    found.push(
      ...nearestByRule(from, limited),
      ...nearestKeeping(from, limited),
      ...exactByRule(fraction(from.width, from.height), areaOf(from), limited),
    );
  }
  const sorted = found
    .filter((size) => areaOf(size) <= atMost)
    .map((size) => ({ size: formatSize(size), far: distance(size, from) * keptShare(size, from) }))
    .sort((a, b) => a.far - b.far);
  return [...new Set(sorted.map(({ size }) => size))].slice(0, count);
}

/**
 * A legal size for an aspect ratio: a preset of exactly that ratio, else an exact size by the rules with about as many pixels
 * as the model's default (of two equally near, the smaller), else the best size whose ratio is within 2 %, else undefined.
 * `near`: how many pixels are wanted instead of the default's; then rules may beat a preset.
 */
export function sizeForRatio(ratio: Ratio, rule: SizeRule, near?: number): FoundSize | undefined {
  const value = ratioOf(ratio);
  if (!(value > 0 && Number.isFinite(value))) return undefined;
  const expected = near === undefined ? expectedSize(rule, ratio) : undefined;
  if (expected) return { size: expected, exact: true };
  const area = near ?? areaOf(defaultDimensions(rule));
  const nearer = (a: Dimensions, b: Dimensions) =>
    Math.abs(areaOf(a) - area) - Math.abs(areaOf(b) - area) || areaOf(a) - areaOf(b);
  const presets = (rule.presets ?? []).map(parseSize);
  const listed = presets.filter(({ width, height }) => sameRatio(`${width}:${height}`, ratio)).sort(nearer);
  if (listed[0] && near === undefined) return { size: formatSize(listed[0]), exact: true };

  const [across, down] = ratio.split(':').map(Number);
  const byRule = firmRules(rule).flatMap((constraint) => exactByRule(fraction(across!, down!), area, constraint));
  const exact = [...listed, ...byRule].sort(nearer)[0];
  const isUsual = (size: Dimensions) => Math.abs(Math.log(areaOf(size) / area)) <= closeArea;
  if (exact && isUsual(exact)) return { size: formatSize(exact), exact: true };

  const close = [...presets, ...firmRules(rule).flatMap((constraint) => closeByRule(value, area, constraint))]
    .filter((size) => ratioError(size, value) <= closeRatio)
    .sort((a, b) => misfit(a, value, area) - misfit(b, value, area))[0];
  if (close && (isUsual(close) || !exact)) {
    return { size: formatSize(close), exact: sameRatio(`${close.width}:${close.height}`, ratio) };
  }
  return exact && { size: formatSize(exact), exact: true };
}

/**
 * A legal size for a resolution: what the table's `pixels` says, else one with about as many pixels as "1K" (1024²), "2K"
 * (2048²), "4K" (4096²) mean, at most half as many again or a third fewer. `ratio`: default the one of the model's default.
 */
export function sizeForResolution(tier: string, ratio: Ratio | undefined, rule: SizeRule): FoundSize | undefined {
  const { width, height } = defaultDimensions(rule);
  const wanted: Ratio = ratio ?? `${width}:${height}`;
  const expected = expectedSize(rule, wanted, tier);
  if (expected) return { size: expected, exact: true };
  const area = pixelsOf(tier);
  const found = area === undefined ? undefined : sizeForRatio(wanted, rule, area);
  if (!found || Math.abs(Math.log(areaOf(parseSize(found.size)) / area!)) > closeResolution) return undefined;
  return found;
}

/** How many pixels "1K", "2K", "0.5K" stand for; undefined for other names. */
export function pixelsOf(tier: string): number | undefined {
  const match = /^(\d+(?:\.\d+)?)k$/i.exec(tier);
  const side = match ? Number(match[1]) * 1024 : 0;
  return side > 0 ? side * side : undefined;
}

/** What the model makes when nothing is asked for; 1024x1024 where the table cannot say. */
export function defaultDimensions(rule: SizeRule): Dimensions {
  const { default: usual } = rule;
  if (typeof usual === 'object') {
    const size = expectedSize(rule, usual.ratio ?? '1:1', usual.tier);
    if (size) return parseSize(size);
    const side = Math.sqrt(pixelsOf(usual.tier ?? '1K') ?? 1024 ** 2);
    const stretch = Math.sqrt(ratioOf(usual.ratio ?? '1:1'));
    return { width: Math.round(side * stretch), height: Math.round(side / stretch) };
  }
  return /^\d+x\d+$/.test(usual) ? parseSize(usual as Size) : { width: 1024, height: 1024 };
}

/** The table's own word on what a ratio gives, if the model takes that size. */
function expectedSize(rule: SizeRule, ratio: string, tier?: string): Size | undefined {
  const { pixels = {}, default: usual } = rule;
  const named = tier ?? (typeof usual === 'object' ? usual.tier : undefined) ?? Object.keys(pixels)[0] ?? '';
  const sizes = Object.entries(pixels).find(([name]) => name.toLowerCase() === named.toLowerCase())?.[1] ?? {};
  const size = Object.entries(sizes).find(([name]) => sameRatio(name, ratio))?.[1];
  return size && judgeSize(size, rule).verdict === 'yes' ? size : undefined;
}

function firmRules(rule: SizeRule): SizeConstraint[] {
  return (rule.rules ?? []).filter((constraint) => !constraint.unsure);
}

/** The legal size at the least distance. */
function nearestByRule(from: Dimensions, constraint: SizeConstraint): Dimensions[] {
  const ratio = Math.log(from.width / from.height);
  const area = Math.log(areaOf(from));
  // Where the distance is least for a given width: its derivative by log(height) is zero.
  const ideal = (width: number) => Math.exp(0.6 * Math.log(width) - 0.8 * ratio + 0.2 * area);
  return best(sizesByWidth(constraint, ideal), (size) => distance(size, from));
}

/** The legal sizes at the least distance that keep one side as it was asked for. */
function nearestKeeping(from: Dimensions, constraint: SizeConstraint): Dimensions[] {
  const { width, height } = from;
  const turned = { width: height, height: width };
  const keeping = (wanted: Dimensions) =>
    best(
      sizesByWidth(constraint, () => wanted.height, wanted.width),
      (size) => distance(size, wanted),
    );
  return [...keeping(from), ...keeping(turned).map((size) => ({ width: size.height, height: size.width }))];
}

/** The legal size with about the ratio and about the area. */
function closeByRule(ratio: number, area: number, constraint: SizeConstraint): Dimensions[] {
  return best(
    sizesByWidth(constraint, (width) => width / ratio),
    (size) => misfit(size, ratio, area),
  );
}

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
  const { side: [shortest, longest] = [1, longestSide], pixels, aspect } = constraint;
  const step = stepOf(constraint);
  const first = only ?? Math.max(1, Math.ceil(shortest / step)) * step;
  const last = only ?? longest;
  for (let width = first; width <= last; width += step) {
    const low = Math.max(shortest, (pixels?.[0] ?? 1) / width, aspect ? width / aspect : 1);
    const high = Math.min(
      longest,
      (pixels?.[1] ?? Number.POSITIVE_INFINITY) / width,
      aspect ? width * aspect : longest,
    );
    const fits = (steps: number) => satisfies({ width, height: steps * step }, constraint);
    // What rounding forgave and the rule does not is one step too far.
    let lowest = Math.max(1, Math.ceil(low / step - rounding));
    if (!fits(lowest)) lowest += 1;
    let highest = Math.floor(high / step + rounding);
    if (!fits(highest)) highest -= 1;
    const wanted = ideal(width) / step;
    for (const steps of new Set([
      clamp(Math.floor(wanted), lowest, highest),
      clamp(Math.ceil(wanted), lowest, highest),
    ])) {
      if (lowest <= highest && fits(steps)) yield { width, height: steps * step };
    }
  }
}

/** The legal sizes of exactly the ratio whose areas are next to the one wanted, below and above. */
function exactByRule(
  [across, down]: readonly [number, number],
  area: number,
  constraint: SizeConstraint,
): Dimensions[] {
  const { side: [shortest, longest] = [1, longestSide], pixels } = constraint;
  const step = stepOf(constraint);
  // The smallest size of this ratio with both sides a multiple of the step.
  const unit = leastCommon(step / greatestCommon(step, across), step / greatestCommon(step, down));
  const smallest = { width: across * unit, height: down * unit };
  const times = (wanted: number) => Math.sqrt(wanted / areaOf(smallest));
  const low = Math.max(
    1,
    Math.ceil(shortest / Math.min(smallest.width, smallest.height)),
    Math.ceil(times(pixels?.[0] ?? 1)),
  );
  const high = Math.min(
    Math.floor(longest / Math.max(smallest.width, smallest.height)),
    Math.floor(times(pixels?.[1] ?? Number.POSITIVE_INFINITY)),
  );
  if (low > high) return [];
  const wanted = times(area);
  return [...new Set([clamp(Math.floor(wanted), low, high), clamp(Math.ceil(wanted), low, high)])]
    .map((factor) => ({ width: smallest.width * factor, height: smallest.height * factor }))
    .filter((size) => satisfies(size, constraint));
}

/** The multiple that core's own picks have. */
function stepOf({ multiple = 1, round = multiple }: SizeConstraint): number {
  return leastCommon(multiple, round);
}

function distance(a: Dimensions, b: Dimensions): number {
  return Math.hypot(2 * ratioError(a, b.width / b.height), Math.log(areaOf(a) / areaOf(b)));
}

/** One per cent of ratio weighs as much as 20 % of area. */
function misfit(size: Dimensions, ratio: number, area: number): number {
  return 20 * ratioError(size, ratio) + Math.abs(Math.log(areaOf(size) / area));
}

/** What of the distance counts, for what was kept. */
function keptShare(size: Dimensions, from: Dimensions): number {
  if (size.width !== from.width && size.height !== from.height) return 1;
  return ratioError(size, from.width / from.height) <= closeRatio ? keptSideAndRatio : keptSide;
}

function ratioError({ width, height }: Dimensions, ratio: number): number {
  return Math.abs(Math.log(width / height / ratio));
}

function areaOf({ width, height }: Dimensions): number {
  return width * height;
}

/** A ratio in lowest whole terms: `2.39:1` is 239 to 100. */
function fraction(across: number, down: number): readonly [number, number] {
  const decimals = Math.max(...[across, down].map((part) => String(part).split('.')[1]?.length ?? 0));
  const [a, b] = [Math.round(across * 10 ** decimals), Math.round(down * 10 ** decimals)];
  const common = greatestCommon(a, b);
  return [a / common, b / common];
}

function greatestCommon(a: number, b: number): number {
  return b > 0 ? greatestCommon(b, a % b) : a;
}

function leastCommon(a: number, b: number): number {
  return (a / greatestCommon(a, b)) * b;
}

function clamp(value: number, min: number, max: number): number {
  return Math.min(Math.max(value, min), max);
}
