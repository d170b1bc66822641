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

export function isInRange(value: number, { least, most, whole }: NumberRange): boolean {
  return value >= least && value <= most && (!whole || Number.isSafeInteger(value));
}

/** `a whole number from 1 to 10000, such as 20`. */
export function rangeText({ least, most, whole, example }: NumberRange): string {
  return `a ${whole ? 'whole ' : ''}number from ${least} to ${most}, such as ${example}`;
}

/** How many pictures a page of the history shows. */
export const pageRange: NumberRange = { least: 1, most: 10_000, whole: true, example: '20' };

/** Bytes of the largest picture that is taken. */
export const imageBytesRange: NumberRange = { least: 1, most: 2 ** 40, whole: true, example: '200000000' };

/** The id of a picture in the history. */
export const idRange: NumberRange = { least: 1, most: Number.MAX_SAFE_INTEGER, whole: true, example: '1795219200000' };
