// All models that can be named here: those of the tables, and those that services said they have.

import {
  type Day,
  findRow,
  ImageError,
  isConfigured,
  type LazyProvider,
  type ListedModel,
  type ModelCapabilities,
  type ModelList,
  type ModelStatus,
  modelStatus,
  type Origin,
  type ProviderDefinition,
  placeOf,
  rowIn,
  usualModel,
} from '@anyimage/core';
import type { Environment } from '../files/home.ts';
import { type FoundKey, findKey } from '../keys/keys.ts';
import { isoDay } from '../text/units.ts';
import { embeddedProvider } from './embedded.ts';

/** What a service listed when it was asked, and when that was, Unix time in ms. */
export interface DatedModelList extends Pick<ModelList, 'baseURL' | 'models'> {
  readonly at: number;
}

/** What services listed, by the id of the provider. */
export interface ModelLists {
  get(provider: string): DatedModelList | undefined;
}

/** A model with what this machine adds to its row. */
export interface ModelFacts {
  /** `provider/model`. */
  readonly name: string;
  /** In the table, or in the service's list. */
  readonly id: string;
  readonly provider: ProviderDefinition;
  /** A model that is in no table has the provider's `unlisted` row. */
  readonly row: ModelCapabilities;
  readonly status: ModelStatus;
  /** Where its row comes from: `written` with the code, or as the row says; `listed`: a service has it, and no table says what it can do. */
  readonly origin: Origin | 'written' | 'listed';
  /** The day on which that was true. */
  readonly checked: Day;
  /** When the service said it has the model, Unix time in ms; absent for those of the table. */
  readonly listedAt?: number;
  /** The provider's name alone stands for it. */
  readonly isDefault: boolean;
  readonly needsKey: boolean;
  /** It can be used now: a key is set, or none is needed. */
  readonly configured: boolean;
  readonly key?: FoundKey;
  /** The region whose prices hold: that of the key, else the first. */
  readonly region: string;
}

/** All models of the tables and lists, the embedded provider's first. `now`: Unix time, ms. */
export function listModels(
  providers: readonly LazyProvider[],
  env: Environment,
  lists: ModelLists,
  now: number,
): ModelFacts[] {
  const sorted = [...providers].sort(
    (a, b) => Number(b.definition.id === embeddedProvider) - Number(a.definition.id === embeddedProvider),
  );
  return sorted.flatMap((provider) => modelsOf(provider, env, lists, now));
}

function modelsOf(provider: LazyProvider, env: Environment, lists: ModelLists, now: number): ModelFacts[] {
  const { definition } = provider;
  const usual = usualModel(definition);
  const shared = sharedFacts(provider, env);
  const facts = (id: string, row: ModelCapabilities, listedAt?: number): ModelFacts => ({
    name: `${definition.id}/${id}`,
    id,
    row,
    status: modelStatus(rowIn(row, shared.region), isoDay(now)),
    isDefault: id === usual,
    origin: listedAt === undefined ? (row.origin ?? 'written') : 'listed',
    checked: listedAt === undefined ? row.checked : isoDay(listedAt),
    ...shared,
    ...(listedAt !== undefined && { listedAt }),
  });
  const { unlisted } = definition;
  const list = unlisted && listHere(provider, env, lists);
  return [
    ...Object.entries(definition.models).map(([id, row]) => facts(id, row)),
    ...(list?.models ?? [])
      .filter(({ id }) => !findRow(definition, id))
      .map((model) => facts(model.id, rowOf(model, unlisted!), list!.at)),
  ];
}

/** What all models of a provider share. */
function sharedFacts(provider: LazyProvider, env: Environment) {
  const { definition, access = {} } = provider;
  const key = findKey(definition, env);
  return {
    provider: definition,
    needsKey: definition.keys.length > 0,
    configured: isConfigured(definition, access, env),
    region: placeNow(provider, env)?.region ?? access.region ?? Object.keys(definition.regions)[0] ?? '',
    ...(key && { key }),
  };
}

/** The list of models of the server that is used now. A list of another server says nothing of this one. */
export function listHere(provider: LazyProvider, env: Environment, lists: ModelLists): DatedModelList | undefined {
  const list = lists.get(provider.definition.id);
  return list && list.baseURL === placeNow(provider, env)?.baseURL ? list : undefined;
}

/** Where a provider is reached now; `undefined` if the base URL or region that is set is wrong: core says so when it is used. */
export function placeNow(
  { definition, access = {} }: LazyProvider,
  env: Environment,
): ReturnType<typeof placeOf> | undefined {
  try {
    return placeOf(definition, access, env);
  } catch (error) {
    if (ImageError.isInstance(error) && error.code === 'config') return undefined;
    throw error;
  }
}

function rowOf({ label, retires }: ListedModel, unlisted: ModelCapabilities): ModelCapabilities {
  return { ...unlisted, ...(label && { label }), ...(retires && { retires }) };
}
