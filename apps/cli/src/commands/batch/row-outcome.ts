// What became of a row, in the words of the journal.

import { relative, sep } from 'node:path';
import { type Applied, type ErrorCode, type ImageError, isRecord, type Outcome, sumMoney } from '@anyimage/core';
import type { BatchPicture, BatchRow, KeptPictures, RowState } from '@anyimage/host';
import { inFlags } from '../../print/in-flags.ts';
import { appliedText, isUndecidable } from '../../print/outcome-text.ts';
import { plain } from '../../print/terminal/paint.ts';
import type { BatchItem } from './rows/batch-rows.ts';

/** After these every other row would fail, too. */
const hopeless: ReadonlySet<ErrorCode> = new Set(['auth', 'permission', 'quota', 'storage', 'config']);

/** A key is missing, refused, or not for this. */
const closed: ReadonlySet<ErrorCode> = new Set(['auth', 'permission']);

/** After these it is known that nothing was made, whatever it cost to find that out. */
const refusals: ReadonlySet<ErrorCode> = new Set(['invalid-request', 'unsupported', 'content-blocked']);
/** These are refusals where nothing can have been billed. */
const freeRefusals: ReadonlySet<ErrorCode> = new Set(['not-found', 'budget']);

/** Whether nothing more is to be sent after this failure. */
export function endsBatch({ code, details }: ImageError): boolean {
  if (code === 'budget') return isRecord(details) && details.limit !== 'perCall';
  return hopeless.has(code);
}

/** Says of a key that cannot be used that its model may also be left out of the list. */
export function orLeftOut(error: ImageError, model = error.model): ImageError {
  if (!closed.has(error.code) || model === undefined) return error;
  const { hint: known = '' } = error;
  // Of a key that was never sent, the hint says how it is set.
  const other =
    error.status === undefined
      ? 'Or'
      : `Put another key where that came from (anyimage keys set ${model.split('/', 1)[0]} keeps one), or`;
  const hint =
    `${known} ${other} leave ${model} out of the list of models. A batch takes no other in its place, which may cost more.`.trim();
  return error.with({ hint });
}

/** The state of a row; `undefined` where nothing was sent, and nothing is to be told. */
export function stateOf({ images, errors, pending, sent }: Outcome): RowState | undefined {
  if (errors.length + pending.length === 0) return images.length > 0 ? 'done' : undefined;
  const left = pending.filter((ticket) => !isUndecidable(ticket));
  if (left.length > 0) return 'waiting';
  if (pending.length > 0 || errors.some(isUncertain)) return 'uncertain';
  if (errors.every((error) => error.code === 'aborted' || endsBatch(error))) return sent ? 'failed' : undefined;
  return errors.every(({ code }) => refusals.has(code) || freeRefusals.has(code)) ? 'refused' : 'failed';
}

function isUncertain({ code, mayHaveBeenBilled }: ImageError): boolean {
  return mayHaveBeenBilled && !refusals.has(code);
}

export interface RowContext {
  /** Of the batch. */
  readonly folder: string;
  /** All tickets that core looked at for the row. */
  readonly tickets: readonly string[];
  /** What the store did otherwise than asked. */
  readonly applied: readonly Applied[];
}

/** So much is noted of a row. */
const mostNotes = 10;

/** The record of a row. */
export function recordOf(
  { n, line, prompt }: BatchItem,
  state: RowState,
  { images, errors: [error], cost, attempts, pending, warnings, applied: changes }: Outcome,
  { folder, tickets, applied }: RowContext,
): BatchRow {
  const notes = [...warnings.map(({ message }) => message), ...applied.map((one) => appliedText(one, plain).trim())];
  const model = images[0]?.model ?? attempts.at(-1)?.model;
  const open = state === 'uncertain' ? tickets : pending.map(({ id }) => id);
  return {
    n,
    line,
    prompt: shortened(prompt),
    ...(model !== undefined && { model }),
    state,
    pictures: images.map(({ path = '', width, height, mediaType, byteLength, seed }): BatchPicture => {
      const facts = { path: placeIn(folder)(path), width, height, mediaType, bytes: byteLength };
      return { ...facts, ...(seed !== undefined && { seed }) };
    }),
    ...(cost === null || cost.length > 0 ? { cost } : {}),
    ...(error && { error: errorOf(error) }),
    ...(changes.length > 0 && { applied: changes.slice(0, mostNotes) }),
    ...(notes.length > 0 && { notes: notes.slice(0, mostNotes).map(shortened) }),
    ...(open.length > 0 && { tickets: open }),
    at: Date.now(),
  };
}

/** The record of a row whose pictures an earlier run kept. */
export function keptRecordOf({ n, line, prompt }: BatchItem, { pictures, model, costs }: KeptPictures): BatchRow {
  const cost = costs.includes(null) ? null : sumMoney(costs.flatMap((one) => one ?? []));
  return { n, line, prompt: shortened(prompt), model, state: 'done', pictures, cost, at: Date.now() };
}

/** A path as the journal has it. */
export function placeIn(folder: string): (path: string) => string {
  return (path) => relative(folder, path).split(sep).join('/');
}

function errorOf({ code, message, hint }: ImageError): BatchRow['error'] {
  return { code, message: shortened(message), ...(hint !== undefined && { hint: shortened(inFlags(hint)) }) };
}

/** Longest text that a record has of a prompt or an error, characters. */
const longest = 2000;

function shortened(text: string): string {
  return text.length > longest ? `${text.slice(0, longest)}…` : text;
}
