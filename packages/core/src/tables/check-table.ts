// Whether something is a table, or a row of one.

import { isRecord } from '../contract/objects.ts';

/** What is wrong in a table. */
export interface TableProblem {
  /** Where: the words and places that lead to it, such as `['size', 'tiers', 0]`. Empty = the whole. */
  readonly path: readonly (string | number)[];
  /** The path and what is wrong there, on one line: `size.tiers must be a list`. */
  readonly text: string;
}

/** How a table is checked. */
export interface CheckOptions {
  /** A word that this version does not know is wrong, too. Default: a later version's word is no mistake. */
  readonly strict?: boolean;
}

/** What is wrong in a table, the first thing of it; `undefined` = nothing. */
export function checkTable(table: unknown, how: CheckOptions = {}): TableProblem | undefined {
  if (!isRecord(table)) return { path: [], text: 'the table must be an object of names and values' };
  for (const [id, row] of Object.entries(table)) {
    const problem = checkRow(row, how);
    if (problem) return { path: [id, ...problem.path], text: `${id}: ${problem.text}` };
  }
  return undefined;
}

/** What is wrong in a row of a table, the first thing of it; `undefined` = nothing. */
export function checkRow(row: unknown, _how: CheckOptions = {}): TableProblem | undefined {
  return isRecord(row) ? undefined : { path: [], text: 'the row must be an object' };
}
