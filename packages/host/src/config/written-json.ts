// JSON files that a person writes: configs and styles.

import { messageOf } from '@anyimage/core';
import { lineOfSyntaxError } from '../text/json-lines.ts';
import { refused } from './config-refusal.ts';

/** The value that a file holds. Throws `config`: file, line, and why it is not JSON. */
export function parseWritten(text: string, path: string): unknown {
  try {
    // Some editors begin a file with a mark.
    return JSON.parse(text.replace(/^\ufeff/, ''));
  } catch (error) {
    const line = lineOfSyntaxError(text, error);
    throw refused(`${path}${line ? `:${line}` : ''}: ${reasonOf(text, error)}`, path, 'Correct the file.');
  }
}

/** Of a file that may be another than was meant, such as one that a link leads to, nothing is quoted. */
function reasonOf(text: string, error: unknown): string {
  if (/^[\s\ufeff]*[^\s\ufeff{]/.test(text)) return 'it is no JSON object';
  return `it is not JSON: ${messageOf(error).replace(/(, | \(line| in JSON).*/s, '')}`;
}
