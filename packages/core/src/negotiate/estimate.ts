// What calls cost, by the prices in the table.

import { isDeepStrictEqual } from 'node:util';
import type { Json, Limits, MegapixelPrice, Price, Ratio, Size } from '../contract/capabilities.ts';
import type { CallDraft, InputImage, Money } from '../contract/provider.ts';
import { moneyIn } from '../foreign/read-ticket.ts';
import { roundMoney } from './money.ts';
import { defaultDimensions, imageOfDefault, pixelsOf, tierByName } from './shape/find-size.ts';
import { type Dimensions, defaultFrame, formatSize, parseSize } from './shape/size.ts';

/** What the price of a call may depend on. */
export interface PriceBasis {
  readonly region: string;
  readonly size?: Size;
  readonly aspectRatio?: Ratio;
  readonly resolution?: string;
  readonly quality?: string;
  readonly images?: readonly InputImage[];
  /** How many partial pictures each picture has. */
  readonly partials?: number;
  readonly options?: { readonly [name: string]: Json };
}

/**
 * The price of a call: the first whose `when` matches. What the call leaves out counts as the table's default.
 * Undefined = unknown.
 */
export function priceOf(limits: Limits, basis: PriceBasis): Price | undefined {
  const quality = basis.quality ?? (limits.quality ? limits.quality.default : undefined);
  const size = sizeOf(limits, basis);
  const tier = basis.resolution ?? tierOf(limits, basis.size);
  return limits.prices?.find(({ when = {} }) => {
    if (when.region !== undefined && when.region !== basis.region) return false;
    if (when.quality !== undefined && when.quality !== quality) return false;
    if (when.tier !== undefined && when.tier !== tier) return false;
    if (when.size !== undefined && (!size || when.size !== formatSize(size))) return false;
    if (when.maxPixels !== undefined && !(size && size.width * size.height <= when.maxPixels)) return false;
    if (when.maxInputs !== undefined && (basis.images?.length ?? 0) > when.maxInputs) return false;
    const options = Object.entries(when.options ?? {});
    return options.every(([name, value]) => isDeepStrictEqual(optionOf(limits, basis, name), value));
  });
}

/**
 * What pictures cost, `count` of them in `calls` calls; `null` = unknown. Prices per token give `null`: how many tokens
 * there will be is not known before.
 */
export function costOf(limits: Limits, basis: PriceBasis, count: number, calls: number): Money | null {
  const cost = exactCost(limits, basis, count, calls);
  return cost && { ...cost, amount: roundMoney(cost.amount) };
}

/** What these calls of one request cost together; `null` = unknown. Works for one call as for all. */
export function estimate(calls: readonly CallDraft[], region: string): Money | null {
  const costs = calls.map((call) => exactCost(call.limits, basisOf(call, region), call.n, 1));
  const [first] = costs;
  if (!first || costs.some((cost) => cost?.currency !== first.currency)) return null;
  return { ...first, amount: roundMoney(costs.reduce((sum, cost) => sum + cost!.amount, 0)) };
}

/** Not rounded, so that a sum is rounded once. An amount that is none, as by a slip in a table, is unknown: it would widen a budget. */
function exactCost(limits: Limits, basis: PriceBasis, count: number, calls: number): Money | null {
  const price = priceOf(limits, basis);
  if (!price) return null;
  const made = costOfMade(price, () => sizeOf(limits, basis), count, calls);
  const given = costOfGiven(price, basis.images);
  if (made === undefined || given === undefined) return null;
  // Fewer may come than were asked for: the most that it can be.
  const partial = (price.partial ?? 0) * (basis.partials ?? 0) * count;
  return moneyIn({ amount: made + partial + given * calls, currency: price.currency, estimated: true }) ?? null;
}

/** What the pictures that are made cost; `undefined` = unknown. */
function costOfMade(
  price: Price,
  sizeOfEach: () => Dimensions | undefined,
  count: number,
  calls: number,
): number | undefined {
  if (price.per === 'image') return price.amount * count;
  if (price.per === 'call') return price.amount * calls;
  const size = price.per === 'megapixel' ? sizeOfEach() : undefined;
  return size && count * costOfPixels(price, size);
}

/** What the input pictures of one call cost; `undefined` = unknown. */
function costOfGiven({ inputs }: Price, images: PriceBasis['images'] = []): number | undefined {
  if (!inputs) return 0;
  const paid = images.slice(inputs.free ?? 0);
  if (inputs.per === 'image') return inputs.amount * paid.length;
  const sizes = paid.filter((image) => image.as === 'bytes');
  if (sizes.length < paid.length) return undefined;
  return sizes.reduce((sum, size) => sum + costOfPixels(inputs, size), 0);
}

function costOfPixels(
  { amount, further, rounds, megapixel = 1e6 }: MegapixelPrice & { readonly amount: number },
  { width, height }: Dimensions,
): number {
  const exact = (width * height) / megapixel;
  const count = rounds ? Math.ceil(exact) : exact;
  return further === undefined ? amount * count : amount + further * Math.max(0, count - 1);
}

function basisOf({ size, ...words }: CallDraft, region: string): PriceBasis {
  const { resolution, aspectRatio, quality, images, partials, options } = words;
  return { region, size: size && formatSize(size), resolution, aspectRatio, quality, images, partials, options };
}

/** The size the pictures will have; undefined if the table cannot say. */
function sizeOf(
  { size: rule }: Limits,
  { size, aspectRatio, resolution, images = [] }: PriceBasis,
): Dimensions | undefined {
  if (size) return parseSize(size);
  if (!rule) return undefined;
  const { default: byDefault } = rule;
  if (typeof byDefault === 'object' || aspectRatio || resolution) {
    const frame = defaultFrame(rule);
    const asked = { ratio: aspectRatio ?? frame.aspectRatio, tier: resolution ?? frame.resolution };
    return defaultDimensions({ ...rule, default: asked });
  }
  if (byDefault === 'auto') return undefined;
  if (byDefault !== 'first-image' && byDefault !== 'last-image') return parseSize(byDefault);
  return imageOfDefault(byDefault, images);
}

/** The resolution a size belongs to: the one that has it, else the one it is called by, else the one with about as many pixels, else the default. */
function tierOf({ size: rule }: Limits, size: Size | undefined): string | undefined {
  if (!rule) return undefined;
  const byDefault = defaultFrame(rule).resolution;
  if (!size) return byDefault;
  const { pixels = {}, tiers = Object.keys(pixels) } = rule;
  const exact = Object.entries(pixels).find(([, sizes]) => Object.values(sizes).includes(size));
  if (exact) return exact[0];
  const { width, height } = parseSize(size);
  const called = tierByName({ width, height }, tiers);
  if (called !== undefined) return called;
  const far = (tier: string) => Math.abs(Math.log(pixelsOf(tier)! / (width * height)));
  const known = tiers.filter((tier) => pixelsOf(tier) !== undefined);
  return known.sort((a, b) => far(a) - far(b))[0] ?? byDefault;
}

function optionOf(limits: Limits, { options = {} }: PriceBasis, name: string): Json | undefined {
  const spec = limits.options?.[name];
  return options[name] ?? (spec && 'default' in spec ? spec.default : undefined);
}
