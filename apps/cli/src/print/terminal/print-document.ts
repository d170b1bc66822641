import { escapeUnseen } from '@anyimage/core';
import { print } from './output.ts';

/** A JSON document on stdout. What cannot be seen in a terminal, or moves what can, is escaped. */
export function printDocument(document: unknown): void {
  print(escapeUnseen(JSON.stringify(document, null, 2)));
}
