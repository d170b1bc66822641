// What is told of a batch: before it begins, while it goes on, and at its end.

import { cleanText, type ImageError, type Money, shortList } from '@anyimage/core';
import { type BatchRow, duration, money, type RowState } from '@anyimage/host';
import { inFlags } from './in-flags.ts';
import { noteText } from './outcome-text.ts';
import type { Paint } from './terminal/paint.ts';
import { translated, translatedAmount, translatedCount } from './words/translated.ts';

/** What a file of rows comes to. */
export interface BatchTotals {
  /** Requests in all. */
  readonly total: number;
  /** Those to be made now, and their pictures. */
  readonly toMake: number;
  readonly pictures: number;
  /** How many are in each state by the journal, of those of the file. */
  readonly known: ReadonlyMap<RowState, number>;
  /** Rows of the journal that are in the file no more. */
  readonly gone: number;
  /** What the pictures cost by the tables, in each currency. */
  readonly cost: readonly Money[];
  /** Requests whose price no table knows. */
  readonly unpriced: number;
  readonly models: ReadonlyMap<string, number>;
  /** By model, those of its list that are tried where it cannot be used, in that order. */
  readonly others: ReadonlyMap<string, ReadonlySet<string>>;
  /** What is changed, warned of and noted. */
  readonly told: readonly string[];
  readonly unusedColumns: readonly string[];
}

/** What is to be made. */
export interface BatchFacts extends BatchTotals {
  readonly path: string;
  /** As one would type it. */
  readonly folder: string;
}

const grouped = (count: number) => count.toLocaleString('en-US');

/** Lines without a final line break. */
export function batchPlanText(facts: BatchFacts, paint: Paint): string {
  const { path, total, toMake, known, gone, models, others, told, unusedColumns } = facts;
  const before = [...known].map(([state, count]) => translated(stateWords[state], { count: grouped(count) }));
  const ofModels = [...models].map(([model, count]) => {
    const name = [model, ...(others.get(model) ?? [])].reduce((first, other) =>
      translated('{model}, else {other}', { model: first, other }),
    );
    return models.size > 1 ? `${name} (${grouped(count)})` : name;
  });
  const gonePlaces = { count: grouped(gone), path };
  const lines = [
    `${paint('title', cleanText(path))}  ${[translatedCount(total, 'row'), ...before].join(translated(', '))}`,
    `  ${toMakeText(facts)}`,
    ...(toMake > 0 ? [`  ${cleanText(shortList(ofModels))}`] : []),
    ...told.map((text) => `  ${cleanText(text)}`),
    ...(unusedColumns.length
      ? [
          noteText(
            unusedColumns.length > 1
              ? translated('nothing is done with the columns {names}', { names: shortList(unusedColumns) })
              : translated('nothing is done with the column {name}', { name: unusedColumns[0]! }),
            paint,
          ),
        ]
      : []),
    ...(gone > 0
      ? [noteText(translated('{count} rows that were made before are in {path} no more; they stay', gonePlaces), paint)]
      : []),
  ];
  return lines.join('\n');
}

function toMakeText(facts: BatchFacts): string {
  const { pictures, folder } = facts;
  const what = translatedCount(pictures, 'picture');
  return translated('{pictures} to make, {price}, into {folder}', {
    pictures: what,
    price: priceText(facts),
    folder: cleanText(folder),
  });
}

const stateWords: Readonly<Record<RowState, string>> = {
  done: '{count} made before',
  refused: '{count} refused before',
  uncertain: '{count} uncertain',
  waiting: '{count} paid for and to be fetched',
  failed: '{count} failed before',
};

/** `about 4.80 USD`, `free`, `price unknown`. */
export function priceText({ cost, unpriced, toMake }: Pick<BatchFacts, 'cost' | 'unpriced' | 'toMake'>): string {
  if (toMake === 0) return translated('nothing to pay');
  if (unpriced === toMake) return translated('price unknown');
  const known = translatedAmount(money(cost)) || translated('nothing to pay');
  return unpriced > 0
    ? translated('{price}, and the price of {count} is unknown', { price: known, count: grouped(unpriced) })
    : known;
}

/** A row that is refused before anything is sent. */
export interface RefusedRow {
  readonly line: number;
  readonly error: ImageError;
}

/** The rows that stand in the way, the first of them. */
export function refusedRowsText(problems: readonly RefusedRow[], refused: number, paint: Paint): string {
  const lines = problems.flatMap(({ line, error: { message, hint } }) => [
    `  ${paint('error', translated('line {line}:', { line }))} ${cleanText(message)}`,
    ...(hint === undefined ? [] : [`    ${paint('title', 'try:')} ${cleanText(inFlags(hint))}`]),
  ]);
  const more = refused - problems.length;
  return [...lines, ...(more > 0 ? [`  ${translated('and {count} more', { count: grouped(more) })}`] : [])].join('\n');
}

/** What became of the rows so far. */
export type BatchCounts = Readonly<Record<RowState, number>>;

export interface BatchMoment {
  /** Rows that are over, of those to make in this run. */
  readonly over: number;
  readonly toMake: number;
  readonly counts: BatchCounts;
  readonly spent: readonly Money[];
  readonly elapsedMs: number;
  /** Rows a second, lately; absent while nobody can say. */
  readonly rate?: number;
}

/** How far it is: `132 of 480  2.1 a second  about 3 min left`. */
export function paceText({ over, toMake, elapsedMs, rate }: BatchMoment): string {
  const leftMs = rate !== undefined && rate > 0 && over < toMake ? ((toMake - over) / rate) * 1000 : undefined;
  const parts = [
    translated('{made} of {all}', { made: grouped(over), all: grouped(toMake) }),
    roughly(elapsedMs),
    rate !== undefined && rateText(rate),
    leftMs !== undefined && translated('about {time} left', { time: roughly(Math.max(1000, leftMs)) }),
  ];
  return parts.filter((part) => part !== false).join('  ');
}

/** What it came to: `120 made  1.32 USD  2 refused`. */
export function resultText({ counts, spent }: BatchMoment): string {
  const troubles = (['refused', 'uncertain', 'waiting', 'failed'] as const).filter((state) => counts[state] > 0);
  const parts = [
    translated('{count} made', { count: grouped(counts.done) }),
    spentText(spent),
    ...troubles.map((state) => `${grouped(counts[state])} ${translated(state)}`),
  ];
  return parts.filter(Boolean).join('  ');
}

/** Whole seconds. */
function roughly(ms: number): string {
  const seconds = Math.round(ms / 1000);
  return seconds < 10 ? `${seconds} s` : duration(seconds * 1000);
}

/** Nobody counts further than a hundredth of a cent. */
function spentText(spent: readonly Money[]): string {
  return translatedAmount(money(spent.map((one) => ({ ...one, amount: Math.round(one.amount * 1e4) / 1e4 }))));
}

/** `━━━━╸────` */
export function batchBar({ over, toMake }: Pick<BatchMoment, 'over' | 'toMake'>, columns: number): string {
  const width = columns < 60 ? 8 : 20;
  const halves = Math.floor((over / Math.max(1, toMake)) * width * 2);
  const full = Math.floor(halves / 2);
  const isHalf = halves % 2 === 1;
  return '━'.repeat(full) + (isHalf ? '╸' : '') + '─'.repeat(width - full - (isHalf ? 1 : 0));
}

function rateText(rate: number): string {
  return rate >= 1
    ? translated('{count} a second', { count: rate.toFixed(1) })
    : translated('{count} a minute', { count: (rate * 60).toFixed(1) });
}

/** What became of a batch. */
export interface BatchSums {
  readonly counts: BatchCounts;
  /** Rows in all. */
  readonly total: number;
  readonly spent: readonly Money[];
}

/** How many rows are made, what became of the others, and what the run cost. */
export function batchFacts({ counts, total, spent }: BatchSums): readonly string[] {
  const { done, refused, uncertain, waiting, failed } = counts;
  const left = leftOf({ counts, total });
  const facts = [
    translated('{made} of {all} made', { made: grouped(done), all: grouped(total) }),
    refused > 0 && translated('{count} refused', { count: grouped(refused) }),
    uncertain > 0 && translated('{count} uncertain', { count: grouped(uncertain) }),
    waiting > 0 && translated('{count} paid for and not here yet', { count: grouped(waiting) }),
    failed > 0 && translated('{count} failed', { count: grouped(failed) }),
    left > 0 && translated('{count} not asked for', { count: grouped(left) }),
    spentText(spent),
  ];
  return facts.filter((fact) => fact !== false && fact !== '') as string[];
}

/** Rows of which nothing is known. */
function leftOf({ counts, total }: Pick<BatchSums, 'counts' | 'total'>): number {
  return total - Object.values(counts).reduce((sum, count) => sum + count, 0);
}

export interface BatchEnd extends BatchSums {
  /** As one would type it. */
  readonly folder: string;
  readonly elapsedMs: number;
  readonly report: string | undefined;
}

/** What became of it, and what to type next. */
export function batchEndText(end: BatchEnd, paint: Paint): string {
  const { folder, counts, total, elapsedMs, report } = end;
  const { done, refused, uncertain, waiting, failed } = counts;
  const [first, ...others] = batchFacts(end);
  const head = `${paint(done === total ? 'good' : 'title', translated('{made} in {folder}', { made: first!, folder: cleanText(folder) }))}`;
  const again = waiting + failed + leftOf(end);
  const tries = [
    again > 0 && translated('the same command again, which makes what is missing and nothing twice'),
    refused > 0 && translated('--retry-refused asks again for what was refused, such as with another -m'),
    uncertain > 0 &&
      translated('look at the account of the service; --retry-uncertain asks again, which may be billed twice'),
  ];
  const lines = [
    [head, ...others, duration(elapsedMs)].join(' · '),
    ...(report === undefined ? [] : [`  ${translated('report: {path}', { path: cleanText(report) })}`]),
    ...tries.flatMap((text) => (text === false ? [] : [`  ${paint('title', translated('try:'))} ${text}`])),
  ];
  return lines.join('\n');
}

/** A row that came to nothing. */
export function troubleText({ n, line, state, error }: BatchRow, paint: Paint): string {
  const role = state === 'refused' ? 'error' : 'warning';
  const place = translated('row {n}, line {line}', { n, line });
  return `  ${paint(role, `${translated(state)}:`)} ${place}: ${cleanText(error?.message ?? '')}`;
}
