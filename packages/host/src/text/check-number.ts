import { ImageError } from '@anyimage/core';
import { isInRange, type NumberRange, rangeText } from './numbers.ts';

/** Throws `invalid-request` for a number outside its range. `name`: what it is called. */
export function checkNumber(name: string, value: number | undefined, range: NumberRange): void {
  if (value === undefined || isInRange(value, range)) return;
  throw new ImageError('invalid-request', `${name} must be ${rangeText(range)} (got ${value})`, {
    details: { option: name, asked: String(value) },
    hint: `Give ${rangeText(range)}.`,
  });
}
