// Ctrl-C while pictures are on their way: what is finished and what is paid for is kept.

import type { RunOptions } from '@anyimage/core';
import { countText } from '@anyimage/host';
import type { PictureStates } from '../print/live/picture-states.ts';
import { sayNote } from '../print/say.ts';
import { type Interrupt, jobsLeft, listenForInterrupt } from './interrupt.ts';

export interface PictureInterrupt {
  readonly interrupt: Interrupt;
  /** Hears how far the pictures are, and tells the states. */
  readonly onProgress: NonNullable<RunOptions['onProgress']>;
}

/**
 * Listens for the signals that end a process. Ctrl-C waits for pictures that were sent, may be billed, and come now or never, and for
 * those that are being fetched; jobs go on at the service, and what is not sent is dropped.
 */
export function listenForPictures(states: PictureStates): PictureInterrupt {
  const interrupt = listenForInterrupt({
    isHeld: () => states.held > 0,
    onHold: () => sayNote(holdText(states.held)),
    lastWords: () => (states.hasSent ? jobsLeft : 'interrupted before a picture was asked for'),
  });
  const onProgress: PictureInterrupt['onProgress'] = (progress, _, call) => {
    states.tell(progress, call, performance.now());
    interrupt.check();
  };
  return { interrupt, onProgress };
}

function holdText(held: number): string {
  const [are, them] = held === 1 ? ['is', 'it'] : ['are', 'them'];
  return `interrupted: nothing more is sent. ${countText(held, 'picture')} ${are} on the way and may be billed: Ctrl-C again gives ${them} up`;
}
