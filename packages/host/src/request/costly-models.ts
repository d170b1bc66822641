// Which models of a request may cost something, and what.

import { isLoopback, type LazyProvider } from '@anyimage/core';
import type { Environment } from '../files/home.ts';
import { findModel, findProvider } from '../services/find-model.ts';
import { placeNow } from '../services/model-facts.ts';
import { isFree, picturePrice } from '../services/picture-price.ts';

export interface CostlyModel {
  /** `provider/model`. */
  readonly name: string;
  /** What one picture costs, as `picturePrice` words it. */
  readonly price: string;
}

/**
 * Those of the models that cost something, or of which nobody knows whether they do; each once. What draws on this machine and has no
 * price costs nothing. A name of no model is left out: core says what is wrong with it.
 */
export function costlyModels(
  names: readonly string[],
  { providers, env }: { readonly providers: readonly LazyProvider[]; readonly env: Environment },
): readonly CostlyModel[] {
  const found = names.flatMap((name) => costly(name, providers, env) ?? []);
  return found.filter(({ name }, index) => found.findIndex((other) => other.name === name) === index);
}

function costly(name: string, providers: readonly LazyProvider[], env: Environment): CostlyModel | undefined {
  const provider = findProvider(providers, name.split('/', 1)[0]!);
  const model = findModel(providers, name);
  const row = model?.row ?? provider?.definition.unlisted;
  const place = provider && placeNow(provider, env);
  if (!provider || !row || !place || isFree(row, place.region)) return undefined;
  const price = picturePrice({ row, region: place.region }).text;
  if (price === 'price unknown' && isLoopback(place.baseURL)) return undefined;
  return { name: model ? `${provider.definition.id}/${model.id}` : name, price };
}
