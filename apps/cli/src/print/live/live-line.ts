// One line that moves while something is on its way that is no picture.

import { cleanText } from '@anyimage/core';
import { type Live, startLive } from '../terminal/live.ts';
import { paintFor } from '../terminal/paint.ts';
import { rowText } from '../terminal/row.ts';
import { elapsedText } from './elapsed-text.ts';

/** Shows what is done, and for how long, on a terminal; elsewhere it is silent. */
export function startLiveLine(stream: NodeJS.WriteStream, title: string): Live {
  const paint = paintFor(stream);
  return startLive(stream, ({ spinner, elapsedMs, columns }) => {
    const parts = [
      { text: spinner, role: 'name', weight: 3 },
      { text: cleanText(title), weight: 2 },
      { text: elapsedText(elapsedMs) },
    ] as const;
    return [rowText(parts, columns, paint)];
  });
}
