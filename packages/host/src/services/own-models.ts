// Models of a person's own, which a config names, over the tables of their providers.

import {
  didYouMean,
  ImageError,
  isRecord,
  type ModelCapabilities,
  nearest,
  type OwnModel,
  type OwnModels,
  ownRow,
  type ProviderDefinition,
  withOwnModels,
} from '@anyimage/core';
import { noPlugin, type Refuse } from '../config/config-refusal.ts';
import type { Config } from '../config/config-schema.ts';

/** PROVIDER/MODEL -> row of one's own, as a config holds it. */
export type NamedOwnModels = NonNullable<Config['models']>;

/** The provider and the id of a name. */
function partsOf(name: string): readonly [provider: string, id: string] {
  const slash = name.indexOf('/');
  return [name.slice(0, slash), name.slice(slash + 1)];
}

/** Those of a provider, by their ids; `undefined` if there are none. */
export function ownModelsOf(models: NamedOwnModels | undefined, provider: string): OwnModels | undefined {
  const own = Object.entries(models ?? {}).flatMap(([name, model]) => {
    const [of, id] = partsOf(name);
    return of === provider ? [[id, model as unknown as OwnModel] as const] : [];
  });
  return own.length > 0 ? Object.fromEntries(own) : undefined;
}

/** What lays those of a provider over its table; `undefined` if there are none. */
export function ownModelsOver(
  models: NamedOwnModels | undefined,
  provider: string,
): ((definition: ProviderDefinition) => ProviderDefinition) | undefined {
  const own = ownModelsOf(models, provider);
  return own && ((definition) => withOwnModels(definition, own));
}

/** What is wrong with a model of one's own. */
export interface OwnProblem {
  /** Where in the model. */
  readonly path: readonly (string | number)[];
  readonly message: string;
  readonly hint: string;
}

/** A model of one's own as a row of its provider's table, or what is wrong with it. */
export type ReadOwnModel = { readonly row: ModelCapabilities } | { readonly problem: OwnProblem };

/** Reads one of `models` over the tables of `definitions`, in which it is not yet. */
export function readOwnModel(
  name: string,
  models: NamedOwnModels,
  definitions: readonly ProviderDefinition[],
): ReadOwnModel {
  const [provider, id] = partsOf(name);
  const definition = definitions.find((one) => one.id === provider);
  if (!definition)
    return { problem: { path: [], message: `models.${name}: ${noProvider(name, definitions)}`, hint: '' } };
  try {
    return { row: ownRow(definition, ownModelsOf(models, provider)!, id) };
  } catch (error) {
    if (!ImageError.isInstance(error) || error.code !== 'config') throw error;
    const { path } = isRecord(error.details) ? error.details : {};
    const at = Array.isArray(path) ? (path as readonly (string | number)[]) : [];
    return { problem: { path: at, message: error.message, hint: error.hint ?? '' } };
  }
}

/**
 * Checks models of one's own against the tables of `definitions`, in which they are not yet. Throws what `refuse` gives for the first that is
 * wrong. Left out are those of other providers, and those like one that only a catalogue may have: what they are is known
 * when that is read.
 */
export function checkOwnModels(
  models: NamedOwnModels,
  definitions: readonly ProviderDefinition[],
  refuse: Refuse,
): void {
  for (const name of Object.keys(models)) {
    const definition = definitions.find(({ id }) => id === partsOf(name)[0]);
    if (!definition) continue;
    const read = readOwnModel(name, models, definitions);
    if ('row' in read || (definition.catalogue && isOfLike(read.problem))) continue;
    const { path, message, hint } = read.problem;
    throw refuse(['models', name, ...path], message, hint);
  }
}

/** Whether what is wrong is the model that another is like. */
function isOfLike({ path }: OwnProblem): boolean {
  return path[0] === 'like';
}

/** What counts of models of one's own, and why the others do not, one line each. */
export interface CountedModels {
  readonly models: NamedOwnModels | undefined;
  readonly notes: readonly string[];
}

/** Leaves out those of providers that are not there, and those that are like none that a catalogue has now. */
export function countedModels(
  models: NamedOwnModels | undefined,
  definitions: readonly ProviderDefinition[],
): CountedModels {
  if (!models) return { models, notes: [] };
  const counted: [string, NamedOwnModels[string]][] = [];
  const notes: string[] = [];
  for (const [name, model] of Object.entries(models)) {
    const definition = definitions.find(({ id }) => id === partsOf(name)[0]);
    const wrong = definition?.catalogue && problemOf(readOwnModel(name, models, definitions));
    if (!definition) notes.push(`the config's models.${name} does not count: ${noProvider(name, definitions)}`);
    else if (wrong) notes.push(`the config's models.${name} does not count: ${wrong.message}`);
    else counted.push([name, model]);
  }
  return { models: Object.fromEntries(counted), notes };
}

function problemOf(read: ReadOwnModel): OwnProblem | undefined {
  return 'problem' in read ? read.problem : undefined;
}

function noProvider(name: string, definitions: readonly ProviderDefinition[]): string {
  const [provider] = partsOf(name);
  const ids = definitions.map(({ id }) => id);
  return `there is no provider ${provider}. ${didYouMean(nearest(provider, ids, 1), noPlugin(provider))}`;
}
