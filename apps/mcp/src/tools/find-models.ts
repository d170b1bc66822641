// Which models a filter of list_models means: from the tables and what services said before; no code of a provider runs.

import type { ModelCapabilities, ProviderDefinition } from '@anyimage/core';
import {
  findModel,
  fittingModels,
  listModels,
  type ModelFacts,
  type ModelFilter,
  namedModels,
  noModelFits,
} from '@anyimage/host';
import type { Settings } from '../calls/settings.ts';
import type { FoundModels } from '../results/model-result.ts';

/** The models that fit; those that can be used now come first. Throws `not-found`, with the nearest names, if no model fits. */
export function findModels(filter: ModelFilter, settings: Settings): FoundModels {
  const { providers, shownEnv, tables } = settings;
  const known = listModels(providers, shownEnv, tables, Date.now());
  const all = known.sort((a, b) => Number(b.configured) - Number(a.configured));
  const { models, exact } = fittingModels(all, filter, providers);
  const unlisted = providers.map(({ definition }) => definition).filter((one) => isUnlisted(one, filter, all));
  if (models.length + unlisted.length === 0) throw noModelFits(filter, all);
  return { models, unlisted, usual: usualModel(settings), isExact: exact !== undefined };
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
    id.includes(text.toLowerCase()) &&
    provider === id &&
    (operation === undefined || Object.hasOwn(unlisted.operations, operation))
  );
}
