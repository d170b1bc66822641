// Finds legal sizes: the nearest to one that was asked for, or one for an aspect ratio or a resolution.

import type { Range, Ratio, Size, SizeConstraint, SizeRule } from '../../contract/capabilities.ts';
import type { InputImage } from '../../contract/provider.ts';
import {
  type Dimensions,
  defaultFrame,
  formatSize,
  framedSizes,
  judgeSize,
  parseSize,
  ratioOf,
  sameRatio,
  sameTier,
} from './size.ts';
import {
  areaOf,
  closeByRule,
  closeRatio,
  distance,
  exactByRule,
  fractionOf,
  misfit,
  nearestByRule,
  ratioError,
} from './sizes-by-rule.ts';

/** A size that stands for a ratio or a resolution. */
export interface FoundSize {
  readonly size: Size;
  /** Its ratio is the one that was asked for. */
  readonly exact: boolean;
}

/** A size that keeps one side as asked counts as a tenth nearer: people choose a side with a purpose. */
const keptSide = 0.9;
/** One that keeps about the ratio besides is what was meant: 64x64 for 63x64, though 64x65 is closer to the ratio. */
const keptSideAndRatio = 0.85;
/** A size of exactly the ratio is not taken if it has more than 4 times the wanted pixels, or less than a quarter. */
const closeArea = Math.log(4);
/** How far a size may be from what "2K" means and still be called so. */
const closeResolution = Math.log(1.5);
/** Long sides that "4K" is said of, as shares of 4096 px: 3840 px, too. */
const longSides: Range = [0.93, 1.07];

/**
 * The legal sizes nearest to the one asked for, best first: near in ratio (counted twice) and in pixels. Presets, the
 * best size of each rule, and the best of each rule with exactly the same ratio; never what only an `unsure` rule
 * allows. `atMost`: most pixels, default no limit.
 */
export function nearestSizes(asked: Size, rule: SizeRule, count = 3, atMost = Number.POSITIVE_INFINITY): Size[] {
  const from = parseSize(asked);
  const listed = [...(rule.presets ?? []), ...framedSizes(rule).map(({ size }) => size)].map(parseSize);
  const byRules = firmRules(rule).flatMap((constraint) => nearestByRule(from, limited(constraint, atMost)));
  const near = [...listed, ...byRules]
    .filter((size) => areaOf(size) <= atMost)
    .map((size) => ({ size: formatSize(size), far: distance(size, from) * keptShare(size, from) }))
    .sort((a, b) => a.far - b.far);
  return [...new Set(near.map(({ size }) => size))].slice(0, count);
}

/**
 * A legal size for an aspect ratio: a preset of exactly that ratio, else an exact size by the rules with about as many
 * pixels as the model's default (of two equally near, the smaller), else the best size whose ratio is within 2 %, else
 * undefined. `near`: how many pixels are wanted instead of the default's; then rules may beat a preset.
 */
export function sizeForRatio(ratio: Ratio, rule: SizeRule, near?: number): FoundSize | undefined {
  const value = ratioOf(ratio);
  if (!(value > 0 && Number.isFinite(value))) return undefined;
  const expected = near === undefined ? expectedSize(rule, ratio) : undefined;
  if (expected) return { size: expected, exact: true };

  const area = near ?? areaOf(defaultDimensions(rule));
  const listed = (rule.presets ?? []).map(parseSize).filter((size) => hasRatio(size, ratio));
  const [preset] = listed.sort(nearerTo(area));
  if (preset && near === undefined) return { size: formatSize(preset), exact: true };

  const byRules = firmRules(rule).flatMap((constraint) => exactByRule(fractionOf(ratio), area, constraint));
  const [exact] = [...listed, ...byRules].sort(nearerTo(area));
  if (exact && isAbout(exact, area)) return { size: formatSize(exact), exact: true };

  const close = closeSize(value, area, rule);
  if (close && (isAbout(close, area) || !exact)) return { size: formatSize(close), exact: hasRatio(close, ratio) };
  return exact && { size: formatSize(exact), exact: true };
}

/**
 * A legal size for a resolution: what the table's `pixels` says, else one with about as many pixels as "1K" (1024²),
 * "2K" (2048²), "4K" (4096²) mean, at most half as many again or a third fewer, else one whose long side is that of such a square: 3840x2160
 * is 4K, too. `ratio`: default the one of the model's default.
 */
export function sizeForResolution(tier: string, ratio: Ratio | undefined, rule: SizeRule): FoundSize | undefined {
  const { width, height } = defaultDimensions(rule);
  const wanted: Ratio = ratio ?? `${width}:${height}`;
  const expected = expectedSize(rule, wanted, tier);
  if (expected) return { size: expected, exact: true };
  const area = pixelsOf(tier);
  if (area === undefined) return undefined;
  const found = sizeForRatio(wanted, rule, area);
  if (!found) return undefined;
  const size = parseSize(found.size);
  const isClose = Math.abs(Math.log(areaOf(size) / area)) <= closeResolution || isCalled(size, tier);
  return isClose ? found : undefined;
}

/** The first resolution that a size is called by for its long side: 4K for 3840x2160. */
export function tierByName(size: Dimensions, tiers: readonly string[]): string | undefined {
  return tiers.find((tier) => isCalled(size, tier));
}

function isCalled({ width, height }: Dimensions, tier: string): boolean {
  const share = Math.max(width, height) / Math.sqrt(pixelsOf(tier) ?? 0);
  return share >= longSides[0] && share <= longSides[1];
}

/** The size of a resolution that another size is called by, in the nearest ratio; `undefined` if the table's `pixels` has none. */
export function sizeByName(asked: Size, rule: SizeRule): Size | undefined {
  const from = parseSize(asked);
  const tier = tierByName(from, rule.tiers ?? []);
  const framed = framedSizes(rule).filter(({ frame }) => tier !== undefined && frame.resolution === tier);
  const far = ({ size }: { readonly size: Size }) => distance(parseSize(size), from);
  return framed.toSorted((a, b) => far(a) - far(b))[0]?.size;
}

/** How many pixels "1K", "2K", "0.5K", "512" (px of a side) stand for; undefined for other names. */
export function pixelsOf(tier: string): number | undefined {
  const [, number, unit] = /^(\d{1,6}(?:\.\d+)?)(k?)$/i.exec(tier) ?? [];
  const side = Number(number ?? 0) * (unit ? 1024 : 1);
  return side > 0 ? side * side : undefined;
}

/** The aspect ratios by how near they are, nearest first. */
export function nearestRatios(ratios: readonly Ratio[], wanted: number): readonly Ratio[] {
  const far = (ratio: Ratio) => Math.abs(Math.log(ratioOf(ratio) / wanted));
  return ratios.toSorted((a, b) => far(a) - far(b));
}

/** The resolutions by how near their pixels are, nearest first; those with a name of another kind come last. */
export function nearestTiers(tiers: readonly string[], pixels: number): readonly string[] {
  const far = (tier: string) => Math.abs(Math.log((pixelsOf(tier) ?? Number.MAX_VALUE) / pixels));
  return tiers.toSorted((a, b) => far(a) - far(b));
}

/** What the model makes when nothing is asked for; 1024x1024 where the table cannot say. */
export function defaultDimensions(rule: SizeRule): Dimensions {
  const { default: byDefault } = rule;
  if (typeof byDefault !== 'object') {
    return /^\d+x\d+$/.test(byDefault) ? parseSize(byDefault as Size) : { width: 1024, height: 1024 };
  }
  const { ratio = '1:1', tier } = byDefault;
  const size = expectedSize(rule, ratio, tier);
  if (size) return parseSize(size);
  const side = Math.sqrt(pixelsOf(tier ?? '1K') ?? 1024 ** 2);
  const stretch = Math.sqrt(ratioOf(ratio));
  return { width: Math.round(side * stretch), height: Math.round(side / stretch) };
}

/** The picture that decides the size by default; undefined if it is not at hand. */
export function imageOfDefault(
  byDefault: 'first-image' | 'last-image',
  images: readonly InputImage[],
): Dimensions | undefined {
  const image = images.at(byDefault === 'first-image' ? 0 : -1);
  return image?.as === 'bytes' ? image : undefined;
}

/** The table's own word on what a ratio gives, if the model takes that size. */
function expectedSize(rule: SizeRule, ratio: string, tier?: string): Size | undefined {
  const { pixels = {} } = rule;
  const named = tier ?? defaultFrame(rule).resolution ?? Object.keys(pixels)[0] ?? '';
  const sizes = Object.entries(pixels).find(([name]) => sameTier(name, named))?.[1] ?? {};
  const size = Object.entries(sizes).find(([name]) => sameRatio(name, ratio))?.[1];
  return size && judgeSize(size, rule).verdict === 'yes' ? size : undefined;
}

/** The legal size that fits best among those whose ratio is close enough. */
function closeSize(ratio: number, area: number, rule: SizeRule): Dimensions | undefined {
  const byRules = firmRules(rule).flatMap((constraint) => closeByRule(ratio, area, constraint));
  const close = [...(rule.presets ?? []).map(parseSize), ...byRules].filter(
    (size) => ratioError(size, ratio) <= closeRatio,
  );
  return close.sort((a, b) => misfit(a, ratio, area) - misfit(b, ratio, area))[0];
}

function firmRules(rule: SizeRule): SizeConstraint[] {
  return (rule.rules ?? []).filter((constraint) => !constraint.unsure);
}

/** The constraint with no more pixels than so many. */
function limited(constraint: SizeConstraint, atMost: number): SizeConstraint {
  const [fewest, most] = constraint.pixels ?? [1, atMost];
  const pixels: Range = [fewest, Math.min(most, atMost)];
  return { ...constraint, pixels };
}

function hasRatio({ width, height }: Dimensions, ratio: Ratio): boolean {
  return sameRatio(`${width}:${height}`, ratio);
}

/** Orders sizes by how near their pixels are; of two equally near, the smaller is first. */
function nearerTo(area: number): (a: Dimensions, b: Dimensions) => number {
  const far = (size: Dimensions) => Math.abs(areaOf(size) - area);
  return (a, b) => far(a) - far(b) || areaOf(a) - areaOf(b);
}

function isAbout(size: Dimensions, area: number): boolean {
  return Math.abs(Math.log(areaOf(size) / area)) <= closeArea;
}

/** What of the distance counts, for what was kept. */
function keptShare(size: Dimensions, from: Dimensions): number {
  if (size.width !== from.width && size.height !== from.height) return 1;
  return ratioError(size, from.width / from.height) <= closeRatio ? keptSideAndRatio : keptSide;
}
