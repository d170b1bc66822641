// anyimage history 猫

import { access } from 'node:fs/promises';
import { resolve } from 'node:path';
import { cleanText } from '@anyimage/core';
import { countText, type History, isoTime, type PictureEntry, timeText } from '@anyimage/host';
import { shownPath } from '../../print/outcome-text.ts';
import { note } from '../../print/terminal/output.ts';
import { printList } from '../../print/terminal/print-document.ts';
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
    const page = readPage(history, { search: search.join(' '), limit, before });
    if (json) {
      await printList('pictures', asJSON(page.pictures()), () => ({ next: page.next }));
      return 0;
    }
    const rows: string[][] = [];
    for await (const picture of page.pictures()) rows.push(row(picture));
    const { next } = page;
    if (rows.length === 0) note(search.length ? `no picture has the words ${search.join(' ')}` : 'no pictures yet');
    else printTable([['WHEN', 'PICTURE', 'MODEL', 'SIZE', 'PROMPT'], ...rows]);
    if (next !== null) printFooter(`anyimage history ${[...search, ''].join(' ')}--before ${next} shows more.`);
    return 0;
  } finally {
    await history.close();
  }
}

/** On a terminal a long prompt is cut: its start tells which one it is. */
const promptColumns = 100;

type Shown = PictureEntry & { readonly exists: boolean };

/** Pictures that are read at a time. */
const atATime = 200;

interface Page {
  /** Newest first, to be read once. */
  pictures(): AsyncGenerator<Shown>;
  /** What the page after this one comes before, when all pictures are read; `null` if there is none. */
  readonly next: number | null;
}

/** A page of any length, of which a few pictures are held at a time. */
function readPage(history: History, { search, limit, before }: PageQuery): Page {
  let last = before;
  let next: number | null = null;
  async function* pictures(): AsyncGenerator<Shown> {
    for (let left = limit; left > 0; left -= atATime) {
      const some = Math.min(left, atATime);
      // One picture more tells whether others follow.
      const found = await history.list({ search, limit: some + 1, ...(last && { before: last }) });
      for (const entry of found.slice(0, some)) yield await withPresence(entry);
      if (found.length <= some) return;
      last = found[some - 1]!.id;
    }
    next = last ?? null;
  }
  return {
    pictures,
    get next() {
      return next;
    },
  };
}

interface PageQuery {
  readonly search: string;
  readonly limit: number;
  readonly before: number | undefined;
}

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

async function* asJSON(pictures: AsyncIterable<Shown>) {
  for await (const { createdAt, ...entry } of pictures) {
    yield { ...entry, createdAt: isoTime(createdAt) };
  }
}
