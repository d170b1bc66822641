// The refusal of an argument: what it must be, what it was as far as that helps, and what to do.

import { ImageError, quoted } from '@anyimage/core';

/** Longest that is repeated of what was given, characters. */
const mostRepeated = 80;

/** What was given, on one line and not too long: a text or number itself, anything else by its kind. */
export function shownWord(value: unknown): string {
  if (typeof value === 'string')
    return value.length > 400 ? `a text of ${value.length} characters` : quoted(value, mostRepeated - 2);
  if (value === null || value === undefined) return 'nothing';
  if (typeof value !== 'object') return String(value).slice(0, mostRepeated);
  return Array.isArray(value) ? `a list of ${value.length}` : 'an object';
}

/** `must`: the end of "size must …", such as `be WIDTHxHEIGHT in px`. */
export function refuseWord(
  word: string,
  must: string,
  given: unknown,
  hint = `Correct ${word} and call again; nothing was sent.`,
): ImageError {
  const asked = shownWord(given);
  return new ImageError('invalid-request', `${word} must ${must} (got ${asked})`, {
    details: { option: word, asked },
    hint,
  });
}
