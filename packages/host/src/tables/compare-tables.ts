// What a newer table would change, and the table that would hold: without rows that the installed code does not know, and without prices
// that a budget would count less by. Pure.

import { isDeepStrictEqual } from 'node:util';
import { findRow, isRecord, type Json, type ModelCapabilities, type ModelTable, omit } from '@anyimage/core';
import { type LowerPrice, lowerPrices, withOldPrices } from './lower-prices.ts';

/** What of a definition an update may change. */
export interface Tables {
  readonly models: ModelTable;
  readonly unlisted?: ModelCapabilities | undefined;
}

/** Stands for the row of models that are in no table, where models are named. */
export const anyOther = '*';

/** A word of a row that is other than before; `undefined` where there is none. */
export interface WordChange {
  /** `size.tiers`, `operations.edit.prices` */
  readonly word: string;
  readonly before: Json | undefined;
  readonly after: Json | undefined;
}

/** A row that is new, or other than before. */
export interface RowChange {
  /** Its id, or {@link anyOther}. */
  readonly model: string;
  /** `retired`: the day from which it is refused is new, or another. */
  readonly kind: 'new' | 'changed' | 'retired';
  readonly row: ModelCapabilities;
  /** None of a new row. */
  readonly words: readonly WordChange[];
}

/** A row that is not taken. */
export interface UnknownRow {
  readonly model: string;
  /** What of it the installed code does not know: `wire.path "images/remixes"`. */
  readonly unknown: string;
}

/** What is other in a newer table, each list in its order. */
export interface TableChanges {
  readonly rows: readonly RowChange[];
  readonly lower: readonly (LowerPrice & { readonly model: string })[];
  readonly leftOut: readonly UnknownRow[];
}

export interface ComparedTables extends TableChanges {
  /** The rows that would hold in place of those of the code, or beside them. */
  readonly tables: Tables;
}

export interface TablesToCompare {
  /** What came with the code. */
  readonly installed: Tables;
  /** What was taken from a newer table before. */
  readonly kept?: Tables | undefined;
  readonly newer: Tables;
  /** Whether the person wants prices that are lower. */
  readonly acceptLower: boolean;
}

/** Compares what holds with a newer table. A row that the newer one does not have stays as it is. */
export function compareTables({ installed, kept, newer, acceptLower }: TablesToCompare): ComparedTables {
  const known = knownIn(installed);
  const rows: RowChange[] = [];
  const lower: (LowerPrice & { readonly model: string })[] = [];
  const leftOut: UnknownRow[] = [];
  const written = rowsOf(installed);
  const before = new Map([...written, ...rowsOf(kept)]);
  const after = new Map(rowsOf(kept));
  for (const [model, next] of rowsOf(newer)) {
    // Code that knows no models but those of its table cannot reach others.
    const unknown = model === anyOther && !written.has(model) ? 'models in no table' : unknownIn(next, known);
    const old = before.get(model);
    if (unknown !== undefined) {
      leftOut.push({ model, unknown });
      continue;
    }
    const lowered = old ? lowerInRow(old, next) : lowerThanMeant(model, next, before);
    lower.push(...lowered.map((one) => ({ ...one, model })));
    // What the id meant until now has words of another model: they cannot stand in this row.
    if (!old && lowered.length > 0 && !acceptLower) continue;
    const row = old && lowered.length > 0 && !acceptLower ? keepPrices(old, next) : next;
    if (isDeepStrictEqual(row, written.get(model))) after.delete(model);
    else after.set(model, row);
    if (!old) rows.push({ model, kind: 'new', row, words: [] });
    else if (!isDeepStrictEqual(old, row)) rows.push(changeOf(model, old, row));
  }
  return { rows, lower, leftOut, tables: tablesOf(after) };
}

function rowsOf({ models = {}, unlisted }: Partial<Tables> = {}): Map<string, ModelCapabilities> {
  const rows = new Map(Object.entries(models).filter(([model]) => model !== anyOther));
  return unlisted ? rows.set(anyOther, unlisted) : rows;
}

function tablesOf(rows: ReadonlyMap<string, ModelCapabilities>): Tables {
  const unlisted = rows.get(anyOther);
  const models = Object.fromEntries([...rows].filter(([model]) => model !== anyOther));
  return { models, ...(unlisted && { unlisted }) };
}

/** A row and those of its families: in both rows of the same name, if ids lead to them as before. */
function lowerInRow(before: ModelCapabilities, after: ModelCapabilities): readonly LowerPrice[] {
  const own = lowerPrices(before, after);
  if (!leadsAsBefore(before, after)) {
    const isLower = rowsWithin(before).some((old) => rowsWithin(after).some((row) => lowerPrices(old, row).length > 0));
    if (isLower) return [...own, { path: ['families'], before: waysIn(before), after: waysIn(after) }];
  }
  const families = Object.entries(after.families?.rows ?? {}).flatMap(([name, { row }]) => {
    const old = before.families?.rows[name]?.row;
    return old ? lowerPrices(old, row) : [];
  });
  return [...own, ...families];
}

/** What counts less in a new row than in those that its id, in no table until now, may have stood for: as another name, or as any other model. */
function lowerThanMeant(
  model: string,
  next: ModelCapabilities,
  before: ReadonlyMap<string, ModelCapabilities>,
): readonly LowerPrice[] {
  const { models, unlisted } = tablesOf(before);
  const meant = findRow({ models }, model)?.row;
  const rows = meant ? [meant] : unlisted ? rowsWithin(unlisted) : [];
  const isOfRow = ({ path }: LowerPrice) => path[0] !== 'regions';
  return rows.map((row) => lowerPrices(row, next).filter(isOfRow)).find((lower) => lower.length > 0) ?? [];
}

function rowsWithin({ families, ...row }: ModelCapabilities): readonly ModelCapabilities[] {
  return [row, ...Object.values(families?.rows ?? {}).map((family) => family.row)];
}

/** What decides which family an id is of, in its order. */
function waysIn({ families }: ModelCapabilities): Json {
  const { option = '', rows = {} } = families ?? {};
  return [option, ...Object.entries(rows).map(([name, { ids = '' }]) => [name, ids])];
}

function leadsAsBefore(before: ModelCapabilities, after: ModelCapabilities): boolean {
  return isDeepStrictEqual(waysIn(before), waysIn(after));
}

function keepPrices(before: ModelCapabilities, after: ModelCapabilities): ModelCapabilities {
  const row = withOldPrices(before, after);
  if (lowerInRow(before, after).some(({ path }) => path[0] === 'families')) {
    return { ...omit(row, 'families'), ...(before.families && { families: before.families }) };
  }
  if (!row.families) return row;
  const rows = Object.entries(row.families.rows).map(([name, family]) => {
    const old = before.families?.rows[name]?.row;
    return [name, old ? { ...family, row: withOldPrices(old, family.row) } : family] as const;
  });
  return { ...row, families: { ...row.families, rows: Object.fromEntries(rows) } };
}

function changeOf(model: string, before: ModelCapabilities, row: ModelCapabilities): RowChange {
  const ends = row.retires !== undefined && row.retires !== before.retires;
  return { model, kind: ends ? 'retired' : 'changed', row, words: changedWords(before, row) };
}

/** The innermost words that differ; lists are compared whole. */
function changedWords(before: unknown, after: unknown, path: readonly string[] = []): readonly WordChange[] {
  if (isDeepStrictEqual(before, after)) return [];
  if (isRecord(before) && isRecord(after)) {
    const keys = Object.keys({ ...before, ...after });
    return keys.flatMap((key) => changedWords(before[key], after[key], [...path, key]));
  }
  return [{ word: path.join('.'), before: before as Json | undefined, after: after as Json | undefined }];
}

/** What only the code of a provider reads, as it occurs in its own rows: keys by their place, and the values at each. */
type Known = ReadonlyMap<string, ReadonlySet<Json>>;

function knownIn(tables: Tables): Known {
  const known = new Map<string, Set<Json>>();
  for (const row of rowsOf(tables).values()) {
    for (const { place, value } of codeWords(row)) known.set(place, (known.get(place) ?? new Set()).add(value));
  }
  return known;
}

/** The first thing in a row that the code does not know; numbers may be any. */
function unknownIn(row: ModelCapabilities, known: Known): string | undefined {
  const found = codeWords(row).find(({ place, value }) => {
    const values = known.get(place);
    return !values || (typeof value !== 'number' && !values.has(value));
  });
  return found && `${found.place}${found.value === '' ? '' : ` ${JSON.stringify(found.value)}`}`;
}

/** A place in what the code reads, and what is there: `''` for an object or a list. */
interface CodeWord {
  readonly place: string;
  readonly value: Json;
}

/** All that the code reads of a row: its wires, its operations, and whether it is reached by calls or jobs. */
function codeWords(row: ModelCapabilities): readonly CodeWord[] {
  const { operations, families } = row;
  return [
    ...[row, ...Object.values(operations)].flatMap(({ wire, modes }) => [
      ...wordsIn(wire, 'wire'),
      ...(modes ?? []).map((mode) => ({ place: 'modes', value: mode })),
    ]),
    ...(row.modes ? [] : [{ place: 'modes', value: 'call' }]),
    ...Object.keys(operations).map((operation) => ({ place: 'operations', value: operation })),
    ...[row, ...Object.values(operations)].flatMap(({ options }) => sentUnasked(options)),
    ...Object.values(families?.rows ?? {}).flatMap((family) => codeWords(family.row)),
  ];
}

/** Options that go out where nobody gives them: one that the code does not know could name another model, or another place. */
function sentUnasked(options: ModelCapabilities['options'] = {}): readonly CodeWord[] {
  return Object.entries(options).flatMap(([name, spec]) => {
    if (spec.send !== 'always') return [];
    const place = `options.${name}.default`;
    const isText = 'default' in spec && typeof spec.default === 'string';
    return [{ place, value: '' }, ...(isText ? [{ place, value: spec.default }] : [])];
  });
}

function wordsIn(value: Json | undefined, place: string): readonly CodeWord[] {
  if (value === undefined) return [];
  if (Array.isArray(value)) {
    return [{ place, value: '' }, ...value.flatMap((inner) => wordsIn(inner, `${place}[]`))];
  }
  if (!isRecord(value)) return [{ place, value: value as Json }];
  const inner = Object.entries(value).flatMap(([key, one]) => wordsIn(one as Json, `${place}.${key}`));
  return [{ place, value: '' }, ...inner];
}

/** Words that only say since when a row is known to be right. */
export function isDate(word: string): boolean {
  return word === 'checked' || word === 'source';
}

/** Whether a change is more than that the row was compared with its source again. */
export function tellsMore({ kind, words }: RowChange): boolean {
  return kind !== 'changed' || words.some(({ word }) => !isDate(word));
}

/** `2 new, 1 changed, 1 retired` */
export function changesText(rows: readonly RowChange[]): string {
  const telling = rows.filter(tellsMore);
  const parts = (['new', 'changed', 'retired'] as const).flatMap((kind) => {
    const count = telling.filter((row) => row.kind === kind).length;
    return count > 0 ? [`${count} ${kind}`] : [];
  });
  return parts.join(', ') || 'all as it was, checked again';
}
