// Newer tables, fetched once a week beside a call, where the person wants that: never at a start, never with lower prices, and ended with
// the call.

import { type ClientOptions, messageOf } from '@anyimage/core';
import type { Config } from '../config/config-schema.ts';
import type { Environment } from '../files/home.ts';
import { listening, type OnNotice } from '../text/notice.ts';

export interface BesideOptions {
  readonly home: string;
  readonly config: Pick<Config, 'updateModels'>;
  /** What npm gets of it: all but the keys of services. */
  readonly env: Environment;
  /** Told once, when a table is another one. */
  readonly onNotice: OnNotice;
  /** Gets why a table could not be fetched. */
  readonly log?: ClientOptions['log'];
}

/**
 * Begins to fetch the tables of the providers of a call, as far as it is their turn. `models`: `provider/model`. The returned function ends
 * that: what is not here by then comes beside a later call. Neither throws.
 */
export function updateBeside(models: readonly string[], options: BesideOptions): () => Promise<void> {
  const { config, home, env, log } = options;
  if (config.updateModels !== 'weekly') return async () => {};
  const onNotice = listening(options.onNotice);
  const controller = new AbortController();
  const { signal } = controller;
  const ids = new Set(models.map((name) => name.split('/', 1)[0]!));
  const work = import('./update-due.ts')
    .then(({ updateDue }) => updateDue(ids, { home, env, onNotice, signal }))
    .catch((error: unknown) => {
      if (!signal.aborted) log?.('tables-not-updated', { error: messageOf(error) });
    });
  return async () => {
    controller.abort();
    await work;
  };
}
