import { type History, openHistory as open } from '@anyimage/host';
import { noteText, warningText } from '../print/outcome-text.ts';
import { note } from '../print/terminal/output.ts';
import { paintFor } from '../print/terminal/paint.ts';
import type { Settings } from './settings.ts';

/**
 * The history of pictures. An index that has to be made anew is said on stderr, on a terminal with how far it is; so is what it
 * cannot hold, and what is waited for.
 */
export function openHistory({ home }: Pick<Settings, 'home'>): History {
  const paint = paintFor(process.stderr);
  return open(home, {
    onRebuild: (reason) =>
      note(noteText(`the index of the history ${reason}; it is made anew from the sidecars`, paint)),
    onProgress: showProgress,
    onSkip: ({ path, reason }) => note(warningText(`the history cannot hold ${path}: ${reason}`, paint)),
    onWait: sayWaiting,
  });
}

export function sayWaiting(): void {
  note(noteText('waiting for another program that writes the index of the history', paintFor(process.stderr)));
}

/** One line that counts; elsewhere than on a terminal it is silent. */
function showProgress(done: number, total: number): void {
  if (!process.stderr.isTTY || total < 1000) return;
  process.stderr.write(done < total ? `\r\u001b[K  ${done} of ${total} sidecars` : '\r\u001b[K');
}
