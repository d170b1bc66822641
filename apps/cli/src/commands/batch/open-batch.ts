// A batch with all that it is carried out with.

import { AsyncLocalStorage } from 'node:async_hooks';
import type { Client } from '@anyimage/core';
import { clientOptions, type RowState, ratesOf, storeOfCurrent, withRunLimit } from '@anyimage/host';
import type { BatchFlags } from '../../request/batch-flags.ts';
import { openClient } from '../../session/open-client.ts';
import { openTickets } from '../../session/open-tickets.ts';
import type { Settings } from '../../session/settings.ts';
import { BatchRequests } from './batch-request.ts';
import { ticketsOfCurrent } from './row-tickets.ts';
import type { BatchSpec } from './rows/batch-spec.ts';
import type { CurrentRow } from './run-batch.ts';

export interface OpenBatch {
  readonly spec: BatchSpec;
  readonly settings: Settings;
  readonly flags: BatchFlags;
  /** What the file is called, for the person. */
  readonly title: string;
  /** Of pictures, journal and report; absolute. */
  readonly folder: string;
  /** Its store and its tickets are those of `current`. */
  readonly client: Client;
  readonly current: AsyncLocalStorage<CurrentRow>;
  readonly requests: BatchRequests;
  /** Whether rows in this state are asked for. */
  readonly isWanted: (state: RowState | undefined) => boolean;
}

type Given = Pick<OpenBatch, 'spec' | 'settings' | 'flags' | 'title' | 'folder'>;

/** How often a call is repeated after a failure known to be free: a service may be away for a minute. */
const retries = 7;

/** The client is to be closed. */
export function openBatch(given: Given): OpenBatch {
  const { settings, flags } = given;
  const current = new AsyncLocalStorage<CurrentRow>();
  const client = openClient(settings, {
    store: storeOfCurrent(() => current.getStore()!.store),
    tickets: ticketsOfCurrent(openTickets(settings), current),
    maxImageBytes: flags.maxImageBytes,
    maxRetries: retries,
    ...(flags.atOnce !== undefined && { concurrency: flags.atOnce }),
    ...budgetOf(settings, flags),
  });
  const isWanted = (state: RowState | undefined) => {
    if (state === 'refused') return flags.retryRefused === true;
    return state === 'uncertain' ? flags.retryUncertain === true : state !== 'done';
  };
  return { ...given, client, current, requests: new BatchRequests(settings), isWanted };
}

function budgetOf(settings: Settings, { budget }: BatchFlags) {
  if (!budget) return {};
  const { config } = settings;
  const own = clientOptions(settings).budget!;
  return { budget: withRunLimit(own, budget, config.budget && ratesOf(config.budget)) };
}
