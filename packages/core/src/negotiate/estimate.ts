// What calls cost, by the prices in the table.

import { isDeepStrictEqual } from 'node:util';
import type { Json, Limits, Price, Size, SizeRule } from '../contract/capabilities.ts';
import type { CallDraft, Money } from '../contract/provider.ts';
import type { PricedWords } from './draft.ts';
import { roundMoney } from './money.ts';
import { defaultDimensions, pixelsOf } from './shape/find-size.ts';
import { type Dimensions, formatSize, parseSize } from './shape/size.ts';

/**
 * The price of a call: the first whose `when` matches. What the call leaves out counts as the table's default. Undefined =
 * unknown.
 */
export function priceOf(limits: Limits, words: PricedWords): Price | undefined {
  const quality = words.quality ?? (limits.quality ? limits.quality.default : undefined);
  const size = sizeOf(limits, words);
  const tier = words.resolution ?? tierOf(limits.size, words.size);
  return limits.prices?.find(({ when = {} }) => {
    if (when.region !== undefined && when.region !== words.region) return false;
    if (when.quality !== undefined && when.quality !== quality) return false;
    if (when.tier !== undefined && when.tier !== tier) return false;
    if (when.size !== undefined && (!size || when.size !== formatSize(size))) return false;
    return Object.entries(when.options ?? {}).every(([name, value]) =>
      isDeepStrictEqual(optionOf(limits, words, name), value),
    );
  });
}

/**
 * What pictures cost with these words, `count` of them in `calls` calls; `null` = unknown. Prices per token give `null`: how
 * many tokens there will be is not known before.
 */
export function costOf(limits: Limits, words: PricedWords, count: number, calls: number): Money | null {
  const cost = exactCost(limits, words, count, calls);
  return cost && { ...cost, amount: roundMoney(cost.amount) };
}

/** Not rounded, so that a sum is rounded once. */
function exactCost(limits: Limits, words: PricedWords, count: number, calls: number): Money | null {
  const price = priceOf(limits, words);
  const units = price && unitsOf(price, limits, words, count, calls);
  if (!price || units === undefined) return null;
  return { amount: price.amount * units, currency: price.currency, estimated: true };
}

/** What these calls of one request cost together; `null` = unknown. Works for one call as for all. */
export function estimate(calls: readonly CallDraft[], region: string): Money | null {
  const costs = calls.map((call) => exactCost(call.limits, pricedWords(call, region), call.n, 1));
  const [first] = costs;
  if (!first || costs.some((cost) => cost?.currency !== first.currency)) return null;
  return { ...first, amount: roundMoney(costs.reduce((sum, cost) => sum + cost!.amount, 0)) };
}

function unitsOf({ per }: Price, limits: Limits, words: PricedWords, count: number, calls: number): number | undefined {
  if (per === 'image') return count;
  if (per === 'call') return calls;
  const size = sizeOf(limits, words);
  return per === 'megapixel' && size ? (count * size.width * size.height) / 1e6 : undefined;
}

function pricedWords(
  { size, resolution, aspectRatio, quality, images, options }: CallDraft,
  region: string,
): PricedWords {
  return { region, resolution, aspectRatio, quality, images, options, ...(size && { size: formatSize(size) }) };
}

/** The size the pictures will have; undefined if the table cannot say. */
function sizeOf(limits: Limits, words: PricedWords): Dimensions | undefined {
  if (words.size) return parseSize(words.size);
  const rule = limits.size;
  if (!rule) return undefined;
  const { default: usual } = rule;
  if (typeof usual === 'object' || words.aspectRatio || words.resolution) {
    const { ratio, tier } = typeof usual === 'object' ? usual : {};
    return defaultDimensions({
      ...rule,
      default: { ratio: words.aspectRatio ?? ratio, tier: words.resolution ?? tier },
    });
  }
  if (usual === 'auto') return undefined;
  if (usual !== 'first-image' && usual !== 'last-image') return parseSize(usual);
  const image = words.images?.at(usual === 'first-image' ? 0 : -1);
  return image?.as === 'bytes' ? image : undefined;
}

/** The resolution a size belongs to: the one that has it, else the one with about as many pixels, else the default. */
function tierOf(rule: SizeRule | false | undefined, size: Size | undefined): string | undefined {
  if (!rule) return undefined;
  const usual = typeof rule.default === 'object' ? rule.default.tier : undefined;
  if (!size) return usual;
  const exact = Object.entries(rule.pixels ?? {}).find(([, sizes]) => Object.values(sizes).includes(size))?.[0];
  if (exact !== undefined) return exact;
  const { width, height } = parseSize(size);
  const far = (tier: string) => Math.abs(Math.log((pixelsOf(tier) ?? Number.NaN) / (width * height)));
  const known = (rule.tiers ?? Object.keys(rule.pixels ?? {})).filter((tier) => pixelsOf(tier) !== undefined);
  return known.sort((a, b) => far(a) - far(b))[0] ?? usual;
}

function optionOf(limits: Limits, { options = {} }: PricedWords, name: string): Json | undefined {
  const spec = limits.options?.[name];
  return options[name] ?? (spec && 'default' in spec ? spec.default : undefined);
}
