// JSON files that a person writes: configs and styles.

import { lineOfSyntaxError } from '../text/json-lines.ts';
import { refused } from './config-refusal.ts';

/** The value that a file holds. Throws `config`: file, line, and why it is not JSON. */
export function parseWritten(text: string, path: string): unknown {
  try {
    // Some editors begin a file with a mark.
    return JSON.parse(text.replace(/^\ufeff/, ''));
  } catch (error) {
    const line = lineOfSyntaxError(text, error);
    const reason = error instanceof Error ? error.message.replace(/ \(line.*|, \.\.\..*| in JSON.*/s, '') : '';
    throw refused(`${path}${line ? `:${line}` : ''}: it is not JSON: ${reason}`, path, 'Correct the file.');
  }
}
