// Rows of one's own over a provider's table: whole ones, and those that are like another.

import { type ModelCapabilities, type ModelTable, type OwnModels, rowFor } from '../contract/capabilities.ts';
import { ImageError } from '../contract/errors.ts';
import { isRecord, omit, present } from '../contract/objects.ts';
import type { ProviderDefinition } from '../contract/provider.ts';
import { quotedWord } from '../foreign/foreign.ts';
import { didYouMean, nearest, shortList } from '../negotiate/nearest.ts';
import { rowFaults, told } from './check-table.ts';
import { findRow } from './find-row.ts';
import { mergePatch } from './merge-patch.ts';
import { type Fault, idProblem, plainFault } from './plain-data.ts';

/**
 * The definition with rows of one's own over its table, each with the origin `own`. Throws nothing itself: a row that is wrong is `config` where `models`
 * is looked at, in one line, with `details` of its model and of the path to what is wrong.
 */
export function withOwnModels<D extends ProviderDefinition>(definition: D, own: OwnModels | undefined): D {
  if (own === undefined) return definition;
  let table: ModelTable | undefined;
  const models = () => {
    table ??= tableWith(definition, own);
    return table;
  };
  // No spread, which would look at a table that is read when it is looked at.
  const parts = Object.getOwnPropertyDescriptors(definition);
  return Object.defineProperties({}, { ...parts, models: { get: models, enumerable: true, configurable: true } }) as D;
}

function tableWith(definition: ProviderDefinition, own: OwnModels): ModelTable {
  if (!isRecord(own))
    throw new ImageError('config', `the own models of ${definition.id} must be an object of ids and rows`);
  const rows = Object.keys(own).map((id) => [id, ownRow(definition, own, id)] as const);
  return { ...definition.models, ...Object.fromEntries(rows) };
}

/** One row of one's own, as it stands in the table. Throws `config`, see {@link withOwnModels}. */
export function ownRow(definition: ProviderDefinition, own: OwnModels, id: string): ModelCapabilities {
  const problem = idProblem(id);
  if (problem !== undefined) throw wrong(definition, id, { path: [], problem: `has an id that ${problem}` });
  return { ...resolve(definition, own, id, []), origin: 'own' };
}

/** `asking`: the rows that are like this one, on the way to it. */
function resolve(
  definition: ProviderDefinition,
  own: OwnModels,
  id: string,
  asking: readonly string[],
): ModelCapabilities {
  const model: unknown = own[id];
  const fault = plainFault(model) ?? (isRecord(model) ? undefined : { path: [], problem: 'must be an object' });
  if (fault) throw wrong(definition, id, fault);
  const { like, ...change } = model as Readonly<Record<string, unknown>>;
  if (like === undefined) {
    // What a catalogue says may be of a later version, too.
    const written = change.origin === 'catalogue' ? {} : change;
    return checked(definition, id, { label: id, ...present(change) }, written);
  }
  const other = likedBy(definition, own, id, like, asking);
  return checked(definition, id, changed(like === id ? other : asAnother(other, id), present(change)), change);
}

/** The row that a row is like: that of the table, if it takes its place. */
function likedBy(
  definition: ProviderDefinition,
  own: OwnModels,
  id: string,
  like: unknown,
  asking: readonly string[],
): ModelCapabilities {
  if (typeof like !== 'string') throw wrong(definition, id, { path: ['like'], problem: 'must be the id of a model' });
  if (like !== id && Object.hasOwn(own, like)) {
    if (!asking.includes(like) && asking.length < mostLike) return resolve(definition, own, like, [...asking, id]);
    const problem = `names ${quotedWord(like, 80)}, which is like ${asking.includes(like) ? 'this one' : 'ever more'}`;
    throw wrong(definition, id, { path: ['like'], problem });
  }
  const found = findRow(definition, like);
  if (found) return found.row;
  // A model that is in no table is like itself as a request that names it finds it.
  if (like === id && definition.unlisted) return asAnother(rowFor(definition.unlisted, id), id);
  const ids = [...new Set([...Object.keys(definition.models), ...Object.keys(own)])].filter((one) => one !== id);
  const problem = `names ${quotedWord(like, 80)}, and ${definition.id} has no such model`;
  throw wrong(
    definition,
    id,
    { path: ['like'], problem },
    didYouMean(nearest(like, ids), `Models: ${shortList(ids)}.`),
  );
}

/** As many rows in a row may be like the next one. */
const mostLike = 20;

/** What is said of one model, and not of another that is like it. */
const ofOneModel = ['origin', 'aliases', 'dated', 'regions', 'families'] as const;
const ending = ['deprecated', 'retires', 'retiresUnsure', 'successor'] as const;
/** The words that a row does not take over from another model. */
export type NotTaken = (typeof ofOneModel | typeof ending)[number];

type Words = Readonly<Record<string, unknown>>;

/** The row as that of another model, which is there in the same regions. */
function asAnother(row: ModelCapabilities, id: string): ModelCapabilities {
  const regions = row.regions && Object.fromEntries(Object.keys(row.regions).map((name) => [name, {}]));
  return { ...omit(row, ...ofOneModel, ...ending), label: id, ...(regions && { regions }) };
}

/** A row with a change, which has no `like`. */
function changed({ operations: before, ...shared }: ModelCapabilities, change: Words): Words {
  const { operations: ofOperations, ...ofRow } = change;
  const operations = Object.entries(before as Readonly<Record<string, Words>>);
  const ofAll = ofWhole(
    shared as Words,
    operations.map(([, own]) => own),
    ofRow,
  );
  const said = operations.map(([name, own]) => [name, whereSaid(own, ofRow)] as const);
  return {
    ...(mergePatch(shared, ofAll) as Words),
    operations: mergePatch(Object.fromEntries(said), ofOperations === undefined ? {} : ofOperations),
  };
}

/** Of a change, what is of the whole row. A part of what operations alone say is theirs. */
function ofWhole(whole: Words, parts: readonly Words[], change: Words): Words {
  const taken = Object.entries(change).flatMap(([word, value]): [string, unknown][] => {
    if (!isRecord(value)) return [[word, value]];
    const within = parts.flatMap((part) => (isRecord(part[word]) ? [part[word]] : []));
    if (added.includes(word)) return [[word, ofWhole((whole[word] ?? {}) as Words, within, value)]];
    return within.length === 0 || Object.hasOwn(whole, word) ? [[word, value]] : [];
  });
  return Object.fromEntries(taken);
}

/** Words that an operation adds to those of the row, name by name. */
const added: readonly string[] = ['options', 'wire'];

/** An operation with what is changed of the words that it says itself. What it does not have (`false`) it does not get by a part. */
function whereSaid(own: Words, change: Words): Words {
  const part = Object.entries(change).flatMap(([word, value]): [string, unknown][] => {
    const said = Object.hasOwn(own, word) ? own[word] : undefined;
    if (said === undefined || (said === false && isRecord(value))) return [];
    if (!added.includes(word) || !isRecord(value) || !isRecord(said)) return [[word, value]];
    return [[word, Object.fromEntries(Object.entries(value).filter(([name]) => Object.hasOwn(said, name)))]];
  });
  return mergePatch(own, Object.fromEntries(part)) as Words;
}

/**
 * The row, if nothing is wrong in it. Words must be known where a person wrote them, in `change`: what it is like may be of a later
 * version.
 */
function checked(definition: ProviderDefinition, id: string, row: Words, change: Words): ModelCapabilities {
  const strictly = rowFaults(row, { strict: true });
  const ofOperation = ([first, , ...within]: Fault['path']) =>
    first === 'operations' && within.length > 0 && isSaid(change, within);
  const said = strictly.find(({ path }) => isSaid(change, path) || ofOperation(path));
  const fault = said ?? (strictly.length > 0 ? rowFaults(row, {})[0] : undefined);
  if (!fault) return row as unknown as ModelCapabilities;
  // In an operation by what was written for the whole row: it is told where it was written.
  const isOfRow = !isSaid(change, fault.path) && ofOperation(fault.path);
  throw wrong(definition, id, isOfRow ? { ...fault, path: fault.path.slice(2) } : fault);
}

function isSaid(change: unknown, path: readonly (string | number)[]): boolean {
  const [first, ...rest] = path;
  if (first === undefined) return true;
  if (Array.isArray(change)) return isSaid(change[Number(first)], rest);
  return isRecord(change) && Object.hasOwn(change, first) && isSaid(change[first], rest);
}

function wrong({ id: provider }: ProviderDefinition, id: string, fault: Fault, hint?: string): ImageError {
  const name = `${provider}/${quotedWord(id, 80)}`;
  const problem = fault.path.length > 0 ? `: ${told(fault, '').text}` : ` ${fault.problem}`;
  return new ImageError('config', `the own model ${name}${problem}`, {
    details: { option: 'models', model: `${provider}/${id}`, path: fault.path },
    hint: hint ?? 'Correct it, or leave it out; nothing was sent.',
  });
}
