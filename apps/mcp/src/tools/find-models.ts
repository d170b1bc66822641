// Which models a filter of list_models means: from the tables and what services said before; no code of a provider runs.

import { isWithin, type ModelCapabilities, operationIn, type ProviderDefinition } from '@anyimage/core';
import {
  findModel,
  fittingModels,
  listModels,
  type ModelFacts,
  type ModelFilter,
  namedModels,
  noModelFits,
  picturePrice,
  placeNow,
  ratesOf,
  readMoney,
  refuseWord,
} from '@anyimage/host';
import type { Settings } from '../calls/settings.ts';
import type { FoundModels, ShownModel } from '../results/model-result.ts';

/** What list_models is asked for. */
interface AskedModels extends ModelFilter {
  /** `0.05 USD` */
  readonly maxPrice?: string;
}

/**
 * The models that fit, the usual one first, then those that can be used now. Retired ones are among them only where nothing else fits. Throws
 * `not-found`, with the nearest names, if no model fits.
 */
export function findModels(asked: AskedModels, settings: Settings): FoundModels {
  const { providers, shownEnv, tables } = settings;
  const { maxPrice, ...given } = asked;
  const filter = inTheirCase(given, providers);
  const all = listModels(providers, shownEnv, tables, Date.now());
  const { models: fitting, exact } = fittingModels(all, filter, providers);
  const usable = fitting.filter(({ status }) => status !== 'retired');
  const usual = usualModel(settings);
  const shown = (usable.length > 0 ? usable : fitting).map((model) => withPrice(model, usual, filter, settings));
  const models = maxPrice === undefined ? shown : shown.filter(isAtMost(maxPrice, settings));
  const unlisted = providers.map(({ definition }) => definition).filter((one) => isUnlisted(one, filter, all));
  if (models.length + unlisted.length === 0) throw noModelFits(filter, all);
  const first = all.find(({ row }) => row === usual);
  return {
    models: models.sort((a, b) => rankOf(a) - rankOf(b)),
    unlisted,
    usual: {
      names: namedModels(settings.model, settings),
      first: first && withPrice(first, usual, {}, settings),
    },
    isExact: exact !== undefined || (filter.text !== undefined && models.length === 1),
    isWhole: Object.keys(asked).length === 0,
  };
}

/** Lower comes first. */
function rankOf({ isUsual, model }: ShownModel): number {
  if (isUsual) return 0;
  return (model.configured ? 1 : 4) + (model.status === 'deprecated' ? 2 : model.status === 'preview' ? 1 : 0);
}

/** Names of providers and operations are written in any case. */
function inTheirCase(filter: ModelFilter, providers: Settings['providers']): ModelFilter {
  const { text, provider, operation } = filter;
  const ids = providers.map(({ definition }) => definition.id);
  const idOf = (name: string) => ids.find((id) => id.toLowerCase() === name.trim().toLowerCase()) ?? name;
  const [before = '', ...rest] = (text ?? '').split('/');
  return {
    ...filter,
    ...(text !== undefined && { text: rest.length > 0 ? [idOf(before), ...rest].join('/') : text }),
    ...(provider !== undefined && { provider: idOf(provider) }),
    ...(operation !== undefined && { operation: operation.trim() }),
  };
}

function withPrice(
  model: ModelFacts,
  usual: ModelCapabilities | undefined,
  { operation }: ModelFilter,
  { providers, shownEnv }: Settings,
): ShownModel {
  const lazy = providers.find(({ definition }) => definition.id === model.provider.id);
  const baseURL = lazy && placeNow(lazy, shownEnv)?.baseURL;
  return { model, isUsual: model.row === usual, price: picturePrice(model, operation), baseURL };
}

/** Throws `invalid-request` for what is no amount of money. */
function isAtMost(maxPrice: string, { config }: Settings): (model: ShownModel) => boolean {
  const most = readMoney(maxPrice);
  if (!most) {
    const hint = 'Write maxPrice as "0.05 USD", "0.3 CNY" or "free": an amount needs its currency.';
    throw refuseWord('maxPrice', 'be an amount and its currency, such as "0.05 USD"', maxPrice, hint);
  }
  const rates = config.budget ? ratesOf(config.budget) : {};
  return ({ price: { least } }) => least !== undefined && isWithin({ ...least, estimated: true }, most, rates);
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
    (operation === undefined || operationIn(unlisted, operation) !== undefined)
  );
}
