import type { ImageError } from '@anyimage/core';
import { errorText } from './error-text.ts';
import { note } from './terminal/output.ts';
import { paintFor } from './terminal/paint.ts';

export function printError(error: ImageError): void {
  note(errorText(error, paintFor(process.stderr)));
}
