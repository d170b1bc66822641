// What a journal of tickets is made of: a first line that says whose it is, and a line for each change of a ticket.

import { isRecord, isTicketId, readTicket, type Ticket } from '@anyimage/core';
import type { ProcessMark } from '../files/process-mark.ts';
import { parseJSON } from '../text/json.ts';

/** The form of journals; raised when an older program could not read one any more. */
export const journalFormat = 1;

/** The first line. */
export interface JournalHead {
  readonly journal: number;
  /** Whose it is. Absent where it holds what processes left that have ended. */
  readonly process?: ProcessMark;
}

/** What a change left of a ticket: all of it, so that the last one is enough. */
export interface JournalRecord {
  readonly id: string;
  /** Counts the changes of this ticket, whoever makes them: the highest holds. */
  readonly seq: number;
  /** Unix time, ms. */
  readonly at: number;
  /** Absent if the ticket is deleted, or lies in a file of its own. */
  readonly ticket?: Ticket;
  /** Whether the process of this journal holds it. */
  readonly isHeld: boolean;
}

/** A line, as it was read. */
export type JournalLine = { readonly record: JournalRecord } | { readonly problem: string } | 'end';

/** Says that the process lives on and writes no more in this journal. */
export const endLine = '{"end":true}\n';

export function headLine(process?: ProcessMark): string {
  return `${JSON.stringify({ journal: journalFormat, process } satisfies { [K in keyof JournalHead]-?: unknown })}\n`;
}

export function recordLine({ id, seq, at, ticket, isHeld }: JournalRecord): string {
  if (ticket) return `${JSON.stringify({ seq, at, put: ticket, ...(isHeld && { held: true }) })}\n`;
  return `${JSON.stringify({ seq, at, [isHeld ? 'hold' : 'delete']: id })}\n`;
}

/** The head that a first line is; `undefined` for any other line. */
export function parseHead(line: string): JournalHead | undefined {
  const value = parseJSON(line);
  if (!isRecord(value) || !Number.isInteger(value.journal)) return undefined;
  const { journal, process } = value as { journal: number; process?: unknown };
  // What a newer one says of its process is its own affair.
  if (journal > journalFormat || process === undefined) return { journal };
  return isMark(process) ? { journal, process } : undefined;
}

function isMark(value: unknown): value is ProcessMark {
  if (!isRecord(value)) return false;
  const { host, boot, pid, start } = value;
  const isBoot = typeof boot === 'string' || Number.isFinite(boot);
  return typeof host === 'string' && isBoot && Number.isInteger(pid) && Number(pid) > 0 && Number.isFinite(start);
}

export function parseLine(line: string): JournalLine {
  const value = parseJSON(line);
  if (!isRecord(value)) return { problem: 'it is not a JSON object' };
  if (value.end === true) return 'end';
  const { seq, at } = value as { seq: number; at: number };
  if (!Number.isSafeInteger(seq) || !Number.isFinite(at)) return { problem: 'its seq or its at is missing or wrong' };
  if (value.put !== undefined) {
    const read = readTicket(value.put);
    if ('problem' in read) return read;
    const { ticket } = read;
    return { record: { id: ticket.id, seq, at, ticket, isHeld: value.held === true } };
  }
  const id = value.hold ?? value.delete;
  if (!isTicketId(id)) return { problem: 'it tells of no ticket' };
  return { record: { id, seq, at, isHeld: value.hold !== undefined } };
}
