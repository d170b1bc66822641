import { note } from './output.ts';
import { paintFor } from './paint.ts';
import { columnsOf, wrapLines } from './wrap.ts';

/** Help below a table: for the person, not for scripts. */
export function printFooter(text: string): void {
  note(paintFor(process.stderr)('quiet', `\n${wrapLines(text, columnsOf(process.stderr))}`));
}
