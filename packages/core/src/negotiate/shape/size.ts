// Which sizes a model takes, and how to say so.

import type { Range, Ratio, Size, SizeConstraint, SizeRule } from '../../contract/capabilities.ts';
import { present } from '../../contract/objects.ts';
import { shortList } from '../nearest.ts';

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

/** An aspect ratio, a resolution or both: how a model that takes no `size` is told of one. */
export interface Frame {
  readonly aspectRatio?: Ratio;
  readonly resolution?: string;
}

/** What is sent of a size, an aspect ratio and a resolution. */
export interface Shape extends Frame {
  readonly size?: Dimensions;
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

/** Whether two resolutions mean the same: `"2k"` and `"2K"`. */
export function sameTier(a: string, b: string): boolean {
  return a.toLowerCase() === b.toLowerCase();
}

/** Whether the model takes a `size`: not all do, some take only aspect ratios and resolutions. */
export function takesSizes(rule: SizeRule): boolean {
  return Boolean(rule.presets?.length || rule.rules?.length);
}

/** The frame that the service takes if nothing is asked; empty where its default is no frame. */
export function defaultFrame({ default: byDefault }: SizeRule): Frame {
  return typeof byDefault === 'object' ? present({ aspectRatio: byDefault.ratio, resolution: byDefault.tier }) : {};
}

/** Whether the model takes this size: as a preset, by a rule, or as the picture of a frame. */
export function judgeSize(size: Size, rule: SizeRule): SizeVerdict {
  const asked = parseSize(size);
  if (rule.presets?.some((preset) => preset === formatSize(asked))) return { verdict: 'yes', why: 'a listed size' };
  const judged = (rule.rules ?? []).map((constraint) => ({ constraint, faults: faultsOf(asked, constraint) }));
  const passed = judged.filter(({ faults }) => faults.length === 0);
  if (passed.some(({ constraint }) => !constraint.unsure)) return { verdict: 'yes', why: 'within the rules' };
  if (frameOf(size, rule)) return { verdict: 'yes', why: 'the size of an aspect ratio that the model takes' };
  if (passed.length) return { verdict: 'unsure', why: 'sources disagree on whether it is allowed' };
  const firm = judged.filter(({ constraint }) => !constraint.unsure);
  const [closest] = firm.sort((a, b) => a.faults.length - b.faults.length);
  return { verdict: 'no', why: closest ? closest.faults.join(', ') : 'not a listed size' };
}

/** Whether a size fulfils every condition of one rule. */
export function satisfies(size: Dimensions, { side, pixels, aspect, multiple = 1 }: SizeConstraint): boolean {
  // Asked for thousands of sizes: without the words of `faultsOf`, which it agrees with.
  const { width, height } = size;
  const [short, long] = width < height ? [width, height] : [height, width];
  const area = width * height;
  if (side && (short < side[0] || long > side[1])) return false;
  if (width % multiple !== 0 || height % multiple !== 0) return false;
  if (pixels && (area < pixels[0] || area > pixels[1])) return false;
  return !aspect || long <= aspect * short;
}

/**
 * The frame whose picture has exactly this size, by the table's `pixels`; undefined if there is none. What the model
 * does not take of a frame is left out, if the picture comes out so without it.
 */
export function frameOf(size: Size, rule: SizeRule): Frame | undefined {
  return framedSizes(rule).find((framed) => framed.size === size)?.frame;
}

/** Every size that the table's `pixels` promises for a frame that the model takes. */
export function framedSizes(rule: SizeRule): readonly { readonly size: Size; readonly frame: Frame }[] {
  const { pixels = {}, ratios, tiers } = rule;
  const isTier = (tier: string) => tiers?.includes(tier) ?? isOnlyTier(tier, rule);
  const isRatio = (ratio: string) => ratios?.some((known) => known === ratio) ?? isDefaultRatio(ratio, rule);
  return Object.entries(pixels).flatMap(([tier, sizes]) => {
    const taken = isTier(tier) ? Object.entries(sizes).filter(([ratio]) => isRatio(ratio)) : [];
    return taken.map(([ratio, size]) => ({
      size,
      frame: present({ aspectRatio: ratios && (ratio as Ratio), resolution: tiers && tier }),
    }));
  });
}

/** Whether pictures come out in this resolution when none is named. */
function isOnlyTier(tier: string, rule: SizeRule): boolean {
  const tiers = Object.keys(rule.pixels ?? {});
  return tiers.length === 1 ? tiers[0] === tier : defaultFrame(rule).resolution === tier;
}

function isDefaultRatio(ratio: string, rule: SizeRule): boolean {
  return defaultFrame(rule).aspectRatio === ratio;
}

/** What the model takes, without a full stop: `each side 512–2048 px, a multiple of 16; or 1024x1024`. */
export function describeSizes(rule: SizeRule): string {
  const sizes = (rule.rules ?? []).filter((constraint) => !constraint.unsure).map(describeConstraint);
  if (rule.presets?.length) sizes.push(shortList(rule.presets));
  const ways: string[] = [];
  if (sizes.length) ways.push(sizes.join('; or '));
  if (rule.ratios?.length) ways.push(`aspect ratio ${shortList(rule.ratios)}`);
  if (rule.tiers?.length) ways.push(`resolution ${rule.tiers.join(', ')}`);
  if (ways.length) return ways.join('; ');
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
