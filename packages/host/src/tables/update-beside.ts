// Newer tables, fetched once a week beside a call, where the person wants that: never at a start, never with lower prices, and ended with
// the call.

import { type ImageError, messageOf } from '@anyimage/core';
import type { Config } from '../config/config-schema.ts';
import type { Environment } from '../files/home.ts';
import { listening, type OnNotice } from '../text/notice.ts';

/** What is fetched beside a call. */
export interface BesideUpdate {
  /** Ends it: what is not here by then comes beside a later call. Never rejects. */
  end(): Promise<void>;
}

export interface BesideOptions {
  readonly home: string;
  readonly config: Pick<Config, 'updateModels'>;
  /** What npm gets of it: all but the keys of services. */
  readonly env: Environment;
  /** Told once, when a table is another one. */
  readonly onNotice: OnNotice;
  /** Gets why a table could not be fetched. */
  readonly log?: ((event: string, facts: { readonly [name: string]: string }) => void) | undefined;
}

/** Begins to fetch the tables of the providers of a call, as far as it is their turn. `models`: `provider/model`. Never throws. */
export function updateBeside(models: readonly string[], options: BesideOptions): BesideUpdate {
  if (options.config.updateModels !== 'weekly') return { end: async () => {} };
  const controller = new AbortController();
  const log = listening((error: ImageError | Error) => options.log?.('tables', { problem: messageOf(error) }));
  const ids = [...new Set(models.map((name) => name.split('/')[0]!))];
  const work = import('./update-due.ts')
    .then(({ updateDue }) => updateDue(ids, { ...options, onNotice: listening(options.onNotice), signal: controller.signal }))
    .catch((error: Error) => {
      if (!controller.signal.aborted) log(error);
    });
  return {
    async end() {
      controller.abort();
      await work;
    },
  };
}
