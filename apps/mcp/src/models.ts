// list_models: from the tables alone, no code of a provider runs.

import {
  describeSizes,
  ImageError,
  isConfigured,
  type Json,
  type LazyProvider,
  type Limits,
  limitsOf,
  type ModelCapabilities,
  modelStatus,
  nearest,
  optionsJSONSchema,
  type Price,
  type ProviderDefinition,
} from '@anyimage/core';
import { type Environment, findKey, findModel } from '@anyimage/host';
import type { Document, ToolContext, ToolResult } from './operation.ts';

interface Model {
  /** `provider/model`. */
  readonly name: string;
  readonly id: string;
  readonly definition: ProviderDefinition;
  readonly row: ModelCapabilities;
  readonly configured: boolean;
  /** Whose prices hold: that of the key, else the first. */
  readonly region: string;
}

interface Filter {
  readonly text?: string;
  readonly provider?: string;
  readonly operation?: string;
  readonly configured?: boolean;
}

/** More would fill the context of an agent. */
const mostShown = 40;

/** Throws `not-found`, with the nearest names, if no model fits. */
export async function showModels(given: Document, { services }: ToolContext): Promise<ToolResult> {
  const { providers, shownEnv, config, model } = services.settings;
  const usualName = [model].flat()[0]!;
  const usualNames = [config.aliases?.[usualName] ?? usualName].flat();
  const filter = given as Filter;
  const all = allModels(providers, shownEnv);
  const usual = findModel(providers, usualNames[0]!)?.row;
  const exact = filter.text?.includes('/') ? findModel(providers, filter.text.trim())?.row : undefined;
  const fitting = all.filter((model) => fits(model, filter, exact));
  if (fitting.length === 0) throw noneFits(filter, all);
  const shown = fitting.slice(0, mostShown);
  const isDetailed = exact !== undefined && shown.length === 1;
  const lines = shown.map((model) => `${modelText(model)}${model.row === usual ? ' (the default)' : ''}`);
  if (isDetailed) lines.push(...detailLines(shown[0]!));
  if (fitting.length > shown.length)
    lines.push(`and ${fitting.length - shown.length} more: filter by text, provider …`);
  return {
    content: [{ type: 'text', text: lines.join('\n') }],
    structuredContent: {
      models: shown.map((model) => ({
        ...modelDocument(model),
        default: model.row === usual,
        ...(isDetailed && { capabilities: capabilitiesDocument(model.row) }),
      })),
    },
  };
}

/** Those that can be used now come first. */
function allModels(known: readonly LazyProvider[], env: Environment): Model[] {
  const all = known.flatMap(({ definition, access = {} }) =>
    Object.entries(definition.models).map(([id, row]) => ({
      name: `${definition.id}/${id}`,
      id,
      definition,
      row,
      configured: isConfigured(definition, access, env),
      region: findKey(definition, env)?.region ?? Object.keys(definition.regions)[0] ?? '',
    })),
  );
  return all.sort((a, b) => Number(b.configured) - Number(a.configured));
}

function fits(model: Model, { text, provider, operation, configured }: Filter, exact?: ModelCapabilities): boolean {
  const { name, row, definition } = model;
  const names = [name, row.label, definition.label, ...(row.aliases ?? [])].map((one) => one.toLowerCase());
  return (
    (exact ? row === exact : text === undefined || names.some((one) => one.includes(text.trim().toLowerCase()))) &&
    (provider === undefined || definition.id === provider) &&
    (operation === undefined || operation in row.operations) &&
    (configured === undefined || configured === model.configured)
  );
}

function noneFits({ text, provider, operation, configured }: Filter, all: readonly Model[]): ImageError {
  const ids = [...new Set(all.map(({ definition }) => definition.id))];
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

/** Full names, also of models that were named without their provider. */
function nearestNames(word: string, all: readonly Model[], providerIds: readonly string[]): string[] {
  const near = nearest(word, [...all.flatMap(({ name, id }) => [name, id]), ...providerIds]);
  return [...new Set(near.map((one) => all.find(({ id }) => id === one)?.name ?? one))];
}

function statusOf({ row }: Model) {
  return modelStatus(row, new Date().toISOString().slice(0, 10) as `${number}-${number}-${number}`);
}

/** `cogview/cogview-4: CogView-4; generate; 0.06 CNY; 5–10 s; no key: set ZHIPU_API_KEY` */
function modelText(model: Model): string {
  const { name, row, definition, configured, region } = model;
  const operations = Object.keys(row.operations);
  const limits = limitsOf(row, operations[0] ?? 'generate') ?? row;
  const status = statusOf(model);
  const key = definition.keys.length === 0 ? 'needs no key' : 'key is set';
  const parts = [
    row.label,
    status === 'stable' ? '' : status,
    operations.join(', '),
    priceText(limits.prices, region),
    limits.latencyMs && `${limits.latencyMs.map((ms) => ms / 1000).join('–')} s`,
    configured
      ? key
      : `no key: anyimage keys set ${definition.id}, or ${definition.keys[0]?.env} as env of this server`,
  ];
  return `${name}: ${parts.filter(Boolean).join('; ')}`;
}

/** In one region, per picture unless it says otherwise; `~` where sources disagree. */
function priceText(prices: readonly Price[] | undefined, region: string): string {
  const here = (prices ?? []).filter(({ when }) => when?.region === undefined || when.region === region);
  const texts = here.map(({ amount, currency, per, unsure }) => {
    const unit = per === 'image' ? '' : ` per ${per}`;
    return `${amount === 0 ? 'free' : `${amount} ${currency}${unit}`}${unsure ? ' ~' : ''}`;
  });
  return [...new Set(texts)].join(' or ') || 'price unknown';
}

function modelDocument(model: Model): Document {
  const { name, row, definition, configured, region } = model;
  return JSON.parse(
    JSON.stringify({
      model: name,
      label: row.label,
      status: statusOf(model),
      configured,
      keys: configured ? undefined : definition.keys.map(({ env }) => env),
      operations: Object.keys(row.operations),
      prices: row.prices?.filter(({ when }) => when?.region === undefined || when.region === region),
      latencyMs: row.latencyMs,
    }),
  );
}

function detailLines({ row }: Model): string[] {
  return Object.keys(row.operations).flatMap((operation) => {
    const limits = limitsOf(row, operation)!;
    const words = [
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
    return `${operation} takes ${words.filter(Boolean).join('; ')}`;
  });
}

/** Per operation: what the table says, less what only the provider reads; options as JSON Schema. */
function capabilitiesDocument(row: ModelCapabilities): Json {
  const entries = Object.keys(row.operations).map((operation) => {
    const { options, wire: _, ...limits } = limitsOf(row, operation) as Limits;
    const providerOptions = options && optionsJSONSchema(options, { open: row.open === true });
    return [operation, { ...limits, providerOptions }];
  });
  return JSON.parse(JSON.stringify(Object.fromEntries(entries)));
}
