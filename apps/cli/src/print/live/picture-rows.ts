// Rows that move while pictures are on their way: one for each, with all that is known of it and nothing that is not.

import { cleanText } from '@anyimage/core';
import { duration, durationRange } from '@anyimage/host';
import type { Frame } from '../terminal/live.ts';
import type { Paint } from '../terminal/paint.ts';
import { type Part, rowText } from '../terminal/row.ts';
import { pad, width } from '../terminal/wrap.ts';
import { translated, translatedAmount } from '../words/translated.ts';
import { elapsedText } from './elapsed-text.ts';
import { ended, type PictureState, type PictureStates } from './picture-states.ts';

/** What is known of the whole. */
export interface RowFacts {
  /** What the person asked for: the model, until it is known which one draws. */
  readonly title: string;
  /** How long one call of the model usually takes, ms. */
  readonly latencyMs?: readonly [min: number, max: number] | undefined;
}

/** The rows at one moment; `now` as the states were told. */
export function pictureRows(
  states: PictureStates,
  facts: RowFacts,
  frame: Frame,
  now: number,
  paint: Paint,
): readonly string[] {
  const { all } = states;
  const heading = all.length === 1 ? single(states, facts, frame, now) : summary(states, facts, frame);
  const rows = all.length === 1 ? [] : eachPicture(all, frame, now, paint);
  return [rowText(heading, frame.columns, paint), ...rows];
}

function single(states: PictureStates, facts: RowFacts, frame: Frame, now: number): readonly (Part | undefined)[] {
  const picture = states.all[0]!;
  // Where others are still drawn, what is over has its own time.
  const elapsedMs = frame.elapsedMs - (picture.endedAt === undefined ? 0 : now - picture.endedAt);
  return [
    ...beginning(states, facts, frame),
    { text: stateText(picture), weight: 4 },
    { text: elapsedText(elapsedMs), weight: 3 },
    usual(facts, picture.phase, elapsedMs),
  ];
}

function summary(states: PictureStates, facts: RowFacts, frame: Frame): readonly (Part | undefined)[] {
  const failed = states.count('failed');
  return [
    ...beginning(states, facts, frame),
    { text: translated('{made} of {all}', { made: states.count('made'), all: states.all.length }), weight: 4 },
    failed > 0 ? { text: translated('{count} failed', { count: failed }), role: 'error', weight: 4 } : undefined,
    { text: elapsedText(frame.elapsedMs), weight: 3 },
    usual(facts, 'running', 0),
  ];
}

function beginning(states: PictureStates, { title }: RowFacts, { spinner }: Frame): readonly Part[] {
  return [
    { text: spinner, role: 'name', weight: 5 },
    { text: cleanText(states.model ?? title), weight: 2 },
  ];
}

/** What quick models are expected to take need not be said; what is fetched is drawn already. */
function usual({ latencyMs }: RowFacts, phase: PictureState['phase'], elapsedMs: number): Part | undefined {
  if (!latencyMs || latencyMs[1] < 2000 || phase === 'fetching' || ended.has(phase)) return undefined;
  const role = elapsedMs > latencyMs[1] ? 'warning' : 'quiet';
  return { text: translated('usually {time}', { time: translatedAmount(durationRange(latencyMs)) }), role };
}

/** So many pictures have a row in any state; of more, those that wait are counted. */
const fewPictures = 8;

function eachPicture(
  all: readonly PictureState[],
  { columns, rows }: Frame,
  now: number,
  paint: Paint,
): readonly string[] {
  // One row is for the heading, one for the pictures that have none.
  const most = Math.max(1, rows - 2);
  const numbered = all.map((picture, index) => ({ picture, number: index + 1 }));
  const isFew = all.length <= Math.min(fewPictures, most);
  const shown = isFew ? numbered : numbered.filter(({ picture }) => isUnderWay(picture)).slice(0, most);
  const waiting = isFew ? 0 : numbered.filter(({ picture }) => isYetToCome(picture)).length;
  const digits = String(all.length).length;
  const widest = Math.max(0, ...shown.map(({ picture }) => width(stateText(picture))));
  const lines = shown.map(({ picture, number }) => {
    const parts: readonly (Part | undefined)[] = [
      { text: `  ${String(number).padStart(digits)}`, role: 'quiet', weight: 3 },
      { text: pad(stateText(picture), widest), weight: 2, ...(picture.phase === 'failed' && { role: 'error' }) },
      timeOf(picture, now),
    ];
    return rowText(parts, columns, paint);
  });
  if (waiting === 0) return lines;
  return [
    ...lines,
    rowText([{ text: `  ${translated('{count} more to come', { count: waiting })}`, role: 'quiet' }], columns, paint),
  ];
}

function isUnderWay({ phase, error }: PictureState): boolean {
  return phase !== 'made' && phase !== 'failed' && !isYetToCome({ phase, ...(error && { error }) });
}

/** Nothing happens to it yet, and nothing is wrong. */
function isYetToCome({ phase, error }: PictureState): boolean {
  return phase === 'starting' || (phase === 'waiting' && !error);
}

function timeOf({ sentAt, endedAt, phase }: PictureState, now: number): Part | undefined {
  if (sentAt === undefined || phase === 'failed') return undefined;
  return { text: endedAt === undefined ? elapsedText(now - sentAt) : duration(endedAt - sentAt), role: 'quiet' };
}

/** Where a picture is, in a few words. */
export function stateText(picture: PictureState): string {
  const { phase, position, error, call } = picture;
  const reason = error?.code.replaceAll('-', ' ') ?? '';
  const share = shareText(picture);
  switch (phase) {
    case 'starting':
      return translated('starting');
    case 'waiting':
      return error ? translated('waits to try again: {reason}', { reason }) : translated('waits for its turn');
    case 'queued':
      return position === undefined ? translated('queued') : translated('queued, number {position}', { position });
    case 'accepted':
      return translated('accepted');
    case 'sent':
      return call?.mode === 'job' ? translated('sending') : translated('drawing');
    case 'running':
      return share ? translated('drawing {share}', { share }) : translated('drawing');
    case 'fetching':
      return share ? translated('downloading {share}', { share }) : translated('downloading');
    case 'made':
      return translated('made');
    case 'failed':
      return error ? translated('failed: {reason}', { reason }) : translated('failed');
  }
}

function shareText({ fraction, shared }: PictureState): string {
  if (fraction === undefined) return '';
  const percent = Math.floor(fraction * 100);
  return shared ? translated('{percent} % of {count} pictures', { percent, count: shared }) : `${percent} %`;
}
