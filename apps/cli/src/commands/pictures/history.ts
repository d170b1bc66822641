// anyimage history 猫

import { access } from 'node:fs/promises';
import { resolve } from 'node:path';
import { cleanText } from '@anyimage/core';
import { countText, isoTime, type PictureEntry, timeText } from '@anyimage/host';
import { shownPath } from '../../print/outcome-text.ts';
import { note } from '../../print/terminal/output.ts';
import { printDocument } from '../../print/terminal/print-document.ts';
import { printFooter, printTable } from '../../print/terminal/print-table.ts';
import { columnsOf, cut } from '../../print/terminal/wrap.ts';
import { openHistory } from '../../session/open-history.ts';
import { readSettings } from '../../session/settings.ts';

interface HistoryFlags {
  readonly limit?: number;
  readonly before?: number;
  readonly rebuild?: true;
  readonly scan?: readonly string[];
  readonly json?: true;
}

/** Shows a page of the pictures that were made and returns the exit code. Throws `not-found` (a folder to scan), `storage`. */
export async function history(search: readonly string[], flags: HistoryFlags): Promise<number> {
  const { limit = 20, before, rebuild, scan = [], json } = flags;
  const history = openHistory(await readSettings());
  try {
    if (rebuild || scan.length > 0) {
      const count = await history.rebuild(scan.map((folder) => resolve(folder)));
      note(`${countText(count, 'picture')} in the history`);
    }
    // One picture more than the page holds tells whether there is another page.
    const found = await history.list({ search: search.join(' '), limit: limit + 1, ...(before && { before }) });
    const page = await Promise.all(found.slice(0, limit).map(withPresence));
    const next = found.length > limit ? page.at(-1)!.id : null;
    if (json) printDocument({ pictures: page.map(toJSON), next });
    else if (page.length === 0)
      note(search.length ? `no picture has the words ${search.join(' ')}` : 'no pictures yet');
    else printTable([['WHEN', 'PICTURE', 'MODEL', 'SIZE', 'PROMPT'], ...page.map(row)]);
    if (!json && next !== null)
      printFooter(`anyimage history ${[...search, ''].join(' ')}--before ${next} shows more.`);
    return 0;
  } finally {
    await history.close();
  }
}

/** On a terminal a long prompt is cut: its start tells which one it is. */
const promptColumns = 100;

type Shown = PictureEntry & { readonly exists: boolean };

async function withPresence(entry: PictureEntry): Promise<Shown> {
  const exists = await access(entry.path).then(
    () => true,
    () => false,
  );
  return { ...entry, exists };
}

function row({ createdAt, path, exists, model, width, height, prompt }: Shown): string[] {
  const line = cleanText(prompt).replaceAll('\n', ' ').trim();
  return [
    timeText(createdAt),
    `${cleanText(shownPath(path))}${exists ? '' : ' (gone)'}`,
    cleanText(model),
    `${width}x${height}`,
    Number.isFinite(columnsOf(process.stdout)) ? cut(line, promptColumns) : line,
  ];
}

function toJSON({ createdAt, ...entry }: Shown) {
  return { ...entry, createdAt: isoTime(createdAt) };
}
