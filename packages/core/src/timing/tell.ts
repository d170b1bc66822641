// What the caller is told while it waits: how far each call is, and each of its pictures.

import type { Engine } from '../contract/engine.ts';
import { messageOf } from '../contract/errors.ts';
import { omit } from '../contract/objects.ts';
import type { CallProgress, RunOptions, ToldCall } from '../contract/request.ts';
import { quietly } from './quietly.ts';

export type Tell = (progress: CallProgress) => void;

/**
 * Tells of one call, `index` of those to its model. Never throws: neither a caller's function that fails nor what a provider says that
 * makes no sense is the picture's affair.
 */
export function teller(
  { log }: Pick<Engine, 'log'>,
  onProgress: RunOptions['onProgress'],
  index: number,
  call: ToldCall,
): Tell {
  if (!onProgress) return () => {};
  const noteFailure = (error: unknown) => log?.('progress-failed', { message: messageOf(error) });
  return (progress) => quietly(() => onProgress(sensible(progress, call), index, call), noteFailure);
}

/** Without a share that is none, a place in a queue that cannot be, and a picture that the call does not make. */
function sensible(progress: CallProgress, { n }: ToldCall): CallProgress {
  if ('partial' in progress) {
    const { index } = progress;
    return Number.isInteger(index) && index >= 0 && index < n ? progress : { ...progress, index: 0 };
  }
  const { fraction, position } = progress as { readonly fraction?: number; readonly position?: number };
  const known = isShare(fraction) ? progress : omit(progress, 'fraction' as never);
  return Number.isInteger(position) && position! > 0 ? known : omit(known, 'position' as never);
}

function isShare(fraction: number | undefined): boolean {
  return fraction !== undefined && fraction >= 0 && fraction <= 1;
}
