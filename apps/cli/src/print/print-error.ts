import type { ImageError } from '@anyimage/core';
import { errorText } from './error-text.ts';
import { note } from './output.ts';
import { paintFor } from './paint.ts';

export function printError(error: ImageError): void {
  note(errorText(error, paintFor(process.stderr)));
}
