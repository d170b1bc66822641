// What is known of one thing, some of it from outside: a title on the left, the text in a column beside it.

import { cleanText } from '@anyimage/core';
import { type Entry, listLines } from './list-lines.ts';
import type { Paint } from './paint.ts';

export { type Entry, titleColumns } from './list-lines.ts';

/** As `listLines`, of any text. */
export function entryLines(entries: readonly Entry[], paint: Paint, titles?: number, columns?: number): string[] {
  const clean = entries.map(([title, text]): Entry => [title, cleanText(text)]);
  return listLines(clean, paint, titles, columns);
}
