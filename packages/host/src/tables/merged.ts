// The tables as they hold here: rows of the person's own, over those of the service's catalogue, over those of a newer package, over
// those that came with the code.

import { type LazyProvider, type ModelTable, omit, type ProviderDefinition, tableOf } from '@anyimage/core';
import type { Environment } from '../files/home.ts';
import { listHere } from '../services/model-facts.ts';
import type { PackageVersion } from '../services/provider-list.ts';
import type { Kept, UpdatedTable } from './kept.ts';
import type { KeptTables } from './kept-tables.ts';
import { countsStill } from './update-counts.ts';

/** Where rows come from, besides the code. */
export interface TableSources {
  readonly tables: KeptTables;
  /** Says where the service is reached: what another server listed says nothing of this one. */
  readonly env: Environment;
  /** The package that the code is in: the table of a newer one counts. Without it, none does. */
  readonly installed?: PackageVersion | undefined;
  /** Lays the person's own rows of this provider over a table: given, since what checks them takes time to load. */
  readonly layOwn?: ((definition: ProviderDefinition) => ProviderDefinition) | undefined;
}

/** The provider with the table that holds here. Nothing is read before the table is looked at; that throws `config` for a wrong row of one's own. */
export function withTables(
  provider: LazyProvider,
  { tables, env, installed, layOwn = asItIs }: TableSources,
): LazyProvider {
  const { definition } = provider;
  const kept = () => tables.of(definition.id);
  const newer = () => {
    const { updated } = kept();
    return updated && installed && countsStill(updated, installed) ? updated : undefined;
  };
  const known = withParts(definition, {
    models: () => withRows(withUpdated(withoutOrigins(definition.models), newer()), catalogue()),
    // Code that knows no models but those of its table cannot reach others.
    unlisted: () => definition.unlisted && (newer()?.unlisted ?? definition.unlisted),
  });
  const catalogue = () => tableOf(listHere(provider, env, tables) ?? { models: [] });
  let table: { readonly by: Kept; readonly models: ModelTable } | undefined;
  const models = () => {
    const by = kept();
    // What is kept changes while a program runs: services are asked.
    if (table?.by !== by) table = { by, models: layOwn(known).models };
    return table.models;
  };
  return { ...provider, definition: withParts(known, { models }) };
}

function asItIs(definition: ProviderDefinition): ProviderDefinition {
  return definition;
}

/** No spread, which would look at tables that are read when they are looked at. */
function withParts<D extends ProviderDefinition>(
  definition: D,
  parts: { readonly [Part in 'models' | 'unlisted']?: () => D[Part] },
): D {
  const getters = Object.entries(parts).map(([name, get]) => [name, { get, enumerable: true, configurable: true }]);
  return Object.defineProperties(
    {},
    {
      ...Object.getOwnPropertyDescriptors(definition),
      ...Object.fromEntries(getters),
    },
  ) as D;
}

/** A table that says itself where its rows come from is not believed. */
function withoutOrigins(table: ModelTable): ModelTable {
  if (Object.values(table).every(({ origin }) => origin === undefined)) return table;
  return Object.fromEntries(Object.entries(table).map(([id, row]) => [id, omit(row, 'origin')]));
}

function withUpdated(table: ModelTable, updated: UpdatedTable | undefined): ModelTable {
  const rows = Object.entries(updated?.models ?? {}).map(([id, row]) => [id, { ...row, origin: 'updated' }] as const);
  return withRows(table, Object.fromEntries(rows));
}

function withRows(table: ModelTable, rows: ModelTable): ModelTable {
  return Object.keys(rows).length > 0 ? { ...table, ...rows } : table;
}
