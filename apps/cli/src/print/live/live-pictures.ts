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
export function startLivePictures(stream: NodeJS.WriteStream, about: LiveAbout): LivePictures {
  const { reports, notice, stop } = startLiveRequests(stream, [about]);
  return { report: reports[0]!, notice, stop };
}

/** The same for requests that run side by side, each with its rows below those before it. */
export function startLiveRequests(
  stream: NodeJS.WriteStream,
  abouts: readonly LiveAbout[],
): Pick<LivePictures, 'notice' | 'stop'> & { readonly reports: readonly LivePictures['report'][] } {
  const requests = abouts.map((about) => ({ about, states: new PictureStates(about.total) }));
  const paint = paintFor(stream);
  const now = () => performance.now();
  let notice: string | undefined;
  const live = startLive(stream, (frame) =>
    requests.flatMap(({ about: { title, latencyOf }, states }, index) => {
      const latencyMs = latencyOf?.(states.model ?? title);
      const below = index === requests.length - 1 ? notice : undefined;
      return pictureRows(states, { title, latencyMs, notice: below }, frame, now(), paint);
    }),
  );
  return {
    reports: requests.map(
      ({ states }): LivePictures['report'] =>
        (progress, _, call) =>
          states.tell(progress, call, now()),
    ),
    notice(text) {
      notice = text;
    },
    stop: live.stop,
  };
}
