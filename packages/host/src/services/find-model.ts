import type { LazyProvider, ModelCapabilities, ProviderDefinition } from '@anyimage/core';

/** A row of a table, found by name. */
export interface FoundModel {
  readonly definition: ProviderDefinition;
  readonly id: string;
  readonly row: ModelCapabilities;
}

/**
 * The row a name stands for, without running provider code: `provider/model`, also by another id of the model, or a
 * provider for its default model. `undefined` for what is not in a table: core says why, with the nearest names.
 */
export function findModel(providers: readonly LazyProvider[], name: string): FoundModel | undefined {
  const slash = name.indexOf('/');
  const provider = slash < 0 ? name : name.slice(0, slash);
  const definition = providers.find((candidate) => candidate.definition.id === provider)?.definition;
  if (!definition) return undefined;
  const rows = Object.entries(definition.models);
  const asked = slash < 0 ? (definition.defaultModel ?? rows[0]?.[0]) : name.slice(slash + 1);
  const found =
    rows.find(([id]) => id === asked) ?? rows.find(([, row]) => asked !== undefined && row.aliases?.includes(asked));
  return found && { definition, id: found[0], row: found[1] };
}
