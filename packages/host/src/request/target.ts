// What a request is for, by config and tables alone: found before anything is read or sent. What is wrong with it core says.

import {
  type ClientRequest,
  findName,
  isConfigured,
  type LazyProvider,
  type Limits,
  limitsOf,
  type Operation,
  operationOf,
  type ProviderDefinition,
} from '@anyimage/core';
import type { Config } from '../config/config-schema.ts';
import type { Layer } from '../config/layer.ts';
import type { Environment } from '../files/home.ts';
import { findModel, findProvider } from '../services/find-model.ts';
import { type NamedModels, type Origin, type OriginSettings, originOf } from './origin.ts';

const auto = 'auto';

/** The part of the settings that says what names stand for. */
export interface NameSettings {
  readonly config: Pick<Config, 'aliases'>;
  readonly providers: readonly LazyProvider[];
  /** What draws when no model is named. */
  readonly model: string | readonly string[];
  /** Where all this was written; without it, no model has an origin. */
  readonly layers?: readonly Layer[];
}

/** The models of a request in the order to try, where each was written, what they are to do, and what each can do. */
export interface RequestTarget extends NamedModels {
  readonly operation: Operation;
  /** In the order of `models`; `undefined` where no table knows. */
  readonly limits: readonly (Limits | undefined)[];
}

/** Whom a request is for. Who says how to choose a model, and names none, wants the choice. */
export function requestTarget(request: Partial<ClientRequest>, settings: NameSettings): RequestTarget {
  const usual = usualModels(request, settings);
  const models = requestModels(request, settings);
  const isUsual = request.model === undefined && usual === settings.model;
  const origins = originsOf(request.model ?? usual, isUsual, settings);
  const operation = operationOf(request);
  const limits = models.map((name) => {
    const row = findModel(settings.providers, name)?.row;
    return row && limitsOf(row, operation);
  });
  return { models, origins, operation, limits };
}

/** The models of a request, by name alone: no table is looked at. */
export function requestModels(
  request: Partial<ClientRequest>,
  settings: Pick<NameSettings, 'config' | 'model' | 'providers'>,
): readonly string[] {
  return namedModels(request.model ?? usualModels(request, settings), settings);
}

function usualModels({ route }: Partial<ClientRequest>, { model }: Pick<NameSettings, 'model'>) {
  return route?.prefer === undefined ? model : auto;
}

/**
 * The models that names stand for: an alias of the config for those that it names, once and not through another. Providers, aliases and
 * `auto` may be written in any capitals; the providers of what comes of it are written as they call themselves.
 */
export function namedModels(
  names: string | readonly string[],
  { config: { aliases = {} }, providers = [] }: Pick<NameSettings, 'config'> & Partial<Pick<NameSettings, 'providers'>>,
): readonly string[] {
  return [names]
    .flat()
    .flatMap((name) => {
      const alias = aliasOf(name, { aliases, providers });
      return alias === undefined ? [name] : aliases[alias]!;
    })
    .map((name) => spelled(name, providers));
}

/** The alias that is meant. What a provider is called exactly is no alias in other capitals. */
function aliasOf(
  name: string,
  { aliases, providers }: Required<Pick<Config, 'aliases'>> & Pick<NameSettings, 'providers'>,
): string | undefined {
  if (Object.hasOwn(aliases, name)) return name;
  const isExact = name === auto || providers.some(({ definition }) => definition.id === name);
  return isExact ? undefined : findName(Object.keys(aliases), name);
}

/** `cogview/glm-image` for `CogView/glm-image`. */
function spelled(name: string, providers: readonly LazyProvider[]): string {
  const [id = ''] = name.split('/', 1);
  if (name.toLowerCase() === auto) return auto;
  const provider = findProvider(providers, id);
  return provider ? `${provider.definition.id}${name.slice(id.length)}` : name;
}

/** Where each of the models that names stand for was written: in an alias, or, of the usual ones, in `model`. */
function originsOf(
  names: string | readonly string[],
  isUsual: boolean,
  { config: { aliases = {} }, providers, layers = [], ...files }: NameSettings & Partial<OriginSettings>,
): readonly (Origin | undefined)[] {
  const at = (path: string, index: number, list: unknown) =>
    originOf({ ...files, providers, layers }, [...path.split('.'), ...(Array.isArray(list) ? [index] : [])]);
  return [names].flat().flatMap((name, index) => {
    const alias = aliasOf(name, { aliases, providers });
    if (alias === undefined) return [isUsual ? at('model', index, names) : undefined];
    const meant = aliases[alias]!;
    return [meant].flat().map((_, place) => at(`aliases.${alias}`, place, meant));
  });
}

/** The models as a request names them: one, or a list to try in order. */
export function modelWord(models: readonly string[]): string | readonly string[] {
  return models.length === 1 ? models[0]! : models;
}

/** Those providers of models, in the order of the providers, that need a key and have none. */
export function keylessProviders(
  models: readonly string[],
  { providers, shownEnv }: { readonly providers: readonly LazyProvider[]; readonly shownEnv: Environment },
): readonly ProviderDefinition[] {
  const named = models.map((name) => findProvider(providers, name.split('/', 1)[0]!));
  return providers
    .filter((provider) => named.includes(provider))
    .filter(({ definition, access = {} }) => !isConfigured(definition, access, shownEnv))
    .map(({ definition }) => definition);
}
