// What processes left that have ended, brought together in one journal that nobody writes any more.

import { randomBytes } from 'node:crypto';
import { rename, unlink } from 'node:fs/promises';
import { join } from 'node:path';
import { isForgotten } from '@anyimage/core';
import { removeLeftovers } from '../files/leftovers.ts';
import { withLock } from '../files/lock-file.ts';
import { writeFileAtomically } from '../files/write-file.ts';
import { isNewer, type Journal, type JournalReader, journalEnding } from './journal-reader.ts';
import { headLine, type JournalRecord, recordLine } from './journal-record.ts';

/** A journal that was begun and not signed is removed after this, ms. */
const oneHourMs = 3_600_000;
/** One of a process that cannot be asked after is taken for left when nothing was written for this long, ms. */
const oneDayMs = 24 * oneHourMs;

/** Whoever adds to what another's journal says, or removes one, does it under this lock. */
export function withJournals<T>(folder: string, work: () => Promise<T>, patience?: number): Promise<T> {
  return withLock(join(folder, 'journals'), work, patience);
}

/**
 * Merges the journals of processes that have ended, and removes them. Whenever it is cut off, each ticket is still there, once
 * or twice in the same state. Does nothing while another process does it. Rejects with the system's error, `storage`.
 */
export async function tidyJournals(folder: string, reader: JournalReader, now: number): Promise<void> {
  await reader.refresh();
  if (leftIn(reader, now).length === 0) return;
  const merge = async () => {
    await reader.refresh();
    const left = leftIn(reader, now);
    const records = worthKeeping(left, reader, now);
    if (records.length > 0) await keep(folder, records);
    for (const journal of left) await remove(folder, journal);
    await removeLeftovers(folder, now);
  };
  await withJournals(folder, merge, 0);
}

/** The journals to merge: those of ended processes, and of those merged before the ones that are no longer than what joins them. */
function leftIn(reader: JournalReader, now: number): readonly Journal[] {
  const left = reader.journals.filter((journal) => isLeft(journal, now));
  const merged = reader.journals.filter(isMerged).sort((a, b) => a.bytes - b.bytes);
  for (const journal of merged) {
    const total = left.reduce((sum, { bytes }) => sum + bytes, 0);
    const isWorn = worthKeeping([journal], reader, now).length <= journal.records.size / 2;
    if (journal.bytes <= total || isWorn) left.push(journal);
  }
  return left;
}

function isMerged({ head }: Journal): boolean {
  return head !== undefined && head.process === undefined;
}

function isLeft(journal: Journal, now: number): boolean {
  const quietMs = now - journal.writtenAt;
  if (!journal.head) return quietMs > oneHourMs;
  return !isMerged(journal) && (journal.isGone ?? quietMs > oneDayMs);
}

/** What the journals say that no other says, or says newer. */
function worthKeeping(left: readonly Journal[], reader: JournalReader, now: number): readonly JournalRecord[] {
  const kept = new Map<string, JournalRecord>();
  for (const journal of left) {
    for (const record of journal.records.values()) {
      const newest = reader.find(record.id)!;
      if (isNewer(newest.record, record) || (record.ticket && isForgotten(record.ticket, now))) continue;
      // A deleted ticket is remembered as long as a journal has it: that may outlive this merge.
      const isNeeded = record.ticket !== undefined || (!record.isHeld && reader.isBeside(journal, record.id));
      if (isNeeded) kept.set(record.id, { ...record, isHeld: false });
    }
  }
  return [...kept.values()];
}

async function keep(folder: string, records: readonly JournalRecord[]): Promise<void> {
  const path = join(folder, `${randomBytes(8).toString('hex')}${journalEnding}`);
  await writeFileAtomically(path, headLine() + records.map(recordLine).join(''), { mode: 0o600 });
}

/** One with lines that could not be read is kept aside: somebody may want to look at it. */
async function remove(folder: string, { name, damaged }: Journal): Promise<void> {
  const path = join(folder, name);
  if (damaged > 0) await rename(path, `${path}.damaged`);
  else await unlink(path);
}
