// What a request says besides its words: the pictures, the model, and how it is carried out. Each is checked for its shape, so that a
// slip of the caller is told as the caller's, whatever would have come of it further on.

import type { ClientRequest } from '../contract/client.ts';
import { ImageError } from '../contract/errors.ts';
import { isRecord } from '../contract/objects.ts';
import type { RequestOptions, RunOptions } from '../contract/request.ts';

/** What a value must be, and what to write in its place. */
interface Shape {
  readonly must: string;
  readonly holds: (value: unknown) => boolean;
  readonly hint: string;
}

const isText = (value: unknown) => typeof value === 'string' && value !== '';
const isFunction = (value: unknown) => typeof value === 'function';
const isSignal = (value: unknown) => isRecord(value) && 'aborted' in value && isFunction(value.addEventListener);
const choice = (...values: readonly string[]): Shape => ({
  must: `be one of ${values.join(', ')}`,
  holds: (value) => typeof value === 'string' && values.includes(value),
  hint: `Give ${values.join(' or ')}, or leave it out.`,
});

/** A timer of the system cannot be longer, ms: 24 days. */
const longestTimeout = 2 ** 31 - 1;

const shapes = {
  intent: { must: 'be a text that is not empty', holds: isText, hint: 'Give an id of your own, or leave intent out.' },
  model: {
    must: 'be a name, or a list of names',
    holds: (value) => [value].flat().every(isText),
    hint: "Give model: 'provider/model', or a list of such names.",
  },
  images: {
    must: 'be a list of pictures',
    holds: Array.isArray,
    hint: "Put it into a list: images: ['a.png'].",
  },
  mask: {
    must: 'be a picture',
    holds: (value) => value !== null && !Array.isArray(value),
    hint: "Give one picture, such as mask: 'mask.png', or leave mask out.",
  },
  applied: { must: 'be a list', holds: Array.isArray, hint: 'Give a list of changes, or leave applied out.' },
  negotiation: choice('strict', 'adapt'),
  refusedKey: choice('next', 'stop'),
  translate: choice('auto', 'never'),
  enhance: {
    must: 'be true, false or the name of a style',
    holds: (value) => typeof value === 'boolean' || isText(value),
    hint: 'Give enhance: true, or leave it out.',
  },
  signal: {
    must: 'be an AbortSignal',
    holds: isSignal,
    hint: 'Give the signal of an AbortController, or leave signal out.',
  },
  stopSending: {
    must: 'be an AbortSignal',
    holds: isSignal,
    hint: 'Give the signal of an AbortController, or leave stopSending out.',
  },
  timeout: {
    must: `be a number of ms above 0, at most ${longestTimeout}`,
    holds: (value) => typeof value === 'number' && value > 0 && value <= longestTimeout,
    hint: 'Give milliseconds, such as 120000, or leave timeout out.',
  },
  onProgress: { must: 'be a function', holds: isFunction, hint: 'Give a function, or leave onProgress out.' },
} as const satisfies { readonly [W in Word]: Shape };

/** All but what is negotiated, and `route`, which is checked where it is used. */
type Word = Exclude<keyof ClientRequest, keyof RequestOptions | 'route'>;

/** The words of a request that no model is asked about. */
export const notNegotiated: readonly string[] = [...Object.keys(shapes), 'route'];

/** Throws `invalid-request` naming the word, what was given and what to write, for what is not of its shape. */
export function checkShapes(given: ClientRequest | RunOptions): void {
  if (!isRecord(given)) {
    throw new ImageError('invalid-request', `a request must be an object of its words${shown(given)}`, {
      hint: "Give it as { prompt: 'a boat' }.",
    });
  }
  for (const word of Object.keys(given)) {
    const value: unknown = given[word];
    const shape = Object.hasOwn(shapes, word) ? shapes[word as Word] : undefined;
    if (value === undefined || !shape || shape.holds(value)) continue;
    throw new ImageError('invalid-request', `${word} must ${shape.must}${shown(value)}`, {
      details: { option: word, asked: kindOf(value) },
      hint: shape.hint,
    });
  }
}

function shown(value: unknown): string {
  return ` (got ${kindOf(value)})`;
}

/** A short value as it is, anything else by its kind. */
function kindOf(value: unknown): string {
  if (typeof value === 'string') return value.length <= 100 ? JSON.stringify(value) : 'a long text';
  if (value === null || typeof value !== 'object') return typeof value === 'function' ? 'a function' : String(value);
  return Object.prototype.toString.call(value).slice('[object '.length, -1);
}
