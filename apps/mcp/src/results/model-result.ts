// What list_models answers with: a line for each model, and all about a model that was asked for by its full name.

import {
  describeSizes,
  type Json,
  limitsOf,
  type ModelCapabilities,
  omit,
  optionsJSONSchema,
  type ProviderDefinition,
  quoted,
} from '@anyimage/core';
import { durationRange, type ModelFacts, priceRange } from '@anyimage/host';
import type { Document, ToolResult } from './tool-result.ts';

export interface FoundModels {
  readonly models: readonly ModelFacts[];
  /** Servers whose models are in no table and were never asked for: any may be named. */
  readonly unlisted: readonly ProviderDefinition[];
  /** The row of the model that draws when none is named. */
  readonly usual: ModelCapabilities | undefined;
  /** Whether one model was asked for, by its full name. */
  readonly isExact: boolean;
}

/** More would fill the context of an agent. */
const mostShown = 40;

export function modelsResult({ models, unlisted, usual, isExact }: FoundModels): ToolResult {
  const shown = models.slice(0, mostShown);
  const detailed = isExact && shown.length === 1 ? shown[0] : undefined;
  const hidden = models.length - shown.length;
  const lines = [
    ...shown.map((model) => `${modelText(model)}${model.row === usual ? ' (the default)' : ''}`),
    ...(detailed ? detailLines(detailed) : []),
    ...unlisted.map(({ id, label }) => `${id}: ${label}; which models it has is in no table: ${id}/MODEL is any`),
    ...(hidden > 0 ? [`and ${hidden} more: filter by text, provider …`] : []),
  ];
  const documents = shown.map((model) => ({
    ...modelDocument(model),
    default: model.row === usual,
    ...(detailed && { capabilities: capabilitiesDocument(model.row) }),
  }));
  return { content: [{ type: 'text', text: lines.join('\n') }], structuredContent: { models: documents } };
}

/** `cogview/cogview-4: CogView-4; generate; 0.06 CNY; 5–10 s; no key: set ZHIPU_API_KEY` */
function modelText(model: ModelFacts): string {
  const { name, row, provider, status, origin, checked, configured, region } = model;
  const operations = Object.keys(row.operations);
  const limits = limitsOf(row, operations[0] ?? 'generate') ?? row;
  const key = provider.keys.length === 0 ? 'needs no key' : 'key is set';
  const parts = [
    origin === 'listed' || origin === 'catalogue' ? quoted(row.label) : row.label,
    status === 'stable' ? '' : status,
    origin === 'listed' && `in no table, listed by the service on ${checked}`,
    origin === 'catalogue' && `by the service's catalogue of ${checked}`,
    origin === 'updated' && `by a newer package, checked ${checked}`,
    origin === 'own' && "a row of the person's own",
    operations.join(', '),
    priceRange(limits.prices, region) ?? 'price unknown',
    limits.latencyMs && durationRange(limits.latencyMs),
    configured ? key : `no key: anyimage keys set ${provider.id}, or ${provider.keys[0]?.env} as env of this server`,
  ];
  return `${name}: ${parts.filter(Boolean).join('; ')}`;
}

function modelDocument(model: ModelFacts): Document {
  const { name, row, provider, status, origin, checked, configured, region } = model;
  return JSON.parse(
    JSON.stringify({
      model: name,
      label: row.label,
      status,
      origin,
      checked,
      configured,
      keys: configured ? undefined : provider.keys.map(({ env }) => env),
      operations: Object.keys(row.operations),
      prices: row.prices?.filter(({ when }) => when?.region === undefined || when.region === region),
      latencyMs: row.latencyMs,
    }),
  );
}

function detailLines({ row }: ModelFacts): string[] {
  return Object.keys(row.operations).flatMap((operation) => {
    const limits = limitsOf(row, operation)!;
    const parts = [
      limits.size ? `size: ${describeSizes(limits.size)}` : 'no size',
      ...(['quality', 'style', 'background', 'outputFormat'] as const).map((word) => {
        const choice = limits[word];
        return choice && `${word}: ${choice.values.join(', ')}`;
      }),
      limits.images && `images: ${limits.images.count.join(' to ')}`,
      limits.mask && 'mask',
      limits.strength && 'strength',
      limits.factor && `factor: ${limits.factor.join(', ')}`,
      limits.seed && 'seed',
      limits.negativePrompt && 'negativePrompt',
      limits.options && `providerOptions: ${Object.keys(limits.options).join(', ')}`,
    ];
    return `${operation} takes ${parts.filter(Boolean).join('; ')}`;
  });
}

/** What the table says of each operation, without what only the provider reads. Options are JSON Schema. */
function capabilitiesDocument(row: ModelCapabilities): Json {
  const entries = Object.keys(row.operations).map((operation) => {
    const { options, ...limits } = omit(limitsOf(row, operation)!, 'wire');
    const providerOptions = options && optionsJSONSchema(options, { open: row.open === true });
    return [operation, { ...limits, providerOptions }];
  });
  return JSON.parse(JSON.stringify(Object.fromEntries(entries)));
}
