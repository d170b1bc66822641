// The run of a batch that was checked and agreed to: its progress, its rows as they come, its report.

import { join } from 'node:path';
import { setFlagsFromString } from 'node:v8';
import { type Applied, ImageError, type Money } from '@anyimage/core';
import { type BatchJournal, type BatchRow, type RowState, rowStates, writeReport } from '@anyimage/host';
import { type BatchCounts, batchEndText, batchFacts, troubleText } from '../../print/batch-text.ts';
import { failureDocument } from '../../print/document.ts';
import { appliedText, shownPath } from '../../print/outcome-text.ts';
import { sayError, sayWarning } from '../../print/say.ts';
import { note, print } from '../../print/terminal/output.ts';
import { paintFor } from '../../print/terminal/paint.ts';
import { columnsOf, wrapLines } from '../../print/terminal/wrap.ts';
import { translated } from '../../print/words/translated.ts';
import { newerBeside, refreshBeside } from '../../session/catalogues.ts';
import { openHistory } from '../../session/open-history.ts';
import { openTickets } from '../../session/open-tickets.ts';
import { listenForInterrupt } from '../../session/signals/interrupt.ts';
import { listRows, rowDocument, sharedWords, sumsDocument } from './batch-document.ts';
import type { CheckedBatch } from './check-batch.ts';
import type { OpenBatch } from './open-batch.ts';
import { startProgress } from './progress.ts';
import { Remarks } from './remarks.ts';
import { type RunResult, runBatch } from './run-batch.ts';

/** So many rows that came to nothing are told by themselves. */
const mostTroubles = 8;

/** Each change of the history's index waits for the disk: pictures are added together. */
const historyGatherMs = 1000;

/**
 * A heap grows by so much before what nobody needs any more is collected, percent; else it is some three times as large as what is
 * needed, and a batch may take days.
 */
const heapGrowth = 20;

const gentleWords = 'stopping: nothing more is sent, and what is paid for comes home; once more ends that, too';
const lastWords = 'interrupted; the same command again goes on where this one ended';

/** Makes what is missing, tells of it, and returns the exit code. Throws `storage` for a journal that cannot be written. */
export async function carryOut(open: OpenBatch, journal: BatchJournal, checked: CheckedBatch): Promise<number> {
  const { settings, flags, folder } = open;
  setFlagsFromString(`--heap-growing-percent=${heapGrowth}`);
  const started = performance.now();
  const listing = flags.json ? listRows() : undefined;
  const paint = paintFor(process.stderr);
  let troubles = 0;
  const counts = countsOf(journal, checked);
  const interrupt = listenForInterrupt({
    patient: ['SIGINT', 'SIGTERM', 'SIGHUP'],
    isHeld: () => true,
    onHold: () => note(translated(gentleWords)),
    lastWords: () => translated(lastWords),
  });
  try {
    await journal.begin({ at: Date.now(), home: settings.home, words: sharedWords(open) });
    const progress = startProgress(process.stderr, { toMake: checked.toMake, counts });
    const warnings = new Remarks();
    const onRow = (row: BatchRow, spent: readonly Money[]) => {
      progress.over(spent);
      if (listing) listing.add(rowDocument(row, folder));
      else if (!process.stdout.isTTY) for (const { path } of row.pictures) print(shownPath(join(folder, path)));
      for (const remark of row.notes ?? []) warnings.add(remark);
      if (row.state === 'done') return;
      troubles += 1;
      if (troubles <= mostTroubles) note(wrapLines(troubleText(row, paint), columnsOf(process.stderr)));
      else if (troubles === mostTroubles + 1)
        note(`  ${translated('further rows that come to nothing are in the report')}`);
    };
    const onOtherModel = (change: Applied, failed: readonly string[]) =>
      note(wrapLines(appliedText(change, paint, failed), columnsOf(process.stderr)));
    const onWarning = (message: string) => warnings.add(message);
    const result = await makeRows(open, journal, checked, { interrupt, onRow, onOtherModel, onWarning }).finally(
      progress.stop,
    );
    for (const text of warnings.texts()) sayWarning(text);
    const sums = { counts: counts(), total: checked.total, spent: result.cost };
    const report = await tryReport(open, journal, checked, batchFacts(sums));
    const end = { ...sums, folder, report, unpriced: result.unpriced, elapsedMs: performance.now() - started };
    await listing?.end({
      ...sumsDocument(end),
      ...(result.stoppedBy && { error: failureDocument(result.stoppedBy).error }),
    });
    const shown = { folder: shownPath(folder), report: report && shownPath(report) };
    note(wrapLines(batchEndText({ ...end, ...shown }, paint), columnsOf(process.stderr)));
    if (result.stoppedBy) sayError(result.stoppedBy);
    return interrupt.exitCode ?? exitCodeOf(sums, result);
  } finally {
    interrupt.stop();
  }
}

async function makeRows(
  open: OpenBatch,
  journal: BatchJournal,
  checked: CheckedBatch,
  told: Pick<Parameters<typeof runBatch>[0], 'interrupt' | 'onRow' | 'onOtherModel' | 'onWarning'>,
): Promise<RunResult> {
  const { settings, client } = open;
  const history = openHistory(settings, { gather: historyGatherMs });
  const models = [...checked.models.keys()];
  const endRefresh = refreshBeside(models, settings, client);
  const endUpdate = newerBeside(models, settings);
  const tickets = openTickets(settings);
  try {
    return await runBatch({ ...open, ...told, journal, tickets, history, total: checked.total });
  } finally {
    await Promise.all([endRefresh(), endUpdate()]);
    await history.close();
  }
}

/** Tells what became of the rows of the file by now. Of others the journal may know, too. */
function countsOf({ rows }: BatchJournal, { known }: CheckedBatch): () => BatchCounts {
  const others = new Map(rowStates.map((state) => [state, rows.count(state) - (known.get(state) ?? 0)]));
  const now = (state: RowState) => rows.count(state) - others.get(state)!;
  return () => ({
    done: now('done'),
    refused: now('refused'),
    uncertain: now('uncertain'),
    waiting: now('waiting'),
    failed: now('failed'),
  });
}

/** The pictures are there all the same. */
async function tryReport(
  { folder, settings, title }: OpenBatch,
  journal: BatchJournal,
  { order }: CheckedBatch,
  facts: readonly string[],
): Promise<string | undefined> {
  const all = withOthers(order, journal.rows.size);
  try {
    return await writeReport({ folder, home: settings.home, journal, order: all, title, facts });
  } catch (error) {
    if (!ImageError.isInstance(error)) throw error;
    sayWarning(error.message);
    return undefined;
  }
}

/** The places of the rows of the file, and then those of all others that the journal knows. `size`: how many there are in all. */
function* withOthers(order: readonly number[], size: number): Generator<number> {
  yield* order;
  const isInFile = new Uint8Array(size);
  for (const place of order) isInFile[place] = 1;
  for (let place = 0; place < size; place++) if (isInFile[place] === 0) yield place;
}

/** As for a picture: 0 all made, 3 some, 1 none though something was sent, 2 nothing was sent. */
function exitCodeOf(
  { counts, total }: { readonly counts: BatchCounts; readonly total: number },
  { sent }: RunResult,
): number {
  if (counts.done === total) return 0;
  if (counts.done > 0) return 3;
  return sent ? 1 : 2;
}
