// What a person is told on stderr, and the paths on stdout.

import type { ImageError, OutcomeFacts } from '@anyimage/core';
import { type FileImageStore, type Notice, noticeText } from '@anyimage/host';
import { errorText, onOneLine } from './error-text.ts';
import { noteText, outcomeText, shownPath, warningText } from './outcome-text.ts';
import { note, print } from './terminal/output.ts';
import { paintFor } from './terminal/paint.ts';

/** Something worth knowing that is no fault. */
export function sayNote(message: string): void {
  note(noteText(message, paintFor(process.stderr)));
}

export function sayWarning(message: string): void {
  note(warningText(message, paintFor(process.stderr)));
}

/** What became known while the work goes on. */
export function sayNotice(notice: Notice): void {
  const { level, text } = noticeText(notice);
  if (level === 'warning') sayWarning(text);
  else sayNote(text);
}

/** Why what a trusted project says of providers and models is left out. */
export function sayConflict({ message, hint }: ImageError): void {
  sayWarning([message, hint].filter(Boolean).join('. '));
}

export function sayError(error: ImageError): void {
  note(errorText(error, paintFor(process.stderr)));
}

/** A value on stdout: for scripts as it is, for a terminal without what it would obey. */
export function printValue(text: string): void {
  print(process.stdout.isTTY ? onOneLine(text) : text);
}

/** Where the pictures are, one path a line. */
export function printPaths({ images }: OutcomeFacts): void {
  for (const { path } of images) if (path !== undefined) printValue(shownPath(path));
}

/** What became of a request. */
export function sayOutcome(outcome: OutcomeFacts, store: FileImageStore): void {
  const text = outcomeText(outcome, paintFor(process.stderr), store);
  if (text) note(text);
}
