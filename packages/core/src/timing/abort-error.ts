import { ImageError } from '../contract/errors.ts';

/** The reason of an aborted signal as an ImageError: its own, if it is one, else `aborted`. */
export function abortError(signal: AbortSignal): ImageError {
  if (ImageError.isInstance(signal.reason)) return signal.reason;
  return new ImageError('aborted', 'the request was cancelled', {
    cause: signal.reason,
    hint: 'Nothing more is done.',
  });
}
