// The first reading of a batch: every row is decided as a request would be, and nothing is sent.

import { type Client, ImageError, type Money, type Plan, sumMoney } from '@anyimage/core';
import { outputIn, type RowState, type RowTable, tellOrigin } from '@anyimage/host';
import type { BatchTotals, RefusedRow } from '../../print/batch-text.ts';
import { appliedText } from '../../print/outcome-text.ts';
import { plain } from '../../print/terminal/paint.ts';
import { modelsAsked } from '../../request/resolve.ts';
import type { Settings } from '../../session/settings.ts';
import type { BatchRequests } from './batch-request.ts';
import { Remarks } from './remarks.ts';
import { type BatchItem, itemsOf } from './rows/batch-rows.ts';
import type { BatchSpec } from './rows/batch-spec.ts';
import { Columns, checkColumns } from './rows/columns.ts';

/** What a reading comes to. */
export interface CheckedBatch extends BatchTotals {
  /** The first rows that are refused, and how many there are. */
  readonly problems: readonly RefusedRow[];
  readonly refused: number;
  /** The places of the table in the order of the file. */
  readonly order: readonly number[];
}

/** So many refused rows are shown. */
const mostShown = 10;

export interface CheckOptions {
  readonly spec: BatchSpec;
  readonly rows: RowTable;
  /** Where pictures go. */
  readonly folder: string;
  readonly settings: Settings;
  readonly client: Pick<Client, 'plan'>;
  readonly requests: BatchRequests;
  /** Whether a row in this state is asked for. */
  readonly isWanted: (state: RowState | undefined) => boolean;
  readonly onRow: () => void;
}

/** Reads all rows. Throws what reading the file throws, `invalid-request` for an empty one. */
export async function checkBatch(options: CheckOptions): Promise<CheckedBatch> {
  const { spec, rows, isWanted, onRow } = options;
  const columns = new Columns();
  const sums = new Sums();
  const before = rows.size;
  const order: number[] = [];
  let total = 0;
  for await (const item of itemsOf(spec, rows, columns)) {
    total += 1;
    onRow();
    if ('error' in item) {
      sums.refuse(item.line, item.error);
      continue;
    }
    const place = rows.placeOf(item.key);
    order.push(place);
    const { state } = rows.at(place);
    sums.know(state);
    if (isWanted(state)) await plan(item, options, sums, state);
  }
  if (total === 0) throw empty(spec);
  checkColumns(spec, columns);
  const isInFile = new Uint8Array(before);
  for (const place of order) if (place < before) isInFile[place] = 1;
  const ofFile = isInFile.reduce((sum, one) => sum + one, 0);
  return { ...sums.result(), total, gone: before - ofFile, unusedColumns: columns.unused, order };
}

async function plan(
  item: BatchItem,
  { requests, client, settings, folder }: CheckOptions,
  sums: Sums,
  state: RowState | undefined,
): Promise<void> {
  let made: Awaited<ReturnType<BatchRequests['of']>> | undefined;
  try {
    made = await requests.of(item);
    const pictures = Number(made.request.n ?? 1);
    if (item.output !== undefined) await outputIn(folder, item.output, pictures);
    const planned = await client.plan({ ...made.request, refusedKey: 'stop' });
    sums.take(planned, pictures, state === 'waiting');
    sums.elseOf(planned.model, modelsAsked(item.flags, settings).slice(1));
    for (const note of made.notes) sums.tell(note);
    for (const one of planned.applied) sums.tell(appliedText(one, plain));
    for (const { message } of planned.warnings) sums.tell(message);
  } catch (error) {
    if (!ImageError.isInstance(error)) throw error;
    sums.refuse(item.line, tellOrigin(error, settings, made?.named));
  }
}

function empty({ path }: BatchSpec): ImageError {
  return new ImageError('invalid-request', `${path} has no rows`, {
    details: { path },
    hint: 'Write one prompt a line, a CSV with a header, or a JSON object a line.',
  });
}

class Sums {
  #toMake = 0;
  #pictures = 0;
  #unpriced = 0;
  #refused = 0;
  #cost: readonly Money[] = [];
  readonly #known = new Map<RowState, number>();
  readonly #models = new Map<string, number>();
  readonly #others = new Map<string, Set<string>>();
  readonly #told = new Remarks();
  readonly #problems: RefusedRow[] = [];

  know(state: RowState | undefined): void {
    if (state) count(this.#known, state);
  }

  /** What is paid for already costs nothing more. */
  take({ model, estimate }: Plan, pictures: number, isPaid: boolean): void {
    this.#toMake += 1;
    this.#pictures += pictures;
    count(this.#models, model);
    if (isPaid) return;
    if (estimate === null) this.#unpriced += 1;
    else this.#cost = sumMoney([...this.#cost, estimate]);
  }

  /** `others`: what is tried where the model cannot be used. */
  elseOf(model: string, others: readonly string[]): void {
    const known = this.#others.get(model) ?? new Set();
    for (const other of others) if (other !== model) known.add(other);
    this.#others.set(model, known);
  }

  tell(text: string): void {
    this.#told.add(text.trim());
  }

  refuse(line: number, error: ImageError): void {
    this.#refused += 1;
    if (this.#problems.length < mostShown) this.#problems.push({ line, error });
  }

  result() {
    return {
      toMake: this.#toMake,
      pictures: this.#pictures,
      known: this.#known,
      cost: this.#cost,
      unpriced: this.#unpriced,
      models: this.#models,
      others: this.#others,
      problems: this.#problems,
      refused: this.#refused,
      told: this.#told.texts(),
    };
  }
}

function count<K>(counts: Map<K, number>, key: K): void {
  counts.set(key, (counts.get(key) ?? 0) + 1);
}
