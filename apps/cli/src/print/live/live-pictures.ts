// Pictures on their way, shown on a terminal.

import type { CallProgress, ToldCall } from '@anyimage/core';
import { startLive } from '../terminal/live.ts';
import { paintFor } from '../terminal/paint.ts';
import { pictureRows, type RowFacts } from './picture-rows.ts';
import { PictureStates } from './picture-states.ts';

export interface LivePictures {
  /** What core tells: given as `onProgress`. */
  readonly report: (progress: CallProgress, index: number, call: ToldCall) => void;
  /** Shows a word below the rows from now on. */
  readonly notice: (text: string) => void;
  /** Takes the rows away; again does nothing. */
  readonly stop: () => void;
}

export interface LiveAbout extends Omit<RowFacts, 'notice' | 'latencyMs'> {
  /** How many pictures are expected. */
  readonly total: number;
  /** How long one call of a model usually takes, ms. */
  readonly latencyOf?: (model: string) => RowFacts['latencyMs'];
}

/** Shows a row for each picture on a terminal; elsewhere it is silent. */
export function startLivePictures(stream: NodeJS.WriteStream, { title, total, latencyOf }: LiveAbout): LivePictures {
  const states = new PictureStates(total);
  const paint = paintFor(stream);
  const now = () => performance.now();
  let notice: string | undefined;
  const live = startLive(stream, (frame) => {
    const latencyMs = latencyOf?.(states.model ?? title);
    return pictureRows(states, { title, latencyMs, notice }, frame, now(), paint);
  });
  return {
    report: (progress, _, call) => states.tell(progress, call, now()),
    notice(text) {
      notice = text;
    },
    stop: live.stop,
  };
}
