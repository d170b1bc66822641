// Texts with places for the words of a row: "a {{animal}} in {{style}}".

import { didYouMean, ImageError, nearest, quotedWord, shortList } from '@anyimage/core';

export interface Template {
  /** The names of its places, each once. */
  readonly names: readonly string[];
  /** The text with what `value` says in each place. */
  fill(value: (name: string) => string): string;
}

const place = /\{\{\s*([^{}]*?)\s*\}\}/g;

/** `option`: the word that it is given as. Throws `invalid-request` for a place that has no name or no end. */
export function readTemplate(text: string, option: string): Template {
  const names = [...text.matchAll(place)].map(([, name]) => name!);
  if (names.includes('') || text.replace(place, '').includes('{{')) {
    throw new ImageError('invalid-request', `${option}: a place for a column is written {{name}}`, {
      details: { option, asked: text.slice(0, 200) },
      hint: 'Close each {{ with }}, and name a column between them.',
    });
  }
  return { names: [...new Set(names)], fill: (value) => text.replace(place, (_, name: string) => value(name)) };
}

/** Throws `invalid-request`, naming the nearest, for a place of a template that none of `known` fills. */
export function checkPlaces({ names }: Template, filled: readonly string[], option: string): void {
  const known = [...new Set(filled)];
  const unknown = names.find((name) => !known.includes(name));
  if (unknown === undefined) return;
  throw new ImageError(
    'invalid-request',
    `${option}: nothing is called ${quotedWord(unknown)} to put into {{${unknown}}}`,
    {
      details: { option, asked: unknown, allowed: known.slice(0, 50) },
      hint: didYouMean(
        nearest(unknown, known),
        known.length > 0 ? `There are: ${shortList(known)}.` : 'There are no columns.',
      ),
    },
  );
}
