// Ctrl-C while pictures are on their way: what is finished and what is paid for is kept.

import type { RunOptions } from '@anyimage/core';
import type { PictureStates } from '../../print/live/picture-states.ts';
import { sayNote } from '../../print/say.ts';
import { translated } from '../../print/words/translated.ts';
import { type Interrupt, jobsLeft, listenForInterrupt } from './interrupt.ts';

type Listener = NonNullable<RunOptions['onProgress']>;

export interface PictureInterrupt {
  readonly interrupt: Interrupt;
  /** One for each request, as `onProgress` of it: hears how far its pictures are, and tells the states. */
  readonly listeners: readonly Listener[];
}

/**
 * Listens for the signals that end a process. Ctrl-C waits for pictures that were sent, may be billed, and come now or never, and for
 * those that are being fetched; jobs go on at the service, and what is not sent is dropped. `requests`: the pictures of each.
 */
export function listenForPictures(...requests: readonly PictureStates[]): PictureInterrupt {
  const held = () => requests.reduce((sum, states) => sum + states.held, 0);
  const interrupt = listenForInterrupt({
    isHeld: () => held() > 0,
    onHold: () => sayNote(holdText(held())),
    lastWords: () =>
      translated(requests.some(({ hasSent }) => hasSent) ? jobsLeft : 'interrupted before a picture was asked for'),
  });
  const listeners = requests.map((states): Listener => {
    return (progress, _, call) => {
      states.tell(progress, call, performance.now());
      interrupt.check();
    };
  });
  return { interrupt, listeners };
}

function holdText(held: number): string {
  if (held === 1) {
    return translated(
      'interrupted: nothing more is sent. 1 picture is on the way and may be billed: Ctrl-C again gives it up',
    );
  }
  return translated(
    'interrupted: nothing more is sent. {count} pictures are on the way and may be billed: Ctrl-C again gives them up',
    { count: held },
  );
}
