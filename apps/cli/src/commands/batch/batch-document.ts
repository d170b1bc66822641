// What --json prints of a batch.

import { join } from 'node:path';
import type { Json, Money } from '@anyimage/core';
import { type BatchRow, shownRow } from '@anyimage/host';
import type { BatchCounts } from '../../print/batch-text.ts';
import { printList } from '../../print/terminal/print-document.ts';
import type { CheckedBatch } from './check-batch.ts';
import type { OpenBatch } from './open-batch.ts';

/** The words that hold for all rows, with the model that is used where none is named. */
export function sharedWords({ spec, settings }: OpenBatch): Json {
  const { model = settings.model, ...words } = spec.flags;
  return JSON.parse(JSON.stringify({ model: [model].flat(), ...words }));
}

/** Paths are absolute. */
export function rowDocument(row: BatchRow, folder: string): object {
  const pictures = row.pictures.map((picture) => ({ ...picture, path: join(folder, picture.path) }));
  return shownRow({ ...row, pictures });
}

export function batchPlanDocument({ folder }: OpenBatch, checked: CheckedBatch): object {
  const { total, toMake, pictures, known, gone, cost, unpriced, models, told, unusedColumns } = checked;
  return {
    folder,
    total,
    toMake,
    pictures,
    known: Object.fromEntries(known),
    gone,
    cost,
    unpriced,
    models: Object.fromEntries(models),
    told,
    unusedColumns,
  };
}

export interface BatchSums {
  readonly folder: string;
  readonly total: number;
  readonly counts: BatchCounts;
  readonly spent: readonly Money[];
  readonly unpriced: number;
  readonly report: string | undefined;
  readonly elapsedMs: number;
}

/** What stands after the rows. */
export function sumsDocument({ folder, total, counts, spent, unpriced, report, elapsedMs }: BatchSums): object {
  const batch = { folder, total, ...counts, ...(report !== undefined && { report }) };
  return { batch, cost: spent, unpriced, timings: { totalMs: Math.round(elapsedMs) } };
}

/** The document of a run, whose rows are printed as they come. */
export function listRows(): { add(row: object): void; end(rest: object): Promise<void> } {
  const { readable, writable } = new TransformStream<object, object>();
  const rows = writable.getWriter();
  let last = {};
  const printing = printList('rows', readable, () => last);
  return {
    add(row) {
      // Whoever reads may have left.
      rows.write(row).catch(() => {});
    },
    async end(rest) {
      last = rest;
      await rows.close().catch(() => {});
      await printing;
    },
  };
}
