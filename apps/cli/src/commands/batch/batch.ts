// anyimage batch prompts.csv

import { rmdir, stat } from 'node:fs/promises';
import { join, sep } from 'node:path';
import { ImageError, isRecord } from '@anyimage/core';
import {
  type BatchJournal,
  batchJournalPath,
  checkOutput,
  checkReport,
  errorCode,
  makeFolder,
  openBatchJournal,
  placeOfPath,
  storageError,
  tellOrigin,
  withLock,
} from '@anyimage/host';
import { failureDocument } from '../../print/document.ts';
import { shownPath } from '../../print/outcome-text.ts';
import { sayError } from '../../print/say.ts';
import { startLive } from '../../print/terminal/live.ts';
import { printDocument } from '../../print/terminal/print-document.ts';
import type { BatchFlags } from '../../request/batch-flags.ts';
import { readSettings, type Settings } from '../../session/settings.ts';
import { carryOut } from './carry-out.ts';
import { type CheckedBatch, checkBatch } from './check-batch.ts';
import { type OpenBatch, openBatch } from './open-batch.ts';
import { readSpec } from './rows/batch-spec.ts';
import { openRows, type RowsSource } from './rows/rows-source.ts';
import { agreeToBatch, refuseRows, showBatch, tellBatch } from './tell-batch.ts';

/** Makes what is missing of a batch and returns the exit code. Throws only what is a defect of ours. */
export async function batch(file: string, flags: BatchFlags): Promise<number> {
  let settings: Settings | undefined;
  let source: RowsSource | undefined;
  try {
    settings = await readSettings();
    source = await openRows(file, flags);
    const spec = readSpec(source.path, source.format, flags);
    const folder = placeOfPath(flags.output ?? join(settings.outputFolder, source.name));
    return await withBatch(openBatch({ spec, settings, flags, folder, title: file === '-' ? 'stdin' : file }), source);
  } catch (error) {
    if (!ImageError.isInstance(error)) throw error;
    const named = source?.told(error) ?? error;
    const told = settings ? tellOrigin(named, settings) : named;
    if (flags.json) printDocument(failureDocument(told));
    sayError(told);
    return 2;
  } finally {
    await source?.close();
  }
}

async function withBatch(open: OpenBatch, source: RowsSource): Promise<number> {
  try {
    await checkOutput({ output: open.folder + sep });
    return open.flags.dryRun ? await showOnly(open) : await make(open, source);
  } finally {
    await open.client.close();
  }
}

/** Nothing stays written. */
async function showOnly(open: OpenBatch): Promise<number> {
  const journal = await openBatchJournal(open.folder);
  return showBatch(open, await check(open, journal), journal);
}

async function make(open: OpenBatch, source: RowsSource): Promise<number> {
  const { folder } = open;
  const path = batchJournalPath(folder);
  const before = await stat(folder).catch(() => undefined);
  await makeFolder(folder);
  try {
    return await withLock(path, () => makeLocked(open, source), 0);
  } catch (error) {
    if (isLocked(error, path)) throw beingMade(folder);
    // Of the system, such as a full disk.
    throw errorCode(error) === undefined ? error : storageError(error, `write in ${folder}`, folder);
  } finally {
    // One in which nothing came to be.
    if (!before) await rmdir(folder).catch(() => {});
  }
}

async function makeLocked(open: OpenBatch, source: RowsSource): Promise<number> {
  const { folder, settings } = open;
  const journal = await openBatchJournal(folder);
  try {
    await checkReport(folder, journal);
    refuseOtherHome(journal, settings);
    const checked = await check(open, journal);
    refuseRows(checked);
    tellBatch(open, checked, journal);
    await agreeToBatch(open, checked);
    await source.keepIn(folder);
    return await carryOut(open, journal, checked);
  } finally {
    await journal.close();
  }
}

async function check(open: OpenBatch, journal: BatchJournal): Promise<CheckedBatch> {
  let count = 0;
  const onRow = () => {
    count += 1;
  };
  const live = startLive(process.stderr, ({ spinner }) => [`${spinner} ${count.toLocaleString('en-US')} rows checked`]);
  try {
    return await checkBatch({ ...open, rows: journal.rows, onRow });
  } finally {
    live.stop();
  }
}

function isLocked(error: unknown, path: string): boolean {
  if (!ImageError.isInstance(error) || !isRecord(error.details)) return false;
  return error.details.problem === 'locked' && error.details.path === path;
}

function beingMade(folder: string): ImageError {
  return new ImageError('storage', `another anyimage is making the batch in ${shownPath(folder)}`, {
    details: { option: 'output', path: folder },
    hint: 'Wait until it has ended, or name another folder with -o.',
  });
}

/** What was under way is known by its tickets, and they are where they were made. */
function refuseOtherHome({ lastRun, path }: BatchJournal, { home }: Settings): void {
  if (!lastRun || lastRun.home === home) return;
  throw new ImageError(
    'storage',
    `the batch was begun with its tickets in ${lastRun.home}, and here they are in ${home}`,
    {
      details: { path },
      hint: `Set ANYIMAGE_HOME to ${lastRun.home} to go on, or begin another batch with -o.`,
    },
  );
}
