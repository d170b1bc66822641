// Numbers that people write, in flags, variables and queries: read in one place, and refused with their range and an example. A face of
// its own (`@anyimage/host/numbers`): the command line needs it before it loads anything else.

/** What a number may be. */
export interface NumberRange {
  readonly least: number;
  readonly most: number;
  /** No fractions. */
  readonly whole?: true;
  /** One that may be, as a person writes it. */
  readonly example: string;
}

/**
 * The number that a text stands for, in plain digits: no exponent, no hexadecimal, no words. `undefined` for a text that is no such
 * number, and for one outside the range.
 */
export function parseNumber(text: string, range: NumberRange): number | undefined {
  const value = /^\s*[-+]?(\d+(\.\d*)?|\.\d+)\s*$/.test(text) ? Number(text) : Number.NaN;
  return isInRange(value, range) ? value : undefined;
}

/** Whether a text says that nothing is asked for: `none`, `null`, `""`. */
export function saysNothing(text: string): boolean {
  const said = text.trim();
  if (said.length > longestNothing) return false;
  return /^[\s"'`<(]*(?:null|undefined|none|nil|n\/?a|default|unset|unspecified|not (?:set|given))?[\s"'`>)]*$/i.test(
    said,
  );
}

/** Characters. */
const longestNothing = 24;

export function isInRange(value: number, { least, most, whole }: NumberRange): boolean {
  return value >= least && value <= most && (!whole || Number.isSafeInteger(value));
}

/** `a whole number from 1 to 10000, such as 20`. */
export function rangeText({ least, most, whole, example }: NumberRange): string {
  return `a ${whole ? 'whole ' : ''}number from ${least} to ${most}, such as ${example}`;
}

/** Nobody writes a longer amount or list of sides, characters. */
const longestWritten = 200;

/** What an amount of money may be. */
export const costRange: NumberRange = { least: 0, most: 1_000_000, example: '0.10' };

/** What currencies are called besides their codes. No price list is in yen: ¥ is the yuan. */
const currencies: Readonly<Record<string, string>> = {
  $: 'USD',
  us$: 'USD',
  dollar: 'USD',
  dollars: 'USD',
  '€': 'EUR',
  euro: 'EUR',
  euros: 'EUR',
  '£': 'GBP',
  pound: 'GBP',
  pounds: 'GBP',
  '¥': 'CNY',
  '￥': 'CNY',
  rmb: 'CNY',
  yuan: 'CNY',
  renminbi: 'CNY',
  元: 'CNY',
  块: 'CNY',
  人民币: 'CNY',
};
/** Hundredths of a dollar. */
const cents = /^(?:us\s*)?(?:cents?|¢)$/i;

/**
 * `0.10 USD`, `USD 0.10`, `$0.10`, `0,10 €`, `1 元`, `30 cents` (of a dollar), `free`; `undefined` for what is no amount, or says no
 * currency.
 */
export function readMoney(text: string): { readonly amount: number; readonly currency: string } | undefined {
  if (text.length > longestWritten) return undefined;
  if (/^\s*(?:free|gratis|免费)\s*$/i.test(text)) return { amount: 0, currency: 'USD' };
  const [, before, typed, after] = /^\s*([^\d\s.,]*)\s*(\d[\d.,]*|\.\d+)\s*([^\d.,]*?)\s*$/.exec(text) ?? [];
  const names = [before, after].filter(Boolean) as string[];
  if (typed === undefined || names.length !== 1) return undefined;
  // A comma before one or two digits stands for the point; one before three may part thousands.
  const amount = parseNumber(typed.replace(/^(\d+),(\d{1,2})$/, '$1.$2'), costRange);
  if (amount === undefined) return undefined;
  if (cents.test(names[0]!)) return { amount: Math.round(amount * 1e4) / 1e6, currency: 'USD' };
  const currency = currencyOf(names[0]!.toLowerCase());
  return currency === undefined ? undefined : { amount, currency };
}

function currencyOf(name: string): string | undefined {
  if (Object.hasOwn(currencies, name)) return currencies[name];
  return /^[a-z]{3}$/.test(name) ? name.toUpperCase() : undefined;
}

/** How far a side may be extended: a ratio, or px. */
export const sideRange: NumberRange = { least: 0, most: 100_000, example: '0.5' };

/** `0.5` for all sides, or `left=0.5,top=0.2`; `undefined` for anything else. */
export function readSides(text: string): Readonly<Record<string, number>> | undefined {
  if (text.length > longestWritten) return undefined;
  const all = parseNumber(text, sideRange);
  if (all !== undefined) return { top: all, right: all, bottom: all, left: all };
  const parts = text.split(/[,;]/).map((part) => /^\s*(top|right|bottom|left)\s*[=:](.*)$/is.exec(part));
  const sides = parts.map((part) => part && ([part[1]!.toLowerCase(), parseNumber(part[2]!, sideRange)] as const));
  return sides.every((side) => side?.[1] !== undefined) ? Object.fromEntries(sides as [string, number][]) : undefined;
}

/** How many pictures a page of the history shows. */
export const pageRange: NumberRange = { least: 1, most: 10_000, whole: true, example: '20' };

/** Bytes of the largest picture that is taken. */
export const imageBytesRange: NumberRange = { least: 1, most: 2 ** 40, whole: true, example: '200000000' };

/** The id of a picture in the history. */
export const idRange: NumberRange = { least: 1, most: Number.MAX_SAFE_INTEGER, whole: true, example: '1795219200000' };
