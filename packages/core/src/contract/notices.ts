// What a caller is told of a request besides its outcome.

import type { Json } from './capabilities.ts';

/** One thing that was sent otherwise than asked. Nothing is changed without one of these. */
export interface Applied {
  /** A word of the request: `size`, `quality`, `model` … */
  readonly option: string;
  readonly asked: Json;
  /** `null` = left out. Of a style that is words: that they are in the prompt. */
  readonly sent: Json;
  readonly because: string;
}

/** One thing that a caller should know, though nothing failed. */
export interface Warning {
  readonly code:
    | 'key'
    | 'unsure'
    | 'unlisted'
    | 'deprecated'
    | 'preview'
    | 'unchecked'
    | 'size-differs'
    | 'type-differs'
    | 'ticket'
    | 'store'
    | 'budget'
    | 'cost'
    | 'prompt'
    | 'provider';
  readonly message: string;
}
