// From a name to a row of a provider's table.

import type { ModelCapabilities } from '../contract/capabilities.ts';
import type { ProviderDefinition } from '../contract/provider.ts';

/** A row, and the id that stands for it: the one in the table, or one with a day behind it. */
export interface FoundRow {
  readonly id: string;
  readonly row: ModelCapabilities;
}

/** Which of these names is meant: the one that is written so, else the first that differs in capitals alone. */
export function findName(names: readonly string[], asked: string): string | undefined {
  if (names.includes(asked)) return asked;
  const plain = asked.toLowerCase();
  return names.find((name) => name.toLowerCase() === plain);
}

/** The id of the model that a provider's name alone stands for; `undefined` if it has none. */
export function usualModel({ defaultModel, models }: ProviderDefinition): string | undefined {
  return defaultModel ?? Object.keys(models)[0];
}

/** All ids by which a service may know a model of a table, `id` first, those with a day behind them left out. */
export function idsOf(id: string, { aliases = [], regions = {} }: ModelCapabilities): readonly string[] {
  return [...new Set([id, ...aliases, ...Object.values(regions).flatMap((there) => there.id ?? [])])];
}

/**
 * The row that a model's id, or another name of it, stands for; `undefined` for what is not in the table. Capitals count only where ids
 * differ in nothing else.
 */
export function findRow(definition: Pick<ProviderDefinition, 'models'>, name: string): FoundRow | undefined {
  const small = name.toLowerCase();
  return (
    findWritten(definition, name) ??
    (small === name ? undefined : findWritten(definition, small)) ??
    findCalled(definition, (id) => id.toLowerCase() === small)
  );
}

/** As it is written. */
function findWritten({ models }: Pick<ProviderDefinition, 'models'>, name: string): FoundRow | undefined {
  if (Object.hasOwn(models, name)) return { id: name, row: models[name]! };
  const found = findCalled({ models }, (id) => id === name);
  if (found) return found;
  const undated = name.replace(/-\d{4}-\d{2}-\d{2}$/, '');
  const row = undated !== name && Object.hasOwn(models, undated) ? models[undated]! : undefined;
  return row?.dated && { id: name, row };
}

function findCalled(
  { models }: Pick<ProviderDefinition, 'models'>,
  isMeant: (id: string) => boolean,
): FoundRow | undefined {
  const found = Object.entries(models).find(([id, row]) => idsOf(id, row).some(isMeant));
  return found && { id: found[0], row: found[1] };
}
