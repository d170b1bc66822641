// The tables as they hold here: rows of the person's own, over those of the service's catalogue, over those of a newer package, over
// those that came with the code.

import {
  type LazyProvider,
  type ModelCapabilities,
  type ModelTable,
  type OwnModels,
  omit,
  tableOf,
  withOwnModels,
} from '@anyimage/core';
import type { Environment } from '../files/home.ts';
import { listHere } from '../services/model-facts.ts';
import type { PackageVersion } from '../services/provider-list.ts';
import type { Kept } from './kept.ts';
import type { KeptTables } from './kept-tables.ts';
import { countsStill } from './update-counts.ts';

/** Where rows come from, besides the code. */
export interface TableSources {
  readonly tables: KeptTables;
  /** Says where the service is reached: what another server listed says nothing of this one. */
  readonly env: Environment;
  /** The package that the code is in: the table of a newer one counts. Without it, none does. */
  readonly installed?: PackageVersion | undefined;
  /** The person's own rows of this provider. */
  readonly own?: OwnModels | undefined;
}

/** The provider with the table that holds here. Nothing is read before the table is looked at; that throws `config` for a wrong row of one's own. */
export function withTables(provider: LazyProvider, { tables, env, installed, own }: TableSources): LazyProvider {
  const { definition } = provider;
  let known: { readonly by: Kept; readonly models: ModelTable } | undefined;
  const models = () => {
    const kept = tables.of(definition.id);
    // What is kept changes while a program runs: services are asked.
    if (known?.by !== kept) known = { by: kept, models: merge(kept) };
    return known.models;
  };
  const newer = ({ updated }: Kept) => (updated && installed && countsStill(updated, installed) ? updated : undefined);
  const merge = (kept: Kept) => {
    const table = withRows(withoutOrigins(definition.models), updatedRows(newer(kept)?.models));
    const list = listHere(provider, env, tables);
    return withOwnModels(withTable(definition, { models: () => withRows(table, list && tableOf(list)) }), own).models;
  };
  // Where the code knows no models but those of its table, none come with a newer one.
  const unlisted = () => definition.unlisted && (newer(tables.of(definition.id))?.unlisted ?? definition.unlisted);
  const hasUnlisted = Object.hasOwn(definition, 'unlisted');
  return { ...provider, definition: withTable(definition, { models, ...(hasUnlisted && { unlisted }) }) };
}

/** What gives the tables of a definition. */
interface TableReaders {
  readonly models: () => ModelTable;
  readonly unlisted?: () => ModelCapabilities | undefined;
}

/** No spread, which would look at tables that are read when they are looked at. */
function withTable<D extends object>(definition: D, readers: TableReaders): D {
  const parts = Object.getOwnPropertyDescriptors(definition);
  const getters = Object.entries(readers).map(([name, get]) => [name, { get, enumerable: true, configurable: true }]);
  return Object.defineProperties({}, { ...parts, ...Object.fromEntries(getters) }) as D;
}

/** A table that says itself where its rows come from is not believed. */
function withoutOrigins(table: ModelTable): ModelTable {
  if (Object.values(table).every(({ origin }) => origin === undefined)) return table;
  return Object.fromEntries(Object.entries(table).map(([id, row]) => [id, omit(row, 'origin')]));
}

function updatedRows(models: ModelTable | undefined): ModelTable | undefined {
  if (!models) return undefined;
  return Object.fromEntries(Object.entries(models).map(([id, row]) => [id, { ...row, origin: 'updated' as const }]));
}

function withRows(table: ModelTable, rows: ModelTable | undefined): ModelTable {
  return rows && Object.keys(rows).length > 0 ? { ...table, ...rows } : table;
}
