// What became of a row of a batch, and of a run of it: as the journal keeps it, and the report tells it.

import type { Applied, Json, Money } from '@anyimage/core';
import type { RowState } from './row-table.ts';

/** A picture of a row. */
export interface BatchPicture {
  /** From the folder of the batch, its parts joined by slashes. */
  readonly path: string;
  /** px */
  readonly width: number;
  /** px */
  readonly height: number;
  readonly mediaType: string;
  readonly bytes: number;
  readonly seed?: number;
}

/** What became of a row, as the journal, the report and `--json` tell it. */
export interface BatchRow {
  /** Its number among all that are to be made, from 1. */
  readonly n: number;
  /** Its line in the file. */
  readonly line: number;
  readonly prompt: string;
  /** `provider/model`. */
  readonly model?: string;
  readonly state: RowState;
  readonly pictures: readonly BatchPicture[];
  /** What its pictures cost; `null` = unknown. */
  readonly cost?: readonly Money[] | null;
  readonly error?: { readonly code: string; readonly message: string; readonly hint?: string };
  /** What was sent otherwise than asked, and why: of another model of the list, too. */
  readonly applied?: readonly Applied[];
  /** What else is to be known of it, such as another size than was asked for. */
  readonly notes?: readonly string[];
  /** Of what is paid for and not here, or may have been billed. */
  readonly tickets?: readonly string[];
  /** Unix time, ms. */
  readonly at: number;
}

/** What a run of the command asked for, and where its tickets are. */
export interface BatchRun {
  readonly at: number;
  readonly home: string;
  /** The words that hold for all rows. */
  readonly words: Json;
}
