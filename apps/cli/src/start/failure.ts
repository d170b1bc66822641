// Failures that reach the top: refusals of the parser and of core, and defects of ours.

import { cleanText, ImageError } from '@anyimage/core';
import { unexpected } from '@anyimage/host';
import { CommanderError } from 'commander';
import { failureDocument } from '../print/document.ts';
import { sayError } from '../print/say.ts';
import { note } from '../print/terminal/output.ts';
import { printDocument } from '../print/terminal/print-document.ts';
import { translated } from '../print/words/translated.ts';
import { QuestionInterrupted } from '../session/ask.ts';
import { usageError } from './usage-error.ts';

/** Says what went wrong, in the form that was asked for, and returns the exit code: 2, 1 for a defect of ours, 130 for Ctrl-C at a question. */
export function reportFailure(error: unknown, args: readonly string[]): number {
  if (error instanceof QuestionInterrupted) {
    if (asksForJSON(args)) printDocument(failureDocument(new ImageError('aborted', 'interrupted')));
    note(translated('interrupted'));
    return 130;
  }
  const refused = refusalOf(error, args);
  const known = ImageError.isInstance(refused);
  const shown = known ? refused : unexpected(refused, { hint: 'Please report it, with what ANYIMAGE_DEBUG=1 shows.' });
  if (asksForJSON(args)) printDocument(failureDocument(shown));
  sayError(shown);
  if (process.env.ANYIMAGE_DEBUG && error instanceof Error && !(error instanceof CommanderError))
    note(cleanText(error.stack ?? ''));
  return known ? 2 : 1;
}

function refusalOf(error: unknown, args: readonly string[]): unknown {
  if (error instanceof CommanderError) return usageError(error, args);
  return (error as NodeJS.ErrnoException | null)?.syscall === 'uv_cwd' ? noFolder(error) : error;
}

/** The folder that the command was started in was deleted since, which shows when its path is needed. */
function noFolder(cause: unknown): ImageError {
  const hint = 'Go to a folder that exists, such as with cd, and try again.';
  return new ImageError('storage', 'the current folder does not exist any more', { cause, hint });
}

function asksForJSON(args: readonly string[]): boolean {
  const end = args.indexOf('--');
  return (end < 0 ? args : args.slice(0, end)).includes('--json');
}
