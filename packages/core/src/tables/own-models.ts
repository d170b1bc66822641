// Rows of one's own over a provider's table: whole ones, and those that are like another.

import type { ModelCapabilities, ModelTable, OwnModel, OwnModels } from '../contract/capabilities.ts';
import type { ModelList } from '../contract/client.ts';
import { ImageError } from '../contract/errors.ts';
import { isRecord, omit } from '../contract/objects.ts';
import type { ProviderDefinition } from '../contract/provider.ts';
import { quotedWord } from '../foreign/foreign.ts';
import { didYouMean, nearest, shortList } from '../negotiate/nearest.ts';
import { findRow } from './find-row.ts';
import { mergePatch } from './merge-patch.ts';

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
  const rows = Object.keys(own).map((id) => [id, ownRow(definition, own, id)] as const);
  return { ...definition.models, ...Object.fromEntries(rows) };
}

/** The rows of a list of models that say what they can do, as a table. */
export function tableOf({ models }: Pick<ModelList, 'models'>): ModelTable {
  return Object.fromEntries(models.flatMap(({ id, row }) => (row ? [[id, { ...row, origin: 'catalogue' }]] : [])));
}

/** One row of one's own, as it stands in the table. Throws `config`. */
export function ownRow(definition: ProviderDefinition, own: OwnModels, id: string): ModelCapabilities {
  const row = resolve(definition, own, id, []);
  return { ...row, origin: 'own' };
}

function resolve(
  definition: ProviderDefinition,
  own: OwnModels,
  id: string,
  asking: readonly string[],
): ModelCapabilities {
  const model: OwnModel = own[id]!;
  if (!isRecord(model) || !('like' in model) || model.like === undefined) return { ...model, label: model.label ?? id };
  const { like } = model;
  // A row may change the row of the table that it takes the place of.
  const isOwn = like !== id && Object.hasOwn(own, like);
  if (isOwn && asking.includes(like)) throw wrong(definition, id, `is like ${quotedWord(like)}, which is like it`);
  const other = isOwn ? resolve(definition, own, like, [...asking, id]) : findRow(definition, like)?.row;
  if (!other) throw noSuchModel(definition, own, id, like);
  return changed(other, omit(model, 'like'), id);
}

/** What is said of one id, and not of another that is like it. */
const ofOneId = ['label', 'origin', 'aliases', 'dated', 'regions', 'families'] as const;
const ending = ['deprecated', 'retires', 'retiresUnsure', 'successor'] as const;

function changed(other: ModelCapabilities, patch: Readonly<Record<string, unknown>>, id: string): ModelCapabilities {
  const regions = other.regions && Object.fromEntries(Object.keys(other.regions).map((name) => [name, {}]));
  const base = { ...omit(other, ...ofOneId, ...ending), label: id, ...(regions && { regions }) };
  return mergePatch(base, patch) as ModelCapabilities;
}

function noSuchModel(definition: ProviderDefinition, own: OwnModels, id: string, like: string): ImageError {
  const ids = [...new Set([...Object.keys(definition.models), ...Object.keys(own)])].filter((one) => one !== id);
  const hint = didYouMean(nearest(like, ids), `Models: ${shortList(ids)}.`);
  return wrong(definition, id, `is like ${quotedWord(like)}, which is no model of ${definition.id}`, ['like'], hint);
}

function wrong(
  { id: provider }: ProviderDefinition,
  id: string,
  problem: string,
  path: readonly (string | number)[] = [],
  hint = 'Correct the row, or leave it out.',
): ImageError {
  return new ImageError('config', `the own model ${provider}/${quotedWord(id)} ${problem}`, {
    details: { option: 'models', model: id, path },
    hint,
  });
}
