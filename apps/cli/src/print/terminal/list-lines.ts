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
  const room = columns - titles - 4;
  return entries.flatMap(([title, text], index) => {
    const shown = entries[index - 1]?.[0] === title ? '' : title;
    const line = text.replaceAll('\n', ' ');
    const longest = longestPiece(line);
    const first = `  ${paint('quiet', pad(shown, titles))}`;
    if (line === '' || longest > room || room < leastText) {
      // A URL is not broken, one would copy half of it: it has lines of its own.
      const indent = ' '.repeat(Math.max(0, Math.min(4, columns - longest)));
      const above = shown === '' ? [] : wrap(shown, columns - 2, '  ').map((part) => `  ${paint('quiet', part)}`);
      return line === '' ? above : [...above, ...wrap(line, columns - indent.length).map((part) => indent + part)];
    }
    const [start, ...others] = wrap(line, room);
    return [`${first}  ${start}`.trimEnd(), ...others.map((other) => ' '.repeat(titles + 4) + other)];
  });
}

/** Narrower than this, text is harder to read than below its title. */
const leastText = 24;
