import { escapeUnseen } from '@anyimage/core';
import { print, printInTime } from './output.ts';

/** A JSON document on stdout. What cannot be seen in a terminal, or moves what can, is escaped. */
export function printDocument(document: unknown): void {
  print(escapeUnseen(JSON.stringify(document, null, 2)));
}

/**
 * The document `{ [name]: all that comes, ...rest() }`, printed while it comes, so that it is never held as a whole. `rest` is asked at
 * the end.
 */
export async function printList(name: string, items: AsyncIterable<unknown>, rest: () => object): Promise<void> {
  let isEmpty = true;
  for await (const item of items) {
    const text = escapeUnseen(JSON.stringify(item, null, 2)).replaceAll('\n', '\n    ');
    const start = isEmpty ? `{\n  ${JSON.stringify(name)}: [` : ',';
    if (!(await printInTime(`${start}\n    ${text}`))) return;
    isEmpty = false;
  }
  const end = escapeUnseen(JSON.stringify(rest(), null, 2)).slice(2);
  await printInTime(isEmpty ? `{\n  ${JSON.stringify(name)}: [],\n${end}\n` : `\n  ],\n${end}\n`);
}
