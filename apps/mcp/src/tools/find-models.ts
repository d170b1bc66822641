// Which models a filter of list_models means: from the tables and what services said before; no code of a provider runs.

import { ImageError, type ModelCapabilities, nearest, type ProviderDefinition } from '@anyimage/core';
import { findModel, isCalled, listModels, type ModelFacts, namedModels, readModelLists } from '@anyimage/host';
import type { Settings } from '../calls/settings.ts';
import type { FoundModels } from '../results/model-result.ts';

export interface ModelFilter {
  readonly text?: string;
  readonly provider?: string;
  readonly operation?: string;
  readonly configured?: boolean;
}

/** The models that fit; those that can be used now come first. Throws `not-found`, with the nearest names, if no model fits. */
export async function findModels(filter: ModelFilter, settings: Settings): Promise<FoundModels> {
  const { providers, shownEnv, home } = settings;
  const known = listModels(providers, shownEnv, await readModelLists(home), Date.now());
  const all = known.sort((a, b) => Number(b.configured) - Number(a.configured));
  const exact = filter.text?.includes('/') ? findModel(providers, filter.text.trim())?.row : undefined;
  const models = all.filter((model) => fits(model, filter, exact));
  const unlisted = providers.map(({ definition }) => definition).filter((one) => isUnlisted(one, filter, all));
  if (models.length + unlisted.length === 0) throw noneFits(filter, all);
  return { models, unlisted, usual: usualModel(settings), exact };
}

/** The row of the model that draws when none is named. */
function usualModel({ providers, config, model }: Settings): ModelCapabilities | undefined {
  const [name] = namedModels(model, { config });
  return name === undefined ? undefined : findModel(providers, name)?.row;
}

/** Whether this is a server whose models nobody has listed yet: any model of it may be named. */
function isUnlisted(definition: ProviderDefinition, filter: ModelFilter, all: readonly ModelFacts[]): boolean {
  const { id, unlisted } = definition;
  if (!unlisted || all.some(({ provider }) => provider.id === id)) return false;
  const { text = id, provider = id, operation } = filter;
  return (
    id.includes(text.toLowerCase()) && provider === id && (operation === undefined || operation in unlisted.operations)
  );
}

function fits(
  model: ModelFacts,
  { text, provider, operation, configured }: ModelFilter,
  exact?: ModelCapabilities,
): boolean {
  const { row, provider: definition } = model;
  return (
    (exact ? row === exact : text === undefined || isCalled(model, text)) &&
    (provider === undefined || definition.id === provider) &&
    (operation === undefined || operation in row.operations) &&
    (configured === undefined || configured === model.configured)
  );
}

function noneFits({ text, provider, operation, configured }: ModelFilter, all: readonly ModelFacts[]): ImageError {
  const ids = [...new Set(all.map(({ provider: { id } }) => id))];
  const operations = [...new Set(all.flatMap(({ row }) => Object.keys(row.operations)))];
  const near = nearestNames(text ?? provider ?? '', all, ids);
  const asked = [
    text && `fits ${JSON.stringify(text)}`,
    provider && `is of ${JSON.stringify(provider)}`,
    operation && `can ${JSON.stringify(operation)}`,
    configured !== undefined && `is ${configured ? '' : 'not '}configured`,
  ].filter(Boolean);
  const hint = near.length
    ? `Did you mean ${near.join(' or ')}?`
    : `There are the providers ${ids.join(', ')} and the operations ${operations.join(', ')}.`;
  return new ImageError('not-found', `no model ${asked.join(' and ')}`, { details: { nearest: near }, hint });
}

/** The nearest full names; `word` may be the name of a model without its provider. */
function nearestNames(word: string, all: readonly ModelFacts[], providerIds: readonly string[]): string[] {
  const near = nearest(word, [...all.flatMap(({ name, id }) => [name, id]), ...providerIds]);
  return [...new Set(near.map((one) => all.find(({ id }) => id === one)?.name ?? one))];
}
