// Titles on the left, a text in a column beside each. Imports nothing of ours: the help of a start shows it.

import type { Paint } from './paint.ts';
import { columnsOf, longestPiece, pad, width, wrap } from './wrap.ts';

/** Several with the same title, one after the other, show it once. */
export type Entry = readonly [title: string, text: string];

/** The column of titles that fits all of them. */
export function titleColumns(entries: readonly Entry[]): number {
  return Math.max(0, ...entries.map(([title]) => width(title)));
}

/** Lines, indented by two; on a terminal no wider than it. What comes from outside is cleaned before. */
export function listLines(
  entries: readonly Entry[],
  paint: Paint,
  titles = titleColumns(entries),
  columns = columnsOf(process.stdout),
): string[] {
  return entries.flatMap(([title, text], index) => {
    const shown = entries[index - 1]?.[0] === title ? '' : title;
    const line = text.replaceAll('\n', ' ');
    const above = shown === '' ? [] : wrap(shown, columns - 2, '  ').map((part) => `  ${paint('quiet', part)}`);
    if (line === '') return above;
    return linesBeside({ title: `  ${paint('quiet', pad(shown, titles))}  `, above }, [line], columns);
  });
}

/** What stands before a text, and what stands above it where there is no room beside. */
export interface Beside {
  /** With the space behind it. */
  readonly title: string;
  readonly above: readonly string[];
}

/** Texts in a column behind a title; below it where the column is too narrow. A URL is not broken, one would copy half of it. */
export function linesBeside({ title, above }: Beside, texts: readonly string[], columns: number): string[] {
  const start = width(title);
  const room = columns - start;
  const longest = Math.max(...texts.map(longestPiece));
  if (longest > room || room < leastText) {
    const indent = ' '.repeat(Math.max(0, Math.min(4, columns - longest)));
    return [...above, ...texts.flatMap((text) => wrap(text, columns - indent.length)).map((part) => indent + part)];
  }
  const lines = texts.flatMap((text) => wrap(text, room));
  return lines.map((line, index) => `${index === 0 ? title : ' '.repeat(start)}${line}`.trimEnd());
}

/** Narrower than this, text is harder to read than below its title. */
const leastText = 24;
