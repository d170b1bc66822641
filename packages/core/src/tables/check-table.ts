// Whether something is a table, or a row of one.

import type * as z from 'zod';
import { isRecord } from '../contract/objects.ts';
import { quotedWord } from '../foreign/foreign.ts';
import { type Fault, idProblem, plainFault } from './plain-data.ts';
import { rowSchemas } from './table-schema.ts';

/** What is wrong in a table. */
export interface TableProblem {
  /** Where: the words and places that lead to it, such as `['size', 'tiers', 0]`. Empty = the whole. */
  readonly path: readonly (string | number)[];
  /** What is wrong there: `must be a list`. */
  readonly problem: string;
  /** Both on one line: `size.tiers must be a list`. */
  readonly text: string;
}

/** How a row or a table is checked. */
export interface CheckOptions {
  /** A word that this version does not know is wrong, too. Default: a later version's word is no mistake. */
  readonly strict?: boolean;
  /** It is the row for ids in no table, which may have families. */
  readonly unlisted?: boolean;
}

/** What is wrong in a table, the first thing of it; `undefined` = nothing. */
export function checkTable(table: unknown, how: CheckOptions = {}): TableProblem | undefined {
  if (!isRecord(table)) return told({ path: [], problem: 'must be an object of ids and rows' }, 'the table');
  for (const [id, row] of Object.entries(table)) {
    const problem = idProblem(id);
    const fault = problem === undefined ? checkRow(row, how) : { path: [], problem };
    if (fault) return told({ path: [id, ...fault.path], problem: fault.problem }, 'the table');
  }
  return undefined;
}

/** What is wrong in a row of a table, the first thing of it; `undefined` = nothing. */
export function checkRow(row: unknown, how: CheckOptions = {}): TableProblem | undefined {
  const [first] = rowFaults(row, how);
  return first && told(first, 'the row');
}

/** A fault in one line. `whole`: what is meant where it has no path. */
export function told({ path, problem }: Fault, whole: string): TableProblem {
  const where = path.map((part) => quotedWord(String(part), 80)).join('.') || whole;
  return { path, problem, text: `${where} ${problem}` };
}

/** All that is wrong in a row. */
export function rowFaults(row: unknown, { strict = false, unlisted = false }: CheckOptions): readonly Fault[] {
  const fault = plainFault(row);
  if (fault) return [fault];
  const schemas = rowSchemas(strict);
  const { error } = (unlisted ? schemas.unlisted : schemas.row).safeParse(row);
  const issues = (error?.issues ?? []).map((issue) =>
    issue.code === 'invalid_union' ? innermost(issue) : toPlain(issue),
  );
  // A word that is misspelt explains the one that is missing.
  return issues.sort(unknownFirst).map(faultIn);
}

function faultIn({ path, message, keys }: PlainIssue): Fault {
  const words = path.filter((part) => typeof part !== 'symbol');
  return { path: keys ? [...words, keys[0]!] : words, problem: message.replace(/^Invalid/, 'has an invalid') };
}

interface PlainIssue {
  readonly path: readonly PropertyKey[];
  readonly message: string;
  readonly keys?: readonly string[] | undefined;
}

function toPlain(issue: z.core.$ZodIssue): PlainIssue {
  const { path, message } = issue;
  return { path, message, keys: issue.code === 'unrecognized_keys' ? issue.keys : undefined };
}

/** Of alternatives, the one that got furthest says best what is wrong. */
function innermost(issue: z.core.$ZodIssueInvalidUnion): PlainIssue {
  const inner = issue.errors
    .flat()
    .map((one) => (one.code === 'invalid_union' ? innermost(one) : toPlain(one)))
    .sort((one, other) => depthOf(other) - depthOf(one) || unknownFirst(one, other))[0];
  if (!inner || depthOf(inner) === 0) return toPlain(issue);
  return { ...inner, path: [...issue.path, ...inner.path] };
}

function unknownFirst(one: PlainIssue, other: PlainIssue): number {
  return Number(Boolean(other.keys)) - Number(Boolean(one.keys));
}

function depthOf({ path, keys }: PlainIssue): number {
  return path.length + (keys ? 1 : 0);
}
