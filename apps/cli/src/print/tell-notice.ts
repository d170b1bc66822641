import { type Notice, noticeText } from '@anyimage/host';
import { noteText, warningText } from './outcome-text.ts';
import { note } from './terminal/output.ts';
import { paintFor } from './terminal/paint.ts';

/** Says on stderr what a person should know while the work goes on. */
export function tellNotice(notice: Notice): void {
  const { level, text } = noticeText(notice);
  const paint = paintFor(process.stderr);
  note(level === 'warning' ? warningText(text, paint) : noteText(text, paint));
}
