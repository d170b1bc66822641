// Which models a project may choose that nobody trusts: those that cost nothing, here or at a service that the person chose.

import {
  findName,
  findRow,
  isLoopback,
  type Json,
  type LazyProvider,
  type ModelCapabilities,
  placeOf,
  usualModel,
} from '@anyimage/core';
import type { FlatConfig } from '../config/config-keys.ts';
import type { Environment } from '../files/home.ts';
import { embeddedProvider } from '../services/embedded.ts';
import { findProvider } from '../services/find-model.ts';
import { isFree } from '../services/picture-price.ts';

export interface Choices {
  readonly providers: readonly LazyProvider[];
  readonly env: Environment;
  /** What the person's config and the environment say. */
  readonly own: FlatConfig;
}

/** A model that a name stands for. `auto`, and what is no model, have no provider. */
interface Choice {
  readonly name: string;
  readonly provider?: LazyProvider;
  readonly row?: ModelCapabilities | undefined;
}

/**
 * The keys of a project's config that choose a model which costs something, whose price is not known, or which sends the prompt to
 * a service that is not the person's choice. What the person chose, a project may choose, too. A name of no model is no choice.
 */
export function costlyChoices(project: FlatConfig, { providers, env, own }: Choices): readonly string[] {
  const namesOf = (value: Json | undefined): readonly string[] =>
    [value ?? []].flat().filter((name) => typeof name === 'string');
  const meant = (value: Json | undefined) =>
    namesOf(value).flatMap((name) => namesOf(aliasIn(own, name) ?? aliasIn(project, name) ?? name).map(find));
  const find = (name: string): Choice => {
    const provider = findProvider(providers, name.split('/', 1)[0]!);
    if (!provider) return { name: name.toLowerCase() };
    const { id, unlisted } = provider.definition;
    const model = name.slice(id.length + 1) || usualModel(provider.definition);
    const found = model === undefined ? undefined : findRow(provider.definition, model);
    return { name: `${id}/${found?.id ?? model}`, provider, row: found?.row ?? unlisted };
  };
  const chosen = meant(own.get('model') ?? embeddedProvider);

  function mayChoose({ name, provider, row }: Choice): boolean {
    if (chosen.some((one) => one.name === name)) return true;
    if (!provider || !row) return name !== 'auto';
    const place = placeNow(provider);
    if (!place || !isFree(row, place.region)) return false;
    return chosen.some((one) => one.provider === provider) || isLoopback(place.baseURL);
  }

  function placeNow({ definition, access = {} }: LazyProvider) {
    try {
      return placeOf(definition, access, env);
    } catch {
      return undefined; // an address that is none is told to who uses the provider
    }
  }

  return (
    [...project]
      .filter(([key]) => key === 'model' || key.startsWith('aliases.'))
      // What an alias names is no alias again.
      .filter(([key, value]) => !(key === 'model' ? meant(value) : namesOf(value).map(find)).every(mayChoose))
      .map(([key]) => key)
  );
}

/** What an alias of a config stands for, in whatever capitals. */
function aliasIn(config: FlatConfig, name: string): Json | undefined {
  const key = findName([...config.keys()], `aliases.${name}`);
  return key === undefined ? undefined : config.get(key);
}
