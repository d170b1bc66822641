import { type History, type HistoryOptions, openHistory as open } from '@anyimage/host';
import { sayNotice } from '../print/say.ts';
import type { Settings } from './settings.ts';

/** The history of pictures. A new index, and what it lacks, is told on stderr, with the progress if that is a terminal. */
export function openHistory({ home }: Pick<Settings, 'home'>, options: Pick<HistoryOptions, 'gather'> = {}): History {
  return open(home, { onNotice: sayNotice, onProgress: showProgress, ...options });
}

/** One line that counts, on a terminal only. */
function showProgress(done: number, total: number): void {
  if (!process.stderr.isTTY || total < 1000) return;
  process.stderr.write(done < total ? `\r\u001b[K  ${done} of ${total} sidecars` : '\r\u001b[K');
}
