import {
  type FoundRow,
  findName,
  findRow,
  type LazyProvider,
  type ProviderDefinition,
  usualModel,
} from '@anyimage/core';

/** A row of a table, found by name. */
export interface FoundModel extends FoundRow {
  readonly definition: ProviderDefinition;
}

/** The provider of that id, in whatever capitals; `undefined` if there is none. */
export function findProvider<P extends Pick<LazyProvider, 'definition'>>(
  providers: readonly P[],
  id: string,
): P | undefined {
  const meant = findName(
    providers.map(({ definition }) => definition.id),
    id,
  );
  return providers.find(({ definition }) => definition.id === meant);
}

/**
 * The row a name stands for, without running provider code: `provider/model`, also by another id of the model, or a
 * provider for its default model. `undefined` for what is not in a table: core says why, with the nearest names.
 */
export function findModel(providers: readonly LazyProvider[], name: string): FoundModel | undefined {
  const [provider = ''] = name.split('/', 1);
  const definition = findProvider(providers, provider)?.definition;
  if (!definition) return undefined;
  const model = name === provider ? usualModel(definition) : name.slice(name.indexOf('/') + 1);
  const found = model === undefined ? undefined : findRow(definition, model);
  return found && { definition, ...found };
}
