// What a command tells: results on stdout, the rest on stderr.

import { ImageError } from '@anyimage/core';
import { unexpected } from '@anyimage/host';
import { Refusal } from '../wire/envelope.ts';

export function say(text: string): void {
  process.stdout.write(`${text}\n`);
}

export function note(text: string): void {
  process.stderr.write(`${text}\n`);
}

/** Ends the command with what went wrong and what to do next. 2: what was asked; 1: anything else. */
export function fail(thrown: unknown): void {
  const error = ImageError.isInstance(thrown) || thrown instanceof Refusal ? thrown : unexpected(thrown, {});
  note(`error: ${error.message}`);
  const { hint, code } = error as { readonly hint?: string; readonly code?: string };
  if (hint) note(`  try: ${hint}`);
  process.exitCode = code === 'invalid-request' || code === 'config' || code === 'not-found' ? 2 : 1;
}

/** Tells of what goes on all the same. */
export function noteProblem(thrown: unknown): void {
  const { message, hint } = ImageError.isInstance(thrown) ? thrown : unexpected(thrown, {});
  note(`warning: ${message}${hint ? `\n  ${hint}` : ''}`);
}

/** Rows with their columns in line; the first is the head. */
export function table(rows: readonly (readonly string[])[]): string {
  const widths = (rows[0] ?? []).map((_, column) => Math.max(...rows.map((row) => [...(row[column] ?? '')].length)));
  return rows
    .map((row) =>
      row
        .map((cell, column) => cell.padEnd(widths[column]!))
        .join('  ')
        .trimEnd(),
    )
    .join('\n');
}
