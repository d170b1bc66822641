// Whether a newer row could make a budget count less than before: by a price, by what a call is paid for, or by the numbers from which a
// provider reckons what was charged. Pure, and cautious: what cannot be shown to cost no less counts as less.

import { isDeepStrictEqual } from 'node:util';
import {
  isRecord,
  type Json,
  type Limits,
  limitsOf,
  type ModelCapabilities,
  type OptionSpec,
  omit,
  type Price,
  type SizeRule,
} from '@anyimage/core';
import { isSizedOtherwise } from './sized-otherwise.ts';

/** What counts less in a newer row, and what it was. */
export interface LowerPrice {
  /** Absent: all of them. */
  readonly operation?: string;
  /** `prices`, what decides how many calls there are, what decides which price counts, the ids that go out, or a place in `wire`. */
  readonly path: readonly [word: WholeWord | 'options' | 'wire' | 'regions' | 'families', ...keys: string[]];
  readonly before: Json | undefined;
  readonly after: Json | undefined;
}

/** Words of which the older one stands whole where the newer would count less. */
type WholeWord = 'prices' | 'perCall' | 'seed' | 'quality' | 'size';

/** What counts less in each operation that both rows have. */
export function lowerPrices(before: ModelCapabilities, after: ModelCapabilities): readonly LowerPrice[] {
  const ofOperations = sharedOperations(before, after).flatMap((operation) =>
    lowerIn(limitsOf(before, operation)!, limitsOf(after, operation)!).map((lower) => ({ operation, ...lower })),
  );
  return [...ofOperations, ...otherRegionalIds(before, after)];
}

/** Another id is another model to the service, whatever the row says that it costs. */
function otherRegionalIds(
  { regions: old }: ModelCapabilities,
  { regions: next }: ModelCapabilities,
): readonly LowerPrice[] {
  const names = new Set([...Object.keys(old ?? {}), ...Object.keys(next ?? {})]);
  const isThere = (regions: typeof old, name: string) => !regions || Object.hasOwn(regions, name);
  const isOther = (name: string) => isThere(old, name) && isThere(next, name) && old?.[name]?.id !== next?.[name]?.id;
  if (![...names].some(isOther)) return [];
  return [{ path: ['regions'], before: old as Json | undefined, after: next as Json | undefined }];
}

/** The newer row with the older one's words wherever it would count less. */
export function withOldPrices(before: ModelCapabilities, after: ModelCapabilities): ModelCapabilities {
  let row = after;
  for (const { operation, path } of lowerPrices(before, after)) {
    const [word, key = ''] = path;
    if (operation === undefined || word === 'regions' || word === 'families') {
      row = { ...omit(row, 'regions'), ...(before.regions && { regions: before.regions }) };
      continue;
    }
    const isPart = word === 'wire' || word === 'options';
    row = isPart ? withOldPart(row, operation, word, key, before) : withOldWord(row, operation, word, before);
  }
  return row;
}

function withOldPart(
  row: ModelCapabilities,
  operation: string,
  word: 'wire' | 'options',
  key: string,
  before: ModelCapabilities,
): ModelCapabilities {
  const value = (name: string): unknown => {
    const old = limitsOf(before, name)?.[word]?.[key];
    const next = limitsOf(row, name)![word]?.[key];
    if (word === 'wire') return withOldNumbers(old as Json | undefined, next as Json | undefined) ?? null;
    return old ?? omit(next as { readonly series?: number; readonly default?: Json }, 'series', 'default');
  };
  const changed = (limits: Limits | undefined) => ({ [word]: { ...limits?.[word], [key]: value(operation) } });
  if (isForAll(row, operation, (limits) => Object.hasOwn(limits[word] ?? {}, key), value))
    return { ...row, ...changed(row) };
  return withLimits(row, operation, changed(row.operations[operation]));
}

function withOldWord(
  row: ModelCapabilities,
  operation: string,
  word: WholeWord,
  before: ModelCapabilities,
): ModelCapabilities {
  const value = (name: string) => limitsOf(before, name)?.[word];
  if (isForAll(row, operation, (limits) => Object.hasOwn(limits, word), value)) {
    return { ...row, [word]: value(operation) };
  }
  return withLimits(row, operation, { [word]: value(operation) });
}

/** Whether an older word can stand in the row itself: all operations that take theirs from there get the same. */
function isForAll(
  { operations }: ModelCapabilities,
  operation: string,
  hasOwn: (limits: Limits) => boolean,
  value: (operation: string) => unknown,
): boolean {
  const heirs = Object.keys(operations).filter((name) => !hasOwn(operations[name]!));
  return heirs.includes(operation) && heirs.every((name) => isDeepStrictEqual(value(name), value(operation)));
}

function withLimits(row: ModelCapabilities, operation: string, limits: Limits): ModelCapabilities {
  return { ...row, operations: { ...row.operations, [operation]: { ...row.operations[operation], ...limits } } };
}

function sharedOperations(before: ModelCapabilities, after: ModelCapabilities): readonly string[] {
  return Object.keys(after.operations).filter((operation) => Object.hasOwn(before.operations, operation));
}

function lowerIn(before: Limits, after: Limits): readonly Omit<LowerPrice, 'operation'>[] {
  const { prices: old = [], perCall: fewer = 1 } = before;
  const { prices: next = [], perCall = 1 } = after;
  // What input pictures cost is paid for each call, too.
  const isByCall =
    old.length > 0 && [...old, ...next].some(({ per, inputs }) => per === 'call' || inputs !== undefined);
  const isLess = costsLess(old, next) || tokensCostLess(old, next);
  return [
    ...(isLess ? [{ path: ['prices'] as const, before: json(before.prices), after: json(after.prices) }] : []),
    ...(isByCall && perCall > fewer ? [{ path: ['perCall'] as const, before: fewer, after: perCall }] : []),
    ...(isByCall ? otherCalls(before, after) : []),
    ...cheaperDefaults(before, after, isLess ? old : next),
    ...lowerNumbers(before.wire ?? {}, after.wire ?? {}, ['wire']).filter(
      // What had no price counted as unknown.
      (number) => old.length > 0 || number.before !== undefined,
    ),
  ];
}

/** What else decides how many calls there are: whether the pictures of a call would be equal, and those that belong together. */
function otherCalls({ seed: old, options: had = {} }: Limits, { seed, options: has = {} }: Limits) {
  const [was, is] = [old, seed].map((one) => (one ? one.within : undefined));
  const isApart = was === 'same' && is !== 'same';
  const names = Object.keys({ ...had, ...has });
  const others = names.filter((name) => !isDeepStrictEqual(seriesOf(had[name]), seriesOf(has[name])));
  return [
    ...(isApart ? [{ path: ['seed', 'within'] as const, before: was, after: is }] : []),
    ...others.map((name) => {
      const [before, after] = [had[name], has[name]].map(seriesOf);
      return { path: ['options', name, 'series'] as const, before, after };
    }),
  ];
}

/** How many pictures belong together, and whether they do so by default. */
function seriesOf(spec: OptionSpec | undefined): Json | undefined {
  if (spec?.type !== 'boolean' || spec.series === undefined) return undefined;
  return { most: spec.series, byDefault: spec.default === true };
}

/** Whether tokens that an answer tells cost less, or are not known any more: each kind by the first price that is for it, whatever its `when`. */
function tokensCostLess(old: readonly Price[], next: readonly Price[]): boolean {
  const kinds = new Set(old.map(({ per }) => per).filter((per) => per.startsWith('1M ')));
  return [...kinds].some((kind) => {
    const [was, is] = [old, next].map((prices) => prices.find(({ per }) => per === kind));
    return was && !(is && isNoLess(was, is));
  });
}

/** Whether a call could cost less by the newer prices, or nobody knows what it costs any more. */
function costsLess(old: readonly Price[], next: readonly Price[]): boolean {
  if (isDeepStrictEqual(old, next)) return false;
  return old.some((price, index) => {
    if (isShadowed(price, old, index)) return false;
    const rivals = next.filter((rival, place) => {
      const both = together(price.when, rival.when);
      return both && !old.slice(0, index).some(covers(both)) && !next.slice(0, place).some(covers(both));
    });
    return !next.some(covers(price.when ?? {})) || rivals.some((rival) => !isNoLess(price, rival));
  });
}

/** The defaults by which a call that names nothing would cost less. `next`: the prices that are to hold. */
function cheaperDefaults(
  before: Limits,
  after: Limits,
  next: readonly Price[],
): readonly Omit<LowerPrice, 'operation'>[] {
  const { prices: old = [] } = before;
  const choices = [
    { path: ['quality', 'default'] as const, of: ({ quality }: Limits) => (quality ? quality.default : undefined) },
    ...Object.keys({ ...before.options, ...after.options }).map((name) => {
      return { path: ['options', name, 'default'] as const, of: ({ options }: Limits) => defaultOf(options?.[name]) };
    }),
  ].map(({ path, of }) => {
    const name = path[0] === 'quality' ? 'quality' : `options.${path[1]}`;
    const [was, is] = [of(before), of(after)];
    const isLess = !isDeepStrictEqual(was, is) && costsLess(whereSet(old, name, was), whereSet(next, name, is));
    return { path, before: was, after: is, isLess };
  });
  const isLess = (one: (typeof choices)[number]) => one.isLess;
  return [...choices.filter(isLess).map((one) => omit(one, 'isLess')), ...otherSizes(before, after, next)];
}

/** What of a size rule decides by which size, or which resolution, a call is priced. */
function otherSizes(
  { prices: old = [], size: before }: Limits,
  { size: after }: Limits,
  next: readonly Price[],
): readonly Omit<LowerPrice, 'operation'>[] {
  const prices = [...old, ...next];
  if (old.length === 0 || !prices.some(dependsOnSize)) return [];
  const [was, is] = [before, after].map((size) => (size ? (size.default as Json) : undefined));
  if (!isDeepStrictEqual(was, is)) return [{ path: ['size', 'default'], before: was, after: is }];
  if (!before || !after) return [];
  if (
    !isSizedOtherwise(
      before,
      after,
      prices.some(({ when }) => when?.tier !== undefined),
    )
  )
    return [];
  const sizes = ({ pixels, tiers }: SizeRule) => ({ pixels, tiers }) as unknown as Json;
  return [{ path: ['size', 'pixels'], before: sizes(before), after: sizes(after) }];
}

function defaultOf(spec: OptionSpec | undefined): Json | undefined {
  return spec && 'default' in spec ? spec.default : undefined;
}

/** The prices that can count while a word of a call has a value, without the condition on it. */
function whereSet(prices: readonly Price[], name: string, value: Json | undefined): readonly Price[] {
  return prices.flatMap((price) => {
    const { options = {}, ...words } = price.when ?? {};
    const known = conditions(price.when ?? {});
    if (!known.has(name)) return [price];
    if (!isDeepStrictEqual(known.get(name), value)) return [];
    const rest = name === 'quality' ? omit(words, 'quality') : words;
    return [{ ...price, when: { ...rest, options: omit(options, name.replace('options.', '')) } }];
  });
}

function dependsOnSize({ per, when = {} }: Price): boolean {
  return per === 'megapixel' || [when.size, when.tier, when.maxPixels].some((one) => one !== undefined);
}

function isShadowed({ when = {} }: Price, prices: readonly Price[], index: number): boolean {
  return prices.slice(0, index).some(covers(when));
}

type When = NonNullable<Price['when']>;

/** Tells of a price whether it is for every call of which `when` holds. */
function covers(when: When): (price: Price) => boolean {
  const known = conditions(when);
  return ({ when: wanted = {} }) =>
    [...conditions(wanted)].every(([name, value]) => {
      const given = known.get(name);
      if (isMost(name)) return typeof given === 'number' && given <= Number(value);
      return isDeepStrictEqual(given, value);
    });
}

/** What holds of a call that fits both; `undefined` if none can. */
function together(one: When = {}, other: When = {}): When | undefined {
  const [first, second] = [conditions(one), conditions(other)];
  for (const [name, value] of second) {
    const given = first.get(name);
    if (given === undefined) continue;
    if (!isMost(name) && !isDeepStrictEqual(given, value)) return undefined;
  }
  const least = (name: 'maxPixels' | 'maxInputs') => {
    const both = [one[name], other[name]].filter((value) => value !== undefined);
    return both.length > 0 ? { [name]: Math.min(...both) } : {};
  };
  return {
    ...one,
    ...other,
    ...least('maxPixels'),
    ...least('maxInputs'),
    options: { ...one.options, ...other.options },
  };
}

function conditions({ options = {}, ...words }: When): Map<string, Json> {
  const all = [...Object.entries(words), ...Object.entries(options).map(([name, value]) => [`options.${name}`, value])];
  return new Map(all.filter((entry): entry is [string, Json] => entry[1] !== undefined));
}

function isMost(name: string): boolean {
  return name === 'maxPixels' || name === 'maxInputs';
}

/** Whether nothing in the price of a call is less than it was. */
function isNoLess(old: Price, next: Price): boolean {
  if (old.per !== next.per || old.currency !== next.currency || !isNoLessByPixels(old, next)) return false;
  if ((next.partial ?? 0) < (old.partial ?? 0)) return false;
  if (!old.inputs) return true;
  if (!next.inputs) return old.inputs.amount === 0;
  const { free = 0 } = next.inputs;
  return (
    old.inputs.per === next.inputs.per && free <= (old.inputs.free ?? 0) && isNoLessByPixels(old.inputs, next.inputs)
  );
}

function isNoLessByPixels(
  old: Pick<Price, 'amount' | 'further' | 'rounds' | 'megapixel'>,
  next: Pick<Price, 'amount' | 'further' | 'rounds' | 'megapixel'>,
): boolean {
  const hasFurther = (old.further === undefined) === (next.further === undefined);
  return (
    next.amount >= old.amount &&
    hasFurther &&
    (next.further ?? 0) >= (old.further ?? 0) &&
    (next.megapixel ?? 1e6) <= (old.megapixel ?? 1e6) &&
    (next.rounds === old.rounds || old.rounds === undefined)
  );
}

/** The numbers that are less in the newer, that are none any more, and that were none: by one more, an answer may be charged otherwise. */
function lowerNumbers(
  before: Json | undefined,
  after: Json | undefined,
  path: LowerPrice['path'],
): readonly Omit<LowerPrice, 'operation'>[] {
  if (typeof before === 'number' || typeof after === 'number') {
    return typeof before === 'number' && typeof after === 'number' && after >= before ? [] : [{ path, before, after }];
  }
  const keys = new Set([before, after].flatMap((value) => (isTree(value) ? Object.keys(value) : [])));
  return [...keys].flatMap((key) => lowerNumbers(inside(before, key), inside(after, key), [...path, key]));
}

/** The newer value with each number that was more before, and without those that were none. */
function withOldNumbers(before: Json | undefined, after: Json | undefined): Json | undefined {
  if (typeof before === 'number') return typeof after === 'number' ? Math.max(before, after) : before;
  if (!hasNumber(before) && !hasNumber(after)) return after;
  if (Array.isArray(before) || Array.isArray(after) || !isTree(after)) return before;
  const keys = [...new Set([...Object.keys(after), ...(isTree(before) ? Object.keys(before) : [])])];
  return Object.fromEntries(
    keys.flatMap((key) => {
      const value = withOldNumbers(inside(before, key), inside(after, key));
      return value === undefined ? [] : [[key, value]];
    }),
  );
}

function hasNumber(value: Json | undefined): boolean {
  return isTree(value) ? Object.values(value).some(hasNumber) : typeof value === 'number';
}

function isTree(value: Json | undefined): value is readonly Json[] | { readonly [key: string]: Json } {
  return Array.isArray(value) || isRecord(value);
}

function inside(value: Json | undefined, key: string): Json | undefined {
  return isTree(value) && Object.hasOwn(value, key) ? (value as { readonly [key: string]: Json })[key] : undefined;
}

function json(value: Limits['prices']): Json | undefined {
  return value as Json | undefined;
}
