// Which models a project may choose that nobody trusts: those that cost nothing, here or at a service that the person chose.

import {
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
    namesOf(value).flatMap((name) =>
      namesOf(own.get(`aliases.${name}`) ?? project.get(`aliases.${name}`) ?? name).map(find),
    );
  const find = (name: string): Choice => {
    const provider = providers.find(({ definition }) => definition.id === name.split('/', 1)[0]);
    if (!provider) return { name };
    const { id, unlisted } = provider.definition;
    const model = name.slice(id.length + 1) || usualModel(provider.definition);
    const found = model === undefined ? undefined : findRow(provider.definition, model);
    return { name: `${id}/${found?.id ?? model}`, provider, row: found?.row ?? unlisted };
  };
  const chosen = meant(own.get('model') ?? embeddedProvider);

  function mayChoose({ name, provider, row }: Choice): boolean {
    if (chosen.some((one) => one.name === name)) return true;
    if (!provider || !row) return name !== 'auto';
    const isFree = !!row.prices?.length && row.prices.every(({ amount }) => amount === 0);
    return isFree && (chosen.some((one) => one.provider === provider) || isHere(provider));
  }

  function isHere({ definition, access = {} }: LazyProvider): boolean {
    try {
      return isLoopback(placeOf(definition, access, env).baseURL);
    } catch {
      return false; // an address that is none is told to who uses the provider
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
