// Pictures on their way, shown on a terminal.

import { type Frame, type Live, type LiveOptions, startLive } from '../terminal/live.ts';
import { paintFor } from '../terminal/paint.ts';
import { pictureRows, type RowFacts } from './picture-rows.ts';
import type { PictureStates } from './picture-states.ts';

export interface LiveAbout extends Pick<RowFacts, 'title'> {
  /** How far the pictures are; may change at any time, by the clock of `performance.now`. */
  readonly states: PictureStates;
  /** How long one call of a model usually takes, ms. */
  readonly latencyOf?: (model: string) => RowFacts['latencyMs'];
}

/**
 * Shows a row for each picture on a terminal; elsewhere it is silent. Requests that run side by side have their rows one below the
 * other.
 */
export function startLivePictures(
  stream: NodeJS.WriteStream,
  requests: readonly LiveAbout[],
  options: Pick<LiveOptions, 'below'> = {},
): Live {
  const paint = paintFor(stream);
  if (requests.length === 0) return { stop() {} };
  const rowsOf = (frame: Frame) =>
    requests.flatMap(({ title, states, latencyOf }) => {
      const latencyMs = latencyOf?.(states.model ?? title);
      return pictureRows(states, { title, latencyMs }, frame, performance.now(), paint);
    });
  return startLive(stream, rowsOf, options);
}
