// From a name to a row of a provider's table.

import type { ModelCapabilities } from '../contract/capabilities.ts';
import type { ProviderDefinition } from '../contract/provider.ts';

/** A row, and the id that stands for it: the one in the table, or one with a day behind it. */
export interface FoundRow {
  readonly id: string;
  readonly row: ModelCapabilities;
}

/** The id of the model that a provider's name alone stands for; `undefined` if it has none. */
export function usualModel({ defaultModel, models }: ProviderDefinition): string | undefined {
  return defaultModel ?? Object.keys(models)[0];
}

/** All ids by which a service may know a model of a table, `id` first, those with a day behind them left out. */
export function idsOf(id: string, { aliases = [], regions = {} }: ModelCapabilities): readonly string[] {
  return [...new Set([id, ...aliases, ...Object.values(regions).flatMap((there) => there.id ?? [])])];
}

/** The row that a model's id, or another name of it, stands for; `undefined` for what is not in the table. */
export function findRow({ models }: Pick<ProviderDefinition, 'models'>, name: string): FoundRow | undefined {
  if (Object.hasOwn(models, name)) return { id: name, row: models[name]! };
  const found = Object.entries(models).find(([id, row]) => idsOf(id, row).includes(name));
  if (found) return { id: found[0], row: found[1] };
  const undated = name.replace(/-\d{4}-\d{2}-\d{2}$/, '');
  const row = undated !== name && Object.hasOwn(models, undated) ? models[undated]! : undefined;
  return row?.dated && { id: name, row };
}
