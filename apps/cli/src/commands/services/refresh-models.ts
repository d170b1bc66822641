// Asking services which models they have.

import {
  findRow,
  ImageError,
  idsOf,
  isConfigured,
  type ModelTable,
  type ProviderDefinition,
  type Warning,
} from '@anyimage/core';
import { refreshModels, tellOrigin } from '@anyimage/host';
import { openClient } from '../../session/open-client.ts';
import type { Settings } from '../../session/settings.ts';
import { listenForInterrupt } from '../../session/signals/interrupt.ts';

/** What the services said, and what went wrong. */
export interface Refreshing {
  readonly answers: readonly (ServiceList | ImageError)[];
  /** Why answers could not be kept, each reason once. */
  readonly unkept: readonly ImageError[];
}

/** What one service answered. */
export interface ServiceList {
  readonly provider: string;
  /** How many models it lists. */
  readonly listed: number;
  /** In its list and in no table before. */
  readonly added: readonly string[];
  /** In the table that came with the code, not retired on the day, and not in its list. */
  readonly missing: readonly string[];
  /** In its catalogue before, and not any more. */
  readonly gone: readonly string[];
  /** What of its answer was left out, and why. */
  readonly warnings: readonly Warning[];
}

/**
 * Asks services for their models and keeps what they say. With `only`, the id of a provider, it asks that one and throws if that
 * fails. Else it asks all that can be asked now, and the failures are in `answers`.
 */
export async function askForModels(settings: Settings, only: string | undefined, today: string): Promise<Refreshing> {
  const asked = settings.providers.filter(({ definition, access = {} }) => {
    if (only !== undefined) return definition.id === only;
    return (definition.unlisted || definition.catalogue) && isConfigured(definition, access, settings.env);
  });
  const client = openClient(settings);
  const interrupt = listenForInterrupt();
  try {
    const told = await Promise.all(
      asked.map(async ({ definition }) => {
        try {
          const before = definition.models;
          const { list, unkept } = await refreshModels(
            definition.id,
            { settings, client },
            { signal: interrupt.signal },
          );
          const ids = list.models.map(({ id }) => id);
          return { answer: { ...compare(definition, before, ids, today), warnings: list.warnings }, unkept };
        } catch (error) {
          if (!ImageError.isInstance(error)) throw error;
          const told = tellOrigin(error, settings);
          if (only !== undefined) throw told;
          return told.code === 'unsupported' ? {} : { answer: told };
        }
      }),
    );
    const reasons = told.flatMap(({ unkept }) => unkept ?? []);
    return {
      answers: told.flatMap(({ answer }) => answer ?? []),
      unkept: [...new Map(reasons.map((error) => [error.message, error])).values()],
    };
  } finally {
    await client.close();
    interrupt.stop();
  }
}

/** How what a service says differs from the table that held before. */
function compare(
  definition: ProviderDefinition,
  before: ModelTable,
  listed: readonly string[],
  today: string,
): Omit<ServiceList, 'warnings'> {
  const ids = new Set(listed);
  const unseen = Object.entries(before)
    .filter(([name, row]) => !(row.retires && row.retires <= today) && !idsOf(name, row).some((one) => ids.has(one)))
    .map(([name, { origin }]) => ({ name, origin }));
  return {
    provider: definition.id,
    listed: ids.size,
    added: [...ids].filter((one) => !findRow({ ...definition, models: before }, one)),
    // Who has a row of their own knows more than the list.
    missing: unseen.filter(({ origin }) => origin === undefined || origin === 'updated').map(({ name }) => name),
    gone: unseen.filter(({ origin }) => origin === 'catalogue').map(({ name }) => name),
  };
}
