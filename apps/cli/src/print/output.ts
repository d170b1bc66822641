// The two streams. Results go to stdout, everything else to stderr.

import type { ImageError } from '@anyimage/core';
import { errorText } from './error-text.ts';
import { paintFor } from './paint.ts';

export function print(line: string): void {
  process.stdout.write(`${line}\n`);
}

/** A line for the person, not for scripts. */
export function note(line: string): void {
  process.stderr.write(`${line}\n`);
}

export function printDocument(document: unknown): void {
  print(JSON.stringify(document, null, 2));
}

export function printError(error: ImageError): void {
  note(errorText(error, paintFor(process.stderr)));
}

/** A reader that leaves (`| head`) is no failure: what it did not want is not written. */
export function quietPipes(): void {
  for (const stream of [process.stdout, process.stderr]) {
    stream.on('error', (error: NodeJS.ErrnoException) => {
      if (error.code !== 'EPIPE') throw error;
    });
  }
}
