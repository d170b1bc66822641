// anyimage history 猫

import { access } from 'node:fs/promises';
import { resolve } from 'node:path';
import { cleanText } from '@anyimage/core';
import {
  currentFolder,
  type FindMoved,
  type History,
  isoTime,
  money,
  movedFinder,
  type PictureEntry,
  type PictureFilter,
  pictureId,
  type Query,
  shellWord,
  shortPictureId,
  timeText,
} from '@anyimage/host';
import { shownPath } from '../../print/outcome-text.ts';
import type { Tile } from '../../print/preview/preview.ts';
import { note } from '../../print/terminal/output.ts';
import { printList } from '../../print/terminal/print-document.ts';
import { printFooter, printTable } from '../../print/terminal/print-table.ts';
import { columnsOf, cut } from '../../print/terminal/wrap.ts';
import { translated, translatedAmount, translatedCount } from '../../print/words/translated.ts';
import { filterOf, type HistoryFilter } from '../../request/history/history-filter.ts';
import { openHistory } from '../../session/open-history.ts';
import { readSettings, type Settings } from '../../session/settings.ts';
import { previewWord, showPreview } from '../../session/view/preview.ts';

interface HistoryFlags extends HistoryFilter {
  readonly limit?: number;
  readonly before?: number;
  /** Show the pictures of the page, too. */
  readonly preview?: true;
  readonly rebuild?: true;
  readonly scan?: readonly string[];
  readonly json?: true;
}

/** Shows a page of the pictures that were made and returns the exit code. Throws `not-found` (a folder to scan), `storage`. */
export async function history(search: readonly string[], flags: HistoryFlags): Promise<number> {
  const { limit = 20, before, rebuild, scan = [], preview, json } = flags;
  const filter = filterOf(search, flags);
  const settings = await readSettings();
  const history = openHistory(settings);
  try {
    if (rebuild || scan.length > 0) {
      const count = await history.rebuild(scan.map((folder) => resolve(folder)));
      note(translated('{pictures} in the history', { pictures: translatedCount(count, 'picture') }));
    }
    const page = readPage(history, { ...filter, limit, ...(before !== undefined && { before }) });
    if (json) {
      await printList('pictures', asJSON(page.pictures()), () => ({ next: page.next }));
      return 0;
    }
    const rows: string[][] = [];
    const tiles: Tile[] = [];
    for await (const picture of page.pictures()) {
      rows.push(row(picture));
      if (preview && tiles.length < mostShown) tiles.push(...tilesOf(picture));
    }
    const { next } = page;
    if (rows.length === 0) note(noneText(search, filter));
    else printTable([['ID', 'WHEN', 'PICTURE', 'MODEL', 'SIZE', 'COST', 'PROMPT'], ...rows]);
    if (preview && rows.length > 0) await showPictures(tiles, settings);
    if (next !== null)
      printFooter(translated('{command} shows more.', { command: `${commandText(search, flags)} --before ${next}` }));
    return 0;
  } finally {
    await history.close();
  }
}

/** No window has room for more. */
const mostShown = 200;

/** A picture that is there, with the id that it is told by. */
function tilesOf({ path, exists, movedTo, sha256 }: Shown): readonly Tile[] {
  const picture = movedTo ?? (exists ? path : undefined);
  return picture === undefined ? [] : [{ picture, label: sha256 && shortPictureId(sha256) }];
}

/** Who asks for previews sees them, whatever is set for pictures that are made: only how they are drawn counts. */
async function showPictures(tiles: readonly Tile[], settings: Settings): Promise<void> {
  if (!process.stdout.isTTY) return;
  if (tiles.length === 0) return note(translated('none of these pictures is there to be shown'));
  const word = previewWord({}, settings);
  await showPreview(tiles, word === 'none' ? 'auto' : word, new AbortController().signal);
}

/** On a terminal a long prompt is cut: its start tells which one it is. */
const promptColumns = 100;

function noneText(search: readonly string[], filter: PictureFilter): string {
  if (search.length > 0) return translated('no picture has the words {words}', { words: search.join(' ') });
  return Object.keys(filter).length > 0 ? translated('no picture is like that') : translated('no pictures yet');
}

/** The command that was typed, to be typed again. */
function commandText(search: readonly string[], { model, since, until, minCost }: HistoryFilter): string {
  const flags = [
    model !== undefined && `-m ${shellWord(model)}`,
    since && `--since ${momentText(since.from)}`,
    until && `--until ${momentText(until.to)}`,
    minCost && `--min-cost ${minCost.amount}${minCost.currency}`,
  ];
  return ['anyimage history', ...search.map((word) => shellWord(word)), ...flags.filter(Boolean)].join(' ');
}

/** As a flag takes it. */
function momentText(ms: number): string {
  return timeText(ms).replace(' ', 'T');
}

interface Shown extends PictureEntry {
  readonly exists: boolean;
  /** Where it is, if somebody moved it. */
  readonly movedTo?: string;
}

/** Pictures that are read at a time. */
const atATime = 200;

interface Page {
  /** Newest first, to be read once. */
  pictures(): AsyncGenerator<Shown>;
  /** What the page after this one comes before, when all pictures are read; `null` if there is none. */
  readonly next: number | null;
}

/** A page of any length, of which a few pictures are held at a time. */
function readPage(history: History, { limit, before, ...filter }: PageQuery): Page {
  let last = before;
  let next: number | null = null;
  let findMoved: FindMoved | undefined;
  async function* pictures(): AsyncGenerator<Shown> {
    for (let left = limit; left > 0; left -= atATime) {
      const some = Math.min(left, atATime);
      // One picture more tells whether others follow.
      const found = await history.list({ ...filter, limit: some + 1, ...(last && { before: last }) });
      const shown = await Promise.all(found.slice(0, some).map(withPresence));
      const gone = shown.filter(({ exists }) => !exists);
      if (gone.length > 0) findMoved ??= movedFinder([currentFolder(), ...(await history.folders())]);
      const moved = await findMoved?.(gone);
      for (const entry of shown) {
        const movedTo = entry.exists ? undefined : moved?.get(entry.sha256);
        yield movedTo === undefined ? entry : { ...entry, movedTo };
      }
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

type PageQuery = Query & { readonly limit: number };

async function withPresence(entry: PictureEntry): Promise<Shown> {
  const exists = await access(entry.path).then(
    () => true,
    () => false,
  );
  return { ...entry, exists };
}

function row({ sha256, createdAt, path, exists, movedTo, model, width, height, cost, prompt }: Shown): string[] {
  const line = cleanText(prompt).replaceAll('\n', ' ').trim();
  const place = cleanText(shownPath(movedTo ?? path));
  return [
    sha256 && shortPictureId(sha256),
    timeText(createdAt),
    movedTo === undefined ? `${place}${exists ? '' : translated(' (gone)')}` : place + translated(' (moved)'),
    cleanText(model),
    width ? `${width}x${height}` : '',
    translatedAmount(cost === null ? 'unknown' : money(cost)),
    Number.isFinite(columnsOf(process.stdout)) ? cut(line, promptColumns) : line,
  ];
}

async function* asJSON(pictures: AsyncIterable<Shown>) {
  for await (const { createdAt, ...entry } of pictures) {
    const { sha256 } = entry;
    yield { ...entry, ...(sha256 && { picture: pictureId(sha256) }), createdAt: isoTime(createdAt) };
  }
}
