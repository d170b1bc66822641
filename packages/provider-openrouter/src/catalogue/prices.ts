// From the price lists of the services behind a model to the prices of its row. A budget relies on them: which service will answer is not
// known before, so the dearest counts, and where a list says something that is not understood, no price is known.

import { isDeepStrictEqual } from 'node:util';
import { type Limits, type Price, present } from '@anyimage/core';
import type { PriceLine } from './record.ts';

type PriceList = readonly PriceLine[];
/** What a variant can be of: the words on which a price of the table may depend. */
type When = Pick<NonNullable<Price['when']>, 'tier' | 'quality' | 'size'>;

/** Units that are understood, by what they are of. Fonts cannot be given. */
const units: { readonly [billable: string]: readonly string[] } = {
  output_image: ['image', 'megapixel', 'token', 'request'],
  input_image: ['image', 'megapixel', 'token', 'request'],
  input_reference: ['image', 'megapixel', 'token', 'request'],
  input_text: ['token', 'request'],
};
const made = ['output_image'];
const given = ['input_image', 'input_reference'];

/**
 * The prices of a call, the most precise first; empty = unknown. `lists`: one for each service, `undefined` one that cannot be read. `isEdit`: pictures are given.
 */
export function pricesOf(
  lists: readonly (PriceList | undefined)[] | undefined,
  limits: Limits,
  isEdit: boolean,
): readonly Price[] {
  const counted = lists?.map((list) => list?.filter(({ billable }) => countsFor(billable, isEdit)));
  const known = counted?.flatMap((list) => (list?.every(isUnderstood) ? [list] : []));
  if (!known || known.length < counted!.length || known.length === 0) return [];
  const tokens = tokenPrices(known);
  const isByToken = known.some((list) => linesOf(list, [...made, ...given], 'token').length > 0);
  return isByToken || !known.every(chargesForPictures) ? tokens : [...picturePrices(known, limits), ...tokens];
}

function countsFor(billable: string, isEdit: boolean): boolean {
  return billable !== 'input_font' && (isEdit || !given.includes(billable));
}

function isUnderstood({ billable, unit }: PriceLine): boolean {
  return Object.hasOwn(units, billable) && units[billable]!.includes(unit);
}

/** One that names no price for what is made leaves it open. */
function chargesForPictures(list: PriceList): boolean {
  return list.some(({ billable, unit }) => made.includes(billable) || unit === 'request');
}

function linesOf(list: PriceList, billables: readonly string[], unit: string): PriceList {
  return list.filter((line) => billables.includes(line.billable) && line.unit === unit);
}

function tokenPrices(lists: readonly PriceList[]): readonly Price[] {
  const kinds = [
    [made, '1M image out'],
    [given, '1M image in'],
    [['input_text'], '1M text in'],
  ] as const;
  return kinds.flatMap(([billables, per]): Price[] => {
    const costs = lists.flatMap((list) => linesOf(list, billables, 'token').map(({ cost }) => cost));
    return costs.length === 0 ? [] : [{ amount: exact(Math.max(...costs) * 1e6), currency: 'USD', per }];
  });
}

/** What pictures cost: for each value on which a price depends, and else the dearest. */
function picturePrices(lists: readonly PriceList[], limits: Limits): readonly Price[] {
  const { presets = [], tiers = [] } = limits.size || {};
  const sizes: When[] = presets.map((size) => ({ size }));
  // Of a size in pixels it is not known to which resolution it is counted.
  const resolutions: When[] = presets.length > 0 ? [] : tiers.map((tier) => ({ tier }));
  const qualities: When[] = (limits.quality ? limits.quality.values : []).map((quality) => ({ quality }));
  const kinds = [sizes, resolutions, qualities];
  const variesBy = (kind: readonly When[]) => lists.some((list) => groupsOf(list).some((group) => isOf(group, kind)));
  const dearest = (when: When | undefined) => dearestOf(lists, kinds, when, limits.perCall ?? 1);
  if (lists.some((list) => linesOf(list, made, 'megapixel').length > 0)) {
    // How many there are is known of a size that is asked for; of a resolution it is what its name means elsewhere.
    const ofTiers: readonly When[] = presets.length > 0 ? tiers.map((tier) => ({ tier })) : resolutions;
    return [
      ...sizes.map((when) => ({ ...dearest(when), when })),
      ...ofTiers.map((when): Price => ({ ...dearest(when), when, unsure: true })),
    ];
  }
  const conditions = kinds.filter((kind) => kind.length > 0 && variesBy(kind)).flat();
  return [...conditions.map((when) => ({ ...dearest(when), when })), dearest(undefined)];
}

/** The price that no service exceeds under a condition. It is exact where one service serves the model, and its list leaves nothing open. */
function dearestOf(
  lists: readonly PriceList[],
  kinds: readonly (readonly When[])[],
  when: When | undefined,
  perCall: number,
): Price {
  const bills = lists.map((list) => {
    const cost = (billables: readonly string[], unit: string) => costOf(list, billables, unit, { kinds, when });
    return {
      picture: cost(made, 'image'),
      megapixel: cost(made, 'megapixel'),
      request: cost([...made, ...given, 'input_text'], 'request'),
      reference: cost(given, 'image'),
      referenceMegapixel: cost(given, 'megapixel'),
    };
  });
  const most = (amount: (bill: (typeof bills)[number]) => number) => exact(Math.max(...bills.map(amount)));
  // A request makes at least one picture: what it costs itself counts for each of them.
  const fixed = most(({ picture, request }) => picture + request);
  const [perPicture, perMegapixel] = [most(({ picture }) => picture), most(({ megapixel }) => megapixel)];
  const inputs = chargeOf(
    most(({ reference }) => reference),
    most(({ referenceMegapixel }) => referenceMegapixel),
  );
  const isPerCall = perPicture === 0 && perMegapixel === 0 && fixed > 0;
  const charge = isPerCall ? ({ amount: fixed, per: 'call' } as const) : chargeOf(fixed, perMegapixel);
  const hasText = lists.some((list) => linesOf(list, ['input_text'], 'token').length > 0);
  const isSpread = perCall > 1 && !isPerCall && most(({ request }) => request) > 0;
  const isEqual = bills.every((bill) => isDeepStrictEqual(bill, bills[0]));
  const isVague = !isEqual || hasText || isSpread || lists.some((list) => isChoice(list, { kinds, when }));
  return {
    ...(charge ?? { amount: 0, per: 'image' }),
    currency: 'USD',
    ...present({ inputs, unsure: isVague || undefined }),
  };
}

/** An amount for each picture, by the picture and by its pixels; `undefined` = nothing. */
function chargeOf(picture: number, megapixel: number) {
  if (megapixel === 0) return picture === 0 ? undefined : ({ amount: picture, per: 'image' } as const);
  const by = { per: 'megapixel', amount: exact(picture + megapixel) } as const;
  return picture === 0 ? by : { ...by, further: megapixel };
}

/** On what a line's price depends: all values of each word, and the one of the call. */
interface Condition {
  readonly kinds: readonly (readonly When[])[];
  readonly when: When | undefined;
}

function costOf(list: PriceList, billables: readonly string[], unit: string, condition: Condition): number {
  const groups = groupsOf(linesOf(list, billables, unit));
  return groups.reduce((sum, group) => sum + Math.max(...applying(group, condition).map(({ cost }) => cost)), 0);
}

/** Lines of one kind, of which one applies to a call. */
function groupsOf(list: PriceList): readonly PriceList[] {
  return Object.values(Object.groupBy(list, ({ billable, unit }) => `${billable} ${unit}`)).map((group) => group!);
}

/** The lines of a group that may apply: the one of the call's value, if all variants are values of that word. */
function applying(group: PriceList, { kinds, when }: Condition): PriceList {
  const kind = when && kinds.find((values) => values.includes(when));
  const exactly = kind && isOf(group, kind) ? group.filter(({ variant }) => isSame(variant, when!)) : [];
  return exactly.length > 0 ? exactly : group;
}

/** Whether a group has more than one price for a call. */
function isChoice(list: PriceList, condition: Condition): boolean {
  return groupsOf(list).some((group) => new Set(applying(group, condition).map(({ cost }) => cost)).size > 1);
}

function isOf(group: PriceList, kind: readonly When[]): boolean {
  return group.every(({ variant }) => kind.some((when) => isSame(variant, when)));
}

function isSame(variant: string | undefined, { tier, quality, size }: When): boolean {
  return variant?.toLowerCase() === (tier ?? quality ?? size ?? '').toLowerCase();
}

/** Without the dust of binary fractions. */
function exact(amount: number): number {
  return Number(amount.toPrecision(12));
}
