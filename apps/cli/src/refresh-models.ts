// Asking services which models they have.

import { ImageError, isConfigured } from '@anyimage/core';
import { idsOf, keepModelList } from '@anyimage/host';
import { listenForInterrupt } from './interrupt.ts';
import { openClient } from './open-client.ts';
import type { Settings } from './settings.ts';

/** What became of asking one service. */
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
 * Asks the services for their models and keeps what they say. `only`: the id of one provider, which must answer; else all that
 * can be asked now. Throws what stopped it where one was named; of others the failures are in the answer.
 */
export async function refreshModels(
  settings: Settings,
  only: string | undefined,
  today: string,
): Promise<readonly (Refreshed | ImageError)[]> {
  const { providers, env, home } = settings;
  const asked = providers
    .map(({ definition, access = {} }) => ({ definition, access }))
    .filter(({ definition, access }) =>
      only === undefined ? definition.unlisted && isConfigured(definition, access, env) : definition.id === only,
    );
  const client = openClient(settings);
  const interrupt = listenForInterrupt();
  try {
    const answers = await Promise.all(
      asked.map(async ({ definition }) => {
        const { id, models } = definition;
        try {
          const list = await client.discover(id, { signal: interrupt.signal });
          await keepModelList(home, id, { ...list, at: Date.now() });
          const ids = new Set(list.models.map((model) => model.id));
          const known = Object.entries(models).map(([name, row]) => ({ name, row, ids: idsOf(name, row) }));
          return {
            provider: id,
            listed: ids.size,
            added: [...ids].filter((one) => !known.some((row) => row.ids.includes(one))),
            missing: known
              .filter(
                ({ row, ids: names }) => !(row.retires && row.retires <= today) && !names.some((name) => ids.has(name)),
              )
              .map(({ name }) => name),
          };
        } catch (error) {
          if (!ImageError.isInstance(error) || only !== undefined) throw error;
          return error.code === 'unsupported' ? undefined : error;
        }
      }),
    );
    return answers.filter((answer) => answer !== undefined);
  } finally {
    await client.close();
    interrupt.stop();
  }
}
