// Which of all models a filter means, as a person or an agent gives it.

import { didYouMean, ImageError, idsOf, type LazyProvider, nearest, operationIn } from '@anyimage/core';
import { findModel } from './find-model.ts';
import type { ModelFacts } from './model-facts.ts';

export interface ModelFilter {
  /** Part of a name, or the full name of one model; another id of it will do. */
  readonly text?: string;
  /** The id of a provider. */
  readonly provider?: string;
  readonly operation?: string;
  /** Whether it can be used now. */
  readonly configured?: boolean;
}

export interface FittingModels {
  /** Those that fit, in the order in which they were given. */
  readonly models: readonly ModelFacts[];
  /** The one whose full name the filter is, if it is one; it may not fit all the same. */
  readonly exact: ModelFacts | undefined;
}

/** The models that fit a filter. */
export function fittingModels(
  all: readonly ModelFacts[],
  filter: ModelFilter,
  providers: readonly LazyProvider[],
): FittingModels {
  const exact = filter.text === undefined ? undefined : modelOf(filter.text.trim(), all, providers);
  return { models: all.filter((model) => fits(model, filter, exact)), exact };
}

function modelOf(text: string, all: readonly ModelFacts[], providers: readonly LazyProvider[]): ModelFacts | undefined {
  if (!text.includes('/')) return undefined;
  const found = findModel(providers, text);
  return all.find(({ name, row }) => (found ? row === found.row : name === text));
}

function fits(
  model: ModelFacts,
  { text, provider, operation, configured }: ModelFilter,
  exact: ModelFacts | undefined,
): boolean {
  return (
    (exact ? model === exact : text === undefined || isCalled(model, text)) &&
    (provider === undefined || model.provider.id.toLowerCase() === provider.toLowerCase()) &&
    (operation === undefined || operationIn(model.row, operation) !== undefined) &&
    (configured === undefined || configured === model.configured)
  );
}

/** Whether a text, in any case, is part of a name of the model or of its provider. */
function isCalled({ name, id, row, provider }: ModelFacts, text: string): boolean {
  const wanted = text.trim().toLowerCase();
  return [name, row.label, provider.label, ...idsOf(id, row)].some((one) => one.toLowerCase().includes(wanted));
}

/** The `not-found` error for a filter that no model fits, with the nearest names. */
export function noModelFits(
  { text, provider, operation, configured }: ModelFilter,
  all: readonly ModelFacts[],
): ImageError {
  const ids = [...new Set(all.map((model) => model.provider.id))];
  const operations = [...new Set(all.flatMap(({ row }) => Object.keys(row.operations)))];
  const near = nearestNames(text ?? provider ?? '', all, ids);
  const asked = [
    text !== undefined && `fits ${JSON.stringify(text)}`,
    provider !== undefined && `is of ${JSON.stringify(provider)}`,
    operation !== undefined && `can ${JSON.stringify(operation)}`,
    configured !== undefined && `is ${configured ? '' : 'not '}configured`,
  ].filter(Boolean);
  const there = `There are the providers ${ids.join(', ')} and the operations ${operations.join(', ')}.`;
  return new ImageError('not-found', `no model ${asked.join(' and ')}`, {
    details: { nearest: near },
    hint: didYouMean(near) || there,
  });
}

/** The nearest full names; `word` may be the name of a model without its provider. */
function nearestNames(word: string, all: readonly ModelFacts[], providers: readonly string[]): string[] {
  const near = nearest(word, [...all.flatMap(({ name, id }) => [name, id]), ...providers]);
  return [...new Set(near.map((one) => all.find(({ id }) => id === one)?.name ?? one))];
}
