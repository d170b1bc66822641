// What a provider says of a picture that was perhaps made and that nobody holds.

import { ImageError, type ImageErrorFacts } from '../contract/errors.ts';
import type { Envelope } from './exchange.ts';

/** Facts of an error after which it is unknown whether the service made the picture. */
export const perhapsMade = {
  mayHaveBeenBilled: true,
  hint: 'Look at the account before asking again: the picture may have been made and billed.',
} as const satisfies ImageErrorFacts;

/** The error for an answer that is not in its documented form: `bad-response`. `problem`: what is wrong with the form. */
export function otherForm({ status }: Pick<Envelope, 'status'>, problem: string): ImageError {
  const message = `the service's answer is not in its documented form: ${problem}`;
  return new ImageError('bad-response', message, { status, ...perhapsMade });
}

/** The error for a stream of events that ended before its picture: `bad-response`. */
export function brokenOff(): ImageError {
  return new ImageError('bad-response', 'the stream of the service ended before the picture was complete', perhapsMade);
}

/** The error for a success without a picture: `bad-response`, since time does not help. */
export function nothingMade(facts: ImageErrorFacts = {}): ImageError {
  return new ImageError('bad-response', 'the service reported success but returned no picture', {
    ...perhapsMade,
    ...facts,
  });
}
