// Which sizes a model takes, and how to say so.

import type { Range, Ratio, Size, SizeConstraint, SizeRule } from '../../contract/capabilities.ts';

/** px */
export interface Dimensions {
  readonly width: number;
  readonly height: number;
}

export interface SizeVerdict {
  /** `unsure`: sources disagree, the service may refuse it. */
  readonly verdict: 'yes' | 'unsure' | 'no';
  /** What speaks for or against it, without a full stop. */
  readonly why: string;
}

/** The words a model takes that has no `size` of its own. */
export interface NativeSize {
  readonly aspectRatio?: Ratio;
  readonly resolution?: string;
}

/** `"1024x768"` as numbers. The text must be a size; a request's is checked by `parseOptions`. */
export function parseSize(size: Size): Dimensions {
  const [width, height] = size.split('x').map(Number);
  return { width: width!, height: height! };
}

/** Numbers as `"1024x768"`. */
export function formatSize({ width, height }: Dimensions): Size {
  return `${width}x${height}`;
}

/** Width divided by height of `"16:9"`, `"2.39:1"`; NaN or infinite for a ratio with a zero. */
export function ratioOf(ratio: string): number {
  const [width, height] = ratio.split(':').map(Number);
  return width! / height!;
}

/** Whether two ratios mean the same: `"32:18"` and `"16:9"`. */
export function sameRatio(a: string, b: string): boolean {
  return Math.abs(ratioOf(a) / ratioOf(b) - 1) < 1e-9;
}

/** Whether the model takes a `size`: not all do, some take only aspect ratios and resolutions. */
export function takesSizes(rule: SizeRule): boolean {
  return Boolean(rule.presets?.length || rule.rules?.length);
}

/** Whether the model takes this size: as a preset, by a rule, or as the picture of an aspect ratio and a resolution. */
export function judgeSize(size: Size, rule: SizeRule): SizeVerdict {
  const asked = parseSize(size);
  if (rule.presets?.some((preset) => preset === formatSize(asked))) return { verdict: 'yes', why: 'a listed size' };
  const failures = (rule.rules ?? []).map((constraint) => ({ constraint, faults: faultsOf(asked, constraint) }));
  const passed = failures.filter(({ faults }) => faults.length === 0);
  if (passed.some(({ constraint }) => !constraint.unsure)) return { verdict: 'yes', why: 'within the rules' };
  if (nativeOf(size, rule)) return { verdict: 'yes', why: 'the size of an aspect ratio that the model takes' };
  if (passed.length) return { verdict: 'unsure', why: 'sources disagree on whether it is allowed' };
  const closest = failures
    .filter(({ constraint }) => !constraint.unsure)
    .sort((a, b) => a.faults.length - b.faults.length)[0];
  return { verdict: 'no', why: closest ? closest.faults.join(', ') : 'not a listed size' };
}

/** Whether a size fulfils every condition of one rule. */
export function satisfies(size: Dimensions, constraint: SizeConstraint): boolean {
  return faultsOf(size, constraint).length === 0;
}

/**
 * The aspect ratio and resolution whose picture has exactly this size, by the table's `pixels`; undefined if there is none.
 * A word the model does not take is left out, if the picture comes out so without it.
 */
export function nativeOf(size: Size, rule: SizeRule): NativeSize | undefined {
  return nativeSizes(rule).find((native) => native.size === size)?.words;
}

/** Every size that the table's `pixels` promises for words that the model takes. */
export function nativeSizes(rule: SizeRule): { readonly size: Size; readonly words: NativeSize }[] {
  const tiers = Object.entries(rule.pixels ?? {}).filter(
    ([tier]) => rule.tiers?.includes(tier) ?? isOnlyTier(tier, rule),
  );
  return tiers.flatMap(([tier, sizes]) =>
    Object.entries(sizes)
      .filter(([ratio]) => rule.ratios?.some((known) => known === ratio) ?? isUsualRatio(ratio, rule))
      .map(([ratio, size]) => ({
        size,
        words: { ...(rule.ratios && { aspectRatio: ratio as Ratio }), ...(rule.tiers && { resolution: tier }) },
      })),
  );
}

/** Whether pictures come out in this resolution when none is named. */
function isOnlyTier(tier: string, rule: SizeRule): boolean {
  const tiers = Object.keys(rule.pixels ?? {});
  return tiers.length === 1 ? tiers[0] === tier : typeof rule.default === 'object' && rule.default.tier === tier;
}

function isUsualRatio(ratio: string, rule: SizeRule): boolean {
  return typeof rule.default === 'object' && rule.default.ratio === ratio;
}

/** What the model takes, in words, without a full stop: `each side 512–2048 px, a multiple of 16; or 1024x1024`. */
export function describeSizes(rule: SizeRule): string {
  const ways = (rule.rules ?? []).filter((constraint) => !constraint.unsure).map(describeConstraint);
  if (rule.presets?.length) ways.push(shortList(rule.presets));
  const words: string[] = [];
  if (ways.length) words.push(ways.join('; or '));
  if (rule.ratios?.length) words.push(`aspect ratio ${shortList(rule.ratios)}`);
  if (rule.tiers?.length) words.push(`resolution ${rule.tiers.join(', ')}`);
  if (words.length) return words.join('; ');
  return typeof rule.default === 'string' && rule.default !== 'auto' ? `only its default, ${rule.default}` : 'no size';
}

function describeConstraint({ side, pixels, aspect, multiple }: SizeConstraint): string {
  const parts: string[] = [];
  if (side) parts.push(side[0] === side[1] ? `each side ${side[0]} px` : `each side ${side[0]}–${side[1]} px`);
  if (multiple && multiple > 1) parts.push(`${side ? '' : 'each side '}a multiple of ${multiple}`);
  if (pixels) parts.push(describePixels(pixels));
  if (aspect) parts.push(aspect === 1 ? 'square' : `at most ${aspect}:1 long`);
  return parts.join(', ') || 'any size';
}

function describePixels([min, max]: Range): string {
  if (min === max) return `${grouped(min)} px in all`;
  return min > 1 ? `${grouped(min)}–${grouped(max)} px in all` : `at most ${grouped(max)} px in all`;
}

function shortList(items: readonly string[]): string {
  const shown = items.slice(0, 12).join(', ');
  return items.length > 12 ? `${shown} and ${items.length - 12} more` : shown;
}

/** Every condition that the size breaks. Comparisons are by multiplication: exact for whole numbers. */
function faultsOf({ width, height }: Dimensions, { side, pixels, aspect, multiple = 1 }: SizeConstraint): string[] {
  const faults: string[] = [];
  const [short, long] = width < height ? [width, height] : [height, width];
  if (side && short < side[0]) faults.push(`${short} px is less than ${side[0]}`);
  if (side && long > side[1]) faults.push(`${long} px is more than ${side[1]}`);
  const odd = [...new Set([width, height])].filter((length) => length % multiple !== 0);
  if (odd.length) faults.push(`${odd.join(' and ')} ${odd.length > 1 ? 'are' : 'is'} not a multiple of ${multiple}`);
  const area = width * height;
  if (pixels && area < pixels[0]) faults.push(`${grouped(area)} px in all is less than ${grouped(pixels[0])}`);
  if (pixels && area > pixels[1]) faults.push(`${grouped(area)} px in all is more than ${grouped(pixels[1])}`);
  if (aspect && long > aspect * short) faults.push(`it is longer than ${aspect}:1`);
  return faults;
}

function grouped(pixels: number): string {
  return pixels.toLocaleString('en-US');
}
