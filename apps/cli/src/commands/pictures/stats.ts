// anyimage stats --since 2026-11

import { addUp } from '@anyimage/host';
import { sumsText } from '../../print/records/sums-text.ts';
import { note, print } from '../../print/terminal/output.ts';
import { paintFor } from '../../print/terminal/paint.ts';
import { printDocument } from '../../print/terminal/print-document.ts';
import { printFooter } from '../../print/terminal/print-table.ts';
import { translated } from '../../print/words/translated.ts';
import { filterOf, type HistoryFilter } from '../../request/history/history-filter.ts';
import { openHistory } from '../../session/open-history.ts';
import { readSettings } from '../../session/settings.ts';

/** Shows how many pictures were made and what they cost, by month and by model, and returns the exit code. Throws `invalid-request`, `storage`. */
export async function stats(
  search: readonly string[],
  flags: HistoryFilter & { readonly json?: true },
): Promise<number> {
  const filter = filterOf(search, flags);
  const history = openHistory(await readSettings());
  try {
    const sums = await history.sums(filter);
    if (flags.json) printDocument({ ...addUp(sums), months: sums });
    else if (sums.length === 0)
      note(
        search.length
          ? translated('no picture has the words {words}', { words: search.join(' ') })
          : translated('no pictures yet'),
      );
    else {
      print(sumsText(sums, paintFor(process.stdout)));
      printFooter(translated('Calls that made no picture are not among these; each currency has a scale of its own.'));
    }
    return 0;
  } finally {
    await history.close();
  }
}
