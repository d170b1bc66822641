import { translated } from '../words/translated.ts';
import { note, print } from './output.ts';
import { paintFor } from './paint.ts';
import { tableText } from './table.ts';
import { columnsOf, wrapLines } from './wrap.ts';

/** A table on stdout; the first row is the heading. */
export function printTable(rows: readonly (readonly string[])[]): void {
  const [headings = [], ...others] = rows;
  print(tableText([headings.map((heading) => translated(heading)), ...others], paintFor(process.stdout)));
}

/** Help below a table: for the person, not for scripts. */
export function printFooter(text: string): void {
  note(paintFor(process.stderr)('quiet', `\n${wrapLines(text, columnsOf(process.stderr))}`));
}
