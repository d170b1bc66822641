// From a name to a row of a provider's table.

import type { ModelCapabilities } from '../contract/capabilities.ts';
import type { ProviderDefinition } from '../contract/provider.ts';

/** A row, and the model's id in the table. */
export interface FoundRow {
  readonly id: string;
  readonly row: ModelCapabilities;
}

/** The id of the model that a provider's name alone stands for; `undefined` if it has none. */
export function usualModel({ defaultModel, models }: ProviderDefinition): string | undefined {
  return defaultModel ?? Object.keys(models)[0];
}

/** The row that a model's id, or another name of it, stands for; `undefined` for what is not in the table. */
export function findRow({ models }: ProviderDefinition, name: string): FoundRow | undefined {
  if (Object.hasOwn(models, name)) return { id: name, row: models[name]! };
  const found = Object.entries(models).find(([, { aliases }]) => aliases?.includes(name));
  return found && { id: found[0], row: found[1] };
}
