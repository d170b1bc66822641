// Asking services which models they have.

import { findRow, ImageError, idsOf, isConfigured, type ModelList, type ProviderDefinition } from '@anyimage/core';
import { type DatedModelList, keepModelList, type ModelLists, storageError, tellOrigin } from '@anyimage/host';
import { listenForInterrupt } from '../../session/interrupt.ts';
import { openClient } from '../../session/open-client.ts';
import type { Settings } from '../../session/settings.ts';

/** What the services said, and what went wrong. */
export interface Refreshing {
  readonly answers: readonly (Refreshed | ImageError)[];
  /** The answers, also those that could not be kept. */
  readonly lists: ModelLists;
  /** Why answers could not be kept, each reason once. */
  readonly unkept: readonly ImageError[];
}

/** What one service answered. */
export interface Refreshed {
  readonly provider: string;
  /** How many models it lists. */
  readonly listed: number;
  /** In its list and in no table. */
  readonly added: readonly string[];
  /** In the table, not retired on the day, and not in its list. */
  readonly missing: readonly string[];
}

/**
 * Asks services for their models and keeps what they say. With `only`, the id of a provider, it asks that one and throws if that
 * fails. Else it asks all that can be asked now, and the failures are in `answers`.
 */
export async function refreshModels(settings: Settings, only: string | undefined, today: string): Promise<Refreshing> {
  const { providers, env, home } = settings;
  const asked = providers
    .map(({ definition, access = {} }) => ({ definition, access }))
    .filter(({ definition, access }) =>
      only === undefined ? definition.unlisted && isConfigured(definition, access, env) : definition.id === only,
    );
  const client = openClient(settings);
  const interrupt = listenForInterrupt();
  const lists = new Map<string, DatedModelList>();
  try {
    const answers = await Promise.all(
      asked.map(async ({ definition }) => {
        try {
          const list = await client.discover(definition.id, { signal: interrupt.signal });
          lists.set(definition.id, { ...list, at: Date.now() });
          return compare(definition, list, today);
        } catch (error) {
          if (!ImageError.isInstance(error)) throw error;
          const told = tellOrigin(error, settings);
          if (only !== undefined) throw told;
          return told.code === 'unsupported' ? undefined : told;
        }
      }),
    );
    return { answers: answers.filter((answer) => answer !== undefined), lists, unkept: await keepAll(home, lists) };
  } finally {
    await client.close();
    interrupt.stop();
  }
}

/** How what a service says differs from its table. */
function compare(definition: ProviderDefinition, list: ModelList, today: string): Refreshed {
  const ids = new Set(list.models.map((model) => model.id));
  const known = Object.entries(definition.models).map(([name, row]) => ({ name, row, ids: idsOf(name, row) }));
  const isThere = ({ row, ids: names }: (typeof known)[number]) =>
    (row.retires && row.retires <= today) || names.some((name) => ids.has(name));
  return {
    provider: definition.id,
    listed: ids.size,
    added: [...ids].filter((one) => !findRow(definition, one)),
    missing: known.filter((row) => !isThere(row)).map(({ name }) => name),
  };
}

/** Keeps what it can and returns why it could not keep the rest. */
async function keepAll(home: string, lists: ModelLists): Promise<readonly ImageError[]> {
  const failures = await Promise.all(
    [...lists].map(([provider, list]) =>
      keepModelList(home, provider, list).then(
        () => undefined,
        (error: unknown) => storageError(error, `keep the lists of models in ${home}`, home),
      ),
    ),
  );
  const reasons = failures.filter((error) => error !== undefined);
  return [...new Map(reasons.map((error) => [error.message, error])).values()];
}
