// Which pictures of the history are meant.

import { ImageError } from '@anyimage/core';
import type { PictureFilter } from '@anyimage/host';
import type { TimeSpan } from './time-span.ts';

/** What the flags hold, as far as they were given. */
export interface HistoryFilter {
  readonly model?: string;
  readonly since?: TimeSpan;
  readonly until?: TimeSpan;
  readonly minCost?: { readonly amount: number; readonly currency: string };
}

/** The filter that words and flags are. Throws `invalid-request` for an end before the beginning. */
export function filterOf(search: readonly string[], { model, since, until, minCost }: HistoryFilter): PictureFilter {
  if (since && until && until.to <= since.from) {
    throw new ImageError('invalid-request', '--since is after --until: no picture can be between them', {
      details: { option: 'since' },
      hint: 'Turn the two round.',
    });
  }
  return {
    ...(search.length > 0 && { search: search.join(' ') }),
    ...(model !== undefined && { model }),
    ...(since && { since: since.from }),
    // A day is meant with all of it, and a moment, too.
    ...(until && { until: Math.max(until.to, until.from + 1) }),
    ...(minCost && { minCost }),
  };
}
