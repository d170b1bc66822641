// JSON that may be anything, or none.

import { isRecord } from '@anyimage/core';

/** The value of a JSON text; `undefined` for any other text. */
export function parseJSON(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/** The object that a JSON text is; an empty one for any other text. */
export function parseRecord(text: string): Readonly<Record<string, unknown>> {
  const value = parseJSON(text);
  return isRecord(value) ? value : {};
}
